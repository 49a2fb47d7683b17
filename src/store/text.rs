//! Dates, times and small lists as they stand in text columns.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, StoreError};

/// A day as `YYYY-MM-DD`; years are four digits, so that text order is day order.
pub(crate) fn day(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

pub(crate) fn opt_day(date: Option<NaiveDate>) -> Option<String> {
    date.map(day)
}

pub(crate) fn parse_day(text: &str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| StoreError::Damaged { doing: "reading a date" })
}

pub(crate) fn parse_opt_day(text: Option<&str>) -> Result<Option<NaiveDate>> {
    text.map(parse_day).transpose()
}

/// A time as RFC 3339 UTC to the millisecond.
pub(crate) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn parse_time(text: &str) -> Result<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).map(|t| t.with_timezone(&Utc)).map_err(|_| StoreError::Damaged { doing: "reading a time" })
}

pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged { doing: "writing a list" })
}

pub(crate) fn parse_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged { doing: "reading a list" })
}

/// Counts are below 2^63 everywhere: files are bounded by disks.
pub(crate) fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn counted(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
