//! The suite itself: each kind of bad connector is found out.

use std::sync::atomic::{AtomicUsize, Ordering};

use schema::raw::{Bytes, ReadFault};
use schema::{Columns, Rows};

use super::*;
use crate::{Fixture, Read};

/// A reader of a tiny format: `=` and lines of two values, ended by a line `.`; with one bad habit.
#[derive(Default)]
struct Tiny {
    habit: &'static str,
    opened: AtomicUsize,
}

struct TinyRows {
    columns: Columns,
    lines: Vec<String>,
    at: usize,
    habit: &'static str,
    opened: usize,
}

impl Read for Tiny {
    fn open(&self, bytes: &dyn Bytes, _: &formats::Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault> {
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut bytes.open().unwrap(), &mut text).unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        let Some(body) = text.strip_prefix('=') else {
            return Err(ReadFault::new("no tiny file", None, "send a tiny file"));
        };
        assert!(self.habit != "panics" || text.ends_with('.'), "slice out of range");
        let mut columns = Columns::default();
        columns.add("Surname");
        columns.add("Forename");
        let opened = self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(TinyRows { columns, lines: body.lines().map(str::to_owned).collect(), at: 0, habit: self.habit, opened }))
    }
}

impl Rows for TinyRows {
    fn columns(&self) -> &Columns {
        &self.columns
    }
    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        row.clear();
        let Some(line) = self.lines.get(self.at) else {
            let said = if self.habit == "tells names" { self.lines.first().cloned().unwrap_or_default() } else { String::new() };
            return Err(ReadFault::new(format!("half a file {said}"), None, "send it again"));
        };
        if line == "." {
            return Ok(false);
        }
        self.at += 1;
        row.place.row = if self.habit == "counts once" { 1 } else { self.at as u64 + u64::from(self.habit == "counts from two") };
        let again = if self.habit == "has a memory" { self.opened.to_string() } else { String::new() };
        let (surname, forename) = line.split_once(',').unwrap_or((line, ""));
        row.set(0, &format!("{surname}{again}"));
        row.set(1, forename);
        Ok(true)
    }
}

const FIXTURES: &[Fixture] = &[Fixture { name: "two.tiny", about: "two children", bytes: b"=Example,Ada\nSpecimen,Bea\n.", rows: 2 }];

fn connector(habit: &'static str) -> Connector {
    Connector {
        name: "lists",
        about: "A tiny system that stands for any other.",
        direction: &[Direction::In],
        transports: &["folder"],
        config_keys: &[("id", "the installation and its folder")],
        last: false,
        reader: Some(Box::new(Tiny { habit, ..Tiny::default() })),
        fixtures: FIXTURES,
    }
}

#[test]
fn a_good_connector_passes() {
    run(&connector(""));
}

#[test]
#[should_panic(expected = "names a value of the file")]
fn a_fault_that_names_a_child_is_found() {
    run(&connector("tells names"));
}

#[test]
#[should_panic(expected = "read a second time it gives other rows")]
fn a_reader_with_a_memory_is_found() {
    run(&connector("has a memory"));
}

#[test]
#[should_panic(expected = "numbered from 1")]
fn rows_that_are_numbered_otherwise_are_found() {
    run(&connector("counts from two"));
}

#[test]
#[should_panic(expected = "another number of rows")]
fn rows_that_all_bear_one_number_are_found() {
    run(&connector("counts once"));
}

#[test]
fn the_rows_of_one_object_bear_one_number() {
    const ONE: &[Fixture] = &[Fixture { rows: 1, ..FIXTURES[0] }];
    run(&Connector { fixtures: ONE, ..connector("counts once") });
}

#[test]
#[should_panic(expected = "slice out of range")]
fn a_reader_that_panics_is_found() {
    run(&connector("panics"));
}

/// Reads whatever is no tiny file as an empty one.
struct TakesAnything;

impl Read for TakesAnything {
    fn open(&self, bytes: &dyn Bytes, sandbox: &formats::Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault> {
        Tiny::default().open(bytes, sandbox).or_else(|_| Tiny::default().open(&b"=.".to_vec(), sandbox))
    }
}

#[test]
#[should_panic(expected = "is read as if it were a payload of this system")]
fn a_reader_that_takes_anything_is_found() {
    run(&Connector { reader: Some(Box::new(TakesAnything)), ..connector("") });
}

#[test]
#[should_panic(expected = "named as the contract names them")]
fn a_name_of_its_own_is_found() {
    run(&Connector { name: "tiny", ..connector("") });
}

#[test]
#[should_panic(expected = "is no key of a [[source]]")]
fn a_key_that_the_config_does_not_have_is_found() {
    run(&Connector { config_keys: &[("password", "the password of the account")], ..connector("") });
}

#[test]
#[should_panic(expected = "it has no fixtures")]
fn a_connector_without_fixtures_is_found() {
    run(&Connector { fixtures: &[], ..connector("") });
}

#[test]
#[should_panic(expected = "another number of rows")]
fn a_wrong_count_is_found() {
    const WRONG: &[Fixture] = &[Fixture { rows: 3, ..FIXTURES[0] }];
    run(&Connector { fixtures: WRONG, ..connector("") });
}
