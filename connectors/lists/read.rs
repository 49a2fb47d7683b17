//! Lists to rows.

use connect::{Read, table};
use formats::{Kind, Sandbox};
use schema::Rows;
use schema::raw::{Bytes, ReadFault};

/// Reads a table with headings.
#[derive(Debug, Clone, Copy)]
pub struct Lists;

impl Read for Lists {
    fn open(&self, bytes: &dyn Bytes, sandbox: &Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault> {
        table::open(
            bytes,
            sandbox,
            &[Kind::Csv, Kind::Xlsx],
            "a list is CSV or XLSX; if this is a school's report, give it to that school's source",
        )
    }
}
