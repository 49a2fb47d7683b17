//! The folder `drop/<source>/`: where a system, a school or a person puts files, and where they end.
//!
//! ```text
//! drop/school-4001/pupils.csv            waits
//! drop/school-4001/done/pupils.csv       was read
//! drop/school-4001/failed/pupils.csv     could not be read; the reason is in pupils.csv.reason.txt beside it
//! ```
//!
//! A file is taken only when it is complete:
//! - it has not been written for `settle_after` (else the look waits for the rest of that time, once for the whole folder);
//! - size, stamp and content are the same at two looks: this one, which fixes its SHA-256, and the copy that is landed;
//! - its end is there: the closing tag of an XML file, the directory at the end of a workbook, the count of rows that a
//!   last line gives ([`crate::trailer`]), and any byte at all. A file whose end is missing is left alone while its last
//!   byte is younger than `patience`; after that it is handed on as it is, and the reader says what is wrong with it.
//!
//! Not looked at: `done/` and `failed/` and other folders; hidden names (`.x`, `~$x`); names that say that they are being
//! written (`*.part`, `*.partial`, `*.tmp`, `*.filepart`, `*.crdownload`); `*.reason.txt`; `Thumbs.db` and `desktop.ini`.
//! Links and devices are never followed: they are left, saying so.

mod complete;
mod settle;

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::fetch::{Stamp, shown_name};
use crate::file_clock::age;
use crate::{Ending, Fetch, FetchFault, Fetched, FileClock, Left, Look, MachineClock};

/// The drop folder of one source.
#[derive(Clone)]
pub struct DropFolder {
    /// `drop/<source>`.
    pub path: PathBuf,
    /// How long a file must have been left alone by its writer. Default 1 second.
    pub settle_after: Duration,
    /// How long a file whose end is missing may still be waiting for it. Default 10 minutes.
    pub patience: Duration,
    clock: Arc<dyn FileClock>,
}

impl std::fmt::Debug for DropFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DropFolder").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A file that may be taken.
struct Candidate {
    path: PathBuf,
    stamp: Stamp,
}

impl DropFolder {
    /// The folder of a source, with the default times and the machine's clock.
    pub fn new(path: impl Into<PathBuf>) -> DropFolder {
        DropFolder {
            path: path.into(),
            settle_after: Duration::from_secs(1),
            patience: Duration::from_secs(600),
            clock: Arc::new(MachineClock),
        }
    }

    /// The same folder with another clock.
    pub fn with_clock(self, clock: Arc<dyn FileClock>) -> DropFolder {
        DropFolder { clock, ..self }
    }

    /// Makes the folder if only it is missing. Nothing is made where the folder around it is missing too: then a share is
    /// not connected, and files would be looked for in the wrong place.
    fn make(&self) -> Result<(), FetchFault> {
        match fs::metadata(&self.path) {
            Ok(about) if about.is_dir() => Ok(()),
            Ok(_) => Err(FetchFault::NotAFolder(self.path.clone())),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => match fs::create_dir(&self.path) {
                Ok(()) => Ok(()),
                Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => Err(FetchFault::NoFolder(self.path.clone())),
                Err(fault) => Err(FetchFault::of("making", &self.path, fault)),
            },
            Err(fault) => Err(FetchFault::of("looking into", &self.path, fault)),
        }
    }

    /// All files that could be taken, whether complete or not.
    fn candidates(&self, look: &mut Look) -> Result<Vec<Candidate>, FetchFault> {
        let read = |fault| FetchFault::of("looking into", &self.path, fault);
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(read)? {
            let path = entry.map_err(read)?.path();
            let name = shown_name(&path);
            if is_ignored(&name) {
                continue;
            }
            // The link itself, not what it points to.
            match fs::symlink_metadata(&path) {
                Ok(about) if about.is_file() => found.push(Candidate { path, stamp: Stamp::of(&about) }),
                Ok(about) if about.is_dir() => {}
                Ok(about) => look.left.push(Left { name, later: false, why: no_file(&about) }),
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
                Err(fault) => look.left.push(left(&path, FetchFault::of("looking at", &path, fault))),
            }
        }
        Ok(found)
    }

