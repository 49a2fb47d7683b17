//! London time, school years, and school days.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// The date in England at that moment.
pub fn london_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// First day of the school year (1 September to 31 August) in which a day falls.
pub fn school_year_start(day: NaiveDate) -> NaiveDate {
    let year = if day.month() >= 9 { day.year() } else { day.year() - 1 };
    NaiveDate::from_ymd_opt(year, 9, 1).unwrap_or(day)
}

/// Terms, bank holidays and inset days.
#[derive(Debug, Clone, Default)]
pub struct Calendar {}
