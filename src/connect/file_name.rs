//! What the name of a file says: who sends it, to whom, which number it has, and the day it describes.
//!
//! The names are those of the AnyComms+ and school2school folders, where the name is what routes a file:
//! `8524001_852LLLL_pupils.csv`, `852LLLL_8524001_addr0001.csv`, `8524001_CTF_XXXXXXX_001.xml`. Seven digits are a school,
//! three digits and `LLLL` its authority, `XXXXXXX` an unknown destination, `MMMMMMM` one outside the state-funded sector
//! or abroad. A name that does not follow this may still carry a date.

use chrono::{NaiveDate, NaiveTime};
use schema::{LaCode, Laestab};

/// What a name says. Everything that it does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileName {
    /// The school that sends the file.
    pub from: Option<Laestab>,
    /// The authority that sends the file, or that the sending school belongs to.
    pub from_authority: Option<LaCode>,
    /// To whom it goes.
    pub to: Option<Party>,
    /// Whether the name says that it is a Common Transfer File.
    pub ctf: bool,
    /// The last part without the extension (`addr0001`, `001`, `pupils`); the whole name without the extension where the
    /// name names no sender.
    pub tail: String,
    /// The number at the end of the last part (`addr0001` = 1), unless it is the date.
    pub sequence: Option<u32>,
    /// The extension in lower case, without the dot; empty where there is none.
    pub extension: String,
    /// The day in the name (`2026-11-24`, `2026_11_24`, `20261124`, also with a time behind); of several the latest, so
    /// that a report from one day to another counts as of its end.
    pub as_of: Option<NaiveDate>,
}

/// One end of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// A school.
    School(Laestab),
    /// A local authority.
    Authority(LaCode),
    /// `XXXXXXX`: nobody knows where the child is.
    Unknown,
    /// `MMMMMMM`: outside the state-funded sector, or abroad.
    Outside,
}

impl Party {
    fn parse(text: &str) -> Option<Party> {
        match text.to_ascii_uppercase().as_str() {
            "XXXXXXX" => Some(Party::Unknown),
            "MMMMMMM" => Some(Party::Outside),
            upper if upper.len() != 7 => None,
            upper => match upper.strip_suffix("LLLL") {
                Some(la) => LaCode::parse(la).ok().map(Party::Authority),
                None if upper.bytes().all(|b| b.is_ascii_digit()) => Laestab::parse(upper).ok().map(Party::School),
                None => None,
            },
        }
    }
}

/// Reads a file's name (without its folder). Never fails: a name that says nothing gives an empty [`FileName`].
pub fn parse(name: &str) -> FileName {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() && (1..=5).contains(&ext.len()) && ext.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            (stem, ext.to_ascii_lowercase())
        }
        _ => (name, String::new()),
    };
    let mut read = FileName { extension, as_of: latest_date(stem), tail: stem.to_owned(), ..FileName::default() };
    if let Some((from, ctf, to, tail)) = route(stem) {
        match from {
            Party::School(school) => (read.from, read.from_authority) = (Some(school), Some(school.authority())),
            Party::Authority(la) => read.from_authority = Some(la),
            Party::Unknown | Party::Outside => {}
        }
        (read.to, read.ctf, read.tail) = (Some(to), ctf, tail.to_owned());
    }
    read.sequence = sequence(&read.tail);
    read
}

/// `FROM_[CTF_]TO_TAIL`; the sender is a school or an authority.
fn route(stem: &str) -> Option<(Party, bool, Party, &str)> {
    let (from, rest) = stem.split_once('_')?;
    let from = Party::parse(from).filter(|from| matches!(from, Party::School(_) | Party::Authority(_)))?;
    let (ctf, rest) = match rest.get(..4) {
        Some(mark) if mark.eq_ignore_ascii_case("CTF_") => (true, rest.get(4..)?),
        _ => (false, rest),
    };
    let (to, tail) = rest.split_once('_')?;
    let to = Party::parse(to)?;
    (!tail.is_empty()).then_some((from, ctf, to, tail))
}

/// The number at the end of the tail: up to six digits, which is no date.
fn sequence(tail: &str) -> Option<u32> {
    let digits = tail.len() - tail.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let dated = digits > 6 || tail.get(tail.len().saturating_sub(10)..).and_then(separated_date).is_some();
    if digits == 0 || dated { None } else { tail.get(tail.len() - digits..)?.parse().ok() }
}

/// The latest day in a name.
fn latest_date(stem: &str) -> Option<NaiveDate> {
    let mut latest = None;
    let bytes = stem.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        latest = latest.max(stem.get(at..at + run).and_then(solid_date));
        if run == 4 && stem.as_bytes().get(at + 10).is_none_or(|after| !after.is_ascii_digit()) {
            latest = latest.max(stem.get(at..at + 10).and_then(separated_date));
        }
        at += run;
    }
    latest
}

