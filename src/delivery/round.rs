//! One batch: claim, send, settle. And the end of a run.

use chrono::TimeDelta;
use store::{ChannelState, End, Settlement};
use tokio::time::Instant;

use crate::breaker::route;
use crate::plan::{Tried, plan};
use crate::report::Report;
use crate::sending::{Answered, Ask};
use crate::watch::Point;
use crate::{DeliveryError, Run};

/// What is remembered of a message from planning until its end is written.
struct Planned {
    message: schema::MessageId,
    kind: &'static str,
    is_sent: bool,
}

impl Run<'_> {
    /// Messages that a run which stopped left leased: what became of them is asked, never guessed.
    pub(crate) async fn recover(&mut self) -> Result<(), DeliveryError> {
        loop {
            let leased = Instant::now();
            let batch = self.of.store.stale(&self.of.claim(&[], &[])).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let answers = self.of.answers(batch, Ask::Recover, leased).await;
            self.settle(answers, Ask::Recover).await?;
        }
    }

    /// Claims what is due, sends it, and writes how it ended. `false`: there was nothing.
    pub(crate) async fn round(&mut self) -> Result<bool, DeliveryError> {
        self.pass_over().await?;
        let now = self.of.clock.now();
        let shut = self.breakers.shut(now);
        let few = self.few(now, &shut);
        let leased = Instant::now();
        let batch = self.of.store.claim(&self.of.claim(&shut, &few)).await?;
        if batch.is_empty() {
            return Ok(false);
        }
        self.of.watch.reached(Point::Claimed);
        let answers = self.of.answers(batch, Ask::Send, leased).await;
        self.of.watch.reached(Point::BeforeSettle);
        self.settle(answers, Ask::Send).await?;
        self.of.watch.reached(Point::Settled);
        Ok(true)
    }

    /// One message on a way that is tried again; and no more mails than are sent at the same time: a mail server does not
    /// say later which of them had reached it when a run stopped.
    fn few(&self, now: chrono::DateTime<chrono::Utc>, shut: &[String]) -> Vec<(String, u32)> {
        let mut few: Vec<(String, u32)> = self.breakers.single(now).into_iter().map(|route| (route, 1)).collect();
        let mail = "email";
        if !shut.iter().chain(few.iter().map(|(route, _)| route)).any(|route| route == mail) {
            few.push((mail.to_owned(), self.of.settings.mails_at_once));
        }
        few
    }

    /// Messages that have another channel do not wait for one that has failed for long.
    async fn pass_over(&mut self) -> Result<(), DeliveryError> {
        for route in self.breakers.passed_over(self.rule) {
            let moved = self.of.store.pass_over(&route, self.of.clock.now()).await?;
            if moved > 0 {
                self.report.faults.push(format!("{route} has failed for long: messages that went on to their next channel: {moved}"));
            }
        }
        Ok(())
    }

    async fn settle(&mut self, answers: Vec<Answered>, ask: Ask) -> Result<(), DeliveryError> {
        let (mut ends, mut planned) = (Vec::with_capacity(answers.len()), Vec::with_capacity(answers.len()));
        for answered in &answers {
            let (settlement, kind) = self.end_of(answered, ask);
            planned.push(Planned { message: settlement.message, kind, is_sent: matches!(settlement.end, End::Sent { .. }) });
            ends.push(settlement);
        }
        let settled = self.of.store.settle(&self.of.by, ends).await?;
        for message in planned {
            if settled.lost.contains(&message.message) {
                let fault = format!("{}: another run took it over before its end could be written", message.message);
                self.report.faults.push(fault);
            } else if message.is_sent {
                self.report.sent_one(message.kind);
            }
        }
        self.told.extend(settled.told);
        for (route, b) in self.breakers.take_changed() {
            self.of.store.set_channel_state(&ChannelState { route, failures: b.failures, open_until: b.open_until }).await?;
        }
        Ok(())
    }

    fn end_of(&mut self, answered: &Answered, ask: Ask) -> (Settlement, &'static str) {
        let claimed = &answered.claimed;
        let tried = Tried {
            message: claimed.message,
            sealed: &claimed.sealed,
            channel: claimed.channel,
            tries: claimed.tried_on_channel,
            interrupted: ask == Ask::Recover,
        };
        let (end, detail) = match &answered.outcome {
            Some(outcome) => {
                self.note(&tried, outcome, ask);
                plan(outcome, &tried, self.patience, &self.jitter, answered.at)
            }
            None => (End::Retry { due: answered.at }, "not begun: its lease could have ended before the send".to_owned()),
        };
        (Settlement { message: claimed.message, attempt: claimed.attempt, end, detail, at: answered.at }, tried.kind())
    }

    /// What an outcome says of its channel. What a channel says of the message alone (refused) says nothing of the channel.
    fn note(&mut self, tried: &Tried<'_>, outcome: &connect::channel::Outcome, ask: Ask) {
        use connect::channel::Outcome;
        let route = route(tried.kind(), tried.sealed.recipient());
        match outcome {
            Outcome::Sent { .. } => self.breakers.worked(&route),
            Outcome::Retry { reason } | Outcome::Unknown { reason } => {
                // A run that stopped says nothing of the channel either.
                if ask == Ask::Send {
                    self.breakers.failed(&route, self.of.clock.now(), self.rule);
                }
                self.report.failed_one(&route, reason);
            }
            Outcome::Refused { reason } => self.report.failed_one(&route, reason),
        }
    }

    /// What is left, and when to come again.
    pub(crate) async fn end(mut self) -> Result<Report, DeliveryError> {
        for pending in self.of.store.pending().await? {
            self.report.undelivered += 1;
            *self.report.states.entry(pending.state.as_str().to_owned()).or_default() += 1;
        }
        self.report.told = self.told.into_iter().collect();
        let now = self.of.clock.now();
        self.report.next_due = match self.of.store.next_due().await? {
            // Due, and not claimed: its channel rests, or another run sends what goes before it.
            Some(due) if due <= now => {
                let soon = now + TimeDelta::seconds(self.of.settings.breaker_seconds.into());
                Some(self.breakers.next_try(now).map_or(soon, |next| next.min(soon)))
            }
            due => due,
        };
        Ok(self.report)
    }
}
