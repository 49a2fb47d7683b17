//! Who says where the child lives, and whether what they say is still fresh.

use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::council::Council;
use crate::days::{ago, today};
use crate::life::{Life, Seen, Spot, Told};
use crate::school::List;
use crate::town::{HOME, La, NOT_IN_AREA};

/// Date of the export before the newest one, at schools that send two.
pub(crate) fn last_export() -> NaiveDate {
    ago(7)
}

/// One source's word on where the child lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight {
    pub source: usize,
    pub seen: Seen,
    /// For order among undated addresses, and for freshness.
    pub told: NaiveDate,
}

/// All that is said of the child's address.
pub(crate) fn sights(council: &Council, life: &Life) -> Vec<Sight> {
    let list = |list: List| council.list(list);
    let of = |source: usize, seen: Seen| Sight { source, seen, told: council.sources[source].told };
    let mut all = Vec::new();
    all.extend(life.one.as_ref().map(|one| of(list(List::One), one.seen)));
    all.extend(life.health.iter().map(|h| of(h.source, h.seen)));
    all.extend(life.ehe.as_ref().map(|h| of(list(List::Ehe), h.seen)));
    all.extend(life.send.as_ref().map(|s| of(list(List::Send), s.seen)));
    all.extend(life.offer.as_ref().map(|o| of(list(List::Offers), o.seen)));
    if let Some((change, to)) = council.move_of(life).and_then(|change| Some((change, change.to?))) {
        all.push(of(list(List::Housing), Seen { spot: Spot::Dwelling(to), from: Some(change.on) }));
    }
    for r in &life.registrations {
        let mut sight = of(council.schools[r.school].source, r.seen);
        // What a school says of a pupil who has left is as old as the leaving.
        if let Some(leaving) = r.leaving.filter(|day| *day <= today()) {
            sight.told = sight.told.min(leaving);
        }
        if r.told == Told::Gone {
            sight.told = last_export();
        }
        all.push(sight);
    }
    all
}

/// The authority of a usable address that holds today.
fn place(council: &Council, seen: Seen) -> Option<La> {
    let dwelling = seen.spot.dwelling()?;
    let la = council.town.at(dwelling).1.la;
    (la != NOT_IN_AREA && seen.from.is_none_or(|from| from <= today())).then_some(la)
}

/// The authority in which the child lives by its best address: the newest dated one, else the one told last. Where the newest
/// dated one lies beyond what `area.csv` knows, the child lives at no older one any more.
pub(crate) fn authority(council: &Council, life: &Life) -> Option<La> {
    let sights = sights(council, life);
    let usable = sights.iter().filter_map(|s| place(council, s.seen).map(|la| (s, la)));
    let (best, la) = usable.min_by_key(|(s, _)| (s.seen.from.is_none(), Reverse(s.seen.from), Reverse(s.told)))?;
    let beyond = |s: &Sight| s.seen.spot.dwelling().is_some_and(|dwelling| council.town.at(dwelling).1.la == NOT_IN_AREA);
    let later = |s: &Sight| s.seen.from > best.seen.from && s.seen.from <= Some(today());
    (!sights.iter().any(|s| beyond(s) && later(s))).then_some(la)
}

/// How many sources whose word is fresh place the child in the council's area.
pub(crate) fn fresh_sources(council: &Council, life: &Life) -> usize {
    let mut sources: Vec<usize> = sights(council, life)
        .into_iter()
        .filter(|s| place(council, s.seen) == Some(HOME))
        .filter(|s| council.sources[s.source].max_age.is_none_or(|max| (today() - s.told).num_days() <= max))
        .map(|s| s.source)
        .collect();
    sources.sort_unstable();
    sources.dedup();
    sources.len()
}
