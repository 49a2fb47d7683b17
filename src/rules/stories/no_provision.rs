//! Stories of `no-provision`: who has no finding, who is in transition, who is probable and who missing.

use schema::EnrolmentStatus::{Current, FurtherEducation, Future, Guest, Previous, Subsidiary};
use schema::Removal;
use schema::provision::OfferStatus::{Accepted, Declined, Offered, Withdrawn};
use schema::provision::Suitability::{NotAssessed, Suitable, Unsuitable};
use schema::provision::{HomeEducation, Involvement};

use super::*;

/// Two fresh sources place the child here.
fn two() -> Vec<Says> {
    vec![says(HEALTH).lives(HERE), says(BENEFITS).lives(HERE)]
}

fn two_and(more: Says) -> Vec<Says> {
    let mut all = two();
    all.push(more);
    all
}

fn two_born(dob: &str) -> Vec<Says> {
    two().into_iter().map(|s| s.born(dob)).collect()
}

#[test]
fn two_fresh_sources_make_a_child_missing() {
    assert_eq!(provision(&two()), "missing");
}

#[test]
fn one_fresh_source_is_probable() {
    assert_eq!(provision(&[says(HEALTH).lives(HERE)]), "probable");
}

#[test]
fn two_files_of_one_installation_are_one_source() {
    assert_eq!(provision(&[says(HEALTH).lives(HERE), says(COMMUNITY).lives(HERE)]), "probable");
}

#[test]
fn an_old_list_does_not_count_as_a_source() {
    let health = |told| vec![says(HEALTH).lives(HERE).told(told), says(BENEFITS).lives(HERE)];
    // 60 days before 24 November 2026 is 25 September.
    assert_eq!(provision(&health("2026-09-25")), "missing");
    assert_eq!(provision(&health("2026-09-24")), "probable");
}

#[test]
fn a_child_on_a_roll_has_no_finding() {
    for roll in [says(PUPILS).at(SECONDARY), says(JOINERS).at(SECONDARY), says(CROSS).at(HAMPSHIRE), says(INDEPENDENT).at(PRIVATE)] {
        assert_eq!(provision(&two_and(roll)), "");
    }
    assert_eq!(provision(&two_and(says(PUPILS).at(SECONDARY).status(Subsidiary))), "");
    assert_eq!(provision(&two_and(says(PUPILS).at(SECONDARY).status(FurtherEducation))), "");
}

#[test]
fn a_list_that_is_no_roll_puts_nobody_on_one() {
    assert_eq!(provision(&two_and(says(SEND).at(SECONDARY))), "missing");
}

#[test]
fn a_guest_is_on_no_roll() {
    assert_eq!(provision(&two_and(says(PUPILS).at(SECONDARY).status(Guest))), "missing");
    assert_eq!(provision(&two_and(says(PUPILS).at(SECONDARY).status(Previous))), "missing");
}

#[test]
fn on_the_day_of_removal_the_child_is_off_roll() {
    let said = two_and(says(PUPILS).left(SECONDARY, "2026-11-20", "Moved"));
    assert_eq!(provision_on(&said, "2026-11-19"), "");
    assert_eq!(provision_on(&said, "2026-11-20"), "missing");
    assert_eq!(provision_on(&said, "2026-11-21"), "missing");
}

#[test]
fn a_start_date_of_today_has_come() {
    let said = two_and(says(PUPILS).enrolled(SECONDARY, "2026-11-24", None).status(Current));
    assert_eq!(provision_on(&said, "2026-11-23"), "in-transition");
    assert_eq!(provision_on(&said, "2026-11-24"), "");
    assert_eq!(provision_on(&said, "2026-11-25"), "");
}

#[test]
fn an_accepted_place_is_in_transition_until_it_starts() {
    let said = two_and(says(OFFERS).offer(Accepted, "2026-11-24"));
    assert_eq!(provision_on(&said, "2026-11-23"), "in-transition");
    assert_eq!(provision_on(&said, "2026-11-24"), "missing");
    for other in [Offered, Declined, Withdrawn] {
        assert_eq!(provision_on(&two_and(says(OFFERS).offer(other, "2026-12-01")), "2026-11-24"), "missing");
    }
}

