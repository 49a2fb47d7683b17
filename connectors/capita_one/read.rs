//! Mail-merge exports to rows.

use connect::{Read, table};
use formats::{Kind, Sandbox};
use schema::Rows;
use schema::raw::{Bytes, ReadFault};

/// Reads the export of a mail-merge statement.
#[derive(Debug, Clone, Copy)]
pub struct CapitaOne;

impl Read for CapitaOne {
    fn open(&self, bytes: &dyn Bytes, sandbox: &Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault> {
        table::open(
            bytes,
            sandbox,
            &[Kind::Csv, Kind::Xlsx],
            "ONE exports CSV; if this is a school's report, give it to that school's source",
        )
    }
}
