//! Capita ONE: the nightly mail-merge CSV of everybody the council's education database knows.

use super::Drop;
use super::cells::{Lines, iso, iso_or_empty, sex};
use crate::DemoError;
use crate::council::Council;
use crate::life::{Life, One};
use crate::school::{Form, List};

const HEADINGS: [&str; 30] = [
    "PersonID",
    "UPN",
    "FormerUPN",
    "FamilyName",
    "LongSurname",
    "GivenName",
    "DateOfBirth",
    "Gender",
    "BaseLAEstab",
    "BaseStartDate",
    "BaseEndDate",
    "LeavingReason",
    "Destination",
    "AddressLine1",
    "Town",
    "Postcode",
    "UPRN",
    "AddressStartDate",
    "Involvement",
    "InvolvementStart",
    "InvolvementEnd",
    "Alert",
    "AlertStart",
    "CLA",
    "CP",
    "CIN",
    "DateOfDeath",
    "MovedAwayTo",
    "MovedAwayDate",
    "MovedAwayConfirmed",
];

/// Writes it.
pub(super) fn write(drop: &mut Drop) -> Result<(), DemoError> {
    let source = drop.council.list(List::One);
    let mut table = drop.begin(source, "one_2026-11-24.csv", Form::Csv, &HEADINGS)?;
    for life in drop.lives {
        if let Some(one) = &life.one {
            table.row(&mut cells(drop.council, life, one))?;
        }
    }
    drop.end(table)
}

fn cells(council: &Council, life: &Life, one: &One) -> Vec<String> {
    let address = Lines::of(council, one.seen);
    let base = one.base.as_ref();
    let moved = one.moved.as_ref();
    let involvement = one.involvement;
    let yes_no = |b: bool| if b { "Y" } else { "N" }.to_owned();
    vec![
        one.id.clone(),
        one.old_upn.clone().or_else(|| life.upn.clone()).unwrap_or_default(),
        String::new(),
        life.names.surname.clone(),
        String::new(),
        life.names.forename.clone(),
        iso_or_empty(life.dob),
        sex(life.girl),
        base.map(|b| council.schools[b.school].laestab.clone()).unwrap_or_default(),
        iso_or_empty(base.map(|b| b.start)),
        iso_or_empty(base.and_then(|b| b.end)),
        base.map(|b| b.reason.clone()).unwrap_or_default(),
        base.map(|b| b.destination.clone()).unwrap_or_default(),
        address.first(),
        address.town,
        address.postcode,
        address.uprn,
        iso_or_empty(one.seen.from),
        involvement.map(|(kind, _, _)| kind.to_owned()).unwrap_or_default(),
        iso_or_empty(involvement.map(|(_, from, _)| from)),
        iso_or_empty(involvement.and_then(|(_, _, to)| to)),
        one.alert.map(|(kind, _)| kind.to_owned()).unwrap_or_default(),
        one.alert.map(|(_, on)| iso(on)).unwrap_or_default(),
        yes_no(one.care[0]),
        yes_no(one.care[1]),
        yes_no(one.care[2]),
        iso_or_empty(one.died),
        moved.map(|m| m.to.to_owned()).unwrap_or_default(),
        iso_or_empty(moved.map(|m| m.on)),
        iso_or_empty(moved.and_then(|m| m.confirmed)),
    ]
}
