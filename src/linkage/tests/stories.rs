//! Records that join, and records that are somebody new.

use super::*;

const DOB: &str = "2013-04-02";

#[test]
fn the_same_record_told_again_stays_with_its_child() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).id("101"));
    hub.joins(SCHOOL, &child("Ada", "Sample", DOB).id("101"), ada, rule::SAME_RECORD);
    assert_eq!(hub.linker.len(), 1);
}

#[test]
fn an_id_used_again_for_somebody_else_waits() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).id("101").upn(upn(1)));
    hub.waits(SCHOOL, &child("Ben", "Sample", "2014-09-09").id("101").upn(upn(2)), ada, rule::SOURCE_ID_REUSED);
}

#[test]
fn pupils_and_leavers_of_one_school_meet_by_the_id() {
    let mut hub = Hub::default();
    let (ada, _) = hub.tell_as(SCHOOL, 10, "101", &child("Ada", "Example", DOB).id("101").at("1 Test Road", "SO14 0AA"));
    let (same, placement) = hub.tell_as(SCHOOL, 11, "row 7", &child("Ada", "Sample", DOB).id("101"));
    assert_eq!((same, placement.rule), (ada, rule::SAME_SOURCE_ID));
    assert_eq!((placement.agreed, placement.differed), (vec!["source_id", "forename", "dob"], vec!["surname"]));
    let (other, placement) = hub.tell_as(SCHOOL, 12, "101", &child("Ben", "Sample", "2010-01-05").id("101"));
    assert_ne!(other, ada);
    assert_eq!((placement.outcome, placement.rule), (Outcome::Review(ada), rule::SOURCE_ID_REUSED));
}

#[test]
fn a_bare_record_accepts_the_same_id() {
    let mut hub = Hub::default();
    let (ada, _) = hub.tell_as(SCHOOL, 10, "101", &Record::default().id("101"));
    let (same, placement) = hub.tell_as(SCHOOL, 11, "101", &child("Ada", "Example", DOB).id("101"));
    assert_eq!((same, placement.rule), (ada, rule::SAME_SOURCE_ID));
}

#[test]
fn the_same_id_in_two_installations_means_nothing() {
    let mut hub = Hub::default();
    hub.is_new(SCHOOL, &child("Ada", "Example", DOB).id("101"));
    hub.is_new(OTHER_SCHOOL, &child("Ben", "Sample", "2012-01-01").id("101"));
}

#[test]
fn a_moved_child_is_known_by_the_upn() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).id("101").upn(upn(1)).at("1 Test Road", "SO14 0AA"));
    let moved = child("Ada", "Example", DOB).id("22").upn(upn(1)).at("9 Other Street", "SO15 1BB");
    let (_, placement) = hub.tell(OTHER_SCHOOL, &moved);
    assert_eq!((placement.outcome, placement.rule), (Outcome::Join(ada), rule::UPN));
    assert_eq!((placement.agreed, placement.differed), (vec!["upn", "name", "dob"], vec!["address"]));
    // Either address finds the child now.
    hub.joins(HEALTH, &child("Ada", "Example", DOB).at("1 Test Road", "SO14 0AA"), ada, rule::NAME_DOB_ADDRESS);
}

#[test]
fn a_changed_surname_does_not_matter_to_the_upn() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)));
    hub.joins(COUNCIL, &child("Ada", "Sample", DOB).upn(upn(1)), ada, rule::UPN);
}

#[test]
fn a_former_name_is_a_name() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).at("1 Test Road", "SO14 0AA"));
    let mut renamed = child("Ada", "Sample", DOB).at("1 Test Road", "SO14 0AA");
    renamed.former_names.push(Name { surname: "Example".into(), ..Name::default() });
    hub.joins(COUNCIL, &renamed, ada, rule::NAME_DOB_ADDRESS);
    hub.joins(HEALTH, &child("Ada", "Sample", DOB).at("1, Test Rd", "SO14 0AA"), ada, rule::NAME_DOB_ADDRESS);
}

