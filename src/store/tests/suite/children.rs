use schema::{ChildId, Laestab, RecordId, StreamId, Upn};
use store::NewChild;

use crate::home::{Home, day, finish, new_child, payload};

#[tokio::test]
async fn summaries_are_replaced_and_nothing_else_of_a_child() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-22"), &["Ada", "Bea"]).await;
    let upn = Upn::with_check_letter("852400100001");
    assert!(upn.is_some());
    let better = NewChild { upn, restricted: true, dob: None, ..new_child(ChildId(2), "Beatrice") };
    home.store.update_children(vec![better]).await.unwrap();
    home.store.update_children(Vec::new()).await.unwrap();
    let child = home.store.child(ChildId(2)).await.unwrap();
    assert_eq!((child.display.as_str(), child.upn, child.dob, child.restricted), ("Beatrice Example", upn, None, true));
    assert_eq!(home.store.child(ChildId(1)).await.unwrap().display, "Ada Example");
    assert!(home.store.child(ChildId(3)).await.is_err());
}

#[tokio::test]
async fn what_records_say_is_read_in_any_number() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let keys: Vec<String> = (0..1200).map(|n| n.to_string()).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let (_, mut records) = home.load(stream, day("2026-11-22"), &keys).await;
    records.push(RecordId(99_999));
    let bodies = home.store.record_bodies(&records).await.unwrap();
    assert_eq!(bodies.len(), 1200);
    assert!(bodies.iter().all(|(id, body)| body.contains(&format!("\"source_id\":\"{}\"", id.0 - 1))));
    assert_eq!(home.store.children_of(&records).await.unwrap().len(), 1200);
    assert!(home.store.record_bodies(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_list_of_several_schools_says_which_rolls_have_come() {
    let home = Home::new().await;
    let stream = home.stream("cross-border", "cross-border").await;
    let school = |text| Laestab::parse(text).unwrap();
    for (as_of, schools) in [("2026-11-20", vec!["8504001", "8504002"]), ("2026-11-10", vec!["8504001"])] {
        let mut ingest = home.store.begin_ingest(&payload(stream, day(as_of))).await.unwrap();
        ingest.name_schools(&schools.into_iter().map(school).collect()).await.unwrap();
        finish(ingest, 0, store::Fate::Accepted).await;
    }
    let day = day("2026-11-20");
    assert_eq!(home.store.listed_schools().await.unwrap(), [(StreamId(1), school("8504001"), day), (StreamId(1), school("8504002"), day)]);
}
