//! The worklist: open findings, the most urgent first.

use std::cmp::Reverse;
use std::collections::HashSet;

use chrono::NaiveDate;
use schema::{ChildId, Finding, FindingId, Viewer};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{EVERY, SEES_CHILD, scope};
use crate::finding::{COLUMNS, finding_of};
use crate::text::parse_opt_day;
use crate::{Result, Store, StoreError};

/// One line of the worklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkItem {
    /// The finding's id; `None` where it was only worked out for another day.
    pub id: Option<FindingId>,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// Whether its due day is past.
    pub overdue: bool,
    /// The day as of which it was opened.
    pub opened: Option<NaiveDate>,
}

impl WorkItem {
    /// A finding worked out for a day, stored nowhere.
    pub fn of(finding: Finding, as_of: NaiveDate) -> WorkItem {
        let overdue = finding.due.is_some_and(|due| due < as_of);
        WorkItem { id: None, finding, overdue, opened: None }
    }
}

/// Sorts: priority, then grade (`missing` first), then due day, then since when, then child.
pub fn most_urgent_first(items: &mut [WorkItem]) {
    items.sort_by(|a, b| {
        let key = |i: &WorkItem| {
            (i.finding.priority, Reverse(i.finding.grade), i.finding.due.unwrap_or(NaiveDate::MAX), i.finding.since, i.finding.child)
        };
        key(a).cmp(&key(b)).then_with(|| a.finding.rule.cmp(&b.finding.rule))
    });
}

impl Store {
    /// The open findings of the children this viewer may see, as of a day (which only decides what is overdue).
    ///
    /// # Errors
    /// The database.
    pub async fn worklist(&self, viewer: &Viewer, rule: Option<&str>, as_of: NaiveDate) -> Result<Vec<WorkItem>> {
        let sql = format!(
            "select {COLUMNS} from finding f join child c on c.id = f.child
             where f.closed is null and ($2 is null or f.rule = $2) and {SEES_CHILD}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .bind(rule)
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the worklist"))?;
        let mut items = rows.iter().map(|row| work_item(row, as_of)).collect::<Result<Vec<_>>>()?;
        most_urgent_first(&mut items);
        Ok(items)
    }

    /// The children this viewer may see; `None` = all of them.
    ///
    /// # Errors
    /// The database.
    pub async fn visible_children(&self, viewer: &Viewer) -> Result<Option<HashSet<ChildId>>> {
        let scope = scope(viewer);
        if scope == EVERY {
            return Ok(None);
        }
        let ids: Vec<i64> = sqlx::query_scalar(
            "select distinct r.child from record r join stream s on s.id = r.stream where r.state < 2 and s.laestab = $1",
        )
        .bind(scope)
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql("reading a school's children"))?;
        Ok(Some(ids.into_iter().map(ChildId).collect()))
    }

    pub(super) async fn findings_of(&self, child: ChildId) -> Result<Vec<WorkItem>> {
        let as_of = self.last_check().await?.unwrap_or(NaiveDate::MIN);
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("select {COLUMNS} from finding f where f.closed is null and f.child = $1")))
            .bind(child.0)
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the findings of a child"))?;
        let mut items = rows.iter().map(|row| work_item(row, as_of)).collect::<Result<Vec<_>>>()?;
        most_urgent_first(&mut items);
        Ok(items)
    }
}

fn work_item(row: &SqliteRow, as_of: NaiveDate) -> Result<WorkItem> {
    let (id, opened) = (FindingId(row.get("id")), parse_opt_day(row.get("opened"))?);
    Ok(WorkItem { id: Some(id), opened, ..WorkItem::of(finding_of(row)?, as_of) })
}
