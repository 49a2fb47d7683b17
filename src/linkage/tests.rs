//! Stories, rule by rule: children as councils have them, told by several sources. All people are invented.

use chrono::NaiveDate;
use schema::link::Outcome;
use schema::provision::{AddressChange, Restriction, RestrictionKind};
use schema::{Address, ChildId, Name, NhsNumber, Placement, Postcode, Record, Uln, Upn, Uprn};

use crate::{Arrival, BLOCK, Linker, rule};

mod keys;
mod properties;
mod stories;
mod unsure;

/// A failing case is printed, not kept in a file: a folder of them beside the rooms would be taken for a room.
pub(super) fn config() -> proptest::test_runner::Config {
    proptest::test_runner::Config { failure_persistence: None, ..Default::default() }
}

pub(super) const SCHOOL: u32 = 1;
pub(super) const OTHER_SCHOOL: u32 = 2;
pub(super) const COUNCIL: u32 = 3;
pub(super) const HEALTH: u32 = 4;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A child by forename, surname and birth date.
pub(super) fn child(forename: &str, surname: &str, dob: &str) -> Record {
    Record { name: named(forename, surname), dob: Some(day(dob)), ..Record::default() }
}

pub(super) fn named(forename: &str, surname: &str) -> Name {
    Name { forename: forename.into(), surname: surname.into(), ..Name::default() }
}

/// The n-th permanent UPN.
pub(super) fn upn(n: u32) -> Upn {
    Upn::with_check_letter(&format!("85240012{n:04}")).unwrap()
}

/// The n-th temporary UPN.
pub(super) fn temporary(n: u32) -> Upn {
    Upn::with_check_letter(&format!("85240012{n:03}A")).unwrap()
}

pub(super) fn nhs(n: u32) -> NhsNumber {
    (0..10).find_map(|check| NhsNumber::parse(&format!("{:09}{check}", 943_476_000 + n * 2)).ok()).unwrap_or_else(|| nhs(n + 1000))
}

pub(super) fn uln(n: u32) -> Uln {
    (0..10).find_map(|check| Uln::parse(&format!("{:09}{check}", 999_937_000 + n * 2)).ok()).unwrap_or_else(|| uln(n + 1000))
}

pub(super) fn home(line: &str, postcode: &str) -> Address {
    Address { lines: vec![line.into()], postcode: Postcode::parse(postcode).ok(), ..Address::default() }
}

/// Short ways to add to a record.
pub(super) trait With: Sized {
    fn upn(self, upn: Upn) -> Self;
    fn formerly(self, upn: Upn) -> Self;
    fn nhs(self, n: u32) -> Self;
    fn at(self, line: &str, postcode: &str) -> Self;
    fn id(self, id: &str) -> Self;
    fn adopted(self) -> Self;
}

impl With for Record {
    fn upn(mut self, upn: Upn) -> Self {
        self.upn = Some(upn);
        self
    }
    fn formerly(mut self, upn: Upn) -> Self {
        self.former_upns.push(upn);
        self
    }
    fn nhs(mut self, n: u32) -> Self {
        self.nhs_number = Some(nhs(n));
        self
    }
    fn at(mut self, line: &str, postcode: &str) -> Self {
        self.addresses.push(home(line, postcode));
        self
    }
    fn id(mut self, id: &str) -> Self {
        self.source_id = Some(id.into());
        self
    }
    fn adopted(mut self) -> Self {
        self.restriction = Some(Restriction { kind: RestrictionKind::Adoption, from: None });
        self
    }
}

/// A hub in small: places, gives out child ids, learns. Streams are numbered `source * 10 + kind`.
#[derive(Default)]
pub(super) struct Hub {
    pub(super) linker: Linker,
    next: i64,
}

impl Hub {
    /// Tells a record in the first stream of a source, keyed by its source id or else by its running number.
    pub(super) fn tell(&mut self, source: u32, record: &Record) -> (ChildId, Placement) {
        let key = record.source_id.clone().unwrap_or_else(|| format!("#{}", self.linker.len()));
        self.tell_as(source, source * 10, &key, record)
    }

    pub(super) fn tell_as(&mut self, source: u32, stream: u32, key: &str, record: &Record) -> (ChildId, Placement) {
        let arrival = Arrival { source, stream, key, record };
        let asked = self.linker.place(&arrival);
        let next = &mut self.next;
        let mut child = ChildId(0);
        let placement = self.linker.place_and_learn(&arrival, |placement| {
            child = match placement.outcome {
                Outcome::Join(child) => child,
                Outcome::New | Outcome::Review(_) => {
                    *next += 1;
                    ChildId(*next)
                }
            };
            child
        });
        assert_eq!(placement, asked);
        self.linker.audit();
        (child, placement)
    }

    /// Tells a record and expects it to join that child by that rule.
    #[track_caller]
    pub(super) fn joins(&mut self, source: u32, record: &Record, child: ChildId, rule: &str) {
        let (_, placement) = self.tell(source, record);
        assert_eq!((placement.outcome, placement.rule), (Outcome::Join(child), rule));
    }

    /// Tells a record and expects it to wait, with that child in question. Gives the provisional child.
    #[track_caller]
    pub(super) fn waits(&mut self, source: u32, record: &Record, child: ChildId, rule: &str) -> ChildId {
        let (own, placement) = self.tell(source, record);
        assert_eq!((placement.outcome, placement.rule), (Outcome::Review(child), rule));
        own
    }

    /// Tells a record and expects a new child.
    #[track_caller]
    pub(super) fn is_new(&mut self, source: u32, record: &Record) -> ChildId {
        let (own, placement) = self.tell(source, record);
        assert_eq!((placement.outcome, placement.rule), (Outcome::New, rule::NEW));
        own
    }
}

impl Linker {
    /// Checks that the index is whole, and gives the sizes of its parts.
    pub(super) fn audit(&self) -> (usize, [usize; 4]) {
        self.records.audit()
    }
}
