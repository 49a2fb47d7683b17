//! What services know of the child, of which a record holds one each: attendance, SEN, care, home education and so on.

use chrono::NaiveDate;
use schema::Record;
use schema::provision::{RestrictionKind, Suitability};

use super::cell::Cell;
use super::open::{self, Opens};
use crate::codes::Set;
use crate::target::ServicePart as S;

/// Puts a value of a service.
pub(super) fn put(record: &mut Record, part: S, cell: &Cell<'_>, text: &str) {
    match part {
        S::AttendancePossible | S::AttendanceAttended | S::AttendanceAuthorised | S::AttendanceUnauthorised => {
            attendance(record, part, cell, text)
        }
        S::LookedAfter | S::ChildProtection | S::ChildInNeed | S::EarlyHelp | S::HomeEducated | S::Eotas => flag(record, part, cell, text),
        S::SenStatus => {
            if let Some(code) = cell.code(Set::SenStatus, text, &mut record.problems) {
                code.clone_into(&mut record.sen.open().status);
            }
        }
        S::SenNamedSchool => {
            if let Some(school) = cell.laestab(text, &mut record.problems) {
                record.sen.open().named_school = Some(school);
            }
        }
        S::CareAuthority => {
            if let Some(authority) = cell.authority(text, &mut record.problems) {
                record.care.open().authority = Some(authority);
            }
        }
        S::HomeSuitability => {
            if let Some(suitability) = cell.code(Set::Suitability, text, &mut record.problems).and_then(suitability) {
                open::home_education(record).suitability = suitability;
            }
        }
        S::RestrictionKind => {
            // A word that nobody knows may well mean that the child is restricted: it is, until a person has looked.
            match cell.code(Set::Restriction, text, &mut record.problems).map(restriction) {
                Some(Some(kind)) => open::restriction(record).kind = kind,
                Some(None) => {}
                None => _ = open::restriction(record),
            }
        }
        S::MovedAwayTo => record.moved_away.open().to = cell.text(text, &mut record.problems),
        _ => {
            if let Some(date) = cell.date(text, &mut record.problems) {
                put_date(record, part, date);
            }
        }
    }
}

fn put_date(record: &mut Record, part: S, date: NaiveDate) {
    let place = match part {
        S::SenEhcFrom => &mut record.sen.open().ehc_from,
        S::HomeFrom => &mut open::home_education(record).from,
        S::HomeTo => &mut open::home_education(record).to,
        S::HomeNotice => &mut open::home_education(record).notice,
        S::HomeAssessed => &mut open::home_education(record).assessed,
        S::EotasFrom => &mut record.eotas.open().from,
        S::EotasTo => &mut record.eotas.open().to,
        S::RestrictionFrom => &mut open::restriction(record).from,
        S::MovedAwayOn => &mut record.moved_away.open().on,
        S::MovedAwayConfirmed => &mut record.moved_away.open().confirmed,
        S::Died => &mut record.died,
        _ => return,
    };
    *place = Some(date);
}

fn attendance(record: &mut Record, part: S, cell: &Cell<'_>, text: &str) {
    let Some(sessions) = cell.number(text, &mut record.problems) else { return };
    let attendance = record.attendance.open();
    let place = match part {
        S::AttendancePossible => &mut attendance.possible,
        S::AttendanceAttended => &mut attendance.attended,
        S::AttendanceAuthorised => &mut attendance.authorised,
        _ => &mut attendance.unauthorised,
    };
    *place = sessions;
}

/// "No" says nothing that a record would hold: only a yes makes the part.
fn flag(record: &mut Record, part: S, cell: &Cell<'_>, text: &str) {
    if cell.yes_no(text, &mut record.problems) != Some(true) {
        return;
    }
    match part {
        S::LookedAfter => record.care.open().looked_after = true,
        S::ChildProtection => record.care.open().child_protection = true,
        S::ChildInNeed => record.care.open().child_in_need = true,
        S::EarlyHelp => record.care.open().early_help = true,
        S::HomeEducated => {
            open::home_education(record);
        }
        _ => {
            record.eotas.open();
        }
    }
}

fn suitability(code: &str) -> Option<Suitability> {
    match code {
        "not-assessed" => Some(Suitability::NotAssessed),
        "suitable" => Some(Suitability::Suitable),
        "unsuitable" => Some(Suitability::Unsuitable),
        _ => None,
    }
}

fn restriction(code: &str) -> Option<RestrictionKind> {
    match code {
        "protected-address" => Some(RestrictionKind::ProtectedAddress),
        "adoption" => Some(RestrictionKind::Adoption),
        "custody" => Some(RestrictionKind::Custody),
        "restricted" => Some(RestrictionKind::Restricted),
        _ => None,
    }
}