/// `20261124`, `202611240630`, `20261124063000`.
fn solid_date(digits: &str) -> Option<NaiveDate> {
    let number = |from: usize| digits.get(from..from + 2).and_then(|two| two.parse::<u32>().ok());
    let time_is_good = match digits.len() {
        8 => true,
        12 => NaiveTime::from_hms_opt(number(8)?, number(10)?, 0).is_some(),
        14 => NaiveTime::from_hms_opt(number(8)?, number(10)?, number(12)?).is_some(),
        _ => false,
    };
    if time_is_good { day(digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?) } else { None }
}

/// `2026-11-24`, `2026_11_24`, `2026.11.24`.
fn separated_date(text: &str) -> Option<NaiveDate> {
    let mark = text.chars().nth(4).filter(|c| matches!(c, '-' | '_' | '.'))?;
    let mut parts = text.split(mark);
    let found = day(parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_none() { found } else { None }
}

/// A day of this century: other numbers of eight digits are no date of a file.
fn day(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    if (year.len(), month.len(), day.len()) != (4, 2, 2) || !format!("{year}{month}{day}").bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = year.parse().ok().filter(|year| (2000..2100).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_school_sends_to_its_authority() {
        let read = parse("8524001_852LLLL_pupils.csv");
        assert_eq!(read.from, Some(Laestab::parse("8524001").unwrap()));
        assert_eq!(read.from_authority, Some(LaCode::parse("852").unwrap()));
        assert_eq!(read.to, Some(Party::Authority(LaCode::parse("852").unwrap())));
        assert_eq!((read.tail.as_str(), read.sequence, read.extension.as_str(), read.ctf), ("pupils", None, "csv", false));
        assert_eq!(read.as_of, None);
    }

    #[test]
    fn an_authority_sends_to_a_school_with_a_number() {
        let read = parse("852LLLL_8524001_addr0001.csv");
        assert_eq!((read.from, read.from_authority), (None, Some(LaCode::parse("852").unwrap())));
        assert_eq!(read.to, Some(Party::School(Laestab::parse("8524001").unwrap())));
        assert_eq!((read.tail.as_str(), read.sequence), ("addr0001", Some(1)));
    }

    #[test]
    fn a_lost_pupil_file_names_no_destination() {
        let read = parse("8524001_CTF_XXXXXXX_001.xml");
        assert_eq!((read.to, read.ctf, read.sequence), (Some(Party::Unknown), true, Some(1)));
        assert_eq!(parse("8524001_ctf_MMMMMMM_002.XML").to, Some(Party::Outside));
    }

    #[test]
    fn a_date_in_the_name_is_the_day_it_describes() {
        for (name, day) in [
            ("8524001_852LLLL_pupils20261124.csv", "2026-11-24"),
            ("8524001_852LLLL_pupils_2026-11-24.csv", "2026-11-24"),
            ("health 2026-11-24.csv", "2026-11-24"),
            ("leavers_2026_11_24.xml", "2026-11-24"),
            ("leavers_2026-11-01_2026-11-24.xml", "2026-11-24"),
            ("one-20261124063000.csv", "2026-11-24"),
            ("one-202611240630-002.csv", "2026-11-24"),
            ("20240229.csv", "2024-02-29"),
        ] {
            assert_eq!(parse(name).as_of, date(day), "{name}");
        }
    }

    #[test]
    fn numbers_that_are_no_day_are_no_date() {
        for name in [
            "8524001_852LLLL_pupils.csv",
            "20261332.csv",
            "2026-02-30.csv",
            "18990101.csv",
            "112026112411.csv",
            "12026-11-244.csv",
            "",
            ".",
            "2026-1-2.csv",
        ] {
            assert_eq!(parse(name).as_of, None, "{name}");
        }
    }

    #[test]
    fn a_date_is_no_sequence() {
        assert_eq!(parse("8524001_852LLLL_pupils20261124.csv").sequence, None);
        assert_eq!(parse("8524001_852LLLL_2026-11-24.csv").sequence, None);
        assert_eq!(parse("one-20261124-002.csv").sequence, Some(2));
    }

    #[test]
    fn other_names_route_nothing() {
        for name in [
            "pupils.csv",
            "8524001.csv",
            "8524001_pupils.csv",
            "XXXXXXX_8524001_001.xml",
            "852400_852LLLL_x.csv",
            "000LLLL_8524001_x.csv",
            "8524001_852LLLL_",
            "é_é_é.csv",
            "８524001_852LLLL_x.csv",
        ] {
            let read = parse(name);
            assert_eq!((read.from, read.to), (None, None), "{name}");
        }
        assert_eq!(parse("pupils.final version.csv").tail, "pupils.final version");
        assert_eq!(parse("no extension").extension, "");
    }
}
