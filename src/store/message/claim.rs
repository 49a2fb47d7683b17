//! Claiming: in one transaction a message is leased, its attempt is a row, its file has a number, and what will be told stands
//! in the disclosure log. Nothing is sent while the transaction is open.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schema::{ChildId, FindingId, MessageId, NewTask, Role, TaskKind};
use sharing::{EntryBody, Sealed};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row};

use super::queue::{FIRST_OF_LANE, STOPPED, cancel_overtaken_unknown};
use crate::dialect::{Bound, Many, no_lead};
use crate::disclosure;
use crate::restriction::{hold, soon};
use crate::task::{self, Cause};
use crate::text::{count, time};
use crate::{Result, Store, StoreError};

/// What a run claims.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The time now: what is due by then.
    pub now: DateTime<Utc>,
    /// Until when the lease holds.
    pub lease_until: DateTime<Utc>,
    /// Id of this run; another one has another.
    pub by: &'a str,
    /// At most so many.
    pub limit: u32,
    /// The sender in file names: `852LLLL`.
    pub sender: &'a str,
    /// Ways that rest: nothing is claimed for them.
    pub shut: &'a [String],
    /// Ways on which only so many are taken at a time: one where it is to be seen whether the way works again, a few where
    /// nobody can say afterwards what had begun when the run stopped.
    pub few: &'a [(String, u32)],
}

/// A message leased to this run.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The message.
    pub message: MessageId,
    /// Number of this attempt, from 1: settling names it.
    pub attempt: u32,
    /// Number of this attempt on the present channel, from 1.
    pub tried_on_channel: u32,
    /// What is sent.
    pub sealed: Sealed,
    /// Which of its channels: a place in [`Sealed::channels`].
    pub channel: usize,
    /// Name of the file; the same in every attempt.
    pub file_name: String,
    /// Its number among the recipient's files.
    pub sequence: u32,
}

/// A message that may be claimed.
struct Candidate {
    id: i64,
    recipient: String,
    purpose: String,
    child: i64,
    finding: Option<i64>,
    content: String,
    digest: String,
    channel: i64,
    route: String,
    attempts: i64,
    tried: i64,
    sequence: Option<i64>,
    file_name: Option<String>,
    released_by: Option<String>,
    released_role: Option<String>,
    released_restricted: bool,
    disclosed: Option<String>,
    stopped: bool,
}

/// What claiming a candidate comes to.
enum Opened {
    Good(Box<Sealed>),
    /// The child is restricted, and nobody let it go knowing that.
    Restricted,
    Damaged,
}

const CLAIMING: &str = "claiming messages";
const COLUMNS: &str = "select m.id, m.recipient, m.purpose, m.child, m.finding, m.content, m.digest, m.channel, m.route, m.attempts,
    m.tried, m.sequence, m.file_name, m.released_by, m.released_role, m.released_restricted,
    (select d.line from disclosure d where d.message = 'M' || m.id) as disclosed, ";

