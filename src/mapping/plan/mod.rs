//! A mapping made ready for the headings of one file: every column found, every step compiled, nothing looked up per row.

mod cell;
mod digest;
mod event;
mod key;
mod merge;
mod open;
mod person;
mod place;
mod ready;
mod service;

use std::borrow::Cow;

use chrono::NaiveDate;
use schema::{Columns, Laestab, Problem, ProblemCode, RawRow, Record};

use crate::Mapping;
use crate::target::{CONTACTS, Target};
use cell::Cell;
use digest::Digester;
use key::Key;
use open::Opens;
use ready::Ready;

/// A mapping ready for the headings of one file. Made again by the caller when a file's columns have grown.
#[derive(Debug, Clone)]
pub struct Plan {
    headings: Vec<String>,
    school: Option<Laestab>,
    /// Each record is a registration at the source's school, even if no column of one has a value.
    registers: bool,
    /// Each record must say its school: the file is a roll.
    needs_school: bool,
    /// Rows speak of who lives at an address: of nobody of them must it be said who it is.
    household: bool,
    fields: Vec<Ready>,
    key: Key,
    digester: Digester,
    as_of: Option<Ready>,
    unused: Vec<String>,
    missing: Vec<String>,
}

impl Plan {
    pub(crate) fn new(mapping: &Mapping, columns: &Columns, school: Option<Laestab>) -> Plan {
        let mut fields: Vec<Ready> = mapping.fields.iter().map(|field| Ready::new(field, columns)).collect();
        let digester = Digester::new(mapping, columns, school);
        let key = Key::new(mapping, columns);
        let as_of = mapping.as_of_column.as_ref().map(|field| Ready::new(field, columns));
        let missing = fields.iter().filter(|f| f.is_missing()).filter_map(|f| f.field.from.first().cloned()).collect();
        let used = fields.iter().chain(&as_of).flat_map(Ready::all_columns).chain(key.columns()).collect::<Vec<_>>();
        let is_used =
            |at: usize, name: &String| used.contains(&at) || mapping.ignore.iter().any(|h| columns.find(h) == Some(at)) || name.is_empty();
        let unused = columns.names().iter().enumerate().filter(|(at, name)| !is_used(*at, name)).map(|(_, name)| name.clone()).collect();
        let has = |wanted: fn(Target) -> bool| mapping.fields.iter().any(|f| wanted(f.to));
        let registers = mapping.roll || has(|to| matches!(to, Target::Enrolment(_)));
        fields.retain(|f| !f.is_idle());
        // Address lines are filled in their order, whatever their order in the mapping.
        fields.sort_by_key(|f| f.field.to.line());
        Plan {
            headings: columns.names().to_vec(),
            school,
            registers,
            needs_school: mapping.roll,
            household: mapping.household,
            fields,
            key,
            digester,
            as_of,
            unused,
            missing,
        }
    }

    /// For how many columns the plan was made.
    pub fn columns(&self) -> usize {
        self.headings.len()
    }

