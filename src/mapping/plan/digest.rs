//! The digest of what a mapping sees of a row: equal digests, equal records.

use schema::raw::fold_heading;
use schema::{Columns, Laestab, RawRow};
use sha2::{Digest, Sha256};

use super::ready::value_of;
use crate::Mapping;

/// Makes digests for one file.
#[derive(Clone)]
pub(super) struct Digester {
    /// The hash of mapping and school: one whole block, taken in once.
    start: Sha256,
    /// The used columns in the mapping's order; `None` for a heading that the file does not have.
    slots: Vec<Option<usize>>,
}

impl std::fmt::Debug for Digester {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Digester").field("slots", &self.slots).finish_non_exhaustive()
    }
}

impl Digester {
    pub(super) fn new(mapping: &Mapping, columns: &Columns, school: Option<Laestab>) -> Digester {
        let mut seen: Vec<String> = Vec::new();
        let mut slots = Vec::new();
        let of_fields = mapping.fields.iter().flat_map(|f| f.from.iter().chain(f.when.iter().flat_map(|c| &c.column)));
        for heading in of_fields.chain(mapping.key.iter().flatten()) {
            let folded = fold_heading(heading);
            if !seen.contains(&folded) {
                slots.push(columns.find(heading));
                seen.push(folded);
            }
        }
        let mut block = [0u8; 64];
        block[..32].copy_from_slice(&mapping.digest);
        if let Some(school) = school {
            for (place, digit) in block[32..].iter_mut().zip(school.to_string().bytes()) {
                *place = digit;
            }
        }
        let mut start = Sha256::new();
        start.update(block);
        Digester { start, slots }
    }

    pub(super) fn of(&self, row: &RawRow) -> [u8; 16] {
        let mut bytes = Vec::with_capacity(512);
        for slot in &self.slots {
            let value = slot.and_then(|column| value_of(row, column)).unwrap_or("");
            // A length in front, so that no two rows run together to the same bytes.
            let mut length = value.len();
            while length >= 0x80 {
                bytes.push((length & 0x7f) as u8 | 0x80);
                length >>= 7;
            }
            bytes.push(length as u8);
            bytes.extend_from_slice(value.as_bytes());
        }
        let mut hash = self.start.clone();
        hash.update(&bytes);
        let whole: [u8; 32] = hash.finalize().into();
        let mut cut = [0; 16];
        cut.copy_from_slice(&whole[..16]);
        cut
    }
}
