//! What happened to a child, newest first, and why a record belongs to it.

use schema::{ChildId, FindingId, MessageId, PayloadId, RecordId, Viewer};
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::{SEES_CHILD, scope};
use crate::text::parse_json;
use crate::{Result, Store, StoreError};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// When it was stored, RFC 3339 UTC.
    pub at: String,
    /// The day it speaks of, where it speaks of one.
    pub day: Option<String>,
    /// `told`, `changed`, `gone`, `back`, `joined`, `parted`, `finding-opened`, `finding-changed`, `finding-closed`,
    /// `restricted`, `unrestricted`, `message`, `message-released`, `message-retried`, `message-cancelled`, `disclosed`,
    /// `message-sent`, `message-received`. A person of a school sees what its own files told, findings, and of the messages
    /// to it the last three.
    pub kind: String,
    /// The record.
    pub record: Option<RecordId>,
    /// The payload.
    pub payload: Option<PayloadId>,
    /// The finding.
    pub finding: Option<FindingId>,
    /// The message.
    pub message: Option<MessageId>,
    /// The other child of a join or parting.
    pub child: Option<ChildId>,
    /// The source, the rule of a finding, or the recipient of a message.
    pub what: String,
    /// Grade, reason, or the words of who decided.
    pub detail: Option<String>,
    /// Who decided.
    pub by: Option<String>,
}

/// Why a record belongs to its child.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The record, its child and the rule that fired, with what agreed and differed.
    #[serde(flatten)]
    pub link: schema::link::Explanation,
    /// The source it is from.
    pub source: String,
    /// The payload it stands in.
    pub payload: PayloadId,
    /// The row there.
    pub row: u64,
    /// Who decided about it, if a person did: name, reason and time of each decision, newest first.
    pub decisions: Vec<Decision>,
}

/// A person's word about the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The same child, or different ones.
    pub same: bool,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: String,
    /// When it was taken back.
    pub undone_at: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LinkText {
    agreed: Vec<String>,
    differed: Vec<String>,
    rivals: Vec<ChildId>,
}

const HISTORY: &str = "
  select p.landed_at as at, p.as_of as day, case when r.replaces is null then 'told' else 'changed' end as kind, r.id as record,
         r.payload, null as finding, null as child, p.source as what, r.rule as detail, null as by_name, 1 as step, r.id as nr, null as message
  from record r join payload p on p.id = r.payload join stream s on s.id = r.stream where r.child = $1 and ($2 = '*' or s.laestab = $2)
  union all
  select coalesce(h.at, p.landed_at), e.as_of, e.kind, e.record, e.payload, null, null, p.source, h.why, h.by_name, 2, e.id, null
  from record_event e join record r on r.id = e.record join payload p on p.id = e.payload
  join stream s on s.id = r.stream left join hold h on h.payload = e.payload and h.state = 'released'
  where r.child = $1 and ($2 = '*' or s.laestab = $2)
  union all
  select m.at, null, 'joined', null, null, null, case when m.from_child = $1 then m.into_child else m.from_child end, 'decision', m.reason, m.by_name, 3, m.id, null
  from child_merge m where (m.from_child = $1 or m.into_child = $1) and $2 = '*'
  union all
  select m.undone_at, null, 'parted', null, null, null, case when m.from_child = $1 then m.into_child else m.from_child end, 'decision', m.undone_reason, m.undone_by, 4, m.id, null
  from child_merge m where m.undone_at is not null and (m.from_child = $1 or m.into_child = $1) and $2 = '*'
  union all
  select e.at, e.as_of, 'finding-' || e.kind, null, null, e.finding, null, f.rule,
         case when e.grade is null then e.reason when e.reason is null then e.grade else e.grade || ': ' || e.reason end, null, 5, e.id, null
  from finding_event e join finding f on f.id = e.finding where f.child = $1
  union all
  select r.at, null, 'restricted', null, null, null, null, 'decision', r.reason, r.by_name, 6, r.id, null
  from restriction r where r.child_now = $1 and $2 = '*'
  union all
  select r.lifted_at, null, 'unrestricted', null, null, null, null, 'decision', r.lifted_why, r.lifted_by, 7, r.id, null
  from restriction r where r.child_now = $1 and r.lifted_at is not null and $2 = '*'
  union all
  select m.created, null, 'message', null, null, m.finding, null, m.recipient, m.purpose, null, 8, m.id, m.id
  from message m where m.child_now = $1 and $2 = '*'
  union all
  select a.at, null, 'message-' || a.kind, null, null, m.finding, null, m.recipient, a.reason, a.by_name, 9, a.id, m.id
  from message_act a join message m on m.id = a.message where m.child_now = $1 and $2 = '*'
  union all
  select d.line ->> '$.at', null, 'disclosed', null, null, m.finding, null, m.recipient, d.line ->> '$.basis', m.released_by, 10, d.number, m.id
  from message m join disclosure d on d.message = 'M' || m.id where m.child_now = $1 and ($2 = '*' or m.recipient = $2)
  union all
  select m.sent_at, null, 'message-sent', null, null, m.finding, null, m.recipient, m.file_name, null, 11, m.id, m.id
  from message m where m.child_now = $1 and m.sent_at is not null and ($2 = '*' or m.recipient = $2)
  union all
  select m.received_at, null, 'message-received', null, null, m.finding, null, m.recipient, m.file_name, null, 12, m.id, m.id
  from message m where m.child_now = $1 and m.received_at is not null and ($2 = '*' or m.recipient = $2)
  order by 1 desc, 11 desc, 12 desc";

