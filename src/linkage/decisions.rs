//! What people decided on pairs of records. A record is named by stream and key, so a decision holds before the record
//! is known, after it is forgotten, and when it is told again.

use rustc_hash::{FxHashMap, FxHashSet};
use schema::ChildId;

/// A record: stream and key.
type Who = (u32, Box<str>);

/// What was said of the records of one stream: by key, the other record and whether they are the same.
type Said = FxHashMap<Box<str>, Vec<(Who, bool)>>;

/// All decisions.
#[derive(Default)]
pub(crate) struct Decisions {
    said: FxHashMap<u32, Said>,
}

/// What decisions say of one record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdicts {
    /// Children that have a record which is the same, lowest id first.
    pub(crate) same: Vec<ChildId>,
    /// Children that have a record which is another child's.
    pub(crate) barred: Vec<ChildId>,
}

impl Verdicts {
    pub(crate) fn bars(&self, child: ChildId) -> bool {
        self.barred.contains(&child)
    }
}

impl Decisions {
    pub(crate) fn decide(&mut self, one: (u32, &str), other: (u32, &str), same: bool) {
        if one != other {
            self.undo(one, other);
            self.note(one, other, same);
            self.note(other, one, same);
        }
    }

    pub(crate) fn undo(&mut self, one: (u32, &str), other: (u32, &str)) {
        self.strike(one, other);
        self.strike(other, one);
    }

    fn note(&mut self, one: (u32, &str), other: (u32, &str), same: bool) {
        self.said.entry(one.0).or_default().entry(one.1.into()).or_default().push(((other.0, other.1.into()), same));
    }

    fn strike(&mut self, one: (u32, &str), other: (u32, &str)) {
        let Some(keys) = self.said.get_mut(&one.0) else { return };
        if let Some(said) = keys.get_mut(one.1) {
            said.retain(|(who, _)| (who.0, &*who.1) != other);
            if said.is_empty() {
                keys.remove(one.1);
            }
        }
        if keys.is_empty() {
            self.said.remove(&one.0);
        }
    }

    fn said_of(&self, who: (u32, &str)) -> &[(Who, bool)] {
        self.said.get(&who.0).and_then(|keys| keys.get(who.1)).map_or(&[], Vec::as_slice)
    }

    /// What is decided of a record: "the same" leads on from record to record, "different" holds for all that are the same.
    pub(crate) fn about(&self, stream: u32, key: &str, child_of: impl Fn(u32, &str) -> Option<ChildId>) -> Verdicts {
        let mut verdicts = Verdicts::default();
        if self.said_of((stream, key)).is_empty() {
            return verdicts;
        }
        let mut seen: FxHashSet<(u32, &str)> = FxHashSet::from_iter([(stream, key)]);
        let mut open = vec![(stream, key)];
        while let Some(who) = open.pop() {
            for (other, same) in self.said_of(who) {
                let other = (other.0, &*other.1);
                let child = child_of(other.0, other.1);
                if !same {
                    verdicts.barred.extend(child);
                } else if seen.insert(other) {
                    verdicts.same.extend(child);
                    open.push(other);
                }
            }
        }
        for list in [&mut verdicts.same, &mut verdicts.barred] {
            list.sort_unstable();
            list.dedup();
        }
        verdicts
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child_of(stream: u32, key: &str) -> Option<ChildId> {
        (stream == 1).then_some(ChildId(key.len() as i64))
    }

    #[test]
    fn same_leads_on_and_different_holds_for_all_of_them() {
        let mut decisions = Decisions::default();
        decisions.decide((2, "x"), (2, "y"), true);
        decisions.decide((1, "aa"), (2, "y"), true);
        decisions.decide((1, "aaa"), (1, "aa"), false);
        let verdicts = decisions.about(2, "x", child_of);
        assert_eq!(verdicts, Verdicts { same: vec![ChildId(2)], barred: vec![ChildId(3)] });
    }

    #[test]
    fn the_last_decision_wins_and_undo_leaves_nothing() {
        let mut decisions = Decisions::default();
        decisions.decide((1, "a"), (2, "x"), true);
        decisions.decide((2, "x"), (1, "a"), false);
        assert_eq!(decisions.about(2, "x", child_of), Verdicts { same: vec![], barred: vec![ChildId(1)] });
        decisions.undo((1, "a"), (2, "x"));
        assert!(decisions.is_empty());
        decisions.decide((1, "a"), (1, "a"), false);
        assert!(decisions.is_empty());
    }
}
