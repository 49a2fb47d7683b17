use schema::{ChildId, RecordId, ReviewId};
use store::{Batch, ChildMerge, Fate, NewReview, ReviewState, StoreError, Which};

use crate::home::{Home, batch, day, finish, new_record, now, officer, payload};

/// Child 1 of the school; child 2 is the provisional one of a record of the health list, which may be child 1.
async fn waiting(home: &Home) -> schema::StreamId {
    let pupils = home.stream("8524001", "pupils").await;
    home.load(pupils, day("2026-11-22"), &["p1"]).await;
    let health = home.stream("health", "health").await;
    let mut ingest = home.store.begin_ingest(&payload(health, day("2026-11-22"))).await.unwrap();
    let mut came = batch(&ingest, health, &["h1"]);
    came.reviews.push(NewReview {
        record: RecordId(2),
        provisional: ChildId(2),
        candidate: ChildId(1),
        rule: "name-dob-only",
        agreed: vec!["name", "dob"],
        differed: vec!["address"],
    });
    ingest.write(came).await.unwrap();
    finish(ingest, 1, Fate::Accepted).await;
    health
}

async fn children(home: &Home) -> Vec<(i64, bool, Vec<i64>)> {
    let mut all = Vec::new();
    home.store.each_child(&Which::All, |c, unsure, r| all.push((c.0, unsure, r.iter().map(|r| r.id.0).collect()))).await.unwrap();
    all
}

#[tokio::test]
async fn a_link_that_waits_makes_both_children_unsure() {
    let home = Home::new().await;
    waiting(&home).await;
    assert_eq!(children(&home).await, [(1, true, vec![1]), (2, true, vec![2])]);
    let mut one = Vec::new();
    home.store.each_child(&Which::These(vec![ChildId(2), ChildId(2), ChildId(77)]), |c, u, _| one.push((c.0, u))).await.unwrap();
    assert_eq!(one, [(2, true)]);
    let list = home.store.review_list(&officer()).await.unwrap();
    assert_eq!((list[0].record, list[0].child, list[0].provisional), (RecordId(2), ChildId(1), ChildId(2)));
    assert_eq!((list[0].reason.as_str(), list[0].source.as_str()), ("name-dob-only", "health"));
    assert_eq!(home.store.totals().await.unwrap().reviews, 1);
}

#[tokio::test]
async fn same_joins_the_children_and_undo_parts_them_with_what_came_since() {
    let home = Home::new().await;
    let health = waiting(&home).await;
    let decided = home.store.decide(ReviewId(1), true, "the same mother", &officer(), now()).await.unwrap();
    assert_eq!((decided.decision.one.key.as_str(), decided.decision.other.key.as_str()), ("h1", "p1"));
    assert_eq!(decided.merged.unwrap().records, 1);
    assert_eq!(children(&home).await, [(1, false, vec![1, 2])]);
    assert_eq!(home.store.child(ChildId(2)).await.unwrap().merged_into, Some(ChildId(1)));
    let known = home.store.link_decisions().await.unwrap();
    assert!(known.len() == 1 && known[0].same && known[0].one == (health, "h1".to_owned()));

    let mut ingest = home.store.begin_ingest(&payload(health, day("2026-11-23"))).await.unwrap();
    let mut newer = new_record(RecordId(3), ChildId(1), health, "h1", 1);
    newer.replaces = Some(RecordId(2));
    ingest.write(Batch { records: vec![newer], ..Batch::default() }).await.unwrap();
    finish(ingest, 1, Fate::Accepted).await;
    assert_eq!(children(&home).await, [(1, false, vec![1, 3])]);

    let undone = home.store.undo_decision(ReviewId(1), "two mothers", &officer(), now()).await.unwrap();
    assert_eq!(undone.review.state, ReviewState::Open);
    assert_eq!(children(&home).await, [(1, true, vec![1]), (2, true, vec![3])]);
    assert!(home.store.link_decisions().await.unwrap().is_empty());
    assert!(home.store.decisions().await.unwrap()[0].undone_at.is_some());
    let kinds: Vec<String> = home.store.child_history(&officer(), ChildId(2)).await.unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(kinds.iter().filter(|k| *k == "joined" || *k == "parted").count(), 2);
}

#[tokio::test]
async fn different_keeps_them_apart_and_is_decided_once() {
    let home = Home::new().await;
    waiting(&home).await;
    let decided = home.store.decide(ReviewId(1), false, "cousins", &officer(), now()).await.unwrap();
    assert!(decided.merged.is_none() && !decided.decision.same);
    assert_eq!(children(&home).await, [(1, false, vec![1]), (2, false, vec![2])]);
    let again = home.store.decide(ReviewId(1), true, "x", &officer(), now()).await.unwrap_err();
    assert!(matches!(again, StoreError::Refused { .. }), "{again}");
    assert_eq!(home.store.review(ReviewId(1)).await.unwrap().state, ReviewState::Different);
    let explained = home.store.explain(&officer(), RecordId(2)).await.unwrap();
    assert_eq!((explained.link.child, explained.decisions.len(), explained.decisions[0].same), (ChildId(2), 1, false));
    home.store.undo_decision(ReviewId(1), "not sure", &officer(), now()).await.unwrap();
    assert_eq!(home.store.open_reviews().await.unwrap().len(), 1);
    assert!(home.store.undo_decision(ReviewId(1), "x", &officer(), now()).await.is_err());
}

#[tokio::test]
async fn a_review_follows_children_that_were_joined_meanwhile() {
    let home = Home::new().await;
    waiting(&home).await;
    let leavers = home.stream("8524001", "leavers").await;
    home.load(leavers, day("2026-11-22"), &["l1"]).await;
    let merge = |from, into| ChildMerge { from: ChildId(from), into: ChildId(into), reason: "by hand".to_owned() };
    home.store.child_merge(&merge(1, 3), &officer(), now()).await.unwrap();
    assert_eq!(home.store.review(ReviewId(1)).await.unwrap().candidate, ChildId(3));
    assert!(home.store.child_merge(&merge(1, 2), &officer(), now()).await.is_err(), "child 1 was joined to 3");
    assert!(home.store.child_merge(&merge(2, 2), &officer(), now()).await.is_err());
    assert!(matches!(home.store.child_merge(&merge(2, 9), &officer(), now()).await, Err(StoreError::NotFound { .. })));
    home.store.child_merge(&merge(2, 3), &officer(), now()).await.unwrap();
    assert!(home.store.open_reviews().await.unwrap().is_empty(), "both are one child: nothing is left to decide");
    assert_eq!(children(&home).await, [(3, false, vec![1, 2, 3])]);
    assert_eq!(home.store.children_of(&[RecordId(1), RecordId(2)]).await.unwrap(), [ChildId(3)]);
}
