//! Land: the bytes of a file are stored once, addressed by their SHA-256, before anybody looks into them.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use store::{Landed, Landing};

use crate::HubError;

/// Lands a file. A file that changes while it is copied, or differs from the first look at it, is refused and left where it is.
///
/// # Errors
/// The file cannot be read, is still being written, or the landing cannot be written.
pub(crate) fn land(landing: &Landing, path: &Path, first_look: Option<&str>) -> Result<Landed, HubError> {
    let fault = |hint| move |source| HubError::File { path: path.display().to_string(), source, hint };
    let mut file = File::open(path).map_err(fault("check that the file is there and may be read"))?;
    let before = file.metadata().map_err(fault("check that the file may be read"))?;
    if !before.is_file() {
        return Err(HubError::usage(format!("{} is no file", path.display()), "give a file"));
    }
    // One byte more than there was tells that it grows; a writer faster than this reader must not keep it going.
    let landed = landing.land(&mut (&mut file).take(before.len() + 1))?;
    let after = path.metadata().map_err(fault("the file went away while it was read: give it again"))?;
    if changed(&before, &after, landed.bytes) || first_look.is_some_and(|sha| sha != landed.sha256) {
        return Err(HubError::StillWritten { path: path.display().to_string() });
    }
    Ok(landed)
}

fn changed(before: &Metadata, after: &Metadata, copied: u64) -> bool {
    before.len() != after.len() || copied != after.len() || before.modified().ok() != after.modified().ok()
}
