//! **sharing**: who may be told what, and the proof of who was told.
//!
//! In: the texts of `agreements/`, and a child's best values as one record. Out: [`Agreements`]; a [`Sealed`] message that
//! holds the agreed fields and nothing else, or a [`Refusal`]; the entries and signed heads of the disclosure log, and the
//! [`Verifier`] that finds what was done to it.
//!
//! Nothing but [`seal()`] makes a message out of a record, and nothing but a [`Sealed`] can be sent.
//!
//! This room does not know the store, files, channels, rules or the time of day.

pub mod agreement;
pub mod chain;
pub mod export;
pub mod field;
pub mod head;
pub mod seal;

mod csv_body;
#[cfg(test)]
mod example;
mod hex;
mod pem;
mod verify;

pub use agreement::{Agreement, Agreements, ChannelTerms, ContactPoint, Direction, MailContent, OnUnknown, Purpose, Release, Terms};
pub use chain::{Entry, EntryBody, FIRST_PREVIOUS};
pub use field::{Condition, Field, Subject};
pub use head::{AuditKey, Head, KeyFault, parse_heads, verify_head};
pub use seal::{Refusal, SealBroken, Sealed, seal};
pub use verify::{ChainFault, Verified, Verifier};
