//! Children with what is held of them, for the rules; their summaries.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use schema::{ChildId, PayloadId, RecordId, StreamId, Upn};
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Row};

use crate::batch::NewChild;
use crate::batch::bind_child;
use crate::dialect::{Many, no_lead};
use crate::known::{PayloadDays, payload_days};
use crate::packed::Packed;
use crate::text::{parse_day, parse_opt_day};
use crate::{Result, Store, StoreError};

/// Which children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// These.
    These(Vec<ChildId>),
}

/// A current or gone record as the rules need it.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldRecord {
    /// Its id.
    pub id: RecordId,
    /// Its stream.
    pub stream: StreamId,
    /// The day its payload speaks of.
    pub payload_as_of: NaiveDate,
    /// Newest day on which a partial file told it again.
    pub seen: Option<NaiveDate>,
    /// Day of the complete file that no longer had it.
    pub gone: Option<NaiveDate>,
    /// Its key in the stream.
    pub key: String,
    /// JSON of the [`schema::Record`].
    pub body: String,
}

/// A child's row.
#[derive(Clone, PartialEq, Eq)]
pub struct ChildSummary {
    /// Its id.
    pub id: ChildId,
    /// Name as people read it.
    pub display: String,
    /// All names folded, separated by `|`.
    pub folded: String,
    /// Best birth date.
    pub dob: Option<NaiveDate>,
    /// Best UPN.
    pub upn: Option<Upn>,
    /// Whether sharing is restricted.
    pub restricted: bool,
    /// The child it was merged into.
    pub merged_into: Option<ChildId>,
}

schema::redacted!(HeldRecord, ChildSummary);

/// Records aimed at per text handed over: a few hundred kilobytes, which stay in the cache of the processor.
const CHUNK: usize = 500;
/// Children named in one statement.
const NAMED: usize = 500;

/// `concat` takes a missing value as an empty text, and a missing length as no digits: zero.
macro_rules! pack {
    ($which:literal) => {
        concat!(
            "select string_agg(concat(r.child, ',', r.id, ',', r.stream, ',', r.payload, ',', octet_length(r.seen), ',', octet_length(r.gone), ',',
               octet_length(r.key), ',', octet_length(b.body), ',', r.seen, r.gone, r.key, b.body), '')
             from record r join record_body b on b.id = r.id where r.state < 2 and r.child ",
            $which
        )
    };
}
const ALL: &str = pack!("> $1 and r.child <= $2");
const THESE: &str = pack!("in (");

static SUMMARY: Many = Many::new(
    "insert into child (id, display, folded, dob, upn, restricted) values ",
    "(?,?,?,?,?,?)",
    " on conflict (id) do update set display = excluded.display, folded = excluded.folded, dob = excluded.dob, upn = excluded.upn,
      restricted = excluded.restricted",
);

impl Store {
    /// Calls `f` with every child that has current or gone records, in the order of their ids, with those records in the
    /// order of theirs, and whether the child is in an open review. Memory stays flat.
    ///
    /// # Errors
    /// The database.
    pub async fn each_child(&self, which: &Which, mut f: impl FnMut(ChildId, bool, Vec<HeldRecord>)) -> Result<()> {
        let doing = "reading the children";
        // One transaction: all of it as of one moment, whatever is written meanwhile.
        let mut at_once = self.read.begin().await.map_err(StoreError::sql(doing))?;
        let days = payload_days(&mut at_once, doing).await?;
        let unsure = unsure(&mut at_once, doing).await?;
        match which {
            Which::All => each_of_all(&mut at_once, doing, &days, |child, records| f(child, unsure.contains(&child.0), records)).await,
            Which::These(ids) => {
                let mut ids = ids.clone();
                ids.sort_unstable();
                ids.dedup();
                for named in ids.chunks(NAMED) {
                    let mut sql = QueryBuilder::new(THESE);
                    let mut list = sql.separated(", ");
                    for id in named {
                        list.push_bind(id.0);
                    }
                    sql.push(")");
                    let text: Option<String> =
                        sql.build_query_scalar().persistent(false).fetch_one(&mut *at_once).await.map_err(StoreError::sql(doing))?;
                    unpack(text.as_deref().unwrap_or(""), &days, &mut |child, records| f(child, unsure.contains(&child.0), records))?;
                }
                Ok(())
            }
        }
    }

    /// What those records say, as JSON; the order does not matter, unknown ids are left out.
    ///
    /// # Errors
    /// The database.
    pub async fn record_bodies(&self, records: &[RecordId]) -> Result<Vec<(RecordId, String)>> {
        let mut found = Vec::with_capacity(records.len());
        for named in records.chunks(NAMED) {
            let mut sql = QueryBuilder::new("select id, body from record_body where id in (");
            let mut list = sql.separated(", ");
            for id in named {
                list.push_bind(id.0);
            }
            sql.push(")");
            let rows: Vec<(i64, String)> =
                sql.build_query_as().persistent(false).fetch_all(&self.read).await.map_err(StoreError::sql("reading what records say"))?;
            found.extend(rows.into_iter().map(|(id, body)| (RecordId(id), body)));
        }
        Ok(found)
    }

