use schema::{ChildId, RecordId};
use store::{Batch, Counts, Fate, FateRange, FileEnd, NewPayload, ProblemCount, StoreError, Which};

use crate::home::{Home, batch, day, finish, known, new_record, now, officer, open, payload};

#[tokio::test]
async fn a_ledger_that_does_not_add_up_stores_nothing() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let accepted = |first, last| FateRange { first, last, fate: Fate::Accepted };
    let counts = |read, accepted| Counts { read, accepted, ..Counts::default() };
    for (counts, fates) in [
        (counts(3, 2), vec![accepted(1, 2)]),
        (counts(2, 2), vec![accepted(1, 1)]),
        (counts(2, 2), vec![FateRange { first: 1, last: 2, fate: Fate::Unchanged }]),
        (counts(1, 1), vec![FateRange { first: 2, last: 1, fate: Fate::Accepted }]),
    ] {
        let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-24"))).await.unwrap();
        ingest.write(batch(&ingest, stream, &["1", "2"])).await.unwrap();
        let fault = ingest.finish(counts, fates, Vec::new(), FileEnd::default(), now()).await.unwrap_err();
        assert!(matches!(fault, StoreError::Conservation { .. }), "{fault}");
    }
    assert!(known(&home.store, stream).await.is_empty());
    assert!(home.store.ledger(&officer(), None).await.unwrap().payloads.is_empty());
}

#[tokio::test]
async fn an_import_that_is_dropped_leaves_nothing_and_the_next_one_takes_its_ids() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-24"))).await.unwrap();
    ingest.write(batch(&ingest, stream, &["1", "2"])).await.unwrap();
    assert_eq!((ingest.next_record(), ingest.next_child()), (3, 3));
    drop(ingest);
    let (payload, records) = home.load(stream, day("2026-11-24"), &["3"]).await;
    assert_eq!((payload.0, records), (1, vec![RecordId(1)]));
}

#[tokio::test]
async fn the_ledger_adds_up_and_each_row_has_its_fate() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-24"))).await.unwrap();
    ingest.write(batch(&ingest, stream, &["1", "2"])).await.unwrap();
    let id = ingest.payload();
    let counts = Counts { read: 5, accepted: 2, unchanged: 2, quarantined: 0, rejected: 1 };
    let range = |first, last, fate| FateRange { first, last, fate };
    let fates = vec![range(1, 2, Fate::Accepted), range(3, 4, Fate::Unchanged), range(5, 5, Fate::Rejected)];
    let problems = vec![ProblemCount { code: schema::ProblemCode::BadDate, column: "DOB".to_owned(), count: 2 }];
    ingest
        .finish(counts, fates, problems.clone(), FileEnd { reason: Some("a reason".to_owned()), ..FileEnd::default() }, now())
        .await
        .unwrap();
    let ledger = home.store.ledger(&officer(), Some(id)).await.unwrap();
    assert_eq!((ledger.rows, ledger.payloads[0].rows, &ledger.payloads[0].problems), (counts, counts, &problems));
    assert_eq!(ledger.payloads[0].reason.as_deref(), Some("a reason"));
    let fate = async |row| home.store.row_fate(&officer(), schema::RowId { payload: id, row }).await;
    assert_eq!(fate(2).await.unwrap().record, Some(RecordId(2)));
    assert_eq!(fate(2).await.unwrap().child, Some(ChildId(2)));
    assert_eq!(fate(4).await.unwrap().fate, Fate::Unchanged);
    assert_eq!(fate(5).await.unwrap().fate, Fate::Rejected);
    assert!(matches!(fate(6).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(home.store.ledger(&officer(), Some(schema::PayloadId(9))).await, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn the_same_bytes_are_a_duplicate_unless_the_school_went_back_to_them() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let came = |sha: &str, as_of| NewPayload { sha256: sha.to_owned(), ..payload(stream, day(as_of)) };
    let read = async |sha: &str, as_of| {
        let ingest = home.store.begin_ingest(&came(sha, as_of)).await.unwrap();
        let id = ingest.payload();
        finish(ingest, 0, Fate::Accepted).await;
        id
    };
    let twice = async |sha: &str, as_of| home.store.duplicate_of("8524001", sha, Some(day(as_of))).await.unwrap();
    assert_eq!(twice("a", "2026-11-20").await, None);
    let a = read("a", "2026-11-20").await;
    assert_eq!(twice("a", "2026-11-21").await, Some(a));
    assert_eq!(home.store.duplicate_of("8524002", "a", Some(day("2026-11-21"))).await.unwrap(), None, "another source");
    home.store.add_duplicate(&came("a", "2026-11-21"), a).await.unwrap();
    assert_eq!(home.store.streams().await.unwrap()[0].2.latest_complete, Some(day("2026-11-21")));
    read("b", "2026-11-22").await;
    assert_eq!(twice("a", "2026-11-22").await, Some(a), "on the day of b it is no news");
    assert_eq!(twice("a", "2026-11-23").await, None, "the school went back to a");
    let again = read("a", "2026-11-23").await;
    assert_eq!(twice("a", "2026-11-24").await, Some(again));
    assert_eq!(twice("b", "2026-11-24").await, None);
}

#[tokio::test]
async fn a_file_that_failed_may_come_again() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let came = payload(stream, day("2026-11-24"));
    let failed = home.store.add_failed(&came, "the XML breaks off").await.unwrap();
    assert_eq!(home.store.duplicate_of(&came.source, &came.sha256, came.as_of).await.unwrap(), None);
    let row = home.store.payload(failed).await.unwrap();
    assert_eq!((row.state.as_str(), row.reason.as_deref(), row.counts), ("failed", Some("the XML breaks off"), Counts::default()));
    assert_eq!(home.store.streams().await.unwrap()[0].2.latest, None, "a file that failed makes nothing fresh");
}

#[tokio::test]
async fn an_older_file_moves_no_date_back() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-24"), &[]).await;
    home.load(stream, day("2026-11-01"), &[]).await;
    let state = &home.store.streams().await.unwrap()[0].2;
    assert_eq!((state.latest, state.latest_complete), (Some(day("2026-11-24")), Some(day("2026-11-24"))));
}

