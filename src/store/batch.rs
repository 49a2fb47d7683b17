//! What one step of an import stores: children, records, links and rows that wait.

use chrono::NaiveDate;
use schema::{ChildId, ProblemCode, RecordId, StreamId, Upn};

/// A new record. Ids are given by the caller, running on from [`crate::Ingest::next_record`].
#[derive(Clone)]
pub struct NewRecord {
    /// Its id.
    pub id: RecordId,
    /// The child it belongs to; a new child stands in the same or an earlier batch.
    pub child: ChildId,
    /// Its stream.
    pub stream: StreamId,
    /// Its key in the stream.
    pub key: String,
    /// Digest of the row's used values.
    pub digest: [u8; 16],
    /// Number of the (first) row.
    pub row: u64,
    /// JSON of the [`schema::Record`].
    pub body: String,
    /// The linkage rule that fired.
    pub rule: &'static str,
    /// JSON `{"agreed":[],"differed":[],"rivals":[]}`, names of fields and ids only; empty = nothing to say.
    pub link: String,
    /// The record that it replaces.
    pub replaces: Option<RecordId>,
    /// Told by an older file than what is held: stored, not current.
    pub superseded: bool,
}

/// A new child, or the new summary of a known one.
#[derive(Clone)]
pub struct NewChild {
    /// Its id.
    pub id: ChildId,
    /// Name as people read it.
    pub display: String,
    /// All names folded, separated by `|`.
    pub folded: String,
    /// Best birth date.
    pub dob: Option<NaiveDate>,
    /// Best UPN.
    pub upn: Option<Upn>,
    /// Whether sharing is restricted.
    pub restricted: bool,
}

/// A link that waits for a person.
#[derive(Debug, Clone)]
pub struct NewReview {
    /// The record.
    pub record: RecordId,
    /// The child it makes for now.
    pub provisional: ChildId,
    /// The child it may be.
    pub candidate: ChildId,
    /// The linkage rule that fired.
    pub rule: &'static str,
    /// Fields that agree.
    pub agreed: Vec<&'static str>,
    /// Fields that differ.
    pub differed: Vec<&'static str>,
}

/// A row that waits for a person.
#[derive(Clone)]
pub struct NewHeldRow {
    /// The source's id.
    pub source: String,
    /// The record's key, or the row's digest in hexadecimal where it has none.
    pub key: String,
    /// Number of the row.
    pub row: u64,
    /// Line or sheet row where a person finds it; 0 = none.
    pub line: u64,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Why it waits.
    pub code: ProblemCode,
    /// Heading at fault; empty for the whole row.
    pub column: String,
    /// JSON object: heading → value.
    pub raw: String,
    /// JSON list of the row's problems.
    pub problems: String,
    /// A standing rejection was applied again: it does not wait.
    pub rejected: bool,
}

schema::redacted!(NewRecord, NewChild, NewHeldRow);

/// What one step of an import stores.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    /// New children.
    pub children: Vec<NewChild>,
    /// New records.
    pub records: Vec<NewRecord>,
    /// Links that wait for a person.
    pub reviews: Vec<NewReview>,
    /// Rows that wait for a person.
    pub held_rows: Vec<NewHeldRow>,
    /// Records that were gone and are told again unchanged.
    pub returned: Vec<RecordId>,
    /// Unchanged rows of a partial file: told again on the payload's day.
    pub seen: Vec<RecordId>,
}
