//! Changes of address to rows: an object or a row for each person who is named.

use connect::{Read, table};
use formats::{Kind, Sandbox};
use schema::Rows;
use schema::raw::{Bytes, ReadFault};

/// The member that lists who moved: each of them is a row of its own.
const PEOPLE: &str = "people";

/// Reads JSON, or a table with headings.
#[derive(Debug, Clone, Copy)]
pub struct Housing;

impl Read for Housing {
    fn open(&self, bytes: &dyn Bytes, sandbox: &Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault> {
        if formats::sniff(bytes)? == Kind::Json {
            return Ok(Box::new(formats::read::json::open(bytes, Some(PEOPLE))?));
        }
        table::open(
            bytes,
            sandbox,
            &[Kind::Csv, Kind::Xlsx],
            "changes of address are JSON, CSV or XLSX; if this is a school's report, give it to that school's source",
        )
    }
}
