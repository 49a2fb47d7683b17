//! The key of the disclosure log and the file of its signed heads. The log itself stands in the database; a head that was
//! signed outside it shows when entries at the end are missing, or the whole log was made anew.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sharing::{AuditKey, ChainFault, Head, parse_heads};
use store::Store;

use crate::exit::Fault;

/// The key, and where the heads go.
pub struct AuditLog {
    key: AuditKey,
    heads: PathBuf,
}

impl AuditLog {
    /// Opens the key of a home, or makes it where nothing was signed yet.
    ///
    /// # Errors
    /// The key is missing although heads were signed, or may be read by others; a file cannot be read or written.
    pub fn open(dir: &Path, head_file: &str) -> Result<AuditLog, Fault> {
        let heads = dir.join(head_file);
        let seed = store::key_bytes(&dir.join("keys/audit.key"), !heads.exists())?;
        let key = AuditKey::from_seed(&seed).map_err(|fault| Fault::Failed(fault.to_string()))?;
        let public = dir.join("keys/audit.pem");
        if !public.exists() {
            fs::write(&public, key.public_pem()).map_err(|source| told("write", &public, source))?;
        }
        Ok(AuditLog { key, heads })
    }

    /// A name of this home that stays the same: the number of its public key.
    pub fn id(&self) -> String {
        self.key.id()
    }

    /// The public key as PEM.
    pub fn public_pem(&self) -> String {
        self.key.public_pem()
    }

    /// The lines of all heads that were signed, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn heads_text(&self) -> Result<String, Fault> {
        match fs::read_to_string(&self.heads) {
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            read => read.map_err(|source| told("read", &self.heads, source)),
        }
    }

    /// All heads that were signed, oldest first; or what is wrong with the file of them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn heads(&self) -> Result<Result<Vec<Head>, ChainFault>, Fault> {
        Ok(parse_heads(&self.heads_text()?))
    }

    fn last_head(&self) -> Result<Option<Head>, Fault> {
        let heads = self
            .heads()?
            .map_err(|fault| Fault::Failed(format!("{}: {fault}; nothing is sent\n  see onroll audit verify", self.heads.display())))?;
        Ok(heads.into_iter().next_back())
    }

    /// Refuses to go on where the log does not hold what was signed last: nothing is sent under a log that was altered.
    ///
    /// # Errors
    /// The log is shorter than its last head, or its entry there is another one.
    pub async fn must_agree(&self, store: &Store) -> Result<(), Fault> {
        let Some(head) = self.last_head()? else { return Ok(()) };
        if store.disclosure_hash(head.entries).await?.as_deref() == Some(head.hash.as_str()) {
            return Ok(());
        }
        Err(Fault::Failed(format!(
            "the disclosure log does not hold entry {} as it was signed on {}; nothing is sent\n  \
             see onroll audit verify; after a restore of an older copy bring the database back that fits {}",
            head.entries,
            head.at.to_rfc3339(),
            self.heads.display()
        )))
    }

    /// Signs the head, if the log has grown since the last one.
    ///
    /// # Errors
    /// The file of heads cannot be written.
    pub async fn sign(&self, store: &Store, at: DateTime<Utc>) -> Result<(), Fault> {
        let Some((entries, hash)) = store.last_disclosure().await? else { return Ok(()) };
        if self.last_head()?.is_some_and(|head| head.entries >= entries) {
            return Ok(());
        }
        let line = self.key.sign(entries, &hash, at).line();
        let append = || {
            if let Some(folder) = self.heads.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = OpenOptions::new().create(true).append(true).open(&self.heads)?;
            file.write_all(format!("{line}\n").as_bytes())?;
            file.sync_all()
        };
        append().map_err(|source| told("write", &self.heads, source))
    }
}

fn told(what: &'static str, path: &Path, source: std::io::Error) -> Fault {
    Fault::File {
        what,
        path: path.display().to_string(),
        source,
        hint: "see audit.head_file in onroll.toml, and the rights on that folder",
    }
}
