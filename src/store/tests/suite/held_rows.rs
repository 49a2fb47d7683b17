use schema::{HeldRowId, PayloadId, ProblemCode, RowId, StreamId};
use store::{Batch, Counts, Fate, FateRange, FileEnd, HeldEnd, NewFix, NewHeldRow, NewRejection, StoreError};

use crate::home::{Home, batch, day, finish, now, officer, payload};

fn row(key: &str, row: u64) -> NewHeldRow {
    NewHeldRow {
        source: "8524001".to_owned(),
        key: key.to_owned(),
        row,
        line: row + 1,
        sheet: None,
        code: ProblemCode::WhoIsThis,
        column: String::new(),
        raw: r#"{"Surname":"Example"}"#.to_owned(),
        problems: "[]".to_owned(),
        rejected: false,
    }
}

async fn wait(home: &Home, stream: StreamId, as_of: &str, complete: bool, rows: Vec<NewHeldRow>) -> PayloadId {
    let mut came = payload(stream, day(as_of));
    came.complete = complete;
    let mut ingest = home.store.begin_ingest(&came).await.unwrap();
    let (id, count) = (ingest.payload(), rows.len() as u64);
    ingest.write(Batch { held_rows: rows, ..Batch::default() }).await.unwrap();
    finish(ingest, count, Fate::Quarantined).await;
    id
}

#[tokio::test]
async fn a_row_that_waits_and_comes_again_is_one_item() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    wait(&home, stream, "2026-11-22", false, vec![row("a", 1), row("b", 2)]).await;
    let again = wait(&home, stream, "2026-11-23", false, vec![row("b", 7)]).await;
    let items = home.store.quarantine(&officer()).await.unwrap();
    assert_eq!(items.iter().map(|i| (i.id.0, i.times)).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    assert_eq!((items[1].payload, items[1].row, items[1].line), (again, 7, 8));
    assert_eq!(home.store.ledger(&officer(), None).await.unwrap().rows.quarantined, 3, "each row still counts in its file");
}

#[tokio::test]
async fn a_fix_brings_the_row_in_and_moves_the_ledger() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let id = wait(&home, stream, "2026-11-23", true, vec![row("a", 1), row("b", 2), row("c", 3)]).await;
    let mut ingest = home.store.resume_ingest(id).await.unwrap();
    let mut mended = batch(&ingest, stream, &["b"]);
    mended.records[0].row = 2;
    let record = mended.records[0].id;
    ingest.write(mended).await.unwrap();
    let fix = NewFix {
        source: "8524001".to_owned(),
        key: "b".to_owned(),
        column: "DOB".to_owned(),
        raw: "31/02/2015".to_owned(),
        value: "2015-02-01".to_owned(),
        reason: "the school said so".to_owned(),
    };
    ingest.add_fix(&fix, &officer(), now()).await.unwrap();
    ingest.close_held_row(HeldRowId(2), HeldEnd::Fixed(Some(record))).await.unwrap();
    ingest.finish(Counts::default(), Vec::new(), Vec::new(), FileEnd::default(), now()).await.unwrap();
    let rows = home.store.ledger(&officer(), Some(id)).await.unwrap().rows;
    assert_eq!(rows, Counts { read: 3, accepted: 1, quarantined: 2, ..Counts::default() });
    let mut fates = Vec::new();
    for row in 1..=3 {
        fates.push(home.store.row_fate(&officer(), RowId { payload: id, row }).await.unwrap());
    }
    assert_eq!(fates.iter().map(|f| f.fate).collect::<Vec<_>>(), [Fate::Quarantined, Fate::Accepted, Fate::Quarantined]);
    assert_eq!((fates[1].record, fates[1].item), (Some(record), Some(HeldRowId(2))));
    let fixes = home.store.fixes("8524001").await.unwrap();
    assert!(fixes.len() == 1 && fixes[0].fix == fix && fixes[0].by == "Olive Example");
    let item = home.store.quarantine_item(&officer(), HeldRowId(2)).await.unwrap();
    assert_eq!((item.item.state.as_str(), item.record), ("fixed", Some(record)));
    assert_eq!(home.store.held_rows().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_refused_row_is_known_when_it_comes_again() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let id = wait(&home, stream, "2026-11-22", false, vec![row("a", 1)]).await;
    let mut ingest = home.store.resume_ingest(id).await.unwrap();
    let (source, key, digest) = ("8524001".to_owned(), "a".to_owned(), "ff".to_owned());
    let refused = NewRejection { source, key, digest, reason: "a test entry".to_owned() };
    ingest.add_rejection(&refused, &officer(), now()).await.unwrap();
    ingest.close_held_row(HeldRowId(1), HeldEnd::Rejected).await.unwrap();
    ingest.finish(Counts::default(), Vec::new(), Vec::new(), FileEnd::default(), now()).await.unwrap();
    assert!(home.store.rejections("8524001").await.unwrap().contains(&("a".to_owned(), "ff".to_owned())));
    assert!(home.store.rejections("other").await.unwrap().is_empty());
    assert_eq!(home.store.ledger(&officer(), Some(id)).await.unwrap().rows.rejected, 1);
    let came = payload(stream, day("2026-11-23"));
    let mut ingest = home.store.begin_ingest(&came).await.unwrap();
    ingest.write(Batch { held_rows: vec![NewHeldRow { rejected: true, ..row("a", 1) }], ..Batch::default() }).await.unwrap();
    finish(ingest, 1, Fate::Rejected).await;
    assert!(home.store.held_rows().await.unwrap().is_empty());
}