#[tokio::test]
async fn streams_of_one_source_share_its_number() {
    let home = Home::new().await;
    let make = async |source: &str, dataset: &str| home.store.stream(source, "sims", dataset, true, None, None).await.unwrap();
    let (a, b, c) = (make("one", "pupils").await, make("two", "pupils").await, make("one", "leavers").await);
    assert_eq!((a.source_no, b.source_no, c.source_no), (1, 2, 1));
    assert_eq!(make("one", "pupils").await, a);
    home.store.stream("one", "sims", "pupils", false, None, Some(30)).await.unwrap();
    let state = &home.store.streams().await.unwrap()[0].2;
    assert_eq!((state.roll, state.max_age_days), (false, Some(30)));
}

#[tokio::test]
async fn everything_is_there_after_opening_again() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-24"), &["1", "2"]).await;
    home.store.add_mapping_text("sims/pupils", "v1", "text").await.unwrap();
    home.store.add_mapping_text("sims/pupils", "v1", "text").await.unwrap();
    let before = known(&home.store, stream).await;
    home.store.close().await;
    let store = open(home.folder.path()).await;
    assert_eq!(known(&store, stream).await, before);
    assert_eq!(store.mapping_text("sims/pupils", "v1").await.unwrap().as_deref(), Some("text"));
    assert_eq!(store.totals().await.unwrap().children, 2);
}

#[tokio::test]
async fn a_newer_record_supersedes_and_an_older_file_does_not() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-23"), &["1"]).await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-24"))).await.unwrap();
    let mut new = new_record(RecordId(2), ChildId(1), stream, "1", 1);
    new.replaces = Some(RecordId(1));
    let mut late = new_record(RecordId(3), ChildId(1), stream, "1", 2);
    late.superseded = true;
    ingest.write(Batch { records: vec![new, late], ..Batch::default() }).await.unwrap();
    finish(ingest, 2, Fate::Accepted).await;
    assert_eq!(known(&home.store, stream).await, [("1".to_owned(), false, RecordId(2))]);
    let mut held = Vec::new();
    home.store.each_child(&Which::All, |_, _, records| held.extend(records)).await.unwrap();
    assert_eq!((held.len(), held[0].id, held[0].payload_as_of), (1, RecordId(2), day("2026-11-24")));
}

#[tokio::test]
async fn keys_may_hold_any_text_and_thousands_of_records_keep_their_order() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let odd = ["é|,1,", "", "\u{0}a\u{0}", "\u{1e}\u{1f}", "日本"];
    let many: Vec<String> = (0..9_001).map(|n| format!("k{n}")).collect();
    let keys: Vec<&str> = odd.iter().copied().chain(many.iter().map(String::as_str)).collect();
    home.load(stream, day("2026-11-24"), &keys).await;
    let found = known(&home.store, stream).await;
    assert!(found.iter().map(|(key, ..)| key.as_str()).eq(keys.iter().copied()));
    let mut children = Vec::new();
    home.store.each_child(&Which::All, |child, _, records| children.push((child.0, records[0].key.clone()))).await.unwrap();
    assert!(children.iter().map(|(_, key)| key.as_str()).eq(keys.iter().copied()));
    assert!(children.iter().map(|(child, _)| *child).eq(1..=keys.len() as i64));
}

#[tokio::test]
async fn a_file_that_broke_off_says_nothing_of_who_is_gone_and_may_come_again() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let came = payload(stream, day("2026-11-24"));
    let mut ingest = home.store.begin_ingest(&came).await.unwrap();
    ingest.write(batch(&ingest, stream, &["1"])).await.unwrap();
    let id = ingest.payload();
    let fates = vec![FateRange { first: 1, last: 1, fate: Fate::Accepted }];
    let end = FileEnd { reason: Some("the XML breaks off".to_owned()), broken: true, held: false };
    ingest.finish(Counts { read: 1, accepted: 1, ..Counts::default() }, fates, Vec::new(), end, now()).await.unwrap();
    let state = &home.store.streams().await.unwrap()[0].2;
    assert_eq!((state.latest, state.latest_complete), (Some(day("2026-11-24")), None));
    assert_eq!(home.store.duplicate_of(&came.source, &came.sha256, came.as_of).await.unwrap(), None);
    assert_eq!(home.store.payload(id).await.unwrap().state, "broken");
    assert_eq!(known(&home.store, stream).await.len(), 1, "its good rows went in");
}
