//! A home with a database of its own, and short words for what tests store.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use schema::{ChildId, Laestab, PayloadId, RecordId, Role, StreamId, Viewer};
use store::{Batch, Counts, Fate, FateRange, FileEnd, Ingest, NewChild, NewPayload, NewRecord, Store};

pub struct Home {
    pub folder: tempfile::TempDir,
    pub store: Store,
}

impl Home {
    pub async fn new() -> Home {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).await;
        Home { folder, store }
    }

    pub async fn stream(&self, source: &str, dataset: &str) -> StreamId {
        self.store.stream(source, "sims", dataset, true, Laestab::parse(source).ok(), None).await.unwrap().id
    }

    /// Stores a complete file with one new child and record per key.
    pub async fn load(&self, stream: StreamId, as_of: NaiveDate, keys: &[&str]) -> (PayloadId, Vec<RecordId>) {
        let mut ingest = self.store.begin_ingest(&payload(stream, as_of)).await.unwrap();
        let batch = batch(&ingest, stream, keys);
        let records = batch.records.iter().map(|r| r.id).collect();
        ingest.write(batch).await.unwrap();
        let id = ingest.payload();
        finish(ingest, keys.len() as u64, Fate::Accepted).await;
        (id, records)
    }
}

pub async fn open(folder: &std::path::Path) -> Store {
    Store::open(&format!("sqlite:{}", folder.join("onroll.db").display()), folder).await.unwrap()
}

pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 20, 0, 0).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn officer() -> Viewer {
    Viewer { name: "Olive Example".to_owned(), role: Role::Officer, school: None }
}

pub fn payload(stream: StreamId, as_of: NaiveDate) -> NewPayload {
    NewPayload {
        source: "8524001".to_owned(),
        connector: "sims".to_owned(),
        dataset: Some("pupils".to_owned()),
        stream: Some(stream),
        mapping: Some("sims/pupils".to_owned()),
        mapping_version: Some("v1".to_owned()),
        file: "pupils.csv".to_owned(),
        sha256: format!("{as_of}"),
        bytes: 10,
        landed_at: now(),
        as_of: Some(as_of),
        complete: true,
        columns: vec!["Surname".to_owned()],
        by: "Olive Example".to_owned(),
    }
}

pub fn batch(ingest: &Ingest, stream: StreamId, keys: &[&str]) -> Batch {
    let (child, record) = (ingest.next_child(), ingest.next_record());
    let mut batch = Batch::default();
    for (n, key) in (0..).zip(keys) {
        batch.children.push(new_child(ChildId(child + n), key));
        batch.records.push(new_record(RecordId(record + n), ChildId(child + n), stream, key, n as u64 + 1));
    }
    batch
}

pub fn new_child(id: ChildId, forename: &str) -> NewChild {
    NewChild {
        id,
        display: format!("{forename} Example"),
        folded: format!("{} example", forename.to_lowercase()),
        dob: Some(day("2015-02-01")),
        upn: None,
        restricted: false,
    }
}

pub fn new_record(id: RecordId, child: ChildId, stream: StreamId, key: &str, row: u64) -> NewRecord {
    NewRecord {
        id,
        child,
        stream,
        key: key.to_owned(),
        digest: [row as u8; 16],
        row,
        body: serde_json::json!({"source_id": key, "name": {"forename": key, "surname": "Example"}, "dob": "2015-02-01"}).to_string(),
        rule: "new",
        link: String::new(),
        replaces: None,
        superseded: false,
    }
}

pub async fn finish(ingest: Ingest, rows: u64, fate: Fate) {
    let mut counts = Counts { read: rows, ..Counts::default() };
    counts.add(fate, rows);
    let fates = if rows == 0 { Vec::new() } else { vec![FateRange { first: 1, last: rows, fate }] };
    ingest.finish(counts, fates, Vec::new(), FileEnd::default(), now()).await.unwrap();
}

/// What is known of a stream: key, whether gone, record.
pub async fn known(store: &Store, stream: StreamId) -> Vec<(String, bool, RecordId)> {
    let mut known = Vec::new();
    store.each_known(stream, |k| known.push((k.key.to_owned(), k.gone, k.record))).await.unwrap();
    known
}
