//! The folder channel on a real disk: watched, killed, and where folders are not as they should be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../made/mod.rs"]
#[allow(dead_code, reason = "not every user of these messages sends them all ways")]
mod made;

mod kill;
mod places;
mod watch;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Names in a folder, without hidden ones and with them.
fn names(folder: &Path) -> (Vec<String>, Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return (Vec::new(), Vec::new()) };
    let mut all: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all.into_iter().partition(|name| !name.starts_with('.'))
}

/// The example program that puts files.
fn put_files() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("examples").join(format!("put_files{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is not built: cargo build --examples", program.display());
    program
}

fn put_files_command(home: &Path, count: u32) -> Command {
    let mut command = Command::new(put_files());
    command.arg(home).arg(count.to_string());
    command
}