#[test]
fn a_preferred_name_is_a_name() {
    let mut hub = Hub::default();
    let mut record = child("Robert", "Example", DOB).upn(upn(1)).at("1 Test Road", "SO14 0AA");
    record.preferred_name = Some(Name { forename: "Bob".into(), ..Name::default() });
    let bob = hub.is_new(SCHOOL, &record);
    hub.joins(COUNCIL, &child("Bob", "Example", DOB).upn(upn(1)), bob, rule::UPN);
    hub.joins(HEALTH, &child("bob", "EXAMPLE", DOB).at("1 Test Road", "SO14 0AA"), bob, rule::NAME_DOB_ADDRESS);
}

#[test]
fn accents_case_apostrophes_and_hyphens_do_not_matter() {
    let mut hub = Hub::default();
    for (n, (one, other)) in [
        (("Siobhán", "O'Example"), ("SIOBHAN", "O Example")),
        (("Zoë", "Example-Sample"), ("Zoe", "Example Sample")),
        (("Łukasz", "Exämple"), ("Lukasz", "Example")),
        (("Ada", "McExample"), ("Ada", "Mc Example")),
    ]
    .into_iter()
    .enumerate()
    {
        let line = format!("{n} Test Road");
        let first = hub.is_new(SCHOOL, &child(one.0, one.1, DOB).at(&line, "SO14 0AA"));
        hub.joins(COUNCIL, &child(other.0, other.1, DOB).at(&line, "SO14 0AA"), first, rule::NAME_DOB_ADDRESS);
    }
}

#[test]
fn half_a_double_barrelled_name_is_enough_beside_the_upn() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example-Sample", DOB).upn(upn(1)));
    hub.joins(COUNCIL, &child("Ada", "Sample", "2013-02-04").upn(upn(1)), ada, rule::UPN);
}

#[test]
fn a_slip_of_the_pen_in_name_or_birth_date_is_forgiven_beside_the_upn() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Katherine", "Example", DOB).upn(upn(1)));
    hub.joins(COUNCIL, &child("Katharine", "Example", DOB).upn(upn(1)), ada, rule::UPN);
    hub.joins(OTHER_SCHOOL, &child("Katherine", "Example", "2013-02-04").upn(upn(1)), ada, rule::UPN);
    let muhammad = hub.is_new(SCHOOL, &child("Mohammed", "Example", DOB).upn(upn(2)));
    hub.joins(COUNCIL, &child("Muhammad", "Example", DOB).upn(upn(2)), muhammad, rule::UPN);
}

#[test]
fn forename_and_surname_in_each_others_place_are_known_beside_the_upn() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)));
    hub.joins(COUNCIL, &child("Example", "Ada", DOB).upn(upn(1)), ada, rule::UPN);
}

#[test]
fn a_former_upn_joins_both_ways() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)));
    hub.joins(COUNCIL, &child("Ada", "Example", DOB).upn(upn(2)).formerly(upn(1)), ada, rule::FORMER_UPN);
    let ben = hub.is_new(COUNCIL, &child("Ben", "Example", DOB).upn(upn(4)).formerly(upn(3)));
    hub.joins(SCHOOL, &child("Ben", "Example", DOB).upn(upn(3)), ben, rule::FORMER_UPN);
}

#[test]
fn a_temporary_upn_counts_only_with_name_and_birth_date() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(temporary(1)));
    hub.joins(COUNCIL, &child("Ada", "Example", DOB).upn(temporary(1)), ada, rule::TEMPORARY_UPN);
    hub.is_new(OTHER_SCHOOL, &child("Ben", "Sample", DOB).upn(temporary(1)));
    hub.is_new(OTHER_SCHOOL, &child("Ada", "Example", "2014-05-05").upn(temporary(1)));
}