static ATTEMPT: Many = Many::new("insert into attempt (message, number, route, by_run, started) values ", "(?,?,?,?,?)", "");
static LEASE: Many = Many::new(
    "update message set state = 'leased', attempts = attempts + 1, tried = tried + 1, reason = null, due = null, leased_by = ?, leased_until = ?,
       sequence = v.column2, file_name = v.column3 from (values ",
    "(?,?,?)",
    ") as v where message.id = v.column1",
);

impl Store {
    /// Leases messages that are due, each the first of its lane, and none to two runs. A message of a restricted child that
    /// nobody released is held instead; one whose stored text was altered is dead; both with a task.
    ///
    /// # Errors
    /// The database; nothing is leased then.
    pub async fn claim(&self, c: &Claim<'_>) -> Result<Vec<Claimed>> {
        let mut tx = self.begin(CLAIMING).await?;
        cancel_overtaken_unknown(&mut tx, c.now).await?;
        let mut claimed: Vec<Claimed> = Vec::new();
        let mut few: Vec<(&str, u32)> = c.few.iter().map(|(route, most)| (route.as_str(), *most)).collect();
        loop {
            let room = c.limit.saturating_sub(u32::try_from(claimed.len()).unwrap_or(u32::MAX));
            let candidates = due(&mut tx, c, &few, room).await?;
            let found = candidates.len();
            let leased = lease(&mut tx, c, candidates).await?;
            let all = leased.len() == found;
            for (route, most) in &mut few {
                let taken = leased.iter().filter(|l| super::routes(&l.sealed).get(l.channel).is_some_and(|r| r == route)).count();
                *most = most.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX));
            }
            claimed.extend(leased);
            // What was not leased has left the queue: its place may be taken by another.
            if all {
                break;
            }
        }
        tx.commit().await.map_err(StoreError::sql(CLAIMING))?;
        Ok(claimed)
    }

    /// Leases to this run what another run, or an expired lease, left without an outcome: under the same attempt, so that it
    /// can be found out what became of it. Nothing is disclosed anew.
    ///
    /// # Errors
    /// The database; nothing is leased then.
    pub async fn stale(&self, c: &Claim<'_>) -> Result<Vec<Claimed>> {
        let mut tx = self.begin(CLAIMING).await?;
        let sql = format!(
            "{COLUMNS} {STOPPED} as stopped from message m
             where m.state = 'leased' and (m.leased_by <> $1 or m.leased_until <= $2) order by m.id limit $3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(c.by)
            .bind(time(c.now))
            .bind(i64::from(c.limit))
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::sql(CLAIMING))?;
        let mut claimed = Vec::with_capacity(rows.len());
        for candidate in rows.iter().map(candidate_of) {
            let id = MessageId(candidate.id);
            let (Opened::Good(sealed), Some(sequence), Some(file_name)) =
                (open(&candidate), candidate.sequence, candidate.file_name.clone())
            else {
                damaged(&mut tx, &candidate, c.now).await?;
                continue;
            };
            for sql in [
                "update message set leased_by = $2, leased_until = $3 where id = $1",
                "update attempt set by_run = $2 where message = $1 and ended is null and $3 is not null",
            ] {
                sqlx::query(sql)
                    .bind(id.0)
                    .bind(c.by)
                    .bind(time(c.lease_until))
                    .execute(&mut *tx)
                    .await
                    .map_err(StoreError::sql(CLAIMING))?;
            }
            claimed.push(claimed_of(&candidate, *sealed, candidate.attempts, candidate.tried, sequence, file_name));
        }
        tx.commit().await.map_err(StoreError::sql(CLAIMING))?;
        Ok(claimed)
    }
}

/// What is due and may go, in the order in which it became due.
async fn due(on: &mut SqliteConnection, c: &Claim<'_>, few: &[(&str, u32)], room: u32) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    let now = time(c.now);
    for only in few.iter().map(Some).chain([None]) {
        let room = usize::try_from(room).unwrap_or(usize::MAX).saturating_sub(found.len());
        if room == 0 {
            break;
        }
        let mut sql = QueryBuilder::new(COLUMNS);
        sql.push(STOPPED)
            .push(" as stopped from message m where m.state in ('waiting', 'unknown') and m.due <= ")
            .push_bind(&now)
            .push(" and ")
            .push(FIRST_OF_LANE);
        let limit = match only {
            Some((route, most)) => {
                sql.push(" and m.route = ").push_bind(*route);
                room.min(*most as usize)
            }
            None => {
                for route in c.shut.iter().chain(c.few.iter().map(|(route, _)| route)) {
                    sql.push(" and m.route <> ").push_bind(route);
                }
                room
            }
        };
        sql.push(" order by m.due, m.id limit ").push_bind(count(limit as u64));
        let rows = sql.build().fetch_all(&mut *on).await.map_err(StoreError::sql(CLAIMING))?;
        found.extend(rows.iter().map(candidate_of));
    }
    Ok(found)
}

