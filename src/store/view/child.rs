//! One child: found by name, birth date or UPN, and shown with what every source says.

use chrono::NaiveDate;
use schema::name::fold;
use schema::{ChildId, PayloadId, Record, RecordId, Upn, Viewer};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{RESTRICTED, SEES_CHILD, WorkItem, scope};
use crate::text::{counted, opt_day, parse_json, parse_opt_day};
use crate::{Result, Store, StoreError};

/// Whom to find; what is not given does not matter.
#[derive(Clone, Default)]
pub struct ChildQuery {
    /// A present, former or temporary UPN.
    pub upn: Option<Upn>,
    /// Words of any of the names; case and accents do not matter.
    pub name: Option<String>,
    /// Birth date.
    pub dob: Option<NaiveDate>,
    /// At most so many, by id.
    pub limit: u32,
}

/// A child found.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ChildFound {
    /// Its id.
    pub id: ChildId,
    /// All its names, the best first.
    pub names: Vec<String>,
    /// Best birth date.
    pub dob: Option<NaiveDate>,
    /// Best UPN.
    pub upn: Option<Upn>,
    /// Whether sharing is restricted, by a source or a person.
    pub restricted: bool,
}

/// A child with every source's view.
#[derive(Clone, Serialize)]
pub struct ChildShown {
    /// Its id.
    pub id: ChildId,
    /// All its names, the best first.
    pub names: Vec<String>,
    /// Best birth date.
    pub dob: Option<NaiveDate>,
    /// Best UPN.
    pub upn: Option<Upn>,
    /// Whether sharing is restricted, by a source or a person.
    pub restricted: bool,
    /// The child it was joined to: what is known stands there.
    pub merged_into: Option<ChildId>,
    /// Current and gone records, oldest first.
    pub records: Vec<ShownRecord>,
    /// Open findings, the most urgent first.
    pub findings: Vec<WorkItem>,
}

/// What one source says, and where it stands.
#[derive(Clone, Serialize)]
pub struct ShownRecord {
    /// Its id.
    pub record: RecordId,
    /// The source's id.
    pub source: String,
    /// The kind of file.
    pub dataset: String,
    /// The child's id in the source.
    pub source_id: Option<String>,
    /// The payload it stands in.
    pub payload: PayloadId,
    /// The row there.
    pub row: u64,
    /// The day its payload speaks of.
    pub as_of: Option<NaiveDate>,
    /// Newest day on which a partial file told it again.
    pub seen: Option<NaiveDate>,
    /// Day of the complete file that no longer had it.
    pub gone: Option<NaiveDate>,
    /// The mapping that read it.
    pub mapping: Option<String>,
    /// The version of that mapping's text.
    pub mapping_version: Option<String>,
    /// The linkage rule that joined it.
    pub rule: String,
    /// What it says.
    pub says: Record,
}

schema::redacted!(ChildQuery, ChildFound, ChildShown, ShownRecord);

