//! What becomes of a message after a try. Pure: nothing is sent and nothing is stored here.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use connect::channel::Outcome;
use schema::{ChildId, HoldReason, MessageId, NewTask, Role, TaskKind, calendar};
use sharing::{ChannelTerms, OnUnknown, Purpose, Sealed};
use store::End;

use crate::backoff::{Backoff, Jitter};

/// A try, and what is known of the message.
#[derive(Debug, Clone, Copy)]
pub struct Tried<'a> {
    /// The message.
    pub message: MessageId,
    /// What it says, to whom, under which terms.
    pub sealed: &'a Sealed,
    /// The channel that was tried: its place among [`Sealed::channels`].
    pub channel: usize,
    /// How often this channel was tried, with this time: 1 for the first.
    pub tries: u32,
    /// It was found after a run that stopped: no reason to wait, nor to give up the channel.
    pub interrupted: bool,
}

impl<'a> Tried<'a> {
    /// The terms of the channel that was tried, if the message still has such a channel.
    pub fn terms(&self) -> Option<&'a ChannelTerms> {
        self.sealed.channels().get(self.channel)
    }

    /// "folder", "email"; `none` for a channel that the message does not have.
    pub fn kind(&self) -> &'static str {
        self.terms().map_or("none", ChannelTerms::kind)
    }

    fn has_another(&self) -> bool {
        self.channel + 1 < self.sealed.channels().len()
    }
}

/// A program that is stopped says nothing against a channel: only a message during which it stops so often is taken for
/// the cause.
const INTERRUPTIONS: u32 = 100;

/// How often and how soon.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Tries on one channel.
    pub attempts_per_channel: u32,
    /// Waits between them.
    pub backoff: Backoff,
}

/// What becomes of the message, and why in words without personal data.
pub fn plan(outcome: &Outcome, tried: &Tried<'_>, patience: Patience, jitter: &Jitter, now: DateTime<Utc>) -> (End, String) {
    let most = if tried.interrupted { INTERRUPTIONS.max(patience.attempts_per_channel) } else { patience.attempts_per_channel };
    let used_up = tried.tries >= most;
    let again = if tried.interrupted { now } else { later(now, patience.backoff.wait(tried.tries, jitter)) };
    match outcome {
        Outcome::Sent { detail } => (End::Sent { collect_by: collect_by(tried.terms(), now) }, detail.clone()),
        Outcome::Retry { reason } if !used_up => (End::Retry { due: again }, reason.clone()),
        Outcome::Retry { reason } | Outcome::Refused { reason } => (next_or_dead(tried, reason, now), reason.clone()),
        Outcome::Unknown { reason } => (unknown(tried, used_up, again, now), reason.clone()),
    }
}

/// It may have arrived. Sent again only where the agreement says so, and there not for ever.
fn unknown(tried: &Tried<'_>, used_up: bool, again: DateTime<Utc>, now: DateTime<Utc>) -> End {
    match tried.sealed.on_unknown() {
        OnUnknown::Resend if !used_up => End::Unknown { resend_due: Some(again), task: None },
        OnUnknown::Resend if tried.has_another() => End::NextChannel { due: now },
        OnUnknown::Resend | OnUnknown::Hold => End::Hold(HoldReason::OutcomeUnknown, unknown_task(tried, now)),
    }
}

fn next_or_dead(tried: &Tried<'_>, reason: &str, now: DateTime<Utc>) -> End {
    if tried.has_another() { End::NextChannel { due: now } } else { End::Dead(undelivered_task(tried, reason, now)) }
}

/// By when the file must have been collected.
fn collect_by(terms: Option<&ChannelTerms>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    terms.and_then(ChannelTerms::collect_within_hours).map(|hours| later(now, TimeDelta::hours(hours.into())))
}

fn later(now: DateTime<Utc>, wait: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// What the message is, in words.
fn subject(purpose: Purpose, child: ChildId) -> String {
    match purpose {
        Purpose::AddressChange => format!("address change of child {child}"),
    }
}

/// Each kind of channel that the agreement names, once, in its order.
fn kinds(sealed: &Sealed) -> String {
    let mut kinds: Vec<&str> = sealed.channels().iter().map(ChannelTerms::kind).collect();
    kinds.dedup();
    kinds.join(", ")
}

fn undelivered_task(tried: &Tried<'_>, reason: &str, now: DateTime<Utc>) -> NewTask {
    let (sealed, message) = (tried.sealed, tried.message);
    let words = format!(
        "The {} could not be delivered to {} by {}: {}. Tell the school by telephone, or mend the channel and run: onroll outbox retry {message}",
        subject(sealed.purpose(), sealed.child()),
        sealed.recipient(),
        kinds(sealed),
        reason.trim_end_matches('.'),
    );
    task(TaskKind::Undelivered, "undelivered", message, sealed, words, now)
}

fn unknown_task(tried: &Tried<'_>, now: DateTime<Utc>) -> NewTask {
    let (sealed, message) = (tried.sealed, tried.message);
    let words = format!(
        "The {} was sent to {} by {}, and it is not known whether it arrived. Ask the school. If it does not have it, send it again: onroll \
         release {message} --reason TEXT. If it has it, close this task: the message is taken back when the school's own list shows the address",
        subject(sealed.purpose(), sealed.child()),
        sealed.recipient(),
        tried.kind(),
    );
    task(TaskKind::OutcomeUnknown, "outcome-unknown", message, sealed, words, now)
}

/// The task about a file that nobody collected.
pub(crate) fn not_collected_task(message: MessageId, sealed: &Sealed, channel: usize, file: &str, now: DateTime<Utc>) -> NewTask {
    let terms = sealed.channels().get(channel);
    let folder = terms.and_then(|t| t.folder(sealed.recipient())).unwrap_or_default();
    let hours = terms.and_then(ChannelTerms::collect_within_hours).unwrap_or_default();
    let words = format!(
        "{} has not collected {file} from the folder {folder} within {hours} hours. It is about the {}. Ask the school to collect it, or tell \
         it by telephone",
        sealed.recipient(),
        subject(sealed.purpose(), sealed.child()),
    );
    task(TaskKind::NotCollected, "not-collected", message, sealed, words, now)
}

fn task(kind: TaskKind, key: &str, message: MessageId, sealed: &Sealed, words: String, now: DateTime<Utc>) -> NewTask {
    NewTask {
        kind,
        key: format!("{key}/{message}"),
        child: Some(sealed.child()),
        recipient: Some(sealed.recipient().to_owned()),
        owner: Role::Officer,
        due: next_weekday(calendar::london_date(now)),
        words,
    }
}

/// The next day from Monday to Friday: bank holidays stand in the council's calendar, which is not known here.
fn next_weekday(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike;
    let tomorrow = day.succ_opt().unwrap_or(day);
    let over_weekend = 7_u32.saturating_sub(tomorrow.weekday().num_days_from_monday());
    if over_weekend <= 2 { tomorrow.checked_add_days(chrono::Days::new(over_weekend.into())).unwrap_or(tomorrow) } else { tomorrow }
}

#[cfg(test)]
mod tests;
