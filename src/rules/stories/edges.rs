//! Stories of the edges: the day itself, values that are not there, and what was withdrawn.

use schema::EnrolmentStatus::Future;
use schema::provision::Suitability::{NotAssessed, Suitable, Unsuitable};
use schema::provision::{HomeEducation, MovedAway, Sen};

use super::*;

fn two_and(more: impl IntoIterator<Item = Says>) -> Vec<Says> {
    let mut said = vec![says(HEALTH).lives(HERE), says(BENEFITS).lives(HERE)];
    said.extend(more);
    said
}

fn since(said: &[Says]) -> NaiveDate {
    findings_on(said, "2026-11-24")[0].since
}

#[test]
fn an_entry_to_come_that_was_withdrawn_is_no_place() {
    let expected = |leaving| two_and([says(PUPILS).enrolled(SECONDARY, "2026-12-01", leaving).status(Future)]);
    for (leaving, word) in [
        (None, "in-transition"),
        (Some("2026-11-24"), "missing"),
        (Some("2026-11-20"), "missing"),
        (Some("2026-12-01"), "missing"),
        (Some("2026-12-02"), "in-transition"),
    ] {
        assert_eq!(provision(&expected(leaving)), word, "{leaving:?}");
    }
}

#[test]
fn home_education_that_begins_today_runs() {
    let from = |day: &str| two_and([says(EHE).home(Suitable).with(|r| r.home_education.as_mut().unwrap().from = Some(d(day)))]);
    assert_eq!(provision(&from("2026-11-24")), "");
    assert_eq!(provision(&from("2026-11-25")), "missing");
}

#[test]
fn a_pupil_who_enters_again_on_the_day_of_leaving_is_on_roll() {
    let said = two_and([says(PUPILS).enrolled(SECONDARY, "2026-11-10", None), says(LEAVERS).left(SECONDARY, "2026-11-10", "Moved")]);
    assert_eq!((provision(&said).as_str(), ground(&said).as_str()), ("", "words-only"));
}

#[test]
fn an_enrolment_without_entry_date_is_ended_by_the_leavers_report() {
    let said = two_and([says(PUPILS).at(SECONDARY).last(|e| e.entry = None), says(LEAVERS).left(SECONDARY, "2026-11-10", "Moved")]);
    assert_eq!((provision(&said).as_str(), ground(&said).as_str()), ("missing", "words-only"));
}

#[test]
fn an_enrolment_that_names_no_school_is_on_a_roll_all_the_same() {
    let said = two_and([says(PUPILS).at(SECONDARY).last(|e| e.school = None), says(LEAVERS).left(SECONDARY, "2026-11-10", "Moved")]);
    assert_eq!(provision(&said), "");
    // But a leaver of no known school is nobody's leaver.
    assert_eq!(ground(&[says(LEAVERS).left(SECONDARY, "2026-11-10", "Moved").last(|e| e.school = None)]), "");
}

#[test]
fn a_record_says_nothing_from_the_day_on_which_it_is_gone() {
    let said = [says(HEALTH).lives(HERE).gone("2026-11-24"), says(BENEFITS).lives(HERE)];
    assert_eq!((provision_on(&said, "2026-11-23"), provision_on(&said, "2026-11-24")), ("missing".to_owned(), "probable".to_owned()));
    let roll = two_and([says(CROSS).at(HAMPSHIRE).gone("2026-11-24")]);
    assert_eq!((provision_on(&roll, "2026-11-23"), provision_on(&roll, "2026-11-24")), (String::new(), "missing".to_owned()));
    let home = two_and([says(EHE).home(Suitable).gone("2026-11-24")]);
    assert_eq!((provision_on(&home, "2026-11-23"), provision_on(&home, "2026-11-24")), (String::new(), "missing".to_owned()));
}

#[test]
fn a_removal_on_the_first_of_september_counts_of_a_child_on_another_roll_too() {
    let said = [says(LEAVERS).left(SECONDARY, "2026-09-01", "Moved"), says(CROSS).at(HAMPSHIRE)];
    assert_eq!(ground(&said), "words-only");
    let said = [says(LEAVERS).left(SECONDARY, "2026-08-31", "Moved"), says(CROSS).at(HAMPSHIRE)];
    assert_eq!(ground(&said), "");
}

