//! The facets of all records, chained by what they share: key, identifier, name and birth date, child.
//! A chain is found by the 64-bit hash of what is shared, and every hit is compared in full.

use crate::features::Home;
use crate::names::{EMPTY, UNKNOWN};
pub(crate) use crate::table::NONE;
use crate::table::Table;

/// How many entries of a block of alike records are looked at. A block that is larger is never joined into
/// automatically: its records wait for a person.
pub const BLOCK: usize = 128;

/// No birth date.
pub(crate) const NO_DOB: i32 = i32::MIN;

/// What entries of one chain share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chain {
    /// The installation, and a key or source id there.
    Key = 0,
    /// UPN (also former), NHS number or ULN.
    Identifier = 1,
    /// Forename, surname and birth date.
    Name = 2,
    /// The child. Only first facets are in it.
    Child = 3,
}

impl Chain {
    pub(crate) const ALL: [Chain; 4] = [Chain::Key, Chain::Identifier, Chain::Name, Chain::Child];
}

/// The first facet of a record.
pub(crate) const FIRST: u32 = 1;
/// `key` names the record in its stream.
pub(crate) const KEY: u32 = 2;
/// `key` is the source id.
pub(crate) const SOURCE_ID: u32 = 4;
/// The identifier is a former one.
pub(crate) const FORMER_UPN: u32 = 8;
/// The name is a former one.
pub(crate) const FORMER_NAME: u32 = 16;
/// The record is marked as adopted.
pub(crate) const ADOPTED: u32 = 32;

/// One key, one identifier, one name and one home of a record. Nearly every record has one facet; a second name, a
/// former UPN or a second address makes another.
#[derive(Clone, Copy)]
pub(crate) struct Facet {
    pub(crate) key: u64,
    pub(crate) identifier: u64,
    pub(crate) home: Home,
    pub(crate) child: i64,
    pub(crate) dob: i32,
    pub(crate) stream: u32,
    pub(crate) flags: u32,
    pub(crate) forename: u32,
    pub(crate) surname: u32,
    /// The record's next facet; the last one leads to the first.
    pub(crate) more: u32,
    links: [Link; 4],
}

#[derive(Clone, Copy)]
struct Link {
    next: u32,
    prev: u32,
}

impl Facet {
    pub(crate) const BLANK: Facet = Facet {
        key: 0,
        identifier: 0,
        home: Home::NONE,
        child: 0,
        dob: NO_DOB,
        stream: NONE,
        flags: 0,
        forename: EMPTY,
        surname: EMPTY,
        more: NONE,
        links: [Link { next: NONE, prev: NONE }; 4],
    };