impl Store {
    /// Finds children by UPN, name and birth date, in the order of their ids.
    ///
    /// # Errors
    /// The database.
    pub async fn find_children(&self, viewer: &Viewer, query: &ChildQuery) -> Result<Vec<ChildFound>> {
        let doing = "looking for a child";
        let mut sql = format!(
            "select c.id, c.display, c.dob, c.upn, {RESTRICTED} as is_restricted from child c where c.merged_into is null and {SEES_CHILD}"
        );
        sql.push_str(" and ($2 is null or c.dob = $2)");
        // A former or temporary UPN stands in some record only.
        sql.push_str(
            " and ($3 is null or c.upn = $3 or (not exists (select 1 from child d where d.upn = $3) and c.id in
               (select r.child from record r join record_body b on b.id = r.id where r.state < 2 and b.body like '%\"' || $3 || '\"%')))",
        );
        let folded = query.name.as_deref().map(fold).unwrap_or_default();
        let words: Vec<&str> = folded.split_whitespace().collect();
        for at in 0..words.len() {
            sql.push_str(&format!(" and ('|' || replace(c.folded, ' ', '|') || '|') like ${} escape '!'", at + 5));
        }
        sql.push_str(" order by c.id limit $4");
        let mut find = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .bind(opt_day(query.dob))
            .bind(query.upn.map(|u| u.as_str().to_owned()))
            .bind(if query.limit == 0 { i64::MAX } else { i64::from(query.limit) });
        for word in words {
            let plain = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
            find = find.bind(format!("%|{plain}|%"));
        }
        let rows = find.persistent(false).fetch_all(&self.read).await.map_err(StoreError::sql(doing))?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = ChildId(row.get("id"));
            let records = self.shown_records(viewer, id).await?;
            let (dob, upn) = (parse_opt_day(row.get("dob"))?, parse_upn(row)?);
            let restricted = row.get::<i64, _>("is_restricted") != 0;
            found.push(ChildFound { id, names: names(viewer, row.get("display"), &records), dob, upn, restricted });
        }
        Ok(found)
    }

    /// One child with every source's view; for a person of a school, with that school's.
    ///
    /// # Errors
    /// There is no such child for this viewer; the database.
    pub async fn show_child(&self, viewer: &Viewer, id: ChildId) -> Result<ChildShown> {
        let row = self.visible_child(viewer, id).await?;
        let records = self.shown_records(viewer, id).await?;
        Ok(ChildShown {
            id,
            names: names(viewer, row.get("display"), &records),
            dob: parse_opt_day(row.get("dob"))?,
            upn: parse_upn(&row)?,
            restricted: row.get::<i64, _>("is_restricted") != 0,
            merged_into: row.get::<Option<i64>, _>("merged_into").map(ChildId),
            records,
            findings: self.findings_of(id).await?,
        })
    }

    pub(super) async fn visible_child(&self, viewer: &Viewer, id: ChildId) -> Result<SqliteRow> {
        sqlx::query(sqlx::AssertSqlSafe(format!("select c.*, {RESTRICTED} as is_restricted from child c where c.id = $2 and {SEES_CHILD}")))
            .bind(scope(viewer))
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading a child"))?
            .ok_or_else(|| StoreError::missing("child", id))
    }

    /// What sources say of a child. A person of a school sees what that school itself said: what others know reaches it by
    /// messages under its agreement, and in no other way.
    async fn shown_records(&self, viewer: &Viewer, id: ChildId) -> Result<Vec<ShownRecord>> {
        let rows = sqlx::query(
            "select r.id, s.source, s.dataset, r.payload, r.row_no, p.as_of, r.seen, r.gone, p.mapping, p.mapping_version, r.rule, b.body
             from record r join record_body b on b.id = r.id join stream s on s.id = r.stream join payload p on p.id = r.payload
             where r.child = $1 and r.state < 2 and ($2 = '*' or s.laestab = $2) order by r.id",
        )
        .bind(id.0)
        .bind(scope(viewer))
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql("reading what sources say about a child"))?;
        rows.iter().map(shown_record).collect()
    }
}

fn shown_record(row: &SqliteRow) -> Result<ShownRecord> {
    let says: Record = parse_json(row.get("body"))?;
    Ok(ShownRecord {
        record: RecordId(row.get("id")),
        source: row.get("source"),
        dataset: row.get("dataset"),
        source_id: says.source_id.clone(),
        payload: PayloadId(row.get("payload")),
        row: counted(row.get("row_no")),
        as_of: parse_opt_day(row.get("as_of"))?,
        seen: parse_opt_day(row.get("seen"))?,
        gone: parse_opt_day(row.get("gone"))?,
        mapping: row.get("mapping"),
        mapping_version: row.get("mapping_version"),
        rule: row.get("rule"),
        says,
    })
}

fn parse_upn(row: &SqliteRow) -> Result<Option<Upn>> {
    let upn = row.get::<Option<&str>, _>("upn").map(Upn::parse).transpose();
    upn.map_err(|_| StoreError::Damaged { doing: "reading a child" })
}

fn names(viewer: &Viewer, display: String, records: &[ShownRecord]) -> Vec<String> {
    // The best name may be one that another source alone knows.
    let mut names = if viewer.school.is_some() { Vec::new() } else { vec![display] };
    for name in records.iter().flat_map(|r| r.says.all_names()) {
        let full = name.full();
        if !full.is_empty() && !names.contains(&full) {
            names.push(full);
        }
    }
    names.retain(|n| !n.is_empty());
    names
}
