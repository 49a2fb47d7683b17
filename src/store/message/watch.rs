//! Files that were handed over and wait to be collected; leases that are kept.

use chrono::{DateTime, Utc};
use schema::{MessageId, NewTask};
use sharing::Sealed;
use sqlx::{QueryBuilder, Row};

use crate::task::{self, Cause};
use crate::text::{parse_time, time};
use crate::{Result, Store, StoreError};

/// A file that lies where the recipient collects it, as far as is known.
#[derive(Debug, Clone)]
pub struct Uncollected {
    /// The message.
    pub message: MessageId,
    /// What it says, and the terms of its channels.
    pub sealed: Sealed,
    /// Which of the channels took it.
    pub channel: usize,
    /// The file's name.
    pub file_name: String,
    /// By when it is to be collected, where the agreement states a time.
    pub collect_by: Option<DateTime<Utc>>,
    /// Whether a person was told that it was not.
    pub alerted: bool,
}

const WATCHING: &str = "reading which files wait to be collected";
const COLLECTED: &str = "storing which files were collected";

impl Store {
    /// Files that were not collected as far as is known; the most urgent first, those without a time at the end. One whose stored text was altered is left out: where it lies cannot be told any more.
    ///
    /// # Errors
    /// The database.
    pub async fn uncollected(&self) -> Result<Vec<Uncollected>> {
        let rows = sqlx::query(
            "select id, content, digest, channel, file_name, collect_by, alerted_at from message
             where state = 'sent' and (collect_by is not null or route <> 'email') order by collect_by is null, collect_by, id",
        )
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql(WATCHING))?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let Ok(sealed) = Sealed::reopen(row.get("content"), row.get("digest")) else { continue };
            found.push(Uncollected {
                message: MessageId(row.get("id")),
                sealed,
                channel: usize::try_from(row.get::<i64, _>("channel")).unwrap_or_default(),
                file_name: row.get::<Option<String>, _>("file_name").unwrap_or_default(),
                collect_by: row.get::<Option<&str>, _>("collect_by").map(parse_time).transpose()?,
                alerted: row.get::<Option<&str>, _>("alerted_at").is_some(),
            });
        }
        Ok(found)
    }

    /// These files were collected: their messages are received, their tasks end. Others than sent ones are left as they are.
    ///
    /// # Errors
    /// The database.
    pub async fn collected(&self, messages: Vec<MessageId>, at: DateTime<Utc>) -> Result<()> {
        if messages.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin(COLLECTED).await?;
        for named in messages.chunks(500) {
            let mut sql = QueryBuilder::new("update message set state = 'received', received_at = ");
            sql.push_bind(time(at)).push(" where state = 'sent' and id in (");
            let mut list = sql.separated(", ");
            for id in named {
                list.push_bind(id.0);
            }
            sql.push(")");
            sql.build().persistent(false).execute(&mut *tx).await.map_err(StoreError::sql(COLLECTED))?;
        }
        task::over(&mut tx, &messages, &[], "it was collected", at).await?;
        tx.commit().await.map_err(StoreError::sql(COLLECTED))
    }

    /// A person gets a task because a file was not collected; once per message.
    ///
    /// # Errors
    /// The database.
    pub async fn alert_uncollected(&self, message: MessageId, task: NewTask, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(COLLECTED).await?;
        let new = sqlx::query("update message set alerted_at = $2 where id = $1 and state = 'sent' and alerted_at is null")
            .bind(message.0)
            .bind(time(at))
            .execute(&mut *tx)
            .await
            .map_err(StoreError::sql(COLLECTED))?;
        if new.rows_affected() > 0 {
            task::open(&mut tx, &task, Cause::message(message), at).await?;
        }
        tx.commit().await.map_err(StoreError::sql(COLLECTED))
    }

    /// All that is leased by this run stays so until then. Says how many.
    ///
    /// # Errors
    /// The database.
    pub async fn renew(&self, by: &str, until: DateTime<Utc>) -> Result<u64> {
        let renewed = sqlx::query("update message set leased_until = $2 where state = 'leased' and leased_by = $1")
            .bind(by)
            .bind(time(until))
            .execute(&self.write)
            .await
            .map_err(StoreError::sql("keeping the lease of messages"))?;
        Ok(renewed.rows_affected())
    }
}
