//! The key of a row: by it rows of one record come together, and the next file's record finds the last one.

use std::borrow::Cow;

use schema::{Columns, NhsNumber, RawRow, Uln, Upn};

use super::ready::{Ready, value_of};
use crate::Mapping;
use crate::file::{Field, ReadAs};
use crate::target::{PersonPart, Target};

/// How a key is made.
#[derive(Debug, Clone)]
pub(super) enum Key {
    /// The source id, as its field makes it.
    SourceId(Ready),
    /// Columns that the mapping names.
    Columns(Vec<Part>),
    /// The source has none.
    None,
}

/// One column of a key.
#[derive(Debug, Clone)]
pub(super) struct Part {
    column: Option<usize>,
    read_as: Option<ReadAs>,
    /// Without a value here the row has no key.
    needed: bool,
}

impl Key {
    pub(super) fn new(mapping: &Mapping, columns: &Columns) -> Key {
        let source_id = mapping.fields.iter().find(|f| f.is_source_id());
        if mapping.key.is_empty() {
            return source_id.map_or(Key::None, |field| Key::SourceId(Ready::new(field, columns)));
        }
        let of_source_id = |headings: &Vec<String>| source_id.is_some_and(|f| headings.iter().any(|h| is_one_of(h, &f.from)));
        let has_id = mapping.key.iter().any(of_source_id);
        let part = |(n, headings): (usize, &Vec<String>)| Part {
            column: headings.iter().find_map(|h| columns.find(h)),
            read_as: mapping.fields.iter().filter(|f| headings.iter().any(|h| is_one_of(h, &f.from))).find_map(identifier),
            needed: if has_id { of_source_id(headings) } else { n == 0 },
        };
        Key::Columns(mapping.key.iter().enumerate().map(part).collect())
    }

    pub(super) fn columns(&self) -> Vec<usize> {
        match self {
            Key::SourceId(ready) => ready.columns().to_vec(),
            Key::Columns(parts) => parts.iter().filter_map(|p| p.column).collect(),
            Key::None => Vec::new(),
        }
    }

    pub(super) fn of<'r>(&self, row: &'r RawRow) -> Option<Cow<'r, str>> {
        match self {
            Key::None => None,
            Key::SourceId(ready) => source_id(ready, row),
            Key::Columns(parts) => match parts.as_slice() {
                [only] => only.of(row),
                parts => joined(parts, row),
            },
        }
    }
}

/// The key column of a UPN, NHS number or ULN counts only if it is one: "unknown" must not make one child of many.
fn identifier(field: &Field) -> Option<ReadAs> {
    field.read_as.or(match field.to {
        Target::Person(PersonPart::Upn) => Some(ReadAs::Upn),
        Target::Person(PersonPart::NhsNumber) => Some(ReadAs::NhsNumber),
        Target::Person(PersonPart::Uln) => Some(ReadAs::Uln),
        _ => None,
    })
}

fn is_one_of(heading: &str, headings: &[String]) -> bool {
    let folded = schema::raw::fold_heading(heading);
    headings.iter().any(|h| schema::raw::fold_heading(h) == folded)
}

fn source_id<'r>(ready: &Ready, row: &'r RawRow) -> Option<Cow<'r, str>> {
    if !ready.holds(row) {
        return None;
    }
    let (_, raw) = ready.raw(row)?;
    let stepped = match raw {
        Cow::Borrowed(raw) => ready.stepped(raw),
        Cow::Owned(raw) => Cow::Owned(ready.stepped(&raw).into_owned()),
    };
    let text = match &ready.field.table {
        Some(table) => Cow::Owned(table.find(&stepped)?.to_owned()),
        None => stepped,
    };
    read(ready.field.read_as, text).filter(|text| !text.is_empty())
}

fn joined<'r>(parts: &[Part], row: &RawRow) -> Option<Cow<'r, str>> {
    let mut key = String::with_capacity(40);
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            key.push('|');
        }
        match part.of(row) {
            Some(value) => key.push_str(&value),
            None if part.needed => return None,
            None => {}
        }
    }
    Some(Cow::Owned(key))
}

impl Part {
    fn of<'r>(&self, row: &'r RawRow) -> Option<Cow<'r, str>> {
        read(self.read_as, Cow::Borrowed(value_of(row, self.column?)?))
    }
}

/// The identifier in its one form; a temporary UPN identifies nobody for long and is no key.
fn read(read_as: Option<ReadAs>, text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let Some(read_as) = read_as else { return Some(text) };
    let read = match read_as {
        ReadAs::Upn => Upn::parse(&text).ok().filter(|upn| !upn.is_temporary()).map(|v| v.to_string()),
        ReadAs::NhsNumber => NhsNumber::parse(&text).ok().map(|v| v.to_string()),
        ReadAs::Uln => Uln::parse(&text).ok().map(|v| v.to_string()),
    };
    read.map(Cow::Owned)
}