#[test]
fn what_was_without_provision_began_when_other_provision_ended() {
    let dated = |s: Says| two_and([s]);
    assert_eq!(since(&dated(says(SEND).eotas("2026-01-05", Some("2026-10-09")))), d("2026-10-10"));
    assert_eq!(
        since(&dated(says(EHE).home(Suitable).with(|r| r.home_education.as_mut().unwrap().to = Some(d("2026-10-09"))))),
        d("2026-10-10")
    );
    let found = |day: &str| dated(says(EHE).home(Unsuitable).with(|r| r.home_education.as_mut().unwrap().assessed = Some(d(day))));
    assert_eq!(since(&found("2026-10-09")), d("2026-10-09"));
    assert_eq!(since(&found("2026-11-24")), d("2026-11-24"));
    assert_eq!(since(&found("2026-11-25")), d("2026-09-01"));
    assert_eq!(
        since(&dated(says(EHE).home(NotAssessed).with(|r| r.home_education.as_mut().unwrap().assessed = Some(d("2026-10-09"))))),
        d("2026-09-01")
    );
}

#[test]
fn before_compulsory_school_age_nothing_was_missing() {
    let said: Vec<Says> =
        [says(HEALTH).lives_from(HERE, "2025-03-01"), says(BENEFITS).lives(HERE)].into_iter().map(|s| s.born("2021-12-31")).collect();
    let found = findings_on(&said, "2026-12-31");
    assert_eq!(found[0].since, d("2026-12-31"));
}

#[test]
fn a_base_is_open_from_its_first_day_and_without_one() {
    let base = |entry: Option<&str>| two_and([says(ONE).at(SILENT).last(|e| e.entry = entry.map(d))]);
    assert_eq!(provision(&base(Some("2026-11-24"))), "explained base-without-list");
    assert_eq!(provision(&base(Some("2026-11-25"))), "missing");
    assert_eq!(provision(&base(None)), "explained base-without-list");
    assert_eq!(provision(&two_and([says(ONE).at(SILENT).last(|e| e.school = None)])), "missing");
}

#[test]
fn only_the_schools_own_word_of_this_stay_closes_its_base() {
    let mut c = council();
    c.streams[PUPILS].latest_complete = None;
    let base = |entry: Option<&str>, more: Says| {
        let said = two_and([says(ONE).at(SECONDARY).last(|e| e.entry = entry.map(d)), more]);
        word(&findings_of(&c, &said, today(), false), "no-provision")
    };
    let left = |number, day| says(LEAVERS).enrolled(number, "2024-09-04", Some(day));
    let open = "explained base-without-list";
    assert_eq!(base(Some("2026-09-04"), left(SECONDARY, "2026-09-04")), "missing");
    assert_eq!(base(Some("2026-09-04"), left(SECONDARY, "2026-09-03")), open);
    assert_eq!(base(Some("2026-09-04"), left(PRIMARY, "2026-10-04")), open);
    assert_eq!(base(None, left(SECONDARY, "2026-09-03")), "missing");
    assert_eq!(base(Some("2024-09-04"), says(SEND).left(SECONDARY, "2026-10-02", "Moved")), open);
}

#[test]
fn a_leavers_report_explains_a_dropped_pupil_whose_entry_is_not_known() {
    let dropped = |entry: Option<&str>| says(PUPILS).at(SECONDARY).last(|e| e.entry = entry.map(d)).gone("2026-11-16");
    let said = |entry, leaving| [dropped(entry), says(LEAVERS).left(SECONDARY, leaving, "9(1)(i)")];
    assert_eq!(ground(&said(None, "2026-10-02")), "");
    assert_eq!(ground(&said(Some("2026-10-02"), "2026-10-02")), "");
    assert_eq!(ground(&said(Some("2026-10-03"), "2026-10-02")), "none");
}

#[test]
fn of_one_stay_without_entry_date_the_ground_counts() {
    let later = says(ONE).enrolled(SECONDARY, "2024-09-04", Some("2026-11-12"));
    let first = says(LEAVERS).left(SECONDARY, "2026-11-10", "9(1)(i)");
    assert_eq!(ground(&[later.clone().last(|e| e.entry = None), first.clone()]), "");
    // Another stay began on the day on which the first ended.
    assert_eq!(ground(&[later.last(|e| e.entry = Some(d("2026-11-10"))), first]), "none");
}

#[test]
fn a_move_without_day_explains_and_an_address_from_the_day_of_the_move_is_no_return() {
    let moved = MovedAway { on: None, to: String::new(), confirmed: Some(d("2026-11-20")) };
    assert_eq!(provision(&two_and([says(ONE).with(|r| r.moved_away = Some(moved))])), "explained moved-away");
    let back = |day| two_and([says(ONE).moved("2026-10-10", Some("2026-10-20")), says(SEND).lives_from(HERE, day)]);
    assert_eq!((provision(&back("2026-10-10")).as_str(), provision(&back("2026-10-11")).as_str()), ("explained moved-away", "missing"));
}

