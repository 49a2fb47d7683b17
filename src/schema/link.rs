//! Which child a record belongs to: what `linkage` decides, and what `store` keeps of it.

use serde::{Deserialize, Serialize};

use crate::{ChildId, RecordId};

/// What names a record for ever, whatever its id in the store: the source and the record's key there.
/// Decisions of people hang on it, so that they survive replay.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// The source's id.
    pub source: String,
    /// The kind of file in that source (`pupils`, `leavers`).
    pub dataset: String,
    /// The record's key there (usually the source id).
    pub key: String,
}

crate::redacted!(RecordKey);

/// What linkage says of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Joined, new, or new for now and waiting for a person.
    pub outcome: Outcome,
    /// The rule that fired: `same-source-id`, `upn`, `former-upn`, `nhs-number`, `uln`, `name-dob-address`, `decision`, `new`, `upn-conflict`, ...
    pub rule: &'static str,
    /// What agreed and what did not: `["upn", "dob"]`; names of fields, never values.
    pub agreed: Vec<&'static str>,
    /// Fields that both have and that differ.
    pub differed: Vec<&'static str>,
    /// Other children that came close, best first.
    pub rivals: Vec<ChildId>,
}

/// Where a record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is this child.
    Join(ChildId),
    /// It is a child not known so far.
    New,
    /// It may be this child: it makes its own provisional child, and a person decides.
    Review(ChildId),
}

/// A person's word on two records: kept for ever, can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkDecision {
    /// One record.
    pub one: RecordKey,
    /// The other.
    pub other: RecordKey,
    /// `true`: the same child; `false`: different children.
    pub same: bool,
}

/// A stored link, as `child explain` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The record.
    pub record: RecordId,
    /// The child it is joined to.
    pub child: ChildId,
    /// The rule that fired.
    pub rule: String,
    /// Fields that agreed.
    pub agreed: Vec<String>,
    /// Fields that differed.
    pub differed: Vec<String>,
    /// Rivals, best first.
    pub rivals: Vec<ChildId>,
}
