//! In transition: a place is accepted and its start has not come, or the child is between two phases.

use chrono::NaiveDate;
use schema::provision::OfferStatus;
use schema::{EnrolmentStatus, RecordId, age, calendar};

use crate::view::ChildView;

/// A place whose start has not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Start {
    /// First day; `None`: the school expects the pupil and gives no day.
    pub(crate) on: Option<NaiveDate>,
    pub(crate) record: RecordId,
}

/// The next start to come: an accepted offer, or an entry on a school's file. A start date of today has come.
pub(crate) fn start_to_come(view: &ChildView<'_>) -> Option<Start> {
    let mut first: Option<Start> = None;
    let mut take = |on: Option<NaiveDate>, record: RecordId| {
        let start = Start { on, record };
        // A day that is known before one that is not.
        if first.is_none_or(|known| (start.on.is_none(), start) < (known.on.is_none(), known)) {
            first = Some(start);
        }
    };
    for held in view.current() {
        for offer in held.record.offers.iter().filter(|offer| offer.status == OfferStatus::Accepted) {
            if let Some(starts) = offer.starts.filter(|starts| *starts > view.as_of) {
                take(Some(starts), held.id);
            }
        }
        if !view.council.kind(held).is_roll() {
            continue;
        }
        for enrolment in &held.record.enrolments {
            let status = enrolment.status.unwrap_or(EnrolmentStatus::Current);
            let withdrawn = enrolment.leaving.is_some_and(|leaving| leaving <= view.as_of || Some(leaving) <= enrolment.entry);
            let to_come = match enrolment.entry {
                Some(entry) => entry > view.as_of && (status.is_registered() || status == EnrolmentStatus::Future),
                None => status == EnrolmentStatus::Future,
            };
            if to_come && !withdrawn {
                take(enrolment.entry, held.id);
            }
        }
    }
    first
}

/// A Year 6 leaver, or a Year 2 leaver of an infant school, between the end of the summer term and 31 August.
pub(crate) fn between_phases(view: &ChildView<'_>) -> Option<Start> {
    let year = age::year_group(view.dob?, view.as_of);
    let start = calendar::school_year_start(view.as_of);
    let spell = view.spells.iter().find(|spell| {
        let infant = || spell.school.and_then(|s| view.council.schools.get(s)).is_some_and(|s| s.highest_year == Some(2));
        (year == 6 || (year == 2 && infant()))
            && calendar::school_year_start(spell.leaving) == start
            && spell.leaving >= view.council.calendar.last_week_of_summer_term(start)
    })?;
    Some(Start { on: None, record: *spell.records.first()? })
}

/// A leaver of the school's final year group, from the last week of the summer term to the end of September.
pub(crate) fn is_standard_transition(view: &ChildView<'_>, spell: &crate::spell::Spell<'_>) -> bool {
    let Some(highest) = spell.school.and_then(|s| view.council.schools.get(s)).and_then(|s| s.highest_year) else { return false };
    let Some(dob) = view.dob else { return false };
    let this_year = calendar::school_year_start(spell.leaving);
    let (year_ended, in_time) = if spell.leaving >= view.council.calendar.last_week_of_summer_term(this_year) {
        (spell.leaving, true)
    } else {
        // September: the year that has just ended is the one before.
        let september = (spell.leaving - this_year).num_days() < 30;
        (this_year.pred_opt().unwrap_or(this_year), september)
    };
    in_time && age::year_group(dob, year_ended) == highest
}
