//! **linkage**: which child is this?
//!
//! In: records of the common schema as they arrive, each with its source, stream and key there; the children that
//! earlier records were joined to; what people decided. Out: a [`Placement`] for each record (joined, new, or new for
//! now and waiting for a person, with the rule that fired and what agreed), and the [`best`] values of a child.
//!
//! This is the first form: exact identifiers with corroboration, then name, date of birth and address. Whatever is
//! less certain waits for a person. What is in memory is compact: names are interned, texts of keys are kept as 64-bit
//! hashes. Each look into a block of alike records is bounded ([`BLOCK`]); what is beyond the bound is never joined
//! automatically.
//!
//! This room does not know the store, files, rules about provision, or the time of day. It does not give out child
//! ids: the caller does, and tells it with [`Linker::learn`].

mod alike;
pub mod best;
mod compare;
mod decisions;
mod features;
mod guard;
mod index;
mod names;
mod place;
mod records;
pub mod rule;
mod table;
#[cfg(test)]
mod tests;

use schema::{ChildId, Placement, Record};

use crate::decisions::Decisions;
use crate::features::{Given, key_hash};
pub use crate::index::BLOCK;
use crate::records::{NONE, Records};

/// A record as it comes, with where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// Number of the installation (one school's MIS, one list). Two records of one installation with different source
    /// ids are two children there.
    pub source: u32,
    /// Number of the stream (one kind of file of that installation). A stream belongs to one source for good: a source
    /// that differs from the one it was first learnt with is not looked at.
    pub stream: u32,
    /// The record's key in its stream.
    pub key: &'a str,
    /// The record.
    pub record: &'a Record,
}

/// Everything known of all records, and what people decided.
///
/// `place` asks and changes nothing; `learn`, `forget`, `rejoin` and `move_record` may come in any order, for records
/// and children that are known or not.
#[derive(Default)]
pub struct Linker {
    records: Records,
    decisions: Decisions,
}

impl Linker {
    /// Knows nothing yet.
    pub fn new() -> Linker {
        Linker::default()
    }

    /// Knows nothing yet, with room for that many records, so that loading does not stop to grow.
    pub fn with_capacity(records: usize) -> Linker {
        Linker { records: Records::with_capacity(records), decisions: Decisions::default() }
    }

    /// Keeps a person's decision on two records, named by stream and key; they need not be known yet. The last one on
    /// a pair wins. It moves nothing by itself: what is learnt already is moved by [`Linker::rejoin`] or
    /// [`Linker::move_record`].
    pub fn decide(&mut self, one: (u32, &str), other: (u32, &str), same: bool) {
        self.decisions.decide(one, other, same);
    }

    /// Takes a decision on two records back, as if it had never been.
    pub fn undo(&mut self, one: (u32, &str), other: (u32, &str)) {
        self.decisions.undo(one, other);
    }

    /// Says where a record belongs. Takes microseconds, whatever is known: blocks of alike records are read up to
    /// [`BLOCK`] entries.
    pub fn place(&self, arrival: &Arrival) -> Placement {
        let (stream, source) = self.records.stream(arrival);
        let mut given = Given::of(source, arrival);
        given.look_up_names(&self.records);
        self.place_given(arrival, &given, stream)
    }

    /// Takes the record in as part of that child. A record of the same stream and key learnt before is replaced.
    pub fn learn(&mut self, arrival: &Arrival, child: ChildId) {
        let (stream, source) = self.records.stream_or_new(arrival);
        let mut given = Given::of(source, arrival);
        given.intern_names(&mut self.records);
        self.records.learn(stream, &given, child);
    }

    /// [`Linker::place`] and [`Linker::learn`] in one, which is quicker. `child` gives the child's id: that of
    /// [`Outcome::Join`](schema::link::Outcome), or one not used so far.
    pub fn place_and_learn(&mut self, arrival: &Arrival, child: impl FnOnce(&Placement) -> ChildId) -> Placement {
        let (stream, source) = self.records.stream(arrival);
        let mut given = Given::of(source, arrival);
        given.look_up_names(&self.records);
        let placement = self.place_given(arrival, &given, stream);
        given.intern_names(&mut self.records);
        let (stream, _) = self.records.stream_or_new(arrival);
        self.records.learn(stream, &given, child(&placement));
        placement
    }

    /// Forgets a record (withdrawn, or its source no longer has it). Decisions about it stay.
    pub fn forget(&mut self, stream: u32, key: &str) {
        let at = self.at(stream, key);
        if at != NONE {
            self.records.remove(at);
        }
    }

    /// Makes all records of `from` records of `to`: a merge.
    pub fn rejoin(&mut self, from: ChildId, to: ChildId) {
        self.records.rejoin(from, to);
    }

    /// Makes one record a record of another child, known or not: a split.
    pub fn move_record(&mut self, stream: u32, key: &str, to: ChildId) {
        let at = self.at(stream, key);
        if at != NONE {
            self.records.move_to(at, to);
        }
    }

    /// The child of a record that was learnt.
    pub fn child(&self, stream: u32, key: &str) -> Option<ChildId> {
        let at = self.at(stream, key);
        (at != NONE).then(|| self.records.child(at))
    }

    /// How many records are known.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory held for the records (decisions aside).
    pub fn bytes(&self) -> usize {
        self.records.bytes()
    }

    fn place_given(&self, arrival: &Arrival, given: &Given, stream: u32) -> Placement {
        let verdicts = self.decisions.about(arrival.stream, arrival.key, |stream, key| self.child(stream, key));
        place::place(&self.records, given, stream, &verdicts)
    }

    fn at(&self, stream: u32, key: &str) -> u32 {
        match self.records.known_stream(stream) {
            Some((stream, source)) => self.records.find(stream, key_hash(source, key)),
            None => NONE,
        }
    }
}
