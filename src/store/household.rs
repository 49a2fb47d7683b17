//! Changes of address of which no child is named: kept as they came until it is known who moved.

use std::collections::HashMap;

use schema::{ChangeId, PayloadId, StreamId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::ingest::Ingest;
use crate::text::{count, counted};
use crate::{Result, Store, StoreError};

/// A change of address to be kept. The same key of a stream with another digest takes the place of the one before.
#[derive(Clone)]
pub struct NewHouseholdChange {
    /// Its key in the stream.
    pub key: String,
    /// The reference that the source gave it.
    pub reference: String,
    /// Digest of the row's used values.
    pub digest: [u8; 16],
    /// Number of the (first) row.
    pub row: u64,
    /// JSON of a [`schema::Record`]: source id, address changes, restriction, and the name of an adult where one is named.
    pub body: String,
    /// Why no child is known from it, as a code.
    pub cause: &'static str,
}

/// A change of address that waits for its children to be found.
#[derive(Clone, PartialEq, Eq)]
pub struct HouseholdChange {
    /// Its id.
    pub id: ChangeId,
    /// Its stream.
    pub stream: StreamId,
    /// The payload in which it came.
    pub payload: PayloadId,
    /// Number of its (first) row there.
    pub row: u64,
    /// Its key in the stream.
    pub key: String,
    /// The reference that the source gave it.
    pub reference: String,
    /// Why no child is known from it, as a code.
    pub cause: String,
    /// JSON of a [`schema::Record`].
    pub body: String,
}

schema::redacted!(NewHouseholdChange, HouseholdChange);

const STORING: &str = "storing changes of address";

impl Store {
    /// What a stream said so far of households: the digest by key, of those that hold (open or resolved).
    ///
    /// # Errors
    /// The database.
    pub async fn household_keys(&self, stream: StreamId) -> Result<HashMap<String, [u8; 16]>> {
        let doing = "reading the changes of address that came before";
        let rows: Vec<(String, Vec<u8>)> =
            sqlx::query_as("select key, digest from household_change where stream = $1 and state <> 'superseded'")
                .bind(stream.0)
                .fetch_all(&self.read)
                .await
                .map_err(StoreError::sql(doing))?;
        rows.into_iter().map(|(key, digest)| Ok((key, digest.try_into().map_err(|_| StoreError::Damaged { doing })?))).collect()
    }

    /// The changes of address whose children are not found yet, oldest first.
    ///
    /// # Errors
    /// The database.
    pub async fn open_household(&self) -> Result<Vec<HouseholdChange>> {
        let rows = sqlx::query(
            "select id, stream, payload, row_no, key, reference, cause, body from household_change where state = 'open' order by id",
        )
        .fetch_all(&self.read)
        .await
        .map_err(StoreError::sql("reading the changes of address"))?;
        Ok(rows.iter().map(household_of).collect())
    }
}

fn household_of(row: &SqliteRow) -> HouseholdChange {
    HouseholdChange {
        id: ChangeId(row.get("id")),
        stream: StreamId(row.get("stream")),
        payload: PayloadId(row.get("payload")),
        row: counted(row.get("row_no")),
        key: row.get("key"),
        reference: row.get("reference"),
        cause: row.get("cause"),
        body: row.get("body"),
    }
}

impl Ingest {
    pub(crate) async fn write_household(&mut self, changes: Vec<NewHouseholdChange>) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let stream = self.must_stream()?.0;
        for change in changes {
            let digest = change.digest.to_vec();
            sqlx::query(
                "update household_change set state = 'superseded' where stream = $1 and key = $2 and state <> 'superseded' and digest <> $3",
            )
            .bind(stream)
            .bind(&change.key)
            .bind(&digest)
            .execute(&mut *self.tx)
            .await
            .map_err(StoreError::sql(STORING))?;
            sqlx::query(
                "insert into household_change (stream, payload, row_no, key, reference, digest, cause, body, state)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, 'open') on conflict (stream, key) where state <> 'superseded' do nothing",
            )
            .bind(stream)
            .bind(self.id.0)
            .bind(count(change.row))
            .bind(change.key)
            .bind(change.reference)
            .bind(digest)
            .bind(change.cause)
            .bind(change.body)
            .execute(&mut *self.tx)
            .await
            .map_err(StoreError::sql(STORING))?;
        }
        Ok(())
    }

    /// The children of a change of address are found: their records are written in this transaction.
    ///
    /// # Errors
    /// It does not wait; the database.
    pub async fn resolve_household(&mut self, change: ChangeId) -> Result<()> {
        let done = sqlx::query("update household_change set state = 'resolved', resolved = $2 where id = $1 and state = 'open'")
            .bind(change.0)
            .bind(self.id.0)
            .execute(&mut *self.tx)
            .await
            .map_err(StoreError::sql(STORING))?;
        if done.rows_affected() == 0 {
            let what = format!("the change of address {change} does not wait");
            return Err(StoreError::Refused { what, hint: "it was resolved before, or a newer one took its place" });
        }
        Ok(())
    }
}

/// A person answered for a change of address: it waits no more, and no record comes from it.
pub(crate) async fn answer(on: &mut SqliteConnection, change: ChangeId) -> Result<()> {
    sqlx::query("update household_change set state = 'resolved' where id = $1 and state = 'open'")
        .bind(change.0)
        .execute(on)
        .await
        .map_err(StoreError::sql(STORING))?;
    Ok(())
}
