//! What a run does where all goes well, and where a channel does not.

use std::sync::Arc;

use chrono::TimeDelta;
use schema::{ChildId, Clock, MessageState};

use crate::double::{Act, Double};
use crate::home::{BOTH, EMAIL, EMAIL_HOLD, FOLDER, Home, start};

#[tokio::test]
async fn a_message_arrives_once_and_stands_in_the_log() {
    let home = Home::with_children(2).await;
    home.put(&FOLDER, 1..=2, 12).await;
    let report = home.run(Vec::new()).await;
    assert_eq!((report.sent["folder"], report.undelivered, report.told.clone()), (2, 0, vec![ChildId(1), ChildId(2)]));
    let files = home.files(&FOLDER);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["852LLLL_8524001_addr0001.csv", "852LLLL_8524001_addr0002.csv"]);
    assert!(files.values().all(|text| text.contains("12 Test Road")));
    assert!(home.disclosed().await.values().all(|n| *n == 1));

    let again = home.run(Vec::new()).await;
    assert_eq!((again.sent.len(), again.undelivered, again.told.len(), again.next_due), (0, 0, 0, None));
    assert_eq!(home.files(&FOLDER).len(), 2);
}

#[tokio::test]
async fn a_report_is_one_json_document() {
    let home = Home::with_children(1).await;
    home.put(&FOLDER, [1], 12).await;
    let report = serde_json::to_value(home.run(Vec::new()).await).unwrap();
    assert_eq!((&report["sent"]["folder"], &report["undelivered"], &report["told"][0]), (&1.into(), &0.into(), &"C1".into()));
}

#[tokio::test]
async fn a_channel_that_refuses_or_is_not_set_up_is_followed_by_the_next() {
    let home = Home::with_children(2).await;
    home.put(&BOTH, [1], 12).await;
    let mail = Arc::new(Double::that("email", Act::Refuse));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((mail.tries(), report.sent["folder"], report.failing[0].last.as_str()), (1, 1, "550"));

    home.put(&BOTH, [2], 12).await;
    let report = home.run(Vec::new()).await;
    assert_eq!((report.sent["folder"], report.failing[0].last.as_str()), (1, "email is not set up here: put [email] into onroll.toml"));
    assert_eq!(home.disclosed().await.len(), 2);
}

#[tokio::test]
async fn on_a_clock_that_stands_still_a_run_ends_and_says_when_to_come_again() {
    let home = Home::with_children(1).await;
    home.put(&EMAIL, [1], 12).await;
    let mail = Arc::new(Double::that("email", Act::FailBefore));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((mail.tries(), report.undelivered, report.states["waiting"]), (1, 1, 1));
    let due = report.next_due.unwrap();
    assert!(due > start() && due <= start() + TimeDelta::minutes(1), "{due}");
    home.run(vec![mail.clone()]).await;
    assert_eq!(mail.tries(), 1);
}

#[tokio::test]
async fn after_the_last_try_on_the_last_channel_a_person_has_a_task_and_may_try_again() {
    let home = Home::with_children(1).await;
    home.put(&EMAIL, [1], 12).await;
    let mail = Arc::new(Double::that("email", Act::FailBefore));
    for _ in 0..3 {
        let report = home.run(vec![mail.clone()]).await;
        home.clock.to(report.next_due.unwrap_or(start()));
    }
    assert_eq!((mail.tries(), home.state(1).await), (3, MessageState::Dead));
    let tasks = home.tasks("undelivered").await;
    assert_eq!(
        tasks,
        [
            "The address change of child C1 could not be delivered to 8524002 by email: connection refused. Tell the school by telephone, or \
          mend the channel and run: onroll outbox retry M1"
        ]
    );
    home.store.retry(schema::MessageId(1), &crate::home::officer(), home.clock.now()).await.unwrap();
    let mended = Arc::new(Double::that("email", Act::Deliver));
    assert_eq!(home.run(vec![mended]).await.sent["email"], 1);
    assert!(home.tasks("undelivered").await.is_empty());
    assert_eq!(home.disclosed().await.len(), 1);
}

#[tokio::test]
async fn what_may_have_arrived_is_sent_again_as_the_same_mail() {
    let home = Home::with_children(1).await;
    home.put(&EMAIL, [1], 12).await;
    let mut acts = [Act::LoseReply, Act::Deliver].into_iter();
    let mail = Arc::new(Double::new("email", move |_| acts.next().unwrap()));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((home.state(1).await, report.told.len()), (MessageState::Unknown, 0));
    home.clock.to(report.next_due.unwrap());
    assert_eq!(home.run(vec![mail.clone()]).await.sent["email"], 1);
    let arrived = mail.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!((arrived[0].id.as_str(), &arrived[0]), ("<M1.onroll@onroll.example>", &arrived[1]));
}

#[tokio::test]
async fn where_the_agreement_says_hold_a_person_decides() {
    let home = Home::with_children(1).await;
    home.put(&EMAIL_HOLD, [1], 12).await;
    let mail = Arc::new(Double::that("email", Act::LoseReply));
    home.run(vec![mail.clone()]).await;
    home.clock.forward(TimeDelta::days(3));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((mail.tries(), home.state(1).await, report.next_due), (1, MessageState::Held, None));
    assert!(home.tasks("outcome-unknown").await[0].contains("onroll release M1"));
}

#[tokio::test]
async fn a_message_waits_for_the_one_before_it_and_for_no_other() {
    let home = Home::with_children(2).await;
    home.put(&EMAIL, [1], 12).await;
    let mut first = true;
    let mail = Arc::new(Double::new("email", move |_| if std::mem::take(&mut first) { Act::LoseAll } else { Act::Deliver }));
    home.run(vec![mail.clone()]).await;
    // The child moved again while nobody knows whether the first message arrived.
    home.put(&EMAIL, [1], 14).await;
    home.put(&EMAIL, [2], 12).await;
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!(report.told, [ChildId(2)]);
    home.clock.to(report.next_due.unwrap());
    home.run(vec![mail.clone()]).await;
    let told: Vec<String> = mail.arrived().iter().filter(|a| a.message.0 != 3).map(|a| a.body.clone()).collect();
    assert!(told.last().unwrap().contains("14 Test Road"), "{told:?}");
    assert_eq!(home.store.pending().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_that_is_gone_was_received_and_one_that_lies_there_too_long_is_a_task_once() {
    let home = Home::with_children(2).await;
    home.put(&FOLDER, 1..=2, 12).await;
    home.run(Vec::new()).await;
    std::fs::remove_file(home.folder.path().join("out/8524001/852LLLL_8524001_addr0001.csv")).unwrap();
    assert_eq!(home.run(Vec::new()).await.received, 1);
    assert_eq!(home.state(1).await, MessageState::Received);
    home.clock.forward(TimeDelta::hours(72));
    home.run(Vec::new()).await;
    assert!(home.tasks("not-collected").await.is_empty());
    home.clock.forward(TimeDelta::seconds(1));
    home.run(Vec::new()).await;
    home.run(Vec::new()).await;
    let tasks = home.tasks("not-collected").await;
    assert_eq!(
        tasks,
        ["8524001 has not collected 852LLLL_8524001_addr0002.csv from the folder out/8524001 within 72 hours. It is about the address \
          change of child C2. Ask the school to collect it, or tell it by telephone"]
    );
    std::fs::remove_file(home.folder.path().join("out/8524001/852LLLL_8524001_addr0002.csv")).unwrap();
    assert_eq!(home.run(Vec::new()).await.received, 1);
    assert!(home.tasks("not-collected").await.is_empty());
}
