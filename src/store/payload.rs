//! Payloads: one file as it came, with its ledger.

use chrono::{DateTime, NaiveDate, Utc};
use schema::{PayloadId, ProblemCode, StreamId};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row, SqliteExecutor};

use crate::text::{count, counted, day, json, parse_day, parse_opt_day, parse_time, time};
use crate::{Result, Store, StoreError};

/// A file that came, before its rows are stored.
#[derive(Debug, Clone)]
pub struct NewPayload {
    /// The source's id.
    pub source: String,
    /// The connector that reads it.
    pub connector: String,
    /// The kind of file, where known.
    pub dataset: Option<String>,
    /// The stream it belongs to, where known.
    pub stream: Option<StreamId>,
    /// Id of the mapping (`sims/pupils`).
    pub mapping: Option<String>,
    /// Version of the mapping's text.
    pub mapping_version: Option<String>,
    /// The file's name.
    pub file: String,
    /// Content address in the landing.
    pub sha256: String,
    /// Bytes of content.
    pub bytes: u64,
    /// When it was landed.
    pub landed_at: DateTime<Utc>,
    /// The day it speaks of; without it, the day in England on which it landed.
    pub as_of: Option<NaiveDate>,
    /// Whether who is not in it is gone.
    pub complete: bool,
    /// Headings as they stand in the file.
    pub columns: Vec<String>,
    /// Who brought it in.
    pub by: String,
}

impl NewPayload {
    /// The day it speaks of.
    pub fn day(&self) -> NaiveDate {
        self.as_of.unwrap_or_else(|| schema::calendar::london_date(self.landed_at))
    }
}

/// The ledger of one payload: `read = accepted + unchanged + quarantined + rejected`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Rows that made or joined a new record.
    pub accepted: u64,
    /// Rows that said what was known.
    pub unchanged: u64,
    /// Rows that wait for a person.
    pub quarantined: u64,
    /// Rows a person refused.
    pub rejected: u64,
}

impl Counts {
    /// Rows with a fate.
    pub fn accounted(&self) -> u64 {
        self.accepted + self.unchanged + self.quarantined + self.rejected
    }

    /// Counts one more row, or `rows` of them, of that fate; `read` is left as it is.
    pub fn add(&mut self, fate: Fate, rows: u64) {
        *match fate {
            Fate::Accepted => &mut self.accepted,
            Fate::Unchanged => &mut self.unchanged,
            Fate::Quarantined => &mut self.quarantined,
            Fate::Rejected => &mut self.rejected,
        } += rows;
    }

    /// The counts by fate.
    pub fn by_fate(&self) -> [(Fate, u64); 4] {
        [
            (Fate::Accepted, self.accepted),
            (Fate::Unchanged, self.unchanged),
            (Fate::Quarantined, self.quarantined),
            (Fate::Rejected, self.rejected),
        ]
    }

    pub(crate) fn of_row(row: &SqliteRow) -> Counts {
        Counts {
            read: counted(row.get("rows_read")),
            accepted: counted(row.get("accepted")),
            unchanged: counted(row.get("unchanged")),
            quarantined: counted(row.get("quarantined")),
            rejected: counted(row.get("rejected")),
        }
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It made or joined a new record.
    Accepted,
    /// It said what was known.
    Unchanged,
    /// It waits for a person.
    Quarantined,
    /// A person refused it.
    Rejected,
}

impl Fate {
    pub(crate) fn number(self) -> i64 {
        match self {
            Fate::Accepted => 1,
            Fate::Unchanged => 2,
            Fate::Quarantined => 3,
            Fate::Rejected => 4,
        }
    }

    pub(crate) fn of(number: i64) -> Result<Fate> {
        [Fate::Accepted, Fate::Unchanged, Fate::Quarantined, Fate::Rejected]
            .into_iter()
            .find(|f| f.number() == number)
            .ok_or(StoreError::Damaged { doing: "reading the fate of a row" })
    }
}

/// Rows `first` to `last` (numbers as in [`schema::Place::row`], both inclusive) had that fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FateRange {
    /// First row.
    pub first: u64,
    /// Last row.
    pub last: u64,
    /// What became of them.
    pub fate: Fate,
}

/// How often a fault occurred in a payload.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ProblemCount {
    /// The fault.
    pub code: ProblemCode,
    /// Heading of the column as it stands in the file; empty for faults of whole rows.
    pub column: String,
    /// How often.
    pub count: u64,
}

