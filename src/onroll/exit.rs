//! How a command ends: the exit codes of README.

use hub::HubError;
use schema::ConfigFault;
use store::StoreError;

/// A command that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Done: 0.
    Done,
    /// Done, and a check found a difference, or a file failed: 1.
    Difference,
    /// Done with `--strict`, and some records need attention: 3.
    NeedsAttention,
}

impl End {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            End::Done => 0,
            End::Difference => 1,
            End::NeedsAttention => 3,
        }
    }
}

/// A command that could not do its work; nothing is half done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Wrong usage: 2.
    #[error("{what}\n  {hint}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// Faults in the home's files: 2.
    #[error("{}", faults_text(.0))]
    Config(Vec<ConfigFault>),
    /// The hub.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the machine.
    #[error("cannot {what} {path}: {source}\n  {hint}")]
    File {
        /// What was tried: "write".
        what: &'static str,
        /// The file.
        path: String,
        /// What the machine said.
        source: std::io::Error,
        /// What to do.
        hint: &'static str,
    },
    /// Anything else that failed, in its own words.
    #[error("{0}")]
    Failed(String),
}

impl Fault {
    /// A [`Fault::Usage`].
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault::Usage { what: what.into(), hint: hint.into() }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Fault::Usage { .. } | Fault::Config(_) | Fault::Hub(HubError::Usage { .. } | HubError::NotAllowed { .. }) => 2,
            _ => 1,
        }
    }
}

fn faults_text(faults: &[ConfigFault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    format!(
        "{} in the home's files\n{}",
        if faults.len() == 1 { "a fault".to_owned() } else { format!("{} faults", faults.len()) },
        lines.join("\n")
    )
}
