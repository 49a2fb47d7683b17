//! Dates as the systems write them: ISO with and without a time, day first with any sign between, months in words.

use chrono::{DateTime, Datelike, NaiveDate};

use super::date_format::DateFormat;

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateFault {
    /// No date of a known form, or a day that no month has (31/02/2015).
    NotADate,
    /// A date, but of no time that a child's record can speak of (01/01/1900, 31/12/9999).
    Implausible,
}

/// Reads a date in any of the usual forms. Two-digit years are not read unless a mapping's `formats` names them.
pub(crate) fn parse(text: &str) -> Result<NaiveDate, DateFault> {
    plausible(any(text))
}

/// Reads a date in one of the forms given, or, where none is given, in any of the usual ones.
pub(crate) fn read(text: &str, formats: &[DateFormat]) -> Result<NaiveDate, DateFault> {
    if formats.is_empty() {
        return parse(text);
    }
    plausible(formats.iter().find_map(|f| f.read(text)))
}

/// Reads the birth date of a person of any age. 01/01/1900 stands for "not known" everywhere.
pub(crate) fn born(text: &str, formats: &[DateFormat]) -> Result<NaiveDate, DateFault> {
    let date = if formats.is_empty() { any(text) } else { formats.iter().find_map(|f| f.read(text)) };
    date.filter(|date| (1901..2100).contains(&date.year())).ok_or(DateFault::NotADate)
}

fn any(text: &str) -> Option<NaiveDate> {
    iso(text).or_else(|| in_parts(text)).or_else(|| compact(text))
}

/// Whether a child whose record is still used can be born on that day.
pub(crate) fn is_birth(date: NaiveDate) -> bool {
    date.year() >= 1990
}

fn plausible(date: Option<NaiveDate>) -> Result<NaiveDate, DateFault> {
    match date {
        Some(date) if (1950..2100).contains(&date.year()) => Ok(date),
        Some(_) => Err(DateFault::Implausible),
        None => Err(DateFault::NotADate),
    }
}

/// `2013-04-02`, `2013-04-02T00:00:00`, `2013-04-02 00:00:00.000000`, `2013-04-01T23:00:00Z`.
fn iso(text: &str) -> Option<NaiveDate> {
    let b = text.as_bytes();
    if b.len() < 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(digits(&b[..4])? as i32, digits(&b[5..7])?, digits(&b[8..10])?)?;
    let tail = text.get(10..)?;
    if !is_time(tail) {
        return None;
    }
    // A moment with a zone is a day in London: midnight in summer is 23:00 of the day before in UTC.
    if tail.ends_with(['Z', 'z']) || tail.get(6..).is_some_and(|t| t.contains(['+', '-'])) {
        let moment = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1)).ok()?;
        return Some(schema::calendar::london_date(moment.to_utc()));
    }
    Some(date)
}

/// `20130402`.
fn compact(text: &str) -> Option<NaiveDate> {
    let b = text.as_bytes();
    if b.len() != 8 {
        return None;
    }
    NaiveDate::from_ymd_opt(digits(&b[..4])? as i32, digits(&b[4..6])?, digits(&b[6..])?)
}

/// Three parts with signs between: `2/4/2013`, `02.04.2013 00:00`, `2 Apr 2013`, `2012-Jan-21 00:00:00`, `2013/04/02`.
fn in_parts(text: &str) -> Option<NaiveDate> {
    let (first, rest) = part(text)?;
    let (second, rest) = part(rest)?;
    let (third, tail) = part(rest)?;
    if !is_time(tail) {
        return None;
    }
    let (year, day) = if first.len() == 4 { (first, third) } else { (third, first) };
    let day = day
        .strip_suffix("st")
        .or_else(|| day.strip_suffix("nd"))
        .or_else(|| day.strip_suffix("rd"))
        .or_else(|| day.strip_suffix("th"))
        .unwrap_or(day);
    if year.len() != 4 || day.is_empty() || day.len() > 2 {
        return None;
    }
    let month = if second.bytes().all(|c| c.is_ascii_digit()) && second.len() <= 2 { digits(second.as_bytes())? } else { month(second)? };
    NaiveDate::from_ymd_opt(digits(year.as_bytes())? as i32, month, digits(day.as_bytes())?)
}

/// The letters and digits in front, and what follows the signs after them.
fn part(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|c| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    if end == 0 {
        return None;
    }
    let (part, rest) = text.split_at(end);
    let signs = rest.bytes().take_while(|c| matches!(c, b'/' | b'-' | b'.' | b' ' | b',')).count();
    if signs > 2 { None } else { Some((part, &rest[signs..])) }
}

/// The number of a month by its English name, whole or cut to three letters or more.
pub(super) fn month(name: &str) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    if name.len() < 3 || !name.is_ascii() {
        return None;
    }
    NAMES.iter().position(|m| m.get(..name.len()).is_some_and(|m| m.eq_ignore_ascii_case(name))).map(|m| m as u32 + 1)
}

pub(super) fn digits(b: &[u8]) -> Option<u32> {
    if b.is_empty() || b.len() > 4 {
        return None;
    }
    b.iter().try_fold(0, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
}

/// Nothing, or a time of day after `T` or a space.
pub(super) fn is_time(tail: &str) -> bool {
    let tail = tail.strip_prefix(['T', 't', ' ']).unwrap_or(tail);
    tail.trim().is_empty() || (tail.contains(':') && tail.bytes().all(|c| c.is_ascii_digit() || b":.TZ+-APMapmz ".contains(&c)))
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
