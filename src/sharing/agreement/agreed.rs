//! What an agreement holds once it was read and found good.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schema::ConfigFault;
use serde::{Deserialize, Serialize};

use super::words::{Direction, MailContent, OnUnknown, Purpose, Release};
use crate::field::Field;

/// An agreement with one recipient.
#[derive(Debug, Clone, Serialize)]
pub struct Agreement {
    /// The school's number (LAESTAB), seven digits.
    pub recipient: String,
    /// Its name.
    pub name: String,
    /// The version that both sides signed.
    pub version: String,
    /// Whether both sides agreed to it; examples are not in force.
    pub in_force: bool,
    /// First day on which it holds.
    pub from: NaiveDate,
    /// Last day on which it holds.
    pub until: NaiveDate,
    /// Day by which it is looked at again.
    pub review: NaiveDate,
    /// Whom to ask at the recipient.
    pub contacts: Vec<ContactPoint>,
    /// How it is sent, in order: if one does not work, the next. Never empty.
    pub channels: Vec<ChannelTerms>,
    /// What may be told for which purpose.
    pub purposes: BTreeMap<Purpose, Terms>,
    /// The file it was read from, as faults name it.
    #[serde(skip)]
    pub file: String,
    /// Line and column of the recipient's number, and of the last day.
    #[serde(skip)]
    pub(super) recipient_at: (usize, usize),
    #[serde(skip)]
    pub(super) until_at: (usize, usize),
}

impl Agreement {
    /// "8524001 2026-1": recipient and version, as each disclosure names it.
    pub fn reference(&self) -> String {
        format!("{} {}", self.recipient, self.version)
    }

    /// Whether it is in force on that day.
    pub fn in_force_on(&self, today: NaiveDate) -> bool {
        self.in_force && self.from <= today && today <= self.until
    }

    pub(super) fn fault_at_recipient(&self, what: String, hint: &str) -> ConfigFault {
        self.fault_at(self.recipient_at, what, hint)
    }

    pub(super) fn expired_fault(&self) -> ConfigFault {
        let what = format!("the agreement with {} ended on {}", self.recipient, self.until);
        self.fault_at(self.until_at, what, "agree on a new version and write its dates here; until then messages to this recipient wait")
    }

    fn fault_at(&self, (line, column): (usize, usize), what: String, hint: &str) -> ConfigFault {
        ConfigFault { file: self.file.clone(), line, column, what, hint: hint.to_owned() }
    }
}

/// Somebody at the recipient who can be asked.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ContactPoint {
    /// Name or function.
    pub name: String,
    /// Email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

schema::redacted!(ContactPoint);

/// One way to reach the recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum ChannelTerms {
    /// A folder from which the recipient collects.
    Folder {
        /// The folder, relative to the home or absolute; `None` = `out/<recipient>`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        /// A file that still lies there after so many hours is a task for a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        collect_within_hours: Option<u32>,
    },
    /// Secure email.
    Email {
        /// The address.
        to: String,
        /// Whether the mail carries the file.
        content: MailContent,
        /// The folder in which the file waits; always there for a notice, never for an attachment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        /// As for a folder; for a notice only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        collect_within_hours: Option<u32>,
    },
}

impl ChannelTerms {
    /// "folder" or "email".
    pub fn kind(&self) -> &'static str {
        match self {
            ChannelTerms::Folder { .. } => "folder",
            ChannelTerms::Email { .. } => "email",
        }
    }

    /// The folder into which this channel puts the file, relative to the home or absolute; `None` where it uses none.
    pub fn folder(&self, recipient: &str) -> Option<String> {
        match self {
            ChannelTerms::Folder { path, .. } => Some(path.clone().unwrap_or_else(|| format!("out/{recipient}"))),
            ChannelTerms::Email { path, .. } => path.clone(),
        }
    }

    /// The channel in words: "folder out/8524001, collected within 72 hours".
    pub fn words(&self, recipient: &str) -> String {
        let mut words = match self {
            ChannelTerms::Folder { .. } => "folder".to_owned(),
            ChannelTerms::Email { to, content: MailContent::Attachment, .. } => format!("email to {to}, the file attached"),
            ChannelTerms::Email { to, content: MailContent::Notice, .. } => format!("notice by email to {to}, the file in folder"),
        };
        if let Some(folder) = self.folder(recipient) {
            words.push_str(&format!(" {folder}"));
        }
        if let Some(hours) = self.collect_within_hours() {
            words.push_str(&format!(", collected within {hours} hours"));
        }
        words
    }

    /// In how many hours a file is to be collected; `None` = nobody looks.
    pub fn collect_within_hours(&self) -> Option<u32> {
        match self {
            ChannelTerms::Folder { collect_within_hours, .. } | ChannelTerms::Email { collect_within_hours, .. } => *collect_within_hours,
        }
    }
}

/// What one purpose allows.
#[derive(Debug, Clone, Serialize)]
pub struct Terms {
    /// The legal basis, in words.
    pub basis: String,
    /// The fields that may be told, in the order of the file that is sent. Never empty.
    pub fields: Vec<Field>,
    /// Who tells whom.
    pub direction: Direction,
    /// Who lets a message go.
    pub release: Release,
    /// What becomes of a message of which it is not known whether it arrived.
    pub on_unknown: OnUnknown,
    /// The condition for special-category fields: UK GDPR Art 9(2), Data Protection Act 2018 s10 and Sch 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_9: Option<String>,
    /// The condition for fields on offences: UK GDPR Art 10, Data Protection Act 2018 s10(5) and Sch 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_10: Option<String>,
}
