//! Dry run: the same reading, mapping and linking as an import, with nothing landed and nothing written; what would change is
//! told child by child.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use connect::FileBytes;
use schema::{ChildId, RecordId, Viewer};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{Batch, Counts, NewHouseholdChange};

use super::corrections::Corrections;
use super::household::{MOST_CHILDREN, Search};
use super::identify;
use super::ingest::{File, Opened, allowed, blocking};
use super::movers::cause;
use super::read::{Read, Reading};
use crate::known::Known;
use crate::{Hub, HubError, ImportOrder, ProblemTold};

/// What an import would do.
#[derive(Debug, Default, Serialize)]
pub struct DryRun {
    /// The file.
    pub file: String,
    /// What would become of its rows.
    pub rows: Counts,
    /// What would change, in row order; endings last.
    pub changes: Vec<Change>,
    /// Faults by kind and column.
    pub problems: Vec<ProblemTold>,
    /// Why it could not be read, or not to its end.
    pub reason: Option<String>,
}

/// One change of one child.
#[derive(Debug, Serialize)]
pub struct Change {
    /// The row, or 0 for an ending.
    pub row: u64,
    /// The child; `None` = it would be a new one.
    pub child: Option<ChildId>,
    /// `new-child`, `joins`, `changed`, `returns`, `waits-for-review`, `gone`; of a change of address that names nobody `moves`
    /// for each child who lived at the old address, else `asks-who-moved`.
    pub what: &'static str,
    /// The parts of the record that differ from what the source told before; why it must be asked who moved.
    pub fields: Vec<String>,
}

impl Hub {
    /// Shows what an import would do. Nothing is written, also not the landing.
    ///
    /// # Errors
    /// Something must be said about the file, or the store cannot be read.
    pub async fn dry_run(&mut self, viewer: &Viewer, order: &ImportOrder) -> Result<DryRun, HubError> {
        allowed(viewer)?;
        self.connector(&order.connector)?;
        let origin = identify::origin(&self.home, order)?;
        let bytes = FileBytes::of(&order.file).map_err(|source| HubError::File {
            path: order.file.display().to_string(),
            source,
            hint: "check that the file is there and may be read",
        })?;
        let (registry, sandbox, name) = (self.registry.clone(), self.sandbox.clone(), order.connector.clone());
        let rows = blocking(order, move || registry.get(&name).and_then(|c| c.reader.as_ref()).map(|reader| reader.open(&bytes, &sandbox)))
            .await?;
        let opened = match rows {
            Some(Ok(rows)) => self.opened(order, origin, rows)?,
            Some(Err(fault)) => Opened::Rejected(fault.to_string()),
            None => Opened::Rejected("this connector reads no files".to_owned()),
        };
        match opened {
            Opened::File(file) => self.pretend(order, *file).await,
            Opened::Nothing => Ok(DryRun { file: order.file_name(), ..DryRun::default() }),
            Opened::Rejected(reason) => Ok(DryRun {
                file: order.file_name(),
                rows: Counts::default(),
                changes: Vec::new(),
                problems: Vec::new(),
                reason: Some(reason),
            }),
        }
    }

