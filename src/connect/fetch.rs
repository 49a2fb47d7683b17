//! Getting files, and saying afterwards where they ended. The hub lands and reads between the two.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A way to get files: today a drop folder.
///
/// The order is: [`Fetch::look`], land each file, compare the hash of the landed copy ([`Fetched::still_same`]), read,
/// commit, then [`Fetch::settle`]. A file that is not settled is found again by the next look, so a crash loses nothing.
pub trait Fetch: Send + Sync {
    /// What lies there: files that are complete, and those that are left with the reason.
    ///
    /// # Errors
    /// The folder as a whole cannot be worked with. A fault of one file stands in [`Look::left`].
    fn look(&self) -> Result<Look, FetchFault>;

    /// The files that are complete, oldest first.
    ///
    /// # Errors
    /// As [`Fetch::look`].
    fn fetch(&self) -> Result<Vec<Fetched>, FetchFault> {
        Ok(self.look()?.ready)
    }

    /// Puts a file where it ends; gives its new path. Called after the landing has committed.
    ///
    /// # Errors
    /// The file is gone, has changed since it was fetched, or cannot be moved; it stays where it is.
    fn settle(&self, fetched: &Fetched, end: Ending) -> Result<PathBuf, FetchFault>;
}

/// What a look found.
#[derive(Debug, Default)]
pub struct Look {
    /// Files to take, oldest first (by the date in the name, else by the stamp of the file).
    pub ready: Vec<Fetched>,
    /// Files that stay where they are this time, each with the reason.
    pub left: Vec<Left>,
}

/// A file that was not taken.
#[derive(Debug)]
pub struct Left {
    /// Its name, for people.
    pub name: String,
    /// Whether it is taken by itself later (it is still being written), or a person must act.
    pub later: bool,
    /// Why, and what to do.
    pub why: String,
}

/// A file that is complete, as it was at the first look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name for people and for [`crate::FileName`]: what is no text is replaced, so it may differ from the path's last part.
    pub name: String,
    /// SHA-256 of its bytes at the first look, lower-case hex. This is its dedupe key from here on.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
    /// When it was last written.
    pub modified: SystemTime,
    pub(crate) stamp: Stamp,
}

impl Fetched {
    /// Whether the copy that was landed is the file that was first seen. If not, the file changed while it was read:
    /// the copy is not used, the file is not settled, and the next look finds it again.
    pub fn still_same(&self, sha256_of_copy: &str) -> bool {
        self.sha256.eq_ignore_ascii_case(sha256_of_copy)
    }
}

/// How a file ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It was read: `done/`.
    Done,
    /// It could not be read, or is refused: `failed/`, with this reason beside it as `NAME.reason.txt`.
    Failed(String),
}

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) bytes: u64,
    pub(crate) modified: SystemTime,
    /// Device and number of the file, where the system has them: a file put in place of another has another number.
    pub(crate) inode: (u64, u64),
}

impl Stamp {
    pub(crate) fn of(about: &std::fs::Metadata) -> Stamp {
        #[cfg(unix)]
        let inode = (std::os::unix::fs::MetadataExt::dev(about), std::os::unix::fs::MetadataExt::ino(about));
        #[cfg(not(unix))]
        let inode = (0, 0);
        Stamp { bytes: about.len(), modified: about.modified().unwrap_or(SystemTime::UNIX_EPOCH), inode }
    }
}

/// Why a folder or a file of it cannot be worked with. The text says what was tried, what happened and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchFault {
    /// The folder is not there, and neither is the one it belongs in.
    #[error("{} is not there: make the folder, or connect the share it lies on", .0.display())]
    NoFolder(PathBuf),
    /// Something else stands where a folder must be.
    #[error("{} is not a folder (a link is not followed): remove it, the folder is made again by itself", .0.display())]
    NotAFolder(PathBuf),
    /// No permission.
    #[error("{tried} {}: no permission. No file there was taken or moved. Give the account that runs onroll the right to read, write and rename in this folder", .path.display())]
    Forbidden {
        /// What was tried: "writing in".
        tried: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The disk is full, or the quota used up.
    #[error("{tried} {}: the disk is full. The file stays where it is and is found again by the next run. Make room, then run it again", .path.display())]
    DiskFull {
        /// What was tried.
        tried: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file has gone.
    #[error("{name} is no longer there: somebody moved or removed it. If it was landed, its content is kept; else send it again")]
    Vanished {
        /// Its name.
        name: String,
    },
    /// The file is not the one that was fetched.
    #[error("{name} changed after it was read: it stays where it is, and the next run reads it as a new file")]
    Changed {
        /// Its name.
        name: String,
    },
    /// Anything else the system says.
    #[error("{tried} {}: {source}. The file stays where it is and is found again by the next run", .path.display())]
    Io {
        /// What was tried.
        tried: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl FetchFault {
    /// The fault that a system error means.
    pub(crate) fn of(tried: &'static str, path: &Path, source: io::Error) -> FetchFault {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FetchFault::Forbidden { tried, path, source },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FetchFault::DiskFull { tried, path, source },
            io::ErrorKind::NotFound => FetchFault::Vanished { name: shown_name(&path) },
            _ => FetchFault::Io { tried, path, source },
        }
    }
}

/// The last part of a path for people: what is no text, and characters that would move the cursor or turn the writing
/// direction, are replaced.
pub(crate) fn shown_name(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.chars().map(|c| if c.is_control() || is_direction_mark(c) { '\u{FFFD}' } else { c }).collect()
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_says_what_to_do() {
        let path = Path::new("drop/school-1");
        for (kind, words) in [
            (io::ErrorKind::PermissionDenied, "the right to read, write and rename"),
            (io::ErrorKind::ReadOnlyFilesystem, "the right to read, write and rename"),
            (io::ErrorKind::StorageFull, "Make room"),
            (io::ErrorKind::QuotaExceeded, "Make room"),
            (io::ErrorKind::NotFound, "send it again"),
            (io::ErrorKind::Other, "found again by the next run"),
        ] {
            let text = FetchFault::of("writing in", path, io::Error::from(kind)).to_string();
            assert!(text.contains(words), "{kind:?}: {text}");
            assert!(text.contains("school-1"), "{text}");
        }
    }

    #[test]
    fn a_name_with_strange_characters_is_shown_plainly() {
        assert_eq!(shown_name(Path::new("drop/a\nb\u{202E}c.csv")), "a\u{FFFD}b\u{FFFD}c.csv");
        assert_eq!(shown_name(Path::new("drop/Schüler 1.csv")), "Schüler 1.csv");
    }
}
