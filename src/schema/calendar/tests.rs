//! Stories and properties of school days.

use chrono::{Duration, TimeZone};
use proptest::prelude::*;

use super::*;

const YEAR: &str = r#"
bank_holidays = [2026-12-25, 2026-12-28, 2027-03-26, 2027-03-29, 2027-05-03]

[[term]]
name = "Autumn 1"
from = 2026-09-03
to = 2026-10-23

[[term]]
name = "Autumn 2"
from = 2026-11-02
to = 2026-12-18

[[term]]
name = "Spring"
from = 2027-01-04
to = 2027-03-25

[[term]]
name = "Summer"
from = "2027-04-12"
to = "2027-07-21"

[[inset]]
laestab = "8524001"
days = [2026-09-03, 2026-11-02]
"#;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn calendar() -> Calendar {
    Calendar::of(vec![("2026-27.toml".to_owned(), toml::from_str(YEAR).unwrap())]).unwrap()
}

fn fault(text: &str) -> String {
    toml::from_str::<CalendarYear>(text).unwrap_err().to_string()
}

#[test]
fn a_school_day_is_a_weekday_of_a_term_that_is_no_bank_holiday() {
    let c = calendar();
    for (at, open) in [
        (day(2026, 9, 2), false),
        (day(2026, 9, 3), true),
        (day(2026, 9, 5), false),
        (day(2026, 10, 23), true),
        (day(2026, 10, 26), false),
        (day(2027, 5, 3), false),
        (day(2027, 7, 21), true),
        (day(2027, 7, 22), false),
    ] {
        assert_eq!(c.is_school_day(at, None), open, "{at}");
    }
}

#[test]
fn an_inset_day_closes_its_own_school_only() {
    let (c, school, other) = (calendar(), Laestab::parse("8524001").ok(), Laestab::parse("8524002").ok());
    assert!(!c.is_school_day(day(2026, 11, 2), school) && c.is_school_day(day(2026, 11, 2), other));
    assert_eq!(c.add_school_days(day(2026, 10, 23), 1, school), Some(day(2026, 11, 3)));
    assert_eq!(c.add_school_days(day(2026, 10, 23), 1, other), Some(day(2026, 11, 2)));
}

#[test]
fn school_days_are_counted_over_a_holiday_and_never_past_the_calendar() {
    let c = calendar();
    assert_eq!(c.add_school_days(day(2026, 12, 17), 2, None), Some(day(2027, 1, 4)));
    assert_eq!(c.add_school_days(day(2026, 12, 17), 0, None), Some(day(2026, 12, 17)));
    assert_eq!(c.add_school_days(day(2027, 7, 20), 1, None), Some(day(2027, 7, 21)));
    assert_eq!(c.add_school_days(day(2027, 7, 20), 2, None), None);
    assert_eq!(c.add_school_days(day(2026, 7, 20), 2, None), None);
    assert_eq!(Calendar::default().add_school_days(day(2026, 7, 20), 1, None), None);
    assert_eq!(Calendar::default().add_school_days(day(2026, 7, 20), 0, None), Some(day(2026, 7, 20)));
}

#[test]
fn the_last_week_of_the_summer_term_begins_on_its_monday() {
    let (c, start) = (calendar(), day(2026, 9, 1));
    assert_eq!(c.summer_term_end(start), Some(day(2027, 7, 21)));
    assert_eq!(c.last_week_of_summer_term(start), day(2027, 7, 19));
    assert_eq!(c.summer_term_end(day(2025, 9, 1)), None);
    assert_eq!(c.last_week_of_summer_term(day(2025, 9, 1)), day(2026, 7, 15));
}

#[test]
fn a_calendar_of_autumn_only_does_not_know_the_summer() {
    let autumn: CalendarYear = toml::from_str("[[term]]\nfrom = 2026-09-03\nto = 2026-12-18\n").unwrap();
    let c = Calendar::of(vec![("2026-27.toml".to_owned(), autumn)]).unwrap();
    assert_eq!(c.summer_term_end(day(2026, 9, 1)), None);
}

