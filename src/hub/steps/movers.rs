//! Movers: of whom a row of a household speaks, and what it tells of a child that is named.
//!
//! A child is named by forename, surname and a birth date that makes it younger than eighteen on the day of the move. Of
//! everybody else it is never guessed who moved: the change waits until that is known ([`super::household`]).

use chrono::NaiveDate;
use schema::provision::{AddressChange, MovedAway};
use schema::{Address, Record, age};

/// Why a change waits: no child is named in it, or too little is said.
pub(crate) mod cause {
    /// Nobody is named: whoever lived at the old address moved.
    pub(crate) const NOBODY_NAMED: &str = "nobody-named";
    /// A person is named who is no child.
    pub(crate) const ONLY_ADULTS: &str = "only-adults";
    /// A person is named without a birth date.
    pub(crate) const NO_BIRTH_DATE: &str = "no-birth-date";
    /// A birth date, but not forename and surname.
    pub(crate) const NO_NAME: &str = "no-name";
    /// The day of the move is missing or cannot be read.
    pub(crate) const NO_DATE: &str = "no-date";
    /// The new address is missing, or has neither postcode nor property number.
    pub(crate) const NO_ADDRESS: &str = "no-address";
    /// Nobody is named, and the old address is no place.
    pub(crate) const NO_OLD_ADDRESS: &str = "no-old-address";
    /// None of the children named was known before.
    pub(crate) const UNKNOWN_CHILD: &str = "unknown-child";
    /// The child of an earlier change that waited is named by now.
    pub(crate) const NAMED: &str = "named";
}

/// Kind of a change after which the child lives in our area no more.
const LEFT_AREA: &str = "left-area";
const TEMPORARY: &str = "temporary-accommodation";
const ADULT: i32 = 18;

/// What a row says.
pub(crate) struct Mover {
    /// What it tells of a child that is named.
    pub(crate) child: Option<Record>,
    /// Why the change waits, if it does.
    pub(crate) waits: Option<&'static str>,
}

/// Looks at the record of a row: nothing at all, where it tells of no change of address.
pub(crate) fn mover(record: &Record) -> Mover {
    let Some(change) = record.address_changes.first() else { return Mover { child: None, waits: None } };
    if record.name.is_empty() && record.dob.is_none() {
        return Mover { child: None, waits: Some(of_nobody(record, change)) };
    }
    let why = of_person(record, change);
    // A protected child is protected from now on, whatever else is missing.
    let child = match why {
        None => Some(told(record)),
        Some(cause::NO_DATE) if record.restriction.is_some() && is_child_by_name(record) => {
            // The old address, by which the child is recognised; no day is said on which it ended.
            let addresses = change.from.iter().filter(|from| from.is_usable()).cloned().collect();
            Some(Record { source_id: None, address_changes: Vec::new(), addresses, ..record.clone() })
        }
        Some(_) => None,
    };
    Mover { child, waits: why }
}

fn of_nobody(record: &Record, change: &AddressChange) -> &'static str {
    if change.moved.is_none() {
        cause::NO_DATE
    } else if !change.from.as_ref().is_some_and(is_place) {
        cause::NO_OLD_ADDRESS
    } else if !has_needed_address(record, change) {
        cause::NO_ADDRESS
    } else {
        cause::NOBODY_NAMED
    }
}

fn of_person(record: &Record, change: &AddressChange) -> Option<&'static str> {
    let Some(dob) = record.dob else { return Some(cause::NO_BIRTH_DATE) };
    let Some(moved) = change.moved else { return Some(cause::NO_DATE) };
    if !is_child(dob, moved) {
        return Some(cause::ONLY_ADULTS);
    }
    if !is_child_by_name(record) {
        return Some(cause::NO_NAME);
    }
    (!has_needed_address(record, change)).then_some(cause::NO_ADDRESS)
}

fn is_child_by_name(record: &Record) -> bool {
    !record.name.forename.is_empty() && !record.name.surname.is_empty() && record.dob.is_some()
}

/// Whether somebody born on that day is a child: the law ends childhood with the eighteenth birthday (Family Law Reform Act 1969 s1).
pub(crate) fn is_child(dob: NaiveDate, day: NaiveDate) -> bool {
    day < age::birthday(dob, ADULT)
}

/// Where a family left for, or where a protected one lives, may stay unknown.
fn has_needed_address(record: &Record, change: &AddressChange) -> bool {
    change.kind == LEFT_AREA || record.restriction.is_some() || change.to.as_ref().is_some_and(Address::is_usable)
}

/// Whether an address is a place that another spelling of it can be recognised as, and that can be searched for.
fn is_place(address: &Address) -> bool {
    address.is_usable() && address.is_same_place(address)
}

/// What the change tells of a child: where it lived until the day before, and where it lives from the day of the move on. The
/// reference names a change and not the child, so it is no source id.
pub(crate) fn told(record: &Record) -> Record {
    let mut told = Record { source_id: None, ..record.clone() };
    let Some(change) = told.address_changes.first_mut() else { return told };
    if change.kind.is_empty() {
        // A word that nobody knows; it stands among the problems.
        "move".clone_into(&mut change.kind);
    }
    let says = |address: &&Address| **address != Address::default();
    if let Some(from) = change.from.as_ref().filter(says) {
        told.addresses.push(Address { to: change.moved.and_then(|day| day.pred_opt()), ..from.clone() });
    }
    if let Some(to) = change.to.as_ref().filter(says) {
        told.addresses.push(Address { from: change.moved, temporary: change.kind == TEMPORARY, ..to.clone() });
    }
    if change.kind == LEFT_AREA {
        told.moved_away = Some(MovedAway { on: change.moved, to: change.to.as_ref().map(place_of).unwrap_or_default(), confirmed: None });
    }
    told
}

