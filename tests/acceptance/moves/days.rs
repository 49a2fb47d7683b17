//! When: never before the day of the move, the current address only, once.

use acceptance::{Move, OAKWOOD, PUPILS, Town, housing};

use super::child;

#[test]
fn nothing_is_told_before_the_day_of_the_move_and_on_the_day_it_is() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1)).on("2026-11-26")]);
    assert!(town.outbox().is_empty() && town.unknown_addresses().is_empty());
    // London, not UTC, says which day it is; in November both are the same.
    town.set_now("2026-11-25T23:59:00Z");
    town.run(&["sync"]).expect(0);
    assert!(town.outbox().is_empty());
    town.set_now("2026-11-26T00:01:00Z");
    town.run(&["sync"]).expect(0);
    assert_eq!(town.told(OAKWOOD)[0]["address.from"], "2026-11-26");
}

#[test]
fn a_second_night_sends_nothing() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1))]);
    for day in ["2026-11-25T20:00:00Z", "2026-12-24T20:00:00Z"] {
        town.set_now(day);
        town.run(&["sync"]).expect(0);
        town.run(&["deliver"]).expect(0);
    }
    assert_eq!((town.out(OAKWOOD).len(), town.states(), town.disclosures().len()), (1, vec!["sent".to_owned()], 1));
}

#[test]
fn a_newer_address_before_delivery_is_one_message_with_the_current_address() {
    let mut town = Town::new();
    town.reported(&[Move::of(&child(1))]);
    assert_eq!(town.states(), ["waiting"], "an import shares, and does not deliver");
    assert!(town.out(OAKWOOD).is_empty());
    town.reported(&[Move::of(&child(1)).to("7 Newer Street", "SO17 1AA").on("2026-11-23")]);
    town.run(&["deliver"]).expect(0);
    assert_eq!(town.streets(OAKWOOD), ["7 Newer Street"]);
    assert_eq!(town.states(), ["cancelled", "sent"]);
    assert_eq!(town.disclosures().len(), 1, "what was never sent is not in the log");
}

#[test]
fn two_moves_in_one_file_are_one_message_with_the_newer_address() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1)).to("7 Newer Street", "SO17 1AA").on("2026-11-23"), Move::of(&child(1))]);
    assert_eq!(town.streets(OAKWOOD), ["7 Newer Street"]);
}

#[test]
fn an_older_move_that_is_reported_late_is_not_told() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1))]);
    town.moved(&[Move::of(&child(1)).to("8 Older Street", "SO17 1AA").on("2026-11-02")]);
    assert_eq!(town.streets(OAKWOOD), ["1 Other Street"]);
}

#[test]
fn who_moves_back_is_told_again() {
    let mut town = Town::new();
    let (there, back) = (Move::of(&child(1)), Move::of(&child(1)).to(&child(1).street, &child(1).postcode).on("2026-11-23"));
    town.moved(std::slice::from_ref(&there));
    let mut back = back;
    back.from = there.to.clone().unwrap();
    town.moved(&[back]);
    assert_eq!(town.streets(OAKWOOD), ["1 Other Street", "2 Test Road"]);
    let mut again = there.on("2026-11-24");
    again.reference += "-b";
    town.moved(&[again]);
    assert_eq!(town.streets(OAKWOOD), ["1 Other Street", "2 Test Road", "1 Other Street"]);
}

#[test]
fn a_message_that_waits_is_taken_back_when_the_schools_own_export_shows_the_address() {
    let mut town = Town::new();
    town.reported(&[Move::of(&child(1))]);
    assert_eq!(town.states(), ["waiting"]);
    let row = child(1).pupil().replace("2,Test Road", "1,Other Street").replace("SO14 0AA", "SO16 4BB");
    let rest: String = (2..10).map(|n| child(n).pupil()).collect();
    town.drop_file("oakwood", "pupils_2026-11-23.csv", PUPILS.to_owned() + &row + &rest);
    town.run(&["sync"]).expect(0);
    assert_eq!((town.states(), town.out(OAKWOOD).len()), (vec!["cancelled".to_owned()], 0));
    assert!(town.unknown_addresses().is_empty());
}

#[test]
fn the_schools_old_address_after_it_was_told_tells_it_nothing_again() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1))]);
    // The school was told, and has not typed it in yet.
    town.roll("oakwood", "2026-11-23", &(1..10).map(child).collect::<Vec<_>>());
    town.run(&["sync"]).expect(0);
    assert_eq!(town.out(OAKWOOD).len(), 1);
}

#[test]
fn a_dated_address_of_another_source_that_is_newer_overtakes_the_report() {
    let mut town = Town::new();
    let p = child(1);
    let one = format!(
        "PersonID,UPN,FamilyName,GivenName,DateOfBirth,AddressLine1,Town,Postcode,AddressStartDate\n1,{},{},{},{},9 Newest Street,Southampton,SO17 1AA,2026-11-22\n",
        p.upn, p.surname, p.forename, p.dob
    );
    let file = town.file("one_2026-11-23.csv", one);
    town.run(&["import", "capita-one", file.to_str().unwrap()]).expect(0);
    town.moved(&[Move::of(&child(1))]);
    assert!(town.outbox().is_empty(), "{:?}", town.outbox());
}

#[test]
fn an_import_shares_as_a_night_does_but_leaves_the_sending_to_deliver() {
    let town = Town::new();
    let file = town.file("moves.csv", housing(&[Move::of(&child(1))]));
    let dry = town.run(&["import", "housing", file.to_str().unwrap(), "--dry-run"]).expect(0);
    assert!(town.outbox().is_empty(), "{}", dry.err);
    town.run(&["import", "housing", file.to_str().unwrap()]).expect(0);
    assert_eq!((town.states(), town.out(OAKWOOD).len(), town.disclosures().len()), (vec!["waiting".to_owned()], 0, 0));
    let report = town.run(&["deliver", "--json"]).expect(0).json();
    assert_eq!((&report["sent"]["folder"], &report["undelivered"]), (&1.into(), &0.into()), "{report}");
    assert_eq!(town.out(OAKWOOD).len(), 1);
}
