//! `[email]` of `onroll.toml`: the server that takes our mail.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use serde::Deserialize;

use super::post::LEAVE;
use crate::channel::folder;

/// `[email]`. The password itself is never among them: at most one of the `password_` keys says where it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The server, by the name that stands in its certificate.
    pub host: String,
    /// Its port: usually 587 for STARTTLS, 465 for TLS from the first byte.
    pub port: u16,
    /// How the encryption begins.
    #[serde(default)]
    pub tls: MailTls,
    /// The sender: "cme@council.example" or "CME team <cme@council.example>".
    pub from: String,
    /// The login, where the server wants one.
    #[serde(default)]
    pub user: Option<String>,
    /// The environment variable that holds the password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// The file that holds the password, relative to the home.
    #[serde(default)]
    pub password_file: Option<String>,
    /// The command that prints the password, run in the home.
    #[serde(default)]
    pub password_command: Option<String>,
    /// How long one mail may take, in seconds, from the first byte to the last: 1 to 600.
    #[serde(default = "half_a_minute")]
    pub timeout_seconds: u64,
    /// Certificate authorities (PEM), relative to the home: these alone are trusted. Without it, those of the machine.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The name by which we greet the server (EHLO); without it, the domain of `from`.
    #[serde(default)]
    pub hello: Option<String>,
}

fn half_a_minute() -> u64 {
    30
}

/// How the encryption begins. There is no third way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// In clear, then STARTTLS before anything else is said (RFC 3207).
    #[default]
    Starttls,
    /// From the first byte (RFC 8314).
    Implicit,
}

/// A setting that cannot work. Each names its key.
#[derive(Debug, thiserror::Error)]
pub enum MailFault {
    /// No host name and no IP address.
    #[error("host: this is no name of a server; write one like smtp.council.example")]
    Host,
    /// No address.
    #[error("from: this is no email address; write one like cme@council.example")]
    From,
    /// No name to greet with.
    #[error("hello: this is no host name; write one like onroll.council.example")]
    Hello,
    /// Too short or too long.
    #[error("timeout_seconds: must be 1 to 600")]
    Timeout,
    /// More than one place for the password.
    #[error("password_env, password_file, password_command: keep one of them")]
    TwoPasswords,
    /// A login without a password, or a password without a login.
    #[error("user and a password belong together: set user and one of password_env, password_file, password_command, or none of them")]
    HalfALogin,
    /// The file of authorities cannot be used.
    #[error("ca_file: {} {what}", .path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        what: String,
    },
    /// The machine trusts nobody.
    #[error("this machine has no certificate authorities: install its package of them (ca-certificates), or set ca_file")]
    NoAuthorities,
    /// The TLS library does not start.
    #[error("TLS cannot be set up on this machine: {0}")]
    Tls(String),
}

impl MailSettings {
    /// The time limit of one mail.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// The longest that one try takes in all: a notice puts a file first, and after a mail leave is taken. The lease of a
    /// message must be longer.
    pub fn longest(&self) -> Duration {
        self.timeout() + folder::LONGEST + LEAVE
    }

    pub(super) fn sender(&self) -> Result<Mailbox, MailFault> {
        let from: Mailbox = self.from.parse().map_err(|_| MailFault::From)?;
        if from.email.to_string().is_ascii() { Ok(from) } else { Err(MailFault::From) }
    }

    /// What can be said about the settings without looking at the machine.
    pub(super) fn check(&self, has_password: bool) -> Result<(), MailFault> {
        if !(1..=600).contains(&self.timeout_seconds) {
            return Err(MailFault::Timeout);
        }
        if [&self.password_env, &self.password_file, &self.password_command].into_iter().flatten().count() > 1 {
            return Err(MailFault::TwoPasswords);
        }
        if self.user.is_some() != has_password {
            return Err(MailFault::HalfALogin);
        }
        let is_host = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        if self.hello.as_deref().is_some_and(|name| !is_host(name)) {
            return Err(MailFault::Hello);
        }
        Ok(())
    }
}