/// The place moved to, without the house: whom to ask there.
fn place_of(address: &Address) -> String {
    let parts = [&address.town, &address.county, &address.country].map(String::as_str);
    let place = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ");
    match (place.is_empty(), address.postcode) {
        (true, Some(postcode)) => postcode.district().to_owned(),
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use schema::provision::{Restriction, RestrictionKind};
    use schema::{Name, Postcode};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn address(line: &str, postcode: &str) -> Address {
        Address {
            lines: vec![line.to_owned()],
            town: "Southampton".to_owned(),
            postcode: Postcode::parse(postcode).ok(),
            ..Address::default()
        }
    }

    fn change(kind: &str) -> Record {
        let change = AddressChange {
            moved: Some(day("2026-11-20")),
            kind: kind.to_owned(),
            from: Some(address("12 Test Road", "SO14 0AA")),
            to: Some(address("3 Other Street", "SO16 4BB")),
        };
        Record { source_id: Some("H-1".to_owned()), address_changes: vec![change], ..Record::default() }
    }

    fn of(dob: &str, record: Record) -> Record {
        let name = Name { forename: "Ada".to_owned(), surname: "Example".to_owned(), ..Name::default() };
        Record { name, dob: Some(day(dob)), ..record }
    }

    fn protected(record: Record) -> Record {
        Record { restriction: Some(Restriction { kind: RestrictionKind::ProtectedAddress, from: None }), ..record }
    }

    fn without_new_address(mut record: Record) -> Record {
        record.address_changes[0].to = None;
        record
    }

    #[test]
    fn a_named_child_lived_there_until_the_day_before_and_lives_here_since() {
        let mover = mover(&of("2015-02-01", change("temporary-accommodation")));
        let child = mover.child.unwrap();
        assert_eq!((mover.waits, child.source_id, child.moved_away), (None, None, None));
        let [from, to] = child.addresses.as_slice() else { panic!("two addresses") };
        assert_eq!((from.from, from.to, from.temporary), (None, Some(day("2026-11-19")), false));
        assert_eq!((to.from, to.to, to.temporary), (Some(day("2026-11-20")), None, true));
    }

    #[test]
    fn who_is_no_child_by_name_and_birth_date_waits() {
        let mut no_dob = of("2015-02-01", change("move"));
        no_dob.dob = None;
        let mut no_surname = of("2015-02-01", change("move"));
        no_surname.name.surname.clear();
        let mut no_date = of("2015-02-01", change("move"));
        no_date.address_changes[0].moved = None;
        let mut nowhere = change("move");
        nowhere.address_changes[0].from = Some(Address { lines: Vec::new(), ..address("", "SO14 0AA") });
        for (record, waits) in [
            (change("move"), cause::NOBODY_NAMED),
            (without_new_address(change("left-area")), cause::NOBODY_NAMED),
            (without_new_address(change("move")), cause::NO_ADDRESS),
            (nowhere, cause::NO_OLD_ADDRESS),
            (of("2008-11-20", change("move")), cause::ONLY_ADULTS),
            (no_dob, cause::NO_BIRTH_DATE),
            (no_surname, cause::NO_NAME),
            (no_date, cause::NO_DATE),
            (without_new_address(of("2015-02-01", change("move"))), cause::NO_ADDRESS),
        ] {
            let mover = mover(&record);
            assert_eq!((mover.waits, mover.child.is_none()), (Some(waits), true));
        }
        assert!(mover(&of("2008-11-21", change("move"))).child.is_some(), "seventeen until the day after");
        let nothing = mover(&Record { source_id: Some("E-1".to_owned()), ..Record::default() });
        assert!(nothing.child.is_none() && nothing.waits.is_none());
    }

    #[test]
    fn a_protected_child_needs_neither_new_address_nor_day_to_be_protected() {
        let mover_of = |record: Record| mover(&protected(record));
        let undisclosed = mover_of(without_new_address(of("2015-02-01", change("move"))));
        assert!(undisclosed.waits.is_none() && undisclosed.child.unwrap().restriction.is_some());
        let mut no_date = of("2015-02-01", change("move"));
        no_date.address_changes[0].moved = None;
        let mover = mover_of(no_date);
        let child = mover.child.unwrap();
        assert!(child.restriction.is_some() && child.address_changes.is_empty());
        assert!(child.addresses == [address("12 Test Road", "SO14 0AA")]);
        assert_eq!(mover.waits, Some(cause::NO_DATE));
    }

    #[test]
    fn who_left_the_area_moved_away_to_the_place_that_is_named() {
        let child = mover(&of("2015-02-01", change("left-area"))).child.unwrap();
        assert_eq!(child.moved_away, Some(MovedAway { on: Some(day("2026-11-20")), to: "Southampton".to_owned(), confirmed: None }));
        let child = mover(&of("2015-02-01", without_new_address(change("left-area")))).child.unwrap();
        assert_eq!(child.moved_away.unwrap().to, "");
        assert_eq!(place_of(&Address { town: String::new(), ..address("x", "SO16 4BB") }), "SO16");
    }

    #[test]
    fn a_kind_that_nobody_knows_is_a_move() {
        assert_eq!(mover(&of("2015-02-01", change(""))).child.unwrap().address_changes[0].kind, "move");
    }
}