    async fn pretend(&mut self, order: &ImportOrder, opened: File) -> Result<DryRun, HubError> {
        let (complete, as_of) = (opened.complete, opened.as_of);
        let streams = self.store.streams().await?;
        let held = streams.iter().find(|(_, _, s)| s.source == opened.origin.source && s.dataset == opened.mapping.dataset);
        // A stream that is not there yet has nothing to compare with; its number must only differ from all others.
        let (stream, source_no) = held.map_or_else(
            || {
                let next = streams.iter().map(|(id, _, _)| id.0).max().unwrap_or_default() + 1;
                let of_source = streams.iter().find(|(_, _, s)| s.source == opened.origin.source).map(|(_, no, _)| *no);
                (schema::StreamId(next), of_source.unwrap_or(u32::MAX))
            },
            |(id, no, _)| (*id, *no),
        );
        let late = held.is_some_and(|(_, _, s)| s.latest.is_some_and(|latest| as_of < latest));
        let household = opened.mapping.household;
        let taken: Arc<Mutex<Vec<Batch>>> = Arc::default();
        let sink = taken.clone();
        let reading = Reading {
            rows: opened.rows,
            first: opened.first,
            mapping: opened.mapping,
            school: opened.origin.laestab,
            source: opened.origin.source.clone(),
            source_no,
            stream,
            households: self.households(household && held.is_some(), stream).await?,
            known: if held.is_some() { Known::of(&self.store, stream).await? } else { Known::default() },
            corrections: Corrections::of(&self.store, &opened.origin.source).await?,
            late,
            partial: !complete,
            next_record: i64::MAX / 2,
            next_child: i64::MAX / 2,
            load_linker: self.linker_loader(),
            sink: Box::new(move |batch| {
                sink.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
                true
            }),
        };
        // The index has learnt what is not true: it is not taken back.
        let read = blocking(order, move || reading.run()).await??;
        let batches = std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner));
        let ends = complete && !late && read.fault.is_none();
        let changes = self.changes(batches, &read, ends).await?;
        Ok(DryRun {
            file: order.file_name(),
            rows: read.fates.counts(),
            changes,
            problems: read.problems.told(),
            reason: read.fault.as_ref().map(ToString::to_string),
        })
    }

    async fn changes(&self, batches: Vec<Batch>, read: &Read, ends: bool) -> Result<Vec<Change>, HubError> {
        let replaced: Vec<RecordId> =
            batches.iter().flat_map(|b| &b.records).filter_map(|r| r.replaces).filter(|r| r.0 < i64::MAX / 2).collect();
        let before: HashMap<RecordId, String> = self.store.record_bodies(&replaced).await?.into_iter().collect();
        let made: BTreeSet<ChildId> = batches.iter().flat_map(|b| &b.children).map(|c| c.id).collect();
        let waiting: HashSet<RecordId> = batches.iter().flat_map(|b| &b.reviews).map(|r| r.record).collect();
        let mut changes = Vec::new();
        for record in batches.iter().flat_map(|b| &b.records) {
            let old = record.replaces.and_then(|id| before.get(&id));
            let what = match old {
                _ if waiting.contains(&record.id) => "waits-for-review",
                Some(_) => "changed",
                None if made.contains(&record.child) => "new-child",
                None => "joins",
            };
            let fields = old.map(|old| differing(old, &record.body)).unwrap_or_default();
            changes.push(Change { row: record.row, child: Some(record.child).filter(|c| !made.contains(c)), what, fields });
        }
        self.movers(&batches, &mut changes).await?;
        let returned: Vec<RecordId> = batches.iter().flat_map(|b| &b.returned).copied().collect();
        let children = self.store.children_of(&returned).await?;
        changes.extend(children.into_iter().map(|child| Change { row: 0, child: Some(child), what: "returns", fields: Vec::new() }));
        if ends {
            changes.extend(read.known.absent().into_iter().map(|e| Change {
                row: 0,
                child: Some(e.child),
                what: "gone",
                fields: Vec::new(),
            }));
        }
        Ok(changes)
    }
}

impl Hub {
    /// What becomes of changes of address that name no child. A move that is to come is shown too: the day will come.
    async fn movers(&self, batches: &[Batch], changes: &mut Vec<Change>) -> Result<(), HubError> {
        let named: HashSet<&str> = batches.iter().flat_map(|b| &b.records).filter_map(|r| r.key.rsplitn(4, '|').nth(3)).collect();
        let is_settled = |h: &NewHouseholdChange| match h.cause {
            cause::NAMED => true,
            cause::ONLY_ADULTS => named.contains(h.reference.as_str()),
            _ => false,
        };
        let waiting: Vec<&NewHouseholdChange> = batches.iter().flat_map(|b| &b.household).filter(|h| !is_settled(h)).collect();
        let nobody = |h: &NewHouseholdChange| h.cause == cause::NOBODY_NAMED;
        let record = |h: &NewHouseholdChange| serde_json::from_str(&h.body).unwrap_or_default();
        let searches = waiting.iter().enumerate().filter(|(_, h)| nobody(h)).filter_map(|(at, h)| Search::of(at, &record(h)));
        let found = self.who_lived_at(searches.collect()).await?;
        for (at, change) in waiting.into_iter().enumerate() {
            let children = found.get(&at).map_or(&[][..], Vec::as_slice);
            if children.is_empty() || children.len() > MOST_CHILDREN {
                changes.push(Change { row: change.row, child: None, what: "asks-who-moved", fields: vec![change.cause.to_owned()] });
                continue;
            }
            changes.extend(children.iter().map(|c| Change { row: change.row, child: Some(*c), what: "moves", fields: Vec::new() }));
        }
        changes.sort_by_key(|c| c.row);
        Ok(())
    }
}

/// The top-level parts of two records that differ.
fn differing(old: &str, new: &str) -> Vec<String> {
    let parse = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (old, new) = (parse(old), parse(new));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter().filter(|key| old.get(*key) != new.get(*key)).cloned().collect()
}
