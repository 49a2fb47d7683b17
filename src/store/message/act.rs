//! What people do with a message: let it go, send it again, take it back. Who may is not judged here.

use chrono::{DateTime, Utc};
use schema::{HoldReason, MessageId, MessageState, Viewer};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::queue::{ASKED, STOPPED, cancel};
use super::reading::{hold_of, state_of};
use crate::task;
use crate::text::time;
use crate::{Result, Store, StoreError};

const ACTING: &str = "storing what a person did with a message";

impl Store {
    /// Lets a held message go, also of a restricted child. Who did it stands in the disclosure log when it is sent.
    ///
    /// # Errors
    /// There is no such message; it is not held, or has no content; the database.
    pub async fn release_message(&self, id: MessageId, reason: &str, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(ACTING).await?;
        let found = Found::read(&mut tx, id).await?;
        if found.state != MessageState::Held {
            return Err(found.refused(id, "see `hold list` for what waits for a person"));
        }
        if !found.has_content {
            let what = format!("message {id} has no content: no agreement in force allows it");
            return Err(StoreError::Refused { what, hint: "put the agreement in order; it goes out at the next run" });
        }
        sqlx::query(
            "update message set state = 'waiting', hold = null, reason = null, due = $5, tried = 0,
               released_by = $2, released_role = $3, released_why = $4, released_at = $5, released_restricted = $6 where id = $1",
        )
        .bind(id.0)
        .bind(&by.name)
        .bind(by.role.as_str())
        .bind(reason)
        .bind(time(at))
        .bind(i64::from(found.restricted || found.hold == Some(HoldReason::Restricted)))
        .execute(&mut *tx)
        .await
        .map_err(StoreError::sql(ACTING))?;
        act(&mut tx, id, "released", by, Some(reason), at).await?;
        task::over(&mut tx, &[id], &ASKED, reason, at).await?;
        tx.commit().await.map_err(StoreError::sql(ACTING))
    }

    /// Sends a message again that is dead, or may have arrived, from its first channel on; one that waits for its time goes now.
    ///
    /// # Errors
    /// There is no such message; it is in no such state, or a newer one takes its place; the database.
    pub async fn retry(&self, id: MessageId, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(ACTING).await?;
        let found = Found::read(&mut tx, id).await?;
        let again = match (found.state, found.hold) {
            (MessageState::Waiting, _) => false,
            (MessageState::Dead | MessageState::Unknown, _) | (MessageState::Held, Some(HoldReason::OutcomeUnknown)) => true,
            (MessageState::Held, _) => return Err(found.refused(id, "a held message is let go by `release`")),
            _ => return Err(found.refused(id, "only what is dead, waits, or may not have arrived is sent again")),
        };
        if let Some(newer) = newer(&mut tx, id).await? {
            let what = format!("message {id} was overtaken by {newer}");
            return Err(StoreError::Refused { what, hint: "the newer one tells what holds now; cancel this one" });
        }
        let sql = if again {
            "update message set state = 'waiting', hold = null, reason = null, due = $2, tried = 0, channel = 0, route = routes ->> '$[0]' where id = $1"
        } else {
            "update message set due = $2 where id = $1"
        };
        sqlx::query(sql).bind(id.0).bind(time(at)).execute(&mut *tx).await.map_err(StoreError::sql(ACTING))?;
        act(&mut tx, id, "retried", by, None, at).await?;
        task::over(&mut tx, &[id], &ASKED, "it is sent again", at).await?;
        tx.commit().await.map_err(StoreError::sql(ACTING))
    }

    /// Takes a message back that was not handed over. It is not made anew as long as it would tell the same.
    ///
    /// # Errors
    /// There is no such message; it is being sent, was sent, or was taken back before; the database.
    pub async fn cancel(&self, id: MessageId, reason: &str, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(ACTING).await?;
        let found = Found::read(&mut tx, id).await?;
        match found.state {
            MessageState::Waiting | MessageState::Held | MessageState::Dead | MessageState::Unknown => {}
            MessageState::Leased => return Err(found.refused(id, "wait until it is known what became of it: run `deliver`")),
            _ => return Err(found.refused(id, "what was handed over cannot be taken back; tell the recipient")),
        }
        cancel(&mut tx, id, reason, at).await?;
        act(&mut tx, id, "cancelled", by, Some(reason), at).await?;
        tx.commit().await.map_err(StoreError::sql(ACTING))
    }
}

struct Found {
    state: MessageState,
    hold: Option<HoldReason>,
    has_content: bool,
    restricted: bool,
}

impl Found {
    async fn read(on: &mut SqliteConnection, id: MessageId) -> Result<Found> {
        let sql = format!(
            "select m.state, m.hold, m.content is not null as has_content, {} as restricted from message m where m.id = $1",
            STOPPED.replace("m.released_restricted = 0 and ", "")
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id.0)
            .fetch_optional(on)
            .await
            .map_err(StoreError::sql(ACTING))?
            .ok_or_else(|| StoreError::missing("message", id))?;
        Ok(Found {
            state: state_of(row.get("state"))?,
            hold: hold_of(row.get("hold"))?,
            has_content: row.get::<i64, _>("has_content") != 0,
            restricted: row.get::<i64, _>("restricted") != 0,
        })
    }

    fn refused(&self, id: MessageId, hint: &'static str) -> StoreError {
        StoreError::Refused { what: format!("message {id} is {}", self.state.as_str()), hint }
    }
}

async fn newer(on: &mut SqliteConnection, id: MessageId) -> Result<Option<MessageId>> {
    let newer: Option<i64> = sqlx::query_scalar(
        "select max(n.id) from message m join message n on n.recipient = m.recipient and n.child_now = m.child_now and n.purpose = m.purpose
           and n.id > m.id and n.state <> 'cancelled' where m.id = $1",
    )
    .bind(id.0)
    .fetch_one(on)
    .await
    .map_err(StoreError::sql(ACTING))?;
    Ok(newer.map(MessageId))
}

async fn act(
    on: &mut SqliteConnection,
    id: MessageId,
    kind: &'static str,
    by: &Viewer,
    reason: Option<&str>,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("insert into message_act (message, kind, by_name, by_role, reason, at) values ($1, $2, $3, $4, $5, $6)")
        .bind(id.0)
        .bind(kind)
        .bind(&by.name)
        .bind(by.role.as_str())
        .bind(reason)
        .bind(time(at))
        .execute(on)
        .await
        .map_err(StoreError::sql(ACTING))?;
    Ok(())
}
