//! Snapshots that would end too much: their endings wait for a person's word.

use chrono::{DateTime, NaiveDate, Utc};
use schema::{PayloadId, RecordId, StreamId, Viewer};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::text::{count, counted, parse_day, time};
use crate::{Result, Store, StoreError};

/// A snapshot whose endings wait, or waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The payload.
    pub payload: PayloadId,
    /// Its stream.
    pub stream: StreamId,
    /// The day it speaks of.
    pub as_of: NaiveDate,
    /// How many it would end.
    pub ending: u64,
    /// Of how many.
    pub of: u64,
    /// Why it waits.
    pub reason: String,
    /// `waiting`, `released`, or `overtaken` by a newer complete file.
    pub state: String,
}

/// What a release came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The records that are now gone.
    pub gone: Vec<RecordId>,
    /// How many of the held ones no longer needed ending: replaced, told again, or gone since.
    pub passed_over: u64,
}

impl Store {
    /// The snapshots that wait, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn holds(&self) -> Result<Vec<Hold>> {
        sqlx::query("select * from hold where state = 'waiting' order by payload")
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the snapshots that wait"))?
            .iter()
            .map(hold_of)
            .collect()
    }

    /// One held snapshot, waiting or not.
    ///
    /// # Errors
    /// There is none of that payload; the database.
    pub async fn hold(&self, payload: PayloadId) -> Result<Hold> {
        let row = sqlx::query("select * from hold where payload = $1")
            .bind(payload.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading a snapshot that waits"))?
            .ok_or_else(|| StoreError::missing("held snapshot", payload))?;
        hold_of(&row)
    }

    /// The records a held snapshot would end.
    ///
    /// # Errors
    /// The database.
    pub async fn hold_records(&self, payload: PayloadId) -> Result<Vec<RecordId>> {
        sqlx::query_scalar("select record from hold_record where payload = $1 order by record")
            .bind(payload.0)
            .fetch_all(&self.read)
            .await
            .map(|ids: Vec<i64>| ids.into_iter().map(RecordId).collect())
            .map_err(StoreError::sql("reading a snapshot that waits"))
    }

    /// Lets a held snapshot end what it said, as far as nothing newer has come about each record.
    ///
    /// # Errors
    /// It does not wait; the database.
    pub async fn release(&self, payload: PayloadId, by: &Viewer, why: &str, at: DateTime<Utc>) -> Result<Released> {
        let doing = "releasing a snapshot";
        let hold = self.hold(payload).await?;
        let mut ingest = self.resume_ingest(payload).await?;
        let done = sqlx::query(
            "update hold set state = 'released', by_name = $2, by_role = $3, why = $4, at = $5 where payload = $1 and state = 'waiting'",
        )
        .bind(payload.0)
        .bind(&by.name)
        .bind(by.role.as_str())
        .bind(why)
        .bind(time(at))
        .execute(&mut *ingest.tx)
        .await
        .map_err(StoreError::sql(doing))?;
        if done.rows_affected() == 0 {
            let what = format!("the snapshot {payload} does not wait: it was {}", hold.state);
            return Err(StoreError::Refused { what, hint: "see `hold list` for what waits" });
        }
        let gone: Vec<i64> = sqlx::query_scalar(
            "select r.id from hold_record h join record r on r.id = h.record
             where h.payload = $1 and r.state = 0 and (r.seen is null or r.seen <= $2) order by r.id",
        )
        .bind(payload.0)
        .bind(crate::text::day(hold.as_of))
        .fetch_all(&mut *ingest.tx)
        .await
        .map_err(StoreError::sql(doing))?;
        let gone: Vec<RecordId> = gone.into_iter().map(RecordId).collect();
        ingest.mark_gone(&gone, hold.as_of).await?;
        // Only now does the file say who is still there.
        crate::payload::move_freshness(&mut ingest.tx, hold.stream, hold.as_of, true).await?;
        let (held,): (i64,) = sqlx::query_as("select count(*) from hold_record where payload = $1")
            .bind(payload.0)
            .fetch_one(&mut *ingest.tx)
            .await
            .map_err(StoreError::sql(doing))?;
        let applied = count(gone.len() as u64);
        sqlx::query("update hold set applied = $2 where payload = $1")
            .bind(payload.0)
            .bind(applied)
            .execute(&mut *ingest.tx)
            .await
            .map_err(StoreError::sql(doing))?;
        ingest.tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(Released { gone, passed_over: counted(held - applied) })
    }
}

pub(crate) fn hold_of(row: &SqliteRow) -> Result<Hold> {
    Ok(Hold {
        payload: PayloadId(row.get("payload")),
        stream: StreamId(row.get("stream")),
        as_of: parse_day(row.get("as_of"))?,
        ending: counted(row.get("ending")),
        of: counted(row.get("of_total")),
        reason: row.get("reason"),
        state: row.get("state"),
    })
}
