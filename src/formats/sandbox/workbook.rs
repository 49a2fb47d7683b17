//! The child's reading: the first sheet that holds anything, cell by cell, as text.

use std::fmt::Write as _;
use std::io::{self, Cursor};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use schema::raw::ReadFault;

use super::frame::{Cells, Mark, Writer};
use super::{too_big, zip_totals};
use crate::limit::{MAX_COLUMNS, MAX_ROW, MAX_WORKBOOK, cut, row_too_long};

/// Why the reading ends before its end.
pub(super) enum Stop {
    Fault(ReadFault),
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Output(error)
    }
}

impl From<ReadFault> for Stop {
    fn from(fault: ReadFault) -> Self {
        Stop::Fault(fault)
    }
}

type Book = Xlsx<Cursor<Vec<u8>>>;

/// Writes the rows of the first sheet that holds anything: sheets that people see first, hidden ones after them.
pub(super) fn read(bytes: Vec<u8>, out: &mut Writer) -> Result<(), Stop> {
    if bytes.len() as u64 > MAX_WORKBOOK {
        return Err(too_big("it is larger than 64 MiB").into());
    }
    zip_totals::check(&bytes)?;
    let mut book = Book::new(Cursor::new(bytes)).map_err(|e| damaged(&e, None))?;
    let mut sheets: Vec<_> = book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet).cloned().collect();
    sheets.sort_by_key(|s| s.visible != SheetVisible::Visible);
    for sheet in sheets {
        if read_sheet(&mut book, &sheet.name, out)? {
            return Ok(());
        }
    }
    Err(ReadFault::new("the workbook is empty", None, "look whether the right file was sent: no sheet of it holds anything").into())
}

/// Writes one sheet; `false` if it holds nothing.
fn read_sheet(book: &mut Book, name: &str, out: &mut Writer) -> Result<bool, Stop> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|e| damaged(&e, None))?;
    let mut sheet = Sheet { name, out, header: false, cells: Cells::default(), at: None, value: String::new() };
    loop {
        let record = match reader.next_cell_with_formula_metadata() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            // An error value newer than the library (#SPILL!): the reader can go on behind the cell.
            Err(XlsxError::CellError(_)) => {
                sheet.unknown_error()?;
                continue;
            }
            Err(error) => return Err(damaged(&error, sheet.at.map(|row| u64::from(row) + 1)).into()),
        };
        let (row, column) = record.pos;
        sheet.cell(row, column, &record.value, record.formula.is_some())?;
    }
    sheet.end_row()?;
    Ok(sheet.header)
}

struct Sheet<'s, 'w> {
    name: &'s str,
    out: &'s mut Writer<'w>,
    header: bool,
    cells: Cells,
    /// The row whose cells are being gathered, from 0.
    at: Option<u32>,
    value: String,
}

impl Sheet<'_, '_> {
    fn cell(&mut self, row: u32, column: u32, value: &DataRef, formula: bool) -> Result<(), Stop> {
        if self.at != Some(row) {
            self.end_row()?;
            self.at = Some(row);
        }
        if self.cells.len() >= MAX_COLUMNS || column as usize >= MAX_COLUMNS {
            return Err(crate::limit::too_wide(Some(u64::from(row) + 1)).into());
        }
        let mark = as_text(value, &mut self.value);
        let kept = cut(&self.value);
        let mark = match mark {
            _ if kept.len() < self.value.len() => Mark::Cut,
            Mark::Plain if formula => Mark::Formula,
            other => other,
        };
        if !(kept.is_empty() && mark == Mark::Plain) {
            self.cells.push(column, mark, kept);
        }
        if self.cells.bytes() > MAX_ROW {
            return Err(row_too_long(u64::from(row) + 1).into());
        }
        Ok(())
    }

    /// The reader does not say where the cell stood; the row is marked.
    fn unknown_error(&mut self) -> Result<(), Stop> {
        if self.cells.len() >= MAX_COLUMNS {
            return Err(crate::limit::too_wide(None).into());
        }
        self.cells.push(u32::MAX, Mark::Error, "");
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        if let Some(row) = self.at.filter(|_| !self.cells.is_blank()) {
            let line = row.saturating_add(1);
            if self.header {
                self.out.row(line, &self.cells)?;
            } else {
                self.out.sheet(cut_name(self.name))?;
                self.out.header(line, &self.cells)?;
                self.header = true;
            }
        }
        self.cells.clear();
        Ok(())
    }
}

/// Excel allows 31 characters; a file may hold more.
fn cut_name(name: &str) -> &str {
    name.char_indices().nth(100).map_or(name, |(at, _)| &name[..at])
}

/// A cell as the text a person reads, in forms that do not depend on the computer's settings.
fn as_text(value: &DataRef, out: &mut String) -> Mark {
    out.clear();
    match value {
        DataRef::Empty => {}
        DataRef::String(text) => out.push_str(text),
        DataRef::SharedString(text) => out.push_str(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => out.push_str(text),
        DataRef::Bool(yes) => out.push_str(if *yes { "yes" } else { "no" }),
        DataRef::Int(number) => {
            let _ = write!(out, "{number}");
        }
        DataRef::Float(number) => return number_text(*number, out),
        DataRef::DateTime(moment) => date_text(*moment, out),
        DataRef::Error(_) => return Mark::Error,
    }
    Mark::Plain
}

/// Whole numbers without point or exponent. Excel keeps 15 digits of a number: an identifier of 16 or more has lost its last ones.
fn number_text(number: f64, out: &mut String) -> Mark {
    let _ = write!(out, "{number}");
    if number.fract() == 0.0 && number.abs() >= 1e15 { Mark::LostDigits } else { Mark::Plain }
}

/// A date as `2015-02-01`, with its time only if it has one; a time of day or a duration as `08:30:00`.
fn date_text(moment: ExcelDateTime, out: &mut String) {
    let days = moment.as_f64();
    if !(0.0..2_958_466.0).contains(&days) {
        let _ = write!(out, "{days}");
        return;
    }
    if moment.is_duration() || days < 1.0 {
        let seconds = (days * 86_400.0).round() as u64;
        let _ = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return;
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) != (0, 0, 0) {
        let _ = write!(out, "T{hour:02}:{minute:02}:{second:02}");
    }
}

/// The library's own words may repeat what stands in a cell: they are not passed on.
fn damaged(error: &XlsxError, line: Option<u64>) -> ReadFault {
    match error {
        XlsxError::Password => {
            ReadFault::new("the workbook is locked with a password", line, "take the password off, or save the list as CSV")
        }
        _ => ReadFault::new("the workbook is damaged", line, "open it in Excel, save it again as .xlsx or CSV, and send that"),
    }
}
