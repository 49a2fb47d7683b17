//! **store**: all SQL, the landing with its key, and what people read.
//!
//! In: what other rooms decided (payloads, records and their links, findings, messages and what became of them, a person's
//! decisions), each with its time and who did it. Out: the same, as streams for the night ([`Store::each_known`],
//! [`Store::each_child`]), as an outbox that is claimed and settled ([`Store::claim`]), and as documents for people ([`view`]).
//! One payload is one write transaction: all of it is stored or nothing. So is taking a message up for sending: lease,
//! attempt, number of the file and entry of the disclosure log.
//!
//! This room does not know why a row is written, how a child is recognised or judged, how a message is sent, or what time it
//! is. Of what a record says it reads the names and the source id, for people to see; the rest it keeps as it is.

mod batch;
mod child;
mod dialect;
mod disclosure;
mod error;
mod finding;
#[cfg(test)]
mod full_disk;
mod hold;
mod household;
mod ingest;
mod key;
mod known;
mod landing;
mod merge;
mod message;
mod packed;
mod payload;
mod quarantine;
mod restriction;
mod review;
mod sealed;
mod stream;
mod task;
mod text;
mod unchecked;
pub mod view;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

pub use batch::{Batch, BoundBatch, NewChild, NewHeldRow, NewRecord, NewReview};
pub use child::{ChildSummary, HeldRecord, Which};
pub use error::StoreError;
pub use finding::FindingChanges;
pub use hold::{Hold, Released};
pub use household::{HouseholdChange, NewHouseholdChange};
pub use ingest::Ingest;
pub use key::key_bytes;
pub use known::Known;
pub use landing::{Landed, LandedBytes, Landing};
pub use merge::{ChildMerge, Merged};
pub use message::{ChannelState, Claim, Claimed, End, NewMessage, Pending, PutReport, Settled, Settlement, StoredMessage, Uncollected};
pub use payload::{Counts, Fate, FateRange, FileEnd, NewPayload, PayloadRow, ProblemCount};
pub use quarantine::{Fix, HeldEnd, HeldRow, NewFix, NewRejection};
pub use review::{Decided, DecisionRow, Review, ReviewState, StoredDecision};
pub use stream::StreamRow;

/// What every function here gives.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The database and the landing of one home.
#[derive(Clone)]
pub struct Store {
    read: SqlitePool,
    write: SqlitePool,
    landing: Arc<Landing>,
    /// Whether the note of [`unchecked`] is of this run.
    unchecked_is_ours: Arc<AtomicBool>,
}

/// Four readers are enough for two cores; each may keep 8 MiB of pages.
const READERS: u32 = 4;

impl Store {
    /// Opens the database at `url` (`sqlite:path`, relative to the current folder; made if it is not there), brings its
    /// tables up to date and opens the landing under `home`.
    ///
    /// # Errors
    /// The database cannot be opened or written, its SQLite is older than 3.51.3, a setting that keeps data safe does not
    /// take, or the landing's key is missing or open to others.
    pub async fn open(url: &str, home: &Path) -> Result<Store> {
        Store::open_limited(url, home, None).await
    }

    /// As [`Store::open`], with a database that may not grow beyond so many pages: how a full disk is tried out.
    async fn open_limited(url: &str, home: &Path, pages: Option<u32>) -> Result<Store> {
        let mut options = SqliteConnectOptions::from_str(url)
            .map_err(|e| StoreError::CannotOpen { doing: "opening the database", why: e.to_string() })?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // Its temporary files would hold old pages with children in them, outside the home.
            .pragma("temp_store", "2")
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            // Half the writes of the usual 4 KiB when files of hundreds of thousands of rows come in.
            .page_size(8192)
            // Rows are handed over thousands at a time: few may wait.
            .row_buffer_size(4);
        if let Some(pages) = pages {
            options = options.pragma("max_page_count", pages.to_string());
        }
        // The writer waits for its turn as long as an import of millions of rows may last.
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(0)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(1800))
            .connect_with(options.clone().pragma("cache_size", "-65536").pragma("wal_autocheckpoint", "4000"))
            .await
            .map_err(StoreError::sql("opening the database"))?;
        check_settings(&write).await?;
        sqlx::migrate!("./migrations").run(&write).await.map_err(migration_fault)?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(600))
            .connect_with(options.pragma("cache_size", "-8192"))
            .await
            .map_err(StoreError::sql("opening the database for reading"))?;
        let landing = Arc::new(Landing::at(home)?);
        Ok(Store { read, write, landing, unchecked_is_ours: Arc::default() })
    }

    /// The landed bytes.
    pub fn landing(&self) -> &Landing {
        &self.landing
    }

    /// Waits for the writer and begins a write. Dropped without commit, it is rolled back.
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<Transaction<'static, Sqlite>> {
        const BEGIN: &str = "begin immediate";
        match self.write.begin_with(BEGIN).await {
            // After a fault of the disk SQLite may have ended the last transaction by itself, while sqlx counts it as running:
            // that connection is of no more use.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.write.acquire().await.map_err(StoreError::sql(doing))?.close().await.map_err(StoreError::sql(doing))?;
                self.write.begin_with(BEGIN).await.map_err(StoreError::sql(doing))
            }
            begun => begun.map_err(StoreError::sql(doing)),
        }
    }

    /// Closes all connections; the log is folded into the database file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Disk and rights keep their own words also while tables are made.
fn migration_fault(fault: sqlx::migrate::MigrateError) -> StoreError {
    match fault {
        sqlx::migrate::MigrateError::Execute(e) | sqlx::migrate::MigrateError::ExecuteMigration(e, _) => {
            StoreError::sql("bringing the database's tables up to date")(e)
        }
        other => StoreError::Migrate(other),
    }
}

async fn check_settings(pool: &SqlitePool) -> Result<()> {
    let doing = "checking the database's settings";
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(pool).await.map_err(StoreError::sql(doing))?;
    if !dialect::is_sound(&version) {
        return Err(StoreError::OldSqlite { found: version });
    }
    let journal: String = sqlx::query_scalar("pragma journal_mode").fetch_one(pool).await.map_err(StoreError::sql(doing))?;
    if journal != "wal" {
        return Err(StoreError::Pragma { name: "journal_mode", wanted: "wal", found: journal });
    }
    for (pragma, name, wanted) in
        [("pragma synchronous", "synchronous", "2"), ("pragma foreign_keys", "foreign_keys", "1"), ("pragma temp_store", "temp_store", "2")]
    {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(pool).await.map_err(StoreError::sql(doing))?;
        if found.to_string() != wanted {
            return Err(StoreError::Pragma { name, wanted, found: found.to_string() });
        }
    }
    Ok(())
}
