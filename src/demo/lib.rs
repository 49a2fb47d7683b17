//! A synthetic council: what a hub can be shown and tested on without a single real child.
//!
//! In: how many children, a seed, how much noise. Out: a home (`onroll.toml`, `area.csv`, `schools.csv`, `calendar/`,
//! `agreements/`), the files of a night in `drop/<source>/`, each in its system's own shape, and `truth.jsonl`: what a perfect hub
//! would find as of the demo's date, when every school was told that may be told and can be. Lives are made first (households, births, moves, joins, leaves, home education, schools over the border,
//! twins, namesakes), files are written from them, and noise is added only while writing, so that the truth stays the truth of the lives.
//! The same options give the same bytes.
//!
//! This room does not know the hub's inside: it does not import `rules`, whose independent check it is, nor `mapping` or `linkage`.

mod agreement;
mod council;
mod days;
mod files;
mod home;
mod households;
mod housing;
mod life;
mod names;
mod noise;
mod rng;
mod school;
mod story;
#[cfg(test)]
mod tests;
mod town;
mod truth;

use std::fmt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::council::Council;
use crate::life::Life;

/// What to make.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many children; 40,000 is a council of Southampton's size with 90 schools.
    pub children: u32,
    /// The seed: the same one gives the same council.
    pub seed: u64,
    /// How many faults the files have: 0 none, 1 as usual, 2 twice as many.
    pub noise: f64,
    /// Who may act in the home: name and role.
    pub people: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Options {
        Options { children: 40_000, seed: 1, noise: 1.0, people: Vec::new() }
    }
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Children.
    pub children: u64,
    /// Schools in `schools.csv`.
    pub schools: u64,
    /// Sources in `onroll.toml`.
    pub sources: u64,
    /// Files in the drop folders.
    pub files: u64,
    /// Rows in them.
    pub rows: u64,
    /// Findings in `truth.jsonl`.
    pub findings: u64,
    /// The date for which the truth holds.
    pub today: NaiveDate,
}

/// A home could not be written.
#[derive(Debug)]
pub enum DemoError {
    /// The folder is there already and is not empty.
    NotEmpty(PathBuf),
    /// A file could not be written.
    Write(PathBuf, std::io::Error),
    /// A story and what is worked out from its life say different things: a fault of the generator.
    Contradiction(&'static str),
}

impl fmt::Display for DemoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DemoError::NotEmpty(path) => {
                write!(f, "the demo makes a home of its own, and {} is not empty: name a new or empty folder", path.display())
            }
            DemoError::Contradiction(story) => {
                write!(f, "the story \"{story}\" does not end as it says: please report this, with the number of children and the seed")
            }
            DemoError::Write(path, _) => {
                write!(f, "could not write {}: see that the folder is writable and the disk has room", path.display())
            }
        }
    }
}

impl std::error::Error for DemoError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DemoError::NotEmpty(_) | DemoError::Contradiction(_) => None,
            DemoError::Write(_, source) => Some(source),
        }
    }
}

/// Makes a council in a new or empty folder. `progress` hears of each step: its name, how much is done, of how much.
///
/// # Errors
/// The folder is not empty, or something could not be written.
pub fn make(options: &Options, dir: &Path, progress: &mut dyn FnMut(&str, u64, u64)) -> Result<Made, DemoError> {
    if std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(DemoError::NotEmpty(dir.to_owned()));
    }
    let (council, lives) = lives(options, progress);
    truth::check(&council, &lives)?;
    home::write(&council, options, dir)?;
    let written = files::write(&council, &lives, options, dir, progress)?;
    let findings = truth::write(&council, &lives, &dir.join("truth.jsonl"), progress)?;
    Ok(Made {
        children: lives.len() as u64,
        schools: council.schools.len() as u64,
        sources: council.sources.len() as u64,
        files: written.files,
        rows: written.rows,
        findings,
        today: days::today(),
    })
}

/// The lives: the stories that must occur, then the households of the town.
fn lives(options: &Options, progress: &mut dyn FnMut(&str, u64, u64)) -> (Council, Vec<Life>) {
    let mut council = Council::new(options.children, options.seed);
    let mut lives = story::tell(&mut council, options.children);
    households::fill(&mut council, &mut lives, options.children as usize, progress);
    (council, lives)
}
