//! Excel workbooks: the first sheet that holds anything, its first row with values as header, read in the [`sandbox`](crate::sandbox).
//!
//! Values come as text: dates as `2015-02-01`, whole numbers without `.0`, truth values as `yes` and `no`. A cell with a
//! formula gives the value it last had, and the row says so.

use std::io::BufReader;
use std::process::ChildStdout;

use schema::raw::{Bytes, Columns, RawRow, ReadFault, Rows};

use crate::sandbox::{self, Sandbox, SheetRows};

/// A workbook being read by a child process, which ends with this value.
pub struct XlsxRows(SheetRows<BufReader<ChildStdout>>);

/// Starts the child and reads the header.
///
/// # Errors
/// The workbook is damaged, empty, locked, or too much for the sandbox; or the child could not be started.
pub fn open(bytes: &dyn Bytes, sandbox: &Sandbox) -> Result<XlsxRows, ReadFault> {
    sandbox::start(bytes, sandbox).map(XlsxRows)
}

impl Rows for XlsxRows {
    fn columns(&self) -> &Columns {
        self.0.columns()
    }

    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        self.0.next_row(row)
    }
}
