//! The limits every reader keeps, so that one file, however made, takes a known amount of memory.

use schema::raw::{RawRow, ReadFault};
use schema::{Problem, ProblemCode};

/// Longest value kept, in bytes of UTF-8 (1 MiB). A longer one is cut and carries [`ProblemCode::TooLong`].
pub const MAX_VALUE: usize = 1 << 20;
/// Longest row, in bytes of UTF-8 (16 MiB). A longer one ends the reading of the file.
pub const MAX_ROW: usize = 16 << 20;
/// Most columns of a file: the width of an Excel sheet.
pub const MAX_COLUMNS: usize = 16_384;
/// Largest workbook handed to the sandbox, in bytes (64 MiB).
pub const MAX_WORKBOOK: u64 = 64 << 20;

/// The start of a value, cut at a whole character at or below [`MAX_VALUE`].
pub(crate) fn cut(value: &str) -> &str {
    let mut end = value.len().min(MAX_VALUE);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}

/// The fault of a value that was cut.
pub(crate) fn too_long(column: &str) -> Problem {
    Problem {
        column: column.to_owned(),
        ..Problem::of_row(
            ProblemCode::TooLong,
            "the value is longer than 1 MiB and was cut: look whether a quote or a line break is missing",
        )
    }
}

/// The fault of a value with characters that are no text.
pub(crate) fn bad_encoding(column: &str, raw: &str) -> Problem {
    Problem {
        column: column.to_owned(),
        raw: cut(raw).to_owned(),
        ..Problem::of_row(ProblemCode::BadEncoding, "some characters could not be read: export the file again as UTF-8")
    }
}

/// Marks where a row stands.
pub(crate) fn place(row: &mut RawRow, number: u64, line: u64, sheet: Option<&str>) {
    row.place.row = number;
    row.place.line = line;
    if row.place.sheet.as_deref() != sheet {
        row.place.sheet = sheet.map(str::to_owned);
    }
}

/// The machine could not read the bytes. The system's own words are left out: they may hold a path.
pub(crate) fn unreadable(error: &std::io::Error) -> ReadFault {
    ReadFault::ours(
        format!("the file could not be read from disk ({})", error.kind()),
        "try again; if it stays, ask ICT to look at the disk",
    )
}

/// More columns than any table has.
pub(crate) fn too_wide(line: Option<u64>) -> ReadFault {
    ReadFault::new(
        format!("the file has more than {MAX_COLUMNS} columns"),
        line,
        "this is not a list of pupils: send the report's own export",
    )
}

/// A row without end.
pub(crate) fn row_too_long(line: u64) -> ReadFault {
    ReadFault::new(
        "a row is longer than 16 MiB",
        Some(line),
        "look at this line for a missing line break or quote, and export the file again",
    )
}
