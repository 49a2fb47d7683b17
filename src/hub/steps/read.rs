//! Read: one pass over a file on a thread of its own. Each row is compared with what the stream told before; a changed one is
//! mapped, linked and handed to the writer in batches, so that memory does not grow with the file (D3, D4).

mod household_row;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use linkage::{Arrival, Linker, best};
use mapping::{Mapping, Plan};
use schema::link::Outcome;
use schema::raw::ReadFault;
use schema::{ChildId, Laestab, Place, Placement, Problem, ProblemCode, RawRow, Record, RecordId, Rows, StreamId};
use store::{Batch, Fate, NewChild, NewHeldRow, NewRecord, NewReview};

use super::corrections::Corrections;
use crate::HubError;
use crate::known::{Entry, Known};
use crate::ledger_keeping::{FateLog, ProblemLog};

/// Records per batch: large enough for one cached statement, small enough to keep both threads busy.
const BATCH: usize = 500;

const UNUSED: &str = "the mapping uses no column of that name: add it to the mapping, or to its list of columns to ignore";

/// Gives the linkage index, loading it if this is its first use.
pub(crate) type LoadLinker = Box<dyn FnOnce() -> Result<Linker, HubError> + Send>;

/// Takes batches; `false` = the writer is gone, reading stops.
pub(crate) type Sink = Box<dyn FnMut(Batch) -> bool + Send>;

/// What the reading of one file needs.
pub(crate) struct Reading {
    pub(crate) rows: Box<dyn Rows + Send>,
    /// A row that was read already, to find the date of the file.
    pub(crate) first: Option<RawRow>,
    pub(crate) mapping: Arc<Mapping>,
    pub(crate) school: Option<Laestab>,
    pub(crate) source: String,
    pub(crate) source_no: u32,
    pub(crate) stream: StreamId,
    pub(crate) known: Known,
    /// Changes of address of the stream of which no child is named: the digest by key.
    pub(crate) households: HashMap<String, [u8; 16]>,
    pub(crate) corrections: Corrections,
    /// The stream has told of a later day: what is known stays, this file only adds.
    pub(crate) late: bool,
    /// The file is not complete: rows seen again are noted one by one.
    pub(crate) partial: bool,
    pub(crate) next_record: i64,
    pub(crate) next_child: i64,
    pub(crate) load_linker: LoadLinker,
    pub(crate) sink: Sink,
}

/// What is left after the last row.
pub(crate) struct Read {
    pub(crate) linker: Option<Linker>,
    pub(crate) known: Known,
    pub(crate) fates: FateLog,
    pub(crate) problems: ProblemLog,
    /// Children whose records changed.
    pub(crate) affected: Vec<ChildId>,
    /// Those of them that were known before, whose best values must be worked out again.
    pub(crate) changed: Vec<ChildId>,
    /// Schools that a list of several schools names.
    pub(crate) listed: BTreeSet<Laestab>,
    /// Why the file could not be read to its end.
    pub(crate) fault: Option<ReadFault>,
}

struct Reader {
    plan: Plan,
    mapping: Arc<Mapping>,
    school: Option<Laestab>,
    source: String,
    source_no: u32,
    stream: StreamId,
    corrections: Corrections,
    late: bool,
    partial: bool,
    next_record: i64,
    next_child: i64,
    load_linker: Option<LoadLinker>,
    linker: Option<Linker>,
    sink: Sink,
    batch: Batch,
    known: Known,
    households: HashMap<String, [u8; 16]>,
    fates: FateLog,
    problems: ProblemLog,
    affected: Vec<ChildId>,
    changed: Vec<ChildId>,
    listed: BTreeSet<Laestab>,
    /// The writer is gone: it has its own error to tell.
    stopped: bool,
    /// Rows of one record, reused; only the first `used` count.
    group: Vec<RawRow>,
    used: usize,
}

