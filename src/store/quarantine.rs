//! Rows that wait for a person; what people put right or refused.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use schema::{HeldRowId, PayloadId, ProblemCode, RecordId, Viewer};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::batch::NewHeldRow;
use crate::ingest::Ingest;
use crate::payload::Fate;
use crate::text::{count, counted, parse_time, time};
use crate::{Result, Store, StoreError};

/// A value a person put right. Wherever the same source tells the same raw value for the same record again, it is applied.
#[derive(Clone, PartialEq, Eq)]
pub struct Fix {
    /// Its number.
    pub id: i64,
    /// What was put right.
    pub fix: NewFix,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A value to put right.
#[derive(Clone, PartialEq, Eq)]
pub struct NewFix {
    /// The source's id.
    pub source: String,
    /// The held row's key.
    pub key: String,
    /// Heading of the column.
    pub column: String,
    /// The value as it stands in the file.
    pub raw: String,
    /// The value to read instead.
    pub value: String,
    /// Why.
    pub reason: String,
}

/// A row a person refuses: the same key with the same values is refused again.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRejection {
    /// The source's id.
    pub source: String,
    /// The held row's key.
    pub key: String,
    /// Digest of the row's values, in hexadecimal.
    pub digest: String,
    /// Why.
    pub reason: String,
}

/// A row that waits, or waited, for a person.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// Its id.
    pub id: HeldRowId,
    /// The source's id.
    pub source: String,
    /// The record's key, or the row's digest where it has none.
    pub key: String,
    /// The newest payload in which it stands.
    pub payload: PayloadId,
    /// Number of the row there.
    pub row: u64,
    /// Line or sheet row; 0 = none.
    pub line: u64,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Why it waits.
    pub code: ProblemCode,
    /// Heading at fault; empty for the whole row.
    pub column: String,
    /// JSON object: heading → value.
    pub raw: String,
    /// JSON list of the row's problems.
    pub problems: String,
    /// `open`, `fixed`, `rejected`, or `gone` (a newer file no longer has it so).
    pub state: String,
}

schema::redacted!(Fix, NewFix, NewRejection, HeldRow);

/// How a held row ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldEnd {
    /// It was put right and is now that record (`None`: it says what was known).
    Fixed(Option<RecordId>),
    /// A person refused it.
    Rejected,
}

impl Store {
    /// All fixes for a source, oldest first: of two for one value the later one holds.
    ///
    /// # Errors
    /// The database.
    pub async fn fixes(&self, source: &str) -> Result<Vec<Fix>> {
        sqlx::query("select id, source, key, heading, raw, value, by_name, reason, at from fix where source = $1 order by id")
            .bind(source)
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading what people put right"))?
            .iter()
            .map(|row| {
                let fix = NewFix {
                    source: row.get("source"),
                    key: row.get("key"),
                    column: row.get("heading"),
                    raw: row.get("raw"),
                    value: row.get("value"),
                    reason: row.get("reason"),
                };
                Ok(Fix { id: row.get("id"), fix, by: row.get("by_name"), at: parse_time(row.get("at"))? })
            })
            .collect()
    }

    /// The rows of a source that people refused: key and digest.
    ///
    /// # Errors
    /// The database.
    pub async fn rejections(&self, source: &str) -> Result<HashSet<(String, String)>> {
        sqlx::query_as("select key, digest from rejection where source = $1")
            .bind(source)
            .fetch_all(&self.read)
            .await
            .map(|rows| rows.into_iter().collect())
            .map_err(StoreError::sql("reading what people refused"))
    }

    /// One held row, waiting or not.
    ///
    /// # Errors
    /// There is none of that id; the database.
    pub async fn held_row(&self, id: HeldRowId) -> Result<HeldRow> {
        let row = sqlx::query("select * from held_row where id = $1")
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading a row that waits"))?
            .ok_or_else(|| StoreError::missing("quarantined row", id))?;
        held_row_of(&row)
    }

    /// The rows that wait, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn held_rows(&self) -> Result<Vec<HeldRow>> {
        sqlx::query("select * from held_row where state = 'open' order by id")
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the rows that wait"))?
            .iter()
            .map(held_row_of)
            .collect()
    }
}

pub(crate) fn held_row_of(row: &SqliteRow) -> Result<HeldRow> {
    let code = serde_json::from_value(serde_json::Value::from(row.get::<&str, _>("code")));
    Ok(HeldRow {
        id: HeldRowId(row.get("id")),
        source: row.get("source"),
        key: row.get("key"),
        payload: PayloadId(row.get("payload")),
        row: counted(row.get("row_no")),
        line: counted(row.get("line_no")),
        sheet: row.get("sheet"),
        code: code.map_err(|_| StoreError::Damaged { doing: "reading a row that waits" })?,
        column: row.get("heading"),
        raw: row.get("raw"),
        problems: row.get("problems"),
        state: row.get("state"),
    })
}

const HELD: &str = "insert into held_row (source, key, payload, row_no, line_no, sheet, code, heading, raw, problems, first_payload, state)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $3, $11)
    on conflict (source, key) where state in ('open', 'rejected') do update set
      payload = excluded.payload, row_no = excluded.row_no, line_no = excluded.line_no, sheet = excluded.sheet, code = excluded.code,
      heading = excluded.heading, raw = excluded.raw, problems = excluded.problems, state = excluded.state
    returning id";

