//! Channels: the ways out. Each takes a sealed message and says what became of it; none decides what happens next.
//!
//! In: a [`Letter`], which holds a [`Sealed`] message and the terms of one channel of the agreement. Out: an [`Outcome`],
//! in our own words, without personal data and without a word of the other side's but its status codes.
//!
//! A channel keeps nothing about messages and never tries twice by itself.

pub mod folder;
pub mod mail;

use std::future::Future;
use std::pin::Pin;

use schema::MessageId;
use sharing::{ChannelTerms, Sealed};

pub use folder::FolderChannel;
pub use mail::{MailChannel, MailFault, MailSettings, MailTls};

/// One message on its way through one channel.
#[derive(Debug)]
pub struct Letter<'a> {
    /// The message: its number stands in the subject of a mail and in the temporary name of a file.
    pub message: MessageId,
    /// What is sent.
    pub sealed: &'a Sealed,
    /// The name of the file: `852LLLL_8524001_addr0001.csv`.
    pub file_name: &'a str,
    /// The channel, as the agreement has it.
    pub terms: &'a ChannelTerms,
    /// The Message-ID of a mail (RFC 5322 section 3.6.4), with or without angle brackets: the same at every try, so that
    /// the other side can tell a repeat.
    pub message_id: String,
}

/// What became of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Handed over.
    Sent {
        /// How: a path, a status code.
        detail: String,
    },
    /// Not handed over; the same may work later.
    Retry {
        /// Why, and what to do.
        reason: String,
    },
    /// This channel will not take it until a person has changed something: the next channel.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
    /// It may have arrived.
    Unknown {
        /// What is known.
        reason: String,
    },
}

impl Outcome {
    fn sent(detail: impl Into<String>) -> Outcome {
        Outcome::Sent { detail: detail.into() }
    }

    fn retry(reason: impl Into<String>) -> Outcome {
        Outcome::Retry { reason: reason.into() }
    }

    fn refused(reason: impl Into<String>) -> Outcome {
        Outcome::Refused { reason: reason.into() }
    }

    fn unknown(reason: impl Into<String>) -> Outcome {
        Outcome::Unknown { reason: reason.into() }
    }
}

/// A try that is under way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A way out. A dropped [`Sending`] leaves the outcome unknown; every one ends by itself in bounded time.
pub trait Channel: Send + Sync {
    /// "folder" or "email", as [`ChannelTerms::kind`].
    fn kind(&self) -> &'static str;

    /// Tries once.
    fn send<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a>;

    /// What became of a try whose end is not known, because the program stopped in the middle. Sends nothing.
    fn recover<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a>;

    /// Whether a file that was put into a folder has been taken from there; `None` where there is no folder, or it cannot
    /// be looked at now.
    fn is_collected(&self, letter: &Letter<'_>) -> Option<bool>;
}