    /// The children those records belong to, each once, in order.
    ///
    /// # Errors
    /// The database.
    pub async fn children_of(&self, records: &[RecordId]) -> Result<Vec<ChildId>> {
        let mut found = BTreeSet::new();
        for named in records.chunks(NAMED) {
            let mut sql = QueryBuilder::new("select distinct child from record where id in (");
            let mut list = sql.separated(", ");
            for id in named {
                list.push_bind(id.0);
            }
            sql.push(")");
            let ids: Vec<i64> = sql
                .build_query_scalar()
                .persistent(false)
                .fetch_all(&self.read)
                .await
                .map_err(StoreError::sql("reading whose records these are"))?;
            found.extend(ids.into_iter().map(ChildId));
        }
        Ok(found.into_iter().collect())
    }

    /// Stores new summaries of known children.
    ///
    /// # Errors
    /// The database.
    pub async fn update_children(&self, children: Vec<NewChild>) -> Result<()> {
        let doing = "storing the best values of children";
        if children.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin(doing).await?;
        SUMMARY.run(&mut tx, no_lead, children.into_iter(), bind_child).await.map_err(StoreError::sql(doing))?;
        tx.commit().await.map_err(StoreError::sql(doing))
    }

    /// One child's row.
    ///
    /// # Errors
    /// There is none of that id; the database.
    pub async fn child(&self, id: ChildId) -> Result<ChildSummary> {
        let row = sqlx::query("select display, folded, dob, upn, restricted, merged_into from child where id = $1")
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading a child"))?
            .ok_or_else(|| StoreError::missing("child", id))?;
        let upn = row.get::<Option<&str>, _>("upn").map(Upn::parse).transpose();
        Ok(ChildSummary {
            id,
            display: row.get("display"),
            folded: row.get("folded"),
            dob: parse_opt_day(row.get("dob"))?,
            upn: upn.map_err(|_| StoreError::Damaged { doing: "reading a child" })?,
            restricted: row.get::<i64, _>("restricted") != 0,
            merged_into: row.get::<Option<i64>, _>("merged_into").map(ChildId),
        })
    }
}

async fn each_of_all(
    on: &mut SqliteConnection,
    doing: &'static str,
    days: &PayloadDays,
    mut f: impl FnMut(ChildId, Vec<HeldRecord>),
) -> Result<()> {
    let last: Option<i64> = sqlx::query_scalar("select max(id) from child").fetch_one(&mut *on).await.map_err(StoreError::sql(doing))?;
    let (mut after, mut step) = (0_i64, 100_i64);
    while after < last.unwrap_or(0) {
        let text: Option<String> = sqlx::query_scalar(ALL)
            .bind(after)
            .bind(after.saturating_add(step))
            .fetch_one(&mut *on)
            .await
            .map_err(StoreError::sql(doing))?;
        let found = unpack(text.as_deref().unwrap_or(""), days, &mut f)?;
        after = after.saturating_add(step);
        // Children have few records or many: keep the text near its size.
        if found > CHUNK * 2 {
            step = (step / 2).max(1);
        } else if found < CHUNK / 2 {
            step = (step * 2).min(1 << 20);
        }
    }
    Ok(())
}

async fn unsure(on: &mut SqliteConnection, doing: &'static str) -> Result<HashSet<i64>> {
    sqlx::query_scalar("select provisional from review_now union select candidate from review_now")
        .fetch_all(on)
        .await
        .map(|ids: Vec<i64>| ids.into_iter().collect())
        .map_err(StoreError::sql(doing))
}

/// Takes a text apart and calls `f` per child; says how many records there were.
fn unpack(text: &str, days: &PayloadDays, f: &mut impl FnMut(ChildId, Vec<HeldRecord>)) -> Result<usize> {
    let mut packed = Packed::new(text);
    let mut records = Vec::new();
    while !packed.is_done() {
        let child = packed.number()?;
        let (id, stream, payload) = (RecordId(packed.number()?), StreamId(packed.number()?), PayloadId(packed.number()?));
        let (seen, gone) = (packed.number()?, packed.number()?);
        let (key, body) = (packed.number()?, packed.number()?);
        let seen = if seen == 0 { None } else { Some(parse_day(packed.text(seen)?)?) };
        let gone = if gone == 0 { None } else { Some(parse_day(packed.text(gone)?)?) };
        let key = packed.text(key)?.to_owned();
        let body = packed.text(body)?.to_owned();
        records.push((child, HeldRecord { id, stream, payload_as_of: days.of(payload)?, seen, gone, key, body }));
    }
    // No order is promised by an aggregate, whatever the index gave.
    records.sort_by_key(|(child, record)| (*child, record.id));
    let found = records.len();
    let mut records = records.into_iter().peekable();
    while let Some((child, first)) = records.next() {
        let mut held = vec![first];
        while let Some((_, next)) = records.next_if(|(of, _)| *of == child) {
            held.push(next);
        }
        f(ChildId(child), held);
    }
    Ok(found)
}
