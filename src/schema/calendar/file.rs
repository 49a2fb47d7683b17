//! The shape of a file in `calendar/`, one per school year:
//!
//! ```toml
//! bank_holidays = [2026-12-25, 2026-12-28]
//!
//! [[term]]
//! name = "Autumn 1"
//! from = 2026-09-03
//! to = 2026-10-23
//!
//! [[inset]]
//! laestab = "8524001"
//! days = [2026-09-03]
//! ```
//!
//! These are plain serde structs; the TOML itself is parsed by whoever reads the home, so that a fault of one entry points
//! at its line and column. Dates are TOML dates, or text as `"2026-09-03"`.

use chrono::NaiveDate;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use crate::Laestab;

/// One file: the terms, bank holidays and inset days of (usually) one school year.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// Terms; a half-term break parts two of them.
    #[serde(default)]
    pub term: Vec<Term>,
    /// Days on which no school is open.
    #[serde(default, deserialize_with = "days")]
    pub bank_holidays: Vec<NaiveDate>,
    /// Inset days, per school.
    #[serde(default)]
    pub inset: Vec<Inset>,
}

/// A stretch of days on which schools are open, weekends and bank holidays aside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "TermEntry")]
pub struct Term {
    /// Its name, for people.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Days on which one school is closed to pupils.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inset {
    /// The school.
    pub laestab: Laestab,
    /// Its days.
    #[serde(deserialize_with = "days")]
    pub days: Vec<NaiveDate>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TermEntry {
    #[serde(default)]
    name: String,
    #[serde(deserialize_with = "day")]
    from: NaiveDate,
    #[serde(deserialize_with = "day")]
    to: NaiveDate,
}

/// A term that makes no sense.
#[derive(Debug, thiserror::Error)]
enum TermFault {
    #[error("the term ends before it begins; exchange `from` and `to`, or correct the year")]
    EndsFirst,
    #[error("the term is longer than half a year; write each term, and each half of it, as an entry of its own")]
    TooLong,
}

impl TryFrom<TermEntry> for Term {
    type Error = TermFault;

    fn try_from(entry: TermEntry) -> Result<Term, TermFault> {
        match (entry.to - entry.from).num_days() {
            ..0 => Err(TermFault::EndsFirst),
            184.. => Err(TermFault::TooLong),
            _ => Ok(Term { name: entry.name, from: entry.from, to: entry.to }),
        }
    }
}

/// A day as TOML date or as text.
struct Day(NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(DayVisitor).map(Day)
    }
}

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = NaiveDate;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a date such as 2026-09-03")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<NaiveDate, E> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| E::custom("this is no date; write it as 2026-09-03"))
    }

    // A TOML date comes as a map of one private key, whose value is its text.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NaiveDate, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((_, text)) => self.visit_str(&text),
            None => Err(de::Error::custom("this is no date; write it as 2026-09-03")),
        }
    }
}

fn day<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveDate, D::Error> {
    Day::deserialize(d).map(|day| day.0)
}

fn days<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<NaiveDate>, D::Error> {
    Vec::<Day>::deserialize(d).map(|days| days.into_iter().map(|day| day.0).collect())
}
