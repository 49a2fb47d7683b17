//! Where a recipient's folder is. One inside the home is made; any other must be there, for a share that is not connected
//! must not become a folder on our own disk from which nobody collects.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Why a folder cannot be used.
#[derive(Debug)]
pub(super) enum Lost {
    /// A folder outside the home is not there.
    NotThere(PathBuf),
    /// Something else stands there.
    NotAFolder(PathBuf),
    /// A link stands inside the home where a folder must be.
    Link(PathBuf),
    /// The path leads out of the home, or is no path.
    LeadsOut(PathBuf),
    /// The system's error.
    Io(PathBuf, io::Error),
}

/// The folder, made where it is missing and lies inside the home.
pub(super) fn find_or_make(home: &Path, path: &str) -> Result<PathBuf, Lost> {
    walk(home, path, true)
}

/// The folder, if it is there.
pub(super) fn find(home: &Path, path: &str) -> Result<PathBuf, Lost> {
    walk(home, path, false)
}

fn walk(home: &Path, path: &str, make: bool) -> Result<PathBuf, Lost> {
    let path = Path::new(path);
    let inside = if path.is_absolute() {
        match path.strip_prefix(home) {
            Ok(inside) if home.is_absolute() => inside,
            _ => return must_be_there(path),
        }
    } else {
        path
    };
    let mut at = home.to_owned();
    let mut steps = 0;
    for part in inside.components() {
        match part {
            Component::CurDir => continue,
            Component::Normal(name) => at.push(name),
            _ => return Err(Lost::LeadsOut(path.to_owned())),
        }
        steps += 1;
        step(&at, make)?;
    }
    // The home itself is no recipient's folder.
    if steps == 0 { Err(Lost::LeadsOut(path.to_owned())) } else { Ok(at) }
}

/// One folder inside the home. Links are not followed: they would lead files out of it.
fn step(at: &Path, make: bool) -> Result<(), Lost> {
    match fs::symlink_metadata(at) {
        Ok(about) if about.is_dir() => return Ok(()),
        Ok(about) if about.is_symlink() => return Err(Lost::Link(at.to_owned())),
        Ok(_) => return Err(Lost::NotAFolder(at.to_owned())),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound && make => {}
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Err(Lost::NotThere(at.to_owned())),
        Err(fault) => return Err(Lost::Io(at.to_owned(), fault)),
    }
    match fs::create_dir(at) {
        // Another thread made it in the same moment; what it is was not looked at yet.
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => step(at, false),
        Err(fault) => Err(Lost::Io(at.to_owned(), fault)),
        Ok(()) => at.parent().map_or(Ok(()), crate::naming::sync_folder).map_err(|fault| Lost::Io(at.to_owned(), fault)),
    }
}

fn must_be_there(path: &Path) -> Result<PathBuf, Lost> {
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => Ok(path.to_owned()),
        Ok(_) => Err(Lost::NotAFolder(path.to_owned())),
        Err(fault) => match fault.kind() {
            io::ErrorKind::NotFound => Err(Lost::NotThere(path.to_owned())),
            io::ErrorKind::NotADirectory => Err(Lost::NotAFolder(path.to_owned())),
            _ => Err(Lost::Io(path.to_owned(), fault)),
        },
    }
}
