use schema::{ChangeId, TaskKind};
use store::{Batch, Fate, NewHouseholdChange};

use crate::home::{Home, day, finish, now, officer, payload};
use crate::post::task;

fn change(key: &str, digest: u8) -> NewHouseholdChange {
    NewHouseholdChange {
        key: key.to_owned(),
        reference: key.to_owned(),
        digest: [digest; 16],
        row: 1,
        body: r#"{"source_id":"H-1","name":{"surname":"Example"}}"#.to_owned(),
        cause: "nobody-named",
    }
}

async fn bring(home: &Home, stream: schema::StreamId, changes: Vec<NewHouseholdChange>) {
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-24"))).await.unwrap();
    ingest.write(Batch { household: changes, ..Batch::default() }).await.unwrap();
    finish(ingest, 0, Fate::Accepted).await;
}

#[tokio::test]
async fn a_change_of_address_waits_until_its_children_are_found_and_a_newer_one_takes_its_place() {
    let home = Home::new().await;
    let stream = home.stream("housing", "housing").await;
    bring(&home, stream, vec![change("H-1", 1), change("H-2", 1)]).await;
    bring(&home, stream, vec![change("H-1", 1), change("H-2", 2)]).await;
    let open = home.store.open_household().await.unwrap();
    assert_eq!(open.iter().map(|h| (h.id.0, h.key.as_str(), h.payload.0)).collect::<Vec<_>>(), [(1, "H-1", 1), (3, "H-2", 2)]);
    assert!(!format!("{open:?}").contains("Example"));
    let mut resumed = home.store.resume_ingest(open[0].payload).await.unwrap();
    resumed.resolve_household(ChangeId(1)).await.unwrap();
    resumed.open_task(&task(TaskKind::WhoMoved, "who-moved/H3"), Some(1), now()).await.unwrap();
    assert!(resumed.resolve_household(ChangeId(1)).await.is_err());
    finish(resumed, 0, Fate::Accepted).await;
    assert_eq!(home.store.open_household().await.unwrap().len(), 1);
    let keys = home.store.household_keys(stream).await.unwrap();
    assert_eq!((keys["H-1"], keys["H-2"]), ([1; 16], [2; 16]), "resolved ones are known too");
    let opened = &home.store.task_list(&officer(), false).await.unwrap()[0];
    assert_eq!((opened.payload.map(|p| p.0), opened.row), (Some(1), Some(1)));
    // A resolved one that says something else opens anew.
    bring(&home, stream, vec![change("H-1", 9)]).await;
    assert_eq!(home.store.open_household().await.unwrap().len(), 2);
    // A person's answer to who moved ends the waiting of that change.
    home.store.task_done(opened.id, "nobody of school age", &officer(), now()).await.unwrap();
    assert_eq!(home.store.open_household().await.unwrap().iter().map(|h| h.id.0).collect::<Vec<_>>(), [4]);
}

#[tokio::test]
async fn a_payload_that_fails_leaves_no_change_of_address() {
    let home = Home::new().await;
    let stream = home.stream("housing", "housing").await;
    let mut ingest = home.store.begin_ingest(&payload(stream, day("2026-11-24"))).await.unwrap();
    ingest.write(Batch { household: vec![change("H-1", 1)], ..Batch::default() }).await.unwrap();
    drop(ingest);
    assert!(home.store.open_household().await.unwrap().is_empty());
}

#[tokio::test]
async fn of_the_open_tasks_there_is_one_of_a_key_and_each_ends_with_its_cause_or_by_a_person() {
    let home = Home::new().await;
    let store = &home.store;
    let (one, two) = (task(TaskKind::WhoMoved, "who-moved/H1"), task(TaskKind::NoAgreement, "no-agreement/8524001"));
    assert_eq!(store.open_tasks(vec![one.clone(), two.clone(), one.clone()], now()).await.unwrap(), 2);
    assert_eq!(store.keep_tasks(&[TaskKind::NoAgreement], &[], now()).await.unwrap(), 1, "only of the kinds that were named");
    assert_eq!(store.keep_tasks(&[TaskKind::WhoMoved], &["who-moved/H1".to_owned()], now()).await.unwrap(), 0);
    let list = store.task_list(&officer(), true).await.unwrap();
    let open: Vec<_> = list.iter().filter(|t| t.state == "open").collect();
    assert_eq!(open.len(), 1);
    store.task_done(open[0].id, "asked the housing officer", &officer(), now()).await.unwrap();
    let done = store.task_show(&officer(), open[0].id).await.unwrap();
    assert_eq!(
        (done.state.as_str(), done.done_by.as_deref(), done.reason.as_deref()),
        ("done", Some("Olive Example"), Some("asked the housing officer"))
    );
    assert!(store.task_done(done.id, "again", &officer(), now()).await.unwrap_err().to_string().contains("done already"));
    assert!(store.task_show(&officer(), schema::TaskId(99)).await.is_err());
    assert_eq!(store.open_tasks(vec![one], now()).await.unwrap(), 1, "the cause came again");
    assert_eq!(store.close_tasks(&["who-moved/H1".to_owned()], "the children are known", now()).await.unwrap(), 1);
}