#[test]
fn a_removal_without_reason_waits_for_no_joiner() {
    assert_eq!(provision(&two_and([says(LEAVERS).enrolled(SECONDARY, "2024-09-04", Some("2026-11-23")).to("Example School")])), "missing");
}

#[test]
fn a_move_confirmed_today_locates_the_pupil() {
    let said = |day| [says(LEAVERS).left(SECONDARY, "2026-11-10", "Moved").lives(HERE), says(ONE).moved("2026-11-08", Some(day))];
    assert_eq!((destination(&said("2026-11-24")).as_str(), destination(&said("2026-11-25")).as_str()), ("", "no-destination"));
}

#[test]
fn the_notice_counts_if_home_education_ended_on_the_leaving_or_is_still_to_begin() {
    let with = |from: Option<&str>, to: Option<&str>| {
        let he =
            HomeEducation { from: from.map(d), to: to.map(d), notice: Some(d("2026-11-01")), suitability: NotAssessed, assessed: None };
        destination(&[says(LEAVERS).left(SECONDARY, "2026-11-10", "9(1)(f)").lives(HERE), says(EHE).with(|r| r.home_education = Some(he))])
    };
    assert_eq!((with(None, Some("2026-11-10")).as_str(), with(None, Some("2026-11-09")).as_str()), ("", "no-written-notice"));
    assert_eq!(with(Some("2026-11-30"), None), "");
}

#[test]
fn a_year_2_leaver_of_a_school_that_nobody_knows_is_no_infant_school_leaver() {
    let mut said: Vec<Says> = two_and([]).into_iter().map(|s| s.born("2019-02-01")).collect();
    said.push(says(ONE).born("2019-02-01").left("8529999", "2026-07-22", "9(1)(a)"));
    assert_eq!(provision_on(&said, "2026-08-20"), "missing");
}

#[test]
fn a_school_of_another_system_counts_by_its_number() {
    let mut c = council();
    c.streams.push(StreamState { roll: false, ..stream("other", "another-mis", "joiners", Some(SECONDARY)) });
    c.streams.push(StreamState { roll: true, ..stream("other", "another-mis", "everybody", None) });
    c.streams.push(StreamState { roll: false, ..stream("other", "another-mis", "everybody", None) });
    let last = c.streams.len() - 1;
    let c = Council::new(c.authority, c.area, c.schools, c.calendar, c.settings, c.streams, []);
    let on = |stream| findings_of(&c, &two_and([says(stream).at(SECONDARY)]), today(), false).len();
    assert_eq!((on(last - 2), on(last - 1), on(last)), (0, 0, 1));
}

#[test]
fn of_two_equal_addresses_of_one_record_the_first_counts() {
    assert_eq!(provision(&[says(HEALTH).lives(HERE).lives(THERE)]), "probable");
    assert_eq!(provision(&[says(HEALTH).lives(THERE).lives(HERE)]), "");
}

#[test]
fn of_two_addresses_told_on_one_day_the_more_trusted_record_counts() {
    assert_eq!(provision(&[says(ONE).lives(HERE), says(HEALTH).lives(THERE)]), "probable");
    assert_eq!(provision(&[says(HEALTH).lives(THERE), says(ONE).lives(HERE)]), "probable");
    assert_eq!(provision(&[says(HEALTH).lives(THERE), says(BENEFITS).lives(HERE)]), "");
}

#[test]
fn a_plan_in_force_since_today_is_a_factor() {
    let plan = |day: &str| {
        let said = two_and([says(SEND).with(|r| r.sen = Some(Sen { ehc_from: Some(d(day)), ..Sen::default() }))]);
        findings_on(&said, "2026-11-24").remove(0).factors.contains(&"ehc-plan".to_owned())
    };
    assert!(plan("2026-11-24") && !plan("2026-11-25"));
}

#[test]
fn a_pupil_whose_entry_date_is_not_known_is_on_roll() {
    assert_eq!(provision(&two_and([says(PUPILS).at(SECONDARY).last(|e| e.entry = None)])), "");
}

#[test]
fn a_pupil_expected_on_no_known_day_who_was_withdrawn_today_is_not_expected() {
    let expected =
        |leaving| two_and([says(PUPILS).enrolled(SECONDARY, "2026-12-01", Some(leaving)).status(Future).last(|e| e.entry = None)]);
    assert_eq!((provision(&expected("2026-11-24")).as_str(), provision(&expected("2026-11-25")).as_str()), ("missing", "in-transition"));
}
