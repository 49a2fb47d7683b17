//! One field, with the columns of a file that it reads.

use std::borrow::Cow;
use std::sync::Arc;

use schema::{Columns, Problem, ProblemCode, RawRow};

use super::cell::Cell;
use crate::codes::fold;
use crate::file::{Field, Test, Unknown};

/// A field ready for a file.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    pub(super) field: Arc<Field>,
    columns: Vec<usize>,
    when: Vec<Vec<usize>>,
}

impl Ready {
    pub(super) fn new(field: &Field, columns: &Columns) -> Ready {
        let found = |headings: &[String]| -> Vec<usize> {
            let mut at: Vec<usize> = Vec::new();
            for column in headings.iter().filter_map(|h| columns.find(h)) {
                if !at.contains(&column) {
                    at.push(column);
                }
            }
            at
        };
        let mut at = found(&field.from);
        if field.is_source_id() {
            if field.join.is_some() {
                // An id made of several columns is none without all of them.
                if at.len() < field.from.len() {
                    at.clear();
                }
            } else {
                // Of several names for the id the file's first is taken for all rows, so that two kinds of number never mix.
                at.truncate(1);
            }
        }
        Ready { columns: at, when: field.when.iter().map(|c| found(&c.column)).collect(), field: Arc::new(field.clone()) }
    }

    pub(super) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// All columns it looks at, conditions included.
    pub(super) fn all_columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().chain(self.when.iter().flatten()).copied()
    }

    /// Whether the file has none of its headings.
    pub(super) fn is_missing(&self) -> bool {
        self.columns.is_empty() && !self.field.from.is_empty()
    }

    /// Whether it can never give a value.
    pub(super) fn is_idle(&self) -> bool {
        self.columns.is_empty() && self.field.default.is_none()
    }

    /// Whether all its conditions hold.
    pub(super) fn holds(&self, row: &RawRow) -> bool {
        self.field.when.iter().zip(&self.when).all(|(condition, columns)| {
            let value = first_value(row, columns).map(|(_, v)| v);
            match &condition.test {
                Test::Filled(filled) => value.is_some() == *filled,
                Test::Is(wanted) => value.is_some_and(|v| wanted.contains(&fold(v))),
                Test::Not(unwanted) => value.is_none_or(|v| !unwanted.contains(&fold(v))),
            }
        })
    }

    /// The value as the row has it, white space around it gone, and the column it is from: the first of the
    /// alternatives that has one, or all of them joined.
    pub(super) fn raw<'r>(&self, row: &'r RawRow) -> Option<(usize, Cow<'r, str>)> {
        let Some(join) = &self.field.join else {
            let (column, value) = first_value(row, &self.columns)?;
            // A database's "no value" that an export wrote out; as a name it may be somebody's.
            if value == "NULL" && !self.field.to.is_name() {
                return None;
            }
            return Some((column, Cow::Borrowed(value)));
        };
        let mut text = String::new();
        let mut from = None;
        for column in &self.columns {
            match value_of(row, *column) {
                Some(value) => {
                    if from.is_some() {
                        text.push_str(join);
                    }
                    text.push_str(value);
                    from.get_or_insert(*column);
                }
                None if self.field.is_source_id() => return None,
                None => {}
            }
        }
        from.map(|column| (column, Cow::Owned(text)))
    }

    /// The text that is to be read as the target's kind: the raw value through split, pad and table, or the default.
    pub(super) fn text<'a>(&'a self, cell: &Cell<'a>, problems: &mut Vec<Problem>) -> Option<Cow<'a, str>> {
        let default = || self.field.default.as_deref().map(Cow::Borrowed);
        if cell.raw.is_empty() {
            return default();
        }
        let text = self.stepped(cell.raw);
        if text.is_empty() {
            return default();
        }
        let Some(table) = &self.field.table else { return Some(text) };
        match (table.find(&text), self.field.unknown) {
            (Some(""), _) | (None, Unknown::Drop) => default(),
            (Some(meaning), _) => Some(Cow::Owned(meaning.to_owned())),
            (None, Unknown::Keep) => Some(text),
            (None, Unknown::Report) => {
                cell.fault(
                    problems,
                    ProblemCode::UnknownCode,
                    "the mapping's table does not have this value: correct it, or tell the council what it means",
                );
                default()
            }
        }
    }

    /// Split and pad.
    pub(super) fn stepped<'a>(&self, raw: &'a str) -> Cow<'a, str> {
        let mut text = raw;
        if let Some(split) = &self.field.split {
            let count = text.split(split.at.as_str()).count() as i64;
            let at = if split.part > 0 { split.part - 1 } else { count + split.part };
            text = usize::try_from(at).ok().and_then(|at| text.split(split.at.as_str()).nth(at)).map_or("", str::trim);
        }
        match self.field.pad {
            Some(width) if !text.is_empty() && text.len() < width && text.bytes().all(|c| c.is_ascii_digit()) => {
                Cow::Owned(format!("{text:0>width$}"))
            }
            _ => Cow::Borrowed(text),
        }
    }
}

fn first_value<'r>(row: &'r RawRow, columns: &[usize]) -> Option<(usize, &'r str)> {
    columns.iter().find_map(|c| value_of(row, *c).map(|v| (*c, v)))
}

/// A value without the white space around it; `None` where it is absent or blank.
pub(super) fn value_of(row: &RawRow, column: usize) -> Option<&str> {
    row.get(column).map(str::trim).filter(|v| !v.is_empty())
}
