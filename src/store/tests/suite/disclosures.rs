use schema::{ChildId, Laestab, MessageId, Role, Viewer};
use sharing::{AuditKey, ChainFault, Verified, Verifier};
use store::{End, Store};

use crate::home::{now, officer};
use crate::post::{ELM, OAK, claim, home, ids, put, restricted, sealed, settle, state, tamper, tasks, wanted};

async fn verify(store: &Store, key: &AuditKey, signed: (u64, &str)) -> Result<Verified, ChainFault> {
    let head = key.sign(signed.0, signed.1, now());
    let mut verifier = Verifier::new(&key.public_pem(), vec![head])?;
    let mut fault = None;
    store
        .for_each_disclosure(|number, previous, hash, line| {
            if fault.is_none() {
                fault = verifier.entry(number, previous, hash, line).err();
            }
        })
        .await
        .unwrap();
    fault.map_or_else(|| verifier.end(), Err)
}

#[tokio::test]
async fn every_attempt_has_its_entry_and_every_message_one() {
    let home = home(3).await;
    put(&home.store, vec![wanted(OAK, 1, "a"), wanted(ELM, 1, "a"), restricted(OAK, 2, "b"), wanted(OAK, 3, "c")]).await;
    assert_eq!(home.store.last_disclosure().await.unwrap(), None, "nothing was claimed");
    for round in 0..3 {
        for claimed in claim(&home.store).await {
            let end = if round == 2 { End::Sent { collect_by: None } } else { End::Retry { due: now() } };
            settle(&home.store, &claimed, end).await;
        }
    }
    let list = home.store.disclosure_list(&officer(), None, None).await.unwrap();
    assert_eq!(list.iter().map(|d| (d.id.0, d.message.0)).collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 4)]);
    assert_eq!(
        (list[0].fields.join(","), list[0].agreement.as_str()),
        ("name.forename,name.surname,dob,address.lines".to_owned(), "8524001 2026-1")
    );
    assert_eq!(list[0].content, sealed(OAK, 1, "a", false).digest());
    home.store.release_message(MessageId(3), "the court agreed", &officer(), now()).await.unwrap();
    claim(&home.store).await;
    let one = home.store.disclosure_list(&officer(), Some(ChildId(2)), None).await.unwrap();
    assert_eq!(
        one.iter().map(|d| (d.id.0, d.released_by.as_deref(), d.released_role.as_deref())).collect::<Vec<_>>(),
        [(4, Some("Olive Example"), Some("officer"))]
    );
    assert_eq!(home.store.disclosure_list(&officer(), None, Some(ELM)).await.unwrap().len(), 1);
    let school = Viewer { name: "Sam Example".to_owned(), role: Role::School, school: Laestab::parse(ELM).ok() };
    assert_eq!(home.store.disclosure_list(&school, None, None).await.unwrap().len(), 1);
    assert_eq!(home.store.outbox_list(&school).await.unwrap().iter().map(|m| m.id.0).collect::<Vec<_>>(), [2]);
    assert!(home.store.outbox_show(&school, MessageId(1)).await.is_err());
    let json = serde_json::to_value(&one[0]).unwrap();
    for member in ["id", "at", "recipient", "purpose", "basis", "agreement", "child", "fields", "message"] {
        assert!(json.get(member).is_some(), "{member}");
    }
}

#[tokio::test]
async fn the_log_verifies_and_tells_what_was_done_to_it() {
    let home = home(5).await;
    put(&home.store, (1..=5).map(|child| wanted(OAK, child, "a")).collect()).await;
    claim(&home.store).await;
    let (key, _) = AuditKey::generate().unwrap();
    let (entries, hash) = home.store.last_disclosure().await.unwrap().unwrap();
    assert_eq!(verify(&home.store, &key, (entries, &hash)).await.unwrap().entries, 5);
    assert_eq!(home.store.disclosure_hash(5).await.unwrap(), Some(hash.clone()));
    assert_eq!(home.store.disclosure_hash(6).await.unwrap(), None);
    tamper(&home, "create table was as select number, previous, hash, line from disclosure").await.unwrap();
    for (sql, entry) in [
        ("update disclosure set line = replace(line, '8524001', '8524009') where number = 3", 3),
        ("update disclosure set line = line || 'x' where number = 3", 3),
        ("update disclosure set line = cast(x'ff00fe' as text) where number = 3", 3),
        ("update disclosure set hash = upper(hash) where number = 4", 4),
        ("update disclosure set previous = '' where number = 2", 2),
        ("update disclosure set number = 9 where number = 5", 5),
        ("delete from disclosure where number = 1", 1),
        ("delete from disclosure where number = 5", 5),
        ("delete from disclosure", 1),
    ] {
        tamper(&home, sql).await.unwrap();
        let fault = verify(&home.store, &key, (entries, &hash)).await.unwrap_err();
        assert!(fault.to_string().contains(&format!("{entry}")), "{sql}: {fault}");
        tamper(&home, "delete from disclosure").await.unwrap();
        tamper(&home, "insert into disclosure (number, previous, hash, line) select * from was").await.unwrap();
        assert!(verify(&home.store, &key, (entries, &hash)).await.is_ok());
    }
}

#[tokio::test]
async fn a_message_whose_stored_text_was_altered_is_never_sent() {
    let home = home(5).await;
    put(&home.store, (1..=5).map(|child| wanted(OAK, child, "3 Other Street")).collect()).await;
    tamper(&home, "update message set content = replace(content, '3 Other', '4 Other') where id = 1").await.unwrap();
    // Text and digest of another message: whole in itself, and not this one.
    tamper(&home, "update message set (content, digest) = (select content, digest from message where id = 3) where id = 2").await.unwrap();
    tamper(&home, "update message set recipient = '8524002' where id = 4").await.unwrap();
    let claimed = claim(&home.store).await;
    assert_eq!(ids(&claimed), [3, 5]);
    for id in [1, 2, 4] {
        assert_eq!(state(&home.store, id).await, "dead");
    }
    let found = tasks(&home.store).await;
    assert_eq!(
        found.iter().map(|t| (t.0.as_str(), t.2)).collect::<Vec<_>>(),
        [("message-damaged", Some(1)), ("message-damaged", Some(2)), ("message-damaged", Some(4))]
    );
    assert_eq!(home.store.last_disclosure().await.unwrap().unwrap().0, 2, "only what is sent stands in the log");
    // Altered with its digest after it was disclosed: the log knows better.
    settle(&home.store, &claimed[0], End::Retry { due: now() }).await;
    let (text, digest) = {
        let forged = sealed(OAK, 3, "4 Other Street", false);
        (forged.store_text(), forged.digest())
    };
    let sql: &'static str = format!("update message set content = '{text}', digest = '{digest}' where id = 3").leak();
    tamper(&home, sql).await.unwrap();
    assert!(claim(&home.store).await.is_empty());
    // Nor does the wish for it hide what was done; once a person took it back it is made anew.
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    assert_eq!(state(&home.store, 1).await, "dead");
    home.store.cancel(MessageId(1), "found who it was", &officer(), now()).await.unwrap();
    put(&home.store, vec![wanted(OAK, 1, "3 Other Street")]).await;
    assert_eq!(claim(&home.store).await.len(), 1);
}
