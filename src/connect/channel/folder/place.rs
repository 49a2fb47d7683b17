//! Putting a file under its name, so that nobody ever sees a part of it and nothing is overwritten.

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::naming::{WAYS, remove, rename_new, sync_folder};

/// What putting a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It was put there.
    Fresh,
    /// It was there, the same byte for byte.
    WasThere,
    /// Something else has its name; it was left alone.
    Other,
}

/// What a try that broke off left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trace {
    /// The whole file under its name.
    Whole,
    /// Something else under its name.
    Other,
    /// A temporary file; it was removed.
    Begun,
    /// Nothing.
    Nothing,
}

/// Writes the file under a temporary name, makes it last, gives it its name, makes that last. When this returns, a power
/// cut no longer takes the file away.
pub(super) fn put(folder: &Path, part: &str, name: &str, bytes: &[u8]) -> io::Result<Put> {
    put_through(folder, part, name, &mut |file| file.write_all(bytes), bytes)
}

/// As [`put`], with the writing itself handed in, so that a test can break it off anywhere.
pub(super) fn put_through(
    folder: &Path,
    part: &str,
    name: &str,
    write: &mut dyn FnMut(&mut File) -> io::Result<()>,
    bytes: &[u8],
) -> io::Result<Put> {
    let (part, target) = (folder.join(part), folder.join(name));
    // Left by a crash, perhaps as a second name of the final file: it is removed, never written into.
    remove(&part)?;
    if let Some(there) = look(&target, bytes)? {
        sync_folder(folder)?;
        return Ok(there);
    }
    let made = (|| {
        let mut file = File::create_new(&part)?;
        write(&mut file)?;
        file.sync_all()?;
        drop(file);
        rename_new(&part, &target, &WAYS)
    })();
    match made {
        Ok(()) => {
            sync_folder(folder)?;
            Ok(Put::Fresh)
        }
        Err(fault) => {
            let _ = remove(&part); // the first fault is the one to tell; the next try removes it first
            if fault.kind() == io::ErrorKind::AlreadyExists { look(&target, bytes)?.ok_or(fault) } else { Err(fault) }
        }
    }
}

/// What a try that broke off left; a temporary file is removed.
pub(super) fn trace(folder: &Path, part: &str, name: &str, bytes: &[u8]) -> io::Result<Trace> {
    let part = folder.join(part);
    let was_begun = fs::symlink_metadata(&part).is_ok();
    remove(&part)?;
    Ok(match look(&folder.join(name), bytes)? {
        Some(Put::Other) => Trace::Other,
        Some(_) => {
            // The crash may have come before the name was made to last.
            sync_folder(folder)?;
            Trace::Whole
        }
        None if was_begun => Trace::Begun,
        None => Trace::Nothing,
    })
}

/// What has the name already.
fn look(target: &Path, bytes: &[u8]) -> io::Result<Option<Put>> {
    let about = match fs::symlink_metadata(target) {
        Ok(about) => about,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    if !about.is_file() || about.len() != bytes.len() as u64 {
        return Ok(Some(Put::Other));
    }
    let mut there = Vec::with_capacity(bytes.len());
    // Collected between the two looks: the name is free again.
    let file = match File::open(target) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    file.take(bytes.len() as u64 + 1).read_to_end(&mut there)?;
    Ok(Some(if there == bytes { Put::WasThere } else { Put::Other }))
}