#[test]
fn a_future_pupil_is_in_transition_until_the_entry_date() {
    let said = two_and(says(PUPILS).enrolled(SECONDARY, "2026-11-24", None).status(Future));
    assert_eq!(provision_on(&said, "2026-11-23"), "in-transition");
    assert_eq!(provision_on(&said, "2026-11-24"), "missing");
    let undated = two_and(says(PUPILS).at(SECONDARY).status(Future).last(|e| e.entry = None));
    assert_eq!(provision(&undated), "in-transition");
}

#[test]
fn a_future_base_in_the_education_database_is_no_place() {
    assert_eq!(provision(&two_and(says(ONE).enrolled(SECONDARY, "2026-12-01", None))), "missing");
}

#[test]
fn a_future_entry_that_the_file_does_not_have_any_more_is_none() {
    assert_eq!(provision(&two_and(says(PUPILS).enrolled(SECONDARY, "2026-12-01", None).gone("2026-11-20"))), "missing");
}

#[test]
fn the_due_day_of_a_child_in_transition_is_the_start() {
    let found = findings_on(&two_and(says(OFFERS).offer(Accepted, "2026-12-01")), "2026-11-24");
    assert_eq!((found[0].due, found[0].owner.as_str(), found[0].priority), (Some(d("2026-12-01")), "admissions", 5));
    assert!(found[0].evidence.contains(&RecordId(3)));
}

/// Born 2015-02-01, the child is in Year 6 in 2025-26.
#[test]
fn a_year_6_leaver_is_in_transition_until_31_august() {
    let said = |leaving| two_and(says(OTHER_PUPILS).left(PRIMARY, leaving, "9(1)(a)"));
    // The last week of the summer term of 2026 begins on Monday 20 July.
    assert_eq!(provision_on(&said("2026-07-19"), "2026-08-20"), "missing");
    assert_eq!(provision_on(&said("2026-07-20"), "2026-08-20"), "in-transition");
    assert_eq!(provision_on(&said("2026-07-20"), "2026-07-20"), "in-transition");
    assert_eq!(provision_on(&said("2026-08-31"), "2026-08-31"), "in-transition");
    assert_eq!(provision_on(&said("2026-07-20"), "2026-08-31"), "in-transition");
    assert_eq!(provision_on(&said("2026-07-20"), "2026-09-01"), "missing");
}

#[test]
fn a_year_6_leaver_whom_the_roll_no_longer_has_is_in_transition_too() {
    assert_eq!(provision_on(&two_and(says(OTHER_PUPILS).at(PRIMARY).gone("2026-07-24")), "2026-08-20"), "in-transition");
}

#[test]
fn a_year_2_leaver_is_in_transition_only_from_an_infant_school() {
    let said = |stream, number| {
        let mut all = two_born("2019-02-01");
        all.push(says(stream).born("2019-02-01").left(number, "2026-07-22", "9(1)(a)"));
        all
    };
    assert_eq!(provision_on(&said(INFANT_PUPILS, INFANT), "2026-08-31"), "in-transition");
    assert_eq!(provision_on(&said(INFANT_PUPILS, INFANT), "2026-09-01"), "missing");
    assert_eq!(provision_on(&said(OTHER_PUPILS, PRIMARY), "2026-08-31"), "missing");
}

#[test]
fn a_child_under_age_has_no_finding_until_the_prescribed_day() {
    let said = two_born("2021-09-01");
    assert_eq!(provision_on(&said, "2026-12-30"), "");
    assert_eq!(provision_on(&said, "2026-12-31"), "missing");
    assert_eq!(provision_on(&two_born("2021-08-31"), "2026-08-31"), "missing");
    let in_march: Vec<Says> = two_born("2022-03-31").into_iter().map(|s| s.told("2027-03-31")).collect();
    assert_eq!(provision_on(&in_march, "2027-03-30"), "");
    assert_eq!(provision_on(&in_march, "2027-03-31"), "missing");
}

#[test]
fn a_child_over_age_has_no_finding_after_the_last_friday_in_june() {
    let said: Vec<Says> = two_born("2010-10-10").into_iter().map(|s| s.told("2027-06-20")).collect();
    assert_eq!(provision_on(&said, "2027-06-25"), "missing");
    assert_eq!(provision_on(&said, "2027-06-26"), "");
}