impl Store {
    /// What happened to a child, newest first.
    ///
    /// # Errors
    /// There is no such child for this viewer; the database.
    pub async fn child_history(&self, viewer: &Viewer, id: ChildId) -> Result<Vec<HistoryEntry>> {
        self.visible_child(viewer, id).await?;
        let rows = sqlx::query(HISTORY)
            .bind(id.0)
            .bind(scope(viewer))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading a child's history"))?;
        let entry = |row: &sqlx::sqlite::SqliteRow| HistoryEntry {
            at: row.get("at"),
            day: row.get("day"),
            kind: row.get("kind"),
            record: row.get::<Option<i64>, _>("record").map(RecordId),
            payload: row.get::<Option<i64>, _>("payload").map(PayloadId),
            finding: row.get::<Option<i64>, _>("finding").map(FindingId),
            message: row.get::<Option<i64>, _>("message").map(MessageId),
            child: row.get::<Option<i64>, _>("child").map(ChildId),
            what: row.get("what"),
            detail: row.get("detail"),
            by: row.get("by_name"),
        };
        Ok(rows.iter().map(entry).collect())
    }

    /// Why a record belongs to its child.
    ///
    /// # Errors
    /// There is no such record for this viewer; the database.
    pub async fn explain(&self, viewer: &Viewer, id: RecordId) -> Result<Explained> {
        let doing = "reading why a record belongs to its child";
        let sql = format!(
            "select r.child, r.rule, r.link, r.payload, r.row_no, r.key, s.source, s.dataset
             from record r join stream s on s.id = r.stream join child c on c.id = r.child
             where r.id = $2 and {SEES_CHILD} and ($1 = '*' or s.laestab = $1)"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope(viewer))
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql(doing))?
            .ok_or_else(|| StoreError::missing("record", id))?;
        let text: &str = row.get("link");
        let link: LinkText = if text.is_empty() { LinkText::default() } else { parse_json(text)? };
        let source: String = row.get("source");
        let decisions = sqlx::query_as::<_, (i64, String, String, String, Option<String>)>(
            "select same, by_name, reason, at, undone_at from link_decision
             where (one_source = $1 and one_dataset = $2 and one_key = $3) or (other_source = $1 and other_dataset = $2 and other_key = $3)
             order by id desc",
        )
        .bind(&source)
        .bind(row.get::<String, _>("dataset"))
        .bind(row.get::<String, _>("key"))
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql(doing))?;
        let decision = |(same, by, reason, at, undone_at)| Decision { same: same != 0_i64, by, reason, at, undone_at };
        Ok(Explained {
            link: schema::link::Explanation {
                record: id,
                child: ChildId(row.get("child")),
                rule: row.get("rule"),
                agreed: link.agreed,
                differed: link.differed,
                rivals: link.rivals,
            },
            source,
            payload: PayloadId(row.get("payload")),
            row: crate::text::counted(row.get("row_no")),
            decisions: decisions.into_iter().map(decision).collect(),
        })
    }
}
