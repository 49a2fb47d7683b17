//! The records that were learnt: facets in their chains, the streams they are from, the names they bear.

use rustc_hash::FxHashMap;
use schema::ChildId;

use crate::Arrival;
use crate::features::{Given, Home};
pub(crate) use crate::index::NONE;
use crate::index::{ADOPTED, Chain, FIRST, FORMER_NAME, FORMER_UPN, Facet, Index, KEY, SOURCE_ID};
use crate::names::Names;

/// All records.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) names: Names,
    index: Index,
    /// Stream number as given → place in `sources`.
    streams: FxHashMap<u32, u32>,
    sources: Vec<u32>,
    len: usize,
}

impl Records {
    pub(crate) fn with_capacity(records: usize) -> Records {
        Records { index: Index::with_capacity(records), ..Records::default() }
    }

    /// Our number of a stream, and its source; `None` if nothing was learnt from it.
    pub(crate) fn known_stream(&self, stream: u32) -> Option<(u32, u32)> {
        let ours = *self.streams.get(&stream)?;
        Some((ours, self.sources.get(ours as usize).copied()?))
    }

    /// As [`Records::known_stream`]; an unknown stream has no number yet, and the source it comes with.
    pub(crate) fn stream(&self, arrival: &Arrival) -> (u32, u32) {
        self.known_stream(arrival.stream).unwrap_or((NONE, arrival.source))
    }

    /// As [`Records::known_stream`]; an unknown stream gets its number.
    pub(crate) fn stream_or_new(&mut self, arrival: &Arrival) -> (u32, u32) {
        if let Some(known) = self.known_stream(arrival.stream) {
            return known;
        }
        let ours = self.sources.len() as u32;
        self.streams.insert(arrival.stream, ours);
        self.sources.push(arrival.source);
        (ours, arrival.source)
    }

    /// The record of that key in that stream, or [`NONE`].
    pub(crate) fn find(&self, stream: u32, key: u64) -> u32 {
        if stream == NONE {
            return NONE;
        }
        let is_it = |at: &u32| {
            let facet = self.index.facet(*at);
            facet.is(KEY) && facet.stream == stream
        };
        self.index.sharing(Chain::Key, [key, 0]).find(is_it).unwrap_or(NONE)
    }

    pub(crate) fn facet(&self, at: u32) -> &Facet {
        self.index.facet(at)
    }

    pub(crate) fn source(&self, at: u32) -> u32 {
        self.sources.get(self.facet(at).stream as usize).copied().unwrap_or(NONE)
    }

    pub(crate) fn child(&self, at: u32) -> ChildId {
        ChildId(self.facet(at).child)
    }

    /// The first facet of the record that a facet is of.
    pub(crate) fn first(&self, mut at: u32) -> u32 {
        while !self.facet(at).is(FIRST) && at != NONE {
            at = self.facet(at).more;
        }
        at
    }

    /// The facets of a record, from its first one.
    pub(crate) fn facets(&self, first: u32) -> impl Iterator<Item = (u32, &Facet)> {
        let next = move |at: &u32| Some(self.facet(*at).more).filter(|more| *more != first && *more != NONE);
        std::iter::successors(Some(first), next).map(|at| (at, self.facet(at)))
    }