#[test]
fn a_fault_of_an_entry_points_at_its_line() {
    let reversed = fault("bank_holidays = []\n[[term]]\nfrom = 2026-09-03\nto = 2026-08-03\n");
    assert!(reversed.contains("line 2") && reversed.contains("ends before it begins"), "{reversed}");
    let word = fault("bank_holidays = [\n2026-12-25,\n\"Christmas\",\n]\n");
    assert!(word.contains("line 3") && word.contains("no date"), "{word}");
    let key = fault("[[term]]\nfrom = 2026-09-03\nuntil = 2026-10-03\n");
    assert!(key.contains("line 3") && key.contains("until"), "{key}");
    let school = fault("[[inset]]\nlaestab = \"852\"\ndays = []\n");
    assert!(school.contains("line 2") && school.contains("LAESTAB"), "{school}");
    assert!(fault("[[term]]\nfrom = 2026-09-03\nto = 2027-07-20\n").contains("longer than half a year"));
}

#[test]
fn terms_that_overlap_are_refused_with_their_file() {
    let first: CalendarYear = toml::from_str("[[term]]\nname = \"A\"\nfrom = 2026-09-03\nto = 2026-12-18\n").unwrap();
    let second: CalendarYear = toml::from_str("[[term]]\nname = \"B\"\nfrom = 2026-12-18\nto = 2027-03-18\n").unwrap();
    let faults = Calendar::of(vec![("one.toml".to_owned(), first), ("two.toml".to_owned(), second)]).unwrap_err();
    assert_eq!((faults.len(), faults[0].file.as_str()), (1, "two.toml"));
}

#[test]
fn the_day_in_england_follows_both_clock_changes() {
    let at = |y, m, d, h, min| london_date(Utc.with_ymd_and_hms(y, m, d, h, min, 0).unwrap());
    // Summer time began on 29 March 2026 and ended on 25 October 2026, each at 01:00 UTC.
    assert_eq!(at(2026, 3, 28, 23, 30), day(2026, 3, 28));
    assert_eq!(at(2026, 3, 29, 22, 59), day(2026, 3, 29));
    assert_eq!(at(2026, 3, 29, 23, 0), day(2026, 3, 30));
    assert_eq!(at(2026, 10, 24, 23, 0), day(2026, 10, 25));
    assert_eq!(at(2026, 10, 25, 23, 30), day(2026, 10, 25));
    assert_eq!(at(2026, 10, 26, 0, 0), day(2026, 10, 26));
}

#[test]
fn a_school_year_runs_from_september_to_august() {
    assert_eq!(school_year_start(day(2026, 8, 31)), day(2025, 9, 1));
    assert_eq!(school_year_start(day(2026, 9, 1)), day(2026, 9, 1));
    assert_eq!(school_year_end(day(2026, 8, 31)), day(2026, 8, 31));
    assert_eq!(school_year_end(day(2026, 9, 1)), day(2027, 8, 31));
    let _ = (school_year_start(NaiveDate::MIN), school_year_end(NaiveDate::MAX));
}

proptest! {
    #[test]
    fn counting_school_days_is_monotone(start in 0i64..330, later in 0i64..60, n in 0u32..40) {
        let c = calendar();
        let (from, then) = (day(2026, 9, 1) + Duration::days(start), day(2026, 9, 1) + Duration::days(start + later));
        if let (Some(a), Some(b)) = (c.add_school_days(from, n, None), c.add_school_days(then, n, None)) {
            prop_assert!(a <= b);
        }
        if let (Some(a), Some(b)) = (c.add_school_days(from, n, None), c.add_school_days(from, n + 1, None)) {
            prop_assert!(a < b && c.is_school_day(b, None));
            prop_assert_eq!(c.school_days_between(from, b, None), n + 1);
        }
    }

    #[test]
    fn no_day_panics(at in proptest::num::i32::ANY, n in 0u32..100) {
        let c = calendar();
        if let Some(at) = NaiveDate::from_num_days_from_ce_opt(at) {
            let _ = (c.is_school_day(at, None), c.add_school_days(at, n, None), c.last_week_of_summer_term(at), c.school_days_between(at, day(2027, 1, 1), None));
        }
    }
}
