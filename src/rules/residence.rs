//! Where the child lives on a day, and which sources say so.
//!
//! Education Act 1996 s436A asks for children who live in the authority's area. The newest dated address wins, not the
//! newest file; an undated one counts from the day on which it was told, in the record of a pupil who left from the leaving.
//!
//! Where the newest dated address has a postcode of which `area.csv` says nothing, and its source names no authority either, the
//! child does not live at an older address any more, and it is not known which authority must look: no address counts. A move
//! out of the area that is confirmed answers that question already.

use std::cmp::Reverse;

use chrono::NaiveDate;
use schema::{Address, LaCode, RecordId};

use crate::council::{Council, Held, Kind};
use crate::registration::{self, Standing};

/// An address that says which authority the child lives in.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub(crate) held: &'a Held,
    pub(crate) authority: LaCode,
    /// First day of the address, where dated.
    pub(crate) from: Option<NaiveDate>,
    /// Day of which what the record says is the state.
    pub(crate) state_of: NaiveDate,
    kind: Kind,
}

/// Dated before undated, the later first day; of undated ones the later told; then the more trusted record.
type Order = (Option<NaiveDate>, Option<NaiveDate>, Reverse<Kind>, Reverse<RecordId>);

impl Placed<'_> {
    fn order(&self) -> Order {
        let told = self.from.is_none().then_some(self.state_of);
        (self.from, told, Reverse(self.kind), Reverse(self.held.id))
    }
}

/// Where the child lives.
#[derive(Default)]
pub(crate) struct Residence<'a> {
    /// The address that counts; `None` = no usable address, or the newest lies nobody knows where.
    pub(crate) best: Option<Placed<'a>>,
    /// No address counts, for a usable one lies in an authority that cannot be told.
    pub(crate) is_unplaced: bool,
    /// The best address of each record that places the child in the area, by record id.
    pub(crate) here: Vec<Placed<'a>>,
    /// How many sources place the child in the area and are not too old; two files of one source are one.
    pub(crate) fresh_sources: usize,
}

/// Works out the residence on a day.
pub(crate) fn residence<'a>(council: &Council, records: &'a [Held], as_of: NaiveDate) -> Residence<'a> {
    let mut residence = Residence::default();
    for held in records.iter().filter(|held| speaks(council, held, as_of)) {
        let Some(placed) = best_of(council, records, held, as_of) else { continue };
        if residence.best.is_none_or(|best| placed.order() > best.order()) {
            residence.best = Some(placed);
        }
        if placed.authority == council.authority {
            residence.here.push(placed);
        }
    }
    if is_unplaced(council, records, as_of, residence.best) {
        residence.best = None;
        residence.is_unplaced = true;
    }
    residence.here.sort_unstable_by_key(|placed| placed.held.id);
    let mut fresh: Vec<&str> =
        residence.here.iter().filter(|p| council.is_fresh(p.held, p.state_of, as_of)).map(|p| council.source(p.held)).collect();
    fresh.sort_unstable();
    fresh.dedup();
    residence.fresh_sources = fresh.len();
    residence
}

/// Whether a record says anything of the present: current, or gone from a full roll (the pupil left, the address stays known).
pub(crate) fn speaks(council: &Council, held: &Held, as_of: NaiveDate) -> bool {
    held.gone.is_none_or(|gone| gone > as_of) || council.is_full_roll(held)
}

/// The best usable address of one record on a day.
fn best_of<'a>(council: &Council, records: &[Held], held: &'a Held, as_of: NaiveDate) -> Option<Placed<'a>> {
    let usable = held.record.addresses.iter().filter(|address| address.is_usable() && address.holds_on(as_of));
    let mut best: Option<(&Address, LaCode)> = None;
    for address in usable {
        let Some(authority) = authority(council, records, held, address) else { continue };
        // Of equals the one that the record gives first.
        if best.is_none_or(|(known, _)| address.from > known.from) {
            best = Some((address, authority));
        }
    }
    let (address, authority) = best?;
    let kind = council.kind(held);
    let told = held.gone.filter(|gone| *gone <= as_of).unwrap_or(held.told);
    let state_of = left(council, held, as_of).map_or(told, |leaving| leaving.min(told));
    Some(Placed { held, authority, from: address.from, state_of, kind })
}

/// The authority by the postcode; where that cannot be told, as the record names it, or as another record with the same
/// property number lets know.
fn authority(council: &Council, records: &[Held], held: &Held, address: &Address) -> Option<LaCode> {
    let by_area = |a: &Address| a.postcode.and_then(|postcode| council.area.authority(postcode));
    by_area(address).or(held.record.home_authority).or_else(|| {
        let uprn = address.uprn.filter(|_| address.postcode.is_none())?;
        let same = |a: &&Address| a.uprn == Some(uprn);
        let mut found: Vec<(RecordId, LaCode)> =
            records.iter().flat_map(|h| h.record.addresses.iter().filter(same).filter_map(move |a| Some((h.id, by_area(a)?)))).collect();
        found.sort_unstable();
        found.first().map(|(_, authority)| *authority)
    })
}

/// Whether an address with a postcode outside all that is known is dated later than the best of the others; where there is no
/// other, whether there is one at all. A property number without a postcode may well be the place that others give: it does not count.
fn is_unplaced(council: &Council, records: &[Held], as_of: NaiveDate, best: Option<Placed<'_>>) -> bool {
    let confirmed = |held: &Held| held.record.moved_away.as_ref().is_some_and(|m| m.confirmed.is_some_and(|day| day <= as_of));
    if best.is_some() && records.iter().any(|held| held.gone.is_none_or(|gone| gone > as_of) && confirmed(held)) {
        return false;
    }
    let unknown = |held: &Held, address: &Address| address.postcode.is_some() && authority(council, records, held, address).is_none();
    records.iter().filter(|held| speaks(council, held, as_of)).any(|held| {
        held.record
            .addresses
            .iter()
            .any(|address| best.is_none_or(|best| address.from > best.from) && address.holds_on(as_of) && unknown(held, address))
    })
}

/// The leaving, if this is a school's record (or a roll list's) and all its enrolments have ended.
fn left(council: &Council, held: &Held, as_of: NaiveDate) -> Option<NaiveDate> {
    if !council.kind(held).is_roll() {
        return None;
    }
    let words = registration::words(council, std::slice::from_ref(held), as_of);
    let (mut ended, mut newest) = (0, None);
    for word in words {
        if word.standing == Standing::Open {
            return None;
        }
        ended += 1;
        newest = newest.max(word.leaving());
    }
    newest.filter(|_| ended == held.record.enrolments.len())
}
