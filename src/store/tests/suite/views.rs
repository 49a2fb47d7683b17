use schema::{ChildId, Laestab, Role, Upn, Viewer};
use store::view::ChildQuery;
use store::{Batch, Fate, NewRecord, StoreError};

use crate::home::{Home, batch, day, finish, officer, payload};

fn school(laestab: &str) -> Viewer {
    Viewer { name: "Sam Example".to_owned(), role: Role::School, school: Laestab::parse(laestab).ok() }
}

fn by_name(name: &str) -> ChildQuery {
    ChildQuery { name: Some(name.to_owned()), ..ChildQuery::default() }
}

async fn found(home: &Home, viewer: &Viewer, query: &ChildQuery) -> Vec<i64> {
    home.store.find_children(viewer, query).await.unwrap().iter().map(|c| c.id.0).collect()
}

#[tokio::test]
async fn children_are_found_by_whole_words_of_any_name() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-22"), &["Ada", "Adam", "Zoë"]).await;
    assert_eq!(found(&home, &officer(), &by_name("ada")).await, [1]);
    assert_eq!(found(&home, &officer(), &by_name("EXAMPLE adam")).await, [2]);
    assert!(found(&home, &officer(), &by_name("ada zoe")).await.is_empty(), "all words, of one child");
    assert!(found(&home, &officer(), &by_name("%")).await.len() == 3, "signs are no words");
    assert_eq!(found(&home, &officer(), &ChildQuery { dob: Some(day("2015-02-01")), limit: 2, ..ChildQuery::default() }).await, [1, 2]);
    assert!(found(&home, &officer(), &ChildQuery { dob: Some(day("2014-02-01")), ..ChildQuery::default() }).await.is_empty());
}

#[tokio::test]
async fn a_former_upn_finds_the_child_where_no_child_has_it_now() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let upn = |digits: &str| Upn::with_check_letter(digits).unwrap();
    let (now, former) = (upn("852400100001"), upn("852400100002"));
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-22"))).await.unwrap();
    let mut came = batch(&ingest, stream, &["Ada"]);
    came.children[0].upn = Some(now);
    came.records[0].body = serde_json::json!({"upn": now, "former_upns": [former]}).to_string();
    ingest.write(came).await.unwrap();
    finish(ingest, 1, Fate::Accepted).await;
    for (upn, children) in [(now, vec![1]), (former, vec![1]), (upn("852400100003"), vec![])] {
        assert_eq!(found(&home, &officer(), &ChildQuery { upn: Some(upn), ..ChildQuery::default() }).await, children);
    }
}

#[tokio::test]
async fn a_child_is_shown_with_every_sources_view() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let (payload, _) = home.load(stream, day("2026-11-22"), &["Ada"]).await;
    let shown = home.store.show_child(&officer(), ChildId(1)).await.unwrap();
    assert_eq!(shown.names, ["Ada Example"]);
    let record = &shown.records[0];
    assert_eq!((record.payload, record.row, record.source.as_str(), record.source_id.as_deref()), (payload, 1, "8524001", Some("Ada")));
    assert_eq!(record.mapping.as_deref(), Some("sims/pupils"));
    let json = serde_json::to_value(&shown).unwrap();
    assert_eq!(json["id"], "C1");
    for member in ["record", "source", "source_id", "payload", "row"] {
        assert!(json["records"][0].get(member).is_some(), "{member}");
    }
    assert!(matches!(home.store.show_child(&officer(), ChildId(9)).await, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn a_school_sees_its_own_children_and_files_only() {
    let home = Home::new().await;
    let (ours, theirs) = (home.stream("8524001", "pupils").await, home.stream("8524002", "pupils").await);
    home.load(ours, day("2026-11-22"), &["Ada"]).await;
    let mut other = payload(theirs, day("2026-11-22"));
    other.source = "8524002".to_owned();
    let mut ingest = home.store.begin_ingest(&other).await.unwrap();
    ingest.write(batch(&ingest, theirs, &["Bea"])).await.unwrap();
    finish(ingest, 1, Fate::Accepted).await;
    assert_eq!(found(&home, &school("8524001"), &by_name("example")).await, [1]);
    assert_eq!(found(&home, &school("8524002"), &by_name("example")).await, [2]);
    let unbound = Viewer { school: None, ..school("8524001") };
    assert!(found(&home, &unbound, &by_name("example")).await.is_empty(), "a school's person bound to no school sees none");
    for missing in [
        home.store.show_child(&school("8524001"), ChildId(2)).await.err(),
        home.store.child_history(&school("8524001"), ChildId(2)).await.err(),
        home.store.explain(&school("8524001"), schema::RecordId(2)).await.err(),
        home.store.ledger(&school("8524001"), Some(schema::PayloadId(2))).await.err(),
    ] {
        assert!(matches!(missing, Some(StoreError::NotFound { .. })));
    }
    // The other school tells of the first one's child too: each sees its own words of it.
    let mut ingest = home.store.begin_ingest(&other).await.unwrap();
    let told = batch(&ingest, theirs, &["Cy"]);
    let own = schema::RecordId(ingest.next_record());
    let records = told.records.into_iter().map(|r| NewRecord { child: ChildId(1), ..r }).collect();
    ingest.write(Batch { records, ..Batch::default() }).await.unwrap();
    finish(ingest, 1, Fate::Accepted).await;
    let shown = home.store.show_child(&school("8524001"), ChildId(1)).await.unwrap();
    assert_eq!((shown.records.len(), shown.names.len()), (1, 1), "{:?}", shown.names);
    assert_eq!(home.store.show_child(&officer(), ChildId(1)).await.unwrap().records.len(), 2);
    assert!(home.store.child_history(&school("8524001"), ChildId(1)).await.unwrap().iter().all(|e| e.record != Some(own)));
    assert!(home.store.explain(&school("8524001"), own).await.is_err());
    assert_eq!(home.store.ledger(&school("8524001"), None).await.unwrap().payloads.len(), 1);
    assert_eq!(home.store.visible_children(&school("8524001")).await.unwrap().unwrap().len(), 1);
    assert!(home.store.visible_children(&officer()).await.unwrap().is_none());
}

#[tokio::test]
async fn connectors_say_when_they_last_ran() {
    let home = Home::new().await;
    assert!(home.store.last_runs().await.unwrap().is_empty());
    let stream = home.stream("8524001", "pupils").await;
    home.load(stream, day("2026-11-22"), &[]).await;
    assert_eq!(home.store.last_runs().await.unwrap()["sims"], "2026-11-24T20:00:00.000Z");
}

#[tokio::test]
async fn nothing_personal_shows_in_debug_or_errors() {
    let home = Home::new().await;
    let stream = home.stream("8524001", "pupils").await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-22"))).await.unwrap();
    let came = batch(&ingest, stream, &["Ada"]);
    assert!(!format!("{came:?}").contains("Ada"));
    let twice = Batch { children: came.children.clone(), ..Batch::default() };
    ingest.write(came).await.unwrap();
    let fault = ingest.write(twice).await.unwrap_err();
    assert!(!format!("{fault} {fault:?}").contains("Ada"), "{fault:?}");
}
