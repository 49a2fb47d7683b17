//! A few counts over everything, and when each connector last ran.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::Row;

use crate::text::counted;
use crate::{Result, Store, StoreError};

/// Counts over the whole store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Children, those merged into another left out.
    pub children: u64,
    /// Records that joined a known child by themselves.
    pub joined: u64,
    /// Links that wait for a person.
    pub reviews: u64,
    /// Open findings by rule, grade and reason.
    pub findings: Vec<FindingTotal>,
}

/// How many open findings of one kind there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingTotal {
    /// The rule.
    pub rule: String,
    /// The grade, where the rule grades.
    pub grade: Option<String>,
    /// The reason, where there is one.
    pub reason: Option<String>,
    /// How many.
    pub count: u64,
}

impl Store {
    /// Counts over everything; they name no child.
    ///
    /// # Errors
    /// The database.
    pub async fn totals(&self) -> Result<Totals> {
        let doing = "counting";
        let (children, joined, reviews): (i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from child where merged_into is null),
                    (select count(*) from record where state < 2 and rule not in ('new', 'late', 'decision')
                       and not exists (select 1 from review where review.record = record.id)),
                    (select count(*) from review_now)",
        )
        .fetch_one(&self.read)
        .await
        .map_err(StoreError::sql(doing))?;
        let rows = sqlx::query(
            "select rule, grade, reason, count(*) as found from finding where closed is null
             group by rule, grade, reason order by rule, grade, count(*) desc, reason",
        )
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql(doing))?;
        let findings = rows
            .iter()
            .map(|row| FindingTotal {
                rule: row.get("rule"),
                grade: row.get("grade"),
                reason: row.get("reason"),
                count: counted(row.get("found")),
            })
            .collect();
        Ok(Totals { children: counted(children), joined: counted(joined), reviews: counted(reviews), findings })
    }

    /// When each connector last brought a file, as RFC 3339 UTC.
    ///
    /// # Errors
    /// The database.
    pub async fn last_runs(&self) -> Result<BTreeMap<String, String>> {
        sqlx::query_as("select connector, max(landed_at) from payload group by connector")
            .fetch_all(&self.read)
            .await
            .map(|rows: Vec<(String, String)>| rows.into_iter().collect())
            .map_err(StoreError::sql("reading when connectors last ran"))
    }
}
