//! The folder channel: a file in a folder from which the recipient collects it.
//!
//! A file has its final name only when it is whole and on the disk. Nothing is ever overwritten.

mod place;
mod whereabouts;
mod words;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use schema::MessageId;

use super::{Channel, Letter, Outcome, Sending};
use place::Put;

/// How long a folder may take to answer: a share whose server is gone can keep a program waiting for minutes.
pub const LONGEST: Duration = Duration::from_secs(15);

/// Puts files into folders.
#[derive(Debug, Clone)]
pub struct FolderChannel {
    home: PathBuf,
    /// Messages that a thread of ours still works on: it may hang in a share that does not answer, and two must not write
    /// one temporary file.
    busy: Arc<Mutex<HashSet<MessageId>>>,
}

/// One file to put, apart from the letter: the thread that does it may outlive the try.
struct Job {
    home: PathBuf,
    recipient: String,
    path: String,
    message: MessageId,
    name: String,
    bytes: Vec<u8>,
}

impl FolderChannel {
    /// The channel of a home; paths of agreements are relative to it.
    pub fn new(home: impl Into<PathBuf>) -> FolderChannel {
        FolderChannel { home: home.into(), busy: Arc::default() }
    }

    fn job(&self, letter: &Letter<'_>) -> Result<Job, Outcome> {
        let recipient = letter.sealed.recipient();
        let Some(path) = letter.terms.folder(recipient) else {
            return Err(Outcome::refused("this channel of the agreement has no folder"));
        };
        if !is_plain(letter.file_name) || !is_plain(recipient) {
            return Err(Outcome::refused("the file name has characters that a file name sent to others must not have"));
        }
        Ok(Job {
            home: self.home.clone(),
            recipient: recipient.to_owned(),
            path,
            message: letter.message,
            name: letter.file_name.to_owned(),
            bytes: letter.sealed.body().to_vec(),
        })
    }

    /// Puts the file of a letter, or looks what became of it, on a thread that may wait.
    pub(super) async fn run(&self, letter: &Letter<'_>, work: Work) -> Outcome {
        let job = match self.job(letter) {
            Ok(job) => job,
            Err(outcome) => return outcome,
        };
        let Some(turn) = Turn::take(&self.busy, job.message) else {
            return Outcome::unknown("an earlier try at this message has not come back yet: its folder does not answer");
        };
        let running = tokio::task::spawn_blocking(move || {
            let outcome = work.done_on(&job);
            drop(turn);
            outcome
        });
        match tokio::time::timeout(LONGEST, running).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Outcome::unknown("the thread that wrote the file stopped; the next run looks whether the file is there"),
            Err(_) => Outcome::unknown(format!(
                "the folder did not answer within {} seconds: see whether the share is connected; the next run looks whether the file is there",
                LONGEST.as_secs()
            )),
        }
    }

    fn collected(&self, letter: &Letter<'_>) -> Option<bool> {
        let job = self.job(letter).ok()?;
        let folder = whereabouts::find(&job.home, &job.path).ok()?;
        match std::fs::symlink_metadata(folder.join(&job.name)) {
            Ok(_) => Some(false),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Some(true),
            Err(_) => None,
        }
    }
}

impl Channel for FolderChannel {
    fn kind(&self) -> &'static str {
        "folder"
    }

    fn send<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(self.run(letter, Work::Put))
    }

    fn recover<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(self.run(letter, Work::Recover))
    }

    fn is_collected(&self, letter: &Letter<'_>) -> Option<bool> {
        self.collected(letter)
    }
}

/// What to do with a job.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// Put the file.
    Put,
    /// See what became of it.
    Recover,
}

impl Work {
    fn done_on(self, job: &Job) -> Outcome {
        match self {
            Work::Put => put(job),
            Work::Recover => recover(job),
        }
    }
}

fn put(job: &Job) -> Outcome {
    let folder = match folder_of(job) {
        Ok(folder) => folder,
        Err(outcome) => return outcome,
    };
    match place::put(&folder, &part_name(job.message), &job.name, &job.bytes) {
        Ok(Put::Fresh) => Outcome::sent(format!("put as {}", shown(job, &folder))),
        Ok(Put::WasThere) => Outcome::sent(format!("{} was there already, with the same content", shown(job, &folder))),
        Ok(Put::Other) => Outcome::refused(format!(
            "{} is there already with other content, and nothing is overwritten: see who put it there, move it away, then onroll outbox retry {}",
            shown(job, &folder),
            job.message
        )),
        Err(fault) => words::of(&fault, &folder),
    }
}

fn recover(job: &Job) -> Outcome {
    let folder = match folder_of(job) {
        Ok(folder) => folder,
        // Whether the file was put there before the folder went away is not known, whatever the fault.
        Err(Outcome::Retry { reason } | Outcome::Refused { reason }) => return Outcome::unknown(reason),
        Err(other) => return other,
    };
    match place::trace(&folder, &part_name(job.message), &job.name, &job.bytes) {
        Ok(place::Trace::Whole) => Outcome::sent(format!("{} was put before the program stopped", shown(job, &folder))),
        Ok(place::Trace::Other) => put(job),
        Ok(place::Trace::Begun) => Outcome::retry("the program stopped before the file had its name; what was begun was removed"),
        Ok(place::Trace::Nothing) => Outcome::unknown(
            "the program stopped, and the file is not in the folder: it was never put there, or the recipient has already collected it",
        ),
        Err(fault) => match words::of(&fault, &folder) {
            Outcome::Retry { reason } | Outcome::Refused { reason } => Outcome::unknown(reason),
            other => other,
        },
    }
}

fn folder_of(job: &Job) -> Result<PathBuf, Outcome> {
    whereabouts::find_or_make(&job.home, &job.path).map_err(|fault| words::of_whereabouts(&fault, &job.recipient))
}

fn part_name(message: MessageId) -> String {
    format!(".part-{message}")
}

/// The path for people: relative to the home where it lies in it.
fn shown(job: &Job, folder: &Path) -> String {
    folder.strip_prefix(&job.home).unwrap_or(folder).join(&job.name).display().to_string()
}

/// Letters, digits, `_`, `-` and `.`, not hidden: a name that every system and share takes, and that leads nowhere else.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 128
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// The right to work on a message; given back when dropped.
struct Turn {
    busy: Arc<Mutex<HashSet<MessageId>>>,
    message: MessageId,
}

impl Turn {
    fn take(busy: &Arc<Mutex<HashSet<MessageId>>>, message: MessageId) -> Option<Turn> {
        let is_free = busy.lock().unwrap_or_else(PoisonError::into_inner).insert(message);
        is_free.then(|| Turn { busy: Arc::clone(busy), message })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.message);
    }
}