    pub(crate) fn is(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Whether the other one would be in the same chains.
    pub(crate) fn shares_as(&self, other: &Facet) -> bool {
        Chain::ALL.into_iter().all(|chain| self.shared(chain) == other.shared(chain))
    }

    /// Takes over what another one says, and stays in its place in all chains; it must share as the other.
    pub(crate) fn say(&mut self, other: Facet) {
        *self = Facet { more: self.more, links: self.links, ..other };
    }

    /// What it shares with others of a chain; `None` if it is in no such chain.
    fn shared(&self, chain: Chain) -> Option<[u64; 2]> {
        match chain {
            Chain::Key => (self.flags & (KEY | SOURCE_ID) != 0).then_some([self.key, 0]),
            Chain::Identifier => (self.identifier != 0).then_some([self.identifier, 0]),
            Chain::Name => name_key(self.forename, self.surname, self.dob),
            Chain::Child => self.is(FIRST).then_some([self.child as u64, 0]),
        }
    }
}

/// What is shared by all of one name and birth date; `None` if a part is missing.
pub(crate) fn name_key(forename: u32, surname: u32, dob: i32) -> Option<[u64; 2]> {
    let known = |n: u32| n != EMPTY && n != UNKNOWN;
    (known(forename) && known(surname) && dob != NO_DOB).then(|| [u64::from(forename) << 32 | u64::from(surname), dob as u32 as u64])
}

fn hash(shared: [u64; 2]) -> u32 {
    let product = u128::from(shared[0] ^ 0x9e37_79b9_7f4a_7c15) * u128::from(shared[1] ^ 0xd6e8_feb8_6659_fd93);
    let folded = (product as u64) ^ ((product >> 64) as u64);
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The facets and their chains.
#[derive(Default)]
pub(crate) struct Index {
    facets: Vec<Facet>,
    heads: [Table; 4],
    free: Vec<u32>,
}

impl Index {
    pub(crate) fn with_capacity(facets: usize) -> Index {
        Index { facets: Vec::with_capacity(facets), heads: std::array::from_fn(|_| Table::with_capacity(facets)), free: Vec::new() }
    }

    /// The facet of that number. Numbers come from this index only; any other gives a blank one.
    pub(crate) fn facet(&self, at: u32) -> &Facet {
        self.facets.get(at as usize).unwrap_or(&Facet::BLANK)
    }

    /// Gives a facet a place, in no chain yet.
    pub(crate) fn add(&mut self, facet: Facet) -> u32 {
        if let Some(at) = self.free.pop() {
            self.facets[at as usize] = facet;
            return at;
        }
        if self.facets.len() == self.facets.capacity() {
            // An eighth more, not twice as much: a million records are near a hundred megabytes.
            self.facets.reserve_exact(self.facets.len() / 8 + 64);
        }
        self.facets.push(facet);
        (self.facets.len() - 1) as u32
    }

    /// Changes a facet that is in no chain that depends on the change.
    pub(crate) fn change(&mut self, at: u32, change: impl FnOnce(&mut Facet)) {
        if let Some(facet) = self.facets.get_mut(at as usize) {
            change(facet);
        }
    }

    /// Frees the place of a facet that is in no chain any more.
    pub(crate) fn release(&mut self, at: u32) {
        self.facets[at as usize] = Facet::BLANK;
        self.free.push(at);
    }

    /// Puts a facet at the head of its chain, if it has what the chain is about.
    pub(crate) fn attach(&mut self, at: u32, chain: Chain) {
        let Index { facets, heads, .. } = self;
        let c = chain as usize;
        let Some(shared) = facets[at as usize].shared(chain) else { return };
        let Some(slot) = heads[c].find(hash(shared), |head| facets[head as usize].shared(chain) == Some(shared)) else {
            heads[c].insert(hash(shared), at);
            return;
        };
        let second = heads[c].replace(slot, at);
        facets[at as usize].links[c] = Link { next: second, prev: NONE };
        facets[second as usize].links[c].prev = at;
    }

    /// Takes a facet out of a chain; what it shares must be as it was when it was attached.
    pub(crate) fn detach(&mut self, at: u32, chain: Chain) {
        let Index { facets, heads, .. } = self;
        let c = chain as usize;
        let Some(shared) = facets[at as usize].shared(chain) else { return };
        let Link { next, prev } = std::mem::replace(&mut facets[at as usize].links[c], Link { next: NONE, prev: NONE });
        if next != NONE {
            facets[next as usize].links[c].prev = prev;
        }
        if prev != NONE {
            facets[prev as usize].links[c].next = next;
        } else if let Some(slot) = heads[c].find(hash(shared), |head| head == at) {
            if next == NONE {
                heads[c].remove(slot);
            } else {
                heads[c].replace(slot, next);
            }
        }
    }

    /// All facets that share that, newest first.
    pub(crate) fn sharing(&self, chain: Chain, shared: [u64; 2]) -> impl Iterator<Item = u32> + '_ {
        let heads = &self.heads[chain as usize];
        let slot = heads.find(hash(shared), |head| self.facet(head).shared(chain) == Some(shared));
        let head = slot.map(|slot| heads.number(slot));
        let on = |at: u32| (at != NONE).then_some(at);
        std::iter::successors(head, move |at| on(self.facet(*at).links[chain as usize].next))
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let heads: usize = self.heads.iter().map(Table::bytes).sum();
        self.facets.capacity() * size_of::<Facet>() + heads + self.free.capacity() * 4
    }

    /// Whether every facet is in exactly the chains it should be in, and nothing else is. Returns facets and heads.
    #[cfg(test)]
    pub(crate) fn audit(&self) -> (usize, [usize; 4]) {
        let live = self.facets.len() - self.free.len();
        for chain in Chain::ALL {
            let chained: usize = self.heads[chain as usize]
                .numbers()
                .map(|head| {
                    let shared = self.facet(head).shared(chain).expect("a head shares something");
                    let all: Vec<u32> = self.sharing(chain, shared).collect();
                    assert!(all.iter().all(|at| self.facet(*at).shared(chain) == Some(shared)));
                    assert_eq!(all.first(), Some(&head));
                    all.windows(2).for_each(|w| assert_eq!(self.facet(w[1]).links[chain as usize].prev, w[0]));
                    all.len()
                })
                .sum();
            assert_eq!(chained, self.facets.iter().filter(|f| f.shared(chain).is_some()).count());
        }
        (live, std::array::from_fn(|c| self.heads[c].len()))
    }
}
