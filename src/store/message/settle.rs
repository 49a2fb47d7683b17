//! Settling: what became of an attempt. Fenced by run and attempt: who lost the lease changes nothing.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use schema::{ChildId, HoldReason, MessageId, NewTask, Role, TaskKind};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row};

use super::opt_time;
use super::queue::{NEWER, cancel};
use crate::dialect::{Many, no_lead};
use crate::restriction::soon;
use crate::task::{self, Cause};
use crate::text::{parse_json, time};
use crate::{Result, Store, StoreError};

/// How one attempt ended.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The message.
    pub message: MessageId,
    /// The attempt, as it was claimed.
    pub attempt: u32,
    /// What became of it.
    pub end: End,
    /// In words, without personal data.
    pub detail: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What becomes of a message after an attempt.
#[derive(Debug, Clone)]
pub enum End {
    /// It was handed over.
    Sent {
        /// By when the file is to be collected, where the agreement states it.
        collect_by: Option<DateTime<Utc>>,
    },
    /// The recipient has it.
    Received,
    /// It is tried again on the same channel.
    Retry {
        /// When.
        due: DateTime<Utc>,
    },
    /// This channel does not take it: the next one of the agreement does. Without a next one it is dead.
    NextChannel {
        /// When.
        due: DateTime<Utc>,
    },
    /// A person decides.
    Hold(HoldReason, NewTask),
    /// No channel took it.
    Dead(NewTask),
    /// It may have arrived.
    Unknown {
        /// When it is sent again; `None` = only when a person says so.
        resend_due: Option<DateTime<Utc>>,
        /// What a person is asked.
        task: Option<NewTask>,
    },
}

/// What settling came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Messages whose lease was no longer this run's, or whose attempt was another: nothing of them was changed.
    pub lost: Vec<MessageId>,
    /// The children of whom somebody was told, as they are now after merges; each once, in order.
    pub told: Vec<ChildId>,
}

const SETTLING: &str = "settling messages";

/// A leased message as it stands.
struct Leased {
    attempts: i64,
    by: Option<String>,
    channel: i64,
    routes: String,
    route: Option<String>,
    tried: i64,
    child: i64,
    recipient: String,
}

/// The columns of a message after its attempt.
struct After {
    id: i64,
    attempt: i64,
    state: &'static str,
    outcome: &'static str,
    hold: Option<&'static str>,
    reason: Option<String>,
    channel: i64,
    route: Option<String>,
    tried: i64,
    due: Option<String>,
    sent_at: Option<String>,
    collect_by: Option<String>,
    received_at: Option<String>,
    detail: String,
    at: String,
}

