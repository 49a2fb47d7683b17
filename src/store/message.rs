//! The outbox: one message to one recipient about one child, from when it is wanted until it is known to have arrived.
//!
//! A message is put ([`put`]), claimed for sending with a lease ([`claim`]), and settled ([`settle`]); people act on it
//! ([`act`]). In a lane (recipient and child) one goes after the other. What must hold at the same time is written in one
//! transaction: the lease, the attempt, the number of the file and the entry of the disclosure log.

mod act;
mod channel;
mod claim;
mod put;
mod queue;
mod reading;
mod settle;
mod watch;

use chrono::{DateTime, Utc};
use schema::{ChildId, FindingId, HoldReason, MessageId, MessageState, NewTask};
use sharing::{ChannelTerms, Sealed};

pub use channel::ChannelState;
pub use claim::{Claim, Claimed};
pub use settle::{End, Settled, Settlement};
pub use watch::Uncollected;

/// A message that is wanted: the hub works all of them out each time, the store keeps what is there already.
#[derive(Clone)]
pub struct NewMessage {
    /// The message; `None` = no agreement in force allows it, and it is held without content.
    pub sealed: Option<Sealed>,
    /// Who is to be told.
    pub recipient: String,
    /// For which purpose.
    pub purpose: String,
    /// About which child.
    pub child: ChildId,
    /// The finding that is its cause.
    pub finding: Option<FindingId>,
    /// JSON of the [`schema::Address`] that is told.
    pub address: String,
    /// [`MessageState::Held`], or anything else for: to be sent.
    pub state: MessageState,
    /// Why it is held; [`HoldReason::Release`] where it is held and none is given.
    pub hold: Option<HoldReason>,
    /// Why it is held, in words without personal data.
    pub reason: Option<String>,
    /// What a person is asked where it is held.
    pub task: Option<NewTask>,
}

/// What putting messages came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct PutReport {
    /// Messages that are new.
    pub new: u64,
    /// Pending ones that another took the place of.
    pub overtaken: u64,
    /// Those that now wait for a person and did not before.
    pub held: u64,
    /// Pending ones that were taken back: nobody needs them any more.
    pub withdrawn: u64,
}

/// A message that is neither done nor taken back.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its id.
    pub id: MessageId,
    /// Who is to be told.
    pub recipient: String,
    /// For which purpose.
    pub purpose: String,
    /// About which child, as it is now after merges.
    pub child: ChildId,
    /// Its state.
    pub state: MessageState,
    /// JSON of the address that is told.
    pub address: String,
}

/// One message as it is stored.
#[derive(Clone)]
pub struct StoredMessage {
    /// Its id.
    pub id: MessageId,
    /// Who is to be told.
    pub recipient: String,
    /// For which purpose.
    pub purpose: String,
    /// About which child, as it is now after merges.
    pub child: ChildId,
    /// Its state.
    pub state: MessageState,
    /// Why it is held.
    pub hold: Option<HoldReason>,
    /// What it says; `None` = not sealed yet, or what is stored is not what was sealed.
    pub sealed: Option<Sealed>,
}

schema::redacted!(NewMessage, Pending, StoredMessage);

/// The way of a message on one channel: `email`, which is one server for all, or `folder:8524001`.
fn route(terms: &ChannelTerms, recipient: &str) -> String {
    match terms {
        ChannelTerms::Folder { .. } => format!("folder:{recipient}"),
        ChannelTerms::Email { .. } => terms.kind().to_owned(),
    }
}

fn routes(sealed: &Sealed) -> Vec<String> {
    sealed.channels().iter().map(|terms| route(terms, sealed.recipient())).collect()
}

/// A time that a message waits for, as it stands in a column.
fn opt_time(at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(crate::text::time)
}