#[test]
fn tuition_that_the_authority_arranges_is_provision_while_it_runs() {
    let said = two_and(says(SEND).eotas("2026-09-10", Some("2026-11-24")));
    for (day, word) in [("2026-09-09", "missing"), ("2026-09-10", ""), ("2026-11-24", ""), ("2026-11-25", "missing")] {
        assert_eq!(provision_on(&said, day), word, "{day}");
    }
    let involved =
        |kind: &str| two_and(says(ONE).with(|r| r.involvements.push(Involvement { kind: kind.to_owned(), from: None, to: None })));
    assert_eq!(provision(&involved("eotas ")), "");
    assert_eq!(provision(&involved("EWS")), "missing");
}

#[test]
fn home_education_counts_by_what_the_authority_found() {
    assert_eq!(provision(&two_and(says(EHE).home(Suitable))), "");
    assert_eq!(provision(&two_and(says(EHE).home(NotAssessed))), "explained ehe-not-assessed");
    assert_eq!(provision(&two_and(says(EHE).home(Unsuitable))), "missing");
}

#[test]
fn home_education_that_has_ended_is_none() {
    let ended = |to: &str| two_and(says(EHE).home(Suitable).with(|r| r.home_education.as_mut().unwrap().to = Some(d(to))));
    assert_eq!(provision(&ended("2026-11-24")), "");
    assert_eq!(provision(&ended("2026-11-23")), "missing");
    assert_eq!(provision(&two_and(says(EHE).home(Suitable).gone("2026-11-01"))), "missing");
    let later = HomeEducation { from: Some(d("2026-11-25")), to: None, notice: None, suitability: Suitable, assessed: None };
    assert_eq!(provision(&two_and(says(EHE).with(|r| r.home_education = Some(later)))), "missing");
}

#[test]
fn the_register_of_home_education_beats_the_education_database() {
    let mut said = two_and(says(EHE).home(Suitable).told("2026-09-01"));
    said.push(says(ONE).home(NotAssessed));
    assert_eq!(provision(&said), "");
}

#[test]
fn a_child_who_has_died_has_no_finding_at_all() {
    for said in [
        two_and(says(HEALTH).with(|r| r.died = Some(d("2026-11-01")))),
        two_and(says(LEAVERS).left(SECONDARY, "2026-11-01", "9(1)(k)")),
        two_and(says(LEAVERS).left(SECONDARY, "2020-11-01", "8(1)(j)")),
    ] {
        assert_eq!(findings_on(&said, "2026-11-24"), []);
    }
    // 9(1)(j) and 8(1)(k) are other grounds.
    assert_eq!(provision(&two_and(says(LEAVERS).left(SECONDARY, "2026-11-01", "9(1)(j)"))), "missing");
    assert_eq!(Removal::parse("8(1)(k)").letter(), Some('k'));
    assert_eq!(provision(&two_and(says(LEAVERS).left(SECONDARY, "2020-11-01", "8(1)(k)"))), "missing");
}

#[test]
fn a_finding_rests_on_its_records_and_names_nobody() {
    let mut said = two();
    said.push(says(LEAVERS).left(SECONDARY, "2026-10-02", "Moved").lives(HERE));
    let found = findings_on(&said, "2026-11-24");
    let f = &found[0];
    assert_eq!(f.evidence, [RecordId(1), RecordId(2), RecordId(3)]);
    assert_eq!((f.since, f.due, f.owner.as_str(), f.priority), (d("2026-10-02"), Some(d("2026-10-16")), "officer", 2));
    assert!(!f.summary.contains("SO14") && f.summary.ends_with('.'));
}

#[test]
fn without_any_dated_fact_it_began_with_the_school_year_or_with_compulsory_age() {
    assert_eq!(findings_on(&two(), "2026-11-24")[0].since, d("2026-09-01"));
    assert_eq!(findings_on(&two_born("2021-12-31"), "2027-01-05")[0].since, d("2026-12-31"));
}

#[test]
fn a_clock_from_before_the_calendar_runs_from_the_start_of_this_school_year() {
    let mut c = council();
    c.calendar =
        Calendar::of(vec![("a.toml".to_owned(), CalendarYear { term: vec![term("2026-09-02", "2026-10-23")], ..CalendarYear::default() })])
            .unwrap();
    let due = |said: &[Says]| findings_of(&c, said, today(), false)[0].due;
    let mut said = two();
    said.push(says(ONE).left(SILENT, "2026-03-02", "Moved"));
    assert_eq!(due(&said), Some(d("2026-09-15")));
    // A day for which there are no terms is never guessed.
    let mut said = two();
    said.push(says(ONE).left(SILENT, "2026-10-20", "Moved"));
    assert_eq!(due(&said), None);
}
