//! Records that wait for a person: conflicts, hard rules, more than one child; and what people decide.

use super::*;

const DOB: &str = "2013-04-02";

#[test]
fn a_upn_with_another_name_and_birth_date_is_a_conflict() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)));
    hub.waits(COUNCIL, &child("Ben", "Sample", "2010-09-09").upn(upn(1)), ada, rule::UPN_CONFLICT);
}

#[test]
fn a_siblings_upn_is_a_conflict() {
    let mut hub = Hub::default();
    let aaliyah = hub.is_new(SCHOOL, &child("Aaliyah", "Example", DOB).upn(upn(1)));
    hub.waits(COUNCIL, &child("Aliyah", "Example", "2016-07-09").upn(upn(1)), aaliyah, rule::UPN_CONFLICT);
}

#[test]
fn a_twins_upn_is_a_conflict_though_the_birth_date_agrees() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("1"));
    hub.waits(COUNCIL, &child("Ben", "Example", DOB).upn(upn(1)), ada, rule::UPN_CONFLICT);
}

#[test]
fn swapped_upns_of_twins_lead_to_the_twin_with_the_name() {
    let mut hub = Hub::default();
    let hassan = hub.is_new(SCHOOL, &child("Hassan", "Example", DOB).upn(upn(1)).id("1"));
    let hussain = hub.is_new(SCHOOL, &child("Hussain", "Example", DOB).upn(upn(2)).id("2"));
    let (_, placement) = hub.tell(COUNCIL, &child("Hassan", "Example", DOB).upn(upn(2)));
    assert_eq!((placement.outcome, placement.rule), (Outcome::Review(hassan), rule::UPN_CONFLICT));
    assert_eq!(placement.rivals, [hussain]);
}

#[test]
fn a_upn_typed_for_another_child_leads_to_the_child_with_the_name() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("1").at("1 Test Road", "SO14 0AA"));
    let ben = hub.is_new(SCHOOL, &child("Ben", "Sample", "2012-01-09").upn(upn(2)).id("2"));
    let (_, placement) = hub.tell(COUNCIL, &child("Ada", "Example", DOB).upn(upn(2)).at("1 Test Road", "SO14 0AA"));
    assert_eq!((placement.outcome, placement.rule), (Outcome::Review(ada), rule::UPN_CONFLICT));
    assert_eq!(placement.rivals, [ben]);
}

#[test]
fn two_permanent_upns_never_join() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).at("1 Test Road", "SO14 0AA").nhs(1));
    let second = hub.waits(COUNCIL, &child("Ada", "Example", DOB).upn(upn(2)).at("1 Test Road", "SO14 0AA"), ada, rule::UPN_DIFFERS);
    assert_ne!(ada, second);
    hub.waits(HEALTH, &child("Ada", "Example", DOB).upn(upn(3)).nhs(1), ada, rule::UPN_DIFFERS);
    hub.waits(OTHER_SCHOOL, &child("Ada", "Example", DOB).upn(upn(4)), ada, rule::UPN_DIFFERS);
}

#[test]
fn two_permanent_upns_and_another_name_are_nobodys_business() {
    let mut hub = Hub::default();
    hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).at("1 Test Road", "SO14 0AA"));
    hub.is_new(COUNCIL, &child("Ben", "Example", DOB).upn(upn(2)).at("1 Test Road", "SO14 0AA"));
}

#[test]
fn a_upn_corrected_at_the_school_stays_with_its_child() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("1"));
    hub.joins(COUNCIL, &child("Ada", "Example", DOB).upn(upn(1)), ada, rule::UPN);
    let (_, placement) = hub.tell(SCHOOL, &child("Ada", "Example", DOB).upn(upn(2)).id("1"));
    assert_eq!((placement.outcome, placement.rule), (Outcome::Join(ada), rule::SAME_RECORD));
    assert_eq!(placement.differed, ["upn"]);
    // With another name too, it is too much at once.
    hub.waits(SCHOOL, &child("Ben", "Example", DOB).upn(upn(3)).id("1"), ada, rule::UPN_DIFFERS);
}

