//! Fix and reject: a row that waited is put right, or refused. A fix is applied again on every replay and to tomorrow's file.

use std::sync::{Arc, Mutex, PoisonError};

use mapping::Mapping;
use schema::raw::ReadFault;
use schema::{Columns, HeldRowId, Place, RawRow, RecordId, Rows, Viewer};
use serde::Serialize;
use store::{Batch, Counts, FileEnd, HeldEnd, HeldRow, NewFix, NewRejection, PayloadRow};

use super::may_decide;
use crate::known::Known;
use crate::steps::corrections::Corrections;
use crate::steps::read::{Read, Reading};
use crate::{Hub, HubError, ImportOrder};

/// What a fix did.
#[derive(Debug, Serialize)]
pub struct Fixed {
    /// The item.
    pub id: HeldRowId,
    /// The record the row became; `None` if it still waits, or says what was known.
    pub record: Option<RecordId>,
    /// Whether it still cannot be said who, or which school.
    pub still_waits: bool,
}

/// One row as a file of its own.
struct OneRow {
    columns: Columns,
    row: Option<RawRow>,
}

impl Rows for OneRow {
    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        match self.row.take() {
            Some(held) => {
                *row = held;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

impl Hub {
    /// Puts values of a waiting row right and brings the row in.
    ///
    /// # Errors
    /// The person may not; there is no such item or column.
    pub async fn fix(&mut self, viewer: &Viewer, id: HeldRowId, values: &[(String, String)], reason: &str) -> Result<Fixed, HubError> {
        may_decide(viewer, "put rows right")?;
        let (held, payload, mapping) = self.waiting(id).await?;
        let one = one_row(&held, &payload);
        let mut corrections = Corrections::of(&self.store, &held.source).await?;
        let mut fixes = Vec::new();
        for (column, value) in values {
            let Some(at) = one.columns.find(column) else {
                return Err(HubError::usage(
                    format!("the file has no column \"{column}\""),
                    format!("its columns are {}", one.columns.names().join(", ")),
                ));
            };
            let raw = one.row.as_ref().and_then(|r| r.get(at)).unwrap_or_default().to_owned();
            let column = one.columns.name(at).to_owned();
            corrections.add(&held.key, &column, &raw, value);
            fixes.push(NewFix {
                source: held.source.clone(),
                key: held.key.clone(),
                column,
                raw,
                value: value.clone(),
                reason: reason.to_owned(),
            });
        }
        let mut ingest = self.store.resume_ingest(held.payload).await?;
        let (read, batches) = self.read_one(one, mapping, &payload, corrections, (ingest.next_record(), ingest.next_child())).await?;
        let counts = read.fates.counts();
        let record = batches.iter().flat_map(|b| &b.records).map(|r| r.id).next_back();
        for fix in &fixes {
            ingest.add_fix(fix, viewer, self.clock.now()).await?;
        }
        let still_waits = counts.quarantined > 0;
        if !still_waits {
            for batch in batches {
                ingest.write(batch).await?;
            }
            ingest.name_schools(&read.listed).await?;
            ingest.close_held_row(id, HeldEnd::Fixed(record)).await?;
        }
        ingest.finish(Counts::default(), Vec::new(), Vec::new(), FileEnd::default(), self.clock.now()).await?;
        self.linker = if still_waits { None } else { read.linker };
        self.follow_up(read.affected, read.changed).await?;
        Ok(Fixed { id, record: record.filter(|_| !still_waits), still_waits })
    }

    /// Refuses a waiting row, today and whenever the same row comes again.
    ///
    /// # Errors
    /// The person may not; there is no such item.
    pub async fn reject_row(&mut self, viewer: &Viewer, id: HeldRowId, reason: &str) -> Result<(), HubError> {
        may_decide(viewer, "refuse rows")?;
        let (held, payload, mapping) = self.waiting(id).await?;
        let one = one_row(&held, &payload);
        let plan = mapping.plan(&one.columns, self.school_of(&held.source));
        let digest = one.row.as_ref().map(|row| plan.digest(row)).unwrap_or_default();
        let rejection = NewRejection {
            source: held.source.clone(),
            key: held.key.clone(),
            digest: format!("{:032x}", u128::from_be_bytes(digest)),
            reason: reason.to_owned(),
        };
        let mut ingest = self.store.resume_ingest(held.payload).await?;
        ingest.add_rejection(&rejection, viewer, self.clock.now()).await?;
        ingest.close_held_row(id, HeldEnd::Rejected).await?;
        ingest.finish(Counts::default(), Vec::new(), Vec::new(), FileEnd::default(), self.clock.now()).await?;
        Ok(())
    }

    async fn waiting(&self, id: HeldRowId) -> Result<(HeldRow, PayloadRow, Arc<Mapping>), HubError> {
        let held = self.store.held_row(id).await?;
        if held.state != "open" {
            return Err(HubError::usage(format!("{id} does not wait any more ({})", held.state), "see onroll quarantine list"));
        }
        let payload = self.store.payload(held.payload).await?;
        let name = payload.payload.mapping.clone().unwrap_or_default();
        match self.home.library.get(&name) {
            Some(mapping) => Ok((held, payload, mapping.clone())),
            None => Err(HubError::usage(
                format!("{id} was read with mapping \"{name}\", which is not there any more"),
                "put the mapping file back, or import the file again with another mapping",
            )),
        }
    }

    fn school_of(&self, source: &str) -> Option<schema::Laestab> {
        let config = self.home.sources.iter().find(|s| s.id == source);
        config.and_then(|c| c.laestab).or_else(|| schema::Laestab::parse(source).ok())
    }

    async fn read_one(
        &mut self,
        one: OneRow,
        mapping: Arc<Mapping>,
        payload: &PayloadRow,
        corrections: Corrections,
        (next_record, next_child): (i64, i64),
    ) -> Result<(Read, Vec<Batch>), HubError> {
        let about = &payload.payload;
        let streams = self.store.streams().await?;
        let held = streams.iter().find(|(id, _, _)| Some(*id) == about.stream);
        let Some((stream, source_no, state)) = held else {
            return Err(HubError::usage("this row belongs to no stream", "import its file again"));
        };
        let taken: Arc<Mutex<Vec<Batch>>> = Arc::default();
        let sink = taken.clone();
        let reading = Reading {
            rows: Box::new(one),
            first: None,
            mapping,
            school: state.laestab,
            source: about.source.clone(),
            source_no: *source_no,
            stream: *stream,
            known: Known::of(&self.store, *stream).await?,
            // A row of a household never waits in quarantine.
            households: std::collections::HashMap::new(),
            corrections,
            late: about.as_of.is_some_and(|day| state.latest.is_some_and(|latest| day < latest)),
            partial: true,
            next_record,
            next_child,
            load_linker: self.linker_loader(),
            sink: Box::new(move |batch| {
                sink.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
                true
            }),
        };
        let order = ImportOrder { name: Some(about.file.clone()), ..ImportOrder::default() };
        let read = crate::steps::ingest::blocking(&order, move || reading.run()).await??;
        let batches = std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((read, batches))
    }
}

/// The row as the file had it, from its raw values.
fn one_row(held: &HeldRow, payload: &PayloadRow) -> OneRow {
    let mut columns = Columns::default();
    for name in &payload.payload.columns {
        columns.add_distinct(name);
    }
    let mut row = RawRow::default();
    row.place = Place { row: held.row, line: held.line, sheet: held.sheet.clone() };
    let raw: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&held.raw).unwrap_or_default();
    for (name, value) in &raw {
        let at = columns.add(name);
        row.set(at, value.as_str().unwrap_or_default());
    }
    OneRow { columns, row: Some(row) }
}
