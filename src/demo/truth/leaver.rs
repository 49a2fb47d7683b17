//! Leavers: whether the ground is lawful, and whether it is known where the child went.

use chrono::{Days, NaiveDate};

use super::{Found, died, eotas, in_transition, on_roll};
use crate::council::Council;
use crate::days::{date, last_week_of_summer, of_age, school_year, today, year_group};
use crate::life::{Finding436, Life, Spot, Told};
use crate::school::Listing;
use crate::town::HOME;

/// An enrolment that has ended.
struct Ended<'a> {
    school: usize,
    leaving: NaiveDate,
    reason: &'a str,
    destination: &'a str,
}

impl Ended<'_> {
    /// The letter of a ground of 2024, if one is named.
    fn letter(&self) -> Option<char> {
        self.reason.strip_prefix("9(1)(")?.chars().next()
    }

    fn place_named(&self) -> bool {
        !matches!(self.destination, "" | "Unknown")
    }
}

/// All ended enrolments, the newest first; of a base in ONE only what the school itself does not tell.
fn ended<'a>(council: &Council, life: &'a Life) -> Vec<Ended<'a>> {
    let mut all: Vec<Ended> = Vec::new();
    for r in life.registrations.iter().filter(|r| r.status != 'G') {
        match (r.leaving, r.told) {
            (_, Told::Gone) => all.push(Ended { school: r.school, leaving: today(), reason: "", destination: "" }),
            (Some(leaving), _) if leaving <= today() => {
                all.push(Ended { school: r.school, leaving, reason: &r.reason, destination: &r.destination })
            }
            _ => {}
        }
    }
    if let Some(base) = life.one.as_ref().and_then(|one| one.base.as_ref())
        && let Some(leaving) = base.end.filter(|day| *day <= today())
        && !life.registrations.iter().any(|r| r.school == base.school)
    {
        debug_assert!(council.schools[base.school].listing == Listing::Nothing, "a school that sends its roll tells of its leavers");
        all.push(Ended { school: base.school, leaving, reason: &base.reason, destination: &base.destination });
    }
    all.sort_by_key(|e| std::cmp::Reverse(e.leaving));
    all
}

/// Left under ground (a) for a named school, and the five days in which that school has to tell are not over.
/// School Attendance (Pupil Registration) (England) Regulations 2024, reg 13.
pub(super) fn joiner_awaited(council: &Council, life: &Life) -> bool {
    ended(council, life).first().is_some_and(|e| e.letter() == Some('a') && e.place_named() && today() <= e.leaving + Days::new(5))
}

/// `leaver-without-ground` and `leaver-without-destination`.
pub(super) fn findings(council: &Council, life: &Life) -> Vec<Found> {
    let Some(dob) = life.dob.filter(|_| !died(life)) else { return Vec::new() };
    let first = date(school_year(today()), 9, 1);
    let looked_at: Vec<Ended> = ended(council, life)
        .into_iter()
        .filter(|e| e.leaving >= first && council.schools[e.school].la == HOME && of_age(dob, e.leaving))
        .filter(|e| !standard_transition(council.schools[e.school].high, dob, e.leaving))
        .collect();
    let found = |rule, reason: Option<&'static str>| reason.map(|r| Found { rule, grade: None, reason: Some(r) });
    let ground = looked_at.iter().find_map(without_ground);
    let destination = looked_at.iter().find_map(|e| without_destination(life, e));
    found("leaver-without-ground", ground).into_iter().chain(found("leaver-without-destination", destination)).collect()
}

/// Left the last year group of the school between the last week of the summer term and the end of September.
fn standard_transition(highest: i8, dob: NaiveDate, leaving: NaiveDate) -> bool {
    let summer = last_week_of_summer();
    summer <= leaving && leaving <= date(2026, 9, 30) && year_group(dob, summer) == highest
}

fn without_ground(e: &Ended) -> Option<&'static str> {
    if e.reason.is_empty() {
        Some("none")
    } else if e.reason.starts_with("9(1)(") {
        None
    } else if e.reason.starts_with("9(3)") {
        Some("9-3-of-compulsory-age")
    } else if e.reason.starts_with("8(1)(") {
        Some("2006-ground")
    } else {
        Some("words-only")
    }
}

fn without_destination(life: &Life, e: &Ended) -> Option<&'static str> {
    let one = life.one.as_ref();
    let home = life.ehe.as_ref();
    let runs = home.filter(|h| super::runs(h.from, h.to));
    if on_roll(life) || eotas(life) || in_transition(life) || runs.is_some_and(|h| h.notice.is_some()) {
        return None;
    }
    let school = || Some(if e.place_named() { "new-school-not-confirmed" } else { "no-destination" });
    match e.letter() {
        Some('a') if e.place_named() && today() <= e.leaving + Days::new(5) => None,
        Some('a' | 'c' | 'd' | 'n') => school(),
        Some('e') => runs.is_none_or(|h| h.found == Finding436::Unsuitable).then_some("no-provision-arranged"),
        Some('f') => home.is_none_or(|h| h.notice.is_none() || h.to.is_some_and(|to| to < e.leaving)).then_some("no-written-notice"),
        Some('g') => {
            let new = one.is_some_and(|o| {
                matches!(o.seen.spot, Spot::Dwelling(_)) && o.seen.from.is_some_and(|from| from >= e.leaving - Days::new(28))
            });
            (!new && !e.place_named() && one.is_none_or(|o| o.moved.is_none())).then_some("no-new-address")
        }
        Some(_) => None,
        None if one.and_then(|o| o.moved.as_ref()).is_some_and(|m| m.confirmed.is_some()) => None,
        None => school(),
    }
}
