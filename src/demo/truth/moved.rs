//! A child moved, and at the end of the night a school does not know where to.

use super::{Found, died, ends_by_today};
use crate::council::Council;
use crate::days::today;
use crate::housing::Move;
use crate::life::{Life, Spot};
use crate::school::List;

/// The words by which ONE's alert column says that an address is protected.
pub(crate) const PROTECTED: &str = "Protected Address";

/// The schools that must hear of a move.
#[derive(Debug, Default)]
pub(crate) struct Untold {
    /// They are told this night.
    pub told: Vec<usize>,
    /// They are not: nobody may tell them, or the way there does not work, or a person has to decide.
    pub left: Vec<usize>,
    /// The child is protected.
    pub restricted: bool,
}

/// `address-not-known-at-school`: what is left of it when every school that may be told, and can be, was told.
pub(super) fn finding(council: &Council, listed: &[bool], life: &Life) -> Option<Found> {
    let untold = untold(council, listed, life)?;
    let reason = untold.restricted.then_some("restricted");
    (!untold.left.is_empty()).then_some(Found { rule: "address-not-known-at-school", grade: None, reason })
}

/// Who must hear of the child's move, if there was one.
pub(crate) fn untold(council: &Council, listed: &[bool], life: &Life) -> Option<Untold> {
    let change = council.move_of(life).filter(|change| change.on <= today() && !died(life))?;
    let to = change.to.filter(|to| !is_overtaken(council, life, change, *to))?;
    let restricted = change.protected || life.one.as_ref().and_then(|one| one.alert).is_some_and(|(alert, _)| alert == PROTECTED);
    let is_told = |school: &usize| !restricted && council.schools[*school].sharing.is_told();
    let (told, left) = schools(listed, life, to).into_iter().partition(is_told);
    Some(Untold { told, left, restricted })
}

/// Whether another source has a dwelling of a later date: then that one is the present address, and what housing said is old.
fn is_overtaken(council: &Council, life: &Life, change: &Move, to: u32) -> bool {
    let housing = council.list(List::Housing);
    super::sight::sights(council, life).into_iter().filter(|s| s.source != housing).any(|s| {
        let later = s.seen.from.is_some_and(|from| change.on < from && from <= today());
        later && s.seen.spot.dwelling().is_some_and(|dwelling| dwelling != to)
    })
}

/// The schools on whose roll the child is and which have another address: by their own word, or by a base in ONE where the
/// school has sent nothing.
fn schools(listed: &[bool], life: &Life, to: u32) -> Vec<usize> {
    let knows = |spot: Spot| spot.dwelling() == Some(to);
    let open = life.registrations.iter().filter(|r| r.status != 'G' && r.entry <= today() && !ends_by_today(r));
    let mut schools: Vec<usize> = open.filter(|r| !knows(r.seen.spot)).map(|r| r.school).collect();
    let base = life.one.as_ref().and_then(|one| one.base.as_ref());
    schools.extend(base.filter(|b| b.start <= today() && b.end.is_none_or(|end| end > today()) && !listed[b.school]).map(|b| b.school));
    schools
}
