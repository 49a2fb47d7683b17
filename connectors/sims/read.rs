//! SIMS reports to rows.

use connect::{Read, table};
use formats::{Kind, Sandbox};
use schema::Rows;
use schema::raw::{Bytes, ReadFault};

/// Reads a SIMS report, whichever of its three forms it has; the content tells which, not the name.
#[derive(Debug, Clone, Copy)]
pub struct Sims;

impl Read for Sims {
    fn open(&self, bytes: &dyn Bytes, sandbox: &Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault> {
        table::open(bytes, sandbox, &[Kind::SuperStar, Kind::Csv, Kind::Xlsx], "run the report in SIMS again as XML, CSV or XLSX")
    }
}
