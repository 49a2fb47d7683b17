//! `no-provision`: a child of compulsory school age who lives in the area, is on no roll, and of whom no education otherwise
//! is known. Education Act 1996 s436A: the authority must make arrangements to identify such children.
//!
//! Graded by the first that fits: in transition, explained by a likely reason, probable (one fresh source), missing (two).
//!
//! - since: the newest of the last removal, the first day of the address, the end of other provision; where none is dated,
//!   the beginning of compulsory school age, or of this school year if that is later.
//! - due: missing and probable `act_within_school_days` after since (policy); in transition on the start; a reason has its own.
//! - priority: missing 2, probable 3, explained 4, in transition 5, before factors.
//! - owner: officer; in transition admissions; a reason names its own.

use chrono::NaiveDate;
use schema::provision::Suitability;
use schema::{Grade, RecordId, age, calendar};

use super::Rule;
use crate::explain;
use crate::transition;
use crate::urgency::Found;
use crate::view::ChildView;

pub(super) const RULE: Rule =
    Rule { name: "no-provision", about: "of compulsory school age, living here, on no roll and without other education", look };

fn look(view: &ChildView<'_>) -> Option<Found> {
    if view.on_roll || view.is_of_age(view.as_of) == Some(false) || view.is_settled() {
        return None;
    }
    let residence = view.residence();
    if residence.best.is_none() || view.lives_elsewhere() {
        return None;
    }
    let since = since(view);
    let placing: Vec<RecordId> = residence
        .here
        .iter()
        .map(|placed| placed.held.id)
        .chain(view.spells.first().into_iter().flat_map(|s| s.records.iter().copied()))
        .collect();
    let found = Found { grade: None, reason: None, base: 5, since, due: None, owner: "officer", evidence: placing, summary: String::new() };
    if let Some(start) = transition::start_to_come(view).or_else(|| transition::between_phases(view)) {
        let summary = match start.on {
            Some(day) => format!("On no roll; a place starts on {day}."),
            None => "On no roll; a place or the next phase has not begun yet.".to_owned(),
        };
        return Some(Found {
            grade: Some(Grade::InTransition),
            due: start.on,
            owner: "admissions",
            summary,
            ..with(found, [start.record])
        });
    }
    if let Some(reason) = explain::first(view) {
        let found = with(found, reason.evidence);
        return Some(Found {
            grade: Some(Grade::Explained),
            reason: Some(reason.name),
            base: 4,
            due: reason.due,
            owner: reason.owner,
            summary: reason.summary,
            ..found
        });
    }
    let due = view.act_by(since);
    let (grade, base, summary) = match residence.fresh_sources {
        1 => (Grade::Probable, 3, "On no roll; one fresh source places the child here.".to_owned()),
        n => (Grade::Missing, 2, format!("On no roll; {n} fresh sources place the child here, and nothing explains it.")),
    };
    Some(Found { grade: Some(grade), base, due, summary, ..found })
}

fn with(mut found: Found, evidence: impl IntoIterator<Item = RecordId>) -> Found {
    found.evidence.extend(evidence);
    found
}

/// The day on which the child was first without provision, as far as anything is dated.
fn since(view: &ChildView<'_>) -> NaiveDate {
    let mut dated: Option<NaiveDate> = view.spells.first().map(|spell| spell.leaving);
    dated = dated.max(view.residence().best.and_then(|best| best.from));
    for held in view.current() {
        let after = |last: Option<NaiveDate>| last.filter(|to| *to < view.as_of).and_then(|to| to.succ_opt());
        dated = dated.max(held.record.eotas.as_ref().and_then(|e| after(e.to)));
        if let Some(he) = &held.record.home_education {
            let unsuitable = he.assessed.filter(|day| he.suitability == Suitability::Unsuitable && *day <= view.as_of);
            dated = dated.max(after(he.to)).max(unsuitable);
        }
    }
    let begin = view.dob.map(|dob| age::compulsory_school_age(dob).0).filter(|begin| *begin <= view.as_of);
    let undated = begin.unwrap_or(NaiveDate::MIN).max(calendar::school_year_start(view.as_of));
    // Before compulsory school age nothing was missing.
    dated.map_or(undated, |day| day.max(begin.unwrap_or(day)))
}
