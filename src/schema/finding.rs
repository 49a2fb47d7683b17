//! What a rule found about a child.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{ChildId, RecordId};

/// How sure a `no-provision` finding is; the table of grades stands in README.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// A place is accepted or a school change is under way.
    InTransition,
    /// There is a likely reason; see the finding's `reason`.
    Explained,
    /// Residence rests on one fresh source only.
    Probable,
    /// Two fresh sources place the child here, all rolls are in, nothing explains it.
    Missing,
}

impl Grade {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::InTransition => "in-transition",
            Grade::Explained => "explained",
            Grade::Probable => "probable",
            Grade::Missing => "missing",
        }
    }

    /// The grade of that word.
    pub fn parse(word: &str) -> Option<Grade> {
        [Grade::InTransition, Grade::Explained, Grade::Probable, Grade::Missing].into_iter().find(|g| g.as_str() == word)
    }
}

/// One finding of one rule about one child, as of a date. `store` adds its id and when it was opened and closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    /// The child.
    pub child: ChildId,
    /// Grade, where the rule grades.
    pub grade: Option<Grade>,
    /// Reason, from the rule's fixed list (`ehe-not-assessed`), where there is one.
    pub reason: Option<String>,
    /// 1 (now) to 5 (when there is time).
    pub priority: u8,
    /// What makes it urgent: `looked-after`, `child-protection`, `child-in-need`, `early-help`, `ehc-plan`, `excluded`, `police`, `weeks-missing-12`.
    pub factors: Vec<String>,
    /// Day on which what was found began.
    pub since: NaiveDate,
    /// Day by which something must be done, if a clock runs.
    pub due: Option<NaiveDate>,
    /// Who owns the next step: `officer`, `ews`, `admissions`, `ehe`, `school`.
    pub owner: String,
    /// The records it rests on.
    pub evidence: Vec<RecordId>,
    /// One sentence for the officer: no names, no birth date, no address.
    pub summary: String,
}
