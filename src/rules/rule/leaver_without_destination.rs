//! `leaver-without-destination`: a pupil of compulsory school age was removed from the roll of a school of this authority, and
//! the fact that the ground asks for is not on record. School Attendance (Pupil Registration) (England) Regulations 2024,
//! SI 2024/208, reg 9(1): each ground has its own fact, and who confirms it: (a) the new school, (f) the parent's written
//! notice, (g) the new address. (h) and (i) are for pupils who could not be found; (j) to (m) and (o) need no destination.
//!
//! - since: the removal. due: five days after it, the time in which a new school reports a joiner (reg 13).
//! - priority: 3 before factors. Owner: school.

use chrono::{Days, NaiveDate};
use schema::provision::Suitability;
use schema::{Removal, RemovalScheme};

use super::Rule;
use super::leaver_without_ground::{due, fault};
use crate::residence;
use crate::spell::Spell;
use crate::transition;
use crate::urgency::Found;
use crate::view::ChildView;

pub(super) const RULE: Rule = Rule {
    name: "leaver-without-destination",
    about: "removed from roll this school year, and where to (or what the ground asks for) is not confirmed",
    look,
};

/// What a ground asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    /// Registration at a new school, which has five days to report it: 9(1)(a).
    NewSchool,
    /// Registration at another school: 9(1)(c), (d), (n).
    OtherSchool,
    /// Education that is arranged: 9(1)(e).
    Provision,
    /// The parent's written notice: 9(1)(f).
    Notice,
    /// The new address: 9(1)(g).
    Address,
    /// Nothing: 9(1)(b), (h) to (m), (o).
    Nothing,
    /// There is no lawful ground: the pupil is to be located.
    Located,
}

impl Fact {
    fn of(removal: Option<&Removal>, leaving: NaiveDate) -> Fact {
        let Some(removal) = removal.filter(|_| fault(removal, leaving).is_none()) else { return Fact::Located };
        match (removal.scheme, removal.letter()) {
            (Some(RemovalScheme::Regs2024), Some('a')) | (Some(RemovalScheme::Regs2006), Some('b')) => Fact::NewSchool,
            (Some(RemovalScheme::Regs2024), Some('c' | 'd' | 'n')) | (Some(RemovalScheme::Regs2006), Some('c' | 'l')) => Fact::OtherSchool,
            (Some(RemovalScheme::Regs2024), Some('e')) | (Some(RemovalScheme::Regs2006), Some('a')) => Fact::Provision,
            (Some(RemovalScheme::Regs2024), Some('f')) | (Some(RemovalScheme::Regs2006), Some('d')) => Fact::Notice,
            (Some(RemovalScheme::Regs2024), Some('g')) | (Some(RemovalScheme::Regs2006), Some('e')) => Fact::Address,
            _ => Fact::Nothing,
        }
    }
}

fn look(view: &ChildView<'_>) -> Option<Found> {
    if view.on_roll {
        return None;
    }
    let (spell, reason) = view.leavers().find_map(|spell| Some((spell, open_question(view, spell)?)))?;
    if is_found(view) {
        return None;
    }
    let school = spell.school.map(|s| s.to_string()).unwrap_or_default();
    let what = match reason {
        "new-school-not-confirmed" => "the destination has not confirmed it",
        "no-provision-arranged" => "no education is arranged",
        "no-written-notice" => "no written notice of home education is on record",
        "no-new-address" => "no new address is on record",
        _ => "no destination is on record",
    };
    Some(Found {
        grade: None,
        reason: Some(reason),
        base: 3,
        since: spell.leaving,
        due: due(spell.leaving),
        owner: "school",
        evidence: spell.records.clone(),
        summary: format!("Removed from the roll of {school} on {}; {what}.", spell.leaving),
    })
}

/// Whether it is known what became of the child, whatever the ground.
fn is_found(view: &ChildView<'_>) -> bool {
    let with_notice = || view.home_education().is_some_and(|(_, he)| he.notice.is_some());
    view.has_eotas() || view.has_died() || with_notice() || transition::start_to_come(view).is_some()
}

/// What is not confirmed of one removal.
fn open_question(view: &ChildView<'_>, spell: &Spell<'_>) -> Option<&'static str> {
    let to_confirm = if spell.destination_named() { "new-school-not-confirmed" } else { "no-destination" };
    match Fact::of(spell.removal, spell.leaving) {
        Fact::Nothing => None,
        Fact::NewSchool if spell.destination_named() && view.as_of <= view.joiner_deadline(spell) => None,
        Fact::NewSchool | Fact::OtherSchool => Some(to_confirm),
        Fact::Provision => {
            let home_educated = view.home_education().is_some_and(|(_, he)| he.suitability != Suitability::Unsuitable);
            (!home_educated).then_some("no-provision-arranged")
        }
        Fact::Notice => (!has_notice(view, spell.leaving)).then_some("no-written-notice"),
        Fact::Address => (!spell.destination_named() && !has_moved(view, spell.leaving)).then_some("no-new-address"),
        Fact::Located => {
            let confirmed = |moved: &schema::provision::MovedAway| moved.confirmed.is_some_and(|day| day <= view.as_of);
            let located = view.current().filter_map(|held| held.record.moved_away.as_ref()).any(confirmed);
            (!located).then_some(to_confirm)
        }
    }
}

/// A written notice of home education that had not ended when the pupil left.
fn has_notice(view: &ChildView<'_>, leaving: NaiveDate) -> bool {
    let homes = view.current().filter_map(|held| held.record.home_education.as_ref());
    homes.into_iter().any(|he| he.notice.is_some() && he.to.is_none_or(|to| to >= leaving))
}

/// A usable address that begins around the removal or later, or a reported move out of the area.
fn has_moved(view: &ChildView<'_>, leaving: NaiveDate) -> bool {
    let days = Days::new(u64::from(view.council.settings.new_address_days));
    let earliest = leaving.checked_sub_days(days).unwrap_or(NaiveDate::MIN);
    let speaking = view.child.records.iter().filter(|held| residence::speaks(view.council, held, view.as_of));
    speaking.into_iter().any(|held| {
        let new = |address: &schema::Address| {
            address.is_usable() && address.holds_on(view.as_of) && address.from.is_some_and(|from| from >= earliest)
        };
        held.record.addresses.iter().any(new)
    }) || view.current().any(|held| held.record.moved_away.is_some())
}
