//! Reading the outbox: what is pending, what was told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schema::{ChildId, HoldReason, MessageId, MessageState};
use sharing::Sealed;
use sqlx::Row;

use super::queue::{FIRST_OF_LANE, PENDING};
use super::{Pending, StoredMessage};
use crate::text::parse_time;
use crate::{Result, Store, StoreError};

const READING: &str = "reading the outbox";

pub(crate) fn state_of(word: &str) -> Result<MessageState> {
    MessageState::parse(word).ok_or(StoreError::Damaged { doing: READING })
}

pub(crate) fn hold_of(word: Option<&str>) -> Result<Option<HoldReason>> {
    word.map(|word| HoldReason::parse(word).ok_or(StoreError::Damaged { doing: READING })).transpose()
}

impl Store {
    /// The messages that are neither done nor taken back: waiting, held, leased, unknown, dead; oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn pending(&self) -> Result<Vec<Pending>> {
        let sql =
            format!("select m.id, m.recipient, m.purpose, m.child_now, m.state, m.address from message m where {PENDING} order by m.id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await.map_err(StoreError::sql(READING))?;
        rows.iter()
            .map(|row| {
                Ok(Pending {
                    id: MessageId(row.get("id")),
                    recipient: row.get("recipient"),
                    purpose: row.get("purpose"),
                    child: ChildId(row.get("child_now")),
                    state: state_of(row.get("state"))?,
                    address: row.get("address"),
                })
            })
            .collect()
    }

    /// One message.
    ///
    /// # Errors
    /// There is none of that id; the database.
    pub async fn message(&self, id: MessageId) -> Result<StoredMessage> {
        let row = sqlx::query("select recipient, purpose, child_now, state, hold, content, digest from message where id = $1")
            .bind(id.0)
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql(READING))?
            .ok_or_else(|| StoreError::missing("message", id))?;
        let content: (Option<&str>, Option<&str>) = (row.get("content"), row.get("digest"));
        Ok(StoredMessage {
            id,
            recipient: row.get("recipient"),
            purpose: row.get("purpose"),
            child: ChildId(row.get("child_now")),
            state: state_of(row.get("state"))?,
            hold: hold_of(row.get("hold"))?,
            sealed: match content {
                (Some(content), Some(digest)) => Sealed::reopen(content, digest).ok(),
                _ => None,
            },
        })
    }

    /// What each recipient was told last of each child (as it is now after merges): recipient and JSON of the address, in the
    /// order in which they were told. Only what was handed over counts.
    ///
    /// # Errors
    /// The database.
    pub async fn told(&self) -> Result<HashMap<ChildId, Vec<(String, String)>>> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "select child_now, recipient, address from (
               select id, child_now, recipient, address, sent_at, row_number() over (partition by child_now, recipient order by sent_at desc, id desc) as place
               from message where state in ('sent', 'received'))
             where place = 1 order by child_now, sent_at, id",
        )
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql("reading what was told"))?;
        let mut told: HashMap<ChildId, Vec<(String, String)>> = HashMap::new();
        for (child, recipient, address) in rows {
            told.entry(ChildId(child)).or_default().push((recipient, address));
        }
        Ok(told)
    }

    /// When the next message can be claimed, as far as is known: one behind another in its lane comes after that one.
    /// `None` = nothing waits for a time.
    ///
    /// # Errors
    /// The database.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>> {
        let sql = format!(
            "select m.due from message m where m.state in ('waiting', 'unknown') and m.due is not null and {FIRST_OF_LANE}
             order by m.due limit 1"
        );
        let due: Option<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_optional(&self.read).await.map_err(StoreError::sql(READING))?;
        due.as_deref().map(parse_time).transpose()
    }
}
