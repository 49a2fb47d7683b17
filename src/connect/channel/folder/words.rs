//! What a person reads when a folder cannot be used, and whether trying again helps.

use std::io;
use std::path::Path;

use super::whereabouts::Lost;
use crate::channel::Outcome;

/// A fault while a file was put into a folder.
pub(super) fn of(fault: &io::Error, folder: &Path) -> Outcome {
    let folder = folder.display();
    Outcome::retry(match fault.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("no permission to write in {folder}: give the account that runs onroll the right to write, rename and remove there")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("the disk of {folder} is full: make room; nothing was left there")
        }
        io::ErrorKind::NotFound => format!("{folder} went away while the file was written: see whether the share is connected"),
        _ => format!("writing in {folder} failed ({fault}): see whether the disk or share works"),
    })
}

/// A folder that was not found.
pub(super) fn of_whereabouts(lost: &Lost, recipient: &str) -> Outcome {
    match lost {
        Lost::NotThere(path) => Outcome::retry(format!(
            "{} is not there: connect the share it lies on, or put the path right in the agreement with {recipient}; a folder outside the home is never made",
            path.display()
        )),
        Lost::NotAFolder(path) => Outcome::retry(format!(
            "{} is not a folder: remove what stands there, or put the path right in the agreement with {recipient}",
            path.display()
        )),
        Lost::Link(path) => Outcome::refused(format!(
            "{} is a link, and inside the home links are not followed: write the real path of the folder into the agreement with {recipient}",
            path.display()
        )),
        Lost::LeadsOut(path) => Outcome::refused(format!(
            "\"{}\" names no folder inside the home: write a path without \"..\", or an absolute one, into the agreement with {recipient}",
            path.display()
        )),
        Lost::Io(path, fault) => match fault.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Outcome::retry(format!(
                "no permission to reach {}: give the account that runs onroll the right to write there",
                path.display()
            )),
            _ => of(fault, path),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_of_a_folder_is_tried_again_and_says_what_to_do() {
        for (kind, words) in [
            (io::ErrorKind::PermissionDenied, "give the account that runs onroll the right"),
            (io::ErrorKind::ReadOnlyFilesystem, "give the account that runs onroll the right"),
            (io::ErrorKind::StorageFull, "make room"),
            (io::ErrorKind::QuotaExceeded, "make room"),
            (io::ErrorKind::NotFound, "whether the share is connected"),
            (io::ErrorKind::Other, "whether the disk or share works"),
        ] {
            let Outcome::Retry { reason } = of(&io::Error::from(kind), Path::new("out/8524001")) else { panic!("{kind:?}") };
            assert!(reason.contains(words) && reason.contains("out/8524001"), "{reason}");
        }
    }
}
