//! What a run did.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schema::ChildId;
use serde::Serialize;

/// What a run did, and what it left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Messages sent in this run, by kind of channel.
    pub sent: BTreeMap<String, u64>,
    /// Files that were found collected.
    pub received: u64,
    /// Messages that have not been sent by now, whatever the reason.
    pub undelivered: u64,
    /// The same by state: waiting, held, leased, unknown, dead.
    pub states: BTreeMap<String, u64>,
    /// Children of whom somebody was told in this run, each once, in order.
    pub told: Vec<ChildId>,
    /// Channels on which tries failed in this run.
    pub failing: Vec<Failing>,
    /// Other things that somebody who looks after the hub should know, in words without personal data.
    pub faults: Vec<String>,
    /// When the next message is due that can be sent then.
    pub next_due: Option<DateTime<Utc>>,
}

/// A channel on which tries failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failing {
    /// `email`, or `folder:8524001`.
    pub route: String,
    /// How many tries failed in this run.
    pub tries: u64,
    /// Why the last one did.
    pub last: String,
}

impl Report {
    pub(crate) fn sent_one(&mut self, kind: &str) {
        *self.sent.entry(kind.to_owned()).or_default() += 1;
    }

    pub(crate) fn failed_one(&mut self, route: &str, reason: &str) {
        match self.failing.iter_mut().find(|f| f.route == route) {
            Some(failing) => {
                failing.tries += 1;
                reason.clone_into(&mut failing.last);
            }
            None => self.failing.push(Failing { route: route.to_owned(), tries: 1, last: reason.to_owned() }),
        }
    }
}
