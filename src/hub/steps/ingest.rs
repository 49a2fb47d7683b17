//! Ingest: one file from landing to stored records, in one write transaction. The file is read on one thread while the other writes.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use linkage::{Arrival, Linker};
use mapping::Mapping;
use schema::raw::ReadFault;
use schema::{ChildId, RawRow, Record, RecordId, Rows, SourceConfig, StreamId, StreamState, Viewer};
use store::{Batch, Counts, FileEnd, Landed, NewPayload, Store, StreamRow, Which};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::corrections::Corrections;
use super::endings::{self, Absent};
use super::identify::{self, Origin};
use super::land;
use super::read::{LoadLinker, Read, Reading};
use crate::known::Known;
use crate::{Hub, HubError, ImportOrder, PayloadReport};

/// Batches that may wait for the writer; bounds memory.
const WAITING: usize = 8;

/// What an import did, and whose findings may change by it.
pub struct Ingested {
    /// For the person.
    pub report: PayloadReport,
    /// Children whose records changed.
    pub affected: Vec<ChildId>,
    /// Those of them that were known before, whose best values must be worked out again.
    pub changed: Vec<ChildId>,
}

/// A file opened and identified, before anything of it is stored.
pub(crate) struct File {
    pub(crate) rows: Box<dyn Rows + Send>,
    pub(crate) first: Option<RawRow>,
    pub(crate) mapping: Arc<Mapping>,
    pub(crate) origin: Origin,
    pub(crate) as_of: NaiveDate,
    pub(crate) complete: bool,
}

/// What was found on opening a file.
pub(crate) enum Opened {
    /// A file to be read.
    File(Box<File>),
    /// A report without a single record, and so without columns (a week in which nobody left): nothing to read, no fault.
    Nothing,
    /// The file cannot be read, or no mapping fits: why, for the person who sent it.
    Rejected(String),
}

impl Hub {
    /// Brings one file in: land, identify, read, map, link, store, endings. Rules are not run.
    ///
    /// # Errors
    /// Nothing of the file was stored. A file that cannot be read is no error: it is a rejected payload with a reason.
    pub async fn ingest(&mut self, viewer: &Viewer, order: &ImportOrder) -> Result<Ingested, HubError> {
        allowed(viewer)?;
        self.connector(&order.connector)?;
        let origin = match identify::origin(&self.home, order) {
            Err(HubError::Usage { what, hint }) if order.unattended => Err(format!("{what}\n  {hint}")),
            found => Ok(found?),
        };
        let store = self.store.clone();
        let (path, first_look) = (order.file.clone(), order.first_look.clone());
        let landed = blocking(order, move || land::land(store.landing(), &path, first_look.as_deref())).await??;
        let payload = self.new_payload(viewer, order, origin.as_ref().ok(), &landed);
        let origin = match origin {
            Ok(origin) => origin,
            Err(reason) => return self.reject(payload, reason).await,
        };
        let opened = match self.open(order, origin, &landed).await {
            // Nobody is there to be asked: the file waits in `failed/` with what is missing.
            Err(HubError::Usage { what, hint }) if order.unattended => Opened::Rejected(format!("{what}\n  {hint}")),
            opened => opened?,
        };
        let opened = match opened {
            Opened::File(file) => *file,
            Opened::Nothing => return self.note_nothing(payload).await,
            Opened::Rejected(reason) => return self.reject(payload, reason).await,
        };
        let stream = self.stream_of(&opened).await?;
        let payload = NewPayload {
            dataset: Some(opened.mapping.dataset.clone()),
            stream: Some(stream.id),
            mapping: Some(opened.mapping.id.clone()),
            mapping_version: Some(opened.mapping.version.clone()),
            as_of: Some(opened.as_of),
            complete: opened.complete,
            columns: opened.rows.columns().names().to_vec(),
            ..payload
        };
        if let Some(before) = self.store.duplicate_of(&payload.source, &payload.sha256, payload.as_of).await? {
            return self.note_duplicate(payload, before).await;
        }
        self.store.add_mapping_text(&opened.mapping.id, &opened.mapping.version, &opened.mapping.text).await?;
        self.read_and_write(order, payload, opened, stream).await
    }

