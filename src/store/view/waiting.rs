//! What waits for a person: rows, links, snapshots.

use schema::{ChildId, HeldRowId, MessageId, PayloadId, Problem, ProblemCode, RecordId, ReviewId, Viewer};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{SEES_CHILD, SEES_PAYLOAD, scope};
use crate::quarantine::held_row_of;
use crate::text::{counted, parse_json};
use crate::{Result, Store, StoreError};

/// A row that waits; no value of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantineItem {
    /// Its id.
    pub id: HeldRowId,
    /// The source's id.
    pub source: String,
    /// The newest payload in which it stands.
    pub payload: PayloadId,
    /// That payload's file name.
    pub file: String,
    /// Number of the row.
    pub row: u64,
    /// Line or sheet row; 0 = none.
    pub line: u64,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Why it waits.
    pub reason: ProblemCode,
    /// Heading at fault; empty for the whole row.
    pub column: String,
    /// `open`, `fixed`, `rejected` or `gone`.
    pub state: String,
    /// In how many payloads it has waited.
    pub times: u64,
}

/// A row that waits, with its values.
#[derive(Clone, Serialize)]
pub struct QuarantineDetail {
    /// The item.
    #[serde(flatten)]
    pub item: QuarantineItem,
    /// Values by heading, as they stand in the file.
    pub raw: Map<String, Value>,
    /// The row's faults.
    pub problems: Vec<Problem>,
    /// The record it became, once it was put right.
    pub record: Option<RecordId>,
}

schema::redacted!(QuarantineDetail);

/// A link that waits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewItem {
    /// Its id.
    pub id: ReviewId,
    /// The record.
    pub record: RecordId,
    /// The child it may be.
    pub child: ChildId,
    /// The child it makes for now.
    pub provisional: ChildId,
    /// How well they agree, where the linkage weighs.
    pub weight: Option<f64>,
    /// The linkage rule that fired.
    pub reason: String,
    /// Fields that agree.
    pub agreed: Vec<String>,
    /// Fields that differ.
    pub differed: Vec<String>,
    /// The source of the record.
    pub source: String,
}

/// A snapshot whose endings wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldSnapshot {
    /// `snapshot`.
    pub kind: &'static str,
    /// The payload: `release` takes this id.
    pub id: PayloadId,
    /// The source's id.
    pub source: String,
    /// The file's name.
    pub file: String,
    /// The day it speaks of.
    pub as_of: String,
    /// How many it would end.
    pub ending: u64,
    /// Of how many.
    pub of: u64,
    /// Why it waits.
    pub reason: String,
}

/// A message that a person decides about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldMessage {
    /// `message`.
    pub kind: &'static str,
    /// The message: `release` takes this id.
    pub id: MessageId,
    /// Who is to be told.
    pub recipient: String,
    /// For which purpose.
    pub purpose: String,
    /// About which child.
    pub child: ChildId,
    /// A word of [`schema::HoldReason`].
    pub hold: String,
    /// Why it waits, in words.
    pub reason: String,
    /// When it was put into the outbox, RFC 3339 UTC.
    pub since: String,
}

/// What waits for a person's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum HeldItem {
    /// A snapshot that would end too much.
    Snapshot(HeldSnapshot),
    /// A message.
    Message(HeldMessage),
}

const ITEM: &str = "select q.*, p.file, (select count(distinct t.payload) from held_row_place t where t.held_row = q.id) as times
    from held_row q join payload p on p.id = q.payload where ";

