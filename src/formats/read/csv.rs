//! CSV of any size: delimiter, encoding and line ends are found, rows come one by one in flat memory.
//!
//! A row is one physical row without header and blank lines; a line of delimiters only is a row (as for Python's `csv`).

use schema::raw::{Bytes, Columns, RawRow, ReadFault, Rows};
use schema::{Problem, ProblemCode};

use super::csv_scan::{Scan, Scanner};
use crate::encoding::is_no_text;
use crate::heading;
use crate::limit::{MAX_COLUMNS, MAX_ROW, MAX_VALUE, bad_encoding, cut, place, row_too_long, too_long, too_wide};
use crate::text::Text;

/// Delimiters that are looked for, the likelier first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// A CSV being read.
pub struct CsvRows {
    text: Text,
    scanner: Scanner,
    columns: Columns,
    delimiter: u8,
    suspect: bool,
    line: u64,
    row: u64,
    fault: Option<ReadFault>,
}

/// Opens a CSV and reads its header.
///
/// # Errors
/// The file has no header, or cannot be read at all.
pub fn open(bytes: &dyn Bytes) -> Result<CsvRows, ReadFault> {
    let (mut text, found) = Text::open(bytes)?;
    let mut line = 1;
    let delimiter = find_delimiter(&mut text, &mut line)?;
    let scanner = Scanner::new(delimiter);
    let mut rows = CsvRows { text, scanner, columns: Columns::default(), delimiter, suspect: found.suspect, line, row: 0, fault: None };
    rows.read_header()?;
    Ok(rows)
}

impl CsvRows {
    /// The delimiter that was found.
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    fn read_header(&mut self) -> Result<(), ReadFault> {
        let Some((used, lines)) = self.scan()? else {
            return Err(ReadFault::new(
                "the file is empty",
                None,
                "export it again: the report may have found nobody, or the transfer broke off",
            ));
        };
        let mut headings: Vec<String> =
            self.scanner.fields(self.text.rest()).map(|h| h.replace(is_no_text, "").trim().to_owned()).collect();
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        if headings.is_empty() {
            return Err(ReadFault::new(
                "the first line has no headings",
                Some(self.line),
                "export the list with its column headings in the first line",
            ));
        }
        if headings.len() > MAX_COLUMNS {
            return Err(too_wide(Some(self.line)));
        }
        self.columns = heading::columns(headings.iter().map(String::as_str));
        self.text.consume(used);
        self.line += lines;
        Ok(())
    }

    /// Scans up to the end of the next row that is not blank; `None` at the end of the file. Gives bytes and lines to step over.
    fn scan(&mut self) -> Result<Option<(usize, u64)>, ReadFault> {
        loop {
            let rest = self.text.rest();
            if rest.is_empty() {
                if !self.text.fill()? {
                    return Ok(None);
                }
                continue;
            }
            match self.scanner.scan(rest, self.text.ended()) {
                Scan::Row { used, .. } if used > MAX_ROW => return Err(row_too_long(self.line)),
                Scan::Row { used, lines } => {
                    if self.scanner.len() == 1 && is_blank(&rest[..used]) {
                        self.text.consume(used);
                        self.line += lines;
                        continue;
                    }
                    return Ok(Some((used, lines)));
                }
                Scan::More if rest.len() > MAX_ROW => return Err(row_too_long(self.line)),
                Scan::More => {
                    self.text.fill()?;
                }
                Scan::Unclosed { line } => {
                    return Err(ReadFault::new(
                        "a quote opens on this line and is never closed: the file breaks off, or a quote inside a value is not doubled",
                        Some(self.line + line),
                        "export the file again and send the whole of it, or correct the quotes on this line",
                    ));
                }
            }
        }
    }