impl Ingest {
    pub(crate) async fn write_held_rows(&mut self, rows: Vec<NewHeldRow>) -> Result<()> {
        let doing = "storing rows that wait for a person";
        for row in rows {
            let place = count(row.row);
            let id: i64 = sqlx::query_scalar(HELD)
                .bind(row.source)
                .bind(row.key)
                .bind(self.id.0)
                .bind(place)
                .bind(count(row.line))
                .bind(row.sheet)
                .bind(row.code.as_str())
                .bind(row.column)
                .bind(row.raw)
                .bind(row.problems)
                .bind(if row.rejected { "rejected" } else { "open" })
                .fetch_one(&mut *self.tx)
                .await
                .map_err(StoreError::sql(doing))?;
            sqlx::query("insert into held_row_place (payload, row_no, held_row) values ($1, $2, $3)")
                .bind(self.id.0)
                .bind(place)
                .bind(id)
                .execute(&mut *self.tx)
                .await
                .map_err(StoreError::sql(doing))?;
        }
        Ok(())
    }

    /// Keeps a value a person put right.
    ///
    /// # Errors
    /// The database.
    pub async fn add_fix(&mut self, fix: &NewFix, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        sqlx::query(
            "insert into fix (source, key, heading, raw, value, by_name, by_role, reason, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&fix.source)
        .bind(&fix.key)
        .bind(&fix.column)
        .bind(&fix.raw)
        .bind(&fix.value)
        .bind(&by.name)
        .bind(by.role.as_str())
        .bind(&fix.reason)
        .bind(time(at))
        .execute(&mut *self.tx)
        .await
        .map_err(StoreError::sql("keeping what a person put right"))?;
        Ok(())
    }

    /// Keeps that a person refused a row.
    ///
    /// # Errors
    /// The database.
    pub async fn add_rejection(&mut self, rejection: &NewRejection, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        sqlx::query("insert into rejection (source, key, digest, by_name, by_role, reason, at) values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&rejection.source)
            .bind(&rejection.key)
            .bind(&rejection.digest)
            .bind(&by.name)
            .bind(by.role.as_str())
            .bind(&rejection.reason)
            .bind(time(at))
            .execute(&mut *self.tx)
            .await
            .map_err(StoreError::sql("keeping what a person refused"))?;
        Ok(())
    }

    /// Ends the waiting of a row of this payload, and moves its ledger: quarantined becomes accepted, unchanged or rejected.
    ///
    /// # Errors
    /// The row does not wait, or stands in another payload; the database.
    pub async fn close_held_row(&mut self, id: HeldRowId, end: HeldEnd) -> Result<()> {
        let doing = "ending the waiting of a row";
        let (state, record, fate) = match end {
            HeldEnd::Fixed(Some(record)) => ("fixed", Some(record), Fate::Accepted),
            HeldEnd::Fixed(None) => ("fixed", None, Fate::Unchanged),
            HeldEnd::Rejected => ("rejected", None, Fate::Rejected),
        };
        let done = sqlx::query("update held_row set state = $2, record = $3 where id = $1 and state = 'open' and payload = $4")
            .bind(id.0)
            .bind(state)
            .bind(record.map(|r| r.0))
            .bind(self.id.0)
            .execute(&mut *self.tx)
            .await
            .map_err(StoreError::sql(doing))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Refused {
                what: format!("row {id} does not wait in payload {}", self.id),
                hint: "see `quarantine list` for what waits",
            });
        }
        let places: Vec<i64> = sqlx::query_scalar("select row_no from held_row_place where held_row = $1 and payload = $2 order by row_no")
            .bind(id.0)
            .bind(self.id.0)
            .fetch_all(&mut *self.tx)
            .await
            .map_err(StoreError::sql(doing))?;
        for row in places {
            refate(&mut self.tx, self.id, row, fate).await?;
        }
        Ok(())
    }

    /// Rows of an earlier file of this stream that waited, and whose record now came in good.
    pub(crate) async fn close_mended_rows(&mut self) -> Result<()> {
        sqlx::query(
            "update held_row set state = 'gone' where state = 'open'
               and payload in (select id from payload where stream = $1 and id < $2)
               and key in (select key from record where payload = $2)",
        )
        .bind(self.stream.map(|s| s.0))
        .bind(self.id.0)
        .execute(&mut *self.tx)
        .await
        .map_err(StoreError::sql("closing rows that came in good"))?;
        Ok(())
    }
}

/// One quarantined row of a payload gets another fate: its range is split, the counts move.
async fn refate(on: &mut SqliteConnection, payload: PayloadId, row: i64, fate: Fate) -> Result<()> {
    let doing = "moving a row in the ledger";
    let range: Option<(i64, i64)> = sqlx::query_as(
        "select first_row, last_row from payload_fate where payload = $1 and first_row <= $2 and last_row >= $2 and fate = 3",
    )
    .bind(payload.0)
    .bind(row)
    .fetch_optional(&mut *on)
    .await
    .map_err(StoreError::sql(doing))?;
    let Some((first, last)) = range else { return Ok(()) };
    sqlx::query("delete from payload_fate where payload = $1 and first_row = $2")
        .bind(payload.0)
        .bind(first)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(doing))?;
    for (from, to, fate) in [(first, row - 1, Fate::Quarantined), (row, row, fate), (row + 1, last, Fate::Quarantined)] {
        if from <= to {
            sqlx::query("insert into payload_fate (payload, first_row, last_row, fate) values ($1, $2, $3, $4)")
                .bind(payload.0)
                .bind(from)
                .bind(to)
                .bind(fate.number())
                .execute(&mut *on)
                .await
                .map_err(StoreError::sql(doing))?;
        }
    }
    sqlx::query(
        "update payload set quarantined = quarantined - 1, accepted = accepted + case when $2 = 1 then 1 else 0 end,
           unchanged = unchanged + case when $2 = 2 then 1 else 0 end, rejected = rejected + case when $2 = 4 then 1 else 0 end
         where id = $1",
    )
    .bind(payload.0)
    .bind(fate.number())
    .execute(&mut *on)
    .await
    .map_err(StoreError::sql(doing))?;
    Ok(())
}
