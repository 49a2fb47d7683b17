use schema::RecordId;
use store::view::HeldItem;
use store::{Batch, Counts, Fate, FileEnd, StoreError, Which};

use crate::home::{Home, day, finish, known, now, officer, payload};

#[tokio::test]
async fn who_is_gone_comes_back_when_told_again() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let (_, records) = home.load(stream, day("2026-11-22"), &["1", "2"]).await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-23"))).await.unwrap();
    ingest.mark_gone(&records[..1], day("2026-11-23")).await.unwrap();
    finish(ingest, 1, Fate::Unchanged).await;
    assert!(known(&home.store, stream).await[0].1);
    let gone = async || {
        let mut gone = Vec::new();
        home.store.each_child(&Which::All, |_, _, records| gone.extend(records.iter().map(|r| r.gone))).await.unwrap();
        gone
    };
    assert_eq!(gone().await, [Some(day("2026-11-23")), None]);
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-24"))).await.unwrap();
    ingest.write(Batch { returned: vec![records[0]], ..Batch::default() }).await.unwrap();
    finish(ingest, 2, Fate::Unchanged).await;
    assert_eq!(gone().await, [None, None]);
    let kinds: Vec<String> = home.store.child_history(&officer(), schema::ChildId(1)).await.unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["back", "gone", "told"]);
}

#[tokio::test]
async fn rows_of_a_partial_file_are_told_again_on_its_day() {
    let home = Home::new().await;
    let stream = home.stream("health", "health").await;
    let (_, records) = home.load(stream, day("2026-11-01"), &["1", "2"]).await;
    for as_of in ["2026-11-20", "2026-11-10"] {
        let mut ingest = home.store.begin_ingest(&payload(stream, day(as_of))).await.unwrap();
        ingest.write(Batch { seen: vec![records[0]], ..Batch::default() }).await.unwrap();
        finish(ingest, 1, Fate::Unchanged).await;
    }
    let mut seen = Vec::new();
    home.store.each_child(&Which::All, |_, _, records| seen.push(records[0].seen)).await.unwrap();
    assert_eq!(seen, [Some(day("2026-11-20")), None], "an older file moves nothing back");
}

async fn held(home: &Home) -> (schema::StreamId, schema::PayloadId, Vec<RecordId>) {
    let stream = home.stream("8524001", "pupils").await;
    let (_, records) = home.load(stream, day("2026-11-22"), &["1", "2", "3"]).await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-23"))).await.unwrap();
    ingest.hold_gone(&records, day("2026-11-23"), 3, 3, "it would end all of them").await.unwrap();
    let id = ingest.payload();
    let end = FileEnd { held: true, ..FileEnd::default() };
    ingest.finish(Counts::default(), Vec::new(), Vec::new(), end, now()).await.unwrap();
    (stream, id, records)
}

#[tokio::test]
async fn a_held_snapshot_ends_nobody_until_it_is_released() {
    let home = Home::new().await;
    let (stream, id, records) = held(&home).await;
    assert!(known(&home.store, stream).await.iter().all(|(_, gone, _)| !gone));
    let list = home.store.hold_list(&officer()).await.unwrap();
    let [HeldItem::Snapshot(waiting)] = list.as_slice() else { panic!("one snapshot waits") };
    assert_eq!((waiting.kind, waiting.id, waiting.ending, waiting.of), ("snapshot", id, 3, 3));
    assert_eq!(home.store.hold_records(id).await.unwrap(), records);
    let complete = async || home.store.streams().await.unwrap()[0].2.latest_complete;
    assert_eq!(complete().await, Some(day("2026-11-22")), "it does not say yet who is still there");
    let released = home.store.release(id, &officer(), "the school moved", now()).await.unwrap();
    assert_eq!(complete().await, Some(day("2026-11-23")));
    assert_eq!((released.gone, released.passed_over), (records, 0));
    assert!(known(&home.store, stream).await.iter().all(|(_, gone, _)| *gone));
    assert!(home.store.holds().await.unwrap().is_empty());
    let again = home.store.release(id, &officer(), "again", now()).await.unwrap_err();
    assert!(again.to_string().contains("it was released"), "{again}");
}

#[tokio::test]
async fn a_release_passes_over_records_that_something_newer_replaced() {
    let home = Home::new().await;
    let (stream, id, records) = held(&home).await;
    let mut newer = payload(stream, day("2026-11-24"));
    newer.complete = false;
    let mut ingest = home.store.begin_ingest(&newer).await.unwrap();
    let mut record = crate::home::new_record(RecordId(4), schema::ChildId(1), stream, "1", 1);
    record.replaces = Some(records[0]);
    ingest.write(Batch { records: vec![record], seen: vec![records[1]], ..Batch::default() }).await.unwrap();
    finish(ingest, 2, Fate::Accepted).await;
    let released = home.store.release(id, &officer(), "the rest has gone", now()).await.unwrap();
    assert_eq!((released.gone, released.passed_over), (vec![records[2]], 2));
}

#[tokio::test]
async fn a_newer_complete_file_overtakes_a_held_one() {
    let home = Home::new().await;
    let (stream, id, _) = held(&home).await;
    home.load(stream, day("2026-11-24"), &[]).await;
    assert!(home.store.holds().await.unwrap().is_empty());
    let fault = home.store.release(id, &officer(), "late", now()).await.unwrap_err();
    assert!(matches!(fault, StoreError::Refused { .. }) && fault.to_string().contains("overtaken"), "{fault}");
    let none = home.store.release(schema::PayloadId(99), &officer(), "x", now()).await.unwrap_err();
    assert!(matches!(none, StoreError::NotFound { .. }));
}