    fn fill_row(&self, used: usize, row: &mut RawRow) {
        let text = self.text.rest();
        let width = self.columns.len();
        let found = self.scanner.len();
        let good = used <= MAX_VALUE && !(self.suspect && holds_no_text(&text[..used]));
        if good
            && found == width
            && let Some(values) = self.scanner.plain()
        {
            row.set_first(&text[..used], values);
            return;
        }
        for (index, value) in self.scanner.fields(text).take(width).enumerate() {
            if good {
                row.set(index, value);
            } else {
                set_checked(row, index, value, &self.columns);
            }
        }
        if found != width {
            let surplus = self.scanner.fields(text).skip(width);
            ragged(row, width, found, surplus, char::from(self.delimiter));
        }
    }

    fn advance(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        let Some((used, lines)) = self.scan()? else { return Ok(false) };
        self.row += 1;
        place(row, self.row, self.line, None);
        self.fill_row(used, row);
        self.text.consume(used);
        self.line += lines;
        Ok(true)
    }
}

impl Rows for CsvRows {
    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        row.clear();
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        self.advance(row).inspect_err(|fault| self.fault = Some(fault.clone()))
    }
}

fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || c == '\u{1A}')
}

fn holds_no_text(row: &str) -> bool {
    memchr::memchr(0, row.as_bytes()).is_some() || (!row.is_ascii() && row.contains(is_no_text))
}

/// Sets a value of a file whose encoding is in doubt, or one that is too long.
fn set_checked(row: &mut RawRow, index: usize, value: &str, columns: &Columns) {
    let kept = cut(value);
    if kept.len() < value.len() {
        row.problems.push(too_long(columns.name(index)));
    }
    if !kept.contains(is_no_text) {
        row.set(index, kept);
        return;
    }
    row.problems.push(bad_encoding(columns.name(index), kept));
    row.set(index, &kept.replace('\0', ""));
}

/// Empty values behind the last heading are no fault: spreadsheets write them.
fn ragged<'v>(row: &mut RawRow, width: usize, found: usize, surplus: impl Iterator<Item = &'v str>, delimiter: char) {
    let mut raw = String::new();
    let mut empty = true;
    for value in surplus {
        empty &= value.trim().is_empty();
        if raw.len() < MAX_VALUE {
            raw.push_str(cut(value));
            raw.push(delimiter);
        }
    }
    if found > width && empty {
        return;
    }
    raw.pop();
    let hint = if found > width {
        format!("the row has {found} values under {width} headings: look for a value that holds the delimiter without quotes")
    } else {
        format!("the row has {found} values under {width} headings: look for a line break inside a value, or a row that was cut off")
    };
    row.problems.push(Problem { raw, ..Problem::of_row(ProblemCode::RaggedRow, hint) });
}

/// Finds the delimiter from the header: the candidate that stands there most often outside quotes. A first line `sep=;`,
/// which Excel understands, is obeyed and stepped over.
fn find_delimiter(text: &mut Text, line: &mut u64) -> Result<u8, ReadFault> {
    loop {
        let rest = text.rest();
        let blank = rest.len() - rest.trim_start_matches(['\r', '\n', ' ']).len();
        let header_ends = memchr::memchr2(b'\n', b'\r', &rest.as_bytes()[blank..]).is_some();
        if header_ends || rest.len() > MAX_VALUE || !text.fill()? {
            break;
        }
    }
    let rest = text.rest();
    if let Some((used, delimiter)) = excel_hint(rest) {
        text.consume(used);
        *line += 1;
        return Ok(delimiter);
    }
    let mut counts = [0usize; DELIMITERS.len()];
    let mut in_quotes = false;
    for byte in rest.trim_start_matches(['\r', '\n', ' ']).bytes() {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' | b'\r' if !in_quotes => break,
            _ if in_quotes => {}
            _ => {
                if let Some(at) = DELIMITERS.iter().position(|d| *d == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    Ok(DELIMITERS.into_iter().zip(counts).find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| delimiter))
}

fn excel_hint(text: &str) -> Option<(usize, u8)> {
    let (line, _) = text.split_once('\n')?;
    let delimiter = line.trim_end_matches('\r').strip_prefix("sep=")?;
    match delimiter.as_bytes() {
        [one] if DELIMITERS.contains(one) => Some((line.len() + 1, *one)),
        _ => None,
    }
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
