//! Who the child is, and the people around it.

use schema::{Contact, Name, Problem, ProblemCode, Record, Sex};

use super::cell::Cell;
use super::open::{ContactPlace, Opens};
use super::place;
use crate::codes::Set;
use crate::file::ReadAs;
use crate::steps;
use crate::target::{ContactPart, NamePart, PersonPart};

/// Puts a value that says who the child is.
pub(super) fn put(record: &mut Record, part: PersonPart, cell: &Cell<'_>, text: &str) {
    let problems = &mut record.problems;
    match part {
        PersonPart::SourceId => record.source_id = read_as(cell, text, problems),
        PersonPart::Dob => record.dob = cell.birth(text, problems),
        PersonPart::Sex => record.sex = cell.code(Set::Sex, text, problems).and_then(sex),
        PersonPart::Upn => record.upn = cell.upn(text, problems),
        PersonPart::FormerUpn => {
            for one in text.split([',', ';']).map(str::trim).filter(|t| !t.is_empty()) {
                if let Some(upn) = cell.upn(one, problems).filter(|upn| !record.former_upns.contains(upn)) {
                    record.former_upns.push(upn);
                }
            }
        }
        PersonPart::Uln => record.uln = cell.uln(text, problems),
        PersonPart::NhsNumber => record.nhs_number = cell.nhs_number(text, problems),
        PersonPart::Language => cell.code(Set::Language, text, problems).unwrap_or_default().clone_into(&mut record.language),
        PersonPart::Ethnicity => cell.code(Set::Ethnicity, text, problems).unwrap_or_default().clone_into(&mut record.ethnicity),
        PersonPart::YearGroup => cell.code(Set::YearGroup, text, problems).unwrap_or_default().clone_into(&mut record.year_group),
        PersonPart::HomeAuthority => record.home_authority = cell.authority(text, problems),
        PersonPart::Phone => add(&mut record.phones, cell.text(text, problems)),
        PersonPart::Email => add(&mut record.emails, cell.text(text, problems)),
    }
}

fn read_as(cell: &Cell<'_>, text: &str, problems: &mut Vec<Problem>) -> Option<String> {
    match cell.field.read_as {
        None => Some(cell.text(text, problems)),
        Some(ReadAs::Upn) => cell.upn(text, problems).map(|v| v.to_string()),
        Some(ReadAs::NhsNumber) => cell.nhs_number(text, problems).map(|v| v.to_string()),
        Some(ReadAs::Uln) => cell.uln(text, problems).map(|v| v.to_string()),
    }
}

fn sex(code: &str) -> Option<Sex> {
    match code {
        "F" => Some(Sex::F),
        "M" => Some(Sex::M),
        "U" => Some(Sex::U),
        _ => None,
    }
}

/// Adds a text that is not there yet.
fn add(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && !list.contains(&text) {
        list.push(text);
    }
}

/// Puts a part of a name, or takes a whole one apart.
pub(super) fn name(name: &mut Name, problems: &mut Vec<Problem>, part: NamePart, cell: &Cell<'_>, text: &str) {
    let text = cell.text(text, problems);
    match part {
        NamePart::Whole => *name = steps::name::split(&text, cell.field.order),
        NamePart::Forename => name.forename = text,
        NamePart::Middle => name.middle = text,
        NamePart::Surname => name.surname = text,
    }
}

/// Puts a part of a contact.
pub(super) fn contact(place: &mut ContactPlace<'_>, problems: &mut Vec<Problem>, part: ContactPart, cell: &Cell<'_>, text: &str) {
    match part {
        ContactPart::Address(part) => place::address(place, problems, part, cell, text),
        ContactPart::ParentalResponsibility => {
            if let Some(said) = cell.yes_no(text, problems) {
                contact_of(place).parental_responsibility = Some(said);
            }
        }
        ContactPart::Order => match cell.number(text, problems).map(u8::try_from) {
            Some(Ok(order)) => contact_of(place).order = Some(order),
            Some(Err(_)) => cell.fault(problems, ProblemCode::BadNumber, "write a number from 1 to 255"),
            None => {}
        },
        ContactPart::Name(part) => name(&mut contact_of(place).name, problems, part, cell, text),
        ContactPart::Relationship => contact_of(place).relationship = cell.text(text, problems),
        ContactPart::Phone => add(&mut contact_of(place).phones, cell.text(text, problems)),
        ContactPart::Email => add(&mut contact_of(place).emails, cell.text(text, problems)),
    }
}

fn contact_of<'a>(place: &'a mut ContactPlace<'_>) -> &'a mut Contact {
    place.open()
}

/// What can be said only when the whole row is read: a preferred name that has only its forename is of the legal
/// surname, and one that is the legal name is none; a former UPN that is the present one is none; middle names alone are no name.
pub(super) fn finish(record: &mut Record) {
    if record.name.is_empty() {
        record.name.middle.clear();
    }
    if let Some(preferred) = &mut record.preferred_name {
        if preferred.forename.is_empty() {
            preferred.forename.clone_from(&record.name.forename);
        }
        if preferred.surname.is_empty() {
            preferred.surname.clone_from(&record.name.surname);
        }
        if preferred.forename == record.name.forename && preferred.surname == record.name.surname {
            record.preferred_name = None;
        }
    }
    for former in &mut record.former_names {
        if former.forename.is_empty() {
            former.forename.clone_from(&record.name.forename);
        }
    }
    record.former_names.retain(|n| !n.is_empty() && (n.forename != record.name.forename || n.surname != record.name.surname));
    if let Some(upn) = record.upn {
        record.former_upns.retain(|former| *former != upn);
    }
}