static MESSAGE: Many = Many::new(
    "update message set leased_by = null, leased_until = null, state = v.column2, hold = v.column3, reason = v.column4, channel = v.column5,
       route = v.column6, tried = v.column7, due = v.column8, sent_at = v.column9, collect_by = v.column10, received_at = v.column11 from (values ",
    "(?,?,?,?,?,?,?,?,?,?,?)",
    ") as v where message.id = v.column1",
);
static ATTEMPT: Many = Many::new(
    "update attempt set ended = v.column3, outcome = v.column4, detail = v.column5 from (values ",
    "(?,?,?,?,?)",
    ") as v where attempt.message = v.column1 and attempt.number = v.column2",
);

impl Store {
    /// Stores how attempts of the run `by` ended, all in one transaction. A message that is to be tried again or decided
    /// about is taken back instead if a newer one says something else.
    ///
    /// # Errors
    /// The database; nothing is stored then.
    pub async fn settle(&self, by: &str, ends: Vec<Settlement>) -> Result<Settled> {
        let mut settled = Settled::default();
        if ends.is_empty() {
            return Ok(settled);
        }
        let mut tx = self.begin(SETTLING).await?;
        let ids: Vec<MessageId> = ends.iter().map(|e| e.message).collect();
        let mut leased = leased(&mut tx, &ids).await?;
        let newer = newer(&mut tx, &ids).await?;
        let (mut after, mut done, mut tasks, mut overtaken) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut told = BTreeSet::new();
        for end in ends {
            // Taken out: a message is settled once.
            let ours = |l: &Leased| l.by.as_deref() == Some(by) && l.attempts == i64::from(end.attempt);
            let Some(found) = leased.get(&end.message.0).filter(|l| ours(l)).is_some().then(|| leased.remove(&end.message.0)).flatten()
            else {
                settled.lost.push(end.message);
                continue;
            };
            if matches!(end.end, End::Sent { .. } | End::Received) {
                told.insert(ChildId(found.child));
                done.push((end.message, end.at));
            }
            let (columns, task) = after_of(&end, &found)?;
            let is_overtaken = !matches!(columns.state, "sent" | "received" | "unknown");
            match newer.get(&end.message.0).filter(|_| is_overtaken) {
                Some(new) => overtaken.push((end.message, MessageId(*new), end.at)),
                None => tasks.extend(task.map(|task| (end.message, task, end.at))),
            }
            after.push(columns);
        }
        write(&mut tx, after).await?;
        for (old, new, at) in overtaken {
            cancel(&mut tx, old, &format!("overtaken by {new}"), at).await?;
        }
        if let Some((_, at)) = done.last() {
            let ids: Vec<MessageId> = done.iter().map(|(id, _)| *id).collect();
            task::over(&mut tx, &ids, &[], "it was sent", *at).await?;
            // What the rules found of these children no longer holds: a run that ends before they look must be noticed.
            self.note_unchecked(&mut tx, schema::calendar::london_date(*at)).await?;
        }
        for (message, task, at) in tasks {
            task::open(&mut tx, &task, Cause::message(message), at).await?;
        }
        tx.commit().await.map_err(StoreError::sql(SETTLING))?;
        settled.told = told.into_iter().collect();
        Ok(settled)
    }
}

async fn leased(on: &mut SqliteConnection, ids: &[MessageId]) -> Result<HashMap<i64, Leased>> {
    let mut found = HashMap::with_capacity(ids.len());
    for named in ids.chunks(500) {
        let mut sql = QueryBuilder::new(
            "select id, attempts, leased_by, channel, routes, route, tried, child_now, recipient from message where state = 'leased' and id in (",
        );
        let mut list = sql.separated(", ");
        for id in named {
            list.push_bind(id.0);
        }
        sql.push(")");
        let rows = sql.build().persistent(false).fetch_all(&mut *on).await.map_err(StoreError::sql(SETTLING))?;
        found.extend(rows.iter().map(|row: &SqliteRow| {
            let leased = Leased {
                attempts: row.get("attempts"),
                by: row.get("leased_by"),
                channel: row.get("channel"),
                routes: row.get("routes"),
                route: row.get("route"),
                tried: row.get("tried"),
                child: row.get("child_now"),
                recipient: row.get("recipient"),
            };
            (row.get::<i64, _>("id"), leased)
        }));
    }
    Ok(found)
}

async fn newer(on: &mut SqliteConnection, ids: &[MessageId]) -> Result<HashMap<i64, i64>> {
    let mut found = HashMap::new();
    for named in ids.chunks(500) {
        let mut sql = QueryBuilder::new(NEWER);
        let mut list = sql.separated(", ");
        for id in named {
            list.push_bind(id.0);
        }
        sql.push(") group by m.id");
        let rows: Vec<(i64, i64)> = sql.build_query_as().persistent(false).fetch_all(&mut *on).await.map_err(StoreError::sql(SETTLING))?;
        found.extend(rows);
    }
    Ok(found)
}

fn after_of(end: &Settlement, found: &Leased) -> Result<(After, Option<NewTask>)> {
    let mut after = After {
        id: end.message.0,
        attempt: i64::from(end.attempt),
        state: "waiting",
        outcome: "retry",
        hold: None,
        reason: Some(end.detail.clone()),
        channel: found.channel,
        route: found.route.clone(),
        tried: found.tried,
        due: None,
        sent_at: None,
        collect_by: None,
        received_at: None,
        detail: end.detail.clone(),
        at: time(end.at),
    };
    let mut task = None;
    match &end.end {
        End::Sent { collect_by } => {
            (after.state, after.outcome, after.reason) = ("sent", "sent", None);
            (after.sent_at, after.collect_by) = (Some(time(end.at)), opt_time(*collect_by));
        }
        End::Received => {
            (after.state, after.outcome, after.reason) = ("received", "received", None);
            (after.sent_at, after.received_at) = (Some(time(end.at)), Some(time(end.at)));
        }
        End::Retry { due } => after.due = Some(time(*due)),
        End::NextChannel { due } => {
            let routes: Vec<String> = parse_json(&found.routes)?;
            let next = usize::try_from(found.channel + 1).ok().and_then(|next| routes.into_iter().nth(next));
            after.outcome = "next-channel";
            match next {
                Some(route) => {
                    (after.channel, after.route, after.tried, after.due) = (found.channel + 1, Some(route), 0, Some(time(*due)));
                }
                None => {
                    after.state = "dead";
                    task = Some(no_further_channel(end, found));
                }
            }
        }
        End::Hold(reason, asked) => {
            (after.state, after.outcome, after.hold) = ("held", "held", Some(reason.as_str()));
            task = Some(asked.clone());
        }
        End::Dead(asked) => {
            (after.state, after.outcome) = ("dead", "dead");
            task = Some(asked.clone());
        }
        End::Unknown { resend_due, task: asked } => {
            (after.state, after.outcome, after.due) = ("unknown", "unknown", opt_time(*resend_due));
            task.clone_from(asked);
        }
    }
    Ok((after, task))
}

fn no_further_channel(end: &Settlement, found: &Leased) -> NewTask {
    let kind = TaskKind::Undelivered;
    let recipient = &found.recipient;
    NewTask {
        kind,
        key: format!("{}/{}", kind.as_str(), end.message),
        child: Some(ChildId(found.child)),
        recipient: Some(recipient.clone()),
        owner: Role::Officer,
        due: soon(end.at),
        words: format!(
            "No channel of the agreement with {recipient} took MESSAGE. Ask {recipient} how it can be reached, put its agreement in order, \
             then onroll outbox retry MESSAGE; or tell {recipient} yourself and onroll outbox cancel MESSAGE"
        ),
    }
}

async fn write(on: &mut SqliteConnection, after: Vec<After>) -> Result<()> {
    ATTEMPT
        .run(on, no_lead, after.iter(), |b, a| {
            b.add(a.id).add(a.attempt).add(a.at.clone()).add(a.outcome).add(a.detail.clone());
        })
        .await
        .map_err(StoreError::sql(SETTLING))?;
    MESSAGE
        .run(on, no_lead, after.into_iter(), |b, a| {
            b.add(a.id).add(a.state).add(a.hold).add(a.reason).add(a.channel).add(a.route).add(a.tried).add(a.due);
            b.add(a.sent_at).add(a.collect_by).add(a.received_at);
        })
        .await
        .map_err(StoreError::sql(SETTLING))
}