    /// Waits until the youngest file is `settle_after` old: once, and never longer than that.
    fn let_them_settle(&self, files: &[Candidate]) {
        let rest = |file: &Candidate| self.settle_after.saturating_sub(age(&*self.clock, file.stamp.modified, self.patience));
        let longest = files.iter().map(rest).max().unwrap_or_default();
        if !longest.is_zero() {
            self.clock.wait(longest.min(self.settle_after));
        }
    }

    /// Takes one file, if it is complete and did not change since it was listed.
    fn take(&self, file: &Candidate) -> Result<Fetched, Left> {
        let name = shown_name(&file.path);
        let later = |why: &str| Left { name: name.clone(), later: true, why: why.to_owned() };
        let unlike = || fs::symlink_metadata(&file.path).map(|about| Stamp::of(&about) != file.stamp);
        let fault = |fault| left(&file.path, FetchFault::of("reading", &file.path, fault));
        if unlike().map_err(fault)? {
            return Err(later("it is still being written; it is taken by a later run"));
        }
        let old = age(&*self.clock, file.stamp.modified, self.patience) >= self.patience;
        if let Some(missing) = complete::missing(&file.path, file.stamp.bytes).map_err(fault)?
            && !old
        {
            return Err(later(&format!(
                "{missing}; it is taken when that is there, or when nothing was written to it for {}",
                in_words(self.patience)
            )));
        }
        let sha256 = hash(&file.path, file.stamp.bytes).map_err(fault)?;
        if unlike().map_err(fault)? {
            return Err(later("it changed while it was read; it is taken by a later run"));
        }
        Ok(Fetched { path: file.path.clone(), name, sha256, bytes: file.stamp.bytes, modified: file.stamp.modified, stamp: file.stamp })
    }
}

impl Fetch for DropFolder {
    fn look(&self) -> Result<Look, FetchFault> {
        let mut look = Look::default();
        self.make()?;
        let files = self.candidates(&mut look)?;
        if files.is_empty() {
            return Ok(look);
        }
        // Before any file is read: what could not be moved afterwards would be read again and again.
        settle::prove_movable(&self.path)?;
        self.let_them_settle(&files);
        for file in &files {
            match self.take(file) {
                Ok(fetched) => look.ready.push(fetched),
                Err(left) => look.left.push(left),
            }
        }
        look.ready.sort_by_cached_key(|file| (day_of(file), file.modified, file.name.clone()));
        look.left.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(look)
    }

    fn settle(&self, fetched: &Fetched, end: Ending) -> Result<PathBuf, FetchFault> {
        settle::settle(&self.path, fetched, &end)
    }
}

fn left(path: &Path, fault: FetchFault) -> Left {
    Left { name: shown_name(path), later: matches!(fault, FetchFault::Vanished { .. }), why: fault.to_string() }
}

fn no_file(about: &Metadata) -> String {
    let what = if about.file_type().is_symlink() { "a link, and links are not followed" } else { "no plain file" };
    format!("it is {what}: put the file itself here")
}

fn is_ignored(name: &str) -> bool {
    const BEING_WRITTEN: [&str; 6] = [".part", ".partial", ".tmp", ".filepart", ".crdownload", settle::REASON];
    let name = name.to_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || BEING_WRITTEN.iter().any(|end| name.ends_with(end))
        || matches!(name.as_str(), "thumbs.db" | "desktop.ini")
}

/// The day a file belongs to, for the order in which files are taken: the one in its name, else that of its stamp.
fn day_of(file: &Fetched) -> i64 {
    let stamped = file.modified.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| (since.as_secs() / 86_400) as i64);
    let epoch = chrono::DateTime::UNIX_EPOCH.date_naive();
    crate::file_name::parse(&file.name).as_of.map_or(stamped, |day| (day - epoch).num_days())
}

fn in_words(time: Duration) -> String {
    match time.as_secs() {
        secs if secs >= 120 && secs.is_multiple_of(60) => format!("{} minutes", secs / 60),
        secs => format!("{secs} seconds"),
    }
}

/// Reads one byte more than there was at most: a writer faster than this reader must not keep it going.
fn hash(path: &Path, bytes: u64) -> io::Result<String> {
    let mut file = File::open(path)?.take(bytes + 1);
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 256 * 1024];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => hasher.update(&chunk[..n]),
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests;
