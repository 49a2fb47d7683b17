//! Stories of the reasons that explain a child without provision.

use schema::{Problem, ProblemCode, StreamState};

use super::*;
use crate::DayKind;

fn two_and(more: Says) -> Vec<Says> {
    vec![says(HEALTH).lives(HERE), says(BENEFITS).lives(HERE), more]
}

fn in_council(council: &Council, said: &[Says], day: &str) -> String {
    word(&findings_of(council, said, d(day), false), "no-provision")
}

fn outstanding(number: &str) -> Council {
    let mut c = council();
    let schools = c.schools.iter().cloned().map(|s| School { list_outstanding: s.laestab == school(number), ..s });
    c.schools = Schools::of(schools.collect::<Vec<School>>());
    c
}

fn listed(council: Council, number: &str, day: &str) -> Council {
    let Council { authority, area, schools, calendar, settings, streams, .. } = council;
    Council::new(authority, area, schools, calendar, settings, streams, [(school(number), d(day))])
}

fn two() -> Vec<Says> {
    vec![says(HEALTH).lives(HERE), says(BENEFITS).lives(HERE)]
}

#[test]
fn a_roll_over_the_border_that_may_hold_the_child_explains() {
    assert_eq!(in_council(&outstanding(HAMPSHIRE), &two(), "2026-11-24"), "explained list-outstanding");
    assert_eq!(in_council(&outstanding(PRIVATE), &two(), "2026-11-24"), "explained list-outstanding");
}

#[test]
fn a_roll_that_cannot_hold_the_child_explains_nothing() {
    // A maintained school of our own authority is asked otherwise; a child of Year 3 is in no secondary school.
    assert_eq!(in_council(&outstanding(SILENT), &two(), "2026-11-24"), "missing");
    let young: Vec<Says> = two().into_iter().map(|s| s.born("2019-02-01")).collect();
    assert_eq!(in_council(&outstanding(HAMPSHIRE), &young, "2026-11-24"), "missing");
}

#[test]
fn a_list_that_has_come_this_school_year_is_not_outstanding() {
    let came = |day| in_council(&listed(outstanding(HAMPSHIRE), HAMPSHIRE, day), &two(), "2026-11-24");
    assert_eq!(came("2026-08-31"), "explained list-outstanding");
    assert_eq!(came("2026-09-01"), "missing");
    assert_eq!(came("2026-11-24"), "missing");
    assert_eq!(came("2026-11-25"), "explained list-outstanding");
}

#[test]
fn a_leaver_for_a_named_school_waits_for_the_joiner_until_the_fifth_day() {
    let said = two_and(says(LEAVERS).left(SECONDARY, "2026-11-12", "9(1)(a)").to("Example School, Leeds"));
    for (day, word) in [("2026-11-12", "explained awaiting-joiner"), ("2026-11-17", "explained awaiting-joiner"), ("2026-11-18", "missing")]
    {
        assert_eq!(provision_on(&said, day), word, "{day}");
    }
    assert_eq!(findings_on(&said, "2026-11-15")[0].due, Some(d("2026-11-17")));
}

#[test]
fn a_council_may_count_the_five_days_as_school_days() {
    let mut c = council();
    c.settings.joiner_days = DayKind::School;
    let said = two_and(says(LEAVERS).left(SECONDARY, "2026-11-12", "9(1)(a)").to("Example School, Leeds"));
    assert_eq!(in_council(&c, &said, "2026-11-19"), "explained awaiting-joiner");
    assert_eq!(in_council(&c, &said, "2026-11-20"), "missing");
}

#[test]
fn a_leaver_for_no_named_school_or_on_another_ground_waits_for_nobody() {
    for (reason, to) in [("9(1)(a)", "Unknown"), ("9(1)(a)", ""), ("9(1)(c)", "Example School"), ("Moved", "Example School")] {
        assert_eq!(provision(&two_and(says(LEAVERS).left(SECONDARY, "2026-11-23", reason).to(to))), "missing", "{reason} {to}");
    }
}

#[test]
fn only_the_newest_removal_waits_for_a_joiner() {
    let mut said = two_and(says(LEAVERS).left(SECONDARY, "2026-11-20", "9(1)(a)").to("Example School"));
    said.push(says(OTHER_PUPILS).left(PRIMARY, "2026-11-21", "Moved"));
    assert_eq!(provision(&said), "missing");
}

#[test]
fn an_open_base_of_a_school_that_has_sent_no_list_explains() {
    assert_eq!(provision(&two_and(says(ONE).at(SILENT))), "explained base-without-list");
}

#[test]
fn once_the_school_has_sent_a_list_its_open_base_says_nothing() {
    assert_eq!(provision(&two_and(says(ONE).at(SECONDARY))), "missing");
    let c = council();
    let said = two_and(says(ONE).at(HAMPSHIRE));
    assert_eq!(in_council(&c, &said, "2026-11-24"), "explained base-without-list");
    assert_eq!(in_council(&listed(c, HAMPSHIRE, "2024-10-01"), &said, "2026-11-24"), "missing");
}

#[test]
fn a_school_that_sent_only_part_of_its_roll_has_sent_no_list() {
    let mut c = council();
    c.streams[PUPILS] = StreamState { latest_complete: None, ..c.streams[PUPILS].clone() };
    assert_eq!(in_council(&c, &two_and(says(ONE).at(SECONDARY)), "2026-11-24"), "explained base-without-list");
}

