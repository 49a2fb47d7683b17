//! A row that speaks of a household: the child it names goes the ordinary way, a change of which no child is named is kept.

use linkage::Linker;
use schema::{RawRow, Record};
use store::{Fate, NewHouseholdChange};

use super::{Reader, hex, identity_key};
use crate::HubError;
use crate::steps::movers::{cause, mover};

/// Behind the key of a child, it is the key of the question who that child is: it stands beside the child's own.
const WHO_IS_IT: &str = "|?";

impl Reader {
    /// One row, never joined with the next: each person of a change is a record of its own.
    pub(super) fn household_row(&mut self, row: &[RawRow]) -> Result<Fate, HubError> {
        let digest = self.digest(row);
        // A change that names nobody has its reference as its key.
        let key = self.plan.key(&row[0]).map(|key| key.trim_end_matches('|').to_owned()).filter(|key| !key.is_empty());
        if let Some(key) = &key
            && self.is_known_mover(key, digest, row[0].place.row)
        {
            return Ok(Fate::Unchanged);
        }
        let record = self.map(row);
        let key = key.or_else(|| identity_key(&record)).unwrap_or_else(|| hex(digest));
        if self.is_known_mover(&key, digest, row[0].place.row) {
            return Ok(Fate::Unchanged);
        }
        let mover = mover(&record);
        if let Some(child) = mover.child {
            self.named_child(row[0].place.row, &key, digest, child, &record)?;
        }
        if let Some(cause) = mover.waits {
            self.wait(row[0].place.row, &key, digest, cause, &record);
        }
        Ok(Fate::Accepted)
    }

    /// Whether this row came before: as a child's, or as a change that waits or waited.
    fn is_known_mover(&mut self, key: &str, digest: [u8; 16], row: u64) -> bool {
        if self.households.get(key) == Some(&digest) {
            // It may be a child's as well: then the child's record was told again.
            self.is_unchanged(key, digest);
            return true;
        }
        let known = self.is_unchanged(key, digest);
        if known {
            self.named_by_now(key, digest, row);
        }
        known
    }

    fn named_child(&mut self, row: u64, key: &str, digest: [u8; 16], child: Record, record: &Record) -> Result<(), HubError> {
        let is_new = self.accept(row, key, digest, child)?;
        self.named_by_now(key, digest, row);
        if let Some((without_dob, _)) = key.rsplit_once('|') {
            self.named_by_now(without_dob, digest, row);
        }
        if is_new {
            let body = Record { source_id: record.source_id.clone(), ..Record::default() };
            self.wait(row, &format!("{key}{WHO_IS_IT}"), digest, cause::UNKNOWN_CHILD, &body);
        }
        Ok(())
    }

    /// An earlier change of that key waits for what is told now: it is overtaken by one that is settled.
    fn named_by_now(&mut self, key: &str, digest: [u8; 16], row: u64) {
        if self.households.get(key).is_some_and(|held| *held != digest) {
            self.wait(row, key, digest, cause::NAMED, &Record::default());
        }
    }

    fn wait(&mut self, row: u64, key: &str, digest: [u8; 16], cause: &'static str, record: &Record) {
        // An older file does not overtake what a later one said.
        if self.late && self.households.contains_key(key) {
            return;
        }
        self.households.insert(key.to_owned(), digest);
        self.batch.household.push(NewHouseholdChange {
            key: key.to_owned(),
            reference: record.source_id.clone().unwrap_or_default(),
            digest,
            row,
            body: serde_json::to_string(record).unwrap_or_default(),
            cause,
        });
    }

    /// The linkage index, loaded when it is first needed.
    pub(super) fn loaded(&mut self) -> Result<&mut Linker, HubError> {
        match &mut self.linker {
            Some(linker) => Ok(linker),
            empty => match self.load_linker.take() {
                Some(load) => Ok(empty.insert(load()?)),
                None => Ok(empty.insert(Linker::new())),
            },
        }
    }
}
