//! What of a record counts for linking, reduced: names folded, identifiers and addresses packed into numbers.

use std::hash::Hasher;

use chrono::Datelike;
use schema::name::fold_into;
use schema::provision::RestrictionKind;
use schema::{Address, Name, NhsNumber, Record, Uln, Upn};

use crate::Arrival;
use crate::index::NO_DOB;
use crate::names::UNKNOWN;
use crate::records::Records;

/// An identifier of a person, packed: the number, and above it what kind it is. 0 is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identifier {
    pub(crate) packed: u64,
    pub(crate) former: bool,
}

/// What kind an identifier is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Upn,
    TemporaryUpn,
    NhsNumber,
    Uln,
}

const NHS: u64 = 1 << 62;
const ULN: u64 = 2 << 62;

impl Identifier {
    fn upn(upn: Upn, former: bool) -> Identifier {
        Identifier { packed: upn.key(), former }
    }

    fn nhs_number(number: NhsNumber) -> Identifier {
        Identifier { packed: NHS | number.key(), former: false }
    }

    fn uln(number: Uln) -> Identifier {
        Identifier { packed: ULN | number.key(), former: false }
    }

    /// The kind of a packed identifier; `None` for none.
    pub(crate) fn kind(packed: u64) -> Option<Kind> {
        match packed >> 62 {
            0 if packed == 0 => None,
            // The last character is the lowest place of base 36; a letter there marks a temporary UPN.
            0 if packed % 36 >= 10 => Some(Kind::TemporaryUpn),
            0 => Some(Kind::Upn),
            1 => Some(Kind::NhsNumber),
            _ => Some(Kind::Uln),
        }
    }
}

/// An address packed into two numbers: UPRN and postcode in the lower 40 bits, and above them what tells the house.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Home([u64; 2]);

const LOW: u64 = (1 << 40) - 1;

impl Home {
    pub(crate) const NONE: Home = Home([0, 0]);

    /// `None` for an address that says neither UPRN nor postcode.
    fn of(address: &Address, room: &mut String) -> Option<Home> {
        if !address.is_usable() {
            return None;
        }
        let uprn = address.uprn.map_or(0, |u| u.key());
        let postcode = address.postcode.map_or(0, |p| {
            p.as_str()
                .bytes()
                .filter(|b| *b != b' ')
                .fold(0, |k, c| k * 37 + u64::from(if c.is_ascii_digit() { c - b'0' + 1 } else { c - b'A' + 11 }))
        });
        room.clear();
        for part in [&address.saon, &address.paon, &address.street].into_iter().chain(&address.lines) {
            room.push(' ');
            fold_into(part, room);
        }
        let (first, last) = house_words(room);
        let (first, last) = (house(first), house(last));
        Some(Home([uprn & LOW | first << 40, postcode & LOW | last << 40]))
    }

    /// The same place: UPRN equal; or postcode equal and the house alike (a number in common, or the first word where
    /// there is no number; or one side has no lines).
    pub(crate) fn is_same(self, other: Home) -> bool {
        let ([a, b], [c, d]) = (self.0, other.0);
        let equal = |x: u64, y: u64| x & LOW != 0 && x & LOW == y & LOW;
        let houses = [a >> 40, b >> 40];
        let house_alike = houses[0] == 0 || c >> 40 == 0 || houses.contains(&(c >> 40)) || houses.contains(&(d >> 40));
        equal(a, c) || (equal(b, d) && house_alike)
    }
}

/// The first and the last word with a digit (flat and house); where there is none, the first word twice.
fn house_words(folded: &str) -> (&str, &str) {
    let mut found: Option<(&str, &str)> = None;
    for word in folded.split(' ').filter(|word| word.bytes().any(|b| b.is_ascii_digit())) {
        found = Some((found.map_or(word, |(first, _)| first), word));
    }
    let name = || folded.split(' ').find(|word| !word.is_empty()).unwrap_or_default();
    found.unwrap_or_else(|| (name(), name()))
}

/// 24 bits of a house number or name; 0 for none.
fn house(word: &str) -> u64 {
    if word.is_empty() {
        return 0;
    }
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(word.as_bytes());
    (hasher.finish() >> 40).max(1)
}

