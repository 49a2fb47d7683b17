//! Putting messages into the outbox: the same wishes twice change nothing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schema::{HoldReason, MessageId, MessageState, TaskKind};
use sharing::Sealed;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::queue::{PENDING, cancel};
use super::reading::{hold_of, state_of};
use super::{NewMessage, PutReport, routes};
use crate::task::{self, Cause};
use crate::text::{json, time};
use crate::{Result, Store, StoreError};

pub(super) const PUTTING: &str = "putting messages into the outbox";

/// A pending message, as it is compared with what is wanted.
struct Known {
    id: MessageId,
    state: MessageState,
    hold: Option<HoldReason>,
    sealed: Option<Sealed>,
    content: Option<(String, String)>,
    address: String,
    attempted: bool,
    released: bool,
    released_restricted: bool,
}

/// Who is told, for what, of which child as it is now.
type Key = (String, String, i64);

impl Store {
    /// Puts what is wanted into the outbox and takes back what is no longer. Of one recipient, purpose and child at most one
    /// message waits: the same content is kept as it is; with other content the old one is taken back, unless it is being sent
    /// or may have arrived, in which case the new one waits behind it. What a person took back last is not made anew as long as
    /// it would tell the same.
    ///
    /// # Errors
    /// The database; nothing is stored then.
    pub async fn put_messages(&self, wanted: Vec<NewMessage>, withdraw: Vec<MessageId>, at: DateTime<Utc>) -> Result<PutReport> {
        let mut report = PutReport::default();
        if wanted.is_empty() && withdraw.is_empty() {
            return Ok(report);
        }
        let mut tx = self.begin(PUTTING).await?;
        for id in withdraw {
            report.withdrawn += u64::from(take_back(&mut tx, id, at).await?);
        }
        let mut known = known(&mut tx).await?;
        let mut taken_back = taken_back(&mut tx).await?;
        let merged = merged(&mut tx).await?;
        for message in wanted {
            let mut child = message.child.0;
            // Merges lead to a child that was joined to none: they cannot go round in a circle.
            while let Some(into) = merged.get(&child) {
                child = *into;
            }
            let key = (message.recipient.clone(), message.purpose.clone(), child);
            let refused = match taken_back.get(&key).filter(|old| tells_the_same(old, &message)) {
                Some(old) => Some(old.id),
                None => taken_back.remove(&key).and(None),
            };
            put(&mut tx, known.entry(key).or_default(), message, child, refused, &mut report, at).await?;
        }
        tx.commit().await.map_err(StoreError::sql(PUTTING))?;
        Ok(report)
    }
}

async fn known(on: &mut SqliteConnection) -> Result<HashMap<Key, Vec<Known>>> {
    let sql = format!("select * from message m where {PENDING} order by m.id");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(on).await.map_err(StoreError::sql(PUTTING))?;
    let mut known: HashMap<Key, Vec<Known>> = HashMap::new();
    for row in &rows {
        let key = (row.get("recipient"), row.get("purpose"), row.get("child_now"));
        known.entry(key).or_default().push(known_of(row)?);
    }
    Ok(known)
}

fn known_of(row: &SqliteRow) -> Result<Known> {
    let content = row.get::<Option<String>, _>("content").zip(row.get::<Option<String>, _>("digest"));
    Ok(Known {
        id: MessageId(row.get("id")),
        state: state_of(row.get("state"))?,
        hold: hold_of(row.get("hold"))?,
        sealed: content.as_ref().and_then(|(text, digest)| Sealed::reopen(text, digest).ok()),
        content,
        address: row.get("address"),
        attempted: row.get::<i64, _>("attempts") > 0,
        released: row.get::<Option<&str>, _>("released_at").is_some(),
        released_restricted: row.get::<i64, _>("released_restricted") != 0,
    })
}

/// The messages that a person took back and after which none came, but for those that had been altered in the store: taking
/// one of these back is how it is made anew.
async fn taken_back(on: &mut SqliteConnection) -> Result<HashMap<Key, Known>> {
    let rows = sqlx::query(
        "select m.* from message m where m.state = 'cancelled' and m.id in (select message from message_act where kind = 'cancelled')
           and not exists (select 1 from message n where n.recipient = m.recipient and n.purpose = m.purpose and n.child_now = m.child_now
             and n.id > m.id)
           and not exists (select 1 from task_message l join task t on t.id = l.task where l.message = m.id and t.kind = $1)",
    )
    .bind(TaskKind::MessageDamaged.as_str())
    .fetch_all(on)
    .await
    .map_err(StoreError::sql(PUTTING))?;
    rows.iter().map(|row| Ok(((row.get("recipient"), row.get("purpose"), row.get("child_now")), known_of(row)?))).collect()
}

async fn merged(on: &mut SqliteConnection) -> Result<HashMap<i64, i64>> {
    sqlx::query_as("select id, merged_into from child where merged_into is not null")
        .fetch_all(on)
        .await
        .map(|rows: Vec<(i64, i64)>| rows.into_iter().collect())
        .map_err(StoreError::sql(PUTTING))
}

