use schema::{ChildId, HoldReason, MessageId, MessageState, TaskKind};
use store::{End, PutReport, StoreError};

use crate::home::{now, officer};
use crate::post::{
    ELM, OAK, claim, held, home, ids, json, put, restricted, sealed, send_all, settle, state, task, tasks, unsealed, wanted,
};

#[tokio::test]
async fn putting_the_same_messages_twice_changes_nothing() {
    let home = home(4).await;
    let all = || {
        vec![
            wanted(OAK, 1, "3 Other Street"),
            restricted(OAK, 2, "4 Other Street"),
            unsealed(ELM, 3, "5 Other Street"),
            wanted(ELM, 1, "3 Other Street"),
        ]
    };
    let first = put(&home.store, all()).await;
    assert_eq!(first, PutReport { new: 4, overtaken: 0, held: 2, withdrawn: 0 });
    let before = (home.store.outbox_list(&officer()).await.unwrap(), tasks(&home.store).await);
    assert_eq!(put(&home.store, all()).await, PutReport::default());
    assert_eq!((home.store.outbox_list(&officer()).await.unwrap(), tasks(&home.store).await), before);
    let words = &home.store.task_list(&officer(), false).await.unwrap()[0].words;
    assert_eq!(words, "Decide about M2.", "the task names its message");
    // Also after some are on their way, and one no channel took.
    let claimed = claim(&home.store).await;
    assert_eq!(ids(&claimed), [1, 4]);
    assert_eq!(put(&home.store, all()).await, PutReport::default());
    settle(&home.store, &claimed[0], End::Dead(task(TaskKind::Undelivered, "undelivered/M1"))).await;
    assert_eq!(put(&home.store, all()).await, PutReport::default());
    assert_eq!(state(&home.store, 1).await, "dead");
}

#[tokio::test]
async fn of_a_recipient_purpose_and_child_one_message_waits_and_the_newest_address_is_told() {
    let home = home(2).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    let report = put(&home.store, vec![wanted(OAK, 1, "7 New Road")]).await;
    assert_eq!(report, PutReport { new: 1, overtaken: 1, ..PutReport::default() });
    let list = home.store.outbox_list(&officer()).await.unwrap();
    assert_eq!((list[0].state.as_str(), list[0].reason.as_deref()), ("cancelled", Some("overtaken by M2")));
    let pending = home.store.pending().await.unwrap();
    assert_eq!(
        pending.iter().map(|p| (p.id.0, p.state, p.address.clone())).collect::<Vec<_>>(),
        [(2, MessageState::Waiting, json("7 New Road"))]
    );
    // A dead one is overtaken as well, and its task ends.
    let claimed = claim(&home.store).await;
    settle(&home.store, &claimed[0], End::Dead(task(TaskKind::Undelivered, "undelivered/M2"))).await;
    put(&home.store, vec![wanted(OAK, 1, "9 Last Lane")]).await;
    assert_eq!((state(&home.store, 2).await, state(&home.store, 3).await), ("cancelled".to_owned(), "waiting".to_owned()));
    assert_eq!(tasks(&home.store).await, [("undelivered".to_owned(), "done".to_owned(), Some(2))]);
}

#[tokio::test]
async fn what_is_being_sent_stays_and_the_newer_one_waits_behind_it() {
    let home = home(1).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    let first = claim(&home.store).await;
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "7 New Road")]).await, PutReport { new: 1, ..PutReport::default() });
    assert!(claim(&home.store).await.is_empty(), "its lane is not free");
    // It did not go: what it says no longer holds.
    settle(&home.store, &first[0], End::Retry { due: now() }).await;
    assert_eq!(state(&home.store, 1).await, "cancelled");
    assert_eq!(ids(&claim(&home.store).await), [2]);
}

#[tokio::test]
async fn going_back_to_an_address_that_is_on_its_way_tells_it_again_if_something_else_follows() {
    let home = home(1).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    let first = claim(&home.store).await;
    settle(&home.store, &first[0], End::Unknown { resend_due: None, task: None }).await;
    put(&home.store, vec![wanted(OAK, 1, "7 New Road")]).await;
    // Back before the second left: the first says it, if it arrived.
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await, PutReport { overtaken: 1, ..PutReport::default() });
    assert_eq!(state(&home.store, 1).await, "unknown");
}

