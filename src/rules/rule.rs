//! The rules, one file each.

mod address_not_known_at_school;
mod leaver_without_destination;
mod leaver_without_ground;
mod no_provision;
mod residence_unknown;

pub use address_not_known_at_school::ADDRESS_NOT_KNOWN;

use crate::urgency::Found;
use crate::view::ChildView;

/// One rule.
pub struct Rule {
    /// Its name in the worklist.
    pub name: &'static str,
    /// What it finds, in a sentence.
    pub about: &'static str,
    look: fn(&ChildView<'_>) -> Option<Found>,
}

impl Rule {
    pub(crate) fn look(&self, view: &ChildView<'_>) -> Option<Found> {
        (self.look)(view)
    }
}

/// All rules, in the order of their findings.
pub const RULES: &[Rule] = &[
    no_provision::RULE,
    residence_unknown::RULE,
    leaver_without_ground::RULE,
    leaver_without_destination::RULE,
    address_not_known_at_school::RULE,
];
