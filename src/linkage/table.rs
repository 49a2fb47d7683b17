//! A hash table of numbers: hash → number, one cache line for a look. Slots are in the order of their hashes, with
//! gaps, so that a search ends at the first larger hash, and growing is one pass from front to back.
//!
//! Looking things up is nearly all that linking does, and with millions of records each look waits for memory: this
//! table waits once where one that keeps control bytes apart from its entries waits twice. It holds 32 bits of the hash,
//! so the caller must say whether a hit is what it looks for.

/// No number.
pub(crate) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    number: u32,
}

const GAP: Slot = Slot { hash: 0, number: NONE };

/// The table.
#[derive(Default)]
pub(crate) struct Table {
    /// `room` slots, and behind them what ran over.
    slots: Vec<Slot>,
    room: usize,
    len: usize,
}

impl Table {
    pub(crate) fn with_capacity(numbers: usize) -> Table {
        let mut table = Table::default();
        table.resize(numbers + numbers / 4 + 64);
        table
    }

    /// Where the hash would stand if nothing were in its way.
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.room as u64) >> 32) as usize
    }

    /// The slot of a number with that hash, if it is the one.
    pub(crate) fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<usize> {
        let mut at = self.home(hash);
        loop {
            let slot = self.slots.get(at)?;
            if slot.number == NONE || slot.hash > hash {
                return None;
            }
            if slot.hash == hash && is_it(slot.number) {
                return Some(at);
            }
            at += 1;
        }
    }

    /// The number in a slot that was found.
    pub(crate) fn number(&self, at: usize) -> u32 {
        self.slots.get(at).map_or(NONE, |slot| slot.number)
    }

    /// Puts another number of the same hash into a slot that was found; gives the one that was there.
    pub(crate) fn replace(&mut self, at: usize, number: u32) -> u32 {
        self.slots.get_mut(at).map_or(NONE, |slot| std::mem::replace(&mut slot.number, number))
    }

    /// Puts in a number that is not there yet.
    pub(crate) fn insert(&mut self, hash: u32, number: u32) {
        if self.len >= self.room / 5 * 4 {
            self.resize(self.room + self.room / 8 + 64);
        }
        let mut at = self.home(hash);
        while self.slots.get(at).is_some_and(|slot| slot.number != NONE && slot.hash <= hash) {
            at += 1;
        }
        let mut carried = Slot { hash, number };
        self.len += 1;
        while let Some(slot) = self.slots.get_mut(at) {
            std::mem::swap(slot, &mut carried);
            if carried.number == NONE {
                return;
            }
            at += 1;
        }
        self.run_over(carried);
    }

    fn run_over(&mut self, slot: Slot) {
        if self.slots.len() == self.slots.capacity() {
            self.slots.reserve_exact(64); // a push alone would double the table for the sake of one slot
        }
        self.slots.push(slot);
    }

    /// Empties a slot that was found; what stood behind it only for want of room moves up.
    pub(crate) fn remove(&mut self, mut at: usize) {
        self.len -= 1;
        while let Some(next) = self.slots.get(at + 1).copied()
            && next.number != NONE
            && self.home(next.hash) <= at
        {
            self.slots[at] = next;
            at += 1;
        }
        self.slots[at] = GAP;
    }

    fn resize(&mut self, room: usize) {
        let mut slots = Vec::with_capacity(room + 64);
        slots.resize(room, GAP);
        let old = std::mem::replace(&mut self.slots, slots);
        self.room = room;
        let mut free = 0;
        for slot in old.into_iter().filter(|slot| slot.number != NONE) {
            let at = self.home(slot.hash).max(free);
            match self.slots.get_mut(at) {
                Some(place) => *place = slot,
                None => self.run_over(slot),
            }
            free = at + 1;
        }
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        assert_eq!(self.len, self.numbers().count());
        self.len
    }

    #[cfg(test)]
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.slots.iter().map(|slot| slot.number).filter(|number| *number != NONE)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    proptest::proptest! {
        #![proptest_config(crate::tests::config())]

        #[test]
        fn it_holds_what_was_put_in_and_nothing_else(acts in proptest::collection::vec((0u32..400, 0u32..3, proptest::bool::weighted(0.7)), 0..600)) {
            // Few hashes, some of them equal and some at the very end, so that slots crowd and run over.
            let hash = |n: u32| [n << 23, u32::MAX - n % 7, 77][n as usize % 3];
            let (mut table, mut model) = (Table::default(), BTreeMap::new());
            for (n, value, put) in acts {
                let number = |value: u32| n * 3 + value;
                let found = table.find(hash(n), |other| other / 3 == n);
                proptest::prop_assert_eq!(found.map(|at| table.number(at)), model.get(&n).copied());
                match (found, put) {
                    (Some(at), true) => { table.replace(at, number(value)); model.insert(n, number(value)); }
                    (None, true) => { table.insert(hash(n), number(value)); model.insert(n, number(value)); }
                    (Some(at), false) => { table.remove(at); model.remove(&n); }
                    (None, false) => {}
                }
            }
            for n in 0..400 {
                let found = table.find(hash(n), |other| other / 3 == n).map(|at| table.number(at));
                proptest::prop_assert_eq!(found, model.get(&n).copied());
            }
            proptest::prop_assert_eq!(table.len(), model.len());
        }
    }
}