async fn take_back(on: &mut SqliteConnection, id: MessageId, at: DateTime<Utc>) -> Result<bool> {
    let there: Option<i64> = sqlx::query_scalar("select id from message where id = $1 and state in ('waiting', 'held', 'dead', 'unknown')")
        .bind(id.0)
        .fetch_optional(&mut *on)
        .await
        .map_err(StoreError::sql(PUTTING))?;
    if there.is_some() {
        cancel(on, id, "no longer needed: the recipient knows, or it no longer holds", at).await?;
    }
    Ok(there.is_some())
}

async fn put(
    on: &mut SqliteConnection,
    known: &mut Vec<Known>,
    mut message: NewMessage,
    child: i64,
    refused: Option<MessageId>,
    report: &mut PutReport,
    at: DateTime<Utc>,
) -> Result<()> {
    let last_on_the_way = known.iter().rposition(|k| matches!(k.state, MessageState::Leased | MessageState::Unknown));
    let same = known.iter().rposition(|k| says_the_same(k, &message));
    // Something else is on the way behind it: what it says has to be told again.
    let same = same.filter(|at| last_on_the_way.is_none_or(|last| last <= *at));
    let kept = match (same, refused) {
        (Some(place), _) => {
            keep(on, &mut known[place], &message, report, at).await?;
            known[place].id
        }
        (None, Some(taken_back)) => taken_back,
        (None, None) => {
            let id = insert(on, &message, child, at).await?;
            report.new += 1;
            if wanted_hold(&message).is_some() {
                report.held += 1;
                ask(on, id, &message, at).await?;
            }
            id
        }
    };
    for old in known.iter().filter(|k| k.id != kept && !matches!(k.state, MessageState::Leased | MessageState::Unknown)) {
        cancel(on, old.id, &format!("overtaken by {kept}"), at).await?;
        report.overtaken += 1;
    }
    known.retain(|k| k.id == kept || matches!(k.state, MessageState::Leased | MessageState::Unknown));
    if same.is_none() && refused.is_none() {
        let hold = wanted_hold(&message);
        known.push(Known {
            id: kept,
            state: if hold.is_some() { MessageState::Held } else { MessageState::Waiting },
            hold,
            content: message.sealed.as_ref().map(|s| (s.store_text(), s.digest())),
            sealed: message.sealed.take(),
            address: message.address,
            attempted: false,
            released: false,
            released_restricted: false,
        });
    }
    Ok(())
}

/// Why a wanted message waits for a person, if it does.
fn wanted_hold(wanted: &NewMessage) -> Option<HoldReason> {
    match (&wanted.sealed, wanted.state) {
        (None, _) => Some(wanted.hold.unwrap_or(HoldReason::NoAgreement)),
        (Some(_), MessageState::Held) => Some(wanted.hold.unwrap_or(HoldReason::Release)),
        (Some(_), _) => None,
    }
}

/// Whether the recipient would read the same. A message without content gets the content of its address when it may.
fn says_the_same(known: &Known, wanted: &NewMessage) -> bool {
    match (&known.content, &wanted.sealed) {
        (None, _) => known.address == wanted.address,
        (Some(_), None) => false,
        // What was altered in the store is not replaced in silence: claiming finds it, and a person is told.
        (Some(_), Some(new)) => known.sealed.as_ref().map_or(known.address == wanted.address, |old| reads_the_same(old, new)),
    }
}

/// Whether it would tell what a person took back: the same address, or the same text.
fn tells_the_same(old: &Known, wanted: &NewMessage) -> bool {
    let text = |s: &Sealed| s.body().to_vec();
    old.address == wanted.address || (old.sealed.is_some() && old.sealed.as_ref().map(text) == wanted.sealed.as_ref().map(text))
}

/// That the child became restricted, or was joined to another, does not change what is told.
fn reads_the_same(old: &Sealed, new: &Sealed) -> bool {
    let told = |s: &Sealed| (s.recipient().to_owned(), s.purpose(), s.fields().to_vec(), s.body().to_vec());
    let terms = |s: &Sealed| (s.agreement().to_owned(), s.basis().to_owned(), s.release(), s.on_unknown(), s.channels().to_vec());
    told(old) == told(new) && terms(old) == terms(new)
}

