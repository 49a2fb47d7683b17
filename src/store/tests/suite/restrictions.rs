use schema::{ChildId, MessageId, RecordId, ReviewId};
use store::{End, Fate, NewReview, PutReport, StoreError};

use crate::home::{batch, day, finish, new_child, now, officer, payload};
use crate::post::{OAK, claim, home, ids, put, restricted, settle, state, tasks, wanted};

#[tokio::test]
async fn what_waits_is_held_at_once_when_its_child_is_restricted_and_goes_only_by_release() {
    let home = home(2).await;
    put(&home.store, vec![wanted(OAK, 1, "a"), wanted(OAK, 2, "a")]).await;
    home.store.restrict(ChildId(1), "protected address", &officer(), now()).await.unwrap();
    assert_eq!(state(&home.store, 1).await, "held");
    assert_eq!(tasks(&home.store).await, [("restricted-child".to_owned(), "open".to_owned(), Some(1))]);
    assert_eq!(ids(&claim(&home.store).await), [2]);
    // As the hub wants it now: the same message, held.
    assert_eq!(put(&home.store, vec![restricted(OAK, 1, "a")]).await, PutReport::default());
    home.store.release_message(MessageId(1), "the mother agreed", &officer(), now()).await.unwrap();
    assert_eq!(put(&home.store, vec![restricted(OAK, 1, "a")]).await, PutReport::default());
    assert_eq!(ids(&claim(&home.store).await), [1]);
    let list = home.store.disclosure_list(&officer(), Some(ChildId(1)), None).await.unwrap();
    assert_eq!(list[0].released_by.as_deref(), Some("Olive Example"));
    let again = home.store.restrict(ChildId(1), "again", &officer(), now()).await.unwrap_err();
    assert!(matches!(again, StoreError::Refused { .. }), "{again}");
}

#[tokio::test]
async fn claiming_refuses_a_restricted_child_wherever_the_restriction_came_from() {
    let home = home(3).await;
    put(&home.store, vec![wanted(OAK, 1, "a"), wanted(OAK, 2, "a"), wanted(OAK, 3, "a")]).await;
    let claimed = claim(&home.store).await;
    // A source says so while the message is on its way; a person says so; the third is not restricted.
    let summary = store::NewChild { restricted: true, ..new_child(ChildId(1), "p1") };
    home.store.update_children(vec![summary]).await.unwrap();
    home.store.restrict(ChildId(2), "custody", &officer(), now()).await.unwrap();
    for c in &claimed {
        settle(&home.store, c, End::Retry { due: now() }).await;
    }
    assert_eq!(ids(&claim(&home.store).await), [3]);
    assert_eq!((state(&home.store, 1).await, state(&home.store, 2).await), ("held".to_owned(), "held".to_owned()));
    assert_eq!(tasks(&home.store).await.len(), 2);
    // Released, and restricted once more before it left: the earlier word counts no more.
    home.store.release_message(MessageId(2), "agreed", &officer(), now()).await.unwrap();
    home.store.unrestrict(ChildId(2), "moved again", &officer(), now()).await.unwrap();
    home.store.restrict(ChildId(2), "protected address", &officer(), now()).await.unwrap();
    assert!(claim(&home.store).await.is_empty());
    assert_eq!(state(&home.store, 2).await, "held");
}

#[tokio::test]
async fn a_message_sealed_of_a_restricted_child_is_not_sent_by_mistake() {
    let home = home(1).await;
    let mut mistaken = restricted(OAK, 1, "a");
    mistaken.state = schema::MessageState::Waiting;
    put(&home.store, vec![mistaken]).await;
    assert!(claim(&home.store).await.is_empty());
    assert_eq!((state(&home.store, 1).await.as_str(), tasks(&home.store).await.len()), ("held", 1));
}

