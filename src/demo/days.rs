//! The demo's dates, and ages and year groups as the statute has them. Written apart from `rules`, which it is to test.

use chrono::{Datelike, Days, Months, NaiveDate};

/// A day; every caller names one that exists.
pub fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The fixed date of the demo's home: a Tuesday in the autumn term.
pub fn today() -> NaiveDate {
    date(2026, 11, 24)
}

/// That many days before the demo's date.
pub fn ago(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

/// That many days after the demo's date.
pub fn ahead(days: u64) -> NaiveDate {
    today() + Days::new(days)
}

/// The year in which the school year of a day begins (1 September to 31 August).
pub fn school_year(day: NaiveDate) -> i32 {
    if day.month() >= 9 { day.year() } else { day.year() - 1 }
}

/// Year group on a day: Reception is 0.
pub fn year_group(dob: NaiveDate, day: NaiveDate) -> i8 {
    (school_year(day) - school_year(dob) - 5).clamp(-20, 100) as i8
}

/// First and last day of birth of a year group on the demo's date.
pub fn births_of(year: i8) -> (NaiveDate, NaiveDate) {
    let start = school_year(today()) - 5 - i32::from(year);
    (date(start, 9, 1), date(start + 1, 8, 31))
}

/// First day of compulsory school age: the prescribed day (31 March, 31 August, 31 December) on or next after the
/// fifth birthday. Education Act 1996 s8(2); SI 1998/1607.
pub fn age_begins(dob: NaiveDate) -> NaiveDate {
    let fifth = dob.checked_add_months(Months::new(60)).unwrap_or(dob);
    let year = fifth.year();
    [date(year, 3, 31), date(year, 8, 31), date(year, 12, 31)].into_iter().find(|day| *day >= fifth).unwrap_or(fifth)
}

/// Last day of compulsory school age: the last Friday in June of the school year of the sixteenth birthday.
/// Education Act 1996 s8(3); SI 1997/1970.
pub fn age_ends(dob: NaiveDate) -> NaiveDate {
    let sixteenth = dob.checked_add_months(Months::new(192)).unwrap_or(dob);
    let last = date(school_year(sixteenth) + 1, 6, 30);
    last - Days::new(u64::from((last.weekday().num_days_from_monday() + 3) % 7))
}

/// Whether a child of that birth is of compulsory school age on a day.
pub fn of_age(dob: NaiveDate, day: NaiveDate) -> bool {
    age_begins(dob) <= day && day <= age_ends(dob)
}

/// Monday of the last week of the summer term of 2026, which ends on Wednesday, 22 July.
pub fn last_week_of_summer() -> NaiveDate {
    date(2026, 7, 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_begins_on_the_prescribed_day() {
        assert!(of_age(date(2021, 8, 31), today()));
        assert!(!of_age(date(2021, 9, 1), today()));
        assert_eq!(age_begins(date(2021, 3, 31)), date(2026, 3, 31));
        assert_eq!(age_begins(date(2021, 4, 1)), date(2026, 8, 31));
        assert_eq!(age_begins(date(2021, 9, 1)), date(2026, 12, 31));
    }

    #[test]
    fn age_ends_on_the_last_friday_in_june() {
        assert_eq!(age_ends(date(2010, 8, 31)), date(2026, 6, 26));
        assert_eq!(age_ends(date(2010, 9, 1)), date(2027, 6, 25));
        assert!(of_age(date(2010, 9, 1), today()) && !of_age(date(2010, 8, 31), today()));
    }

    #[test]
    fn a_year_group_follows_the_school_year() {
        assert_eq!(year_group(date(2021, 8, 31), today()), 1);
        assert_eq!(year_group(date(2021, 9, 1), today()), 0);
        let (first, last) = births_of(9);
        assert_eq!((year_group(first, today()), year_group(last, today())), (9, 9));
    }
}
