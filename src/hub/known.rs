//! What a stream told before: one small entry per record, found by its key. Filled once per payload.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use rustc_hash::FxHasher;
use schema::{ChildId, RecordId, StreamId};
use store::{Store, StoreError};

/// One record of the stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) digest: [u8; 16],
    pub(crate) record: RecordId,
    pub(crate) child: ChildId,
    /// It was absent from the last complete file.
    pub(crate) gone: bool,
    /// This payload has it.
    pub(crate) seen: bool,
}

/// All records of a stream by the hash of their key.
#[derive(Default)]
pub(crate) struct Known {
    by_key: HashMap<u64, Entry, BuildHasherDefault<FxHasher>>,
}

impl Known {
    /// Reads what the store has of a stream.
    pub(crate) async fn of(store: &Store, stream: StreamId) -> Result<Known, StoreError> {
        let mut known = Known::default();
        store
            .each_known(stream, |k| {
                known.by_key.insert(hash(k.key), Entry { digest: k.digest, record: k.record, child: k.child, gone: k.gone, seen: false });
            })
            .await?;
        Ok(known)
    }

    pub(crate) fn get(&mut self, key: &str) -> Option<&mut Entry> {
        self.by_key.get_mut(&hash(key))
    }

    pub(crate) fn set(&mut self, key: &str, entry: Entry) {
        self.by_key.insert(hash(key), entry);
    }

    /// Records that are held as current and that this payload does not have.
    pub(crate) fn absent(&self) -> Vec<Entry> {
        let mut absent: Vec<Entry> = self.by_key.values().filter(|e| !e.seen && !e.gone).copied().collect();
        absent.sort_unstable_by_key(|e| e.record);
        absent
    }

    /// All records held as current, and those that this payload brought back or added.
    pub(crate) fn current_records(&self) -> Vec<RecordId> {
        self.by_key.values().filter(|e| !e.gone).map(|e| e.record).collect()
    }

    /// How many records are held as current, counting those that this payload brought back or added.
    pub(crate) fn current(&self) -> usize {
        self.by_key.values().filter(|e| !e.gone).count()
    }
}

/// SipHash with fixed keys: 64 bits over at most a few million keys of one stream.
fn hash(key: &str) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
