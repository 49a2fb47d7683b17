//! The outbox as people read it: where each message stands, and what was tried.
//!
//! A person of a school sees what was handed over to that school, and nothing that waits or is held.

use schema::{AttemptId, ChildId, FindingId, MessageId, Viewer};
use serde::Serialize;
use sharing::Sealed;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::scope;
use crate::{Result, Store, StoreError};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxItem {
    /// Its id.
    pub id: MessageId,
    /// Who is told.
    pub recipient: String,
    /// For which purpose.
    pub purpose: String,
    /// About which child, as it is now after merges.
    pub child: ChildId,
    /// `folder` or `email`; none as long as there is no content.
    pub channel: Option<String>,
    /// A word of [`schema::MessageState`].
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it waits, is held, dead or taken back.
    pub reason: Option<String>,
    /// When it was put into the outbox, RFC 3339 UTC.
    pub created: String,
    /// When it is tried next.
    pub due: Option<String>,
    /// When it was handed over.
    pub sent: Option<String>,
}

/// One message with what was tried.
#[derive(Clone, Serialize)]
pub struct OutboxDetail {
    /// The message.
    #[serde(flatten)]
    pub message: OutboxItem,
    /// The finding that is its cause.
    pub finding: Option<FindingId>,
    /// A word of [`schema::HoldReason`], where it is held.
    pub hold: Option<String>,
    /// The legal basis.
    pub basis: Option<String>,
    /// The agreement and its version.
    pub agreement: Option<String>,
    /// The fields in it.
    pub fields: Vec<String>,
    /// The name of its file, once it was tried.
    pub file: Option<String>,
    /// By when it is to be collected.
    pub collect_by: Option<String>,
    /// When the recipient had it.
    pub received: Option<String>,
    /// Who released it.
    pub released_by: Option<String>,
    /// Why it was released.
    pub released_why: Option<String>,
    /// What it says, for whoever may see the child.
    pub content: Option<String>,
    /// Every try, oldest first.
    pub tries: Vec<OutboxTry>,
}

schema::redacted!(OutboxDetail);

/// One try at sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxTry {
    /// Its id.
    pub id: AttemptId,
    /// `folder` or `email`.
    pub channel: String,
    /// When it began.
    pub started: String,
    /// When its outcome was known.
    pub ended: Option<String>,
    /// `sent`, `received`, `retry`, `next-channel`, `held`, `dead`, `unknown`; none while it runs, or after a crash until it
    /// is found out.
    pub outcome: Option<String>,
    /// In words.
    pub detail: Option<String>,
}

/// Continues a `where` over `message m`; the scope is `$1`.
const SEES_MESSAGE: &str = " ($1 = '*' or (m.recipient = $1 and m.state in ('sent', 'received'))) ";
const ITEM: &str = "select m.* from message m where ";
const READING: &str = "reading the outbox";

impl Store {
    /// All messages this viewer may see, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn outbox_list(&self, viewer: &Viewer) -> Result<Vec<OutboxItem>> {
        sqlx::query(sqlx::AssertSqlSafe(format!("{ITEM} {SEES_MESSAGE} order by m.id")))
            .bind(scope(viewer))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql(READING))
            .map(|rows| rows.iter().map(item).collect())
    }

    /// One message with its tries; its content for whoever may see it.
    ///
    /// # Errors
    /// There is no such message for this viewer; the database.
    pub async fn outbox_show(&self, viewer: &Viewer, id: MessageId) -> Result<OutboxDetail> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{ITEM} {SEES_MESSAGE} and m.id = $2")))
            .bind(scope(viewer))
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql(READING))?
            .ok_or_else(|| StoreError::missing("message", id))?;
        let tries = sqlx::query("select id, route, started, ended, outcome, detail from attempt where message = $1 order by number")
            .bind(id.0)
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql(READING))?;
        let stored: (Option<&str>, Option<&str>) = (row.get("content"), row.get("digest"));
        let sealed = match stored {
            (Some(text), Some(digest)) => Sealed::reopen(text, digest).ok(),
            _ => None,
        };
        Ok(OutboxDetail {
            message: item(&row),
            finding: row.get::<Option<i64>, _>("finding").map(FindingId),
            hold: row.get("hold"),
            basis: sealed.as_ref().map(|s| s.basis().to_owned()),
            agreement: sealed.as_ref().map(|s| s.agreement().to_owned()),
            fields: sealed.as_ref().map(|s| s.fields().to_vec()).unwrap_or_default(),
            file: row.get("file_name"),
            collect_by: row.get("collect_by"),
            received: row.get("received_at"),
            released_by: row.get("released_by"),
            released_why: row.get("released_why"),
            content: sealed.map(|s| String::from_utf8_lossy(s.body()).into_owned()),
            tries: tries.iter().map(try_of).collect(),
        })
    }
}

fn item(row: &SqliteRow) -> OutboxItem {
    OutboxItem {
        id: MessageId(row.get("id")),
        recipient: row.get("recipient"),
        purpose: row.get("purpose"),
        child: ChildId(row.get("child_now")),
        channel: row.get::<Option<&str>, _>("route").map(channel),
        state: row.get("state"),
        attempts: row.get("attempts"),
        reason: row.get("reason"),
        created: row.get("created"),
        due: row.get("due"),
        sent: row.get("sent_at"),
    }
}

fn try_of(row: &SqliteRow) -> OutboxTry {
    OutboxTry {
        id: AttemptId(row.get("id")),
        channel: channel(row.get("route")),
        started: row.get("started"),
        ended: row.get("ended"),
        outcome: row.get("outcome"),
        detail: row.get("detail"),
    }
}

/// The kind of a way: `folder:8524001` is a folder.
fn channel(route: &str) -> String {
    route.split(':').next().unwrap_or_default().to_owned()
}
