//! The disclosure log: who was told what, written before a message leaves. Each entry is hashed together with the hash
//! of the one before, so that none can be altered, taken out or put in without all that follow being made anew; the
//! signed heads ([`crate::head`]) find that too.

use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};
use schema::{ChildId, FindingId, MessageId};
use serde::Serialize;

use crate::hex::Sha256Hex;

/// What the first entry names as the hash before it.
pub const FIRST_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What one entry says. It names the child and the fields, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryBody {
    /// When the message was taken up for sending; kept to the millisecond.
    pub at: DateTime<Utc>,
    /// Who was told.
    pub recipient: String,
    /// For which purpose.
    pub purpose: String,
    /// On which legal basis.
    pub basis: String,
    /// Under which agreement and version.
    pub agreement: String,
    /// About which child.
    pub child: ChildId,
    /// Which fields.
    pub fields: Vec<String>,
    /// By which message.
    pub message: MessageId,
    /// Which finding was the cause.
    pub finding: Option<FindingId>,
    /// Who released it, where a person did.
    pub released_by: Option<String>,
    /// In which role.
    pub released_role: Option<String>,
    /// SHA-256 of the sealed message ([`crate::Sealed::digest`]).
    pub content: String,
}

/// One entry of the log, in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// What it says.
    pub body: EntryBody,
    /// The hash of the entry before, in hex; [`FIRST_PREVIOUS`] for the first.
    pub previous: String,
    /// Its own hash, in lower-case hex: SHA-256 over `previous`, a line feed, and [`Entry::line`].
    pub hash: String,
}

/// The line: these keys in this order.
#[derive(Serialize)]
struct Line<'a> {
    number: u64,
    previous: &'a str,
    at: String,
    recipient: &'a str,
    purpose: &'a str,
    basis: &'a str,
    agreement: &'a str,
    child: ChildId,
    fields: &'a [String],
    message: MessageId,
    finding: Option<FindingId>,
    released_by: Option<&'a str>,
    released_role: Option<&'a str>,
    content: &'a str,
}

impl Entry {
    /// The entry after the one of that number and hash; after none, the first.
    pub fn next(previous: Option<(u64, &str)>, body: EntryBody) -> Entry {
        let (last, previous) = previous.unwrap_or((0, FIRST_PREVIOUS));
        let at = to_millisecond(body.at);
        let mut entry =
            Entry { number: last.saturating_add(1), body: EntryBody { at, ..body }, previous: previous.to_owned(), hash: String::new() };
        entry.hash = hash_of(&entry.previous, &entry.line()).as_str().to_owned();
        entry
    }

    /// The exact text that is hashed: compact JSON with its keys in a fixed order.
    pub fn line(&self) -> String {
        let EntryBody { at, recipient, purpose, basis, agreement, child, fields, message, finding, released_by, released_role, content } =
            &self.body;
        let line = Line {
            number: self.number,
            previous: &self.previous,
            at: moment(*at),
            recipient,
            purpose,
            basis,
            agreement,
            child: *child,
            fields,
            message: *message,
            finding: *finding,
            released_by: released_by.as_deref(),
            released_role: released_role.as_deref(),
            content,
        };
        // Texts, numbers and lists cannot fail to be written; an empty line would be found by the verifier.
        serde_json::to_string(&line).unwrap_or_default()
    }
}

/// The hash of an entry.
pub(crate) fn hash_of(previous: &str, line: &str) -> Sha256Hex {
    Sha256Hex::of(&[previous.as_bytes(), b"\n", line.as_bytes()])
}

/// A moment as the log writes it: `2026-11-24T08:00:00.000Z`.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A moment without what is smaller than a millisecond.
pub(crate) fn to_millisecond(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::milliseconds(1)).unwrap_or(at)
}

#[cfg(test)]
pub(crate) mod tests;
