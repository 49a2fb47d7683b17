//! An arrival beside a record: what agrees, what differs, what one of them does not say.

use chrono::{Datelike, NaiveDate};

use crate::alike::{alike, forenames_near, surnames_alike};
use crate::features::{Given, GivenName, Home, Identifier, Kind};
use crate::index::{FORMER_NAME, FORMER_UPN, Facet, NO_DOB, SOURCE_ID};
use crate::names::EMPTY;
use crate::records::Records;

/// How one field of two records compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Agreement {
    /// One of the two does not say.
    #[default]
    Unknown,
    /// Both say the same.
    Same,
    /// Both say, and differ.
    Differs,
}
use Agreement::{Differs, Same, Unknown};

impl Agreement {
    /// Same if any pair is; differs if all pairs do.
    fn or(self, other: Agreement) -> Agreement {
        match (self, other) {
            (Same, _) | (_, Same) => Same,
            (Differs, _) | (_, Differs) => Differs,
            _ => Unknown,
        }
    }

    fn of<T: PartialEq>(one: T, other: T, none: T) -> Agreement {
        if one == none || other == none {
            Unknown
        } else if one == other {
            Same
        } else {
            Differs
        }
    }
}

/// An arrival beside one record: any of its names, identifiers and addresses against any of the record's.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Comparison {
    pub(crate) source_id: Agreement,
    pub(crate) upn: Agreement,
    pub(crate) nhs_number: Agreement,
    pub(crate) uln: Agreement,
    /// Forename and surname equal in one pair of names.
    pub(crate) name: Agreement,
    /// As `name`, without former names.
    pub(crate) present_name: Agreement,
    /// Forename and surname alike in one pair of names.
    pub(crate) names_alike: bool,
    pub(crate) forename: Agreement,
    pub(crate) surname: Agreement,
    pub(crate) dob: Agreement,
    /// Birth dates that differ by what a slip of the pen does: one part wrong, or day and month swapped.
    pub(crate) dob_close: bool,
    pub(crate) address: Agreement,
}

impl Comparison {
    /// Whether name and birth date say enough that an equal identifier is right.
    ///
    /// With equal birth dates the forename must agree too: twins share the rest, and their numbers are what is most
    /// often swapped. With different birth dates only the whole name will do, since siblings share the rest.
    pub(crate) fn corroborates(&self, temporary: bool) -> bool {
        match self.dob {
            _ if temporary => self.dob == Same && self.names_alike,
            Same => self.forename == Same || (self.forename == Unknown && self.surname != Differs),
            Differs => self.name == Same || (self.names_alike && self.dob_close),
            Unknown => self.names_alike,
        }
    }

    /// Whether neither name nor birth date can be compared.
    pub(crate) fn says_nothing(&self) -> bool {
        self.dob == Unknown && self.forename == Unknown && self.surname == Unknown
    }

    /// What an equal source id needs: birth date, whole name or UPN the same; accepted if none of them can be compared.
    pub(crate) fn fits_source_id(&self) -> bool {
        let all = [self.dob, self.name, self.upn];
        all.contains(&Same) || !all.contains(&Differs)
    }

    /// How many fields agree.
    pub(crate) fn agreeing(&self) -> usize {
        let all = [self.source_id, self.upn, self.nhs_number, self.uln, self.name, self.forename, self.surname, self.dob, self.address];
        all.iter().filter(|a| **a == Same).count()
    }

    /// Names of the fields that agree, and of those that differ.
    pub(crate) fn fields(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let whole = self.name == Same;
        let fields = [
            ("source_id", self.source_id),
            ("upn", self.upn),
            ("nhs_number", self.nhs_number),
            ("uln", self.uln),
            ("name", if whole { Same } else { Unknown }),
            ("forename", if whole { Unknown } else { self.forename }),
            ("surname", if whole { Unknown } else { self.surname }),
            ("dob", self.dob),
            ("address", self.address),
        ];
        let of = |agreement| fields.iter().filter(|(_, a)| *a == agreement).map(|(name, _)| *name).collect();
        (of(Same), of(Differs))
    }
}

