//! What a file is read into, before anybody knows what its columns mean: rows of named values with their place.
//!
//! A [`RawRow`] is reused from row to row (one text buffer, one slot per column), so that reading a file of any size
//! neither grows nor allocates per row.

use std::collections::HashMap;
use std::io::Read;

use crate::problem::Problem;

/// Where a row stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Running number of the row among all rows of the payload, from 1; header and blank lines do not count. Parts of one row
    /// (the people in one object) bear the same number and are one row of the ledger.
    pub row: u64,
    /// Where a person finds it: the physical line of a text file, the row number of a sheet; 0 where there is none.
    pub line: u64,
    /// The sheet of a workbook, if the file has sheets.
    pub sheet: Option<String>,
}

/// The columns of a file, as found: headings as they stand, and looked up by [`fold_heading`].
/// Formats that leave empty columns out (SIMS XML) add columns while they are read; an index, once given, stays.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    names: Vec<String>,
    by_heading: HashMap<String, usize>,
}

impl Columns {
    /// Adds a column with the heading as it stands in the file; gives its index. A heading seen before gives the same index.
    pub fn add(&mut self, heading: &str) -> usize {
        let key = fold_heading(heading);
        if let Some(&at) = self.by_heading.get(&key) {
            return at;
        }
        self.push(heading, key)
    }

    /// Adds a column even if its heading stands there already (a CSV with two columns of one name): the first keeps the name.
    pub fn add_distinct(&mut self, heading: &str) -> usize {
        let mut key = fold_heading(heading);
        let mut n = 2;
        while self.by_heading.contains_key(&key) {
            key = format!("{}#{n}", fold_heading(heading));
            n += 1;
        }
        self.push(heading, key)
    }

    fn push(&mut self, heading: &str, key: String) -> usize {
        let at = self.names.len();
        self.names.push(heading.trim().to_owned());
        self.by_heading.insert(key, at);
        at
    }

    /// The index of the column with that heading; case, spaces and punctuation do not matter.
    pub fn find(&self, heading: &str) -> Option<usize> {
        self.by_heading.get(&fold_heading(heading)).copied()
    }

    /// The heading of a column as it stands in the file.
    pub fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// All headings, in the order of the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many columns are known so far.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether no column is known yet.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// A heading reduced to what matters: `Legal_Surname`, `legal surname` and `LegalSurname` are one.
/// Letters and digits, lower case; `_xHHHH_` escapes of SIMS are undone by the reader before.
pub fn fold_heading(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const ABSENT: (u32, u32) = (u32::MAX, u32::MAX);

/// One row: values by column index, each a text as it stands in the file. Holds personal data: `Debug` shows only the place.
#[derive(Clone, Default)]
pub struct RawRow {
    /// Where the row stands.
    pub place: Place,
    /// Faults that the reader itself saw (a ragged row, a value cut at the limit).
    pub problems: Vec<Problem>,
    text: String,
    slots: Vec<(u32, u32)>,
}

impl std::fmt::Debug for RawRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawRow").field("place", &self.place).finish_non_exhaustive()
    }
}

impl RawRow {
    /// Empties the row for the next one, keeping its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.slots.clear();
        self.problems.clear();
    }

    /// Sets a value. A second value of the same column replaces the first.
    pub fn set(&mut self, column: usize, value: &str) {
        if self.slots.len() <= column {
            self.slots.resize(column + 1, ABSENT);
        }
        // Rows are bounded by the readers' limits (16 MiB), far below u32.
        let start = self.text.len() as u32;
        self.text.push_str(value);
        self.slots[column] = (start, self.text.len() as u32);
    }

    /// Sets the first columns at once: `text` holds their values, each at its range of bytes. The row must be empty.
    /// Much faster than [`RawRow::set`] for each: the text is copied once, with what stands between the values.
    pub fn set_first(&mut self, text: &str, values: impl Iterator<Item = std::ops::Range<usize>>) {
        self.text.push_str(text);
        self.slots.extend(values.map(|value| (value.start as u32, value.end as u32)));
    }

    /// The value of a column, as it stands; `None` where the row has no such column.
    pub fn get(&self, column: usize) -> Option<&str> {
        match self.slots.get(column) {
            Some(&(start, end)) if start != u32::MAX => self.text.get(start as usize..end as usize),
            _ => None,
        }
    }

    /// All values that are there, with their column.
    pub fn values(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.slots.len()).filter_map(|c| self.get(c).map(|v| (c, v)))
    }

    /// Whether every value is empty or blank.
    pub fn is_blank(&self) -> bool {
        self.values().all(|(_, value)| value.trim().is_empty())
    }
}

