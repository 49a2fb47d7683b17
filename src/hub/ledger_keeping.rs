//! Counting while a file is read: the fate of each row as ranges, and faults by kind and column.

use std::collections::BTreeMap;

use schema::{Problem, ProblemCode};
use store::{Counts, Fate, FateRange, ProblemCount};

/// Fates of the rows of one payload, in row order.
#[derive(Default)]
pub(crate) struct FateLog {
    ranges: Vec<FateRange>,
    counts: Counts,
}

impl FateLog {
    /// Notes the fate of one row; rows come in order.
    pub(crate) fn note(&mut self, row: u64, fate: Fate) {
        self.counts.read += 1;
        match fate {
            Fate::Accepted => self.counts.accepted += 1,
            Fate::Unchanged => self.counts.unchanged += 1,
            Fate::Quarantined => self.counts.quarantined += 1,
            Fate::Rejected => self.counts.rejected += 1,
        }
        match self.ranges.last_mut() {
            Some(last) if last.fate == fate && last.last + 1 == row => last.last = row,
            _ => self.ranges.push(FateRange { first: row, last: row, fate }),
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn into_parts(self) -> (Counts, Vec<FateRange>) {
        (self.counts, self.ranges)
    }
}

/// Faults by kind and column.
#[derive(Default)]
pub(crate) struct ProblemLog {
    counts: BTreeMap<(ProblemCode, String), u64>,
}

impl ProblemLog {
    pub(crate) fn note(&mut self, problem: &Problem) {
        match self.counts.get_mut(&(problem.code, problem.column.clone())) {
            Some(count) => *count += 1,
            None => self.add(problem.code, &problem.column, 1),
        }
    }

    pub(crate) fn add(&mut self, code: ProblemCode, column: &str, count: u64) {
        *self.counts.entry((code, column.to_owned())).or_default() += count;
    }

    pub(crate) fn counts(&self) -> Vec<ProblemCount> {
        self.counts.iter().map(|((code, column), count)| ProblemCount { code: *code, column: column.clone(), count: *count }).collect()
    }
}
