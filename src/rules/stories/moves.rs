//! Stories of families who moved, and of the schools that do not know: `address-not-known-at-school`.

use schema::provision::{AddressChange, Restriction, RestrictionKind};

use super::*;
use crate::{Told, Untold, untold};

/// The home before, the new one, and a third, as `line|postcode`.
const OLD: &str = "12 Test Road|SO14 0AA";
const NEW: &str = "3 Other Street|SO16 4BB";
const THIRD: &str = "Flat 2, 7 Example Avenue|SO16 4BC";
const OUTSIDE: &str = "9 Far Lane|SO50 0AA";
/// Of its postcode `area.csv` says nothing.
const UNKNOWN_TO_AREA: &str = "1 High Street|AB10 1AA";

const RULE: &str = "address-not-known-at-school";

fn home(text: &str) -> Address {
    let (line, postcode) = text.split_once('|').unwrap();
    let lines = Some(line.to_owned()).filter(|l| !l.is_empty()).into_iter().collect();
    Address { lines, postcode: Postcode::parse(postcode).ok(), ..Address::default() }
}

impl Says {
    fn address(self, text: &str) -> Says {
        self.with(|r| r.addresses.push(home(text)))
    }

    fn address_from(self, text: &str, from: &str) -> Says {
        self.with(|r| r.addresses.push(Address { from: Some(d(from)), ..home(text) }))
    }

    fn change(self, moved: Option<&str>, kind: &str, from: Option<&str>, to: Option<&str>) -> Says {
        let (from, to) = (from.map(home), to.map(home));
        self.with(|r| r.address_changes.push(AddressChange { moved: moved.map(d), kind: kind.to_owned(), from, to }))
    }

    fn restricted(self, kind: RestrictionKind) -> Says {
        self.with(|r| r.restriction = Some(Restriction { kind, from: None }))
    }
}

/// A housing record, with the addresses as the mapping makes them: the old one ended the day before, the new one begun.
fn moves(moved: &str, from: &str, to: &str) -> Says {
    reports(moved, "move", from, Some(to))
}

fn reports(moved: &str, kind: &str, from: &str, to: Option<&str>) -> Says {
    let left = Address { to: d(moved).pred_opt(), ..home(from) };
    let said = says(HOUSING).told(moved).change(Some(moved), kind, Some(from), to).with(|r| r.addresses.push(left));
    match to {
        Some(to) => said.address_from(to, moved).with(|r| r.addresses[1].temporary = kind == "temporary-accommodation"),
        None => said,
    }
}

fn file<'a>(records: &'a [Held], told: &'a [Told]) -> ChildFile<'a> {
    ChildFile { id: ChildId(1), records, unsure: false, restricted: false, told }
}

/// The schools to be told on a day.
fn look(said: &[Says], told: &[(&str, &str)], as_of: &str) -> Option<Untold> {
    let told: Vec<Told> = told.iter().map(|(number, address)| Told { school: school(number), address: home(address) }).collect();
    untold(&council(), &file(&held(said), &told), d(as_of))
}