fn candidate_of(row: &SqliteRow) -> Candidate {
    Candidate {
        id: row.get("id"),
        recipient: row.get("recipient"),
        purpose: row.get("purpose"),
        child: row.get("child"),
        finding: row.get("finding"),
        content: row.get::<Option<String>, _>("content").unwrap_or_default(),
        digest: row.get::<Option<String>, _>("digest").unwrap_or_default(),
        channel: row.get("channel"),
        route: row.get::<Option<String>, _>("route").unwrap_or_default(),
        attempts: row.get("attempts"),
        tried: row.get("tried"),
        sequence: row.get("sequence"),
        file_name: row.get("file_name"),
        released_by: row.get("released_by"),
        released_role: row.get("released_role"),
        released_restricted: row.get::<i64, _>("released_restricted") != 0,
        disclosed: row.get("disclosed"),
        stopped: row.get::<i64, _>("stopped") != 0,
    }
}

/// Opens what is stored, and compares it with what the row and the disclosure log say of it.
fn open(c: &Candidate) -> Opened {
    let Ok(sealed) = Sealed::reopen(&c.content, &c.digest) else { return Opened::Damaged };
    let place = usize::try_from(c.channel).ok();
    let is_the_row = sealed.recipient() == c.recipient
        && sealed.purpose().as_str() == c.purpose
        && sealed.child().0 == c.child
        && place.and_then(|place| super::routes(&sealed).into_iter().nth(place)).as_ref() == Some(&c.route)
        && c.file_name.as_ref().is_none_or(|name| !name.starts_with('.') && !name.contains(['/', '\\']));
    let is_the_log = c.disclosed.as_ref().is_none_or(|line| disclosure::content_of(line).is_some_and(|told| told == c.digest));
    if !is_the_row || !is_the_log {
        return Opened::Damaged;
    }
    if sealed.restricted() && !c.released_restricted && c.attempts == 0 {
        return Opened::Restricted;
    }
    Opened::Good(Box::new(sealed))
}

async fn lease(on: &mut SqliteConnection, c: &Claim<'_>, candidates: Vec<Candidate>) -> Result<Vec<Claimed>> {
    let mut good = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        match open(&candidate) {
            Opened::Good(sealed) if !candidate.stopped => good.push((candidate, *sealed)),
            Opened::Good(_) | Opened::Restricted => {
                hold(on, MessageId(candidate.id), ChildId(candidate.child), &candidate.recipient, &candidate.purpose, c.now).await?;
            }
            Opened::Damaged => damaged(on, &candidate, c.now).await?,
        }
    }
    let mut numbers = Sequences::take(on, &good).await?;
    let mut entries = Vec::new();
    let mut claimed = Vec::with_capacity(good.len());
    let mut attempts = Vec::with_capacity(good.len());
    for (candidate, sealed) in good {
        let sequence = match candidate.sequence {
            Some(number) => number,
            None => numbers.next(&sealed),
        };
        let number = u32::try_from(sequence).map_err(|_| StoreError::Damaged { doing: CLAIMING })?;
        let file_name = candidate.file_name.clone().unwrap_or_else(|| sealed.file_name(c.sender, number));
        if candidate.disclosed.is_none() {
            entries.push(entry(&candidate, &sealed, c.now));
        }
        let (attempt, tried) = (candidate.attempts + 1, candidate.tried + 1);
        attempts.push((candidate.id, attempt, candidate.route.clone()));
        claimed.push(claimed_of(&candidate, sealed, attempt, tried, sequence, file_name));
    }
    disclosure::append(on, entries).await?;
    let (by, now, until) = (c.by, time(c.now), time(c.lease_until));
    ATTEMPT
        .run(on, no_lead, attempts.into_iter(), |b, (id, number, route)| {
            b.add(id).add(number).add(route).add(by.to_owned()).add(now.clone());
        })
        .await
        .map_err(StoreError::sql(CLAIMING))?;
    let lead = |b: &mut Bound| _ = b.add(by.to_owned()).add(until.clone());
    LEASE
        .run(on, lead, claimed.iter(), |b, c| _ = b.add(c.message.0).add(i64::from(c.sequence)).add(c.file_name.clone()))
        .await
        .map_err(StoreError::sql(CLAIMING))?;
    Ok(claimed)
}

