//! Compulsory school age and year groups.
//!
//! Education Act 1996 s8: a child begins to be of compulsory school age on the prescribed day (31 August, 31 December,
//! 31 March: SI 1998/1607) on or next after the fifth birthday, and ceases to be at the end of the school leaving date
//! (the last Friday in June: SI 1997/1970) of the school year in which the child turns 16.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::calendar::school_year_start;

/// First and last day of compulsory school age, both inclusive.
pub fn compulsory_school_age(dob: NaiveDate) -> (NaiveDate, NaiveDate) {
    (begins(dob), ends(dob))
}

/// Whether a child born on `dob` is of compulsory school age on `day`.
pub fn is_of_age(dob: NaiveDate, day: NaiveDate) -> bool {
    // Nobody of three or eighteen is; this spares most of the arithmetic.
    let years = day.year().saturating_sub(dob.year());
    (5..=17).contains(&years) && begins(dob) <= day && day <= ends(dob)
}

/// National curriculum year group in the school year of `day`: Reception 0, nursery below, the sixth form 12 and 13.
/// By the birth date alone; a child taught out of its year is not known here.
pub fn year_group(dob: NaiveDate, day: NaiveDate) -> i8 {
    let years = i64::from(school_year_start(day).year()) - i64::from(school_year_start(dob).year()) - 5;
    years.clamp(i64::from(i8::MIN), i64::from(i8::MAX)) as i8
}

/// The birthday on which a child reaches an age. A child of 29 February has it on 1 March where the year has no 29th.
pub fn birthday(dob: NaiveDate, age: i32) -> NaiveDate {
    let year = dob.year().saturating_add(age);
    dob.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MAX)
}

fn begins(dob: NaiveDate) -> NaiveDate {
    let fifth = birthday(dob, 5);
    let year = fifth.year();
    [(year, 3, 31), (year, 8, 31), (year, 12, 31)]
        .into_iter()
        .filter_map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d))
        .find(|prescribed| *prescribed >= fifth)
        .unwrap_or(NaiveDate::MAX)
}

fn ends(dob: NaiveDate) -> NaiveDate {
    let last_year = school_year_start(birthday(dob, 16)).year().saturating_add(1);
    last_friday_in_june(last_year)
}

/// The school leaving date of a calendar year.
pub fn last_friday_in_june(year: i32) -> NaiveDate {
    let Some(end) = NaiveDate::from_ymd_opt(year, 6, 30) else { return NaiveDate::MAX };
    let back = end.weekday().days_since(Weekday::Fri);
    end.checked_sub_days(Days::new(u64::from(back))).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn it_begins_on_the_prescribed_day_on_or_after_the_fifth_birthday() {
        for (dob, begin) in [
            (day(2021, 8, 31), day(2026, 8, 31)),
            (day(2021, 9, 1), day(2026, 12, 31)),
            (day(2021, 12, 31), day(2026, 12, 31)),
            (day(2022, 1, 1), day(2027, 3, 31)),
            (day(2022, 3, 31), day(2027, 3, 31)),
            (day(2022, 4, 1), day(2027, 8, 31)),
            (day(2020, 2, 29), day(2025, 3, 31)),
        ] {
            assert_eq!(compulsory_school_age(dob).0, begin, "{dob}");
            assert!(is_of_age(dob, begin) && !is_of_age(dob, begin.pred_opt().unwrap()));
        }
    }

    #[test]
    fn it_ends_with_the_last_friday_in_june_of_the_school_year_of_the_sixteenth_birthday() {
        for (dob, end) in [
            (day(2009, 9, 1), day(2026, 6, 26)),
            (day(2010, 6, 26), day(2026, 6, 26)),
            (day(2010, 8, 31), day(2026, 6, 26)),
            (day(2010, 9, 1), day(2027, 6, 25)),
        ] {
            assert_eq!(compulsory_school_age(dob).1, end, "{dob}");
            assert!(is_of_age(dob, end) && !is_of_age(dob, end.succ_opt().unwrap()));
        }
    }

    #[test]
    fn the_year_group_changes_on_1_september() {
        let dob = day(2015, 8, 31);
        assert_eq!(year_group(dob, day(2026, 8, 31)), 6);
        assert_eq!(year_group(dob, day(2026, 9, 1)), 7);
        assert_eq!(year_group(day(2015, 9, 1), day(2026, 9, 1)), 6);
        assert_eq!(year_group(day(2021, 9, 1), day(2026, 9, 1)), 0);
        assert_eq!(year_group(day(2024, 5, 5), day(2026, 9, 1)), -2);
    }

    #[test]
    fn no_date_is_too_far_away() {
        for dob in [NaiveDate::MIN, NaiveDate::MAX] {
            let _ = (
                compulsory_school_age(dob),
                is_of_age(dob, NaiveDate::MAX),
                is_of_age(NaiveDate::MAX, dob),
                year_group(dob, NaiveDate::MIN),
            );
        }
    }

    fn any_dob() -> impl Strategy<Value = NaiveDate> {
        (0i64..60_000).prop_map(|days| day(1950, 1, 1) + chrono::Duration::days(days))
    }

    proptest! {
        #[test]
        fn it_begins_on_a_prescribed_day_within_153_days_of_the_fifth_birthday_and_ends_on_a_last_friday_in_june(dob in any_dob()) {
            let (begin, end) = compulsory_school_age(dob);
            let fifth = birthday(dob, 5);
            prop_assert!([(3, 31), (8, 31), (12, 31)].contains(&(begin.month(), begin.day())));
            prop_assert!(begin >= fifth && (begin - fifth).num_days() <= 152);
            prop_assert!(end.month() == 6 && end.weekday() == Weekday::Fri && end.day() > 23);
            prop_assert!(school_year_start(end) == school_year_start(birthday(dob, 16)));
        }

        #[test]
        fn is_of_age_says_the_same_as_the_two_days(dob in any_dob(), after in -400i64..8000) {
            let at = dob + chrono::Duration::days(after);
            let (begin, end) = compulsory_school_age(dob);
            prop_assert_eq!(is_of_age(dob, at), begin <= at && at <= end);
        }
    }
}