    /// The key of the row's record in its source; rows of one key are one record. `None` where the row has none: the
    /// caller then keys by name and birth date.
    pub fn key<'r>(&self, row: &'r RawRow) -> Option<Cow<'r, str>> {
        self.key.of(row)
    }

    /// A digest of all that the mapping makes of the row: the mapping's version, the school, and the values of the used
    /// columns, white space around them aside. Neither other columns nor their order change it.
    pub fn digest(&self, row: &RawRow) -> [u8; 16] {
        self.digester.of(row)
    }

    /// Fills the record with what the row says; the faults that the row's reader saw are the caller's to add. On a
    /// record that is filled already (a further row of it), parts of which there may be several are added where they
    /// differ; a single value that differs stays as it was and is reported ([`ProblemCode::RowsDisagree`]).
    pub fn map(&self, row: &RawRow, record: &mut Record) {
        if *record == Record::default() {
            self.fill(row, record);
        } else {
            let mut further = Record::default();
            self.fill(row, &mut further);
            merge::further(record, further);
        }
    }

    fn fill(&self, row: &RawRow, record: &mut Record) {
        let mut contacts = [None; CONTACTS as usize];
        for ready in &self.fields {
            if !ready.holds(row) {
                continue;
            }
            let raw = ready.raw(row);
            let (heading, raw) = match &raw {
                Some((column, raw)) => (self.headings.get(*column).map_or("", String::as_str), &**raw),
                None => ("", ""),
            };
            let cell = Cell { field: &ready.field, heading, raw };
            if let Some(text) = ready.text(&cell, &mut record.problems) {
                put(record, &mut contacts, &cell, &text);
            }
        }
        if let (Some(school), true) = (self.school, self.registers) {
            record.enrolments.open().school.get_or_insert(school);
        }
        person::finish(record);
    }

    /// Why the record must wait for a person, if it must: it cannot be said who it is about, or which school. Never of a
    /// household's row: who moved is worked out from the address.
    pub fn unidentified(&self, record: &Record) -> Option<Problem> {
        if self.household {
            return None;
        }
        if !record.says_who() {
            return Some(Problem::of_row(
                ProblemCode::WhoIsThis,
                "give the child's number in your system, or forename, surname and date of birth",
            ));
        }
        // A registration at a school that cannot be named is no use anywhere; a roll must give one.
        let no_school = record.enrolments.iter().any(|e| e.school.is_none());
        (no_school || self.needs_school && record.enrolments.is_empty())
            .then(|| Problem::of_row(ProblemCode::WhichSchool, "give the school's seven-digit number (LAESTAB)"))
    }

    /// The day of which the row speaks, where the mapping names a column for it.
    pub fn as_of(&self, row: &RawRow) -> Option<NaiveDate> {
        let ready = self.as_of.as_ref()?;
        let (_, raw) = ready.raw(row)?;
        crate::steps::date::read(&raw, &ready.field.formats).ok()
    }

    /// The headings of the file that nothing uses, as they stand; those the mapping ignores by name are left out.
    pub fn unused(&self) -> Vec<String> {
        self.unused.clone()
    }

    /// What the mapping would use and the file does not have: the first name of each.
    pub fn missing(&self) -> Vec<String> {
        self.missing.clone()
    }

    /// Which column (as its heading stands in the file) fills which field of the schema.
    pub fn provenance(&self) -> Vec<(String, String)> {
        let pairs = self
            .fields
            .iter()
            .flat_map(|f| f.columns().iter().map(|c| (f.field.path.clone(), self.headings.get(*c).cloned().unwrap_or_default())));
        pairs.collect()
    }
}

fn put(record: &mut Record, contacts: &mut [Option<usize>], cell: &Cell<'_>, text: &str) {
    let problems = &mut record.problems;
    match cell.field.to {
        Target::Person(part) => person::put(record, part, cell, text),
        Target::Name(part) => person::name(&mut record.name, problems, part, cell, text),
        Target::PreferredName(part) => person::name(record.preferred_name.get_or_insert_default(), problems, part, cell, text),
        Target::FormerName(part) => person::name(record.former_names.open(), problems, part, cell, text),
        Target::Address(part) => place::address(&mut record.addresses, problems, part, cell, text),
        Target::Contact(n, part) => {
            if let Some(place) = contacts.get_mut(usize::from(n).saturating_sub(1)) {
                person::contact(&mut open::ContactPlace { contacts: &mut record.contacts, place }, problems, part, cell, text);
            }
        }
        Target::Enrolment(part) => place::enrolment(&mut record.enrolments, problems, part, cell, text),
        Target::Service(part) => service::put(record, part, cell, text),
        Target::Event(part) => event::put(record, part, cell, text),
        Target::Change(part) => event::change(record, part, cell, text),
    }
}

#[cfg(test)]
mod tests;
