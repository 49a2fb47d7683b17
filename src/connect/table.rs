//! The reader that most connectors need: a file of one of the kinds that the system writes, found by its content.

use formats::{Kind, Sandbox};
use schema::Rows;
use schema::raw::{Bytes, ReadFault};

use crate::trailer::Trailed;

/// Opens a file if it is of one of `kinds`; a trailing line with the count of rows is checked and taken off.
/// `otherwise` says what to do with a file of another kind.
///
/// # Errors
/// The bytes are of no known kind, of another kind than this system writes, or cannot be read.
pub fn open(bytes: &dyn Bytes, sandbox: &Sandbox, kinds: &[Kind], otherwise: &str) -> Result<Box<dyn Rows + Send>, ReadFault> {
    let kind = formats::sniff(bytes)?;
    if !kinds.contains(&kind) {
        return Err(ReadFault::new(format!("this is {}", described(kind)), None, otherwise));
    }
    let rows = formats::open(bytes, sandbox)?;
    // Only text files carry a trailing line; in a report or a workbook such a row would be somebody's data.
    Ok(if kind == Kind::Csv { Box::new(Trailed::new(rows)) } else { rows })
}

fn described(kind: Kind) -> &'static str {
    match kind {
        Kind::Csv => "a table as text (CSV)",
        Kind::Xlsx => "an Excel workbook",
        Kind::SuperStar => "a SIMS report in XML",
        Kind::Json => "JSON, not a table",
    }
}
