//! Giving a file its name so that no other file is overwritten, and making the name last.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// A way to give a file its name that fails if the name is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// One call of the system that renames and refuses to overwrite.
    NoReplace,
    /// A second name, then the first is removed.
    Link,
    /// Look, then rename: where the disk knows neither. Names that hold a number of ours are
    /// made by nobody else, so the moment between the two is ours.
    LookAndRename,
}

pub(crate) const WAYS: [Way; 3] = [Way::NoReplace, Way::Link, Way::LookAndRename];

/// Gives the file its name by the first way that the disk or share knows.
pub(crate) fn rename_new(part: &Path, target: &Path, ways: &[Way]) -> io::Result<()> {
    let mut last = io::Error::from(io::ErrorKind::Unsupported);
    for way in ways {
        match way.run(part, target) {
            Ok(()) => return Ok(()),
            // These mean the same by every way.
            Err(fault) if matches!(fault.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound | io::ErrorKind::StorageFull) => {
                return Err(fault);
            }
            Err(fault) => last = fault,
        }
    }
    Err(last)
}

impl Way {
    fn run(self, part: &Path, target: &Path) -> io::Result<()> {
        match self {
            Way::NoReplace => no_replace(part, target),
            Way::Link => {
                fs::hard_link(part, target)?;
                // The file has its name; a first name that stays is removed by the next try, and is hidden.
                let _ = remove(part);
                Ok(())
            }
            Way::LookAndRename => match fs::symlink_metadata(target) {
                Ok(_) => Err(io::Error::from(io::ErrorKind::AlreadyExists)),
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => fs::rename(part, target),
                Err(fault) => Err(fault),
            },
        }
    }
}

#[cfg(target_os = "linux")]
fn no_replace(part: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, part, CWD, target, RenameFlags::NOREPLACE)?)
}

#[cfg(not(target_os = "linux"))]
fn no_replace(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

/// Makes a name outlast a power cut. File systems that cannot (some shares) say so, and nothing more can be done there.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        Err(fault) if matches!(fault.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}
