//! Every target with its path.

use super::{
    AddressPart as A, CONTACTS, ChangePart as G, ContactPart as C, EnrolmentPart as E, EventPart as V, NamePart as N, PersonPart as P,
    ServicePart as S, Target,
};

const PERSON: &[(&str, P)] = &[
    ("source_id", P::SourceId),
    ("dob", P::Dob),
    ("sex", P::Sex),
    ("upn", P::Upn),
    ("former_upn", P::FormerUpn),
    ("uln", P::Uln),
    ("nhs_number", P::NhsNumber),
    ("language", P::Language),
    ("ethnicity", P::Ethnicity),
    ("year_group", P::YearGroup),
    ("home_authority", P::HomeAuthority),
    ("phone", P::Phone),
    ("email", P::Email),
];

const NAME: &[(&str, N)] = &[("", N::Whole), (".forename", N::Forename), (".middle", N::Middle), (".surname", N::Surname)];

const ADDRESS: &[(&str, A)] = &[
    ("", A::Whole),
    (".uprn", A::Uprn),
    (".line1", A::Line(1)),
    (".line2", A::Line(2)),
    (".line3", A::Line(3)),
    (".line4", A::Line(4)),
    (".line5", A::Line(5)),
    (".lines", A::Lines),
    (".saon", A::Saon),
    (".paon", A::Paon),
    (".street", A::Street),
    (".locality", A::Locality),
    (".town", A::Town),
    (".county", A::County),
    (".country", A::Country),
    (".postcode", A::Postcode),
    (".from", A::From),
    (".to", A::To),
    (".temporary", A::Temporary),
];

const CONTACT: &[(&str, C)] = &[
    (".relationship", C::Relationship),
    (".parental_responsibility", C::ParentalResponsibility),
    (".order", C::Order),
    (".phone", C::Phone),
    (".email", C::Email),
    (".name", C::Name(N::Whole)),
    (".forename", C::Name(N::Forename)),
    (".middle", C::Name(N::Middle)),
    (".surname", C::Name(N::Surname)),
];

const ENROLMENT: &[(&str, E)] = &[
    ("enrolment.school", E::School),
    ("enrolment.school_name", E::SchoolName),
    ("enrolment.status", E::Status),
    ("enrolment.entry", E::Entry),
    ("enrolment.leaving", E::Leaving),
    ("enrolment.removal", E::Removal),
    ("enrolment.destination.school", E::DestinationSchool),
    ("enrolment.destination.authority", E::DestinationAuthority),
    ("enrolment.destination.text", E::DestinationText),
    ("enrolment.last_attended", E::LastAttended),
];

const SERVICE: &[(&str, S)] = &[
    ("attendance.possible", S::AttendancePossible),
    ("attendance.attended", S::AttendanceAttended),
    ("attendance.authorised", S::AttendanceAuthorised),
    ("attendance.unauthorised", S::AttendanceUnauthorised),
    ("sen.status", S::SenStatus),
    ("sen.ehc_from", S::SenEhcFrom),
    ("sen.named_school", S::SenNamedSchool),
    ("care.looked_after", S::LookedAfter),
    ("care.child_protection", S::ChildProtection),
    ("care.child_in_need", S::ChildInNeed),
    ("care.early_help", S::EarlyHelp),
    ("care.authority", S::CareAuthority),
    ("home_education", S::HomeEducated),
    ("home_education.from", S::HomeFrom),
    ("home_education.to", S::HomeTo),
    ("home_education.notice", S::HomeNotice),
    ("home_education.suitability", S::HomeSuitability),
    ("home_education.assessed", S::HomeAssessed),
    ("eotas", S::Eotas),
    ("eotas.from", S::EotasFrom),
    ("eotas.to", S::EotasTo),
    ("restriction", S::RestrictionKind),
    ("restriction.from", S::RestrictionFrom),
    ("moved_away.on", S::MovedAwayOn),
    ("moved_away.to", S::MovedAwayTo),
    ("moved_away.confirmed", S::MovedAwayConfirmed),
    ("died", S::Died),
];

