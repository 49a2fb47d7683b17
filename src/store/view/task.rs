//! Tasks as people read them.
//!
//! A person of a school sees those that are for its school to do.

use schema::{ChildId, MessageId, PayloadId, TaskId, Viewer};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::scope;
use crate::text::counted;
use crate::{Result, Store, StoreError};

/// One task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskItem {
    /// Its id.
    pub id: TaskId,
    /// A word of [`schema::TaskKind`].
    pub kind: String,
    /// The child, where it is about one.
    pub child: Option<ChildId>,
    /// The (first) message that caused it.
    pub message: Option<MessageId>,
    /// How many messages wait for it.
    pub messages: u64,
    /// The recipient, where it is about one.
    pub recipient: Option<String>,
    /// The payload that caused it.
    pub payload: Option<PayloadId>,
    /// The row there.
    pub row: Option<u64>,
    /// Whose it is: a word of [`schema::Role`].
    pub owner: String,
    /// By when, `YYYY-MM-DD`.
    pub due: String,
    /// `open` or `done`.
    pub state: String,
    /// What happened and what to do.
    pub words: String,
    /// When it was opened, RFC 3339 UTC.
    pub opened: String,
    /// Who closed it; `onroll` where its cause went away.
    pub done_by: Option<String>,
    /// Why it was closed.
    pub reason: Option<String>,
    /// When it was closed.
    pub done_at: Option<String>,
}

const ITEM: &str = "select t.*, (select count(*) from task_message m where m.task = t.id and m.over = 0) as messages from task t
    where ($1 = '*' or (t.recipient = $1 and t.owner = 'school')) ";

impl Store {
    /// The tasks that are open (`all`: also those done), by due day.
    ///
    /// # Errors
    /// The database.
    pub async fn task_list(&self, viewer: &Viewer, all: bool) -> Result<Vec<TaskItem>> {
        sqlx::query(sqlx::AssertSqlSafe(format!("{ITEM} and ($2 = 1 or t.state = 'open') order by t.state desc, t.due, t.id")))
            .bind(scope(viewer))
            .bind(i64::from(all))
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the tasks"))
            .map(|rows| rows.iter().map(item).collect())
    }

    /// One task, open or done.
    ///
    /// # Errors
    /// There is no such task for this viewer; the database.
    pub async fn task_show(&self, viewer: &Viewer, id: TaskId) -> Result<TaskItem> {
        sqlx::query(sqlx::AssertSqlSafe(format!("{ITEM} and t.id = $2")))
            .bind(scope(viewer))
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql("reading a task"))?
            .map(|row| item(&row))
            .ok_or_else(|| StoreError::missing("task", id))
    }
}

fn item(row: &SqliteRow) -> TaskItem {
    TaskItem {
        id: TaskId(row.get("id")),
        kind: row.get("kind"),
        child: row.get::<Option<i64>, _>("child").map(ChildId),
        message: row.get::<Option<i64>, _>("message").map(MessageId),
        messages: counted(row.get("messages")),
        recipient: row.get("recipient"),
        payload: row.get::<Option<i64>, _>("payload").map(PayloadId),
        row: row.get::<Option<i64>, _>("row_no").map(counted),
        owner: row.get("owner"),
        due: row.get("due"),
        state: row.get("state"),
        words: row.get("words"),
        opened: row.get("opened"),
        done_by: row.get("done_by"),
        reason: row.get("reason"),
        done_at: row.get("done_at"),
    }
}
