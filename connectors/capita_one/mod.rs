//! Capita ONE (now MRI ONE): the education database of the authority.
//!
//! ONE has no open interface for reading; what every authority has is **SQL Mail Merge**: a stored `SELECT` whose result is
//! exported as CSV, each night if the database team schedules it. The headings are those of the statement, one row per
//! child and base (ONE's word for a school), and with each further base the child's own columns stand there again.
//! Files may come in Windows-1252. `FamilyName` holds 30 characters and `GivenName` 15; longer names stand whole in the
//! long columns. ONE may write `-` for "no mark", which is not an absence.
//!
//! Which headings mean what stands in `mappings/capita-one/`. A workbook is read too, for those who saved the export as
//! one; the CSV as it was exported is better, since a spreadsheet may turn long numbers and dates into something else.
//!
//! ```toml
//! [[source]]
//! id = "one"                  # also the folder: drop/one/
//! connector = "capita-one"
//! complete = true             # the statement selects all children
//! max_age_days = 3
//! ```

mod read;
#[cfg(test)]
mod tests;

use connect::{Connector, Direction, Fixture};

pub use read::CapitaOne;

const FIXTURES: &[Fixture] = &[
    Fixture { name: "bases.csv", about: "one child with one base", bytes: include_bytes!("fixtures/bases.csv"), rows: 1 },
    Fixture {
        name: "bases-1252.csv",
        about: "a child with two bases, a child without one, a line break in a value, Windows-1252",
        bytes: include_bytes!("fixtures/bases-1252.csv"),
        rows: 3,
    },
];

/// The connector.
pub fn connector() -> Connector {
    Connector {
        name: "capita-one",
        about: "Capita ONE, the authority's education database: children, their bases and involvements as a mail-merge CSV.",
        direction: &[Direction::In],
        transports: &["folder", "file"],
        config_keys: &[
            ("id", "the installation; also the name of its drop folder"),
            ("mapping", "capita-one/children or one of your own; without it, the one whose headings fit"),
            ("complete", "true where the statement selects all children: who is no longer in it is gone from ONE"),
            ("max_age_days", "days after which the newest export no longer counts as news"),
        ],
        last: false,
        reader: Some(Box::new(CapitaOne)),
        fixtures: FIXTURES,
    }
}
