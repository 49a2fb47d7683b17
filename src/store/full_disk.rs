//! A full disk, tried out with a database that may not grow.

use chrono::{NaiveDate, Utc};
use schema::{ChildId, RecordId, StreamId};

use crate::{Batch, Counts, Fate, FateRange, FileEnd, Ingest, NewChild, NewPayload, NewRecord, Store, StoreError};

fn payload(stream: StreamId) -> NewPayload {
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    NewPayload {
        source: "8524001".to_owned(),
        connector: "sims".to_owned(),
        dataset: None,
        stream: Some(stream),
        mapping: None,
        mapping_version: None,
        file: "pupils.csv".to_owned(),
        sha256: String::new(),
        bytes: 0,
        landed_at: chrono::DateTime::<Utc>::UNIX_EPOCH,
        as_of: Some(day),
        complete: true,
        columns: Vec::new(),
        by: "Olive Example".to_owned(),
    }
}

fn batch(ingest: &Ingest, stream: StreamId, rows: i64) -> Batch {
    let (child, record) = (ingest.next_child(), ingest.next_record());
    let mut batch = Batch::default();
    for n in 0..rows {
        let id = ChildId(child + n);
        batch.children.push(NewChild {
            id,
            display: "Ada Example".to_owned(),
            folded: String::new(),
            dob: None,
            upn: None,
            restricted: false,
        });
        batch.records.push(NewRecord {
            id: RecordId(record + n),
            child: id,
            stream,
            key: n.to_string(),
            digest: [0; 16],
            row: n as u64 + 1,
            body: "{}".to_owned(),
            rule: "new",
            link: String::new(),
            replaces: None,
            superseded: false,
        });
    }
    batch
}

#[tokio::test]
async fn a_full_disk_stores_nothing_of_the_file_and_the_next_one_goes_in() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("onroll.db").display());
    let store = Store::open_limited(&url, folder.path(), Some(150)).await.unwrap();
    let stream = store.stream("8524001", "sims", "pupils", true, None, None).await.unwrap().id;
    let mut ingest = store.begin_ingest(&payload(stream)).await.unwrap();
    let fault = ingest.write(batch(&ingest, stream, 20_000)).await.unwrap_err();
    assert!(matches!(fault, StoreError::Full { .. }), "{fault:?}");
    assert!(fault.to_string().contains("free some space"));
    assert!(ingest.write(Batch::default()).await.is_err(), "what comes after a fault is refused");
    drop(ingest);
    // One row too big by itself: SQLite may end the transaction on its own.
    let mut ingest = store.begin_ingest(&payload(stream)).await.unwrap();
    let mut big = batch(&ingest, stream, 1);
    big.records[0].body = "x".repeat(4 << 20);
    assert!(matches!(ingest.write(big).await, Err(StoreError::Full { .. })));
    drop(ingest);
    let mut ingest = store.begin_ingest(&payload(stream)).await.unwrap();
    assert_eq!(ingest.payload().0, 1, "nothing of the first file is left");
    ingest.write(batch(&ingest, stream, 1)).await.unwrap();
    let fates = vec![FateRange { first: 1, last: 1, fate: Fate::Accepted }];
    let counts = Counts { read: 1, accepted: 1, ..Counts::default() };
    ingest.finish(counts, fates, Vec::new(), FileEnd::default(), chrono::DateTime::<Utc>::UNIX_EPOCH).await.unwrap();
    let mut known = 0;
    store.each_known(stream, |_| known += 1).await.unwrap();
    assert_eq!(known, 1);
}
