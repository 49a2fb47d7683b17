//! Stories of where the child lives, and of `residence-unknown`.

use super::*;

#[test]
fn a_child_who_lives_elsewhere_has_no_finding() {
    assert_eq!(findings_on(&[says(HEALTH).lives(THERE), says(BENEFITS).lives(THERE)], "2026-11-24"), []);
}

#[test]
fn a_dated_address_beats_an_undated_one_that_was_told_later() {
    assert_eq!(provision(&[says(HEALTH).lives_from(THERE, "2026-03-01").told("2026-10-01"), says(BENEFITS).lives(HERE)]), "");
    assert_eq!(provision(&[says(HEALTH).lives_from(HERE, "2026-03-01").told("2026-10-01"), says(BENEFITS).lives(THERE)]), "probable");
}

#[test]
fn of_dated_addresses_the_newest_wins_not_the_newest_file() {
    let said = |here, there| [says(HEALTH).lives_from(HERE, here).told("2026-10-01"), says(BENEFITS).lives_from(THERE, there)];
    assert_eq!(provision(&said("2026-05-02", "2026-05-01")), "probable");
    assert_eq!(provision(&said("2026-05-01", "2026-05-02")), "");
}

#[test]
fn of_undated_addresses_the_one_told_last_wins() {
    let said = |here, there| [says(HEALTH).lives(HERE).told(here), says(BENEFITS).lives(THERE).told(there)];
    assert_eq!(provision(&said("2026-11-02", "2026-11-01")), "probable");
    assert_eq!(provision(&said("2026-11-01", "2026-11-02")), "");
}

#[test]
fn an_address_that_ended_or_has_not_begun_does_not_count() {
    let ended = says(HEALTH).lives_from(THERE, "2026-05-01").with(|r| r.addresses[0].to = Some(d("2026-11-23")));
    assert_eq!(provision(&[ended.clone(), says(BENEFITS).lives(HERE)]), "probable");
    let last_day = ended.with(|r| r.addresses[0].to = Some(today()));
    assert_eq!(provision(&[last_day, says(BENEFITS).lives(HERE)]), "");
    assert_eq!(provision(&[says(HEALTH).lives_from(THERE, "2026-11-25"), says(BENEFITS).lives(HERE)]), "probable");
    assert_eq!(provision(&[says(HEALTH).lives_from(THERE, "2026-11-24"), says(BENEFITS).lives(HERE)]), "");
}

#[test]
fn a_leavers_address_counts_from_the_leaving() {
    // Told again today by the report, but of the day on which the pupil left: the list of November is later.
    let said = |list| [says(LEAVERS).left(SECONDARY, "2026-10-02", "9(1)(i)").lives(HERE), says(BENEFITS).lives(THERE).told(list)];
    assert_eq!(provision(&said("2026-10-03")), "");
    assert_eq!(provision(&said("2026-10-01")), "probable");
}

#[test]
fn the_address_of_a_pupil_whom_the_roll_dropped_stays_known() {
    assert_eq!(provision(&[says(PUPILS).at(SECONDARY).gone("2026-11-10").lives(HERE)]), "probable");
    assert_eq!(
        provision(&[
            says(PUPILS).at(SECONDARY).gone("2026-11-10").lives(HERE),
            says(LEAVERS).left(SECONDARY, "2026-11-09", "9(1)(i)").lives(HERE)
        ]),
        "probable"
    );
}

#[test]
fn a_postcode_outside_the_area_file_needs_a_home_authority() {
    let said = |la: Option<&str>| [says(HEALTH).lives(NOWHERE).with(|r| r.home_authority = la.map(|la| LaCode::parse(la).unwrap()))];
    assert_eq!((provision(&said(None)).as_str(), unknown(&said(None)).as_str()), ("", "open"));
    assert_eq!((provision(&said(Some("850"))).as_str(), unknown(&said(Some("850"))).as_str()), ("", ""));
    assert_eq!(provision(&said(Some("852"))), "probable");
}

#[test]
fn a_property_number_alone_needs_a_home_authority_or_another_record() {
    let alone = says(HEALTH).lives_at("100060000001", None);
    assert_eq!(unknown(std::slice::from_ref(&alone)), "open");
    assert_eq!(provision(&[alone.clone().with(|r| r.home_authority = LaCode::parse("852").ok())]), "probable");
    let elsewhere_known = says(SEND).lives_at("100060000001", Some(HERE)).with(|r| r.addresses[0].to = Some(d("2020-01-01")));
    assert_eq!(provision(&[alone.clone(), elsewhere_known]), "probable");
    let other = says(SEND).lives_at("100060000002", Some(HERE)).with(|r| r.addresses[0].to = Some(d("2020-01-01")));
    assert_eq!(unknown(&[alone, other]), "open");
}

#[test]
fn no_usable_address_of_a_child_of_age_on_no_roll_is_a_finding_of_its_own() {
    // ZZ99 and "Unknown" never become a postcode.
    assert!(Postcode::parse("ZZ99 3WZ").is_err());
    let said = [says(HEALTH).with(|r| r.addresses.push(Address { lines: vec!["Unknown".to_owned()], ..Address::default() }))];
    assert_eq!((unknown(&said).as_str(), provision(&said).as_str()), ("open", ""));
    assert_eq!(unknown(&[says(HEALTH).born("2021-12-01")]), "");
    assert_eq!(unknown(&[says(HEALTH).with(|r| r.dob = None)]), "");
    assert_eq!(unknown(&[says(HEALTH), says(PUPILS).at(SECONDARY)]), "");
}

#[test]
fn a_child_with_other_education_or_who_died_is_not_looked_for() {
    use schema::provision::Suitability::{NotAssessed, Suitable};
    assert_eq!(unknown(&[says(EHE).home(Suitable)]), "");
    assert_eq!(unknown(&[says(EHE).home(NotAssessed)]), "open");
    assert_eq!(unknown(&[says(SEND).eotas("2026-09-01", None)]), "");
    assert_eq!(unknown(&[says(HEALTH).with(|r| r.died = Some(d("2026-01-01")))]), "");
}

#[test]
fn residence_unknown_counts_from_the_removal() {
    let found = findings_on(&[says(LEAVERS).left(SECONDARY, "2026-11-10", "9(1)(i)")], "2026-11-24");
    assert_eq!((found[0].rule.as_str(), found[0].since, found[0].due), ("residence-unknown", d("2026-11-10"), Some(d("2026-11-24"))));
    assert_eq!((found[0].grade, found[0].reason.as_deref()), (None, None));
}

#[test]
fn the_birth_date_of_the_most_trusted_record_counts() {
    // The list makes the child five months old, the school's own record Year 7.
    let said = [
        says(HEALTH).lives(HERE).born("2026-06-01"),
        says(BENEFITS).lives(HERE).born("2026-06-01"),
        says(LEAVERS).left(SECONDARY, "2026-10-02", "9(1)(i)"),
    ];
    assert_eq!(provision(&said), "missing");
}