/// Where a name stands in the folded text, and its numbers once they are looked up.
#[derive(Clone, Copy)]
pub(crate) struct GivenName {
    forename: (u32, u32),
    surname: (u32, u32),
    pub(crate) numbers: (u32, u32),
    pub(crate) former: bool,
}

/// An arrival, reduced.
pub(crate) struct Given {
    pub(crate) source: u32,
    pub(crate) key: u64,
    pub(crate) source_id: Option<u64>,
    pub(crate) dob: i32,
    pub(crate) adopted: bool,
    pub(crate) names: Vec<GivenName>,
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) homes: Vec<Home>,
    text: String,
}

/// The hash of a key or source id of an installation.
pub(crate) fn key_hash(source: u32, key: &str) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write_u32(source);
    hasher.write(key.as_bytes());
    hasher.finish()
}

impl Given {
    pub(crate) fn of(source: u32, arrival: &Arrival) -> Given {
        let record = arrival.record;
        let key = key_hash(source, arrival.key);
        let source_id =
            record.source_id.as_deref().filter(|id| !id.is_empty()).map(|id| if id == arrival.key { key } else { key_hash(source, id) });
        let adopted = record.restriction.as_ref().is_some_and(|r| r.kind == RestrictionKind::Adoption);
        let mut given = Given {
            source,
            key,
            source_id,
            dob: record.dob.map_or(NO_DOB, |d| d.num_days_from_ce()),
            adopted,
            names: Vec::new(),
            identifiers: identifiers(record),
            homes: Vec::new(),
            text: String::with_capacity(48),
        };
        given.fold_homes(record);
        given.text.clear();
        given.fold_names(record);
        given
    }

    fn fold_homes(&mut self, record: &Record) {
        let changed = record.address_changes.iter().flat_map(|change| [&change.from, &change.to]).flatten();
        for address in record.addresses.iter().chain(changed) {
            if let Some(home) = Home::of(address, &mut self.text)
                && !self.homes.contains(&home)
            {
                self.homes.push(home);
            }
        }
    }

    /// A preferred or former name that gives only a part has the other part from the legal one. The former names of an
    /// adopted child are not looked at.
    fn fold_names(&mut self, record: &Record) {
        let legal = &record.name;
        self.fold_name(&legal.forename, &legal.surname, false);
        if let Some(name) = &record.preferred_name {
            self.fold_part(name, legal, false);
        }
        if !self.adopted {
            record.former_names.iter().for_each(|name| self.fold_part(name, legal, true));
        }
    }

    fn fold_part(&mut self, name: &Name, legal: &Name, former: bool) {
        let forename = if name.forename.is_empty() { &legal.forename } else { &name.forename };
        let surname = if name.surname.is_empty() { &legal.surname } else { &name.surname };
        if !name.is_empty() {
            self.fold_name(forename, surname, former);
        }
    }

    fn fold_name(&mut self, forename: &str, surname: &str, former: bool) {
        let start = self.text.len();
        fold_into(forename, &mut self.text);
        if is_no_name(&self.text[start..]) {
            self.text.truncate(start);
        }
        let middle = self.text.len();
        fold_into(surname, &mut self.text);
        join_prefix(&mut self.text, middle);
        if is_no_name(&self.text[middle..]) {
            self.text.truncate(middle);
        }
        let end = self.text.len();
        let (forename, surname) = (&self.text[start..middle], &self.text[middle..end]);
        let known = self.names.iter().any(|name| self.forename(name) == forename && self.surname(name) == surname);
        if start == end || known {
            self.text.truncate(start);
            return;
        }
        let span = |from: usize, to: usize| (from as u32, to as u32);
        self.names.push(GivenName { forename: span(start, middle), surname: span(middle, end), numbers: (UNKNOWN, UNKNOWN), former });
    }

    pub(crate) fn forename(&self, name: &GivenName) -> &str {
        self.text.get(name.forename.0 as usize..name.forename.1 as usize).unwrap_or_default()
    }

    pub(crate) fn surname(&self, name: &GivenName) -> &str {
        self.text.get(name.surname.0 as usize..name.surname.1 as usize).unwrap_or_default()
    }

