use std::os::unix::fs::PermissionsExt;

use schema::{ChildId, Laestab, MessageId, Role, Viewer};
use store::view::HeldItem;
use store::{End, StoreError};

use crate::home::{Home, now, officer};
use crate::post::{ELM, OAK, claim, home, put, restricted, settle, wanted};

#[tokio::test]
async fn people_see_where_a_message_stands_what_it_says_and_every_try() {
    let home = home(2).await;
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street"), restricted(OAK, 2, "4 Other Street")]).await;
    for end in [End::Retry { due: now() }, End::NextChannel { due: now() }, End::Sent { collect_by: Some(now()) }] {
        settle(&home.store, &claim(&home.store).await[0], end).await;
    }
    let shown = home.store.outbox_show(&officer(), MessageId(1)).await.unwrap();
    assert_eq!(shown.content.as_deref().map(|c| c.contains("3 Other Street")), Some(true));
    assert!(!format!("{shown:?}").contains("Street"), "not where it may be logged");
    let json = serde_json::to_value(&shown).unwrap();
    assert_eq!(
        (json["id"].as_str(), json["channel"].as_str(), json["state"].as_str(), json["attempts"].as_u64()),
        (Some("M1"), Some("email"), Some("sent"), Some(3))
    );
    let tries: Vec<_> = shown.tries.iter().map(|t| (t.channel.as_str(), t.outcome.as_deref().unwrap_or(""))).collect();
    assert_eq!(tries, [("folder", "retry"), ("folder", "next-channel"), ("email", "sent")]);
    assert_eq!(shown.file.as_deref(), Some("852LLLL_8524001_addr0001.csv"));
    let list = home.store.hold_list(&officer()).await.unwrap();
    let [HeldItem::Message(held)] = list.as_slice() else { panic!("one message is held") };
    assert_eq!((held.kind, held.id.0, held.hold.as_str()), ("message", 2, "restricted"));
    assert_eq!(serde_json::to_value(&list).unwrap()[0]["id"], "M2");
}

#[tokio::test]
async fn a_school_sees_of_its_children_what_it_was_told_and_nothing_that_others_were_or_that_is_held() {
    let home = home(1).await;
    put(&home.store, vec![wanted(OAK, 1, "a"), wanted(ELM, 1, "a")]).await;
    for claimed in claim(&home.store).await {
        settle(&home.store, &claimed, End::Received).await;
    }
    home.store.restrict(ChildId(1), "protected address", &officer(), now()).await.unwrap();
    put(&home.store, vec![restricted(OAK, 1, "b")]).await;
    let school = Viewer { name: "Sam Example".to_owned(), role: Role::School, school: Laestab::parse(OAK).ok() };
    let seen: Vec<_> =
        home.store.child_history(&school, ChildId(1)).await.unwrap().into_iter().map(|e| (e.kind, e.message.map(|m| m.0))).collect();
    let kinds: Vec<&str> = seen.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["message-received", "message-sent", "disclosed", "told"]);
    assert!(seen.iter().all(|(_, message)| message.is_none_or(|m| m == 1)));
    assert!(home.store.hold_list(&school).await.unwrap().is_empty());
    assert!(home.store.task_list(&school, true).await.unwrap().is_empty());
    assert!(matches!(home.store.outbox_show(&school, MessageId(3)).await, Err(StoreError::NotFound { .. })));
    let ours = home.store.child_history(&officer(), ChildId(1)).await.unwrap();
    assert_eq!(ours.iter().filter(|e| e.kind == "message").count(), 3);
    assert_eq!(ours.iter().find(|e| e.kind == "restricted").and_then(|e| e.by.clone()).as_deref(), Some("Olive Example"));
}

#[tokio::test]
async fn a_key_file_is_made_once_kept_to_its_owner_and_named_when_it_fails() {
    let home = Home::new().await;
    let key = home.folder.path().join("keys/audit.key");
    let missing = store::key_bytes(&key, false).unwrap_err();
    assert!(missing.to_string().contains("keys/audit.key is missing"), "{missing}");
    let made = store::key_bytes(&key, true).unwrap();
    assert_eq!(store::key_bytes(&key, false).unwrap(), made);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(store::key_bytes(&key, true).unwrap_err().to_string().contains("may be read by others"));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&key, "short").unwrap();
    assert!(store::key_bytes(&key, true).unwrap_err().to_string().contains("32 bytes"));
}
