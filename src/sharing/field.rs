//! The catalogue of fields that an agreement may name, and how each is taken from a child's best values.

use schema::provision::AddressChange;
use schema::{Address, ChildId, Record, Sex};

/// What a message is about: the child's best values as one record, and the change that is told.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The child.
    pub child: ChildId,
    /// Whether a person restricted the child; a restriction in `best` counts anyway.
    pub restricted: bool,
    /// The child's best values.
    pub best: &'a Record,
    /// The address that is told.
    pub address: &'a Address,
    /// The change it comes from.
    pub change: &'a AddressChange,
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subject({}, redacted)", self.child)
    }
}

/// The condition without which a field may not be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Special categories (health, ethnicity, SEN): UK GDPR Art 9, Data Protection Act 2018 Sch 1.
    Article9,
    /// Criminal offences and police data: UK GDPR Art 10, Data Protection Act 2018 Sch 1.
    Article10,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// One field that an agreement may name. A name that is not here cannot be shared.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])* $variant),+ }

        impl Field {
            /// All fields.
            pub const ALL: &[Field] = &[$(Field::$variant),+];

            /// The name in agreements, headers and the disclosure log.
            pub fn as_str(self) -> &'static str {
                match self { $(Field::$variant => $name),+ }
            }
        }
    };
}

fields! {
    /// Unique pupil number.
    Upn = "upn",
    /// Unique learner number.
    Uln = "uln",
    /// NHS number: says that there is a health record. Art 9.
    NhsNumber = "nhs_number",
    /// Legal forename.
    Forename = "name.forename",
    /// Middle names.
    Middle = "name.middle",
    /// Legal surname.
    Surname = "name.surname",
    /// Date of birth.
    Dob = "dob",
    /// Sex: F, M, U.
    Sex = "sex",
    /// National curriculum year group.
    YearGroup = "year_group",
    /// First language, CBDS code.
    Language = "language",
    /// Ethnicity, CBDS code. Art 9.
    Ethnicity = "ethnicity",
    /// SEN status: E, K, N. Art 9.
    SenStatus = "sen.status",
    /// Days of police notifications (PPN1). Art 10.
    PoliceOn = "police.on",
    /// Phones of the child's home.
    Phones = "phones",
    /// Emails of the child's home.
    Emails = "emails",
    /// Property number of the new address.
    AddressUprn = "address.uprn",
    /// Its lines, without town and postcode.
    AddressLines = "address.lines",
    /// Its town.
    AddressTown = "address.town",
    /// Its county.
    AddressCounty = "address.county",
    /// Its country, where not England.
    AddressCountry = "address.country",
    /// Its postcode.
    AddressPostcode = "address.postcode",
    /// First day on which it holds; the day of the move where the address has none.
    AddressFrom = "address.from",
    /// Whether it is temporary accommodation: yes or no.
    AddressTemporary = "address.temporary",
    /// What kind of change: move, temporary-accommodation, left-area.
    ChangeKind = "change.kind",
    /// Day of the move.
    ChangeMoved = "change.moved",
}

impl Field {
    /// The field of that name.
    pub fn parse(name: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.as_str() == name)
    }

    /// What the agreement must name before this field may be shared.
    pub fn condition(self) -> Option<Condition> {
        match self {
            Field::NhsNumber | Field::Ethnicity | Field::SenStatus => Some(Condition::Article9),
            Field::PoliceOn => Some(Condition::Article10),
            _ => None,
        }
    }

    /// The value for one child; empty where nothing is known.
    pub(crate) fn value(self, subject: &Subject<'_>) -> String {
        let Subject { best, address, change, .. } = *subject;
        match self {
            Field::Upn => shown(best.upn.as_ref()),
            Field::Uln => shown(best.uln.as_ref()),
            Field::NhsNumber => shown(best.nhs_number.as_ref()),
            Field::Forename => best.name.forename.clone(),
            Field::Middle => best.name.middle.clone(),
            Field::Surname => best.name.surname.clone(),
            Field::Dob => shown(best.dob.as_ref()),
            Field::Sex => best.sex.map(sex_letter).unwrap_or_default().to_owned(),
            Field::YearGroup => best.year_group.clone(),
            Field::Language => best.language.clone(),
            Field::Ethnicity => best.ethnicity.clone(),
            Field::SenStatus => best.sen.as_ref().map(|sen| sen.status.clone()).unwrap_or_default(),
            Field::PoliceOn => best.police.iter().filter_map(|p| p.on).map(|on| on.to_string()).collect::<Vec<_>>().join("; "),
            Field::Phones => best.phones.join("; "),
            Field::Emails => best.emails.join("; "),
            Field::AddressUprn => shown(address.uprn.as_ref()),
            Field::AddressLines => lines_of(address),
            Field::AddressTown => address.town.clone(),
            Field::AddressCounty => address.county.clone(),
            Field::AddressCountry => address.country.clone(),
            Field::AddressPostcode => shown(address.postcode.as_ref()),
            Field::AddressFrom => shown(address.from.or(change.moved).as_ref()),
            Field::AddressTemporary => yes_or_no(address.temporary || change.kind == "temporary-accommodation"),
            Field::ChangeKind => change.kind.clone(),
            Field::ChangeMoved => shown(change.moved.as_ref()),
        }
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

fn shown<T: std::fmt::Display>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

fn sex_letter(sex: Sex) -> &'static str {
    match sex {
        Sex::F => "F",
        Sex::M => "M",
        Sex::U => "U",
    }
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// "Flat 2, 14 Example Road, Bitterne": the lines as given, else the parts of BS 7666.
fn lines_of(address: &Address) -> String {
    let joined = |parts: &[&str], between: &str| {
        parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
    };
    let lines: Vec<&str> = address.lines.iter().map(String::as_str).collect();
    let lines = joined(&lines, ", ");
    if !lines.is_empty() {
        return lines;
    }
    let street = joined(&[&address.paon, &address.street], " ");
    joined(&[&address.saon, &street, &address.locality], ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_found_by_its_name() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.as_str()), Some(*field));
        }
        assert_eq!(Field::parse("address"), None);
    }

    #[test]
    fn an_address_of_parts_reads_like_one_of_lines() {
        let parts = Address {
            saon: "Flat 2".into(),
            paon: "14".into(),
            street: "Example Road".into(),
            locality: "Bitterne".into(),
            ..Address::default()
        };
        assert_eq!(lines_of(&parts), "Flat 2, 14 Example Road, Bitterne");
        let lines = Address { lines: vec!["14 Example Road".into(), " ".into(), "Bitterne".into()], ..parts };
        assert_eq!(lines_of(&lines), "14 Example Road, Bitterne");
        assert_eq!(lines_of(&Address::default()), "");
    }

    #[test]
    fn temporary_accommodation_is_said_by_the_address_or_by_the_change() {
        let (best, address) = (Record::default(), Address::default());
        let said = |kind: &str| {
            let change = AddressChange { kind: kind.into(), ..AddressChange::default() };
            Field::AddressTemporary.value(&Subject {
                child: ChildId(1),
                restricted: false,
                best: &best,
                address: &address,
                change: &change,
            })
        };
        assert_eq!((said("temporary-accommodation").as_str(), said("move").as_str()), ("yes", "no"));
    }
}