#[tokio::test]
async fn identical_rows_without_a_key_are_one_item_and_end_together() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let id = wait(&home, stream, "2026-11-22", false, vec![row("digest", 1), row("digest", 2)]).await;
    assert_eq!(home.store.quarantine(&officer()).await.unwrap().len(), 1);
    let mut ingest = home.store.resume_ingest(id).await.unwrap();
    ingest.close_held_row(HeldRowId(1), HeldEnd::Rejected).await.unwrap();
    ingest.finish(Counts::default(), Vec::new(), Vec::new(), FileEnd::default(), now()).await.unwrap();
    assert_eq!(home.store.ledger(&officer(), Some(id)).await.unwrap().rows.rejected, 2);
}

#[tokio::test]
async fn a_row_that_comes_in_good_or_no_longer_comes_stops_waiting() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    wait(&home, stream, "2026-11-20", true, vec![row("a", 1), row("b", 2)]).await;
    let mut partial = payload(stream, day("2026-11-21"));
    partial.complete = false;
    let mut ingest = home.store.begin_ingest(&partial).await.unwrap();
    ingest.write(batch(&ingest, stream, &["a"])).await.unwrap();
    finish(ingest, 1, Fate::Accepted).await;
    assert_eq!(home.store.held_rows().await.unwrap().iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["b"]);
    wait(&home, stream, "2026-11-22", true, Vec::new()).await;
    assert!(home.store.held_rows().await.unwrap().is_empty());
    assert_eq!(home.store.held_row(HeldRowId(2)).await.unwrap().state, "gone");
}

#[tokio::test]
async fn a_row_of_another_payload_or_one_that_does_not_wait_is_refused() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let one = wait(&home, stream, "2026-11-20", false, vec![row("a", 1)]).await;
    let other = wait(&home, stream, "2026-11-21", false, vec![row("b", 1)]).await;
    let mut ingest = home.store.resume_ingest(other).await.unwrap();
    let fault = ingest.close_held_row(HeldRowId(1), HeldEnd::Rejected).await.unwrap_err();
    assert!(matches!(fault, StoreError::Refused { .. }), "{fault}");
    drop(ingest);
    let counts = home.store.payload(one).await.unwrap().counts;
    assert_eq!(counts, Counts { read: 1, quarantined: 1, ..Counts::default() });
    let range = FateRange { first: 1, last: 1, fate: Fate::Accepted };
    let ingest = home.store.resume_ingest(one).await.unwrap();
    assert!(
        ingest.finish(Counts::default(), vec![range], Vec::new(), FileEnd::default(), now()).await.is_err(),
        "a resumed payload brings no rows"
    );
}
