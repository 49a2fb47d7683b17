//! What one step of an import stores: children, records, links, rows that wait, and changes of address of nobody named.

use chrono::NaiveDate;
use schema::{ChildId, PayloadId, ProblemCode, RecordId, StreamId, Upn};

use crate::dialect::{Bound, Many, Statements, no_lead};
use crate::household::NewHouseholdChange;
use crate::text::{count, opt_day};
use crate::{Result, StoreError};

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
    /// Changes of address of which no child is named.
    pub household: Vec<NewHouseholdChange>,
}

/// A batch whose records and children are bound to their statements.
pub struct BoundBatch {
    pub(crate) children: Statements,
    pub(crate) records: Statements,
    pub(crate) bodies: Statements,
    pub(crate) superseded: Statements,
    pub(crate) last_child: i64,
    pub(crate) last_record: i64,
    /// What is few and bound when it is written; its children and records are empty.
    pub(crate) rest: Batch,
}

static CHILD: Many = Many::new("insert into child (id, display, folded, dob, upn, restricted) values ", "(?,?,?,?,?,?)", "");
static RECORD: Many = Many::new(
    "insert into record (id, child, stream, payload, row_no, state, key, digest, rule, link, replaces) values ",
    "(?,?,?,?,?,?,?,?,?,?,?)",
    "",
);
static BODY: Many = Many::new("insert into record_body (id, body) values ", "(?,?)", "");
static SUPERSEDE: Many = Many::new("update record set state = 2 where id in (", "?", ")");

impl Batch {
    /// Binds the batch of a payload. Needs no database, so that it can be done while another batch is written.
    ///
    /// # Errors
    /// A value that cannot be bound.
    pub fn bind(mut self, payload: PayloadId) -> Result<BoundBatch> {
        let doing = StoreError::sql("storing records");
        let (children, records) = (std::mem::take(&mut self.children), std::mem::take(&mut self.records));
        let last_child = children.iter().map(|c| c.id.0).max().unwrap_or_default();
        let last_record = records.iter().map(|r| r.id.0).max().unwrap_or_default();
        let mut bodies = Vec::with_capacity(records.len());
        let mut replaced = Vec::new();
        let bound = (|| {
            let children = CHILD.bind(no_lead, children.into_iter(), bind_child)?;
            let records = RECORD.bind(no_lead, records.into_iter(), |b, r| {
                bodies.push((r.id.0, r.body));
                replaced.extend(r.replaces);
                b.add(r.id.0).add(r.child.0).add(r.stream.0).add(payload.0).add(count(r.row));
                b.add(if r.superseded { 2_i64 } else { 0 }).add(r.key).add(r.digest.to_vec());
                b.add(r.rule).add(r.link).add(r.replaces.map(|old| old.0));
            })?;
            let bodies = BODY.bind(no_lead, bodies.into_iter(), |b, (id, body)| _ = b.add(id).add(body))?;
            let superseded = SUPERSEDE.bind(no_lead, replaced.iter(), |b, old| _ = b.add(old.0))?;
            Ok((children, records, bodies, superseded))
        })();
        let (children, records, bodies, superseded) = bound.map_err(doing)?;
        Ok(BoundBatch { children, records, bodies, superseded, last_child, last_record, rest: self })
    }
}

pub(crate) fn bind_child(b: &mut Bound, c: NewChild) {
    b.add(c.id.0).add(c.display).add(c.folded).add(opt_day(c.dob));
    b.add(c.upn.map(|u| u.as_str().to_owned())).add(i64::from(c.restricted));
}
