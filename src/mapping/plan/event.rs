//! Events and dealings with a service, of which a record may hold several: a row carries one of each.

use chrono::NaiveDate;
use schema::provision::OfferStatus;
use schema::{Laestab, Record};

use super::cell::Cell;
use super::open::{self, ChangePlace, Opens};
use super::place;
use crate::codes::Set;
use crate::target::{ChangePart, EventPart as V};

/// Puts a value of an event.
pub(super) fn put(record: &mut Record, part: V, cell: &Cell<'_>, text: &str) {
    match part {
        V::ApplicationSchool | V::OfferSchool | V::ExclusionSchool => {
            if let Some(school) = cell.laestab(text, &mut record.problems) {
                put_school(record, part, school);
            }
        }
        V::OfferStatus => {
            if let Some(status) = cell.code(Set::OfferStatus, text, &mut record.problems).and_then(offer_status) {
                open::offer(record).status = status;
            }
        }
        V::ExclusionPermanent => {
            if let Some(permanent) = cell.yes_no(text, &mut record.problems) {
                open::exclusion(record).permanent = permanent;
            }
        }
        V::ExclusionReason => {
            if let Some(code) = cell.code(Set::ExclusionReason, text, &mut record.problems) {
                code.clone_into(&mut open::exclusion(record).reason);
            }
        }
        V::ApplicationOutcome => record.applications.open().outcome = cell.text(text, &mut record.problems),
        V::PoliceReference => record.police.open().reference = cell.text(text, &mut record.problems),
        V::InvolvementKind => record.involvements.open().kind = cell.text(text, &mut record.problems),
        V::AlertKind => record.alerts.open().kind = cell.text(text, &mut record.problems),
        _ => {
            if let Some(date) = cell.date(text, &mut record.problems) {
                put_date(record, part, date);
            }
        }
    }
}

/// Puts a value of a change of address.
pub(super) fn change(record: &mut Record, part: ChangePart, cell: &Cell<'_>, text: &str) {
    let (changes, problems) = (&mut record.address_changes, &mut record.problems);
    match part {
        ChangePart::Moved => {
            if let Some(date) = cell.date(text, problems) {
                changes.open().moved = Some(date);
            }
        }
        ChangePart::Kind => {
            // A change of a kind that nobody knows is a change all the same.
            let kind = cell.code(Set::AddressChange, text, problems).unwrap_or_default();
            kind.clone_into(&mut changes.open().kind);
        }
        ChangePart::From(part) => place::address(&mut ChangePlace { changes, left: true }, problems, part, cell, text),
        ChangePart::To(part) => place::address(&mut ChangePlace { changes, left: false }, problems, part, cell, text),
    }
}

fn put_school(record: &mut Record, part: V, school: Laestab) {
    let place = match part {
        V::ApplicationSchool => &mut record.applications.open().school,
        V::OfferSchool => &mut open::offer(record).school,
        _ => &mut open::exclusion(record).school,
    };
    *place = Some(school);
}

fn put_date(record: &mut Record, part: V, date: NaiveDate) {
    let place = match part {
        V::ApplicationApplied => &mut record.applications.open().applied,
        V::ApplicationDecided => &mut record.applications.open().decided,
        V::OfferOffered => &mut open::offer(record).offered,
        V::OfferStarts => &mut open::offer(record).starts,
        V::ExclusionFrom => &mut open::exclusion(record).from,
        V::ExclusionTo => &mut open::exclusion(record).to,
        V::ExclusionProvisionFrom => &mut open::exclusion(record).provision_from,
        V::PoliceOn => &mut record.police.open().on,
        V::InvolvementFrom => &mut record.involvements.open().from,
        V::InvolvementTo => &mut record.involvements.open().to,
        V::AlertFrom => &mut record.alerts.open().from,
        _ => return,
    };
    *place = Some(date);
}

fn offer_status(code: &str) -> Option<OfferStatus> {
    match code {
        "offered" => Some(OfferStatus::Offered),
        "accepted" => Some(OfferStatus::Accepted),
        "declined" => Some(OfferStatus::Declined),
        "withdrawn" => Some(OfferStatus::Withdrawn),
        _ => None,
    }
}
