//! Names interned: each folded forename and surname is kept once, and records hold its number.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::table::Table;

/// The number of the empty name.
pub(crate) const EMPTY: u32 = 0;
/// No number: a name that nobody had so far.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// All names there are. A name is never taken out again, also when the last record with it is forgotten.
pub(crate) struct Names {
    text: String,
    ends: Vec<u32>,
    table: Table,
}

impl Default for Names {
    fn default() -> Self {
        Names { text: String::new(), ends: vec![0], table: Table::default() }
    }
}

impl Names {
    /// The name of a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        let number = number as usize;
        match (number.checked_sub(1).and_then(|before| self.ends.get(before)), self.ends.get(number)) {
            (Some(start), Some(end)) => self.text.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => "",
        }
    }

    /// The number of a name, if somebody has it.
    pub(crate) fn find(&self, name: &str) -> u32 {
        if name.is_empty() {
            return EMPTY;
        }
        self.table.find(hash(name), |number| self.text(number) == name).map_or(UNKNOWN, |slot| self.table.number(slot))
    }

    /// The number of a name, given out if it is new.
    pub(crate) fn intern(&mut self, name: &str) -> u32 {
        let known = self.find(name);
        if known != UNKNOWN {
            return known;
        }
        let (Ok(number), Ok(end)) = (u32::try_from(self.ends.len()), u32::try_from(self.text.len() + name.len())) else {
            return UNKNOWN; // beyond 4 GiB of names: this one is compared by nobody
        };
        self.text.push_str(name);
        self.ends.push(end);
        self.table.insert(hash(name), number);
        number
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * 4 + self.table.bytes()
    }
}

fn hash(name: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    (hasher.finish() >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let mut names = Names::default();
        let (ada, example) = (names.intern("ada"), names.intern("example"));
        assert_ne!(ada, example);
        assert_eq!((names.intern("ada"), names.find("example"), names.find("ben")), (ada, example, UNKNOWN));
        assert_eq!((names.text(ada), names.text(example), names.text(UNKNOWN), names.text(EMPTY)), ("ada", "example", "", ""));
        assert_eq!((names.intern(""), names.find("")), (EMPTY, EMPTY));
    }
}