    /// Finds the numbers of the names; a name that nobody has stays unknown.
    pub(crate) fn look_up_names(&mut self, records: &Records) {
        for i in 0..self.names.len() {
            let name = self.names[i];
            self.names[i].numbers = (records.names.find(self.forename(&name)), records.names.find(self.surname(&name)));
        }
    }

    /// Gives each name its number.
    pub(crate) fn intern_names(&mut self, records: &mut Records) {
        for i in 0..self.names.len() {
            let name = self.names[i];
            if name.numbers.0 != UNKNOWN && name.numbers.1 != UNKNOWN {
                continue; // looked up already
            }
            self.names[i].numbers = (records.names.intern(self.forename(&name)), records.names.intern(self.surname(&name)));
        }
    }

    /// Its UPNs that are permanent: the current one, or the former ones.
    pub(crate) fn permanent_upns(&self, former: bool) -> impl Iterator<Item = u64> + '_ {
        self.identifiers.iter().filter(move |i| i.former == former && Identifier::kind(i.packed) == Some(Kind::Upn)).map(|i| i.packed)
    }

    /// Its NHS number, or 0.
    pub(crate) fn nhs_number(&self) -> u64 {
        self.identifiers.iter().find(|i| Identifier::kind(i.packed) == Some(Kind::NhsNumber)).map_or(0, |i| i.packed)
    }
}

fn identifiers(record: &Record) -> Vec<Identifier> {
    let current = record.upn.map(|u| Identifier::upn(u, false));
    let mut all: Vec<Identifier> = current.into_iter().collect();
    for upn in &record.former_upns {
        let former = Identifier::upn(*upn, true);
        if !all.iter().any(|i| i.packed == former.packed) {
            all.push(former);
        }
    }
    all.extend(record.nhs_number.map(Identifier::nhs_number));
    all.extend(record.uln.map(Identifier::uln));
    all
}

/// What stands where a name is not known yet: newborns on health lists, placeholders of a MIS.
fn is_no_name(folded: &str) -> bool {
    let first = folded.split(' ').next().unwrap_or_default();
    matches!(first, "baby" | "infant" | "unknown" | "unnamed" | "twin")
        || matches!(folded, "not known" | "not given" | "no name" | "none" | "tbc" | "na" | "n a")
}

/// `o brien` and `mc donald` are `obrien` and `mcdonald`.
fn join_prefix(text: &mut String, start: usize) {
    for prefix in ["o ", "mc "] {
        if text[start..].starts_with(prefix) {
            text.remove(start + prefix.len() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::Postcode;

    fn home(postcode: &str, lines: &[&str]) -> Home {
        let lines = lines.iter().map(|l| (*l).to_owned()).collect();
        Home::of(&Address { postcode: Postcode::parse(postcode).ok(), lines, ..Address::default() }, &mut String::new()).unwrap()
    }

    #[test]
    fn the_same_house_is_known_in_different_writing() {
        let here = home("SO14 0AA", &["Flat 2", "12 Test Road"]);
        assert!(here.is_same(home("SO14 0AA", &["12, Test Rd"])));
        assert!(here.is_same(home("SO14 0AA", &[])));
        assert!(!here.is_same(home("SO14 0AA", &["14 Test Road"])));
        assert!(!here.is_same(home("SO14 0AB", &["12 Test Road"])));
        assert!(home("SO14 0AA", &["Rose Cottage"]).is_same(home("SO14 0AA", &["rose cottage, Test Lane"])));
    }

    #[test]
    fn packed_identifiers_keep_their_kind() {
        let kind = |i: Identifier| Identifier::kind(i.packed);
        assert!(kind(Identifier::upn(Upn::parse("B801200005001").unwrap(), false)) == Some(Kind::Upn));
        assert!(kind(Identifier::upn(Upn::parse("H85240012600A").unwrap(), false)) == Some(Kind::TemporaryUpn));
        assert!(kind(Identifier::nhs_number(NhsNumber::parse("9434765870").unwrap())) == Some(Kind::NhsNumber));
        assert!(kind(Identifier::uln(Uln::parse("9999375358").unwrap())) == Some(Kind::Uln));
        assert!(Identifier::kind(0).is_none());
    }
}
