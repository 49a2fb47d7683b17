//! **rules**: what is found about a child as of a date.
//!
//! In: a child's records as the sources tell them now ([`ChildFile`]), what the council knows besides ([`Council`]: area,
//! schools, calendar, streams, settings), and the date. Out: [`schema::Finding`]s. [`check`] is pure: the same child, council
//! and date give the same findings, whatever the order of the records. [`untold`] says of a child who moved which schools must be
//! told what; the finding of [`ADDRESS_NOT_KNOWN`] is made from it.
//!
//! This room does not know how records were read, joined or stored, what was found yesterday, or the time of day.
//!
//! A rule is one file in `rule/`: its head cites the law, `RULE` names it, and one function looks at a `view::ChildView`.
//! Adding a rule = one file and one line in [`RULES`].

mod base;
mod council;
mod dwelling;
mod explain;
mod registration;
mod residence;
mod rule;
mod settings;
mod spell;
mod transition;
mod untold;
mod urgency;
mod view;

use chrono::NaiveDate;
use schema::Finding;

pub use council::{ChildFile, Council, Held, Told};
pub use dwelling::{Dwelling, dwelling};
pub use rule::{ADDRESS_NOT_KNOWN, RULES, Rule};
pub use settings::{DayKind, Settings};
pub use untold::{Untold, untold};

/// Looks at one child as of a day. Findings come in the order of [`RULES`], at most one of each.
pub fn check(council: &Council, child: &ChildFile<'_>, as_of: NaiveDate) -> Vec<Finding> {
    let view = view::ChildView::new(council, child, as_of);
    // An ordinary pupil: nothing is allocated.
    if view.on_roll && view.spells.is_empty() && !untold::is_any_change(child.records) {
        return Vec::new();
    }
    RULES.iter().filter_map(|rule| rule.look(&view).map(|found| urgency::finding(rule.name, &view, found))).collect()
}

/// Names of all rules.
pub fn names() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.name).collect()
}

#[cfg(test)]
mod stories;
