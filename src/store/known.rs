//! What a stream said so far: read once before a file of it, to tell the rows that changed.

use std::collections::HashMap;

use chrono::NaiveDate;
use schema::{ChildId, PayloadId, RecordId, StreamId};
use sqlx::sqlite::SqliteConnection;

use crate::packed::Packed;
use crate::text::parse_day;
use crate::{Result, Store, StoreError};

/// A current or gone record of a stream.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Its key.
    pub key: &'a str,
    /// Digest of the row's used values.
    pub digest: [u8; 16],
    /// The record.
    pub record: RecordId,
    /// Its child.
    pub child: ChildId,
    /// Whether a complete file no longer had it.
    pub gone: bool,
    /// The day its payload speaks of.
    pub as_of: NaiveDate,
}

impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("record", &self.record).finish_non_exhaustive()
    }
}

/// Rows handed over in one text.
const CHUNK: i64 = 4000;

impl Store {
    /// Calls `f` with every current and gone record of the stream, in the order of their ids.
    ///
    /// # Errors
    /// The database.
    pub async fn each_known(&self, stream: StreamId, mut f: impl FnMut(Known<'_>)) -> Result<()> {
        let doing = "reading what a stream said so far";
        // One transaction: all of it as of one moment, whatever is written meanwhile.
        let mut at_once = self.read.begin().await.map_err(StoreError::sql(doing))?;
        let days = payload_days(&mut at_once, doing).await?;
        let mut after = 0_i64;
        loop {
            let (text, last): (Option<String>, Option<i64>) = sqlx::query_as(
                "select string_agg(concat(octet_length(key), ',', id, ',', child, ',', payload, ',', state, ',', hex(digest), key), ''),
                        max(id)
                 from (select id, child, payload, state, digest, key from record
                       where stream = $1 and state < 2 and id > $2 order by id limit $3)",
            )
            .bind(stream.0)
            .bind(after)
            .bind(CHUNK)
            .fetch_one(&mut *at_once)
            .await
            .map_err(StoreError::sql(doing))?;
            let (Some(text), Some(last)) = (text, last) else { return Ok(()) };
            let mut packed = Packed::new(&text);
            while !packed.is_done() {
                let bytes = packed.number()?;
                let (record, child) = (RecordId(packed.number()?), ChildId(packed.number()?));
                let as_of = days.of(PayloadId(packed.number()?))?;
                let gone = packed.number()? == 1;
                let digest = packed.digest()?;
                f(Known { key: packed.text(bytes)?, digest, record, child, gone, as_of });
            }
            after = last;
        }
    }
}

/// The day each payload speaks of: few payloads, many records.
pub(crate) struct PayloadDays(HashMap<i64, NaiveDate>);

impl PayloadDays {
    pub(crate) fn of(&self, payload: PayloadId) -> Result<NaiveDate> {
        self.0.get(&payload.0).copied().ok_or(StoreError::Damaged { doing: "reading the day of a payload" })
    }
}

pub(crate) async fn payload_days(on: &mut SqliteConnection, doing: &'static str) -> Result<PayloadDays> {
    let rows: Vec<(i64, String)> = sqlx::query_as("select id, as_of from payload where state in ('read', 'broken')")
        .fetch_all(on)
        .await
        .map_err(StoreError::sql(doing))?;
    rows.into_iter().map(|(id, day)| Ok((id, parse_day(&day)?))).collect::<Result<_>>().map(PayloadDays)
}
