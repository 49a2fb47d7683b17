//! The disclosure log: who was told what, one entry per message, written in the transaction that takes the message up for
//! sending. Entries are added at the end and never altered or deleted; that somebody else did shows in the chain of hashes.

use serde::Deserialize;
use sharing::{Entry, EntryBody};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use crate::dialect::{Many, no_lead};
use crate::packed::Packed;
use crate::text::{count, counted};
use crate::{Result, Store, StoreError};

/// Entries handed over in one text: some hundred kilobytes, which stay in the cache of the processor.
const CHUNK: i64 = 1000;
const READING: &str = "reading the disclosure log";
const WRITING: &str = "writing the disclosure log";

static APPEND: Many = Many::new("insert into disclosure (number, previous, hash, line) values ", "(?,?,?,?)", "");

/// Adds entries at the end of the chain.
pub(crate) async fn append(on: &mut SqliteConnection, bodies: Vec<EntryBody>) -> Result<()> {
    if bodies.is_empty() {
        return Ok(());
    }
    let mut last: Option<(u64, String)> = last(on).await?;
    let mut entries = Vec::with_capacity(bodies.len());
    for body in bodies {
        let entry = Entry::next(last.as_ref().map(|(number, hash)| (*number, hash.as_str())), body);
        last = Some((entry.number, entry.hash.clone()));
        entries.push(entry);
    }
    APPEND
        .run(on, no_lead, entries.into_iter(), |b, entry| {
            let line = entry.line();
            b.add(count(entry.number)).add(entry.previous).add(entry.hash).add(line);
        })
        .await
        .map_err(StoreError::sql(WRITING))
}

async fn last(on: &mut SqliteConnection) -> Result<Option<(u64, String)>> {
    sqlx::query_as("select number, hash from disclosure order by number desc limit 1")
        .fetch_optional(on)
        .await
        .map(|row| row.map(|(number, hash): (i64, String)| (counted(number), hash)))
        .map_err(StoreError::sql(READING))
}

/// The digest of the message that an entry stands for.
pub(crate) fn content_of(line: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Content {
        content: String,
    }
    serde_json::from_str::<Content>(line).ok().map(|c| c.content)
}

impl Store {
    /// Calls `f` with number, hash of the entry before, own hash and text of every entry, in the order of their numbers, all
    /// as of one moment. Memory stays flat. Nothing is judged here: the texts are as they stand.
    ///
    /// # Errors
    /// The database.
    pub async fn for_each_disclosure(&self, mut f: impl FnMut(u64, &str, &str, &str)) -> Result<()> {
        let mut at_once = self.read.begin().await.map_err(StoreError::sql(READING))?;
        let mut after = 0_i64;
        loop {
            // As bytes: what somebody put there need not be text.
            let (packed, last): (Option<Vec<u8>>, Option<i64>) = sqlx::query_as(
                "select string_agg(concat(number, ',', octet_length(previous), ',', octet_length(hash), ',', octet_length(line), ',',
                          previous, hash, line), ''), max(number)
                 from (select number, previous, hash, line from disclosure where number > $1 order by number limit $2)",
            )
            .bind(after)
            .bind(CHUNK)
            .fetch_one(&mut *at_once)
            .await
            .map_err(StoreError::sql(READING))?;
            let (Some(packed), Some(last)) = (packed, last) else { return Ok(()) };
            match std::str::from_utf8(&packed) {
                Ok(text) => unpack(text, &mut f)?,
                Err(_) => one_by_one(&mut at_once, after, last, &mut f).await?,
            }
            after = last;
        }
    }

    /// Number and hash of the last entry.
    ///
    /// # Errors
    /// The database.
    pub async fn last_disclosure(&self) -> Result<Option<(u64, String)>> {
        let mut on = self.read.acquire().await.map_err(StoreError::sql(READING))?;
        last(&mut on).await
    }

    /// The stored hash of one entry.
    ///
    /// # Errors
    /// The database.
    pub async fn disclosure_hash(&self, number: u64) -> Result<Option<String>> {
        sqlx::query_scalar("select hash from disclosure where number = $1")
            .bind(count(number))
            .fetch_optional(&self.read)
            .await
            .map_err(StoreError::sql(READING))
    }
}

fn unpack(text: &str, f: &mut impl FnMut(u64, &str, &str, &str)) -> Result<()> {
    let mut packed = Packed::new(text);
    while !packed.is_done() {
        let number = counted(packed.number()?);
        let (previous, hash, line) = (packed.number()?, packed.number()?, packed.number()?);
        f(number, packed.text(previous)?, packed.text(hash)?, packed.text(line)?);
    }
    Ok(())
}

/// Some byte among these entries is no text: they are read one by one, with that byte replaced, so that the entry is found.
async fn one_by_one(on: &mut SqliteConnection, after: i64, last: i64, f: &mut impl FnMut(u64, &str, &str, &str)) -> Result<()> {
    let rows = sqlx::query("select number, previous, hash, line from disclosure where number > $1 and number <= $2 order by number")
        .bind(after)
        .bind(last)
        .fetch_all(on)
        .await
        .map_err(StoreError::sql(READING))?;
    for row in &rows {
        let text = |column| String::from_utf8_lossy(row.get::<&[u8], _>(column)).into_owned();
        f(counted(row.get("number")), &text("previous"), &text("hash"), &text("line"));
    }
    Ok(())
}