/// A file that cannot be read further, in words for the person who sent it. Rows already read stay read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}: {hint}", self.where_text())]
pub struct ReadFault {
    /// What is wrong: "the XML breaks off in the middle of a record".
    pub what: String,
    /// Line of the file, or row of the sheet, where known.
    pub line: Option<u64>,
    /// What to do: "export the report again and send the whole file".
    pub hint: String,
    /// Whether the fault is the machine's (disk, permission, a reader that could not be started), not the file's.
    pub ours: bool,
}

impl ReadFault {
    /// A fault of the file.
    pub fn new(what: impl Into<String>, line: Option<u64>, hint: impl Into<String>) -> Self {
        ReadFault { what: what.into(), line, hint: hint.into(), ours: false }
    }

    /// A fault of the machine while reading.
    pub fn ours(what: impl Into<String>, hint: impl Into<String>) -> Self {
        ReadFault { what: what.into(), line: None, hint: hint.into(), ours: true }
    }

    fn where_text(&self) -> String {
        self.line.map_or_else(String::new, |line| format!(" (line {line})"))
    }
}

/// A file being read, row by row.
pub trait Rows {
    /// The columns found so far. May grow while rows are read; never shrinks or reorders.
    fn columns(&self) -> &Columns;

    /// Reads the next row into `row` (cleared first). `Ok(false)` at the end.
    ///
    /// # Errors
    /// The file cannot be read further; the rows before are good.
    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault>;
}

/// Bytes that can be read from the start as often as needed: a landed payload, a file, a test's text.
pub trait Bytes: Send + Sync {
    /// A fresh reader at the first byte.
    ///
    /// # Errors
    /// The bytes cannot be opened.
    fn open(&self) -> std::io::Result<Box<dyn Read + Send>>;

    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Bytes for Vec<u8> {
    fn open(&self) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(std::io::Cursor::new(self.clone())))
    }
    fn len(&self) -> u64 {
        Vec::len(self) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_whatever_their_case_and_spaces() {
        let mut columns = Columns::default();
        columns.add("Legal Surname");
        columns.add("DOB ");
        assert_eq!(columns.find("legal_surname"), Some(0));
        assert_eq!(columns.find("LEGALSURNAME"), Some(0));
        assert_eq!(columns.find("d.o.b."), Some(1));
        assert_eq!(columns.find("surname"), None);
    }

    #[test]
    fn a_row_gives_back_what_was_set() {
        let mut row = RawRow::default();
        row.set(2, "Ada");
        row.set(0, "");
        assert_eq!((row.get(0), row.get(1), row.get(2), row.get(9)), (Some(""), None, Some("Ada"), None));
        row.set(2, "Bea");
        assert_eq!(row.get(2), Some("Bea"));
        row.clear();
        assert_eq!(row.get(2), None);
        assert!(row.is_blank());
    }

    #[test]
    fn values_set_at_once_are_as_if_set_one_by_one() {
        let mut row = RawRow::default();
        row.set_first("Ada,,Zoë", [0..3, 4..4, 5..9].into_iter());
        assert_eq!((row.get(0), row.get(1), row.get(2), row.get(3)), (Some("Ada"), Some(""), Some("Zoë"), None));
        row.set(3, "x");
        assert_eq!((row.get(2), row.get(3)), (Some("Zoë"), Some("x")));
        row.clear();
        row.set_first(",", [0..0, 1..1].into_iter());
        assert!(row.is_blank());
    }
}