/// Compares an arrival with the record whose first facet is `first`.
pub(crate) fn compare(records: &Records, given: &Given, first: u32) -> Comparison {
    let mut c = Comparison::default();
    let dob = records.facet(first).dob;
    c.dob = Agreement::of(given.dob, dob, NO_DOB);
    c.dob_close = c.dob == Differs && dobs_close(given.dob, dob);
    let same_source = records.source(first) == given.source;
    for (_, facet) in records.facets(first) {
        if let (true, true, Some(id)) = (same_source, facet.is(SOURCE_ID), given.source_id) {
            c.source_id = c.source_id.or(Agreement::of(Some(id), Some(facet.key), None));
        }
        compare_names(records, given, facet, &mut c);
        compare_identifiers(given, facet, &mut c);
        if facet.home != Home::NONE {
            given.homes.iter().for_each(|home| c.address = c.address.or(if home.is_same(facet.home) { Same } else { Differs }));
        }
    }
    c
}

fn compare_names(records: &Records, given: &Given, facet: &Facet, c: &mut Comparison) {
    let (forename, surname) = (facet.forename, facet.surname);
    if forename == EMPTY && surname == EMPTY {
        return;
    }
    for name in &given.names {
        let parts = (Agreement::of(name.numbers.0, forename, EMPTY), Agreement::of(name.numbers.1, surname, EMPTY));
        let both = match parts {
            (Same, Same) => Same,
            (Unknown, _) | (_, Unknown) => Unknown,
            _ => Differs,
        };
        c.name = c.name.or(both);
        if !name.former && !facet.is(FORMER_NAME) {
            c.present_name = c.present_name.or(both);
        }
        if both == Same {
            (c.names_alike, c.forename, c.surname) = (true, Same, Same);
        } else {
            compare_spelling(records, given, name, facet, parts, c);
        }
    }
}

/// For names that are not equal as they stand.
fn compare_spelling(records: &Records, given: &Given, name: &GivenName, facet: &Facet, parts: (Agreement, Agreement), c: &mut Comparison) {
    if c.names_alike && c.forename == Same && c.surname == Same {
        return;
    }
    let ours = (given.forename(name), given.surname(name));
    let theirs = (records.names.text(facet.forename), records.names.text(facet.surname));
    let swapped = !ours.0.is_empty() && !ours.1.is_empty() && ours.0 == theirs.1 && ours.1 == theirs.0;
    if swapped {
        (c.names_alike, c.forename, c.surname) = (true, Same, Same);
        return;
    }
    let if_near = |part: Agreement, near: bool| if part == Differs && near { Same } else { part };
    let surname = if_near(parts.1, surnames_alike(ours.1, theirs.1));
    let forename = if_near(parts.0, forenames_near(ours.0, theirs.0));
    c.names_alike |= surname == Same && alike(ours.0, theirs.0);
    c.forename = c.forename.or(forename);
    c.surname = c.surname.or(surname);
}

fn compare_identifiers(given: &Given, facet: &Facet, c: &mut Comparison) {
    let Some(kind) = Identifier::kind(facet.identifier) else { return };
    for identifier in &given.identifiers {
        let equal = identifier.packed == facet.identifier;
        match (kind, Identifier::kind(identifier.packed)) {
            (Kind::Upn | Kind::TemporaryUpn, _) if equal => c.upn = Same,
            // A former number is expected to differ; so is a temporary one.
            (Kind::Upn, Some(Kind::Upn)) if !identifier.former && !facet.is(FORMER_UPN) => c.upn = c.upn.or(Differs),
            (Kind::NhsNumber, Some(Kind::NhsNumber)) => c.nhs_number = if equal { Same } else { Differs },
            (Kind::Uln, Some(Kind::Uln)) => c.uln = if equal { Same } else { Differs },
            _ => {}
        }
    }
}

fn dobs_close(one: i32, other: i32) -> bool {
    let (Some(a), Some(b)) = (NaiveDate::from_num_days_from_ce_opt(one), NaiveDate::from_num_days_from_ce_opt(other)) else {
        return false;
    };
    let equal = [a.year() == b.year(), a.month() == b.month(), a.day() == b.day()];
    let swapped = a.year() == b.year() && a.month() == b.day() && a.day() == b.month();
    swapped || equal.iter().filter(|e| **e).count() == 2
}