#[test]
fn one_installation_with_two_ids_means_two_children() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("1").at("1 Test Road", "SO14 0AA"));
    hub.waits(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("2"), ada, rule::SAME_SOURCE);
    let ben = hub.is_new(SCHOOL, &child("Ben", "Example", DOB).id("3").at("1 Test Road", "SO14 0AA"));
    hub.waits(SCHOOL, &child("Ben", "Example", DOB).id("4").at("1 Test Road", "SO14 0AA"), ben, rule::SAME_SOURCE);
    // In another file of the same installation as well.
    let (_, placement) = hub.tell_as(SCHOOL, 15, "5", &child("Ben", "Example", DOB).id("5"));
    assert_eq!((placement.outcome, placement.rule), (Outcome::Review(ben), rule::SAME_SOURCE));
}

#[test]
fn a_second_id_in_a_second_school_is_no_matter() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("1"));
    hub.joins(OTHER_SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("77"), ada, rule::UPN);
    // Back at the first school under a new number: that school holds two records, so a person looks.
    hub.waits(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("205"), ada, rule::SAME_SOURCE);
}

#[test]
fn namesakes_wait() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).at("1 Test Road", "SO14 0AA"));
    let other = hub.waits(COUNCIL, &child("Ada", "Example", DOB).at("9 Other Street", "SO15 1BB"), ada, rule::NAME_DOB_ONLY);
    let (_, placement) = hub.tell(HEALTH, &child("Ada", "Example", DOB));
    assert_eq!((placement.outcome, placement.rivals), (Outcome::Review(ada), vec![other]));
    // With the address, each is known.
    hub.joins(OTHER_SCHOOL, &child("Ada", "Example", DOB).at("9 Other Street", "SO15 1BB"), other, rule::NAME_DOB_ADDRESS);
}

#[test]
fn of_namesakes_the_one_whom_nothing_speaks_against_is_named() {
    let mut hub = Hub::default();
    let one = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).at("1 Test Road", "SO14 0AA"));
    let two = hub.waits(COUNCIL, &child("Ada", "Example", DOB).at("9 Other Street", "SO15 1BB"), one, rule::NAME_DOB_ONLY);
    hub.waits(OTHER_SCHOOL, &child("Ada", "Example", DOB).upn(upn(2)), two, rule::NAME_DOB_ONLY);
}

#[test]
fn two_children_of_one_name_and_address_wait() {
    let mut hub = Hub::default();
    let one = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).id("1").at("1 Test Road", "SO14 0AA"));
    hub.waits(SCHOOL, &child("Ada", "Example", DOB).id("2").at("1 Test Road", "SO14 0AA"), one, rule::SAME_SOURCE);
    hub.waits(COUNCIL, &child("Ada", "Example", DOB).at("1 Test Road", "SO14 0AA"), one, rule::SEVERAL_CHILDREN);
}

#[test]
fn two_nhs_numbers_at_one_address_wait() {
    let mut hub = Hub::default();
    let ada = hub.is_new(COUNCIL, &child("Ada", "Example", DOB).nhs(1).at("1 Test Road", "SO14 0AA"));
    hub.waits(HEALTH, &child("Ada", "Example", DOB).nhs(2).at("1 Test Road", "SO14 0AA"), ada, rule::NHS_NUMBER_DIFFERS);
    hub.waits(SCHOOL, &child("Ben", "Sample", "2010-01-01").nhs(1), ada, rule::NHS_NUMBER_CONFLICT);
}

#[test]
fn records_from_before_and_after_an_adoption_never_join() {
    let mut hub = Hub::default();
    let ada = hub.is_new(SCHOOL, &child("Ada", "Example", DOB).upn(upn(1)).id("1").at("1 Test Road", "SO14 0AA"));
    let mut after = child("Ada", "Sample", DOB).upn(upn(1)).at("1 Test Road", "SO14 0AA").adopted();
    after.former_names.push(named("Ada", "Example"));
    let adopted = hub.waits(COUNCIL, &after, ada, rule::ADOPTION);
    // The former name leads nowhere, the new one joins.
    let mut by_name = child("Ada", "Sample", DOB).at("1 Test Road", "SO14 0AA").adopted();
    by_name.former_names.push(named("Ada", "Example"));
    hub.joins(HEALTH, &by_name, adopted, rule::NAME_DOB_ADDRESS);
    // Nor does the school's own record cross over by its id.
    hub.waits(SCHOOL, &child("Ada", "Sample", DOB).id("1").adopted(), ada, rule::ADOPTION);
}