    fn new_payload(&self, viewer: &Viewer, order: &ImportOrder, origin: Option<&Origin>, landed: &Landed) -> NewPayload {
        NewPayload {
            source: origin.map(|o| o.source.clone()).or_else(|| order.source.clone()).unwrap_or_default(),
            connector: order.connector.clone(),
            dataset: None,
            stream: None,
            mapping: None,
            mapping_version: None,
            file: order.file_name(),
            sha256: landed.sha256.clone(),
            bytes: landed.bytes,
            landed_at: self.clock.now(),
            as_of: order.as_of.or(origin.and_then(|o| o.name.as_of)),
            complete: false,
            columns: Vec::new(),
            by: viewer.name.clone(),
        }
    }

    pub(crate) fn connector(&self, name: &str) -> Result<&connect::Connector, HubError> {
        self.registry.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.registry.iter().map(|c| c.name).collect();
            HubError::usage(format!("there is no connector \"{name}\""), format!("the connectors are {}", known.join(", ")))
        })
    }

    /// Opens landed bytes.
    async fn open(&self, order: &ImportOrder, origin: Origin, landed: &Landed) -> Result<Opened, HubError> {
        let bytes = self.store.landing().open(&landed.sha256, landed.bytes)?;
        let (registry, sandbox, name) = (self.registry.clone(), self.sandbox.clone(), order.connector.clone());
        let opened = blocking(order, move || match registry.get(&name).and_then(|c| c.reader.as_ref()) {
            Some(reader) => reader.open(&bytes, &sandbox),
            None => Err(ReadFault::new("this connector reads no files", None, "give it to another connector")),
        })
        .await?;
        match opened {
            Ok(rows) => self.opened(order, origin, rows),
            Err(fault) => Ok(Opened::Rejected(reason_of(order, fault)?)),
        }
    }

    /// Finds mapping, date and completeness of an opened file.
    pub(crate) fn opened(&self, order: &ImportOrder, origin: Origin, mut rows: Box<dyn Rows + Send>) -> Result<Opened, HubError> {
        let mut row = RawRow::default();
        let first = match rows.next_row(&mut row) {
            Ok(true) => Some(row),
            Ok(false) if rows.columns().is_empty() => return Ok(Opened::Nothing),
            Ok(false) => None,
            Err(fault) => return Ok(Opened::Rejected(reason_of(order, fault)?)),
        };
        let mapping = match identify::mapping(&self.home.library, order, &origin, rows.as_ref())? {
            Ok(mapping) => mapping,
            Err(reason) => return Ok(Opened::Rejected(reason)),
        };
        let plan = mapping.plan(rows.columns(), origin.laestab);
        let as_of = identify::as_of(order, &origin, &mapping, &plan, first.as_ref(), self.clock.today())?;
        let complete = identify::complete(order, &origin, &mapping);
        Ok(Opened::File(Box::new(File { rows, first, mapping, origin, as_of, complete })))
    }

    pub(crate) async fn stream_of(&self, opened: &File) -> Result<StreamRow, HubError> {
        let max_age = opened.origin.config.as_ref().and_then(|c: &SourceConfig| c.max_age_days).or(opened.mapping.default_max_age_days);
        let m = &opened.mapping;
        Ok(self.store.stream(&opened.origin.source, &m.system, &m.dataset, m.roll, opened.origin.laestab, max_age).await?)
    }

    async fn reject(&self, payload: NewPayload, reason: String) -> Result<Ingested, HubError> {
        let file = payload.file.clone();
        let id = self.store.add_failed(&payload, &reason).await?;
        Ok(Ingested {
            report: PayloadReport { reason: Some(reason), failed: true, ..empty_report(id, file) },
            affected: Vec::new(),
            changed: Vec::new(),
        })
    }

    /// A report without records is read: there was nothing in it.
    async fn note_nothing(&self, payload: NewPayload) -> Result<Ingested, HubError> {
        let file = payload.file.clone();
        let ingest = self.store.begin_ingest(&payload).await?;
        let (id, reason) = (ingest.payload(), Some("it has no record; nothing changes".to_owned()));
        let end = FileEnd { reason: reason.clone(), ..FileEnd::default() };
        ingest.finish(Counts::default(), Vec::new(), Vec::new(), end, self.clock.now()).await?;
        Ok(Ingested { report: PayloadReport { reason, ..empty_report(id, file) }, affected: Vec::new(), changed: Vec::new() })
    }

    async fn note_duplicate(&self, payload: NewPayload, before: schema::PayloadId) -> Result<Ingested, HubError> {
        let file = payload.file.clone();
        let id = self.store.add_duplicate(&payload, before).await?;
        Ok(Ingested {
            report: PayloadReport { duplicate_of: Some(before), ..empty_report(id, file) },
            affected: Vec::new(),
            changed: Vec::new(),
        })
    }

    async fn read_and_write(
        &mut self,
        order: &ImportOrder,
        payload: NewPayload,
        opened: File,
        stream: StreamRow,
    ) -> Result<Ingested, HubError> {
        let (as_of, complete) = (opened.as_of, opened.complete);
        let late = self.is_late(stream.id, as_of).await?;
        let household = opened.mapping.household;
        let mut ingest = self.store.begin_ingest(&payload).await?;
        let (send, mut receive) = mpsc::channel::<Batch>(WAITING);
        let reading = Reading {
            rows: opened.rows,
            first: opened.first,
            mapping: opened.mapping,
            school: opened.origin.laestab,
            source: opened.origin.source,
            source_no: stream.source_no,
            stream: stream.id,
            known: Known::of(&self.store, stream.id).await?,
            households: self.households(household, stream.id).await?,
            corrections: Corrections::of(&self.store, &payload.source).await?,
            late,
            partial: !complete,
            next_record: ingest.next_record(),
            next_child: ingest.next_child(),
            load_linker: self.linker_loader(),
            sink: Box::new(move |batch| send.blocking_send(batch).is_ok()),
        };
        let thread = tokio::task::spawn_blocking(move || reading.run());
        let id = ingest.payload();
        let bound = |batch: Option<Batch>| batch.map(|batch| batch.bind(id)).transpose();
        let mut next = bound(receive.recv().await)?;
        while let Some(batch) = next {
            // While the database works on one batch, the next is bound.
            let (written, following) = tokio::join!(ingest.write_bound(batch), async { bound(receive.recv().await) });
            written?;
            next = following?;
        }
        let mut read = thread.await.map_err(|_| HubError::Reader { file: order.file_name() })??;
        if let Some(fault) = read.fault.take_if(|fault| fault.ours) {
            return Err(HubError::Machine { file: order.file_name(), fault });
        }
        let linker = read.linker.take();
        let held = if complete && !late && read.fault.is_none() {
            self.end_absent(&mut ingest, &mut read, opened.origin.laestab, as_of).await?
        } else {
            None
        };
        ingest.name_schools(&read.listed).await?;
        let (id, problems) = (id, read.problems.told());
        let failed = read.fault.is_some();
        let (counts, fates) = read.fates.into_parts();
        let reason = read.fault.as_ref().map(ToString::to_string).or(held.clone());
        let end = FileEnd { reason: reason.clone(), broken: failed, held: held.is_some() };
        ingest.finish(counts, fates, read.problems.counts(), end, self.clock.now()).await?;
        // Only now is what the index learnt true.
        if linker.is_some() {
            self.linker = linker;
        }
        let report =
            PayloadReport { id, file: payload.file, rows: counts, problems, duplicate_of: None, reason, failed, held: held.is_some() };
        Ok(Ingested { report, affected: read.affected, changed: read.changed })
    }

    /// What a stream that speaks of households said before of nobody named.
    pub(crate) async fn households(&self, household: bool, stream: StreamId) -> Result<HashMap<String, [u8; 16]>, HubError> {
        if household { Ok(self.store.household_keys(stream).await?) } else { Ok(HashMap::new()) }
    }

    /// A file of an earlier day than what the stream has told adds what is unknown and changes nothing else (D7).
    async fn is_late(&self, stream: StreamId, as_of: NaiveDate) -> Result<bool, HubError> {
        let streams = self.store.streams().await?;
        Ok(streams
            .iter()
            .any(|(id, _, state): &(StreamId, u32, StreamState)| *id == stream && state.latest.is_some_and(|latest| as_of < latest)))
    }

    /// Ends what the complete file no longer has, or holds the endings for a person.
    async fn end_absent(
        &self,
        ingest: &mut store::Ingest,
        read: &mut Read,
        laestab: Option<schema::Laestab>,
        as_of: NaiveDate,
    ) -> Result<Option<String>, HubError> {
        let absent = read.known.absent();
        if absent.is_empty() {
            return Ok(None);
        }
        let mut current = read.known.current();
        let school = laestab.and_then(|l| self.home.schools.get(l));
        let leaves = endings::final_year_leaves(&self.home.calendar, as_of) && school.is_some();
        let mut marked: Vec<Absent> = absent.iter().map(|e| Absent { record: e.record, child: e.child, may_leave: false }).collect();
        if leaves {
            let records: Vec<RecordId> = read.known.current_records();
            let mut final_year = std::collections::HashSet::new();
            for (id, body) in self.store.record_bodies(&records).await? {
                let record: Record = serde_json::from_str(&body).map_err(|_| HubError::BadRecord { record: id })?;
                if endings::in_final_year(school, &record, as_of) {
                    final_year.insert(id);
                }
            }
            current = current.saturating_sub(final_year.len());
            marked.iter_mut().for_each(|a| a.may_leave = final_year.contains(&a.record));
        }
        let records: Vec<RecordId> = marked.iter().map(|a| a.record).collect();
        if let Some(words) = endings::held(&self.home.snapshot, &marked, current) {
            let words = words.replace("PAYLOAD", &ingest.payload().to_string());
            ingest.hold_gone(&records, as_of, records.len() as u64, current as u64, &words).await?;
            return Ok(Some(words));
        }
        ingest.mark_gone(&records, as_of).await?;
        read.affected.extend(marked.iter().map(|a| a.child));
        read.changed.extend(marked.iter().map(|a| a.child));
        Ok(None)
    }

    /// Hands the linkage index to the reading thread; loads it there from all records held, if this is its first use.
    pub(crate) fn linker_loader(&mut self) -> LoadLinker {
        let held = self.linker.take();
        let (store, handle) = (self.store.clone(), Handle::current());
        Box::new(move || match held {
            Some(linker) => Ok(linker),
            None => handle.block_on(load_linker(&store)),
        })
    }
}

