//! A last line that says how many rows a file has, so that half a file is known as such.
//!
//! Two forms are known, in text files only, as the last line that is not blank:
//! `TRAILER,123` (the word in any case, then the number; the file's own separator; nothing behind), and
//! `#count=123` (also `# count: 123`). The number counts the rows of the table: without header, blank lines and the
//! trailer itself. The trailer is no row: it is not handed on and not counted.

use schema::Columns;
use schema::raw::{RawRow, ReadFault, Rows};

/// Rows without their trailer. If the file has one whose number does not fit, the end of the rows is a [`ReadFault`]
/// ("half a file"); the rows before are good.
pub struct Trailed {
    rows: Box<dyn Rows + Send>,
    /// What came behind a row that looked like a trailer and was none.
    ahead: Option<Result<RawRow, ReadFault>>,
    given: u64,
    ended: bool,
}

impl Trailed {
    /// Wraps a reader.
    pub fn new(rows: Box<dyn Rows + Send>) -> Trailed {
        Trailed { rows, ahead: None, given: 0, ended: false }
    }
}

impl Rows for Trailed {
    fn columns(&self) -> &Columns {
        self.rows.columns()
    }

    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        if self.ended {
            row.clear();
            return Ok(false);
        }
        match self.ahead.take() {
            Some(next) => *row = next?,
            None if self.rows.next_row(row)? => {}
            None => {
                self.ended = true;
                return Ok(false);
            }
        }
        if let Some(count) = count_of_row(row) {
            let mut next = RawRow::default();
            match self.rows.next_row(&mut next) {
                Ok(true) => self.ahead = Some(Ok(next)),
                Err(fault) => self.ahead = Some(Err(fault)),
                Ok(false) => {
                    self.ended = true;
                    let line = Some(row.place.line).filter(|line| *line > 0);
                    row.clear();
                    return if count == self.given { Ok(false) } else { Err(does_not_fit(count, self.given, line)) };
                }
            }
        }
        self.given += 1;
        Ok(true)
    }
}

fn does_not_fit(said: u64, found: u64, line: Option<u64>) -> ReadFault {
    ReadFault::new(
        format!("the last line says that the file has {said} rows, and it has {found}"),
        line,
        "part of the file is missing, or the count is wrong: export it again and send the whole file",
    )
}

/// The number of a row that is a trailer.
fn count_of_row(row: &RawRow) -> Option<u64> {
    let mut values = row.values().map(|(_, value)| value.trim()).filter(|value| !value.is_empty());
    let first = values.next()?;
    // Nearly every row of every file ends here: no allocation before this line.
    if !first.starts_with(['#', 'T', 't']) {
        return None;
    }
    let count = match (count_mark(first), values.next()) {
        (Some(count), None) => Some(count),
        (None, Some(number)) if first.eq_ignore_ascii_case("trailer") => number.parse().ok(),
        _ => None,
    };
    if values.next().is_none() { count } else { None }
}

/// `#count=123`.
fn count_mark(text: &str) -> Option<u64> {
    let rest = text.strip_prefix('#')?.trim_start();
    let rest = rest.get(..5).filter(|word| word.eq_ignore_ascii_case("count")).and_then(|_| rest.get(5..))?;
    rest.trim_start().strip_prefix(['=', ':'])?.trim().parse().ok()
}

/// Whether the last line of a text, given its last bytes, is a trailer.
pub(crate) fn ends_in_one(tail: &[u8]) -> bool {
    let text = String::from_utf8_lossy(tail);
    let Some(line) = text.lines().rev().find(|line| !line.trim().is_empty()) else { return false };
    let mut parts = line.split([',', ';', '\t', '|']).map(|part| part.trim().trim_matches('"')).filter(|part| !part.is_empty());
    let Some(first) = parts.next() else { return false };
    match parts.next() {
        None => count_mark(first).is_some(),
        Some(number) => first.eq_ignore_ascii_case("trailer") && number.parse::<u64>().is_ok() && parts.next().is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Lines {
        columns: Columns,
        lines: Vec<Vec<&'static str>>,
        at: usize,
    }

    impl Rows for Lines {
        fn columns(&self) -> &Columns {
            &self.columns
        }
        fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
            row.clear();
            let Some(values) = self.lines.get(self.at) else { return Ok(false) };
            if values == &["!"] {
                return Err(ReadFault::new("broken", None, "mend it"));
            }
            self.at += 1;
            row.place.line = self.at as u64 + 1;
            for (column, value) in values.iter().enumerate() {
                row.set(column, value);
            }
            Ok(true)
        }
    }

    fn read(lines: &[&[&'static str]]) -> (Vec<String>, Option<ReadFault>) {
        let mut rows =
            Trailed::new(Box::new(Lines { columns: Columns::default(), lines: lines.iter().map(|l| l.to_vec()).collect(), at: 0 }));
        let (mut row, mut seen) = (RawRow::default(), Vec::new());
        loop {
            match rows.next_row(&mut row) {
                Ok(true) => seen.push(row.get(0).unwrap().to_owned()),
                Ok(false) => return (seen, None),
                Err(fault) => return (seen, Some(fault)),
            }
        }
    }

    #[test]
    fn a_trailer_that_fits_is_no_row() {
        for last in [&["TRAILER", "2", ""][..], &["trailer", "2"], &["#count=2"], &["# Count: 2", ""]] {
            assert_eq!(read(&[&["1", "Ada"], &["2", "Bea"], last]), (vec!["1".into(), "2".into()], None), "{last:?}");
        }
        assert_eq!(read(&[&["TRAILER", "0"]]), (vec![], None));
    }

    #[test]
    fn a_trailer_that_does_not_fit_is_half_a_file() {
        let (rows, fault) = read(&[&["1", "Ada"], &["TRAILER", "2"]]);
        assert_eq!(rows, ["1"]);
        let fault = fault.unwrap();
        assert_eq!((fault.line, fault.ours), (Some(3), false));
        assert!(fault.to_string().contains("2 rows, and it has 1"), "{fault}");
    }

    #[test]
    fn a_trailer_in_the_middle_is_a_row_like_any_other() {
        let (rows, fault) = read(&[&["TRAILER", "2"], &["TRAILER", "9"], &["1", "Ada"], &["TRAILER", "3"]]);
        assert_eq!((rows.len(), fault), (3, None));
    }

    #[test]
    fn a_fault_behind_what_looks_like_a_trailer_costs_no_row() {
        let (rows, fault) = read(&[&["1", "Ada"], &["TRAILER", "9"], &["!"]]);
        assert_eq!((rows.len(), fault.unwrap().what.as_str()), (2, "broken"));
    }

    #[test]
    fn children_called_trailer_stay() {
        assert_eq!(read(&[&["Trailer", "Tom", "2015-01-01"]]).0.len(), 1);
        assert_eq!(read(&[&["Trailer", "Tom"]]).0.len(), 1);
        assert_eq!(read(&[&["#count=many"]]).0.len(), 1);
    }

    #[test]
    fn the_last_line_of_a_text_is_found() {
        for tail in ["x,y\r\nTRAILER,12\r\n\r\n", "\"TRAILER\";\"12\"", "1,2\n#count=3", "1\nTRAILER,3,,,\n"] {
            assert!(ends_in_one(tail.as_bytes()), "{tail}");
        }
        for tail in ["", "\n", "TRAILER,12\n1,2", "Trailer,Tom,2015", "trailer"] {
            assert!(!ends_in_one(tail.as_bytes()), "{tail}");
        }
    }
}
