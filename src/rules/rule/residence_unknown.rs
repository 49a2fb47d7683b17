//! `residence-unknown`: a child of compulsory school age on no roll, and no source has a usable address. `ZZ99` postcodes and
//! "Unknown" are no address; nor is an older one where the newest dated one lies in no authority that `area.csv` knows of. Education Act 1996 s436A: whether the child is this authority's to look for must be found out.
//!
//! - since: the newest removal, else the beginning of compulsory school age or of this school year.
//! - due: `act_within_school_days` after since (policy).
//! - priority: 3 before factors. Owner: officer.

use schema::{RecordId, age, calendar};

use super::Rule;
use crate::residence;
use crate::urgency::Found;
use crate::view::ChildView;

pub(super) const RULE: Rule =
    Rule { name: "residence-unknown", about: "of compulsory school age, on no roll, and no source has a usable address", look };

fn look(view: &ChildView<'_>) -> Option<Found> {
    let dob = view.dob.filter(|dob| age::is_of_age(*dob, view.as_of))?;
    if view.on_roll || view.is_settled() || view.residence().best.is_some() {
        return None;
    }
    let what = if view.residence().is_unplaced {
        "and of the newest address it cannot be told in which authority it lies"
    } else {
        "and no source has a usable address"
    };
    let begin = age::compulsory_school_age(dob).0;
    let since = view.spells.first().map_or(calendar::school_year_start(view.as_of), |spell| spell.leaving).max(begin);
    let evidence: Vec<RecordId> =
        view.child.records.iter().filter(|held| residence::speaks(view.council, held, view.as_of)).map(|held| held.id).collect();
    Some(Found {
        grade: None,
        reason: None,
        base: 3,
        since,
        due: view.act_by(since),
        owner: "officer",
        evidence,
        summary: format!("On no roll, {what}."),
    })
}