impl Reading {
    /// Reads the file to its end or to where it breaks off.
    ///
    /// # Errors
    /// The linkage index could not be loaded.
    pub(crate) fn run(self) -> Result<Read, HubError> {
        let mut rows = self.rows;
        let mut reader = Reader {
            plan: self.mapping.plan(rows.columns(), self.school),
            mapping: self.mapping,
            school: self.school,
            source: self.source,
            source_no: self.source_no,
            stream: self.stream,
            corrections: self.corrections,
            late: self.late,
            partial: self.partial,
            next_record: self.next_record,
            next_child: self.next_child,
            load_linker: Some(self.load_linker),
            linker: None,
            sink: self.sink,
            batch: Batch::default(),
            known: self.known,
            households: self.households,
            fates: FateLog::default(),
            problems: ProblemLog::default(),
            affected: Vec::new(),
            changed: Vec::new(),
            listed: BTreeSet::new(),
            stopped: false,
            group: Vec::new(),
            used: 0,
        };
        let fault = reader.read_all(rows.as_mut(), self.first)?;
        for heading in reader.plan.unused() {
            reader.problems.note(&Problem { column: heading, ..Problem::of_row(ProblemCode::UnknownColumn, UNUSED) }, &Place::default());
        }
        reader.affected.sort_unstable();
        reader.affected.dedup();
        let Reader { linker, known, fates, problems, affected, changed, listed, .. } = reader;
        Ok(Read { linker, known, fates, problems, affected, changed, listed, fault })
    }
}