    /// Facets that share something, newest first.
    pub(crate) fn sharing(&self, chain: Chain, shared: [u64; 2]) -> impl Iterator<Item = u32> + '_ {
        self.index.sharing(chain, shared)
    }

    /// First facets of the records of a child, newest first.
    pub(crate) fn of_child(&self, child: ChildId) -> impl Iterator<Item = u32> + '_ {
        self.index.sharing(Chain::Child, [child.0 as u64, 0])
    }

    /// Takes a record in, in place of one of the same stream and key.
    pub(crate) fn learn(&mut self, stream: u32, given: &Given, child: ChildId) {
        let old = self.find(stream, given.key);
        if old != NONE && self.overwrite(old, given, child) {
            return;
        }
        if old != NONE {
            self.remove(old);
        }
        self.insert(stream, given, child);
    }

    /// Most records told again say the same of who the child is: then they stay where they are in all chains.
    fn overwrite(&mut self, first: u32, given: &Given, child: ChildId) -> bool {
        let stream = self.facet(first).stream;
        let count = facets_of(given);
        let mut at = first;
        for i in 0..count {
            if !self.facet(at).shares_as(&facet_of(given, i, stream, child)) {
                return false;
            }
            at = self.facet(at).more;
            if (at == first) != (i + 1 == count) {
                return false;
            }
        }
        for i in 0..count {
            let new = facet_of(given, i, stream, child);
            self.index.change(at, |facet| facet.say(new));
            at = self.facet(at).more;
        }
        true
    }

    fn insert(&mut self, stream: u32, given: &Given, child: ChildId) {
        let (mut first, mut last) = (NONE, NONE);
        for i in 0..facets_of(given) {
            let mut facet = facet_of(given, i, stream, child);
            facet.more = first;
            let at = self.index.add(facet);
            if i == 0 {
                first = at;
                self.index.change(at, |f| f.more = at);
            } else {
                self.index.change(last, |f| f.more = at);
            }
            last = at;
            Chain::ALL.into_iter().for_each(|chain| self.index.attach(at, chain));
        }
        self.len += 1;
    }

    /// Takes a record out, with all that led to it.
    pub(crate) fn remove(&mut self, first: u32) {
        let mut at = first;
        loop {
            let more = self.facet(at).more;
            Chain::ALL.into_iter().for_each(|chain| self.index.detach(at, chain));
            self.index.release(at);
            if more == first || more == NONE {
                break;
            }
            at = more;
        }
        self.len -= 1;
    }

    /// Makes a record one of another child.
    pub(crate) fn move_to(&mut self, first: u32, child: ChildId) {
        self.index.detach(first, Chain::Child);
        let mut at = first;
        loop {
            self.index.change(at, |f| f.child = child.0);
            at = self.facet(at).more;
            if at == first || at == NONE {
                break;
            }
        }
        self.index.attach(first, Chain::Child);
    }

    /// Makes all records of one child records of another.
    pub(crate) fn rejoin(&mut self, from: ChildId, to: ChildId) {
        let all: Vec<u32> = if from == to { Vec::new() } else { self.of_child(from).collect() };
        // Oldest first, so that they stay in order.
        all.into_iter().rev().for_each(|at| self.move_to(at, to));
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn bytes(&self) -> usize {
        self.index.bytes() + self.names.bytes()
    }

    #[cfg(test)]
    pub(crate) fn audit(&self) -> (usize, [usize; 4]) {
        self.index.audit()
    }
}

/// The source id, where it is not the key.
fn own_id(given: &Given) -> Option<u64> {
    given.source_id.filter(|id| *id != given.key)
}

/// How many facets an arrival needs.
fn facets_of(given: &Given) -> usize {
    let keys = 1 + usize::from(own_id(given).is_some());
    keys.max(given.names.len()).max(given.identifiers.len()).max(given.homes.len())
}

/// The i-th key, name, identifier and home of an arrival. Extra facets carry what the first has no room for.
fn facet_of(given: &Given, i: usize, stream: u32, child: ChildId) -> Facet {
    let mut facet = Facet::BLANK;
    facet.stream = stream;
    facet.child = child.0;
    facet.dob = given.dob;
    facet.flags = if given.adopted { ADOPTED } else { 0 };
    if i == 0 {
        facet.key = given.key;
        facet.flags |= FIRST | KEY | if given.source_id == Some(given.key) { SOURCE_ID } else { 0 };
    } else if let (1, Some(id)) = (i, own_id(given)) {
        facet.key = id;
        facet.flags |= SOURCE_ID;
    }
    if let Some(name) = given.names.get(i) {
        (facet.forename, facet.surname) = name.numbers;
        facet.flags |= if name.former { FORMER_NAME } else { 0 };
    }
    if let Some(identifier) = given.identifiers.get(i) {
        facet.identifier = identifier.packed;
        facet.flags |= if identifier.former { FORMER_UPN } else { 0 };
    }
    facet.home = given.homes.get(i).copied().unwrap_or(Home::NONE);
    facet
}