/// Fills the linkage index from the store: every current and gone record, and every decision of a person.
pub(crate) async fn load_linker(store: &Store) -> Result<Linker, HubError> {
    let mut linker = Linker::new();
    let source_no: HashMap<StreamId, u32> = store.streams().await?.into_iter().map(|(id, no, _)| (id, no)).collect();
    let mut fault = None;
    store
        .each_child(&Which::All, |child, _, records| {
            for held in records {
                match serde_json::from_str::<Record>(&held.body) {
                    Ok(record) => {
                        let source = source_no.get(&held.stream).copied().unwrap_or_default();
                        linker.learn(&Arrival { source, stream: held.stream.0 as u32, key: &held.key, record: &record }, child);
                    }
                    Err(_) => fault = Some(HubError::BadRecord { record: held.id }),
                }
            }
        })
        .await?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    for decision in store.link_decisions().await? {
        linker.decide((decision.one.0.0 as u32, &decision.one.1), (decision.other.0.0 as u32, &decision.other.1), decision.same);
    }
    Ok(linker)
}

/// Why a file is rejected; a fault of the machine is none of the file's.
fn reason_of(order: &ImportOrder, fault: ReadFault) -> Result<String, HubError> {
    if fault.ours { Err(HubError::Machine { file: order.file_name(), fault }) } else { Ok(fault.to_string()) }
}

pub(crate) fn allowed(viewer: &Viewer) -> Result<(), HubError> {
    if viewer.role.may_import() {
        return Ok(());
    }
    Err(HubError::NotAllowed {
        name: viewer.name.clone(),
        role: viewer.role.as_str(),
        act: "import files",
        roles: "officer, manager, admissions, ews, housing, social-care, ict",
    })
}

fn empty_report(id: schema::PayloadId, file: String) -> PayloadReport {
    PayloadReport { id, file, rows: Counts::default(), problems: Vec::new(), duplicate_of: None, reason: None, failed: false, held: false }
}

/// Runs blocking work of a file on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(order: &ImportOrder, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HubError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| HubError::Reader { file: order.file_name() })
}