#[test]
fn a_permanent_upn_after_a_temporary_one_is_no_conflict() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(temporary(1)).at("1 Test Road", "SO14 0AA"));
    hub.joins(COUNCIL, &child("Ada", "Example", DOB).upn(upn(1)).at("1 Test Road", "SO14 0AA"), ada, rule::NAME_DOB_ADDRESS);
}

#[test]
fn nhs_number_and_uln_join_likewise() {
    let mut hub = Hub::default();
    let mut record = child("Ada", "Example", DOB).nhs(1);
    record.uln = Some(uln(1));
    let ada = hub.is_new(COUNCIL, &record);
    hub.joins(HEALTH, &child("Ada", "Sample", DOB).nhs(1), ada, rule::NHS_NUMBER);
    let mut college = child("Ada", "Example", DOB);
    college.uln = Some(uln(1));
    hub.joins(OTHER_SCHOOL, &college, ada, rule::ULN);
}

#[test]
fn a_newborn_without_a_forename_is_known_by_the_nhs_number() {
    let mut hub = Hub::default();
    let ada = hub.is_new(HEALTH, &child("Baby", "Example", DOB).nhs(1).id("1"));
    hub.joins(COUNCIL, &child("Ada", "Example", DOB).nhs(1), ada, rule::NHS_NUMBER);
    // Another newborn at the same address is not the same child.
    hub.is_new(HEALTH, &child("Baby", "Example", DOB).nhs(2).id("2"));
}

#[test]
fn a_list_of_bare_upns_joins_by_what_the_other_records_say() {
    let mut hub = Hub::default();
    let (ada, _) = hub.tell_as(COUNCIL, 30, "1", &Record { upn: Some(upn(1)), ..Record::default() }.id("1"));
    hub.tell_as(COUNCIL, 31, "1", &child("Ada", "Example", DOB).id("1"));
    hub.joins(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)), ada, rule::UPN);
}

#[test]
fn the_property_number_is_an_address() {
    let mut hub = Hub::default();
    let place = |lines: &str| Address { uprn: Uprn::parse("100060000001").ok(), lines: vec![lines.into()], ..Address::default() };
    let with = |address: Address| Record { addresses: vec![address], ..child("Ada", "Example", DOB) };
    let ada = hub.is_new(SCHOOL, &with(place("Rose Cottage")));
    hub.joins(COUNCIL, &with(place("1 Test Road")), ada, rule::NAME_DOB_ADDRESS);
}

#[test]
fn housings_change_of_address_tells_both_addresses() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).at("1 Test Road", "SO14 0AA"));
    let change = AddressChange {
        from: Some(home("1 Test Road", "SO14 0AA")),
        to: Some(home("9 Other Street", "SO15 1BB")),
        ..AddressChange::default()
    };
    hub.joins(COUNCIL, &Record { address_changes: vec![change], ..child("Ada", "Example", DOB) }, ada, rule::NAME_DOB_ADDRESS);
    hub.joins(HEALTH, &child("Ada", "Example", DOB).at("9 Other Street", "SO15 1BB"), ada, rule::NAME_DOB_ADDRESS);
}

#[test]
fn twins_are_two_children() {
    let mut hub = Hub::default();
    hub.is_new(SCHOOL, &child("Ada", "Example", DOB).id("1").at("1 Test Road", "SO14 0AA"));
    hub.is_new(SCHOOL, &child("Eda", "Example", DOB).id("2").at("1 Test Road", "SO14 0AA"));
    hub.is_new(COUNCIL, &child("Ida", "Example", DOB).at("1 Test Road", "SO14 0AA"));
}

#[test]
fn siblings_are_two_children() {
    let mut hub = Hub::default();
    hub.is_new(SCHOOL, &child("Ada", "Example", DOB).at("1 Test Road", "SO14 0AA"));
    hub.is_new(COUNCIL, &child("Ada", "Example", "2016-07-08").at("1 Test Road", "SO14 0AA"));
}
