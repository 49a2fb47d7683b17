//! Messages of invented children to schools, and what a delivery does with them in few words.

use chrono::{DateTime, TimeDelta, Utc};
use schema::provision::AddressChange;
use schema::{Address, ChildId, HoldReason, MessageId, MessageState, Name, NewTask, Record, Role, TaskKind};
use sharing::{Agreements, Purpose, Sealed, Subject};
use store::{Claim, Claimed, End, NewMessage, PutReport, Settled, Settlement, Store};

use crate::home::{Home, day, now};

pub const OAK: &str = "8524001";
pub const ELM: &str = "8524002";
pub const RUN: &str = "run-1";

fn agreements() -> Agreements {
    let file = |recipient: &str| {
        let text = format!(
            r#"recipient = "{recipient}"
name = "A School"
version = "2026-1"
in_force = true
from = 2026-09-01
until = 2027-08-31
review = 2027-06-01
[[contact]]
name = "Head of office"
email = "office@school.example"
[[channel]]
kind = "folder"
collect_within_hours = 72
[[channel]]
kind = "email"
to = "office@school.example"
content = "attachment"
[purpose.address-change]
basis = "Education Act 1996 s436A; UK GDPR Art 6(1)(e)"
fields = ["name.forename", "name.surname", "dob", "address.lines"]
direction = "out"
release = "automatic"
on_unknown = "resend"
"#
        );
        (format!("agreements/{recipient}.toml"), text)
    };
    Agreements::parse(&[file(OAK), file(ELM)]).unwrap()
}

pub fn sealed(recipient: &str, child: i64, line: &str, restricted: bool) -> Sealed {
    let name = Name { forename: "Ada".to_owned(), surname: "Example".to_owned(), ..Name::default() };
    let best = Record { name, ..Record::default() };
    let address = address(line);
    let subject = Subject { child: ChildId(child), restricted, best: &best, address: &address, change: &AddressChange::default() };
    sharing::seal(&agreements(), recipient, Purpose::AddressChange, &subject, day("2026-11-24")).unwrap()
}

pub fn address(line: &str) -> Address {
    Address { lines: vec![line.to_owned()], ..Address::default() }
}

pub fn json(line: &str) -> String {
    serde_json::to_string(&address(line)).unwrap()
}

/// A message to be sent.
pub fn wanted(recipient: &str, child: i64, line: &str) -> NewMessage {
    NewMessage {
        sealed: Some(sealed(recipient, child, line, false)),
        recipient: recipient.to_owned(),
        purpose: "address-change".to_owned(),
        child: ChildId(child),
        finding: None,
        address: json(line),
        state: MessageState::Waiting,
        hold: None,
        reason: None,
        task: None,
    }
}

pub fn task(kind: TaskKind, key: &str) -> NewTask {
    NewTask {
        kind,
        key: key.to_owned(),
        child: None,
        recipient: None,
        owner: Role::Officer,
        due: day("2026-11-26"),
        words: "Decide about MESSAGE.".to_owned(),
    }
}

/// A message that waits for a person.
pub fn held(hold: HoldReason, kind: TaskKind, mut message: NewMessage) -> NewMessage {
    message.state = MessageState::Held;
    message.hold = Some(hold);
    message.reason = Some("a person decides".to_owned());
    message.task = Some(task(kind, &format!("{}/{}/{}", kind.as_str(), message.recipient, message.child)));
    message
}

/// A message of a restricted child, as the hub wants it.
pub fn restricted(recipient: &str, child: i64, line: &str) -> NewMessage {
    let mut message = held(HoldReason::Restricted, TaskKind::RestrictedChild, wanted(recipient, child, line));
    message.sealed = Some(sealed(recipient, child, line, true));
    message
}

/// A message that no agreement allows.
pub fn unsealed(recipient: &str, child: i64, line: &str) -> NewMessage {
    let mut message = held(HoldReason::NoAgreement, TaskKind::NoAgreement, wanted(recipient, child, line));
    message.sealed = None;
    message.task = Some(task(TaskKind::NoAgreement, &format!("no-agreement/{recipient}")));
    message
}

/// A home with so many children, of one school.
pub async fn home(children: usize) -> Home {
    let home = Home::new().await;
    let stream = home.stream(OAK, "pupils").await;
    let keys: Vec<String> = (1..=children).map(|n| format!("p{n}")).collect();
    home.load(stream, day("2026-11-22"), &keys.iter().map(String::as_str).collect::<Vec<_>>()).await;
    home
}

pub async fn put(store: &Store, wanted: Vec<NewMessage>) -> PutReport {
    store.put_messages(wanted, Vec::new(), now()).await.unwrap()
}

pub fn claim_at(at: DateTime<Utc>) -> Claim<'static> {
    Claim { now: at, lease_until: at + TimeDelta::seconds(60), by: RUN, limit: 100, sender: "852LLLL", shut: &[], few: &[] }
}

pub async fn claim(store: &Store) -> Vec<Claimed> {
    store.claim(&claim_at(now())).await.unwrap()
}

pub fn ids(claimed: &[Claimed]) -> Vec<i64> {
    claimed.iter().map(|c| c.message.0).collect()
}

pub async fn settle(store: &Store, claimed: &Claimed, end: End) -> Settled {
    let settlement = Settlement { message: claimed.message, attempt: claimed.attempt, end, detail: "as told".to_owned(), at: now() };
    store.settle(RUN, vec![settlement]).await.unwrap()
}

pub async fn send_all(store: &Store) -> usize {
    let claimed = claim(store).await;
    for c in &claimed {
        assert!(settle(store, c, End::Sent { collect_by: None }).await.lost.is_empty());
    }
    claimed.len()
}

pub async fn state(store: &Store, id: i64) -> String {
    store.message(MessageId(id)).await.unwrap().state.as_str().to_owned()
}

/// Kind, state and message of every task.
pub async fn tasks(store: &Store) -> Vec<(String, String, Option<i64>)> {
    let list = store.task_list(&crate::home::officer(), true).await.unwrap();
    let mut list: Vec<_> = list.into_iter().map(|t| (t.id, (t.kind, t.state, t.message.map(|m| m.0)))).collect();
    list.sort_by_key(|(id, _)| *id);
    list.into_iter().map(|(_, task)| task).collect()
}

/// Somebody changes the database past the store.
pub async fn tamper(home: &Home, sql: &'static str) -> Result<u64, sqlx::Error> {
    use sqlx::Connection;
    let url = format!("sqlite:{}", home.folder.path().join("onroll.db").display());
    let mut on = sqlx::SqliteConnection::connect(&url).await?;
    let done = sqlx::query(sql).execute(&mut on).await?;
    on.close().await?;
    Ok(done.rows_affected())
}