impl Reader {
    fn read_all(&mut self, rows: &mut dyn Rows, first: Option<RawRow>) -> Result<Option<ReadFault>, HubError> {
        let mut row = RawRow::default();
        let mut pending = first;
        let mut fault = None;
        while !self.stopped {
            match pending.take() {
                Some(first) => row = first,
                None => match rows.next_row(&mut row) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(stopped) => {
                        fault = Some(stopped);
                        break;
                    }
                },
            }
            if rows.columns().len() > self.plan.columns() {
                self.close_group(rows)?;
                self.plan = self.mapping.plan(rows.columns(), self.school);
            }
            self.corrections.apply(&self.plan, rows.columns(), &mut row);
            if !self.continues_group(&row) {
                self.close_group(rows)?;
            }
            self.add_to_group(&mut row);
            if self.batch.records.len() + self.batch.household.len() >= BATCH || self.batch.seen.len() >= 4 * BATCH {
                self.flush();
            }
        }
        self.close_group(rows)?;
        self.fates.settle();
        self.flush();
        Ok(fault)
    }

    /// Rows that stand together and have one key are one record (a SIMS report repeats a pupil for each contact).
    fn continues_group(&self, row: &RawRow) -> bool {
        self.used > 0
            && !self.mapping.household
            && self.plan.key(row).is_some_and(|key| self.plan.key(&self.group[0]).is_some_and(|held| held == key))
    }

    fn add_to_group(&mut self, row: &mut RawRow) {
        if self.group.len() == self.used {
            self.group.push(RawRow::default());
        }
        std::mem::swap(&mut self.group[self.used], row);
        self.used += 1;
    }

    fn close_group(&mut self, rows: &dyn Rows) -> Result<(), HubError> {
        if self.used == 0 {
            return Ok(());
        }
        let group = std::mem::take(&mut self.group);
        let used = std::mem::take(&mut self.used);
        let fate = if self.mapping.household { self.household_row(&group[..used]) } else { self.record(&group[..used], rows) };
        self.group = group;
        let fate = fate?;
        for i in 0..used {
            self.fates.note(self.group[i].place.row, fate);
        }
        Ok(())
    }

    /// One record: compared, and if it is new or changed, mapped and linked.
    fn record(&mut self, group: &[RawRow], rows: &dyn Rows) -> Result<Fate, HubError> {
        let digest = self.digest(group);
        let key = self.plan.key(&group[0]).map(|key| key.into_owned());
        if let Some(key) = &key
            && self.is_unchanged(key, digest)
        {
            return Ok(Fate::Unchanged);
        }
        let record = self.map(group);
        if let Some(reason) = self.plan.unidentified(&record) {
            return Ok(self.hold(group, rows, key, digest, record, reason));
        }
        let key = key.or_else(|| identity_key(&record)).unwrap_or_else(|| hex(digest));
        if self.is_unchanged(&key, digest) {
            return Ok(Fate::Unchanged);
        }
        self.accept(group[0].place.row, &key, digest, record)?;
        Ok(Fate::Accepted)
    }

    /// Order of the rows inside a record does not matter.
    fn digest(&self, group: &[RawRow]) -> [u8; 16] {
        match group {
            [row] => self.plan.digest(row),
            rows => rows.iter().fold(0u128, |sum, row| sum.wrapping_add(u128::from_le_bytes(self.plan.digest(row)))).to_le_bytes(),
        }
    }

    fn is_unchanged(&mut self, key: &str, digest: [u8; 16]) -> bool {
        let Some(entry) = self.known.get(key) else { return false };
        if entry.digest != digest {
            return false;
        }
        if entry.gone && !self.late {
            entry.gone = false;
            self.batch.returned.push(entry.record);
            self.affected.push(entry.child);
            self.changed.push(entry.child);
        } else if self.partial && !entry.seen && !self.late {
            self.batch.seen.push(entry.record);
        }
        entry.seen = true;
        true
    }

    fn map(&mut self, group: &[RawRow]) -> Record {
        let mut record = Record::default();
        for row in group {
            let before = record.problems.len();
            self.plan.map(row, &mut record);
            for problem in &row.problems {
                // The mapping may have found the same of the same value (too long, after it was cut).
                if !record.problems[before..].iter().any(|p| (p.code, &p.column) == (problem.code, &problem.column)) {
                    record.problems.push(problem.clone());
                }
            }
            for problem in &mut record.problems[before..] {
                if problem.column.is_empty() && !problem.field.is_empty() {
                    problem.column = heading_of(&self.plan, &problem.field);
                }
                self.problems.note(problem, &row.place);
            }
        }
        record
    }

    /// It cannot be said who, or which school: the row waits for a person, or was refused by one before.
    fn hold(
        &mut self,
        group: &[RawRow],
        rows: &dyn Rows,
        key: Option<String>,
        digest: [u8; 16],
        mut record: Record,
        reason: Problem,
    ) -> Fate {
        let digest = hex(digest);
        let key = key.unwrap_or_else(|| digest.clone());
        let rejected = self.corrections.is_rejected(&key, &digest);
        let cause = record.problems.iter().find(|p| !p.column.is_empty());
        let (code, column) = (reason.code, cause.map(|p| p.column.clone()).unwrap_or_default());
        let reason = Problem { column: column.clone(), ..reason };
        let place = &group[0].place;
        self.problems.note(&reason, place);
        record.problems.push(reason);
        let raw: serde_json::Map<String, serde_json::Value> =
            group[0].values().map(|(column, value)| (rows.columns().name(column).to_owned(), value.into())).collect();
        self.batch.held_rows.push(NewHeldRow {
            source: self.source.clone(),
            key,
            row: place.row,
            line: place.line,
            sheet: place.sheet.clone(),
            code,
            column,
            raw: serde_json::Value::Object(raw).to_string(),
            problems: serde_json::to_string(&record.problems).unwrap_or_default(),
            rejected,
        });
        if rejected { Fate::Rejected } else { Fate::Quarantined }
    }

    /// Stores a record. Whether it made a new child, of whom nobody knew.
    fn accept(&mut self, row: u64, key: &str, digest: [u8; 16], record: Record) -> Result<bool, HubError> {
        let id = RecordId(self.next_record);
        self.next_record += 1;
        let before = self.known.get(key).copied();
        if self.school.is_none() && self.mapping.roll {
            self.listed.extend(record.enrolments.iter().filter_map(|e| e.school));
        }
        if let (Some(before), Some(first)) = (before, self.batch.records.first())
            && before.record >= first.id
        {
            // The file has this key twice, and the first is not written yet: it must be there before it can be replaced.
            self.flush();
        }
        if let (Some(before), true) = (before, self.late) {
            self.push_record(id, before.child, row, key, digest, &record, None, None, true);
            return Ok(false);
        }
        let (child, placement) = self.link(id, key, &record)?;
        self.push_record(id, child, row, key, digest, &record, Some(&placement), before.map(|b| b.record), false);
        self.known.set(key, Entry { digest, record: id, child, gone: false, seen: true });
        self.affected.push(child);
        if matches!(placement.outcome, Outcome::Join(_)) {
            self.changed.push(child);
        }
        if let Some(before) = before.filter(|b| b.child != child) {
            self.affected.push(before.child);
            self.changed.push(before.child);
        }
        Ok(matches!(placement.outcome, Outcome::New))
    }

    /// Joins the record to a child, or makes a new one.
    fn link(&mut self, id: RecordId, key: &str, record: &Record) -> Result<(ChildId, Placement), HubError> {
        let arrival = Arrival { source: self.source_no, stream: self.stream.0 as u32, key, record };
        let mut child = ChildId(self.next_child);
        let placement = self.loaded()?.place_and_learn(&arrival, |placement| {
            if let Outcome::Join(known) = placement.outcome {
                child = known;
            }
            child
        });
        if !matches!(placement.outcome, Outcome::Join(_)) {
            self.next_child += 1;
            self.batch.children.push(new_child(child, id, record));
        }
        if let Outcome::Review(candidate) = placement.outcome {
            self.affected.push(candidate);
            self.batch.reviews.push(NewReview {
                record: id,
                provisional: child,
                candidate,
                rule: placement.rule,
                agreed: placement.agreed.clone(),
                differed: placement.differed.clone(),
            });
        }
        Ok((child, placement))
    }

    #[allow(clippy::too_many_arguments)] // one row of the table `record`, in its order
    fn push_record(
        &mut self,
        id: RecordId,
        child: ChildId,
        row: u64,
        key: &str,
        digest: [u8; 16],
        record: &Record,
        placement: Option<&Placement>,
        replaces: Option<RecordId>,
        superseded: bool,
    ) {
        self.batch.records.push(NewRecord {
            id,
            child,
            stream: self.stream,
            key: key.to_owned(),
            digest,
            row,
            body: serde_json::to_string(record).unwrap_or_default(),
            rule: placement.map_or("late", |p| p.rule),
            link: placement.map_or_else(String::new, link_json),
            replaces,
            superseded,
        });
    }

    fn flush(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        self.stopped = !(self.sink)(batch);
    }
}

