//! What only a person can do: each task has a cause and a due date, in words that can be acted on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{ChildId, Role};

/// Why there is a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// A change of address of which it cannot be said which child moved.
    WhoMoved,
    /// A message about a restricted child waits for a person's word.
    RestrictedChild,
    /// The agreement says that a person releases each message.
    Release,
    /// There is no agreement with the recipient, or none for the purpose.
    NoAgreement,
    /// The agreement is not in force: expired, not begun, or an example.
    AgreementNotInForce,
    /// No channel took the message.
    Undelivered,
    /// A message may or may not have arrived, and the agreement says that a person decides.
    OutcomeUnknown,
    /// A file was not collected in the time that the agreement states.
    NotCollected,
    /// What is stored of a message is not what was sealed.
    MessageDamaged,
}

impl TaskKind {
    /// All kinds.
    pub const ALL: [TaskKind; 9] = [
        TaskKind::WhoMoved,
        TaskKind::RestrictedChild,
        TaskKind::Release,
        TaskKind::NoAgreement,
        TaskKind::AgreementNotInForce,
        TaskKind::Undelivered,
        TaskKind::OutcomeUnknown,
        TaskKind::NotCollected,
        TaskKind::MessageDamaged,
    ];

    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskKind::WhoMoved => "who-moved",
            TaskKind::RestrictedChild => "restricted-child",
            TaskKind::Release => "release",
            TaskKind::NoAgreement => "no-agreement",
            TaskKind::AgreementNotInForce => "agreement-not-in-force",
            TaskKind::Undelivered => "undelivered",
            TaskKind::OutcomeUnknown => "outcome-unknown",
            TaskKind::NotCollected => "not-collected",
            TaskKind::MessageDamaged => "message-damaged",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<TaskKind> {
        TaskKind::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// A task to be opened. `store` gives it its id and adds message, payload and row where its cause is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// Why.
    pub kind: TaskKind,
    /// Of the open tasks there is one of a key: the same cause twice is one task (`no-agreement/8524001/address-change`).
    pub key: String,
    /// The child, where it is about one.
    pub child: Option<ChildId>,
    /// The recipient, where it is about one.
    pub recipient: Option<String>,
    /// Who does it.
    pub owner: Role,
    /// By when.
    pub due: NaiveDate,
    /// What happened and what to do, in words for the person; no name, birth date or address.
    pub words: String,
}