#[tokio::test]
async fn a_message_that_nobody_needs_any_more_is_taken_back() {
    let home = home(3).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), restricted(OAK, 2, "4 Other Street"), wanted(OAK, 3, "5 Other Street")]).await;
    let claimed = claim(&home.store).await;
    settle(&home.store, &claimed[1], End::Sent { collect_by: None }).await;
    let report = home.store.put_messages(Vec::new(), [1, 2, 3].map(MessageId).to_vec(), now()).await.unwrap();
    assert_eq!(report, PutReport { withdrawn: 1, ..PutReport::default() }, "not what is being sent, nor what was sent");
    assert_eq!(tasks(&home.store).await, [("restricted-child".to_owned(), "done".to_owned(), Some(2))]);
}

#[tokio::test]
async fn what_no_agreement_allows_has_no_content_until_one_does_and_then_it_waits() {
    let home = home(3).await;
    put(&home.store, vec![unsealed(OAK, 1, "3 Other Street"), unsealed(OAK, 2, "4 Other Street")]).await;
    assert_eq!(tasks(&home.store).await.len(), 1, "one gap, one task");
    assert!(home.store.message(MessageId(1)).await.unwrap().sealed.is_none());
    let refused = home.store.release_message(MessageId(1), "please", &officer(), now()).await.unwrap_err();
    assert!(refused.to_string().contains("no content"), "{refused}");
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), unsealed(OAK, 2, "4 Other Street")]).await, PutReport::default());
    assert_eq!(tasks(&home.store).await[0].1, "open", "the other still waits for it");
    assert_eq!(ids(&claim(&home.store).await), [1]);
    put(&home.store, vec![wanted(OAK, 2, "4 Other Street")]).await;
    assert_eq!(tasks(&home.store).await[0].1, "done");
    // The agreement ended: what waited is stopped.
    put(&home.store, vec![unsealed(OAK, 2, "4 Other Street")]).await;
    assert_eq!((state(&home.store, 2).await, state(&home.store, 3).await), ("cancelled".to_owned(), "held".to_owned()));
}

#[tokio::test]
async fn a_release_holds_when_the_same_message_is_wanted_again() {
    let home = home(2).await;
    let asked = || held(HoldReason::Release, TaskKind::Release, wanted(OAK, 1, "3 Other Street"));
    put(&home.store, vec![asked(), restricted(OAK, 2, "4 Other Street")]).await;
    for id in [1, 2] {
        home.store.release_message(MessageId(id), "agreed with the head", &officer(), now()).await.unwrap();
    }
    assert_eq!(put(&home.store, vec![asked(), restricted(OAK, 2, "4 Other Street")]).await, PutReport::default());
    assert!(tasks(&home.store).await.iter().all(|t| t.1 == "done"));
    // A release that was asked for by the agreement does not let a restricted child go.
    let mut now_restricted = restricted(OAK, 1, "3 Other Street");
    now_restricted.sealed = Some(sealed(OAK, 1, "3 Other Street", true));
    assert_eq!(put(&home.store, vec![now_restricted]).await, PutReport { held: 1, ..PutReport::default() });
    assert_eq!(ids(&claim(&home.store).await), [2]);
    let again = home.store.release_message(MessageId(2), "again", &officer(), now()).await.unwrap_err();
    assert!(matches!(again, StoreError::Refused { .. }), "{again}");
}

