//! Invented people and an agreement, for the tests of this room.

use chrono::NaiveDate;
use schema::provision::{AddressChange, PoliceNotification, Sen};
use schema::{Address, ChildId, Contact, Name, NhsNumber, Postcode, Record, Sex, Uln, Upn, Uprn};

use crate::{Agreements, Purpose, Refusal, Sealed, Subject, seal};

/// The example that a new home gets.
pub(crate) const AGREEMENT: &str = include_str!("../../config/agreements/8524001.toml");
pub(crate) const FILE: &str = "agreements/8524001.toml";

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The example, in force.
pub(crate) fn in_force() -> String {
    AGREEMENT.replace("in_force = false", "in_force = true")
}

pub(crate) fn agreements(text: &str) -> Agreements {
    Agreements::parse(&[(FILE.to_owned(), text.to_owned())]).unwrap()
}

/// A child of which everything is known; each value stands nowhere else.
pub(crate) struct Family {
    pub(crate) best: Record,
    pub(crate) address: Address,
    pub(crate) change: AddressChange,
}

impl Family {
    pub(crate) fn new() -> Family {
        let address = Address {
            uprn: Uprn::parse("100062123456").ok(),
            lines: vec!["Flat 9".into(), "77 Canary Lane".into()],
            town: "Canarytown".into(),
            county: "Canaryshire".into(),
            country: "Canaryland".into(),
            postcode: Postcode::parse("SO14 7QX").ok(),
            from: Some(day("2026-11-02")),
            ..Address::default()
        };
        let old = Address { lines: vec!["1 Formerly Street".into()], ..Address::default() };
        let change = AddressChange {
            moved: Some(day("2026-11-01")),
            kind: "canary-move".into(),
            from: Some(old.clone()),
            to: Some(address.clone()),
        };
        let mother = Name { forename: "Motherly".into(), middle: String::new(), surname: "Maternal".into() };
        let best = Record {
            source_id: Some("ADNO-31337".into()),
            name: Name { forename: "Adalbertine".into(), middle: "Middleton".into(), surname: "Example-Canary".into() },
            dob: Some(day("2015-03-14")),
            sex: Some(Sex::F),
            upn: Upn::with_check_letter("852400115007"),
            uln: Uln::parse("9000000016").ok(),
            nhs_number: NhsNumber::parse("9434765919").ok(),
            language: "LANG-PAN".into(),
            ethnicity: "ETH-WBRI".into(),
            year_group: "YEAR-6".into(),
            addresses: vec![old],
            phones: vec!["+44 23 8000 0000".into()],
            emails: vec!["home@canary.example".into()],
            contacts: vec![Contact { name: mother, ..Contact::default() }],
            sen: Some(Sen { status: "SEN-K".into(), ..Sen::default() }),
            police: vec![PoliceNotification { on: Some(day("2025-07-19")), reference: "PPN-4711".into() }],
            ..Record::default()
        };
        Family { best, address, change }
    }

    pub(crate) fn subject(&self) -> Subject<'_> {
        Subject { child: ChildId(5), restricted: false, best: &self.best, address: &self.address, change: &self.change }
    }
}

/// The example's message about the example child on a day in its term.
pub(crate) fn sealed_under(text: &str) -> Result<Sealed, Refusal> {
    seal(&agreements(text), "8524001", Purpose::AddressChange, &Family::new().subject(), day("2026-11-24"))
}
