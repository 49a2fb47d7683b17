//! What only a person can do: opened with its cause, closed with it or by a person, kept for ever.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use schema::{ChangeId, MessageId, NewTask, PayloadId, TaskId, TaskKind, Viewer};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;

use crate::ingest::Ingest;
use crate::text::{count, day, time};
use crate::{Result, Store, StoreError};

/// Who closes a task whose cause is gone.
const ITSELF: &str = "onroll";
const OPENING: &str = "opening a task";
const CLOSING: &str = "closing a task";

/// What a task comes from, where it is a message or a row.
#[derive(Default, Clone, Copy)]
pub(crate) struct Cause {
    pub(crate) message: Option<MessageId>,
    pub(crate) payload: Option<PayloadId>,
    pub(crate) row: Option<u64>,
}

impl Cause {
    pub(crate) fn message(message: MessageId) -> Cause {
        Cause { message: Some(message), ..Cause::default() }
    }
}

impl Store {
    /// Opens tasks that stand alone. Of the open tasks there is one of a key: what is open already is left as it is.
    /// Says how many are new.
    ///
    /// # Errors
    /// The database.
    pub async fn open_tasks(&self, tasks: Vec<NewTask>, at: DateTime<Utc>) -> Result<u64> {
        if tasks.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin(OPENING).await?;
        let mut new = 0;
        for task in &tasks {
            new += u64::from(open(&mut tx, task, Cause::default(), at).await?);
        }
        tx.commit().await.map_err(StoreError::sql(OPENING))?;
        Ok(new)
    }

    /// Closes the open tasks of these keys: their cause is gone. Says how many there were.
    ///
    /// # Errors
    /// The database.
    pub async fn close_tasks(&self, keys: &[String], why: &str, at: DateTime<Utc>) -> Result<u64> {
        if keys.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin(CLOSING).await?;
        let closed = close_keys(&mut tx, keys, why, at).await?;
        tx.commit().await.map_err(StoreError::sql(CLOSING))?;
        Ok(closed)
    }

    /// Closes the open tasks of these kinds whose key is not among `keys`: their cause is gone. Says how many there were.
    ///
    /// # Errors
    /// The database.
    pub async fn keep_tasks(&self, kinds: &[TaskKind], keys: &[String], at: DateTime<Utc>) -> Result<u64> {
        let mut gone = Vec::new();
        let keys: HashSet<&String> = keys.iter().collect();
        for kind in kinds {
            let open = self.open_task_keys(*kind).await?;
            gone.extend(open.into_iter().filter(|key| !keys.contains(key)));
        }
        gone.sort_unstable();
        self.close_tasks(&gone, "its cause is gone", at).await
    }

    /// The keys of the open tasks of a kind.
    ///
    /// # Errors
    /// The database.
    pub async fn open_task_keys(&self, kind: TaskKind) -> Result<HashSet<String>> {
        let keys: Vec<String> = sqlx::query_scalar("select key from task where state = 'open' and kind = $1")
            .bind(kind.as_str())
            .fetch_all(&self.read)
            .await
            .map_err(StoreError::sql("reading the tasks"))?;
        Ok(keys.into_iter().collect())
    }

    /// A person says that a task is done. Where it asked who moved, that change of address waits no more.
    ///
    /// # Errors
    /// There is no such task, or it is done; the database.
    pub async fn task_done(&self, id: TaskId, reason: &str, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(CLOSING).await?;
        let done = sqlx::query(
            "update task set state = 'done', done_by = $2, done_role = $3, reason = $4, done_at = $5 where id = $1 and state = 'open'",
        )
        .bind(id.0)
        .bind(&by.name)
        .bind(by.role.as_str())
        .bind(reason)
        .bind(time(at))
        .execute(&mut *tx)
        .await
        .map_err(StoreError::sql(CLOSING))?;
        if done.rows_affected() == 0 {
            let known: Option<i64> = sqlx::query_scalar("select id from task where id = $1")
                .bind(id.0)
                .fetch_optional(&mut *tx)
                .await
                .map_err(StoreError::sql(CLOSING))?;
            return Err(match known {
                None => StoreError::missing("task", id),
                Some(_) => StoreError::Refused { what: format!("task {id} is done already"), hint: "see `task list` for what is open" },
            });
        }
        let (kind, key): (String, String) = sqlx::query_as("select kind, key from task where id = $1")
            .bind(id.0)
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::sql(CLOSING))?;
        if TaskKind::parse(&kind) == Some(TaskKind::WhoMoved)
            && let Some(change) = key.rsplit('/').next().and_then(|id| id.parse::<ChangeId>().ok())
        {
            crate::household::answer(&mut tx, change).await?;
        }
        tx.commit().await.map_err(StoreError::sql(CLOSING))
    }
}

