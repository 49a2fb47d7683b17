//! Two children become one, and can be parted again: records move, the emptied child points to the other.

use chrono::{DateTime, Utc};
use schema::{ChildId, Viewer};
use sqlx::sqlite::SqliteConnection;

use crate::text::time;
use crate::{Result, Store, StoreError};

/// A merge to be done.
#[derive(Debug, Clone)]
pub struct ChildMerge {
    /// The child that is emptied.
    pub from: ChildId,
    /// The child that stays.
    pub into: ChildId,
    /// Why.
    pub reason: String,
}

/// What a merge, or its undoing, touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// The child that was emptied (or filled again).
    pub from: ChildId,
    /// The child that its records went to (or left).
    pub into: ChildId,
    /// How many records moved.
    pub records: u64,
}

const MERGING: &str = "joining two children";
const PARTING: &str = "parting two children";

impl Store {
    /// Joins two children. Summaries of both are the caller's to recompute.
    ///
    /// # Errors
    /// One of them is not there, was merged before, or both are one; the database.
    pub async fn child_merge(&self, merge: &ChildMerge, by: &Viewer, at: DateTime<Utc>) -> Result<Merged> {
        let mut tx = self.begin(MERGING).await?;
        let merged = join(&mut tx, merge, None, by, at).await?;
        tx.commit().await.map_err(StoreError::sql(MERGING))?;
        Ok(merged)
    }
}

pub(crate) async fn must_stand(on: &mut SqliteConnection, child: ChildId) -> Result<()> {
    let row: Option<Option<i64>> = sqlx::query_scalar("select merged_into from child where id = $1")
        .bind(child.0)
        .fetch_optional(on)
        .await
        .map_err(StoreError::sql(MERGING))?;
    match row {
        None => Err(StoreError::missing("child", child)),
        Some(None) => Ok(()),
        Some(Some(into)) => Err(StoreError::Refused {
            what: format!("child {child} was joined to {}", ChildId(into)),
            hint: "decide about that child instead",
        }),
    }
}

pub(crate) async fn join(
    on: &mut SqliteConnection,
    merge: &ChildMerge,
    decision: Option<i64>,
    by: &Viewer,
    at: DateTime<Utc>,
) -> Result<Merged> {
    let (from, into) = (merge.from, merge.into);
    if from == into {
        return Err(StoreError::Refused {
            what: format!("{from} and {into} are one child already"),
            hint: "there is nothing left to decide",
        });
    }
    must_stand(on, from).await?;
    must_stand(on, into).await?;
    let id: i64 = sqlx::query_scalar(
        "insert into child_merge (from_child, into_child, decision, by_name, by_role, reason, at) values ($1, $2, $3, $4, $5, $6, $7) returning id",
    )
    .bind(from.0)
    .bind(into.0)
    .bind(decision)
    .bind(&by.name)
    .bind(by.role.as_str())
    .bind(&merge.reason)
    .bind(time(at))
    .fetch_one(&mut *on)
    .await
    .map_err(StoreError::sql(MERGING))?;
    sqlx::query("insert into child_merge_record (merge, record) select $1, id from record where child = $2")
        .bind(id)
        .bind(from.0)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(MERGING))?;
    let moved = sqlx::query("update record set child = $2 where child = $1")
        .bind(from.0)
        .bind(into.0)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(MERGING))?;
    sqlx::query("update child set merged_into = $2 where id = $1")
        .bind(from.0)
        .bind(into.0)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(MERGING))?;
    // Restricted by a source until the summaries are worked out anew: in between nothing must leave.
    for sql in [
        "update child set restricted = 1 where id = $2 and exists (select 1 from child c where c.id = $1 and c.restricted = 1)",
        "update message set child_now = $2 where child_now = $1",
        "update restriction set child_now = $2 where child_now = $1",
    ] {
        sqlx::query(sql).bind(from.0).bind(into.0).execute(&mut *on).await.map_err(StoreError::sql(MERGING))?;
    }
    Ok(Merged { from, into, records: moved.rows_affected() })
}

/// Messages and restrictions follow their child out of `$1`: the last child that its merges lead to.
macro_rules! follow {
    ($table:literal) => {
        concat!(
            "update ",
            $table,
            " set child_now = (with recursive up (id, next) as (
             select c.id, c.merged_into from child c where c.id = ",
            $table,
            ".child
             union all select c.id, c.merged_into from child c join up on c.id = up.next)
           select up.id from up where up.next is null) where child_now = $1"
        )
    };
}

/// What was said of both while they were one is said of either; the rest goes back to whom it was said of.
async fn part_words(on: &mut SqliteConnection, merge: i64, from: i64, into: i64) -> Result<()> {
    sqlx::query(
        "insert into restriction (child, child_now, reason, by_name, by_role, at)
           select $2, $2, reason, by_name, by_role, at from restriction
           where child = $3 and lifted_at is null and at >= (select at from child_merge where id = $1)",
    )
    .bind(merge)
    .bind(from)
    .bind(into)
    .execute(&mut *on)
    .await
    .map_err(StoreError::sql(PARTING))?;
    for sql in [follow!("restriction"), follow!("message")] {
        sqlx::query(sql).bind(into).execute(&mut *on).await.map_err(StoreError::sql(PARTING))?;
    }
    sqlx::query("update child set restricted = 1 where id = $1 and exists (select 1 from child c where c.id = $2 and c.restricted = 1)")
        .bind(from)
        .bind(into)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(PARTING))?;
    Ok(())
}

/// Undoes the merge a decision caused. Records that came since under the keys of those that moved go back with them.
pub(crate) async fn part(on: &mut SqliteConnection, decision: i64, by: &Viewer, reason: &str, at: DateTime<Utc>) -> Result<Option<Merged>> {
    let merge: Option<(i64, i64, i64)> =
        sqlx::query_as("select id, from_child, into_child from child_merge where decision = $1 and undone_at is null")
            .bind(decision)
            .fetch_optional(&mut *on)
            .await
            .map_err(StoreError::sql(PARTING))?;
    let Some((id, from, into)) = merge else { return Ok(None) };
    let moved = sqlx::query(
        "update record set child = $2 where id in (
           select r.id from child_merge_record m join record o on o.id = m.record
           join record r on r.child = o.child and r.stream = o.stream and r.key = o.key
           where m.merge = $1)",
    )
    .bind(id)
    .bind(from)
    .execute(&mut *on)
    .await
    .map_err(StoreError::sql(PARTING))?;
    sqlx::query("update child set merged_into = null where id = $1")
        .bind(from)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(PARTING))?;
    part_words(on, id, from, into).await?;
    sqlx::query("update child_merge set undone_by = $2, undone_reason = $3, undone_at = $4 where id = $1")
        .bind(id)
        .bind(&by.name)
        .bind(reason)
        .bind(time(at))
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(PARTING))?;
    Ok(Some(Merged { from: ChildId(from), into: ChildId(into), records: moved.rows_affected() }))
}
