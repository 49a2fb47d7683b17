//! What can go wrong in the store. Each text says what was tried, what happened and what to do; none holds a value of a child.

use std::io;

use schema::PayloadId;

/// The one error of this room.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room on the disk (or the database's page limit is reached).
    #[error("{doing}: the disk is full. Nothing of it was stored; free some space and run it again")]
    Full {
        /// What was tried.
        doing: &'static str,
    },
    /// The folder or file may not be written.
    #[error(
        "{doing}: the folder or the database file is read-only. Give the user that runs onroll the right to write there and run it again"
    )]
    ReadOnly {
        /// What was tried.
        doing: &'static str,
    },
    /// Somebody else holds the database.
    #[error("{doing}: the database is locked by another run. Wait until it has ended and run it again")]
    Locked {
        /// What was tried.
        doing: &'static str,
    },
    /// The database cannot be opened.
    #[error("{doing}: the database cannot be opened ({why}). Check `database.url` and the rights on its folder")]
    CannotOpen {
        /// What was tried.
        doing: &'static str,
        /// In the words of the database or of us.
        why: String,
    },
    /// The SQLite built in has a known fault (lost pages after a reset of the log, mended in 3.51.3).
    #[error(
        "this build holds SQLite {found}, which may corrupt the database; at least 3.51.3 is needed. Install a build of onroll with the SQLite it was pinned to"
    )]
    OldSqlite {
        /// Its version.
        found: String,
    },
    /// A setting that keeps data safe did not take.
    #[error("the database did not take `{name}` = {wanted} (it says {found}). Put the database on a local disk, not on a network share")]
    Pragma {
        /// Name of the setting.
        name: &'static str,
        /// What was asked for.
        wanted: &'static str,
        /// What it answers.
        found: String,
    },
    /// The tables could not be brought up to date.
    #[error(
        "bringing the database's tables up to date failed. It may have been written by a newer onroll: use that one, or restore a backup"
    )]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// Any other fault of the database.
    #[error("{doing}: the database refused it{}. Nothing of it was stored", .code.as_deref().map_or_else(String::new, |c| format!(" (SQLite code {c})")))]
    Database {
        /// What was tried.
        doing: &'static str,
        /// The database's own code.
        code: Option<String>,
        /// The fault underneath.
        #[source]
        source: sqlx::Error,
    },
    /// Something in the database is not what we wrote.
    #[error(
        "{doing}: the database holds something onroll did not write there. Restore the last backup, and say so to whoever looks after it"
    )]
    Damaged {
        /// What was read.
        doing: &'static str,
    },
    /// A file of the landing or of the keys could not be read or written.
    #[error("{doing}: {source}. Check the disk and the rights on that folder, then run it again")]
    File {
        /// What was tried.
        doing: &'static str,
        /// The fault underneath.
        #[source]
        source: io::Error,
    },
    /// The key file is missing, too open, or no key.
    #[error("the key file {file} {what}: {hint}")]
    Key {
        /// Its folder and name.
        file: String,
        /// What is wrong.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A landed file is not what was landed.
    #[error(
        "the landed file {sha256} {what}. It was changed, swapped or cut, or the key is another one; bring back landing/ and keys/ from the same backup"
    )]
    Tampered {
        /// The content address.
        sha256: String,
        /// What does not fit.
        what: &'static str,
    },
    /// The ledger would not add up; nothing was stored.
    #[error(
        "payload {payload}: {read} rows were read, but {accounted} are accounted for. Nothing of this file was stored; this is a fault of onroll, please report it"
    )]
    Conservation {
        /// The payload.
        payload: PayloadId,
        /// Rows read.
        read: u64,
        /// Rows with a fate.
        accounted: u64,
    },
    /// There is nothing of that id.
    #[error("there is no {what}")]
    NotFound {
        /// Kind and id: "payload P3".
        what: String,
    },
    /// It is there, but this cannot be done with it.
    #[error("{what}: {hint}")]
    Refused {
        /// What stands in the way.
        what: String,
        /// What to do.
        hint: &'static str,
    },
}

impl StoreError {
    /// Names what was tried when a statement fails.
    pub(crate) fn sql(doing: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
        move |source| Self::of(doing, source)
    }

    fn of(doing: &'static str, source: sqlx::Error) -> StoreError {
        match &source {
            sqlx::Error::PoolTimedOut => return StoreError::Locked { doing },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => return StoreError::Damaged { doing },
            _ => {}
        }
        let code = source.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned());
        // The low byte is the primary result code: https://www.sqlite.org/rescode.html
        match code.as_deref().and_then(|c| c.parse::<u32>().ok()).map(|c| c & 0xff) {
            Some(13) => StoreError::Full { doing },
            Some(8) => StoreError::ReadOnly { doing },
            Some(5 | 6) => StoreError::Locked { doing },
            Some(14) => StoreError::CannotOpen { doing, why: "no such folder, or no right to read or write it".to_owned() },
            Some(26) => StoreError::CannotOpen { doing, why: "the file is no SQLite database".to_owned() },
            Some(11) => StoreError::Damaged { doing },
            _ => StoreError::Database { doing, code, source },
        }
    }

    /// Names what was tried when a file operation fails.
    pub(crate) fn file(doing: &'static str) -> impl FnOnce(io::Error) -> StoreError {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { doing },
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => StoreError::ReadOnly { doing },
            _ => StoreError::File { doing, source },
        }
    }

    pub(crate) fn missing(kind: &str, id: impl std::fmt::Display) -> StoreError {
        StoreError::NotFound { what: format!("{kind} {id}") }
    }
}
