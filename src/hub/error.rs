//! What can go wrong in a step or an act. A row's fault and an unreadable file are no errors: they are reported and kept.

use store::StoreError;

/// A step or act that could not be carried out; nothing of it is half done.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// Something must be given or said otherwise (exit code 2).
    #[error("{what}\n  {hint}")]
    Usage {
        /// What is missing or wrong.
        what: String,
        /// What to give.
        hint: String,
    },
    /// The person's role does not allow it (exit code 2).
    #[error("{name} ({role}) may not {act}\n  ask somebody with one of the roles that may: {roles}")]
    NotAllowed {
        /// Who.
        name: String,
        /// The role.
        role: &'static str,
        /// What was asked.
        act: &'static str,
        /// Who may.
        roles: &'static str,
    },
    /// A file could not be opened or read by this machine.
    #[error("cannot read {path}: {source}\n  {hint}")]
    File {
        /// The file.
        path: String,
        /// What the machine said.
        source: std::io::Error,
        /// What to do.
        hint: &'static str,
    },
    /// The machine could not read a file that may be good: a disk, a permission, a process that did not start. It stays where it is.
    #[error("{file} could not be read, and the fault is not the file's; nothing of it was stored\n  {fault}")]
    Machine {
        /// The file.
        file: String,
        /// What happened and what to do.
        fault: schema::raw::ReadFault,
    },
    /// The file changed between two looks at it; it stays where it is.
    #[error(
        "{path} changed while it was read; nothing of it was stored\n  wait until it is written completely; a drop folder takes it by itself at the next run"
    )]
    StillWritten {
        /// The file.
        path: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The reading thread ended without an answer.
    #[error("the reading of {file} ended without an answer; nothing of it was stored\n  run it again, and report it if it happens twice")]
    Reader {
        /// The file.
        file: String,
    },
    /// A stored change of address that cannot be read back.
    #[error("change of address {change} cannot be read back from the store\n  restore the last backup, or replay the landed files")]
    BadChange {
        /// The change.
        change: schema::ChangeId,
    },
    /// A stored record that cannot be read back.
    #[error("record {record} cannot be read back from the store\n  restore the last backup, or replay the landed files")]
    BadRecord {
        /// The record.
        record: schema::RecordId,
    },
}

impl HubError {
    /// A [`HubError::Usage`].
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> HubError {
        HubError::Usage { what: what.into(), hint: hint.into() }
    }
}
