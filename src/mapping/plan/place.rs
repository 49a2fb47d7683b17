//! Where the child lives, and where it is registered.

use schema::registration::Destination;
use schema::{Address, Enrolment, EnrolmentStatus, Laestab, Problem, Removal};

use super::cell::Cell;
use super::open::Opens;
use crate::codes::Set;
use crate::steps;
use crate::target::{AddressPart, EnrolmentPart};

/// Puts a part of an address, or takes a whole one apart.
pub(super) fn address(place: &mut impl Opens<Address>, problems: &mut Vec<Problem>, part: AddressPart, cell: &Cell<'_>, text: &str) {
    match part {
        AddressPart::Whole => {
            let parts = steps::address::split(text);
            if parts != Address::default() {
                let address = place.open();
                address.lines = parts.lines.iter().map(|line| cell.text(line, problems)).collect();
                address.town = cell.text(&parts.town, problems);
                address.county = parts.county;
                address.postcode = parts.postcode;
            }
        }
        AddressPart::Lines => {
            let parts = steps::address::lines(text);
            let address = place.open();
            address.lines = parts.lines.iter().map(|line| cell.text(line, problems)).collect();
            address.postcode = address.postcode.or(parts.postcode);
        }
        AddressPart::Uprn => {
            if let Some(uprn) = cell.uprn(text, problems) {
                place.open().uprn = Some(uprn);
            }
        }
        AddressPart::Postcode => {
            if let Some(postcode) = cell.postcode(text, problems) {
                place.open().postcode = Some(postcode);
            }
        }
        AddressPart::From => {
            if let Some(date) = cell.date(text, problems) {
                place.open().from = Some(date);
            }
        }
        AddressPart::To => {
            if let Some(date) = cell.date(text, problems) {
                place.open().to = Some(date);
            }
        }
        AddressPart::Temporary => {
            if cell.yes_no(text, problems) == Some(true) {
                place.open().temporary = true;
            }
        }
        AddressPart::Line(_) => {
            let line = cell.text(text, problems);
            place.open().lines.push(line);
        }
        AddressPart::Saon => place.open().saon = cell.text(text, problems),
        AddressPart::Paon => place.open().paon = cell.text(text, problems),
        AddressPart::Street => place.open().street = cell.text(text, problems),
        AddressPart::Locality => place.open().locality = cell.text(text, problems),
        AddressPart::Town => place.open().town = cell.text(text, problems),
        AddressPart::County => place.open().county = cell.text(text, problems),
        AddressPart::Country => place.open().country = cell.text(text, problems),
    }
}

/// Puts a part of a registration.
pub(super) fn enrolment(enrolments: &mut Vec<Enrolment>, problems: &mut Vec<Problem>, part: EnrolmentPart, cell: &Cell<'_>, text: &str) {
    match part {
        EnrolmentPart::School => {
            if let Some(school) = cell.laestab(text, problems) {
                enrolments.open().school = Some(school);
            }
        }
        EnrolmentPart::SchoolName => enrolments.open().school_name = cell.text(text, problems),
        EnrolmentPart::Status => {
            if let Some(status) = cell.code(Set::EnrolmentStatus, text, problems).and_then(status) {
                enrolments.open().status = Some(status);
            }
        }
        EnrolmentPart::Entry | EnrolmentPart::Leaving | EnrolmentPart::LastAttended => {
            if let Some(date) = cell.date(text, problems) {
                let enrolment = enrolments.open();
                let place = match part {
                    EnrolmentPart::Entry => &mut enrolment.entry,
                    EnrolmentPart::Leaving => &mut enrolment.leaving,
                    _ => &mut enrolment.last_attended,
                };
                *place = Some(date);
            }
        }
        EnrolmentPart::Removal => {
            let text = cell.text(text, problems);
            enrolments.open().removal = Some(Removal::parse(&text));
        }
        EnrolmentPart::DestinationSchool => {
            if let Some(school) = cell.laestab(text, problems) {
                destination(enrolments).school = Some(school);
            }
        }
        EnrolmentPart::DestinationAuthority => {
            if let Some(authority) = cell.authority(text, problems) {
                destination(enrolments).authority = Some(authority);
            }
        }
        EnrolmentPart::DestinationText => {
            let text = cell.text(text, problems);
            let destination = destination(enrolments);
            let (school, rest) = named_school(&text);
            destination.school = destination.school.or(school);
            rest.clone_into(&mut destination.text);
        }
    }
}

fn destination(enrolments: &mut Vec<Enrolment>) -> &mut Destination {
    enrolments.open().destination.get_or_insert_default()
}

/// A text that is a LAESTAB, or has one in front ("8504001 Test School"): the school, and the words beside it.
fn named_school(text: &str) -> (Option<Laestab>, &str) {
    if let Ok(school) = Laestab::parse(text.strip_suffix(".0").unwrap_or(text)) {
        return (Some(school), "");
    }
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    match Laestab::parse(first) {
        Ok(school) => (Some(school), rest.trim_start_matches(['-', ' '])),
        Err(_) => (None, text),
    }
}

fn status(code: &str) -> Option<EnrolmentStatus> {
    Some(match code {
        "C" => EnrolmentStatus::Current,
        "M" => EnrolmentStatus::Main,
        "S" => EnrolmentStatus::Subsidiary,
        "F" => EnrolmentStatus::FurtherEducation,
        "O" => EnrolmentStatus::Other,
        "G" => EnrolmentStatus::Guest,
        "P" => EnrolmentStatus::Previous,
        "future" => EnrolmentStatus::Future,
        _ => return None,
    })
}
