//! The sealed message.

use schema::ChildId;
use serde::{Deserialize, Serialize};

use crate::agreement::{Agreement, ChannelTerms, OnUnknown, Purpose, Release, Terms};
use crate::csv_body;
use crate::field::{Field, Subject};
use crate::hex::Sha256Hex;

/// A message that may be sent: who gets it, on which basis, and the agreed fields of one child.
///
/// [`seal`](crate::seal()) makes it, and [`Sealed::reopen`] takes it back from the store. It shows nothing of its content
/// in `Debug`.
///
/// ```
/// use sharing::{Agreements, Purpose, Sealed, Subject, seal};
///
/// fn through_an_agreement(agreements: &Agreements, subject: &Subject<'_>, today: chrono::NaiveDate) -> Option<Sealed> {
///     seal(agreements, "8524001", Purpose::AddressChange, subject, today).ok()
/// }
/// ```
///
/// No other room can make one out of a record, by naming its parts,
///
/// ```compile_fail,E0451
/// use sharing::{Agreements, Purpose, Sealed, Subject, seal};
///
/// fn past_the_agreement(sealed: Sealed) -> Option<Sealed> {
///     let Sealed { parts } = sealed;
///     Some(Sealed { parts })
/// }
/// ```
///
/// by calling what the sealing itself calls,
///
/// ```compile_fail,E0624
/// use sharing::{Agreement, Purpose, Sealed, Subject, Terms};
///
/// fn past_the_agreement(agreement: &Agreement, terms: &Terms, subject: &Subject<'_>) -> Sealed {
///     Sealed::of(agreement, Purpose::AddressChange, terms, subject)
/// }
/// ```
///
/// by changing one that is there,
///
/// ```compile_fail,E0616
/// fn past_the_agreement(mut sealed: sharing::Sealed) -> sharing::Sealed {
///     sealed.parts.restricted = false;
///     sealed
/// }
/// ```
///
/// or out of a text that was not sealed.
///
/// ```compile_fail,E0277
/// fn past_the_agreement(text: &str) -> Option<sharing::Sealed> {
///     serde_json::from_str::<sharing::Sealed>(text).ok()
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    parts: Parts,
}

schema::redacted!(Sealed);

/// What is stored of a message is not what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealBroken {
    /// The text does not have the digest it was stored with.
    #[error("the stored message does not have the digest with which it was sealed")]
    Digest,
    /// The text has the digest, and is no sealed message.
    #[error("the stored text is no sealed message")]
    Form,
}

/// What it consists of, as the store keeps it too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    recipient: String,
    agreement: String,
    purpose: Purpose,
    basis: String,
    child: ChildId,
    restricted: bool,
    release: Release,
    on_unknown: OnUnknown,
    channels: Vec<ChannelTerms>,
    fields: Vec<String>,
    body: String,
}

impl Sealed {
    pub(super) fn of(agreement: &Agreement, purpose: Purpose, terms: &Terms, subject: &Subject<'_>) -> Sealed {
        let values: Vec<String> = terms.fields.iter().map(|field| field.value(subject)).collect();
        let cells = terms.fields.iter().map(|field| field.as_str()).zip(values.iter().map(String::as_str));
        let parts = Parts {
            recipient: agreement.recipient.clone(),
            agreement: agreement.reference(),
            purpose,
            basis: terms.basis.clone(),
            child: subject.child,
            restricted: subject.restricted || subject.best.restriction.is_some(),
            release: terms.release,
            on_unknown: terms.on_unknown,
            channels: agreement.channels.clone(),
            fields: terms.fields.iter().map(|field| field.as_str().to_owned()).collect(),
            body: csv_body::body(cells),
        };
        Sealed { parts }
    }

    /// The school's number.
    pub fn recipient(&self) -> &str {
        &self.parts.recipient
    }

    /// What it is told for.
    pub fn purpose(&self) -> Purpose {
        self.parts.purpose
    }

    /// The legal basis, as the agreement has it.
    pub fn basis(&self) -> &str {
        &self.parts.basis
    }

    /// "8524001 2026-1": recipient and version of the agreement.
    pub fn agreement(&self) -> &str {
        &self.parts.agreement
    }

    /// The child it is about.
    pub fn child(&self) -> ChildId {
        self.parts.child
    }

    /// The names of the fields in it.
    pub fn fields(&self) -> &[String] {
        &self.parts.fields
    }

    /// The file: CSV in UTF-8, a header with the names of the fields and one row, lines end in CR LF.
    pub fn body(&self) -> &[u8] {
        self.parts.body.as_bytes()
    }

    /// Who lets it go.
    pub fn release(&self) -> Release {
        self.parts.release
    }

    /// What becomes of it if it is not known whether it arrived.
    pub fn on_unknown(&self) -> OnUnknown {
        self.parts.on_unknown
    }

    /// Whether the child is restricted: then it goes only when a person said so.
    pub fn restricted(&self) -> bool {
        self.parts.restricted
    }

    /// The ways to send it, in order. Never empty.
    pub fn channels(&self) -> &[ChannelTerms] {
        &self.parts.channels
    }

    /// `852LLLL_8524001_addr0001.csv`: sender, recipient, and the number in the sequence of this recipient and purpose.
    pub fn file_name(&self, sender: &str, sequence: u32) -> String {
        format!("{sender}_{}_{}{sequence:04}.csv", self.parts.recipient, self.sequence_name())
    }

    /// The name of the sequence that its file is numbered in.
    pub fn sequence_name(&self) -> &'static str {
        self.parts.purpose.sequence_name()
    }

    /// SHA-256 of [`Sealed::store_text`], in hex: what the disclosure log names as the content.
    pub fn digest(&self) -> String {
        digest_of(&self.store_text())
    }

    /// The message as JSON, for the store only. It holds personal data.
    pub fn store_text(&self) -> String {
        // Texts, flags and lists cannot fail to be written; an empty text would not open again.
        serde_json::to_string(&self.parts).unwrap_or_default()
    }

    /// Takes a message back from the store.
    ///
    /// # Errors
    /// It is not the text that was sealed under this digest.
    pub fn reopen(text: &str, digest: &str) -> Result<Sealed, SealBroken> {
        if digest_of(text) != digest {
            return Err(SealBroken::Digest);
        }
        let parts: Parts = serde_json::from_str(text).map_err(|_| SealBroken::Form)?;
        let header = csv_body::header(parts.fields.iter().map(String::as_str));
        let known = parts.fields.iter().all(|name| Field::parse(name).is_some());
        let one_row = parts.body.strip_suffix("\r\n").is_some_and(|body| body.matches('\n').count() == 1);
        if !known || parts.channels.is_empty() || !one_row || !parts.body.starts_with(&header) {
            return Err(SealBroken::Form);
        }
        Ok(Sealed { parts })
    }
}

pub(super) fn digest_of(text: &str) -> String {
    Sha256Hex::of(&[text.as_bytes()]).as_str().to_owned()
}
