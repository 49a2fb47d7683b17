//! Stories of whose word holds: two records of one school, a base, a roll that dropped the pupil.

use schema::EnrolmentStatus::{Future, Guest};

use super::*;

fn two_and(more: impl IntoIterator<Item = Says>) -> Vec<Says> {
    let mut said = vec![says(HEALTH).lives(HERE), says(BENEFITS).lives(HERE)];
    said.extend(more);
    said
}

#[test]
fn of_two_records_of_one_school_the_later_wins() {
    let said = |pupils, leavers| {
        two_and([says(PUPILS).at(SECONDARY).told(pupils), says(LEAVERS).left(SECONDARY, "2026-11-10", "Moved").told(leavers)])
    };
    assert_eq!(provision(&said("2026-11-20", "2026-11-19")), "");
    assert_eq!(ground(&said("2026-11-20", "2026-11-19")), "");
    assert_eq!(provision(&said("2026-11-19", "2026-11-20")), "missing");
    assert_eq!(ground(&said("2026-11-19", "2026-11-20")), "words-only");
}

#[test]
fn on_the_same_day_the_leavers_report_wins() {
    let said = two_and([says(PUPILS).at(SECONDARY), says(LEAVERS).left(SECONDARY, "2026-11-10", "9(1)(i)")]);
    assert_eq!(provision(&said), "missing");
}

#[test]
fn a_pupil_who_came_back_is_on_roll_and_the_removal_before_still_counts() {
    let said = two_and([
        says(PUPILS).enrolled(SECONDARY, "2026-11-16", None).told("2026-11-20"),
        says(LEAVERS).left(SECONDARY, "2026-10-02", "Moved"),
    ]);
    assert_eq!((provision(&said).as_str(), ground(&said).as_str()), ("", "words-only"));
}

#[test]
fn a_pupil_whom_the_full_roll_no_longer_has_has_left_without_ground() {
    let said = two_and([says(PUPILS).at(SECONDARY).gone("2026-11-16")]);
    assert_eq!(provision_on(&said, "2026-11-15"), "");
    assert_eq!(provision_on(&said, "2026-11-16"), "missing");
    assert_eq!(ground(&said), "none");
    assert_eq!(destination(&said), "no-destination");
}

#[test]
fn the_leavers_report_explains_what_the_roll_dropped() {
    let left = says(LEAVERS).left(SECONDARY, "2026-11-10", "9(1)(i)");
    let said = two_and([says(PUPILS).at(SECONDARY).gone("2026-11-16"), left.clone()]);
    assert_eq!(ground(&said), "");
    // A leavers report of a stay before this one explains nothing.
    let said = two_and([says(PUPILS).enrolled(SECONDARY, "2026-11-11", None).gone("2026-11-16"), left]);
    assert_eq!(ground(&said), "none");
}

#[test]
fn what_a_dropped_record_said_of_the_leaving_itself_stands() {
    let said = two_and([says(PUPILS).left(SECONDARY, "2026-11-10", "9(1)(i)").gone("2026-11-16")]);
    assert_eq!((ground(&said).as_str(), destination(&said).as_str(), provision(&said).as_str()), ("", "", "missing"));
}

#[test]
fn a_roll_that_dropped_the_pupil_beats_a_joiners_report_from_before() {
    let said = |told| two_and([says(PUPILS).at(SECONDARY).gone("2026-11-16"), says(JOINERS).at(SECONDARY).told(told)]);
    assert_eq!(provision(&said("2026-11-15")), "missing");
    assert_eq!(provision(&said("2026-11-17")), "");
}

#[test]
fn a_base_never_unsays_the_schools_roll_nor_makes_one() {
    let said = two_and([says(PUPILS).at(SECONDARY).told("2026-11-01"), says(ONE).left(SECONDARY, "2026-10-02", "Moved")]);
    assert_eq!((provision(&said).as_str(), ground(&said).as_str()), ("", ""));
    assert_eq!(provision(&two_and([says(ONE).at(SECONDARY)])), "missing");
}

#[test]
fn a_child_gone_from_a_list_that_is_no_full_roll_says_nothing() {
    let said = [says(HEALTH).lives(HERE).gone("2026-11-01"), says(BENEFITS).lives(HERE)];
    assert_eq!(provision(&said), "probable");
    let cross = two_and([says(CROSS).at(HAMPSHIRE).gone("2026-11-01")]);
    assert_eq!(provision(&cross), "missing");
}

#[test]
fn a_guest_or_future_registration_never_counts_as_a_leaver() {
    for status in [Guest, Future] {
        let said = two_and([says(PUPILS).left(SECONDARY, "2026-11-10", "Moved").status(status)]);
        assert_eq!((ground(&said).as_str(), destination(&said).as_str()), ("", ""));
        let said = two_and([says(PUPILS).at(SECONDARY).status(status).gone("2026-11-10")]);
        assert_eq!(ground(&said), "");
    }
}

#[test]
fn a_multi_school_export_counts_as_the_schools_own_word() {
    let mut c = council();
    c.streams.push(StreamState { laestab: None, ..stream("trust", "sims", "pupils", None) });
    let c = Council::new(c.authority, c.area, c.schools, c.calendar, c.settings, c.streams, []);
    let said = two_and([says(c.streams.len() - 1).at(SECONDARY)]);
    assert_eq!(findings_of(&c, &said, today(), false), []);
}