const EVENT: &[(&str, V)] = &[
    ("application.school", V::ApplicationSchool),
    ("application.applied", V::ApplicationApplied),
    ("application.outcome", V::ApplicationOutcome),
    ("application.decided", V::ApplicationDecided),
    ("offer.school", V::OfferSchool),
    ("offer.offered", V::OfferOffered),
    ("offer.status", V::OfferStatus),
    ("offer.starts", V::OfferStarts),
    ("exclusion.permanent", V::ExclusionPermanent),
    ("exclusion.from", V::ExclusionFrom),
    ("exclusion.to", V::ExclusionTo),
    ("exclusion.reason", V::ExclusionReason),
    ("exclusion.school", V::ExclusionSchool),
    ("exclusion.provision_from", V::ExclusionProvisionFrom),
    ("police.on", V::PoliceOn),
    ("police.reference", V::PoliceReference),
    ("involvement.kind", V::InvolvementKind),
    ("involvement.from", V::InvolvementFrom),
    ("involvement.to", V::InvolvementTo),
    ("alert.kind", V::AlertKind),
    ("alert.from", V::AlertFrom),
];

/// Every target with its path.
pub(super) fn all() -> impl Iterator<Item = (String, Target)> {
    let person = PERSON.iter().map(|(path, part)| ((*path).to_owned(), Target::Person(*part)));
    let names = NAME.iter().flat_map(|(end, part)| {
        [("name", Target::Name(*part)), ("preferred_name", Target::PreferredName(*part)), ("former_name", Target::FormerName(*part))]
            .map(|(p, t)| (format!("{p}{end}"), t))
    });
    let address = ADDRESS.iter().map(|(end, part)| (format!("address{end}"), Target::Address(*part)));
    let contacts = (1..=CONTACTS).flat_map(|n| {
        let parts = CONTACT.iter().map(move |(end, part)| (format!("contact.{n}{end}"), Target::Contact(n, *part)));
        parts.chain(ADDRESS.iter().map(move |(end, part)| (format!("contact.{n}.address{end}"), Target::Contact(n, C::Address(*part)))))
    });
    let enrolment = ENROLMENT.iter().map(|(path, part)| ((*path).to_owned(), Target::Enrolment(*part)));
    let service = SERVICE.iter().map(|(path, part)| ((*path).to_owned(), Target::Service(*part)));
    let event = EVENT.iter().map(|(path, part)| ((*path).to_owned(), Target::Event(*part)));
    let change = [("moved", G::Moved), ("kind", G::Kind)].into_iter().map(|(end, part)| (format!("address_change.{end}"), part));
    let of_address = ADDRESS.iter().flat_map(|(end, part)| {
        [("from", G::From(*part)), ("to", G::To(*part))].map(|(side, part)| (format!("address_change.{side}{end}"), part))
    });
    let change = change.chain(of_address).map(|(path, part)| (path, Target::Change(part)));
    person.chain(names).chain(address).chain(contacts).chain(enrolment).chain(service).chain(event).chain(change)
}

/// The target of that path.
pub(crate) fn parse(path: &str) -> Option<Target> {
    all().find(|(p, _)| p == path).map(|(_, target)| target)
}

/// The path somebody probably meant: one that ends in what was written, or the nearest by spelling.
pub(crate) fn suggestion(path: &str) -> Option<String> {
    let path = path.trim().to_lowercase().replace([' ', '-'], "_");
    let known = match path.as_str() {
        "date_of_birth" | "birth_date" | "birthdate" => Some("dob"),
        "gender" => Some("sex"),
        "forename" | "first_name" | "firstname" | "given_name" => Some("name.forename"),
        "surname" | "last_name" | "lastname" | "family_name" => Some("name.surname"),
        "postcode" | "post_code" => Some("address.postcode"),
        "laestab" | "school" => Some("enrolment.school"),
        _ => None,
    };
    if let Some(known) = known {
        return Some(known.to_owned());
    }
    let paths: Vec<String> = all().map(|(p, _)| p).collect();
    if let Some(longer) = paths.iter().find(|p| p.strip_suffix(path.as_str()).is_some_and(|head| head.ends_with('.'))) {
        return Some(longer.clone());
    }
    crate::file::nearest(&path, paths.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_leads_to_its_own_target() {
        let all: Vec<_> = all().collect();
        for (path, target) in &all {
            assert_eq!(parse(path), Some(*target), "{path}");
            assert_eq!(all.iter().filter(|(_, t)| t == target).count(), 1, "{path}");
        }
        assert_eq!(parse("contact.5.phone"), None);
    }

    #[test]
    fn a_near_miss_is_understood() {
        for (written, meant) in [
            ("surname", "name.surname"),
            ("date_of_birth", "dob"),
            ("nme.surname", "name.surname"),
            ("enrolement.entry", "enrolment.entry"),
            ("suitability", "home_education.suitability"),
            ("Postcode", "address.postcode"),
        ] {
            assert_eq!(suggestion(written).as_deref(), Some(meant));
        }
        assert_eq!(suggestion("zzzzzzzzzzzz"), None);
    }
}