/// A payload as stored.
#[derive(Debug, Clone)]
pub struct PayloadRow {
    /// Its id.
    pub id: PayloadId,
    /// What came; `as_of` is the day it speaks of.
    pub payload: NewPayload,
    /// `read`, `failed` or `duplicate`.
    pub state: String,
    /// Why it could not be read.
    pub reason: Option<String>,
    /// The payload whose bytes came again.
    pub duplicate_of: Option<PayloadId>,
    /// Its ledger.
    pub counts: Counts,
}

/// How the reading of a file ended.
#[derive(Debug, Clone, Default)]
pub struct FileEnd {
    /// Why it broke off, or what of it waits for a person; for the ledger.
    pub reason: Option<String>,
    /// It could not be read to its end: it is complete in no case, and the same bytes may come again.
    pub broken: bool,
    /// Its endings wait for a person: until then it does not say who is still there.
    pub held: bool,
}

impl Store {
    /// The payload already read from this source with the same bytes, if reading them again would say nothing new.
    /// A file that goes back to an earlier state after another one was read is news, if its date is later.
    ///
    /// # Errors
    /// The database.
    pub async fn duplicate_of(&self, source: &str, sha256: &str, as_of: Option<NaiveDate>) -> Result<Option<PayloadId>> {
        let doing = "looking for the same bytes";
        let earlier = sqlx::query_as::<_, (i64, Option<i64>)>(
            "select id, stream from payload where source = $1 and sha256 = $2 and state = 'read' order by id desc limit 1",
        )
        .bind(source)
        .bind(sha256)
        .fetch_optional(&self.read)
        .await
        .map_err(StoreError::sql(doing))?;
        let Some((id, stream)) = earlier else { return Ok(None) };
        let since: Option<String> =
            sqlx::query_scalar("select max(as_of) from payload where stream = $1 and id > $2 and state = 'read' and sha256 <> $3")
                .bind(stream)
                .bind(id)
                .bind(sha256)
                .fetch_one(&self.read)
                .await
                .map_err(StoreError::sql(doing))?;
        let news = match (since, as_of) {
            (Some(since), Some(as_of)) => as_of > parse_day(&since)?,
            _ => false,
        };
        Ok((!news).then_some(PayloadId(id)))
    }

    /// Stores that the same bytes came again: nothing is read, but what they said is now said of that day.
    ///
    /// # Errors
    /// The database.
    pub async fn add_duplicate(&self, payload: &NewPayload, duplicate_of: PayloadId) -> Result<PayloadId> {
        let doing = "storing that the same bytes came again";
        let mut tx = self.begin(doing).await?;
        let id = insert(&mut tx, payload, "duplicate", None, Some(duplicate_of)).await?;
        if let Some(stream) = payload.stream {
            move_freshness(&mut tx, stream, payload.day(), payload.complete).await?;
            see_again(&mut tx, stream, duplicate_of, payload.day()).await?;
            self.note_unchecked(&mut tx, payload.day()).await?;
        }
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(id)
    }

    /// Stores that a file could not be read, with the reason. The same bytes may come again and be read.
    ///
    /// # Errors
    /// The database.
    pub async fn add_failed(&self, payload: &NewPayload, reason: &str) -> Result<PayloadId> {
        let doing = "storing that a file could not be read";
        let mut tx = self.begin(doing).await?;
        let id = insert(&mut tx, payload, "failed", Some(reason), None).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(id)
    }

    /// Keeps the text of a mapping under its version; the same version again changes nothing.
    ///
    /// # Errors
    /// The database.
    pub async fn add_mapping_text(&self, id: &str, version: &str, text: &str) -> Result<()> {
        let doing = "keeping the text of a mapping";
        let known: Option<i64> = sqlx::query_scalar("select 1 from mapping_text where id = $1 and version = $2")
            .bind(id)
            .bind(version)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql(doing))?;
        if known.is_some() {
            return Ok(());
        }
        sqlx::query("insert into mapping_text (id, version, body) values ($1, $2, $3) on conflict do nothing")
            .bind(id)
            .bind(version)
            .bind(text)
            .execute(&self.write)
            .await
            .map_err(StoreError::sql(doing))?;
        Ok(())
    }

    /// The text of a mapping at that version, if it was kept.
    ///
    /// # Errors
    /// The database.
    pub async fn mapping_text(&self, id: &str, version: &str) -> Result<Option<String>> {
        sqlx::query_scalar("select body from mapping_text where id = $1 and version = $2")
            .bind(id)
            .bind(version)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading the text of a mapping"))
    }

    /// One payload.
    ///
    /// # Errors
    /// There is none of that id; the database.
    pub async fn payload(&self, id: PayloadId) -> Result<PayloadRow> {
        row_of(&self.read, id).await
    }
}