impl Store {
    /// The rows that wait, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn quarantine(&self, viewer: &Viewer) -> Result<Vec<QuarantineItem>> {
        sqlx::query(sqlx::AssertSqlSafe(format!("{ITEM} {SEES_PAYLOAD} and q.state = 'open' order by q.id")))
            .bind(scope(viewer))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the rows that wait"))?
            .iter()
            .map(item)
            .collect()
    }

    /// One row that waits, or waited, with its values.
    ///
    /// # Errors
    /// There is no such row for this viewer; the database.
    pub async fn quarantine_item(&self, viewer: &Viewer, id: HeldRowId) -> Result<QuarantineDetail> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{ITEM} {SEES_PAYLOAD} and q.id = $2")))
            .bind(scope(viewer))
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading a row that waits"))?
            .ok_or_else(|| StoreError::missing("quarantined row", id))?;
        Ok(QuarantineDetail {
            item: item(&row)?,
            raw: parse_json(row.get("raw"))?,
            problems: parse_json(row.get("problems"))?,
            record: row.get::<Option<i64>, _>("record").map(RecordId),
        })
    }

    /// The links that wait, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn review_list(&self, viewer: &Viewer) -> Result<Vec<ReviewItem>> {
        let sql = format!(
            "select v.*, s.source from review_now v join record r on r.id = v.record join stream s on s.id = r.stream
             join child c on c.id = r.child where {SEES_CHILD} order by v.id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the links that wait"))?;
        let review = |row: &SqliteRow| {
            let review = crate::review::review_of(row)?;
            Ok(ReviewItem {
                id: review.id,
                record: review.record,
                child: review.candidate,
                provisional: review.provisional,
                weight: None,
                reason: review.rule,
                agreed: review.agreed,
                differed: review.differed,
                source: row.get("source"),
            })
        };
        rows.iter().map(review).collect()
    }

    /// What waits for a person's word: snapshots, then messages, each oldest first. A person of a school sees no messages.
    ///
    /// # Errors
    /// The database.
    pub async fn hold_list(&self, viewer: &Viewer) -> Result<Vec<HeldItem>> {
        let snapshots = self.held_snapshots(viewer).await?;
        let messages = self.held_messages(viewer).await?;
        Ok(snapshots.into_iter().map(HeldItem::Snapshot).chain(messages.into_iter().map(HeldItem::Message)).collect())
    }

    async fn held_messages(&self, viewer: &Viewer) -> Result<Vec<HeldMessage>> {
        let rows = sqlx::query(
            "select m.id, m.recipient, m.purpose, m.child_now, m.hold, m.reason, m.created from message m
             where m.state in ('waiting', 'leased', 'unknown', 'held', 'dead') and m.state = 'held' and $1 = '*' order by m.id",
        )
        .bind(scope(viewer))
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql("reading the messages that are held"))?;
        let message = |row: &SqliteRow| HeldMessage {
            kind: "message",
            id: MessageId(row.get("id")),
            recipient: row.get("recipient"),
            purpose: row.get("purpose"),
            child: ChildId(row.get("child_now")),
            hold: row.get("hold"),
            reason: row.get::<Option<String>, _>("reason").unwrap_or_default(),
            since: row.get("created"),
        };
        Ok(rows.iter().map(message).collect())
    }

    async fn held_snapshots(&self, viewer: &Viewer) -> Result<Vec<HeldSnapshot>> {
        let sql = format!(
            "select h.*, p.source, p.file from hold h join payload p on p.id = h.payload
             where {SEES_PAYLOAD} and h.state = 'waiting' order by h.payload"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the snapshots that wait"))?;
        let snapshot = |row: &SqliteRow| HeldSnapshot {
            kind: "snapshot",
            id: PayloadId(row.get("payload")),
            source: row.get("source"),
            file: row.get("file"),
            as_of: row.get("as_of"),
            ending: counted(row.get("ending")),
            of: counted(row.get("of_total")),
            reason: row.get("reason"),
        };
        Ok(rows.iter().map(snapshot).collect())
    }
}

fn item(row: &SqliteRow) -> Result<QuarantineItem> {
    let held = held_row_of(row)?;
    Ok(QuarantineItem {
        id: held.id,
        source: held.source,
        payload: held.payload,
        file: row.get("file"),
        row: held.row,
        line: held.line,
        sheet: held.sheet,
        reason: held.code,
        column: held.column,
        state: held.state,
        times: counted(row.get("times")),
    })
}
