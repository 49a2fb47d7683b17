//! **formats**: files to raw rows, and rows to files.
//!
//! In: the bytes of one file ([`schema::raw::Bytes`]). Out: its rows with their place ([`schema::raw::Rows`]), or a
//! [`schema::raw::ReadFault`] that tells the sender what to do; and, the other way, files in the same forms ([`write`]).
//!
//! What a file is, is found from its content ([`sniff`]), never from its name. CSV, SIMS XML and JSON of any size are read in
//! flat memory; workbooks, whose library trusts sizes in the file, are read in a limited child process ([`sandbox`]).
//!
//! This room does not know which system a file is from, what its columns mean, or where it lies.

mod encoding;
mod heading;
mod limit;
pub mod read;
pub mod sandbox;
mod sniff;
mod text;
pub mod write;

use schema::raw::{Bytes, ReadFault, Rows};

pub use limit::{MAX_COLUMNS, MAX_ROW, MAX_VALUE, MAX_WORKBOOK};
pub use sandbox::Sandbox;
pub use sniff::sniff;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values with a delimiter between them, one row a line.
    Csv,
    /// An Excel workbook (`.xlsx`, `.xlsm`).
    Xlsx,
    /// A report of SIMS in XML, root element `SuperStarReport`.
    SuperStar,
    /// Objects of JSON: a list, one after the other (JSON lines), or one alone.
    Json,
}

/// Finds out what the file is and opens it for reading.
///
/// # Errors
/// The file is of no kind that can be read, or breaks before its first row.
pub fn open(bytes: &dyn Bytes, sandbox: &Sandbox) -> Result<Box<dyn Rows + Send>, ReadFault> {
    Ok(match sniff(bytes)? {
        Kind::Csv => Box::new(read::csv::open(bytes)?),
        Kind::Xlsx => Box::new(read::xlsx::open(bytes, sandbox)?),
        Kind::SuperStar => Box::new(read::superstar::open(bytes)?),
        Kind::Json => Box::new(read::json::open(bytes, None)?),
    })
}