pub(crate) async fn row_of(on: impl SqliteExecutor<'_>, id: PayloadId) -> Result<PayloadRow> {
    let row = sqlx::query("select * from payload where id = $1")
        .bind(id.0)
        .fetch_optional(on)
        .await
        .map_err(StoreError::sql("reading a payload"))?
        .ok_or_else(|| StoreError::missing("payload", id))?;
    let payload = NewPayload {
        source: row.get("source"),
        connector: row.get("connector"),
        dataset: row.get("dataset"),
        stream: row.get::<Option<i64>, _>("stream").map(StreamId),
        mapping: row.get("mapping"),
        mapping_version: row.get("mapping_version"),
        file: row.get("file"),
        sha256: row.get("sha256"),
        bytes: counted(row.get("bytes")),
        landed_at: parse_time(row.get("landed_at"))?,
        as_of: parse_opt_day(row.get("as_of"))?,
        complete: row.get::<i64, _>("complete") != 0,
        columns: crate::text::parse_json(row.get("headings"))?,
        by: row.get("by_name"),
    };
    Ok(PayloadRow {
        id,
        payload,
        state: row.get("state"),
        reason: row.get("reason"),
        duplicate_of: row.get::<Option<i64>, _>("duplicate_of").map(PayloadId),
        counts: Counts::of_row(&row),
    })
}

pub(crate) async fn insert(
    on: &mut SqliteConnection,
    p: &NewPayload,
    state: &str,
    reason: Option<&str>,
    duplicate_of: Option<PayloadId>,
) -> Result<PayloadId> {
    let id: i64 = sqlx::query_scalar(
        "insert into payload (source, connector, dataset, stream, mapping, mapping_version, file, sha256, bytes, landed_at, as_of,
                              complete, headings, by_name, state, reason, duplicate_of)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id",
    )
    .bind(&p.source)
    .bind(&p.connector)
    .bind(&p.dataset)
    .bind(p.stream.map(|s| s.0))
    .bind(&p.mapping)
    .bind(&p.mapping_version)
    .bind(&p.file)
    .bind(&p.sha256)
    .bind(count(p.bytes))
    .bind(time(p.landed_at))
    .bind(day(p.day()))
    .bind(i64::from(p.complete))
    .bind(json(&p.columns)?)
    .bind(&p.by)
    .bind(state)
    .bind(reason)
    .bind(duplicate_of.map(|d| d.0))
    .fetch_one(on)
    .await
    .map_err(StoreError::sql("storing a payload"))?;
    Ok(PayloadId(id))
}

/// What the first file of these bytes told, or told again, is told again on `day`.
async fn see_again(on: &mut SqliteConnection, stream: StreamId, first: PayloadId, day: NaiveDate) -> Result<()> {
    sqlx::query(
        "update record set seen = $3 where stream = $1 and state = 0 and (seen is null or seen < $3)
           and (payload = $2 or seen = (select as_of from payload where id = $2))",
    )
    .bind(stream.0)
    .bind(first.0)
    .bind(crate::text::day(day))
    .execute(on)
    .await
    .map_err(StoreError::sql("storing that the same bytes came again"))?;
    Ok(())
}

/// The stream now speaks of that day; an older file moves nothing back.
pub(crate) async fn move_freshness(on: &mut SqliteConnection, stream: StreamId, as_of: NaiveDate, complete: bool) -> Result<()> {
    sqlx::query(
        "update stream set
           latest = case when latest is null or latest < $2 then $2 else latest end,
           latest_complete = case when $3 = 1 and (latest_complete is null or latest_complete < $2) then $2 else latest_complete end
         where id = $1",
    )
    .bind(stream.0)
    .bind(day(as_of))
    .bind(i64::from(complete))
    .execute(on)
    .await
    .map_err(StoreError::sql("storing how fresh a source is"))?;
    Ok(())
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.read += more.read;
        self.accepted += more.accepted;
        self.unchanged += more.unchanged;
        self.quarantined += more.quarantined;
        self.rejected += more.rejected;
    }
}
