//! `leaver-without-ground`: a pupil of compulsory school age was removed from the roll of a school of this authority without a
//! lawful ground. School Attendance (Pupil Registration) (England) Regulations 2024, SI 2024/208, reg 9(1): from 19 August 2024
//! a name may be deleted on the grounds (a) to (o) only, and reg 9(3) is for pupils not of compulsory school age; before that day
//! the Education (Pupil Registration) (England) Regulations 2006, SI 2006/1751, reg 8(1). It opens even if the child is found
//! elsewhere: a wrong deletion stays wrong.
//!
//! - since: the removal. due: five days after it (policy; the authority is to be told no later than the deletion, reg 13).
//! - priority: 3 before factors. Owner: school.

use chrono::{Days, NaiveDate};
use schema::codes::ground;
use schema::{Removal, RemovalScheme};

use super::Rule;
use crate::urgency::Found;
use crate::view::ChildView;

pub(super) const RULE: Rule =
    Rule { name: "leaver-without-ground", about: "removed from roll this school year without a lawful ground", look };

fn look(view: &ChildView<'_>) -> Option<Found> {
    let (spell, reason) = view.leavers().find_map(|spell| Some((spell, fault(spell.removal, spell.leaving)?)))?;
    if view.has_died() {
        return None;
    }
    let what = match reason {
        "none" => "no reason given",
        "words-only" => "a reason in words that names no ground",
        "2006-ground" => "a ground of the regulations of 2006, which ended on 18 August 2024",
        "9-3-of-compulsory-age" => "reg 9(3), which is not for a pupil of compulsory school age",
        _ => "a ground of the regulations of 2024 before they began",
    };
    let school = spell.school.map(|s| s.to_string()).unwrap_or_default();
    Some(Found {
        grade: None,
        reason: Some(reason),
        base: 3,
        since: spell.leaving,
        due: due(spell.leaving),
        owner: "school",
        evidence: spell.records.clone(),
        summary: format!("Removed from the roll of {school} on {} with {what}.", spell.leaving),
    })
}

pub(super) fn due(leaving: NaiveDate) -> Option<NaiveDate> {
    leaving.checked_add_days(Days::new(5))
}

/// Why a removal of a pupil of compulsory school age has no lawful ground; `None` if it has one.
pub(super) fn fault(removal: Option<&Removal>, leaving: NaiveDate) -> Option<&'static str> {
    let Some(removal) = removal.filter(|removal| !removal.is_empty()) else { return Some("none") };
    let Some(scheme) = removal.scheme.filter(|_| !removal.ground.is_empty()) else { return Some("words-only") };
    match (scheme, ground::in_force(leaving)) {
        (RemovalScheme::Regs2024, RemovalScheme::Regs2006) => Some("2024-ground-before-commencement"),
        (RemovalScheme::Regs2006, RemovalScheme::Regs2024) => Some("2006-ground"),
        (RemovalScheme::Regs2024, RemovalScheme::Regs2024) if removal.ground.starts_with("9(3)") => Some("9-3-of-compulsory-age"),
        _ => ground::meaning(scheme, &removal.ground).is_none().then_some("words-only"),
    }
}
