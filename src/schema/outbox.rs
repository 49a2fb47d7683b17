//! The words of the outbox: in which state a message is, and why one waits for a person.

use serde::{Deserialize, Serialize};

/// The state of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageState {
    /// To be sent when it is due.
    Waiting,
    /// Being sent.
    Leased,
    /// Handed over.
    Sent,
    /// The recipient has it: it said so, or it collected the file.
    Received,
    /// Sent, outcome not known.
    Unknown,
    /// A person decides.
    Held,
    /// No channel took it.
    Dead,
    /// Taken back, or overtaken by a newer one.
    Cancelled,
}

impl MessageState {
    /// All states.
    pub const ALL: [MessageState; 8] = [
        MessageState::Waiting,
        MessageState::Leased,
        MessageState::Sent,
        MessageState::Received,
        MessageState::Unknown,
        MessageState::Held,
        MessageState::Dead,
        MessageState::Cancelled,
    ];

    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            MessageState::Waiting => "waiting",
            MessageState::Leased => "leased",
            MessageState::Sent => "sent",
            MessageState::Received => "received",
            MessageState::Unknown => "unknown",
            MessageState::Held => "held",
            MessageState::Dead => "dead",
            MessageState::Cancelled => "cancelled",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<MessageState> {
        MessageState::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

/// Why a message is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    /// The child is restricted: protected address, adoption, custody.
    Restricted,
    /// The agreement says that an officer or manager releases it.
    Release,
    /// There is no agreement in force that allows it; the message has no content yet.
    NoAgreement,
    /// It may have arrived, and the agreement says that a person decides.
    OutcomeUnknown,
}

impl HoldReason {
    /// All reasons.
    pub const ALL: [HoldReason; 4] = [HoldReason::Restricted, HoldReason::Release, HoldReason::NoAgreement, HoldReason::OutcomeUnknown];

    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            HoldReason::Restricted => "restricted",
            HoldReason::Release => "release",
            HoldReason::NoAgreement => "no-agreement",
            HoldReason::OutcomeUnknown => "outcome-unknown",
        }
    }

    /// The reason of that word.
    pub fn parse(word: &str) -> Option<HoldReason> {
        HoldReason::ALL.into_iter().find(|r| r.as_str() == word)
    }
}
