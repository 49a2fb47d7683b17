//! Findings: opened, changed and closed by the rules, never deleted.

use chrono::{DateTime, NaiveDate, Utc};
use schema::{ChildId, Finding, FindingId, Grade, RecordId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use crate::child::Which;
use crate::dialect::{Many, no_lead};
use crate::text::{day, opt_day, parse_day, parse_json, parse_opt_day, time};
use crate::{Result, Store, StoreError};

/// What a check changes.
#[derive(Debug, Default, Clone)]
pub struct FindingChanges {
    /// New findings.
    pub open: Vec<Finding>,
    /// Open ones that now say something else.
    pub update: Vec<(FindingId, Finding)>,
    /// Open ones that no longer hold.
    pub close: Vec<FindingId>,
}

/// The columns of a finding, as [`finding_of`] reads them.
pub(crate) const COLUMNS: &str =
    "f.id, f.rule, f.child, f.grade, f.reason, f.priority, f.factors, f.since, f.due, f.owner, f.evidence, f.summary, f.opened, f.closed";

static OPEN: Many = Many::new(
    "insert into finding (id, rule, child, grade, reason, priority, factors, since, due, owner, evidence, summary, opened) values ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "",
);
// An upsert over rows that are there: one text changes many rows to different values.
static UPDATE: Many = Many::new(
    "insert into finding (id, rule, child, grade, reason, priority, factors, since, due, owner, evidence, summary, opened) values ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
    " on conflict (id) do update set grade = excluded.grade, reason = excluded.reason, priority = excluded.priority,
       factors = excluded.factors, since = excluded.since, due = excluded.due, owner = excluded.owner,
       evidence = excluded.evidence, summary = excluded.summary",
);
static CLOSE: Many = Many::new("update finding set closed = ? where closed is null and id in (", "?", ")");
static EVENT: Many =
    Many::new("insert into finding_event (finding, kind, as_of, at, grade, reason, priority) values ", "(?,?,?,?,?,?,?)", "");
static CLOSED_EVENT: Many = Many::new(
    "insert into finding_event (finding, kind, as_of, at, grade, reason, priority)
       select id, 'closed', ?, ?, grade, reason, priority from finding where closed is null and id in (",
    "?",
    ")",
);
const SETTLING: &str = "storing findings";

impl Store {
    /// The open findings of those children, by child.
    ///
    /// # Errors
    /// The database.
    pub async fn open_findings(&self, which: &Which) -> Result<Vec<(FindingId, Finding)>> {
        let doing = "reading the findings";
        let select = || QueryBuilder::new(format!("select {COLUMNS} from finding f where f.closed is null"));
        let mut found = Vec::new();
        match which {
            Which::All => {
                let mut sql = select();
                sql.push(" order by f.child, f.id");
                found = sql.build().fetch_all(&self.read).await.map_err(StoreError::sql(doing))?;
            }
            Which::These(ids) => {
                for named in ids.chunks(500) {
                    let mut sql = select();
                    sql.push(" and f.child in (");
                    let mut list = sql.separated(", ");
                    for id in named {
                        list.push_bind(id.0);
                    }
                    sql.push(") order by f.child, f.id");
                    found.extend(sql.build().persistent(false).fetch_all(&self.read).await.map_err(StoreError::sql(doing))?);
                }
            }
        }
        found.iter().map(|row| Ok((FindingId(row.get("id")), finding_of(row)?))).collect()
    }

    /// The open findings of one rule with their children, by child.
    ///
    /// # Errors
    /// The database.
    pub async fn open_of_rule(&self, rule: &str) -> Result<Vec<(ChildId, FindingId)>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as("select child, id from finding where closed is null and rule = $1 order by child")
            .bind(rule)
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the findings of a rule"))?;
        Ok(rows.into_iter().map(|(child, id)| (ChildId(child), FindingId(id))).collect())
    }

    /// Stores what a check as of `as_of` changed, in one transaction; and, where everybody was looked at (`whole`), that the
    /// day's check was made.
    ///
    /// # Errors
    /// The database; nothing is stored then.
    pub async fn settle_findings(&self, changes: FindingChanges, whole: bool, as_of: NaiveDate, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(SETTLING).await?;
        let next: i64 = sqlx::query_scalar("select coalesce(max(id), 0) + 1 from finding")
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::sql(SETTLING))?;
        let opened: Vec<(i64, Finding)> = (next..).zip(changes.open).collect();
        let updated: Vec<(i64, Finding)> = changes.update.into_iter().map(|(id, f)| (id.0, f)).collect();
        let (as_of, at) = (day(as_of), time(at));
        let closed_lead = |b: &mut crate::dialect::Bound| {
            b.add(as_of.clone()).add(at.clone());
        };
        // Closing comes first: a rule may close one finding of a child and open another.
        CLOSED_EVENT.run(&mut tx, closed_lead, changes.close.iter(), |b, id| _ = b.add(id.0)).await.map_err(StoreError::sql(SETTLING))?;
        CLOSE
            .run(&mut tx, |b| _ = b.add(as_of.clone()), changes.close.iter(), |b, id| _ = b.add(id.0))
            .await
            .map_err(StoreError::sql(SETTLING))?;
        for (kind, many, findings) in [("opened", &OPEN, opened), ("changed", &UPDATE, updated)] {
            many.run(&mut tx, no_lead, findings.iter(), |b, (id, f)| {
                let factors = serde_json::Value::from(f.factors.clone()).to_string();
                let evidence = serde_json::Value::from_iter(f.evidence.iter().map(ToString::to_string)).to_string();
                b.add(*id).add(f.rule.clone()).add(f.child.0).add(f.grade.map(Grade::as_str)).add(f.reason.clone());
                b.add(i64::from(f.priority)).add(factors).add(day(f.since)).add(opt_day(f.due)).add(f.owner.clone());
                b.add(evidence).add(f.summary.clone()).add(as_of.clone());
            })
            .await
            .map_err(StoreError::sql(SETTLING))?;
            EVENT
                .run(&mut tx, no_lead, findings.iter(), |b, (id, f)| {
                    b.add(*id).add(kind).add(as_of.clone()).add(at.clone());
                    b.add(f.grade.map(Grade::as_str)).add(f.reason.clone()).add(i64::from(f.priority));
                })
                .await
                .map_err(StoreError::sql(SETTLING))?;
        }
        self.note_checked(&mut tx).await?;
        if !whole {
            return tx.commit().await.map_err(StoreError::sql(SETTLING));
        }
        sqlx::query("insert into milestone (name, day) values ('last-check', $1) on conflict (name) do update set day = excluded.day")
            .bind(as_of)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::sql(SETTLING))?;
        tx.commit().await.map_err(StoreError::sql(SETTLING))
    }

    /// The day as of which the rules last looked at everybody.
    ///
    /// # Errors
    /// The database.
    pub async fn last_check(&self) -> Result<Option<NaiveDate>> {
        let day: Option<String> = sqlx::query_scalar("select day from milestone where name = 'last-check'")
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading the day of the last check"))?;
        parse_opt_day(day.as_deref())
    }
}

pub(crate) fn finding_of(row: &SqliteRow) -> Result<Finding> {
    let damaged = StoreError::Damaged { doing: "reading the findings" };
    let grade = match row.get::<Option<&str>, _>("grade") {
        None => None,
        Some(word) => Some(Grade::parse(word).ok_or(damaged)?),
    };
    Ok(Finding {
        rule: row.get("rule"),
        child: ChildId(row.get("child")),
        grade,
        reason: row.get("reason"),
        priority: row.get("priority"),
        factors: parse_json(row.get("factors"))?,
        since: parse_day(row.get("since"))?,
        due: parse_opt_day(row.get("due"))?,
        owner: row.get("owner"),
        evidence: parse_json::<Vec<RecordId>>(row.get("evidence"))?,
        summary: row.get("summary"),
    })
}
