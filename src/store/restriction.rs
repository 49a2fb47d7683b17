//! A person's word that nothing of a child is sent by itself: protected address, adoption, custody.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use schema::{ChildId, MessageId, NewTask, Role, TaskKind, Viewer};
use sqlx::sqlite::SqliteConnection;

use crate::merge::must_stand;
use crate::task::{self, Cause};
use crate::text::time;
use crate::{Result, Store, StoreError};

const RESTRICTING: &str = "restricting a child";
const LIFTING: &str = "taking a restriction back";

impl Store {
    /// Restricts a child. What waits to be sent of it is held at once, each with a task; releases given before count no more.
    /// What may have arrived is held when it would be sent again.
    ///
    /// # Errors
    /// There is no such child, it was joined to another, or a person restricted it before; the database.
    pub async fn restrict(&self, child: ChildId, reason: &str, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(RESTRICTING).await?;
        must_stand(&mut tx, child).await?;
        if live(&mut tx, child).await? {
            let what = format!("child {child} is restricted already");
            return Err(StoreError::Refused { what, hint: "see `child history` for who said so" });
        }
        sqlx::query("insert into restriction (child, child_now, reason, by_name, by_role, at) values ($1, $1, $2, $3, $4, $5)")
            .bind(child.0)
            .bind(reason)
            .bind(&by.name)
            .bind(by.role.as_str())
            .bind(time(at))
            .execute(&mut *tx)
            .await
            .map_err(StoreError::sql(RESTRICTING))?;
        sqlx::query("update message set released_restricted = 0 where child_now = $1 and released_restricted = 1")
            .bind(child.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::sql(RESTRICTING))?;
        hold_waiting(&mut tx, child, at).await?;
        self.note_unchecked(&mut tx, schema::calendar::london_date(at)).await?;
        tx.commit().await.map_err(StoreError::sql(RESTRICTING))
    }

    /// Takes all that people said of a child's restriction back. What is held stays held until it is put anew or released; a
    /// restriction that a source tells is not touched.
    ///
    /// # Errors
    /// No person restricted it; the database.
    pub async fn unrestrict(&self, child: ChildId, reason: &str, by: &Viewer, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin(LIFTING).await?;
        must_stand(&mut tx, child).await?;
        let done = sqlx::query(
            "update restriction set lifted_by = $2, lifted_role = $3, lifted_why = $4, lifted_at = $5 where child_now = $1 and lifted_at is null",
        )
        .bind(child.0)
        .bind(&by.name)
        .bind(by.role.as_str())
        .bind(reason)
        .bind(time(at))
        .execute(&mut *tx)
        .await
        .map_err(StoreError::sql(LIFTING))?;
        if done.rows_affected() == 0 {
            let what = format!("no person restricted child {child}");
            return Err(StoreError::Refused { what, hint: "what a source says of it is put right in that source" });
        }
        self.note_unchecked(&mut tx, schema::calendar::london_date(at)).await?;
        tx.commit().await.map_err(StoreError::sql(LIFTING))
    }

    /// The children whom a person restricted, as they are now after merges.
    ///
    /// # Errors
    /// The database.
    pub async fn restricted_by_person(&self) -> Result<HashSet<ChildId>> {
        sqlx::query_scalar("select distinct child_now from restriction where lifted_at is null")
            .fetch_all(&self.read)
            .await
            .map(|ids: Vec<i64>| ids.into_iter().map(ChildId).collect())
            .map_err(StoreError::sql("reading which children are restricted"))
    }
}

async fn live(on: &mut SqliteConnection, child: ChildId) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar("select id from restriction where child_now = $1 and lifted_at is null limit 1")
        .bind(child.0)
        .fetch_optional(on)
        .await
        .map_err(StoreError::sql(RESTRICTING))?;
    Ok(found.is_some())
}

async fn hold_waiting(on: &mut SqliteConnection, child: ChildId, at: DateTime<Utc>) -> Result<()> {
    let waiting: Vec<(i64, String, String)> =
        sqlx::query_as("select id, recipient, purpose from message where child_now = $1 and state = 'waiting' order by id")
            .bind(child.0)
            .fetch_all(&mut *on)
            .await
            .map_err(StoreError::sql(RESTRICTING))?;
    for (id, recipient, purpose) in waiting {
        hold(on, MessageId(id), child, &recipient, &purpose, at).await?;
    }
    Ok(())
}

/// Turns a message that waits into one that is held, with a task for the officer.
pub(crate) async fn hold(
    on: &mut SqliteConnection,
    message: MessageId,
    child: ChildId,
    recipient: &str,
    purpose: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("update message set state = 'held', hold = 'restricted', reason = 'the child is restricted', due = null where id = $1")
        .bind(message.0)
        .execute(&mut *on)
        .await
        .map_err(StoreError::sql(RESTRICTING))?;
    task::open(on, &asks(child, recipient, purpose, at), Cause::message(message), at).await?;
    Ok(())
}

/// What the officer is asked; the key is that of a message which was held from the start.
fn asks(child: ChildId, recipient: &str, purpose: &str, at: DateTime<Utc>) -> NewTask {
    let kind = TaskKind::RestrictedChild;
    NewTask {
        kind,
        key: format!("{}/{child}/{recipient}/{purpose}", kind.as_str()),
        child: Some(child),
        recipient: Some(recipient.to_owned()),
        owner: Role::Officer,
        due: soon(at),
        words: format!(
            "A message ({purpose}) for {recipient} about {child} waited to be sent when {child} became restricted. It is held. Decide: \
             onroll release MESSAGE --reason TEXT sends it, onroll outbox cancel MESSAGE --reason TEXT does not"
        ),
    }
}

/// Two days on: a school that does not know where a child lives cannot wait for long.
pub(crate) fn soon(at: DateTime<Utc>) -> NaiveDate {
    let today = schema::calendar::london_date(at);
    today.checked_add_days(Days::new(2)).unwrap_or(today)
}
