//! Values as systems write them: dates, addresses.

use chrono::NaiveDate;

use crate::council::Council;
use crate::life::{Seen, Spot};

/// `21/01/2026`, as lists and most reports have it.
pub fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// The same, empty where there is none.
pub fn day_or_empty(date: Option<NaiveDate>) -> String {
    date.map(day).unwrap_or_default()
}

/// `2026-01-21`.
pub fn iso(date: NaiveDate) -> String {
    date.to_string()
}

/// The same, empty where there is none.
pub fn iso_or_empty(date: Option<NaiveDate>) -> String {
    date.map(iso).unwrap_or_default()
}

/// An address in the parts that systems keep.
#[derive(Debug, Default)]
pub struct Lines {
    /// House number.
    pub number: String,
    /// Street, or the words that stand in its place.
    pub street: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// Property number.
    pub uprn: String,
}

impl Lines {
    /// The parts of an address.
    pub fn of(council: &Council, seen: Seen) -> Lines {
        match seen.spot {
            Spot::Dwelling(dwelling) => {
                let (dwelling, street) = council.town.at(dwelling);
                Lines {
                    number: dwelling.number.to_string(),
                    street: street.name.clone(),
                    town: street.town.to_owned(),
                    postcode: street.postcode.clone(),
                    uprn: dwelling.uprn.to_string(),
                }
            }
            Spot::OtherSpelling(dwelling) => {
                let usual = Lines::of(council, Seen { spot: Spot::Dwelling(dwelling), ..seen });
                Lines {
                    number: String::new(),
                    street: format!("{}, {}", usual.number, shortened(&usual.street).to_uppercase()),
                    town: usual.town.to_uppercase(),
                    postcode: usual.postcode.replace(' ', "").to_lowercase(),
                    uprn: String::new(),
                }
            }
            Spot::NoAbode => Lines { street: "No fixed abode".into(), postcode: "ZZ99 3VZ".into(), ..Lines::default() },
            Spot::Unknown => Lines { street: "Unknown".into(), ..Lines::default() },
            Spot::Blank => Lines::default(),
        }
    }

    /// House number and street in one line.
    pub fn first(&self) -> String {
        if self.number.is_empty() { self.street.clone() } else { format!("{} {}", self.number, self.street) }
    }
}

/// A street with its last word as people shorten it.
fn shortened(street: &str) -> String {
    const SHORT: [(&str, &str); 10] = [
        ("Road", "Rd"),
        ("Street", "St."),
        ("Close", "Cl"),
        ("Avenue", "Ave"),
        ("Lane", "La"),
        ("Drive", "Dr"),
        ("Gardens", "Gdns"),
        ("Court", "Ct"),
        ("Terrace", "Terr"),
        ("Grove", "Gr"),
    ];
    let shorter = |(long, short): &(&str, &str)| street.strip_suffix(long).map(|name| format!("{name}{short}"));
    SHORT.iter().find_map(shorter).unwrap_or_else(|| street.to_owned())
}

/// `F` or `M`.
pub fn sex(girl: bool) -> String {
    if girl { "F" } else { "M" }.to_owned()
}