fn claimed_of(c: &Candidate, sealed: Sealed, attempt: i64, tried: i64, sequence: i64, file_name: String) -> Claimed {
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Claimed {
        message: MessageId(c.id),
        attempt: number(attempt),
        tried_on_channel: number(tried),
        sealed,
        channel: usize::try_from(c.channel).unwrap_or_default(),
        file_name,
        sequence: number(sequence),
    }
}

fn entry(c: &Candidate, sealed: &Sealed, now: DateTime<Utc>) -> EntryBody {
    EntryBody {
        at: now,
        recipient: c.recipient.clone(),
        purpose: c.purpose.clone(),
        basis: sealed.basis().to_owned(),
        agreement: sealed.agreement().to_owned(),
        child: sealed.child(),
        fields: sealed.fields().to_vec(),
        message: MessageId(c.id),
        finding: c.finding.map(FindingId),
        released_by: c.released_by.clone(),
        released_role: c.released_role.clone(),
        content: c.digest.clone(),
    }
}

/// What is stored is not what was sealed: it is never sent, and a person is told.
async fn damaged(on: &mut SqliteConnection, c: &Candidate, at: DateTime<Utc>) -> Result<()> {
    let (id, what) = (MessageId(c.id), "what is stored of it is not what was sealed");
    for sql in [
        "update message set state = 'dead', reason = $2, due = null, leased_by = null, leased_until = null where id = $1 and $3 is not null",
        "update attempt set outcome = 'dead', detail = $2, ended = $3 where message = $1 and ended is null",
    ] {
        sqlx::query(sql).bind(c.id).bind(what).bind(time(at)).execute(&mut *on).await.map_err(StoreError::sql(CLAIMING))?;
    }
    let kind = TaskKind::MessageDamaged;
    let words = "What the database holds of MESSAGE is not what was sealed: it was changed by something else than onroll. It was not sent. \
                 Find out who changed the database (onroll audit verify); then onroll outbox cancel MESSAGE: it is made anew at the next run";
    let task = NewTask {
        kind,
        key: format!("{}/{id}", kind.as_str()),
        child: None,
        recipient: None,
        owner: Role::Ict,
        due: soon(at),
        words: words.to_owned(),
    };
    task::open(on, &task, Cause::message(id), at).await?;
    Ok(())
}

/// Numbers of files, taken in one step per recipient.
struct Sequences(HashMap<(String, &'static str), i64>);

impl Sequences {
    async fn take(on: &mut SqliteConnection, messages: &[(Candidate, Sealed)]) -> Result<Sequences> {
        let mut needed: HashMap<(String, &'static str), i64> = HashMap::new();
        for (_, sealed) in messages.iter().filter(|(c, _)| c.sequence.is_none()) {
            *needed.entry((sealed.recipient().to_owned(), sealed.sequence_name())).or_default() += 1;
        }
        let mut next = HashMap::with_capacity(needed.len());
        for ((recipient, name), many) in needed {
            let last: i64 = sqlx::query_scalar(
                "insert into file_sequence (recipient, name, last) values ($1, $2, $3)
                 on conflict (recipient, name) do update set last = file_sequence.last + excluded.last returning last",
            )
            .bind(&recipient)
            .bind(name)
            .bind(many)
            .fetch_one(&mut *on)
            .await
            .map_err(StoreError::sql(CLAIMING))?;
            next.insert((recipient, name), last - many + 1);
        }
        Ok(Sequences(next))
    }

    fn next(&mut self, sealed: &Sealed) -> i64 {
        let next = self.0.entry((sealed.recipient().to_owned(), sealed.sequence_name())).or_insert(1);
        *next += 1;
        *next - 1
    }
}
