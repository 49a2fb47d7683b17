//! Housing: changes of address, told by the housing team or its system.
//!
//! | mapping | what it is |
//! | --- | --- |
//! | `housing/address-changes` | a change with its people, as JSON (a list of objects, or an object a line) or as CSV or workbook (a row per person) |
//! | `housing/contact-details` | the event of a changed contact detail (`eventType`, `eventData` with `oldData` and `newData`), as JSON |
//!
//! A change names the people who moved, or nobody: then it was whoever lived at the old address. An object is one row of
//! the ledger, however many people it names.
//!
//! ```json
//! {"reference": "H-20261124-0007", "moved_on": "2026-11-20", "kind": "move",
//!  "from": {"uprn": "100060000001", "lines": ["12 Test Road"], "town": "Southampton", "postcode": "SO14 0AA"},
//!  "to": {"uprn": "100060000002", "lines": ["3 Other Street"], "town": "Southampton", "postcode": "SO16 4BB"},
//!  "people": [{"forename": "Ada", "surname": "Example", "dob": "2015-02-01"}], "protected": false}
//! ```
//!
//! `kind` is `move`, `temporary-accommodation` or `left-area`. The CSV has the columns `reference, moved_on, kind, from_uprn,
//! from_address, from_postcode, to_uprn, to_address, to_town, to_postcode, forename, surname, dob, protected`.
//!
//! Files of housing speak of children whom other systems name, so a night takes them after all others.
//!
//! ```toml
//! [[source]]
//! id = "housing"              # also the folder: drop/housing/
//! connector = "housing"
//! ```

mod read;
#[cfg(test)]
mod tests;

use connect::{Connector, Direction, Fixture};

pub use read::Housing;

const FIXTURES: &[Fixture] = &[
    Fixture { name: "changes.json", about: "changes as a list of objects", bytes: include_bytes!("fixtures/changes.json"), rows: 4 },
    Fixture { name: "changes.jsonl", about: "changes, an object a line", bytes: include_bytes!("fixtures/changes.jsonl"), rows: 3 },
    Fixture { name: "changes.csv", about: "changes as a table, a row per person", bytes: include_bytes!("fixtures/changes.csv"), rows: 4 },
    Fixture { name: "events.jsonl", about: "events of changed contact details", bytes: include_bytes!("fixtures/events.jsonl"), rows: 4 },
    Fixture { name: "event.json", about: "one event alone", bytes: include_bytes!("fixtures/event.json"), rows: 1 },
];

/// The connector.
pub fn connector() -> Connector {
    Connector {
        name: "housing",
        about: "Housing: changes of address, placements in temporary accommodation and moves out of the area, as JSON, CSV or XLSX.",
        direction: &[Direction::In],
        transports: &["folder", "file"],
        config_keys: &[
            ("id", "the housing system; also the name of its drop folder"),
            ("mapping", "which kind of file it sends, such as housing/address-changes; without it, the one whose headings fit"),
        ],
        last: true,
        reader: Some(Box::new(Housing)),
        fixtures: FIXTURES,
    }
}