impl Ingest {
    /// Opens a task in the transaction of this payload; `row` is the row that caused it. Whether it is new.
    ///
    /// # Errors
    /// The database; nothing of the payload is stored then.
    pub async fn open_task(&mut self, task: &NewTask, row: Option<u64>, at: DateTime<Utc>) -> Result<bool> {
        let cause = Cause { message: None, payload: Some(self.id), row };
        open(&mut self.tx, task, cause, at).await
    }

    /// Closes the open tasks of these keys in the transaction of this payload.
    ///
    /// # Errors
    /// The database; nothing of the payload is stored then.
    pub async fn close_tasks(&mut self, keys: &[String], why: &str, at: DateTime<Utc>) -> Result<u64> {
        close_keys(&mut self.tx, keys, why, at).await
    }
}

/// Opens a task unless one of its key is open; a message joins the one that is. Whether it is new.
pub(crate) async fn open(on: &mut SqliteConnection, task: &NewTask, cause: Cause, at: DateTime<Utc>) -> Result<bool> {
    let words = match cause.message {
        Some(message) => task.words.replace("MESSAGE", &message.to_string()),
        None => task.words.clone(),
    };
    let new: Option<i64> = sqlx::query_scalar(
        "insert into task (kind, key, child, recipient, message, payload, row_no, owner, due, words, opened, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open') on conflict (key) where state = 'open' do nothing returning id",
    )
    .bind(task.kind.as_str())
    .bind(&task.key)
    .bind(task.child.map(|c| c.0))
    .bind(&task.recipient)
    .bind(cause.message.map(|m| m.0))
    .bind(cause.payload.map(|p| p.0))
    .bind(cause.row.map(count))
    .bind(task.owner.as_str())
    .bind(day(task.due))
    .bind(words)
    .bind(time(at))
    .fetch_optional(&mut *on)
    .await
    .map_err(StoreError::sql(OPENING))?;
    if let Some(message) = cause.message {
        sqlx::query(
            "insert into task_message (task, message) select id, $2 from task where key = $1 and state = 'open'
             on conflict (task, message) do update set over = 0",
        )
        .bind(&task.key)
        .bind(message.0)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(OPENING))?;
    }
    Ok(new.is_some())
}

/// Whether a message has, or had, a task of that kind: one that a person closed is not opened again.
pub(crate) async fn has(on: &mut SqliteConnection, message: MessageId, kind: TaskKind) -> Result<bool> {
    let found: Option<i64> =
        sqlx::query_scalar("select t.id from task_message m join task t on t.id = m.task where m.message = $1 and t.kind = $2 limit 1")
            .bind(message.0)
            .bind(kind.as_str())
            .fetch_optional(on)
            .await
            .map_err(StoreError::sql(OPENING))?;
    Ok(found.is_some())
}

/// These messages need their tasks (of these kinds; none = all) no more; a task ends with its last message.
pub(crate) async fn over(
    on: &mut SqliteConnection,
    messages: &[MessageId],
    kinds: &[TaskKind],
    why: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    for named in messages.chunks(500) {
        let mut sql = QueryBuilder::new(
            "select m.task, m.message, t.kind from task_message m join task t on t.id = m.task where m.over = 0 and t.state = 'open' and m.message in (",
        );
        let mut list = sql.separated(", ");
        for id in named {
            list.push_bind(id.0);
        }
        sql.push(")");
        let links: Vec<(i64, i64, String)> =
            sql.build_query_as().persistent(false).fetch_all(&mut *on).await.map_err(StoreError::sql(CLOSING))?;
        for (task, message, kind) in links {
            if !kinds.is_empty() && !kinds.iter().any(|k| k.as_str() == kind) {
                continue;
            }
            sqlx::query("update task_message set over = 1 where task = $1 and message = $2")
                .bind(task)
                .bind(message)
                .execute(&mut *on)
                .await
                .map_err(StoreError::sql(CLOSING))?;
            sqlx::query(
                "update task set state = 'done', done_by = $2, reason = $3, done_at = $4 where id = $1 and state = 'open'
                   and not exists (select 1 from task_message m where m.task = task.id and m.over = 0)",
            )
            .bind(task)
            .bind(ITSELF)
            .bind(why)
            .bind(time(at))
            .execute(&mut *on)
            .await
            .map_err(StoreError::sql(CLOSING))?;
        }
    }
    Ok(())
}

async fn close_keys(on: &mut SqliteConnection, keys: &[String], why: &str, at: DateTime<Utc>) -> Result<u64> {
    let mut closed = 0;
    for key in keys {
        closed += sqlx::query("update task set state = 'done', done_by = $2, reason = $3, done_at = $4 where key = $1 and state = 'open'")
            .bind(key)
            .bind(ITSELF)
            .bind(why)
            .bind(time(at))
            .execute(&mut *on)
            .await
            .map_err(StoreError::sql(CLOSING))?
            .rows_affected();
    }
    Ok(closed)
}