/// The first summary of a new child, from its only record.
pub(crate) fn new_child(id: ChildId, record_id: RecordId, record: &Record) -> NewChild {
    let told = best::Told { record_id, told: chrono::NaiveDate::MIN, trust: 0, record };
    summary_row(id, best::summary(&[told]))
}

/// A summary as the row of the table `child`.
pub(crate) fn summary_row(id: ChildId, summary: best::Summary) -> NewChild {
    NewChild { id, display: summary.display, folded: summary.folded, dob: summary.dob, upn: summary.upn, restricted: summary.restricted }
}

/// The key of a record whose source gives no id: who it is, as far as the row says.
fn identity_key(record: &Record) -> Option<String> {
    let mut key = schema::name::fold(&record.name.forename);
    key.push('|');
    schema::name::fold_into(&record.name.surname, &mut key);
    key.push('|');
    key.push_str(&record.dob?.to_string());
    if let Some(upn) = record.upn {
        key.push('|');
        key.push_str(upn.as_str());
    }
    Some(key)
}

/// The heading of the column that a field came from; of a field with several parts the first.
fn heading_of(plan: &Plan, field: &str) -> String {
    let is_of = |path: &str| path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    plan.provenance().into_iter().find(|(path, _)| is_of(path)).map(|(_, heading)| heading).unwrap_or_default()
}

fn link_json(placement: &Placement) -> String {
    if placement.agreed.is_empty() && placement.differed.is_empty() && placement.rivals.is_empty() {
        return String::new();
    }
    serde_json::json!({"agreed": placement.agreed, "differed": placement.differed, "rivals": placement.rivals}).to_string()
}

fn hex(digest: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(digest))
}
