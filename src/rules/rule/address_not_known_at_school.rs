//! `address-not-known-at-school`: a child has moved, and a school at which the child is registered does not know where to. What
//! counts as a change, as a school and as knowing stands at [`crate::untold`]; it closes when the school knows or was told.
//! Education Act 1996 s436A: a child whose school writes to the old address is the next one who is missing.
//!
//! - reason: `restricted` where the child is restricted and a person must decide; else none.
//! - since: the day of the move. due: none; no clock runs by law.
//! - priority: 4 before factors, 3 where a person must decide. Owner: officer.

use super::Rule;
use crate::untold::untold;
use crate::urgency::Found;
use crate::view::ChildView;

/// Its name, by which what is to be told is found.
pub const ADDRESS_NOT_KNOWN: &str = "address-not-known-at-school";

pub(super) const RULE: Rule =
    Rule { name: ADDRESS_NOT_KNOWN, about: "has moved, and a school at which the child is registered does not know where to", look };

fn look(view: &ChildView<'_>) -> Option<Found> {
    let untold = untold(view.council, view.child, view.as_of)?;
    let schools: Vec<String> = untold.schools.iter().map(ToString::to_string).collect();
    let who = if schools.len() == 1 { "school" } else { "schools" };
    let what = match untold.change.kind.as_str() {
        "temporary-accommodation" => "Placed in temporary accommodation",
        "left-area" => "Left the area",
        _ => "Moved",
    };
    let person = if untold.restricted { " The child is restricted: a person decides." } else { "" };
    Some(Found {
        grade: None,
        reason: untold.restricted.then_some("restricted"),
        base: if untold.restricted { 3 } else { 4 },
        since: untold.moved,
        due: None,
        owner: "officer",
        evidence: untold.evidence,
        summary: format!("{what} on {}; the new address is not known at {who} {}.{person}", untold.moved, schools.join(", ")),
    })
}
