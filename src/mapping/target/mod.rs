//! The places of the common schema that a flat row can fill, by their path (`name.surname`, `contact.2.phone`).

mod kind;
mod list;

pub(crate) use kind::Kind;
pub(crate) use list::{parse, suggestion};

/// How many contacts one row can carry.
pub(crate) const CONTACTS: u8 = 4;

/// All targets a mapping may name, with the kind of value each takes.
pub fn targets() -> Vec<(String, &'static str)> {
    list::all().map(|(path, target)| (path, target.kind().name())).collect()
}

/// A part of a person's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamePart {
    /// Forename, middle names and surname in one text, taken apart by [`crate::steps::name`].
    Whole,
    Forename,
    Middle,
    Surname,
}

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressPart {
    /// Lines, town and postcode in one text, taken apart by [`crate::steps::address`].
    Whole,
    Uprn,
    /// Line 1 to 5.
    Line(u8),
    /// All lines in one text, taken apart at commas.
    Lines,
    Saon,
    Paon,
    Street,
    Locality,
    Town,
    County,
    Country,
    Postcode,
    From,
    To,
    Temporary,
}

/// A part of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContactPart {
    Name(NamePart),
    Relationship,
    ParentalResponsibility,
    Order,
    Phone,
    Email,
    Address(AddressPart),
}

/// A part of a registration at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnrolmentPart {
    School,
    SchoolName,
    Status,
    Entry,
    Leaving,
    Removal,
    DestinationSchool,
    DestinationAuthority,
    DestinationText,
    LastAttended,
}

/// A part of what a service knows beside the registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServicePart {
    AttendancePossible,
    AttendanceAttended,
    AttendanceAuthorised,
    AttendanceUnauthorised,
    SenStatus,
    SenEhcFrom,
    SenNamedSchool,
    LookedAfter,
    ChildProtection,
    ChildInNeed,
    EarlyHelp,
    CareAuthority,
    HomeEducated,
    HomeFrom,
    HomeTo,
    HomeNotice,
    HomeSuitability,
    HomeAssessed,
    Eotas,
    EotasFrom,
    EotasTo,
    RestrictionKind,
    RestrictionFrom,
    MovedAwayOn,
    MovedAwayTo,
    MovedAwayConfirmed,
    Died,
}

/// A part of an event or of dealings with a service, of which a record may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventPart {
    ApplicationSchool,
    ApplicationApplied,
    ApplicationOutcome,
    ApplicationDecided,
    OfferSchool,
    OfferOffered,
    OfferStatus,
    OfferStarts,
    ExclusionPermanent,
    ExclusionFrom,
    ExclusionTo,
    ExclusionReason,
    ExclusionSchool,
    ExclusionProvisionFrom,
    PoliceOn,
    PoliceReference,
    InvolvementKind,
    InvolvementFrom,
    InvolvementTo,
    AlertKind,
    AlertFrom,
}

/// A part of a change of address, of which a row carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangePart {
    Moved,
    Kind,
    From(AddressPart),
    To(AddressPart),
}

/// A part of who the child is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonPart {
    SourceId,
    Dob,
    Sex,
    Upn,
    FormerUpn,
    Uln,
    NhsNumber,
    Language,
    Ethnicity,
    YearGroup,
    HomeAuthority,
    Phone,
    Email,
}

/// One place of the common schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Person(PersonPart),
    Name(NamePart),
    PreferredName(NamePart),
    FormerName(NamePart),
    Address(AddressPart),
    /// Contact 1 to 4 of the row.
    Contact(u8, ContactPart),
    Enrolment(EnrolmentPart),
    Service(ServicePart),
    Event(EventPart),
    Change(ChangePart),
}

impl Target {
    /// Whether several columns may fill it: each adds one entry.
    pub(crate) fn takes_several(self) -> bool {
        matches!(
            self,
            Target::Person(PersonPart::Phone | PersonPart::Email | PersonPart::FormerUpn)
                | Target::Contact(_, ContactPart::Phone | ContactPart::Email)
        )
    }

    /// The number of an address line, so that lines are filled in their order; 0 for everything else.
    pub(crate) fn line(self) -> u8 {
        match self {
            Target::Address(AddressPart::Line(n))
            | Target::Contact(_, ContactPart::Address(AddressPart::Line(n)))
            | Target::Change(ChangePart::From(AddressPart::Line(n)) | ChangePart::To(AddressPart::Line(n))) => n,
            _ => 0,
        }
    }

    /// Whether it is a part of a name, where the text "NULL" may be somebody's name.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Target::Name(_) | Target::PreferredName(_) | Target::FormerName(_) | Target::Contact(_, ContactPart::Name(_)))
    }
}
