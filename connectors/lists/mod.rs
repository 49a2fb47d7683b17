//! Lists: tables that other services send in their own form, as CSV or workbook.
//!
//! | mapping | who sends it, and what it brings |
//! | --- | --- |
//! | `lists/health` | Child Health: children who moved in or are registered with services |
//! | `lists/ehe` | the register of elective home education, with notice and assessment |
//! | `lists/send` | SEND: statutory assessments, plans and placements, education otherwise than at school |
//! | `lists/independent` | independent schools: their rolls |
//! | `lists/cross-border` | neighbouring authorities: our residents on the rolls of their schools |
//! | `lists/offers` | Admissions: places offered in the year, with the answer and the start |
//!
//! Every such list is a source of its own with a name of its own, even if two come from one service. A list that is old
//! is never a "no": say in `max_age_days` how long it counts.
//!
//! ```toml
//! [[source]]
//! id = "health"               # also the folder: drop/health/
//! connector = "lists"
//! mapping = "lists/health"
//! complete = true             # each file is the whole list
//! max_age_days = 35
//! ```

mod read;
#[cfg(test)]
mod tests;

use connect::{Connector, Direction, Fixture};

pub use read::Lists;

const FIXTURES: &[Fixture] = &[
    Fixture { name: "health.csv", about: "children known to Child Health", bytes: include_bytes!("fixtures/health.csv"), rows: 3 },
    Fixture { name: "ehe.csv", about: "the register of elective home education", bytes: include_bytes!("fixtures/ehe.csv"), rows: 2 },
    Fixture {
        name: "send.csv",
        about: "plans and placements, separated by semicolons",
        bytes: include_bytes!("fixtures/send.csv"),
        rows: 2,
    },
    Fixture {
        name: "independent.csv",
        about: "the roll of an independent school",
        bytes: include_bytes!("fixtures/independent.csv"),
        rows: 2,
    },
    Fixture {
        name: "cross-border.csv",
        about: "our residents on rolls of neighbouring authorities",
        bytes: include_bytes!("fixtures/cross-border.csv"),
        rows: 3,
    },
    Fixture { name: "offers.csv", about: "places offered in the year", bytes: include_bytes!("fixtures/offers.csv"), rows: 2 },
];

/// The connector.
pub fn connector() -> Connector {
    Connector {
        name: "lists",
        about: "Lists of other services and authorities (health, home education, SEND, independent and neighbouring rolls, offers) as CSV or XLSX.",
        direction: &[Direction::In],
        transports: &["folder", "file"],
        config_keys: &[
            ("id", "the list; also the name of its drop folder"),
            ("mapping", "which list it is, such as lists/health; without it, the one whose headings fit"),
            ("laestab", "the school, where the list is one school's roll and has no column that names it"),
            ("complete", "true where each file is the whole list: who is no longer in it has left it"),
            ("max_age_days", "days after which the newest list no longer counts: an old list is never a no"),
        ],
        last: false,
        reader: Some(Box::new(Lists)),
        fixtures: FIXTURES,
    }
}
