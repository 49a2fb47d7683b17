//! What kind of value a target takes: which step reads it, and what a mapping's constants are checked against.

use super::{
    AddressPart as A, ChangePart as G, ContactPart as C, EnrolmentPart as E, EventPart as V, NamePart as N, PersonPart as P,
    ServicePart as S, Target,
};
use crate::codes::Set;
use crate::steps::{date, yes_no};

/// Kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Name,
    Address,
    Date,
    /// A date of birth: of a child, so not before 1990.
    BirthDate,
    YesNo,
    Number,
    Upn,
    Uln,
    NhsNumber,
    Uprn,
    Laestab,
    Authority,
    Postcode,
    /// A destination in words, or a LAESTAB.
    Destination,
    /// Words, with a removal ground in them or not.
    Ground,
    Code(Set),
}

impl Kind {
    /// The kind in words, for the manual and for hints.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Name => "whole name",
            Kind::Address => "whole address",
            Kind::Date | Kind::BirthDate => "date",
            Kind::YesNo => "yes or no",
            Kind::Number => "number",
            Kind::Upn => "UPN",
            Kind::Uln => "ULN",
            Kind::NhsNumber => "NHS number",
            Kind::Uprn => "UPRN",
            Kind::Laestab => "LAESTAB",
            Kind::Authority => "authority code",
            Kind::Postcode => "postcode",
            Kind::Destination => "words or LAESTAB",
            Kind::Ground => "removal ground or words",
            Kind::Code(set) => set.name(),
        }
    }

    /// Whether it is a date, so that `formats` may be given.
    pub(crate) fn is_date(self) -> bool {
        matches!(self, Kind::Date | Kind::BirthDate)
    }

    /// Whether a constant written in a mapping (a default, a value of a table) is one of that kind.
    pub(crate) fn takes(self, text: &str) -> bool {
        match self {
            Kind::Text | Kind::Name | Kind::Address | Kind::Destination | Kind::Ground => true,
            Kind::Date => date::parse(text).is_ok(),
            Kind::BirthDate => date::parse(text).is_ok_and(date::is_birth),
            Kind::YesNo => yes_no::parse(text).is_some(),
            Kind::Number => text.parse::<u16>().is_ok(),
            Kind::Upn => schema::Upn::parse(text).is_ok(),
            Kind::Uln => schema::Uln::parse(text).is_ok(),
            Kind::NhsNumber => schema::NhsNumber::parse(text).is_ok(),
            Kind::Uprn => schema::Uprn::parse(text).is_ok(),
            Kind::Laestab => schema::Laestab::parse(text).is_ok(),
            Kind::Authority => schema::LaCode::parse(text).is_ok(),
            Kind::Postcode => schema::Postcode::parse(text).is_ok(),
            Kind::Code(set) => set.code(text).is_some(),
        }
    }
}

impl Target {
    /// The kind of value it takes.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Target::Person(part) => person(part),
            Target::Name(N::Whole) | Target::PreferredName(N::Whole) | Target::FormerName(N::Whole) => Kind::Name,
            Target::Name(_) | Target::PreferredName(_) | Target::FormerName(_) => Kind::Text,
            Target::Address(part) | Target::Contact(_, C::Address(part)) => address(part),
            Target::Contact(_, C::Name(N::Whole)) => Kind::Name,
            Target::Contact(_, C::ParentalResponsibility) => Kind::YesNo,
            Target::Contact(_, C::Order) => Kind::Number,
            Target::Contact(..) => Kind::Text,
            Target::Enrolment(part) => enrolment(part),
            Target::Service(part) => service(part),
            Target::Event(part) => event(part),
            Target::Change(part) => change(part),
        }
    }
}

fn person(part: P) -> Kind {
    match part {
        P::SourceId | P::Phone | P::Email => Kind::Text,
        P::Dob => Kind::BirthDate,
        P::Sex => Kind::Code(Set::Sex),
        P::Upn | P::FormerUpn => Kind::Upn,
        P::Uln => Kind::Uln,
        P::NhsNumber => Kind::NhsNumber,
        P::Language => Kind::Code(Set::Language),
        P::Ethnicity => Kind::Code(Set::Ethnicity),
        P::YearGroup => Kind::Code(Set::YearGroup),
        P::HomeAuthority => Kind::Authority,
    }
}

fn address(part: A) -> Kind {
    match part {
        A::Whole | A::Lines => Kind::Address,
        A::Uprn => Kind::Uprn,
        A::Postcode => Kind::Postcode,
        A::From | A::To => Kind::Date,
        A::Temporary => Kind::YesNo,
        A::Line(_) | A::Saon | A::Paon | A::Street | A::Locality | A::Town | A::County | A::Country => Kind::Text,
    }
}

fn enrolment(part: E) -> Kind {
    match part {
        E::School | E::DestinationSchool => Kind::Laestab,
        E::SchoolName => Kind::Text,
        E::Status => Kind::Code(Set::EnrolmentStatus),
        E::Entry | E::Leaving | E::LastAttended => Kind::Date,
        E::Removal => Kind::Ground,
        E::DestinationAuthority => Kind::Authority,
        E::DestinationText => Kind::Destination,
    }
}

fn service(part: S) -> Kind {
    match part {
        S::AttendancePossible | S::AttendanceAttended | S::AttendanceAuthorised | S::AttendanceUnauthorised => Kind::Number,
        S::SenStatus => Kind::Code(Set::SenStatus),
        S::SenNamedSchool => Kind::Laestab,
        S::LookedAfter | S::ChildProtection | S::ChildInNeed | S::EarlyHelp | S::HomeEducated | S::Eotas => Kind::YesNo,
        S::CareAuthority => Kind::Authority,
        S::HomeSuitability => Kind::Code(Set::Suitability),
        S::RestrictionKind => Kind::Code(Set::Restriction),
        S::MovedAwayTo => Kind::Text,
        S::SenEhcFrom
        | S::HomeFrom
        | S::HomeTo
        | S::HomeNotice
        | S::HomeAssessed
        | S::EotasFrom
        | S::EotasTo
        | S::RestrictionFrom
        | S::MovedAwayOn
        | S::MovedAwayConfirmed
        | S::Died => Kind::Date,
    }
}

fn event(part: V) -> Kind {
    match part {
        V::ApplicationSchool | V::OfferSchool | V::ExclusionSchool => Kind::Laestab,
        V::OfferStatus => Kind::Code(Set::OfferStatus),
        V::ExclusionPermanent => Kind::YesNo,
        V::ExclusionReason => Kind::Code(Set::ExclusionReason),
        V::ApplicationOutcome | V::PoliceReference | V::InvolvementKind | V::AlertKind => Kind::Text,
        V::ApplicationApplied
        | V::ApplicationDecided
        | V::OfferOffered
        | V::OfferStarts
        | V::ExclusionFrom
        | V::ExclusionTo
        | V::ExclusionProvisionFrom
        | V::PoliceOn
        | V::InvolvementFrom
        | V::InvolvementTo
        | V::AlertFrom => Kind::Date,
    }
}

fn change(part: G) -> Kind {
    match part {
        G::Moved => Kind::Date,
        G::Kind => Kind::Code(Set::AddressChange),
        G::From(part) | G::To(part) => address(part),
    }
}
