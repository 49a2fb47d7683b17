//! Who must be told where a child lives now: the newest change of address that holds, and the schools that do not know of it.
//!
//! The duty is the authority's own (Education Act 1996 s436A: to know where children are and where they are educated; Children
//! Act 2004 s10: schools and authority co-operate); a notice of temporary accommodation goes to the school in the same way. Who is
//! told and what follows from the agreements is not decided here.
//!
//! - **Which change.** The newest with its day not after `as_of`, of records that are not gone; of two on one day the one in the
//!   later record. A dated change comes before one without a day, which counts from the day on which it was told. If the newest
//!   gives no usable address (left the area for somewhere unknown), or one that has ended, nobody is told of it, nor of an older one.
//! - **Current address only.** If any source has a usable address elsewhere that began later, the change is overtaken.
//! - **Which schools.** Those on whose roll the child is, and the open bases of schools that have never sent a list. A guest
//!   is on no roll.
//! - **Who knows.** A school of which a record of its own has the place, begun or to begin and not ended; or that was told of it
//!   last. A school that was told of a move away and holds the address before it still, or again, is told of the return.
//! - A child who has died is never told about. A restricted child is found, and it is marked so: a person decides.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schema::provision::AddressChange;
use schema::{Address, Laestab, RecordId};

use crate::base;
use crate::council::{ChildFile, Council, Held};
use crate::registration;
use crate::residence;
use crate::view;

/// A change of address, and the schools that do not know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Whether a person must decide: the child is restricted, by a record or by a person.
    pub restricted: bool,
    /// Day of the move.
    pub moved: NaiveDate,
    /// Where the child lives now, with the day of the move as its first where the source gives none.
    pub address: Address,
    /// The change as it was reported.
    pub change: AddressChange,
    /// The record it stands in.
    pub record: RecordId,
    /// Schools that do not know; at least one, sorted.
    pub schools: Vec<Laestab>,
    /// The change's record and those that put the child at the schools, sorted.
    pub evidence: Vec<RecordId>,
}

/// One change, with the day from which it counts.
#[derive(Clone, Copy)]
struct Move<'a> {
    day: NaiveDate,
    held: &'a Held,
    change: &'a AddressChange,
}

/// Whether any record reports a change of address. Of nearly all children none does.
pub(crate) fn is_any_change(records: &[Held]) -> bool {
    records.iter().any(|held| !held.record.address_changes.is_empty())
}

/// Which schools must be told that the child has moved; `None` = none.
pub fn untold(council: &Council, child: &ChildFile<'_>, as_of: NaiveDate) -> Option<Untold> {
    if !is_any_change(child.records) || view::has_died(child.records) {
        return None;
    }
    let newest = moves(child.records, as_of).max_by_key(|m| (m.change.moved.is_some(), m.day, m.held.id))?;
    let to = newest.change.to.as_ref().filter(|to| to.is_usable() && is_not_ended(to, as_of))?;
    if is_overtaken(council, child.records, &newest, to, as_of) {
        return None;
    }
    let mut schools: BTreeMap<Laestab, BTreeSet<RecordId>> = BTreeMap::new();
    let registered = registration::open(council, child.records, as_of).filter_map(|word| Some((word.held.id, word.enrolment.school?)));
    for (record, school) in registered.chain(base::without_list(council, child.records, as_of)) {
        schools.entry(school).or_default().insert(record);
    }
    let was_left =
        moves(child.records, as_of).any(|m| is_earlier(&m, &newest) && m.change.from.as_ref().is_some_and(|from| is_known_as(from, to)));
    schools.retain(|school, _| !knows(council, child, *school, to, was_left, as_of));
    if schools.is_empty() {
        return None;
    }
    let evidence: BTreeSet<RecordId> = schools.values().flatten().copied().chain([newest.held.id]).collect();
    Some(Untold {
        restricted: child.restricted || child.records.iter().any(|held| held.record.restriction.is_some()),
        moved: newest.day,
        address: Address { from: to.from.or(Some(newest.day)), ..to.clone() },
        change: newest.change.clone(),
        record: newest.held.id,
        schools: schools.into_keys().collect(),
        evidence: evidence.into_iter().collect(),
    })
}

/// All changes that have come, of records that are not gone.
fn moves(records: &[Held], as_of: NaiveDate) -> impl Iterator<Item = Move<'_>> {
    let current = records.iter().filter(move |held| view::is_current(held, as_of));
    current
        .flat_map(|held| {
            held.record.address_changes.iter().map(move |change| Move { day: change.moved.unwrap_or(held.told), held, change })
        })
        .filter(move |m| m.day <= as_of)
}

fn is_earlier(one: &Move<'_>, newest: &Move<'_>) -> bool {
    !std::ptr::eq(one.change, newest.change) && one.day <= newest.day
}

/// Whether a source has the child at another place since a later day.
fn is_overtaken(council: &Council, records: &[Held], newest: &Move<'_>, to: &Address, as_of: NaiveDate) -> bool {
    records.iter().filter(|held| residence::speaks(council, held, as_of)).flat_map(|held| &held.record.addresses).any(|address| {
        address.is_usable() && address.holds_on(as_of) && address.from.is_some_and(|from| from > newest.day) && !is_known_as(address, to)
    })
}

fn knows(council: &Council, child: &ChildFile<'_>, school: Laestab, to: &Address, was_left: bool, as_of: NaiveDate) -> bool {
    let told = child.told.iter().rev().find(|told| told.school == school);
    if told.is_some_and(|told| is_known_as(&told.address, to)) {
        return true;
    }
    // The school still has the address before the move of which it was told: that is not word of the return.
    if told.is_some() && was_left {
        return false;
    }
    let own = child.records.iter().filter(|held| view::is_current(held, as_of) && council.is_of_school(held, school));
    own.flat_map(|held| &held.record.addresses).any(|address| is_not_ended(address, as_of) && is_known_as(address, to))
}

fn is_not_ended(address: &Address, as_of: NaiveDate) -> bool {
    address.to.is_none_or(|last| as_of <= last)
}

/// Whether who has the one address knows the other. Of an address that says no more than its postcode, the postcode is all
/// that can be known.
fn is_known_as(held: &Address, to: &Address) -> bool {
    held.is_same_place(to) || (!to.is_same_place(to) && to.postcode.is_some() && held.postcode == to.postcode)
}
