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
    /// The row before, whose fate may still change: an object with several people is one row.
    last: Option<(u64, Fate)>,
}

impl FateLog {
    /// Notes the fate of one row; rows come in order. Of the parts of one row, which bear its number, the fate that asks most
    /// is the row's: it is accepted if any part is.
    pub(crate) fn note(&mut self, row: u64, fate: Fate) {
        match &mut self.last {
            Some((last, held)) if *last == row => *held = if weight(fate) > weight(*held) { fate } else { *held },
            _ => {
                self.settle();
                self.last = Some((row, fate));
            }
        }
    }

    /// The fate of the row before is final: another row follows, or none.
    pub(crate) fn settle(&mut self) {
        let Some((row, fate)) = self.last.take() else { return };
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

    pub(crate) fn into_parts(mut self) -> (Counts, Vec<FateRange>) {
        self.settle();
        (self.counts, self.ranges)
    }
}

fn weight(fate: Fate) -> u8 {
    match fate {
        Fate::Unchanged => 0,
        Fate::Rejected => 1,
        Fate::Quarantined => 2,
        Fate::Accepted => 3,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_row_are_one_row_with_the_fate_that_asks_most() {
        let mut log = FateLog::default();
        for (row, fate) in [
            (1, Fate::Unchanged),
            (1, Fate::Accepted),
            (1, Fate::Unchanged),
            (2, Fate::Accepted),
            (3, Fate::Rejected),
            (3, Fate::Quarantined),
            (4, Fate::Unchanged),
            (4, Fate::Rejected),
        ] {
            log.note(row, fate);
        }
        log.settle();
        assert_eq!(log.counts().read, 4);
        let (counts, ranges) = log.into_parts();
        assert_eq!((counts.read, counts.accepted, counts.unchanged, counts.quarantined, counts.rejected), (4, 2, 0, 1, 1));
        let ranges: Vec<(u64, u64, Fate)> = ranges.iter().map(|r| (r.first, r.last, r.fate)).collect();
        assert_eq!(ranges, [(1, 2, Fate::Accepted), (3, 3, Fate::Quarantined), (4, 4, Fate::Rejected)]);
    }
}
