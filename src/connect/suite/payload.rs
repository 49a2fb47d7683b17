//! A payload of the suite, and what reading it gave.

use schema::raw::{RawRow, ReadFault};

use crate::registry::{Fixture, Read};

/// A payload to be read by the suite.
#[derive(Clone)]
pub struct Payload {
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many rows an independent count finds.
    pub rows: u64,
}

/// All that a reader gave.
#[derive(PartialEq)]
pub struct Reading {
    /// Headings as they stand.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<ReadRow>,
    /// Why it could not be read to the end.
    pub fault: Option<ReadFault>,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} columns, {} rows, fault {:?}", self.columns.len(), self.rows.len(), self.fault)
    }
}

/// One row, kept.
#[derive(PartialEq)]
pub struct ReadRow {
    pub(crate) number: u64,
    pub(crate) values: Vec<(usize, String)>,
    /// The texts of its problems that people see: column and hint, not the raw value.
    pub(crate) problems: Vec<String>,
}

/// A reader that never comes to an end is stopped here: no fixture has as many rows.
const MOST_ROWS: usize = 1_000_000;

impl Payload {
    pub(crate) fn of(fixture: &Fixture) -> Payload {
        Payload { name: fixture.name.to_owned(), bytes: fixture.bytes.to_vec(), rows: fixture.rows }
    }

    pub(crate) fn read(&self, reader: &dyn Read, sandbox: &formats::Sandbox) -> Reading {
        read_all(&self.bytes, reader, sandbox)
    }
}

/// Reads to the end or the first fault.
pub(crate) fn read_all(bytes: &[u8], reader: &dyn Read, sandbox: &formats::Sandbox) -> Reading {
    let mut reading = Reading { columns: Vec::new(), rows: Vec::new(), fault: None };
    let mut rows = match reader.open(&bytes.to_vec(), sandbox) {
        Ok(rows) => rows,
        Err(fault) => {
            reading.fault = Some(fault);
            return reading;
        }
    };
    let mut row = RawRow::default();
    let mut columns = Vec::new();
    loop {
        match rows.next_row(&mut row) {
            Ok(true) => reading.rows.push(kept(&row)),
            Ok(false) => break,
            Err(fault) => {
                reading.fault = Some(fault);
                break;
            }
        }
        let names = rows.columns().names();
        assert!(names.starts_with(&columns), "columns were taken away or moved while the rows were read");
        columns = names.to_vec();
        assert!(reading.rows.len() < MOST_ROWS, "the rows do not come to an end");
    }
    let mut again = RawRow::default();
    if reading.fault.is_none() {
        assert_eq!(rows.next_row(&mut again), Ok(false), "after the end there is still the end");
    }
    reading.columns = rows.columns().names().to_vec();
    reading
}

fn kept(row: &RawRow) -> ReadRow {
    ReadRow {
        number: row.place.row,
        values: row.values().map(|(column, value)| (column, value.to_owned())).collect(),
        problems: row.problems.iter().map(|p| format!("{} {} {}", p.code.as_str(), p.column, p.hint)).collect(),
    }
}
