//! The ledger: per payload and in all, `read = accepted + unchanged + quarantined + rejected`; and the fate of one row.

use schema::{ChildId, HeldRowId, PayloadId, RecordId, RowId, Viewer};
use serde::Serialize;
use sqlx::Row;

use super::{SEES_PAYLOAD, scope};
use crate::payload::{Counts, Fate, ProblemCount};
use crate::text::{count, counted};
use crate::{Result, Store, StoreError};

/// The ledger.
#[derive(Debug, Clone, Serialize)]
pub struct Ledger {
    /// Over all payloads shown.
    pub rows: Counts,
    /// Each payload, oldest first.
    pub payloads: Vec<LedgerPayload>,
}

/// One payload in the ledger.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerPayload {
    /// Its id.
    pub id: PayloadId,
    /// The source's id.
    pub source: String,
    /// The connector.
    pub connector: String,
    /// The kind of file, where known.
    pub dataset: Option<String>,
    /// The file's name.
    pub file: String,
    /// When it was landed.
    pub at: String,
    /// The day it speaks of.
    pub as_of: Option<String>,
    /// Whether who is not in it is gone.
    pub complete: bool,
    /// Who brought it in.
    pub by: String,
    /// `read`, `failed` or `duplicate`.
    pub state: String,
    /// Why it could not be read, broke off, or is held.
    pub reason: Option<String>,
    /// The payload whose bytes came again.
    pub duplicate_of: Option<PayloadId>,
    /// Its rows.
    pub rows: Counts,
    /// Its faults by kind and column.
    pub problems: Vec<ProblemCount>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFate {
    /// The payload.
    pub payload: PayloadId,
    /// The row's number.
    pub row: u64,
    /// What became of it.
    pub fate: Fate,
    /// The record it began; a further row of the same record names none.
    pub record: Option<RecordId>,
    /// That record's child.
    pub child: Option<ChildId>,
    /// The item of the quarantine, if it waits or waited.
    pub item: Option<HeldRowId>,
}

impl Store {
    /// The ledger of one payload, or of all.
    ///
    /// # Errors
    /// There is no such payload for this viewer; the database.
    pub async fn ledger(&self, viewer: &Viewer, payload: Option<PayloadId>) -> Result<Ledger> {
        let doing = "reading the ledger";
        let mut sql = format!("select * from payload p where {SEES_PAYLOAD} and ($2 is null or p.id = $2) order by p.id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .bind(payload.map(|p| p.0))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql(doing))?;
        if let (true, Some(id)) = (rows.is_empty(), payload) {
            return Err(StoreError::missing("payload", id));
        }
        sql = format!(
            "select q.* from payload_problem q join payload p on p.id = q.payload where {SEES_PAYLOAD} and ($2 is null or p.id = $2)
             order by q.payload, q.found desc, q.code, q.heading"
        );
        let problems = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .bind(payload.map(|p| p.0))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql(doing))?;
        let mut problems = problems.into_iter().peekable();
        let mut ledger = Ledger { rows: Counts::default(), payloads: Vec::with_capacity(rows.len()) };
        for row in &rows {
            let id: i64 = row.get("id");
            let mut of_payload = Vec::new();
            while let Some(problem) = problems.next_if(|p| p.get::<i64, _>("payload") == id) {
                let code = serde_json::from_value(serde_json::Value::from(problem.get::<&str, _>("code")));
                of_payload.push(ProblemCount {
                    code: code.map_err(|_| StoreError::Damaged { doing })?,
                    column: problem.get("heading"),
                    count: counted(problem.get("found")),
                });
            }
            let counts = Counts::of_row(row);
            ledger.rows.read += counts.read;
            for (fate, rows) in counts.by_fate() {
                ledger.rows.add(fate, rows);
            }
            ledger.payloads.push(LedgerPayload {
                id: PayloadId(id),
                source: row.get("source"),
                connector: row.get("connector"),
                dataset: row.get("dataset"),
                file: row.get("file"),
                at: row.get("landed_at"),
                as_of: row.get("as_of"),
                complete: row.get::<i64, _>("complete") != 0,
                by: row.get("by_name"),
                state: row.get("state"),
                reason: row.get("reason"),
                duplicate_of: row.get::<Option<i64>, _>("duplicate_of").map(PayloadId),
                rows: counts,
                problems: of_payload,
            });
        }
        Ok(ledger)
    }

    /// What became of one row.
    ///
    /// # Errors
    /// There is no such row for this viewer; the database.
    pub async fn row_fate(&self, viewer: &Viewer, row: RowId) -> Result<RowFate> {
        let doing = "reading the fate of a row";
        let sql = format!(
            "select f.fate,
               (select max(r.id) from record r where r.payload = p.id and r.row_no = $3) as record,
               (select q.held_row from held_row_place q where q.payload = p.id and q.row_no = $3) as item
             from payload p join payload_fate f on f.payload = p.id
             where {SEES_PAYLOAD} and p.id = $2 and f.first_row <= $3 and f.last_row >= $3"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .bind(row.payload.0)
            .bind(count(row.row))
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql(doing))?
            .ok_or_else(|| StoreError::missing("row", row))?;
        let record = found.get::<Option<i64>, _>("record").map(RecordId);
        let child = match record {
            Some(record) => self.children_of(&[record]).await?.pop(),
            None => None,
        };
        let item = found.get::<Option<i64>, _>("item").map(HeldRowId);
        Ok(RowFate { payload: row.payload, row: row.row, fate: Fate::of(found.get("fate"))?, record, child, item })
    }
}
