//! Sealing: the one place where a record becomes a message.

mod sealed;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use schema::TaskKind;

use crate::agreement::{Agreements, Direction, Purpose};
use crate::field::Subject;

pub use sealed::{SealBroken, Sealed};

/// Why no message may be made. None is ever dropped in silence: the message is held and a person gets a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no agreement with the recipient.
    #[error("there is no agreement with this recipient")]
    NoAgreement,
    /// It is marked as not in force.
    #[error("the agreement is not in force (in_force = false)")]
    NotInForce,
    /// Its first day has not come.
    #[error("the agreement begins on {0}")]
    NotYet(NaiveDate),
    /// Its last day is over.
    #[error("the agreement ended on {0}")]
    Expired(NaiveDate),
    /// It does not name the purpose.
    #[error("the agreement does not allow this purpose")]
    NoPurpose,
    /// The purpose allows the recipient to tell us, not us to tell the recipient.
    #[error("the agreement does not allow telling the recipient for this purpose (direction is \"in\")")]
    NotOut,
}

impl Refusal {
    /// The kind of task that a person gets.
    pub fn task(&self) -> TaskKind {
        match self {
            Refusal::NoAgreement | Refusal::NoPurpose | Refusal::NotOut => TaskKind::NoAgreement,
            Refusal::NotInForce | Refusal::NotYet(_) | Refusal::Expired(_) => TaskKind::AgreementNotInForce,
        }
    }
}

/// Makes the message to one recipient for one purpose: the agreed fields, in the agreement's order, and nothing else.
/// The same subject under the same agreement gives the same message, byte for byte.
///
/// A restricted child can be sealed too; the message says so ([`Sealed::restricted`]) and must be held until a person
/// releases it.
///
/// # Errors
/// What the agreement does not allow.
pub fn seal(
    agreements: &Agreements,
    recipient: &str,
    purpose: Purpose,
    subject: &Subject<'_>,
    today: NaiveDate,
) -> Result<Sealed, Refusal> {
    let agreement = agreements.get(recipient).ok_or(Refusal::NoAgreement)?;
    if !agreement.in_force {
        return Err(Refusal::NotInForce);
    }
    if today < agreement.from {
        return Err(Refusal::NotYet(agreement.from));
    }
    if agreement.until < today {
        return Err(Refusal::Expired(agreement.until));
    }
    let terms = agreement.purposes.get(&purpose).ok_or(Refusal::NoPurpose)?;
    if terms.direction == Direction::In {
        return Err(Refusal::NotOut);
    }
    Ok(Sealed::of(agreement, purpose, terms, subject))
}
