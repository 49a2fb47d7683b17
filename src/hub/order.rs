//! What is asked of an import, and what it reports.

use std::path::PathBuf;

use chrono::NaiveDate;
use schema::{PayloadId, ProblemCode};
use serde::Serialize;
use store::Counts;

use crate::ledger_keeping::ProblemTold;

/// One file to import, with what the person said about it.
#[derive(Debug, Clone, Default)]
pub struct ImportOrder {
    /// The connector that reads it.
    pub connector: String,
    /// The file.
    pub file: PathBuf,
    /// Name under which it came; without it the name of `file`.
    pub name: Option<String>,
    /// The source, if said.
    pub source: Option<String>,
    /// The date of the file, if said.
    pub as_of: Option<NaiveDate>,
    /// Whether the file is complete, if said.
    pub complete: Option<bool>,
    /// The mapping, if said: an id (`lists/health`).
    pub mapping: Option<String>,
    /// Nobody is there to answer a question: what must be said about the file makes it a rejected payload.
    pub unattended: bool,
    /// The SHA-256 fixed at the first look at the file; a copy that differs means that the file is still being written.
    pub first_look: Option<String>,
}

impl ImportOrder {
    /// The name under which the file came.
    pub fn file_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default())
    }
}

/// What became of one file.
#[derive(Debug, Clone, Serialize)]
pub struct PayloadReport {
    /// The payload's id.
    pub id: PayloadId,
    /// Its file name.
    pub file: String,
    /// What became of its rows.
    pub rows: Counts,
    /// Faults of values, counted by kind and column.
    pub problems: Vec<ProblemTold>,
    /// The payload whose bytes these are.
    pub duplicate_of: Option<PayloadId>,
    /// Why the file could not be read, or not to its end; or what of it waits for a person.
    pub reason: Option<String>,
    /// Whether the file failed (it goes to `failed/`, exit code 1).
    #[serde(skip)]
    pub failed: bool,
    /// Whether its endings are held for a person.
    #[serde(skip)]
    pub held: bool,
}

impl PayloadReport {
    /// Whether a person should look: rows in quarantine, faults in values, endings held. A column that is not used is no fault.
    pub fn needs_attention(&self) -> bool {
        self.rows.quarantined > 0 || self.held || self.problems.iter().any(|p| p.code != ProblemCode::UnknownColumn)
    }
}
