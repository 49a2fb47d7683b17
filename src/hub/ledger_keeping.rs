//! Counting while a file is read: the fate of each row as ranges, and faults by kind and column.

use std::collections::BTreeMap;

use schema::{Place, Problem, ProblemCode};
use serde::Serialize;
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

/// A kind of fault in a column: how often, where first, and what to do about it. No value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemTold {
    /// The fault.
    pub code: ProblemCode,
    /// Heading of the column as it stands in the file; empty for faults of whole rows.
    pub column: String,
    /// How often.
    pub count: u64,
    /// Line of the file, or row of the sheet, of the first; 0 where there is none.
    pub line: u64,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// What to do; empty where the kind says it.
    pub hint: String,
}

/// Faults by kind and column.
#[derive(Default)]
pub(crate) struct ProblemLog {
    found: BTreeMap<(ProblemCode, String), ProblemTold>,
}

impl ProblemLog {
    pub(crate) fn note(&mut self, problem: &Problem, place: &Place) {
        let first = || ProblemTold {
            code: problem.code,
            column: problem.column.clone(),
            count: 0,
            line: place.line,
            sheet: place.sheet.clone(),
            hint: problem.hint.clone(),
        };
        self.found.entry((problem.code, problem.column.clone())).or_insert_with(first).count += 1;
    }

    pub(crate) fn told(&self) -> Vec<ProblemTold> {
        self.found.values().cloned().collect()
    }

    pub(crate) fn counts(&self) -> Vec<ProblemCount> {
        self.found.values().map(|p| ProblemCount { code: p.code, column: p.column.clone(), count: p.count }).collect()
    }
}
