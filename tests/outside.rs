//! What is not ours: other programs, and files as they lie on the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Python that has only its standard library.
pub fn python() -> Command {
    Command::new("python3")
}

/// Python that has the packages which tests need (aiosmtpd); `None` where `tests/run` did not install it.
pub fn test_python() -> Option<Command> {
    crate::environment("ONROLL_TEST_PYTHON").map(Command::new)
}

/// All files below a folder, sorted; none where it is not there.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files.extend(below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
