//! London time, school years, and school days. The only place that knows London time.

mod file;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use crate::{ConfigFault, Laestab};

pub use file::{CalendarYear, Inset, Term};

/// The date in England at that moment.
pub fn london_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// First day of the school year (1 September to 31 August) in which a day falls.
pub fn school_year_start(day: NaiveDate) -> NaiveDate {
    let year = if day.month() >= 9 { day.year() } else { day.year() - 1 };
    NaiveDate::from_ymd_opt(year, 9, 1).unwrap_or(day)
}

/// Last day of the school year in which a day falls.
pub fn school_year_end(day: NaiveDate) -> NaiveDate {
    let year = if day.month() >= 9 { day.year() + 1 } else { day.year() };
    NaiveDate::from_ymd_opt(year, 8, 31).unwrap_or(day)
}

/// Terms, bank holidays and inset days. A school day is a day of a term, Monday to Friday, that is no bank holiday and,
/// for a school, none of its inset days.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// By first day; they do not overlap.
    terms: Vec<Term>,
    bank_holidays: BTreeSet<NaiveDate>,
    inset: BTreeSet<(Laestab, NaiveDate)>,
    /// Last day of the last term of each school year that has terms, by the year in which the school year begins.
    last_day: BTreeMap<i32, NaiveDate>,
}

impl Calendar {
    /// Puts the years of `calendar/` together; the text beside each is the name of its file.
    ///
    /// # Errors
    /// Terms that overlap, within a file or across two. What is wrong inside one entry was refused when the file was read.
    pub fn of(years: Vec<(String, CalendarYear)>) -> Result<Calendar, Vec<ConfigFault>> {
        let mut calendar = Calendar::default();
        let mut terms: Vec<(Term, String)> = Vec::new();
        for (file, year) in years {
            terms.extend(year.term.into_iter().map(|term| (term, file.clone())));
            calendar.bank_holidays.extend(year.bank_holidays);
            calendar.inset.extend(year.inset.into_iter().flat_map(|i| i.days.into_iter().map(move |day| (i.laestab, day))));
        }
        terms.sort_by_key(|(term, _)| (term.from, term.to));
        let faults: Vec<ConfigFault> = terms.windows(2).filter_map(overlap).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        for (term, _) in terms {
            let year = school_year_start(term.from).year();
            let last = calendar.last_day.entry(year).or_insert(term.to);
            *last = (*last).max(term.to);
            calendar.terms.push(term);
        }
        Ok(calendar)
    }

    /// Whether there is no term at all.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// First and last day of all terms.
    pub fn span(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.terms.first()?.from, self.terms.last()?.to))
    }

    /// Whether that school is open on that day; without a school, whether schools are open in general.
    pub fn is_school_day(&self, day: NaiveDate, school: Option<Laestab>) -> bool {
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || self.bank_holidays.contains(&day) {
            return false;
        }
        let next = self.terms.partition_point(|term| term.from <= day);
        let in_term = next.checked_sub(1).and_then(|i| self.terms.get(i)).is_some_and(|term| day <= term.to);
        in_term && school.is_none_or(|school| !self.inset.contains(&(school, day)))
    }

    /// The `n`th school day after a day; 0 gives the day itself. `None` where the calendar does not reach that far, or has
    /// no terms for a school year on the way: a date is never guessed.
    pub fn add_school_days(&self, from: NaiveDate, n: u32, school: Option<Laestab>) -> Option<NaiveDate> {
        let (_, end) = self.span().filter(|_| n > 0).unwrap_or((from, from));
        let (mut day, mut left) = (from, n);
        while left > 0 {
            day = day.checked_add_days(Days::new(1))?;
            if day > end || !self.knows(day) {
                return None;
            }
            left -= u32::from(self.is_school_day(day, school));
        }
        Some(day)
    }

    /// How many school days lie after `from`, up to and with `to`; 0 if `to` is not later.
    pub fn school_days_between(&self, from: NaiveDate, to: NaiveDate, school: Option<Laestab>) -> u32 {
        let Some((first, last)) = self.span() else { return 0 };
        let (mut day, to) = (from.max(first.pred_opt().unwrap_or(first)), to.min(last));
        let mut n = 0;
        while day < to {
            let Some(next) = day.succ_opt() else { break };
            n += u32::from(self.is_school_day(next, school));
            day = next;
        }
        n
    }

    /// Last day of the summer term of the school year that begins on `school_year_start`. `None` where the calendar has
    /// no term of that year that ends in June or later.
    pub fn summer_term_end(&self, school_year_start: NaiveDate) -> Option<NaiveDate> {
        self.last_day.get(&school_year_start.year()).copied().filter(|end| (6..=8).contains(&end.month()))
    }

    /// Monday of the last week of the summer term of that school year; 15 July where the calendar does not say.
    pub fn last_week_of_summer_term(&self, school_year_start: NaiveDate) -> NaiveDate {
        match self.summer_term_end(school_year_start) {
            Some(end) => end.checked_sub_days(Days::new(u64::from(end.weekday().num_days_from_monday()))).unwrap_or(end),
            None => NaiveDate::from_ymd_opt(school_year_start.year().saturating_add(1), 7, 15).unwrap_or(school_year_start),
        }
    }

    fn knows(&self, day: NaiveDate) -> bool {
        self.last_day.contains_key(&school_year_start(day).year())
    }
}

fn overlap(pair: &[(Term, String)]) -> Option<ConfigFault> {
    let [(before, _), (after, file)] = pair else { return None };
    (after.from <= before.to).then(|| {
        let what = format!("term \"{}\" begins on {}, before term \"{}\" ends on {}", after.name, after.from, before.name, before.to);
        ConfigFault::at_line(file, 0, what, "let each day be in one term only; half terms are two terms")
    })
}

#[cfg(test)]
mod tests;