#[tokio::test]
async fn taken_back_a_restriction_lets_the_message_go_when_it_is_wanted_again() {
    let home = home(1).await;
    home.store.restrict(ChildId(1), "adoption", &officer(), now()).await.unwrap();
    assert!(home.store.show_child(&officer(), ChildId(1)).await.unwrap().restricted);
    assert!(!home.store.child(ChildId(1)).await.unwrap().restricted, "what sources say is kept apart");
    home.store.update_children(vec![new_child(ChildId(1), "p1")]).await.unwrap();
    assert!(home.store.show_child(&officer(), ChildId(1)).await.unwrap().restricted, "summaries do not touch it");
    put(&home.store, vec![restricted(OAK, 1, "a")]).await;
    home.store.unrestrict(ChildId(1), "the order ended", &officer(), now()).await.unwrap();
    assert!(home.store.restricted_by_person().await.unwrap().is_empty());
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "a")]).await, PutReport::default());
    assert_eq!(ids(&claim(&home.store).await), [1]);
    assert_eq!(tasks(&home.store).await[0].1, "done");
    assert!(home.store.unrestrict(ChildId(1), "x", &officer(), now()).await.is_err());
    let kinds: Vec<String> = home.store.child_history(&officer(), ChildId(1)).await.unwrap().into_iter().map(|e| e.kind).collect();
    for kind in ["restricted", "unrestricted", "message", "disclosed"] {
        assert!(kinds.iter().any(|k| k == kind), "{kind} in {kinds:?}");
    }
}

#[tokio::test]
async fn restrictions_and_messages_follow_joins_and_their_undoing() {
    let home = home(1).await;
    let health = home.stream("health", "health").await;
    let mut ingest = home.store.begin_ingest(&payload(health, day("2026-11-22"))).await.unwrap();
    let mut came = batch(&ingest, health, &["h1"]);
    came.reviews.push(NewReview {
        record: RecordId(2),
        provisional: ChildId(2),
        candidate: ChildId(1),
        rule: "name-dob-only",
        agreed: vec!["name"],
        differed: Vec::new(),
    });
    ingest.write(came).await.unwrap();
    finish(ingest, 1, Fate::Accepted).await;
    put(&home.store, vec![wanted(OAK, 2, "a")]).await;
    home.store.restrict(ChildId(2), "protected address", &officer(), now()).await.unwrap();
    let restricted_now = async || {
        let mut all: Vec<i64> = home.store.restricted_by_person().await.unwrap().into_iter().map(|c| c.0).collect();
        all.sort_unstable();
        all
    };
    let later = now() + chrono::TimeDelta::hours(1);
    home.store.decide(ReviewId(1), true, "the same", &officer(), later).await.unwrap();
    assert_eq!(restricted_now().await, [1], "what was said of one is said of both");
    assert!(home.store.show_child(&officer(), ChildId(1)).await.unwrap().restricted);
    assert_eq!(home.store.pending().await.unwrap()[0].child, ChildId(1));
    assert!(home.store.restrict(ChildId(2), "x", &officer(), later).await.is_err(), "that child was joined to another");
    // The hub wants it of the child as it is now: it is there already.
    assert_eq!(put(&home.store, vec![restricted(OAK, 1, "a")]).await, PutReport::default());
    home.store.undo_decision(ReviewId(1), "not the same", &officer(), later).await.unwrap();
    assert_eq!(restricted_now().await, [2], "it goes back to whom it was said of");

    home.store.decide(ReviewId(1), true, "the same after all", &officer(), later).await.unwrap();
    home.store.unrestrict(ChildId(1), "ended", &officer(), later).await.unwrap();
    home.store.restrict(ChildId(1), "custody", &officer(), later + chrono::TimeDelta::hours(1)).await.unwrap();
    home.store.undo_decision(ReviewId(1), "not the same", &officer(), later).await.unwrap();
    assert_eq!(restricted_now().await, [1, 2], "said of both while they were one: it is not known of whom, so of either");
}
