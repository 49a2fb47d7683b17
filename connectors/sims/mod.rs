//! SIMS: the management information system of a school.
//!
//! SIMS hands out reports. A report is designed in SIMS, run by a person or every night by `CommandReporter.exe`, and
//! its columns bear the labels that its author gave them. Three forms of the same report are read:
//!
//! - **XML** (`CommandReporter.exe /USER:... /PASSWORD:... /REPORT:'Pupils' /QUIET > pupils.xml`): `<SuperStarReport>` with
//!   one `<Record>` per pupil. Blanks in labels are written `_x0020_`; empty columns are left out; a pupil stands in
//!   several records if a column has several values (contacts, addresses).
//! - **CSV** (`/OUTPUT:pupils.csv`): the labels are the headings.
//! - **XLSX**: the report through an Excel template.
//!
//! Each file is a whole report, not a change. Which labels mean what stands in `mappings/sims/`: `pupils` (the roll),
//! `leavers` and `joiners` (from one day to another).
//!
//! Set up one `[[source]]` per school:
//!
//! ```toml
//! [[source]]
//! id = "school-4001"          # also the folder: drop/school-4001/
//! connector = "sims"
//! laestab = "8524001"
//! complete = true             # the pupils report is the whole roll
//! max_age_days = 7
//! ```

mod read;
#[cfg(test)]
mod tests;

use connect::{Connector, Direction, Fixture};

pub use read::Sims;

const FIXTURES: &[Fixture] = &[
    Fixture { name: "leaver.xml", about: "one pupil who left, as XML", bytes: include_bytes!("fixtures/leaver.xml"), rows: 1 },
    Fixture {
        name: "pupils.xml",
        about: "a roll as XML: a pupil in two records, left-out columns, escaped labels, entities",
        bytes: include_bytes!("fixtures/pupils.xml"),
        rows: 5,
    },
    Fixture { name: "pupils.csv", about: "a roll as CSV", bytes: include_bytes!("fixtures/pupils.csv"), rows: 4 },
    Fixture {
        name: "leavers.csv",
        about: "leavers with ground and destination as CSV",
        bytes: include_bytes!("fixtures/leavers.csv"),
        rows: 3,
    },
    Fixture { name: "joiners.csv", about: "joiners as CSV", bytes: include_bytes!("fixtures/joiners.csv"), rows: 2 },
];

/// The connector.
pub fn connector() -> Connector {
    Connector {
        name: "sims",
        about: "SIMS, a school's management information system: reports of pupils, leavers and joiners as XML, CSV or XLSX.",
        direction: &[Direction::In],
        transports: &["folder", "file"],
        config_keys: &[
            ("id", "the installation, one per school; also the name of its drop folder"),
            ("laestab", "the school whose SIMS it is, seven digits; without it the file names must say it"),
            ("mapping", "sims/pupils, sims/leavers, sims/joiners or one of your own; without it, the one whose labels fit"),
            ("complete", "true where the pupils report holds the whole roll: who is no longer in it has left"),
            ("max_age_days", "days after which the newest report no longer counts as news"),
        ],
        last: false,
        reader: Some(Box::new(Sims)),
        fixtures: FIXTURES,
    }
}
