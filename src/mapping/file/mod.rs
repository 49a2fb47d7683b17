//! A mapping file as an analyst writes it, read with the place of every fault.

mod field;
mod header;
mod reader;
mod table;

use schema::{Columns, ConfigFault, Laestab};
use sha2::{Digest, Sha256};

pub(crate) use field::{Field, ReadAs, Test};
pub(crate) use header::id_of;
pub(crate) use reader::{Reader, Section, nearest};
pub(crate) use table::Unknown;

use crate::Plan;

/// Where the date of a file's content comes from when neither the command nor the file's name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The day on which the file arrived.
    Arrival,
    /// It must be said: by the mapping's as-of column, the file's name or the command. Without it the file is not taken.
    Required,
}

/// One mapping file: what the columns of one kind of file of one system mean.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// `system/dataset` after its path: `sims/pupils`.
    pub id: String,
    /// The system: `sims`.
    pub system: String,
    /// The kind of file: `pupils`. Files of one source and one kind follow each other in time.
    pub dataset: String,
    /// What it is, for a person.
    pub title: String,
    /// Whether a complete file of this kind is the school's own full roll.
    pub roll: bool,
    /// Whether a file of this kind tells of some days only (a week's leavers), so that it never says who is gone.
    pub partial: bool,
    /// Whether its rows speak of who lives at an address: of a child that is named, or of whoever lives there. The record's
    /// `source_id` is then the reference of the change, not an id of the child.
    pub household: bool,
    /// SHA-256 of the text, in hex: what a record was read by.
    pub version: String,
    /// The text.
    pub text: String,
    /// Where the date of the content comes from.
    pub as_of: AsOf,
    /// Age in days after which a file of this kind is old, where the source's config says nothing.
    pub default_max_age_days: Option<u32>,
    pub(crate) digest: [u8; 32],
    pub(crate) as_of_column: Option<Field>,
    pub(crate) key: Vec<Vec<String>>,
    pub(crate) requires: Vec<Vec<String>>,
    pub(crate) unless: Vec<String>,
    pub(crate) ignore: Vec<String>,
    pub(crate) fields: Vec<Field>,
}

impl Mapping {
    /// Reads a mapping file. `path` gives its id: `sims/pupils.toml` is the mapping `sims/pupils`.
    ///
    /// # Errors
    /// Every fault found, each with line, column and what to do.
    pub fn parse(path: &str, text: &str) -> Result<Mapping, Vec<ConfigFault>> {
        let mut reader = Reader::new(path, text);
        let mapping = reader.document().and_then(|document| header::read(&mut reader, &document, path));
        match (mapping, reader.into_faults()) {
            (Some(mut mapping), faults) if faults.is_empty() => {
                text.clone_into(&mut mapping.text);
                mapping.digest = Sha256::digest(text.as_bytes()).into();
                mapping.version = mapping.digest.iter().map(|b| format!("{b:02x}")).collect();
                Ok(mapping)
            }
            (_, faults) => Err(faults),
        }
    }

    /// Whether a file with these headings is of this kind: all that the mapping requires is there, and nothing that rules it out.
    pub fn fits(&self, columns: &Columns) -> bool {
        let has = |heading: &String| columns.find(heading).is_some();
        self.requires.iter().all(|one_of| one_of.iter().any(has)) && !self.is_ruled_out(columns)
    }

    /// Whether a heading is there that only files of another kind have.
    pub fn is_ruled_out(&self, columns: &Columns) -> bool {
        self.unless.iter().any(|heading| columns.find(heading).is_some())
    }

    /// What is missing of the headings that the mapping requires: the first name of each.
    pub fn lacking(&self, columns: &Columns) -> Vec<String> {
        let lacks = |one_of: &&Vec<String>| !one_of.iter().any(|h| columns.find(h).is_some());
        self.requires.iter().filter(lacks).filter_map(|one_of| one_of.first().cloned()).collect()
    }

    /// The mapping made ready for a file with these headings, of the school whose source it is (if it is a school's).
    pub fn plan(&self, columns: &Columns, school: Option<Laestab>) -> Plan {
        Plan::new(self, columns, school)
    }
}

#[cfg(test)]
mod tests;