#[test]
fn a_base_that_is_closed_or_that_the_school_says_was_left_explains_nothing() {
    assert_eq!(provision(&two_and(says(ONE).enrolled(SILENT, "2024-09-04", Some("2026-11-24")))), "missing");
    assert_eq!(provision(&two_and(says(ONE).enrolled(SILENT, "2024-09-04", Some("2026-11-25")))), "explained base-without-list");
    let mut c = council();
    c.streams[PUPILS].latest_complete = None;
    let mut said = two_and(says(ONE).at(SECONDARY));
    said.push(says(LEAVERS).left(SECONDARY, "2026-10-02", "9(1)(i)"));
    assert_eq!(in_council(&c, &said, "2026-11-24"), "missing");
}

#[test]
fn when_every_source_is_too_old_that_explains() {
    let health = |told| [says(HEALTH).lives(HERE).told(told)];
    assert_eq!(provision(&health("2026-09-25")), "probable");
    assert_eq!(provision(&health("2026-09-24")), "explained source-old");
}

#[test]
fn the_address_of_a_leaver_is_as_old_as_the_leaving() {
    let mut c = council();
    c.streams[LEAVERS].max_age_days = Some(30);
    let left = |day| [says(LEAVERS).left(SECONDARY, day, "9(1)(i)").lives(HERE)];
    assert_eq!(in_council(&c, &left("2026-10-25"), "2026-11-24"), "probable");
    assert_eq!(in_council(&c, &left("2026-10-24"), "2026-11-24"), "explained source-old");
    c.streams[PUPILS].max_age_days = Some(30);
    let gone = |day| [says(PUPILS).at(SECONDARY).gone(day).lives(HERE)];
    assert_eq!(in_council(&c, &gone("2026-10-25"), "2026-11-24"), "probable");
    assert_eq!(in_council(&c, &gone("2026-10-24"), "2026-11-24"), "explained source-old");
}

#[test]
fn a_move_explains_once_it_is_confirmed() {
    let moved = |confirmed| two_and(says(ONE).moved("2026-11-02", confirmed));
    assert_eq!(provision(&moved(Some("2026-11-24"))), "explained moved-away");
    assert_eq!(provision(&moved(Some("2026-11-25"))), "missing");
    assert_eq!(provision(&moved(None)), "missing");
    assert_eq!(provision(&two_and(says(ONE).moved("2026-11-25", Some("2026-11-01")))), "missing");
}

#[test]
fn a_child_who_came_back_after_the_move_is_not_explained_by_it() {
    let mut said = two_and(says(ONE).moved("2026-09-02", Some("2026-09-10")));
    said.push(says(SEND).lives_from(HERE, "2026-10-10"));
    assert_eq!(provision(&said), "missing");
}

#[test]
fn an_open_review_explains() {
    assert_eq!(word(&findings_of(&council(), &two(), today(), true), "no-provision"), "explained unsure-link");
}

fn fault(field: &str, code: ProblemCode) -> Vec<Says> {
    let problem = Problem { field: field.to_owned(), ..Problem::of_row(code, "") };
    two_and(says(SEND).with(|r| r.problems.push(problem)))
}

#[test]
fn a_fault_in_who_or_when_explains() {
    for field in ["dob", "upn", "name.surname", "name.forename", "enrolment.entry", "enrolment.leaving"] {
        assert_eq!(provision(&fault(field, ProblemCode::BadDate)), "explained data-fault", "{field}");
    }
    for field in ["address.postcode", "contact.name.surname", "former_upn", "nhs_number", "enrolment.school", ""] {
        assert_eq!(provision(&fault(field, ProblemCode::BadDate)), "missing", "{field}");
    }
    assert_eq!(provision(&fault("upn", ProblemCode::UnknownAuthority)), "missing");
}

#[test]
fn a_missing_birth_date_explains() {
    let nameless: Vec<Says> = two().into_iter().map(|s| s.with(|r| r.dob = None)).collect();
    assert_eq!(provision(&nameless), "explained data-fault");
}

#[test]
fn the_reasons_are_tried_in_their_order() {
    use schema::provision::Suitability::NotAssessed;
    let mut said = two_and(says(EHE).home(NotAssessed));
    said.push(says(LEAVERS).left(SECONDARY, "2026-11-23", "9(1)(a)").to("Example School"));
    said.push(says(ONE).at(SILENT).moved("2026-11-02", Some("2026-11-02")));
    let (waiting, all_in) = (outstanding(HAMPSHIRE), council());
    assert_eq!(in_council(&waiting, &said, "2026-11-24"), "explained ehe-not-assessed");
    said[2] = says(SEND);
    assert_eq!(in_council(&waiting, &said, "2026-11-24"), "explained list-outstanding");
    assert_eq!(in_council(&all_in, &said, "2026-11-24"), "explained awaiting-joiner");
    said[3] = says(SEND);
    assert_eq!(in_council(&all_in, &said, "2026-11-24"), "explained base-without-list");
    said[4] = says(ONE).moved("2026-11-02", Some("2026-11-02"));
    assert_eq!(word(&findings_of(&all_in, &said, today(), true), "no-provision"), "explained moved-away");
}