#[test]
fn a_person_can_say_same() {
    let mut hub = Hub::default();
    let (ada, _) = hub.tell_as(SCHOOL, 10, "1", &child("Ada", "Example", DOB).upn(upn(1)));
    let sample = child("Edith", "Sample", "2012-12-12").upn(upn(2));
    hub.linker.decide((10, "1"), (30, "x"), true);
    let (joined, placement) = hub.tell_as(COUNCIL, 30, "x", &sample);
    assert_eq!((joined, placement.rule), (ada, rule::DECISION));
    hub.linker.undo((30, "x"), (10, "1"));
    hub.linker.forget(30, "x");
    let (_, placement) = hub.tell_as(COUNCIL, 30, "x", &sample);
    assert_eq!(placement.rule, rule::NEW);
}

#[test]
fn a_person_can_say_different() {
    let mut hub = Hub::default();
    let record = child("Ada", "Example", DOB).upn(upn(1)).nhs(1).at("1 Test Road", "SO14 0AA");
    let (ada, _) = hub.tell_as(SCHOOL, 10, "1", &record);
    hub.linker.decide((10, "1"), (30, "x"), true);
    hub.linker.decide((30, "x"), (10, "1"), false);
    let (own, placement) = hub.tell_as(COUNCIL, 30, "x", &record);
    assert_eq!((placement.outcome, own == ada), (Outcome::New, false));
    // And it stays so when the record is told again, until it is taken back.
    let (_, placement) = hub.tell_as(COUNCIL, 30, "x", &record);
    assert_eq!(placement.outcome, Outcome::Join(own));
    hub.linker.undo((10, "1"), (30, "x"));
    hub.linker.forget(30, "x");
    let (back, placement) = hub.tell_as(COUNCIL, 30, "x", &record);
    assert_eq!((back, placement.rule), (ada, rule::UPN));
}

#[test]
fn decisions_that_contradict_each_other_wait() {
    let mut hub = Hub::default();
    let (ada, _) = hub.tell_as(SCHOOL, 10, "1", &child("Ada", "Example", DOB).upn(upn(1)));
    hub.tell_as(OTHER_SCHOOL, 20, "2", &child("Ada", "Example", DOB).upn(upn(1)));
    hub.linker.decide((10, "1"), (30, "x"), true);
    hub.linker.decide((20, "2"), (30, "x"), false);
    let (_, placement) = hub.tell_as(COUNCIL, 30, "x", &child("Ada", "Example", DOB));
    assert_eq!((placement.outcome, placement.rule), (Outcome::Review(ada), rule::DECISION_CONFLICT));
}

#[test]
fn a_crowd_of_alike_records_is_never_joined_into() {
    let mut hub = Hub::default();
    let alike = child("Ada", "Example", DOB).at("1 Test Road", "SO14 0AA");
    let (first, _) = hub.tell_as(SCHOOL, 10, "0", &alike);
    for n in 1..=BLOCK {
        let key = format!("{n}");
        hub.linker.learn(&Arrival { source: SCHOOL, stream: 10, key: &key, record: &alike }, first);
    }
    let (_, placement) = hub.tell(COUNCIL, &alike);
    assert_eq!((placement.outcome, placement.rule), (Outcome::Review(first), rule::CROWDED));
    let (_, placement) = hub.tell(HEALTH, &child("Ada", "Example", DOB).nhs(4));
    assert_eq!(placement.rule, rule::CROWDED);
}

#[test]
fn every_rule_has_a_meaning() {
    assert!(rule::ALL.iter().all(|(name, meaning)| !name.is_empty() && !meaning.is_empty()));
    assert_eq!(rule::meaning(rule::UPN), Some("the same UPN, and birth date or name agree"));
    assert_eq!(rule::meaning("x"), None);
}