/// The message is there already: its content is taken up anew where nobody has seen it, and it goes on or is held as wanted.
async fn keep(on: &mut SqliteConnection, known: &mut Known, wanted: &NewMessage, report: &mut PutReport, at: DateTime<Utc>) -> Result<()> {
    let rests = matches!(known.state, MessageState::Waiting | MessageState::Held);
    let altered = known.content.is_some() && known.sealed.is_none();
    let stale = |new: &&Sealed| known.sealed.as_ref() != Some(*new) || known.address != wanted.address;
    if let Some(sealed) = wanted.sealed.as_ref().filter(|new| rests && !known.attempted && !altered && stale(new)) {
        write_content(on, known.id, sealed, &wanted.address).await?;
        known.address.clone_from(&wanted.address);
        known.content = Some((sealed.store_text(), sealed.digest()));
        known.sealed = Some(sealed.clone());
    }
    match (known.state, known.hold, wanted_hold(wanted)) {
        (MessageState::Held, Some(HoldReason::OutcomeUnknown), _) => Ok(()),
        (MessageState::Held, Some(was), None) => {
            let tasks = match was {
                HoldReason::NoAgreement => vec![TaskKind::NoAgreement, TaskKind::AgreementNotInForce],
                HoldReason::Restricted => vec![TaskKind::RestrictedChild],
                _ => vec![TaskKind::Release],
            };
            let_go(on, known.id, at).await?;
            (known.state, known.hold) = (MessageState::Waiting, None);
            task::over(on, &[known.id], &tasks, "what it was held for is gone", at).await
        }
        (MessageState::Held, Some(was), Some(now)) => {
            if was != now {
                hold_for(on, known.id, now, wanted.reason.as_deref()).await?;
                known.hold = Some(now);
                task::over(on, &[known.id], &[], "it is held for another reason now", at).await?;
            }
            ask(on, known.id, wanted, at).await
        }
        (MessageState::Waiting, _, Some(now)) if !is_released(known, now) => {
            hold_for(on, known.id, now, wanted.reason.as_deref()).await?;
            (known.state, known.hold) = (MessageState::Held, Some(now));
            report.held += 1;
            ask(on, known.id, wanted, at).await
        }
        _ => Ok(()),
    }
}

/// Whether a person let the message go knowing that reason.
fn is_released(known: &Known, reason: HoldReason) -> bool {
    known.released && (reason != HoldReason::Restricted || known.released_restricted)
}

/// A person is asked once about a message and reason; who said that it is done is not asked again.
async fn ask(on: &mut SqliteConnection, id: MessageId, wanted: &NewMessage, at: DateTime<Utc>) -> Result<()> {
    let Some(task) = &wanted.task else { return Ok(()) };
    if !task::has(on, id, task.kind).await? {
        task::open(on, task, Cause::message(id), at).await?;
    }
    Ok(())
}

async fn let_go(on: &mut SqliteConnection, id: MessageId, at: DateTime<Utc>) -> Result<()> {
    sqlx::query("update message set state = 'waiting', hold = null, reason = null, due = $2 where id = $1")
        .bind(id.0)
        .bind(time(at))
        .execute(on)
        .await
        .map_err(StoreError::sql(PUTTING))?;
    Ok(())
}

async fn hold_for(on: &mut SqliteConnection, id: MessageId, hold: HoldReason, reason: Option<&str>) -> Result<()> {
    sqlx::query("update message set state = 'held', hold = $2, reason = $3, due = null where id = $1")
        .bind(id.0)
        .bind(hold.as_str())
        .bind(reason)
        .execute(on)
        .await
        .map_err(StoreError::sql(PUTTING))?;
    Ok(())
}

async fn write_content(on: &mut SqliteConnection, id: MessageId, sealed: &Sealed, address: &str) -> Result<()> {
    let routes = routes(sealed);
    sqlx::query(
        "update message set content = $2, digest = $3, routes = $4, channel = 0, route = $5, child = $6, address = $7, tried = 0 where id = $1",
    )
    .bind(id.0)
    .bind(sealed.store_text())
    .bind(sealed.digest())
    .bind(json(&routes)?)
    .bind(routes.first())
    .bind(sealed.child().0)
    .bind(address)
    .execute(on)
    .await
    .map_err(StoreError::sql(PUTTING))?;
    Ok(())
}

async fn insert(on: &mut SqliteConnection, m: &NewMessage, child_now: i64, at: DateTime<Utc>) -> Result<MessageId> {
    let routes = m.sealed.as_ref().map(routes).unwrap_or_default();
    let hold = wanted_hold(m);
    let id: i64 = sqlx::query_scalar(
        "insert into message (recipient, purpose, child, child_now, finding, address, content, digest, routes, route, state, hold, reason,
                              due, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning id",
    )
    .bind(&m.recipient)
    .bind(&m.purpose)
    .bind(m.sealed.as_ref().map_or(m.child, Sealed::child).0)
    .bind(child_now)
    .bind(m.finding.map(|f| f.0))
    .bind(&m.address)
    .bind(m.sealed.as_ref().map(Sealed::store_text))
    .bind(m.sealed.as_ref().map(Sealed::digest))
    .bind(json(&routes)?)
    .bind(routes.first())
    .bind(if hold.is_some() { "held" } else { "waiting" })
    .bind(hold.map(HoldReason::as_str))
    .bind(&m.reason)
    .bind(hold.is_none().then(|| time(at)))
    .bind(time(at))
    .fetch_one(on)
    .await
    .map_err(StoreError::sql(PUTTING))?;
    Ok(MessageId(id))
}