fn schools_on(said: &[Says], told: &[(&str, &str)], as_of: &str) -> Vec<String> {
    look(said, told, as_of).map(|u| u.schools.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn schools(said: &[Says]) -> Vec<String> {
    schools_on(said, &[], "2026-11-24")
}

fn pupil() -> Says {
    says(PUPILS).at(SECONDARY).address(OLD)
}

const NOBODY: [&str; 0] = [];

#[test]
fn a_school_that_has_the_old_address_is_told_from_the_day_of_the_move() {
    let said = [pupil(), moves("2026-11-20", OLD, NEW)];
    assert_eq!(schools_on(&said, &[], "2026-11-19"), NOBODY);
    assert_eq!(schools_on(&said, &[], "2026-11-20"), [SECONDARY]);
    assert_eq!(schools_on(&said, &[], "2026-11-21"), [SECONDARY]);
    let what = look(&said, &[], "2026-11-20").unwrap();
    assert_eq!((what.moved, what.record, what.restricted), (d("2026-11-20"), RecordId(2), false));
    assert!(what.address.is_same_place(&home(NEW)) && what.address.from == Some(d("2026-11-20")));
    assert_eq!(what.evidence, [RecordId(1), RecordId(2)]);
}

#[test]
fn the_finding_says_what_it_rests_on_and_no_address() {
    let found = findings_on(&[pupil(), moves("2026-11-20", OLD, NEW)], "2026-11-24");
    assert_eq!(found.len(), 1);
    let f = &found[0];
    assert_eq!((f.rule.as_str(), f.grade, f.reason.as_deref(), f.priority), (RULE, None, None, 4));
    assert_eq!(
        (f.since, f.due, f.owner.as_str(), f.evidence.as_slice()),
        (d("2026-11-20"), None, "officer", &[RecordId(1), RecordId(2)][..])
    );
    assert_eq!(f.summary, format!("Moved on 2026-11-20; the new address is not known at school {SECONDARY}."));
    let two = findings_on(&[pupil(), says(OTHER_PUPILS).at(PRIMARY), moves("2026-11-20", OLD, NEW)], "2026-11-24");
    assert!(two[0].summary.ends_with(&format!("at schools {PRIMARY}, {SECONDARY}.")));
    let urgent = pupil().with(|r| r.care = Some(schema::provision::Care { looked_after: true, ..Default::default() }));
    assert_eq!(findings_on(&[urgent, moves("2026-11-20", OLD, NEW)], "2026-11-24")[0].priority, 1);
}

#[test]
fn a_school_whose_export_has_the_new_address_knows() {
    assert_eq!(schools(&[pupil().address(NEW), moves("2026-11-20", OLD, NEW)]), NOBODY);
    // Begun long ago, or to begin: the school knows of it. Ended: it does not say that the child lives there.
    assert_eq!(schools(&[pupil().address_from(NEW, "2020-01-01"), moves("2026-11-20", OLD, NEW)]), NOBODY);
    assert_eq!(schools(&[pupil().address_from(NEW, "2026-12-01"), moves("2026-11-20", OLD, NEW)]), NOBODY);
    let ended = |last: &str| pupil().address(NEW).with(|r| r.addresses[1].to = Some(d(last)));
    assert_eq!(schools(&[ended("2026-11-23"), moves("2026-11-20", OLD, NEW)]), [SECONDARY]);
    assert_eq!(schools(&[ended("2026-11-24"), moves("2026-11-20", OLD, NEW)]), NOBODY);
}

#[test]
fn another_spelling_of_the_new_address_is_no_other_address() {
    for known in ["3, OTHER ST|SO16 4BB", "3 Othre Street|SO16 4BB", "3 Other St.|"] {
        assert_eq!(schools(&[pupil().address(known), moves("2026-11-20", OLD, NEW)]), NOBODY, "{known}");
    }
    for other in ["3A Other Street|SO16 4BB", "Flat 1, 3 Other Street|SO16 4BB", "3 Other Street|SO16 4BD", "|SO16 4BB"] {
        assert_eq!(schools(&[pupil().address(other), moves("2026-11-20", OLD, NEW)]), [SECONDARY], "{other}");
    }
}

#[test]
fn two_property_numbers_decide() {
    let at = |uprn: &str, text: &str| Address { uprn: Uprn::parse(uprn).ok(), ..home(text) };
    let said = |ours: Address| {
        let moved = moves("2026-11-20", OLD, NEW).with(|r| r.address_changes[0].to = Some(at("100060000002", NEW)));
        schools(&[pupil().with(|r| r.addresses = vec![ours]), moved])
    };
    assert_eq!(said(at("100060000002", "Rose Cottage|SO16 4BX")), NOBODY);
    assert_eq!(said(at("100060000003", NEW)), [SECONDARY]);
}

#[test]
fn only_the_word_of_the_school_itself_counts_as_its_knowledge() {
    // The council, health and another school know the new address; this school does not.
    let others = [says(ONE).at(SECONDARY).address(NEW), says(HEALTH).address(NEW), says(OTHER_PUPILS).address(NEW)];
    let said: Vec<Says> = others.into_iter().chain([pupil(), moves("2026-11-20", OLD, NEW)]).collect();
    assert_eq!(schools(&said), [SECONDARY]);
    // Any export of the school will do; not one that is gone.
    let joined = says(JOINERS).at(SECONDARY).address(NEW);
    assert_eq!(schools(&[pupil(), joined.clone(), moves("2026-11-20", OLD, NEW)]), NOBODY);
    assert_eq!(schools(&[pupil(), joined.gone("2026-11-22"), moves("2026-11-20", OLD, NEW)]), [SECONDARY]);
}

#[test]
fn of_two_schools_the_one_that_does_not_know_is_told() {
    let said = |first: Says, second: Says| schools(&[first, second, moves("2026-11-20", OLD, NEW)]);
    let main = || pupil().status(EnrolmentStatus::Main);
    let second = || says(OTHER_PUPILS).at(PRIMARY).status(EnrolmentStatus::Subsidiary);
    assert_eq!(said(main(), second().address(NEW)), [SECONDARY]);
    assert_eq!(said(main().address(NEW), second()), [PRIMARY]);
    assert_eq!(said(main(), second().address(OLD)), [PRIMARY, SECONDARY]);
    assert_eq!(said(main().address(NEW), second().address(NEW)), NOBODY);
}

#[test]
fn guests_leavers_and_pupils_to_come_are_on_no_roll() {
    let said = |pupil: Says| schools(&[pupil, moves("2026-11-20", OLD, NEW)]);
    assert_eq!(said(pupil().status(EnrolmentStatus::Guest)), NOBODY);
    assert_eq!(said(says(PUPILS).enrolled(SECONDARY, "2024-09-04", Some("2026-11-24"))), NOBODY);
    assert_eq!(said(says(PUPILS).enrolled(SECONDARY, "2024-09-04", Some("2026-11-25"))), [SECONDARY]);
    assert_eq!(said(says(PUPILS).enrolled(SECONDARY, "2026-11-25", None)), NOBODY);
    assert_eq!(said(says(PUPILS).enrolled(SECONDARY, "2026-11-24", None)), [SECONDARY]);
    assert_eq!(said(pupil().gone("2026-11-24")), NOBODY);
}

#[test]
fn a_base_at_a_school_that_has_sent_no_list_is_told() {
    let base = || says(ONE).at(SILENT).address(NEW);
    assert_eq!(schools(&[base(), moves("2026-11-20", OLD, NEW)]), [SILENT]);
    assert_eq!(schools(&[base().status(EnrolmentStatus::Guest), moves("2026-11-20", OLD, NEW)]), NOBODY);
    assert_eq!(schools(&[base().last(|e| e.leaving = Some(d("2026-11-24"))), moves("2026-11-20", OLD, NEW)]), NOBODY);
    // The secondary school sends its roll, and the child is not on it.
    assert_eq!(schools(&[says(ONE).at(SECONDARY), moves("2026-11-20", OLD, NEW)]), NOBODY);
    assert_eq!(schools_on(&[base(), moves("2026-11-20", OLD, NEW)], &[(SILENT, NEW)], "2026-11-24"), NOBODY);
}

#[test]
fn the_roll_list_that_brings_the_registration_is_the_schools_word() {
    assert_eq!(schools(&[says(CROSS).at(HAMPSHIRE).address(OLD), moves("2026-11-20", OLD, NEW)]), [HAMPSHIRE]);
    assert_eq!(schools(&[says(CROSS).at(HAMPSHIRE).address(NEW), moves("2026-11-20", OLD, NEW)]), NOBODY);
    assert_eq!(schools(&[says(INDEPENDENT).at(PRIVATE), says(CROSS).address(NEW), moves("2026-11-20", OLD, NEW)]), [PRIVATE]);
}

#[test]
fn a_school_that_was_told_is_not_told_again() {
    let said = [pupil(), moves("2026-11-20", OLD, NEW)];
    assert_eq!(schools_on(&said, &[(SECONDARY, NEW)], "2026-11-24"), NOBODY);
    assert_eq!(schools_on(&said, &[(SECONDARY, "3, other st|SO16 4BB")], "2026-11-24"), NOBODY);
    assert_eq!(schools_on(&said, &[(PRIMARY, NEW)], "2026-11-24"), [SECONDARY]);
    assert_eq!(schools_on(&said, &[(SECONDARY, OLD)], "2026-11-24"), [SECONDARY]);
    // Housing says it once more, by another number.
    let again = [pupil(), moves("2026-11-20", OLD, NEW), moves("2026-11-22", OLD, NEW)];
    assert_eq!(schools_on(&again, &[(SECONDARY, NEW)], "2026-11-24"), NOBODY);
}

#[test]
fn a_school_that_was_told_is_told_of_the_next_move() {
    let said = [pupil(), moves("2026-11-10", OLD, NEW), moves("2026-11-20", NEW, THIRD)];
    assert_eq!(schools_on(&said, &[(SECONDARY, NEW)], "2026-11-19"), NOBODY);
    let what = look(&said, &[(SECONDARY, NEW)], "2026-11-20").unwrap();
    assert!(what.address.is_same_place(&home(THIRD)) && what.record == RecordId(3));
    assert_eq!(schools_on(&said, &[(SECONDARY, THIRD)], "2026-11-24"), NOBODY);
    // The school has heard of it by itself.
    let knows = [pupil().address(THIRD), moves("2026-11-10", OLD, NEW), moves("2026-11-20", NEW, THIRD)];
    assert_eq!(schools_on(&knows, &[(SECONDARY, NEW)], "2026-11-24"), NOBODY);
}

#[test]
fn a_school_that_was_told_of_the_move_away_is_told_of_the_return() {
    let said = [pupil(), moves("2026-11-10", OLD, NEW), moves("2026-11-20", NEW, OLD)];
    // The school was never told of the move away, and has the old address still.
    assert_eq!(schools(&said), NOBODY);
    // It was told: what it has is the address from before, and it will write the new one over it.
    let what = look(&said, &[(SECONDARY, NEW)], "2026-11-24").unwrap();
    assert!(what.address.is_same_place(&home(OLD)));
    assert_eq!(schools_on(&said, &[(SECONDARY, OLD)], "2026-11-24"), NOBODY);
    // And away once more.
    let again: Vec<Says> = said.into_iter().chain([moves("2026-11-23", OLD, NEW)]).collect();
    assert_eq!(schools_on(&again, &[(SECONDARY, OLD)], "2026-11-24"), [SECONDARY]);
    assert_eq!(schools_on(&again, &[(SECONDARY, NEW)], "2026-11-24"), NOBODY);
}

#[test]
fn an_address_elsewhere_that_began_later_overtakes_the_change() {
    let said = |address: &str, from: &str| schools(&[pupil(), says(HEALTH).address_from(address, from), moves("2026-11-20", OLD, NEW)]);
    assert_eq!(said(THIRD, "2026-11-21"), NOBODY);
    assert_eq!(said(THIRD, "2026-11-20"), [SECONDARY]);
    // The same place, not yet begun, no address, undated: none of them overtakes.
    assert_eq!(said("3 Other St|SO16 4BB", "2026-11-21"), [SECONDARY]);
    assert_eq!(said(THIRD, "2026-11-25"), [SECONDARY]);
    assert_eq!(said("Unknown|", "2026-11-21"), [SECONDARY]);
    assert_eq!(schools(&[pupil(), says(HEALTH).address(THIRD), moves("2026-11-20", OLD, NEW)]), [SECONDARY]);
    // What a list no longer says, or says of a time that is over, does not either.
    let gone = says(HEALTH).address_from(THIRD, "2026-11-21").gone("2026-11-23");
    assert_eq!(schools(&[pupil(), gone, moves("2026-11-20", OLD, NEW)]), [SECONDARY]);
    let over = says(HEALTH).address_from(THIRD, "2026-11-21").with(|r| r.addresses[0].to = Some(d("2026-11-23")));
    assert_eq!(schools(&[pupil(), over, moves("2026-11-20", OLD, NEW)]), [SECONDARY]);
}

#[test]
fn temporary_accommodation_is_told_like_a_move_until_it_ends() {
    let said = [pupil(), reports("2026-11-20", "temporary-accommodation", OLD, Some(NEW))];
    let found = findings_on(&said, "2026-11-24");
    assert!(found[0].summary.starts_with("Placed in temporary accommodation on 2026-11-20;"));
    let until =
        |last: &str| said.clone().map(|s| s.with(|r| r.address_changes.iter_mut().for_each(|c| c.to.as_mut().unwrap().to = Some(d(last)))));
    assert_eq!(schools(&until("2026-11-24")), [SECONDARY]);
    assert_eq!(schools(&until("2026-11-23")), NOBODY);
}

#[test]
fn who_left_the_area_is_told_of_only_with_an_address() {
    let left = |to| [pupil(), reports("2026-11-20", "left-area", OLD, to)];
    assert_eq!(schools(&left(Some(OUTSIDE))), [SECONDARY]);
    assert_eq!(schools(&left(Some(UNKNOWN_TO_AREA))), [SECONDARY]);
    assert_eq!(schools(&left(None)), NOBODY);
    assert_eq!(schools(&left(Some("Somewhere in Examplia|"))), NOBODY);
    // An older change is no longer where the child lives.
    assert_eq!(schools(&[pupil(), moves("2026-11-10", OLD, NEW), reports("2026-11-20", "left-area", NEW, None)]), NOBODY);
    assert_eq!(
        schools_on(&[pupil(), moves("2026-11-10", OLD, NEW), reports("2026-11-20", "left-area", NEW, None)], &[], "2026-11-19"),
        [SECONDARY]
    );
}

#[test]
fn a_restricted_child_is_found_and_marked() {
    let restricted = |said: &[Says]| look(said, &[], "2026-11-24").unwrap().restricted;
    for kind in [RestrictionKind::ProtectedAddress, RestrictionKind::Adoption, RestrictionKind::Custody, RestrictionKind::Restricted] {
        let said = [pupil(), moves("2026-11-20", OLD, NEW).restricted(kind)];
        assert!(restricted(&said));
        assert_eq!(word(&findings_on(&said, "2026-11-24"), RULE), "restricted");
    }
    // In any record, also one that its source no longer has.
    assert!(restricted(&[pupil(), moves("2026-11-20", OLD, NEW), says(ONE).restricted(RestrictionKind::Restricted)]));
    assert!(restricted(&[pupil(), moves("2026-11-20", OLD, NEW), says(ONE).restricted(RestrictionKind::Restricted).gone("2026-11-01")]));
}

#[test]
fn a_person_may_restrict_a_child() {
    let records = held(&[pupil(), moves("2026-11-20", OLD, NEW)]);
    let child = ChildFile { restricted: true, ..file(&records, &[]) };
    assert!(untold(&council(), &child, today()).unwrap().restricted);
    let found = check(&council(), &child, today());
    assert_eq!((found[0].reason.as_deref(), found[0].priority, found[0].owner.as_str()), (Some("restricted"), 3, "officer"));
    assert!(found[0].summary.ends_with("a person decides."));
}

#[test]
fn of_a_child_who_died_nobody_is_told() {
    assert_eq!(schools(&[pupil(), moves("2026-11-20", OLD, NEW), says(HEALTH).with(|r| r.died = Some(d("2026-11-22")))]), NOBODY);
    let by_ground = says(OTHER_PUPILS).left(PRIMARY, "2026-11-22", "9(1)(k)");
    assert_eq!(schools(&[pupil(), by_ground, moves("2026-11-20", OLD, NEW)]), NOBODY);
}

#[test]
fn a_change_without_a_day_counts_from_the_telling_and_behind_any_dated_one() {
    let undated = |told: &str, to: &str| says(HOUSING).told(told).change(None, "move", None, Some(to));
    let said = [pupil(), undated("2026-11-20", NEW)];
    assert_eq!(schools_on(&said, &[], "2026-11-19"), NOBODY);
    assert_eq!(look(&said, &[], "2026-11-24").unwrap().moved, d("2026-11-20"));
    let both = [pupil(), moves("2026-11-10", OLD, THIRD), undated("2026-11-20", NEW)];
    assert!(look(&both, &[], "2026-11-24").unwrap().address.is_same_place(&home(THIRD)));
}

#[test]
fn of_two_changes_on_one_day_the_later_record_counts() {
    let to = |said: &[Says]| look(said, &[], "2026-11-24").unwrap().address;
    assert!(to(&[pupil(), moves("2026-11-20", OLD, NEW), moves("2026-11-20", OLD, THIRD)]).is_same_place(&home(THIRD)));
    assert!(to(&[pupil(), moves("2026-11-20", OLD, THIRD), moves("2026-11-20", OLD, NEW)]).is_same_place(&home(NEW)));
    // The newer day counts, in whichever record.
    assert!(to(&[pupil(), moves("2026-11-20", OLD, THIRD), moves("2026-11-19", OLD, NEW)]).is_same_place(&home(THIRD)));
}

#[test]
fn a_change_that_its_source_took_back_does_not_count() {
    assert_eq!(schools(&[pupil(), moves("2026-11-20", OLD, NEW).gone("2026-11-24")]), NOBODY);
    assert_eq!(schools(&[pupil(), moves("2026-11-20", OLD, NEW).gone("2026-11-25")]), [SECONDARY]);
}

#[test]
fn an_address_of_a_postcode_alone_is_told_once() {
    let said = [pupil(), moves("2026-11-20", OLD, "|SO16 4BB")];
    assert_eq!(schools(&said), [SECONDARY]);
    assert_eq!(schools_on(&said, &[(SECONDARY, "|SO16 4BB")], "2026-11-24"), NOBODY);
    assert_eq!(schools(&[pupil().address(NEW), moves("2026-11-20", OLD, "|SO16 4BB")]), NOBODY);
}

#[test]
fn no_change_and_no_school_are_no_finding() {
    assert_eq!(schools(&[pupil()]), NOBODY);
    assert_eq!(schools(&[moves("2026-11-20", OLD, NEW)]), NOBODY);
    assert_eq!(look(&[], &[], "2026-11-24"), None);
}

#[test]
fn housing_is_a_list_like_any_other_of_where_a_child_lives() {
    // The new address counts from its day, the old one to the day before.
    let into = [moves("2026-11-20", OUTSIDE, NEW)];
    assert_eq!((provision_on(&into, "2026-11-19"), provision_on(&into, "2026-11-20")), (String::new(), "probable".to_owned()));
    let out = [moves("2026-11-20", OLD, OUTSIDE), says(HEALTH).address_from(OLD, "2020-01-01")];
    assert_eq!((provision_on(&out, "2026-11-19"), provision_on(&out, "2026-11-20")), ("missing".to_owned(), String::new()));
    // A housing stream makes no roll and no school of anybody.
    let council = council();
    assert_eq!(council.trust(HOUSING), council.trust(HEALTH));
}

#[test]
fn who_left_the_area_unconfirmed_is_not_explained() {
    let left = |to| reports("2026-11-20", "left-area", OLD, to).moved("2026-11-20", None);
    let health = || says(HEALTH).address_from(OLD, "2020-01-01");
    assert_eq!(provision(&[left(None), health()]), "probable");
    assert_eq!(provision(&[left(Some(OUTSIDE)), health()]), "");
    assert_eq!((provision(&[left(None)]).as_str(), unknown(&[left(None)]).as_str()), ("", "open"));
    let confirmed = reports("2026-11-20", "left-area", OLD, None).moved("2026-11-20", Some("2026-11-23"));
    assert_eq!(provision(&[confirmed, health()]), "explained moved-away");
}

#[test]
fn who_moved_to_an_unknown_postcode_does_not_live_at_the_old_address() {
    let moved = reports("2026-11-20", "move", OLD, Some(UNKNOWN_TO_AREA));
    let health = says(HEALTH).address_from(OLD, "2020-01-01");
    let said = [moved.clone(), health.clone()];
    assert_eq!((provision_on(&said, "2026-11-19"), unknown(&said)), ("missing".to_owned(), "open".to_owned()));
    assert_eq!(provision(&said), "");
    let f = findings_on(&said, "2026-11-24");
    assert_eq!(f[0].summary, "On no roll, and of the newest address it cannot be told in which authority it lies.");
    // A later address that is known counts again; so does the authority that the source names.
    assert_eq!(provision(&[moved.clone(), says(HEALTH).address_from(OLD, "2026-11-21")]), "probable");
    assert_eq!(provision(&[moved.clone(), says(HEALTH).address_from(OLD, "2026-11-20")]), "probable");
    let named = moved.clone().with(|r| r.home_authority = LaCode::parse("850").ok());
    assert_eq!((provision(&[named.clone(), health.clone()]), unknown(&[named, health.clone()])), (String::new(), String::new()));
    // The destination confirmed: the likely reason stands as before.
    let confirmed = moved.moved("2026-11-20", Some("2026-11-23"));
    assert_eq!(provision(&[confirmed.clone(), health.clone()]), "explained moved-away");
    assert_eq!(unknown(&[confirmed, health]), "");
    // Neither an undated address elsewhere nor a bare property number takes the old address away.
    assert_eq!(provision(&[says(HEALTH).address_from(OLD, "2020-01-01"), says(BENEFITS).address(UNKNOWN_TO_AREA)]), "probable");
    let bare = says(SEND).lives_at("100060000009", None).with(|r| r.addresses[0].from = Some(d("2026-11-20")));
    assert_eq!(provision(&[says(HEALTH).address_from(OLD, "2020-01-01"), bare]), "probable");
}
