//! Excel workbooks of one sheet. The sheet is held in memory until it is finished, so that no temporary file with
//! personal data is made: meant for what a school or an officer opens, not for a whole council.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

/// One cell.
#[derive(Clone, Copy)]
pub enum Cell<'v> {
    /// Nothing.
    Empty,
    /// Text, also where it looks like a number.
    Text(&'v str),
    /// A number.
    Number(f64),
    /// A calendar date, as a real date of Excel in the form dd/mm/yyyy.
    Date {
        /// Year, from 1900.
        year: u16,
        /// Month, from 1.
        month: u8,
        /// Day, from 1.
        day: u8,
    },
    /// A truth value.
    YesNo(bool),
    /// A formula with the result that was last worked out.
    Formula {
        /// As in Excel, with the leading `=`.
        formula: &'v str,
        /// What the cell shows.
        result: &'v str,
    },
}

/// Writes a workbook of one sheet.
pub struct Writer {
    workbook: Workbook,
    date: Format,
    row: u32,
}

impl Writer {
    /// Begins a workbook with one sheet and its header.
    ///
    /// # Errors
    /// The sheet's name is none that Excel allows, or there are too many columns.
    pub fn new<'h>(sheet: &str, header: impl IntoIterator<Item = &'h str>) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        // A fixed date, so that the same rows make the same file.
        let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(invalid)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        workbook.add_worksheet().set_name(sheet).map_err(invalid)?;
        let mut writer = Writer { workbook, date: Format::new().set_num_format("dd/mm/yyyy"), row: 0 };
        writer.row(header)?;
        Ok(writer)
    }

    /// Writes one row of text.
    ///
    /// # Errors
    /// The sheet is full, or a value is longer than a cell may be (32,767 characters).
    pub fn row<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) -> io::Result<()> {
        self.cells(values.into_iter().map(|v| if v.is_empty() { Cell::Empty } else { Cell::Text(v) }))
    }

    /// Writes one row of cells.
    ///
    /// # Errors
    /// The sheet is full, a value is longer than a cell may be, or a date is none.
    pub fn cells<'v>(&mut self, cells: impl IntoIterator<Item = Cell<'v>>) -> io::Result<()> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(invalid)?;
        for (column, cell) in cells.into_iter().enumerate() {
            let column = u16::try_from(column).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
            write_cell(sheet, (self.row, column), cell, &self.date).map_err(invalid)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Ends the workbook and writes it out.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish<W: Write>(mut self, mut out: W) -> io::Result<W> {
        let bytes = self.workbook.save_to_buffer().map_err(invalid)?;
        out.write_all(&bytes)?;
        out.flush()?;
        Ok(out)
    }
}

fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), cell: Cell, date: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, text)?,
        Cell::Number(number) => sheet.write_number(row, column, number)?,
        Cell::Date { year, month, day } => {
            sheet.write_datetime_with_format(row, column, &ExcelDateTime::from_ymd(year, month, day)?, date)?
        }
        Cell::YesNo(yes) => sheet.write_boolean(row, column, yes)?,
        Cell::Formula { formula, result } => sheet.write_formula(row, column, Formula::new(formula).set_result(result))?,
    };
    Ok(())
}

/// The library's own words may repeat a value of a cell: only the kind of fault goes on.
fn invalid(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        XlsxError::MaxStringLengthExceeded => io::Error::new(io::ErrorKind::InvalidInput, "a value is longer than a cell may be"),
        XlsxError::RowColumnLimitError => io::Error::new(io::ErrorKind::InvalidInput, "a sheet has no further rows or columns"),
        _ => io::Error::new(io::ErrorKind::InvalidInput, "the workbook could not be made"),
    }
}