#[tokio::test]
async fn people_send_again_and_take_back() {
    let home = home(3).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), wanted(OAK, 2, "4 Other Street"), wanted(OAK, 3, "5 Other Street")]).await;
    let claimed = claim(&home.store).await;
    let leased = home.store.cancel(MessageId(1), "x", &officer(), now()).await.unwrap_err();
    assert!(leased.to_string().contains("M1 is leased"), "{leased}");
    settle(&home.store, &claimed[0], End::Dead(task(TaskKind::Undelivered, "undelivered/M1"))).await;
    settle(&home.store, &claimed[1], End::Hold(HoldReason::OutcomeUnknown, task(TaskKind::OutcomeUnknown, "outcome-unknown/M2"))).await;
    settle(&home.store, &claimed[2], End::Retry { due: now() + chrono::TimeDelta::hours(4) }).await;
    assert!(claim(&home.store).await.is_empty());
    for id in 1..=3 {
        home.store.retry(MessageId(id), &officer(), now()).await.unwrap();
    }
    let again = claim(&home.store).await;
    assert_eq!(again.iter().map(|c| (c.message.0, c.attempt, c.tried_on_channel)).collect::<Vec<_>>(), [(1, 2, 1), (2, 2, 1), (3, 2, 2)]);
    assert_eq!(again.iter().map(|c| c.sequence).collect::<Vec<_>>(), [1, 2, 3], "the file keeps its number");
    settle(&home.store, &again[0], End::Sent { collect_by: None }).await;
    let sent = home.store.cancel(MessageId(1), "x", &officer(), now()).await.unwrap_err();
    assert!(sent.to_string().contains("M1 is sent"), "{sent}");
    settle(&home.store, &again[1], End::Retry { due: now() }).await;
    home.store.cancel(MessageId(2), "the school was phoned", &officer(), now()).await.unwrap();
    assert_eq!(state(&home.store, 2).await, "cancelled");
    assert!(matches!(home.store.retry(MessageId(99), &officer(), now()).await, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn only_what_was_handed_over_counts_as_told_and_of_it_the_latest() {
    let home = home(2).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), wanted(ELM, 1, "3 Other Street"), wanted(OAK, 2, "4 Other Street")]).await;
    let claimed = claim(&home.store).await;
    assert!(home.store.told().await.unwrap().is_empty());
    settle(&home.store, &claimed[0], End::Sent { collect_by: None }).await;
    settle(&home.store, &claimed[1], End::Unknown { resend_due: None, task: None }).await;
    settle(&home.store, &claimed[2], End::Received).await;
    let told = home.store.told().await.unwrap();
    assert_eq!(told[&ChildId(1)], [(OAK.to_owned(), json("3 Other Street"))]);
    assert_eq!(told[&ChildId(2)], [(OAK.to_owned(), json("4 Other Street"))]);
    put(&home.store, vec![wanted(OAK, 1, "7 New Road")]).await;
    assert_eq!(send_all(&home.store).await, 1);
    assert_eq!(home.store.told().await.unwrap()[&ChildId(1)], [(OAK.to_owned(), json("7 New Road"))]);
}

#[tokio::test]
async fn what_a_person_took_back_is_not_made_anew_until_something_else_is_to_be_told() {
    let home = home(3).await;
    let all = || vec![wanted(OAK, 1, "3 Other Street"), restricted(OAK, 2, "4 Other Street"), unsealed(OAK, 3, "5 Other Street")];
    put(&home.store, all()).await;
    for id in 1..=3 {
        home.store.cancel(MessageId(id), "the family told the school itself", &officer(), now()).await.unwrap();
    }
    for _ in 0..2 {
        assert_eq!(put(&home.store, all()).await, PutReport::default());
    }
    assert_eq!(put(&home.store, vec![wanted(OAK, 3, "5 Other Street")]).await, PutReport::default(), "an agreement came since");
    assert!(claim(&home.store).await.is_empty() && tasks(&home.store).await.iter().all(|t| t.1 == "done"));
    assert_eq!(put(&home.store, vec![wanted(ELM, 1, "3 Other Street")]).await.new, 1, "another school was not meant");
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "7 New Road")]).await.new, 1, "another address");
    assert_eq!(send_all(&home.store).await, 2);
    // Back to the first after another was told: the school has to hear of it.
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await.new, 1);
    // What onroll itself took back may come again.
    home.store.put_messages(Vec::new(), vec![MessageId(6)], now()).await.unwrap();
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await.new, 1);
}

#[tokio::test]
async fn an_older_message_does_not_go_on_after_a_person_took_the_newer_one_back() {
    let home = home(1).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    let first = claim(&home.store).await;
    put(&home.store, vec![wanted(OAK, 1, "7 New Road")]).await;
    home.store.cancel(MessageId(2), "told by phone", &officer(), now()).await.unwrap();
    settle(&home.store, &first[0], End::Retry { due: now() + chrono::TimeDelta::hours(1) }).await;
    assert_eq!(put(&home.store, vec![wanted(OAK, 1, "7 New Road")]).await, PutReport { overtaken: 1, ..PutReport::default() });
    assert_eq!(state(&home.store, 1).await, "cancelled");
}
