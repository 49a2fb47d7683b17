//! Stories of `leaver-without-ground` and `leaver-without-destination`.

use schema::provision::Suitability::{NotAssessed, Unsuitable};
use schema::provision::{HomeEducation, OfferStatus};

use super::*;

fn left(leaving: &str, reason: &str) -> Vec<Says> {
    vec![says(LEAVERS).left(SECONDARY, leaving, reason).lives(HERE)]
}

fn left_to(leaving: &str, reason: &str, to: &str) -> Vec<Says> {
    vec![says(LEAVERS).left(SECONDARY, leaving, reason).to(to).lives(HERE)]
}

fn and(mut said: Vec<Says>, more: Says) -> Vec<Says> {
    said.push(more);
    said
}

#[test]
fn every_ground_of_the_2024_regulations_is_lawful() {
    for letter in 'a'..='o' {
        assert_eq!(ground(&left("2026-11-10", &format!("9(1)({letter})"))), "", "{letter}");
    }
}

#[test]
fn what_is_no_ground_is_named() {
    for (reason, word) in [
        ("", "none"),
        ("Moved away", "words-only"),
        ("9(1)(z)", "words-only"),
        ("8(1)(h)", "2006-ground"),
        ("9(3)(b)", "9-3-of-compulsory-age"),
    ] {
        assert_eq!(ground(&left("2026-11-10", reason)), word, "{reason}");
    }
}

#[test]
fn the_regulations_are_those_of_the_day_of_removal() {
    let mut c = council();
    c.settings.leaver_school_years = std::num::NonZeroU8::new(4).unwrap();
    let on = |day: &str, reason| word(&findings_of(&c, &left(day, reason), today(), false), "leaver-without-ground");
    assert_eq!(on("2024-08-18", "8(1)(h)"), "");
    assert_eq!(on("2024-08-18", "9(1)(i)"), "2024-ground-before-commencement");
    assert_eq!(on("2024-08-18", "9(3)"), "2024-ground-before-commencement");
    assert_eq!(on("2024-08-19", "8(1)(h)"), "2006-ground");
    assert_eq!(on("2024-08-19", "9(1)(i)"), "");
}

#[test]
fn only_removals_of_this_school_year_count() {
    let on = |leaving, day| {
        word(&findings_on(&[says(LEAVERS).born("2014-02-01").left(SECONDARY, leaving, "Moved")], day), "leaver-without-ground")
    };
    assert_eq!(on("2026-08-31", "2026-11-24"), "");
    assert_eq!(on("2026-09-01", "2026-11-24"), "words-only");
    assert_eq!(on("2026-11-24", "2026-11-24"), "words-only");
    assert_eq!(on("2026-11-24", "2026-11-23"), "");
    assert_eq!(on("2026-06-10", "2026-08-31"), "words-only");
    assert_eq!(on("2026-06-10", "2026-09-01"), "");
}

#[test]
fn only_children_of_compulsory_school_age_count() {
    let born = |dob: &str| ground(&[says(LEAVERS).born(dob).left(SECONDARY, "2026-11-10", "Moved")]);
    assert_eq!(born("2021-09-01"), "");
    assert_eq!(born("2021-08-31"), "words-only");
    assert_eq!(born("2010-09-01"), "words-only");
    assert_eq!(born("2010-08-31"), "");
    assert_eq!(ground(&[says(LEAVERS).with(|r| r.dob = None).left(SECONDARY, "2026-11-10", "Moved")]), "");
}

#[test]
fn only_schools_of_this_authority_count() {
    assert_eq!(ground(&[says(CROSS).left(HAMPSHIRE, "2026-11-10", "Moved")]), "");
    assert_eq!(ground(&[says(INDEPENDENT).left(PRIVATE, "2026-11-10", "Moved")]), "words-only");
}

#[test]
fn a_wrong_removal_stays_wrong_even_if_the_child_is_found() {
    let said = and(left("2026-11-10", "Moved"), says(CROSS).at(HAMPSHIRE));
    assert_eq!((ground(&said).as_str(), destination(&said).as_str()), ("words-only", ""));
}

#[test]
fn a_standard_transition_opens_neither_until_the_end_of_september() {
    // Born 2015-02-01: in Year 6, the primary school's last, until August 2026.
    let moved_on = |leaving: &str| [says(OTHER_PUPILS).left(PRIMARY, leaving, "")];
    for (leaving, day, word_) in [
        ("2026-07-19", "2026-08-20", "none"),
        ("2026-07-20", "2026-08-20", ""),
        ("2026-09-01", "2026-11-24", ""),
        ("2026-09-30", "2026-11-24", ""),
        ("2026-10-01", "2026-11-24", "none"),
    ] {
        let found = findings_on(&moved_on(leaving), day);
        assert_eq!(word(&found, "leaver-without-ground"), word_, "{leaving}");
        assert_eq!(word(&found, "leaver-without-destination"), if word_.is_empty() { "" } else { "no-destination" }, "{leaving}");
    }
    // A Year 5 pupil who leaves then is none.
    let young = findings_on(&[says(OTHER_PUPILS).born("2016-02-01").left(PRIMARY, "2026-09-10", "")], "2026-11-24");
    assert_eq!(word(&young, "leaver-without-ground"), "none");
}

#[test]
fn a_ground_of_a_new_school_waits_five_days_if_one_is_named() {
    assert_eq!(destination(&left_to("2026-11-19", "9(1)(a)", "Example School")), "");
    assert_eq!(destination(&left_to("2026-11-18", "9(1)(a)", "Example School")), "new-school-not-confirmed");
    assert_eq!(destination(&left_to("2026-11-24", "9(1)(a)", "Unknown")), "no-destination");
}

#[test]
fn grounds_of_another_school_ask_for_its_word_at_once() {
    for ground in ["9(1)(c)", "9(1)(d)", "9(1)(n)"] {
        assert_eq!(destination(&left_to("2026-11-24", ground, "Example School")), "new-school-not-confirmed");
        assert_eq!(destination(&left("2026-11-24", ground)), "no-destination");
        assert_eq!(destination(&and(left("2026-11-24", ground), says(CROSS).at(HAMPSHIRE))), "");
    }
}

#[test]
fn a_revoked_order_asks_for_provision() {
    assert_eq!(destination(&left("2026-11-10", "9(1)(e)")), "no-provision-arranged");
    assert_eq!(destination(&and(left("2026-11-10", "9(1)(e)"), says(EHE).home(NotAssessed))), "");
    assert_eq!(destination(&and(left("2026-11-10", "9(1)(e)"), says(EHE).home(Unsuitable))), "no-provision-arranged");
    assert_eq!(destination(&and(left("2026-11-10", "9(1)(e)"), says(SEND).eotas("2026-11-10", None))), "");
}

fn with_notice(notice: Option<&str>, to: Option<&str>) -> Says {
    let he = HomeEducation { from: None, to: to.map(d), notice: notice.map(d), suitability: NotAssessed, assessed: None };
    says(EHE).with(|r| r.home_education = Some(he))
}

#[test]
fn home_education_needs_the_written_notice_on_record() {
    let said = left("2026-11-10", "9(1)(f)");
    assert_eq!(destination(&said), "no-written-notice");
    assert_eq!(destination(&and(said.clone(), with_notice(None, None))), "no-written-notice");
    assert_eq!(destination(&and(said.clone(), with_notice(Some("2026-11-05"), None))), "");
    assert_eq!(destination(&and(said.clone(), with_notice(Some("2026-11-05"), Some("2026-11-20")))), "");
    // The notice of an earlier time is none for this removal.
    assert_eq!(destination(&and(said, with_notice(Some("2023-11-05"), Some("2026-11-09")))), "no-written-notice");
    assert_eq!(destination(&and(left("2026-11-10", "Home educated"), with_notice(Some("2026-11-05"), None))), "");
}

#[test]
fn a_move_needs_a_new_address_a_destination_or_a_report_of_the_move() {
    let said = left("2026-11-10", "9(1)(g)");
    assert_eq!(destination(&said), "no-new-address");
    assert_eq!(destination(&left_to("2026-11-10", "9(1)(g)", "Poland")), "");
    assert_eq!(destination(&and(said.clone(), says(HEALTH).moved("2026-11-01", None))), "");
    assert_eq!(destination(&and(said.clone(), says(BENEFITS).lives_from(THERE, "2026-10-13"))), "");
    assert_eq!(destination(&and(said.clone(), says(BENEFITS).lives_from(THERE, "2026-10-12"))), "no-new-address");
    assert_eq!(destination(&and(said, says(BENEFITS).lives(THERE))), "no-new-address");
}

#[test]
fn the_other_grounds_need_no_destination() {
    for letter in ['b', 'h', 'i', 'j', 'k', 'l', 'm', 'o'] {
        assert_eq!(destination(&left("2026-11-10", &format!("9(1)({letter})"))), "", "{letter}");
    }
}

#[test]
fn a_pupil_removed_without_ground_is_to_be_located() {
    for reason in ["", "Moved", "8(1)(h)", "9(3)"] {
        assert_eq!(destination(&left("2026-11-10", reason)), "no-destination", "{reason}");
        assert_eq!(destination(&left_to("2026-11-24", reason, "Example School")), "new-school-not-confirmed", "{reason}");
    }
    assert_eq!(destination(&and(left("2026-11-10", "Moved"), says(ONE).moved("2026-11-08", Some("2026-11-20")))), "");
    assert_eq!(destination(&and(left("2026-11-10", "Moved"), says(ONE).moved("2026-11-08", None))), "no-destination");
}

#[test]
fn a_child_who_is_found_opens_no_destination() {
    let said = left("2026-11-10", "Moved");
    assert_eq!(destination(&and(said.clone(), says(OFFERS).offer(OfferStatus::Accepted, "2026-11-30"))), "");
    assert_eq!(destination(&and(said.clone(), says(SEND).eotas("2026-11-16", None))), "");
    assert_eq!(destination(&and(said, says(OTHER_PUPILS).at(PRIMARY))), "");
}

#[test]
fn of_several_schools_each_counts_and_the_newest_speaks() {
    let said = [
        says(LEAVERS).left(SECONDARY, "2026-09-20", "Moved"),
        says(OTHER_PUPILS).born("2015-02-01").left(PRIMARY, "2026-11-10", "9(1)(i)"),
    ];
    let found = findings_on(&said, "2026-11-24");
    let f = found.iter().find(|f| f.rule == "leaver-without-ground").unwrap();
    assert_eq!((f.since, f.evidence.as_slice()), (d("2026-09-20"), &[RecordId(1)][..]));
    assert_eq!(found.iter().filter(|f| f.rule == "leaver-without-ground").count(), 1);
    let both = [says(LEAVERS).left(SECONDARY, "2026-09-20", "Moved"), says(OTHER_PUPILS).left(PRIMARY, "2026-11-10", "")];
    assert_eq!(ground(&both), "none");
}

#[test]
fn the_schools_reports_of_one_leaving_are_read_together() {
    // The pupils export has the day, the leavers report the ground of the day before, the database a guess.
    let said = [
        says(PUPILS).enrolled(SECONDARY, "2024-09-04", Some("2026-11-11")),
        says(LEAVERS).left(SECONDARY, "2026-11-10", "9(1)(i)"),
        says(ONE).left(SECONDARY, "2026-11-12", "Unknown"),
    ];
    assert_eq!(ground(&said), "");
    // The base alone speaks where the school does not.
    assert_eq!(ground(&[says(ONE).left(SILENT, "2026-11-12", "Unknown")]), "words-only");
}

#[test]
fn a_later_stay_is_judged_by_its_own_reason() {
    let said = [says(LEAVERS).left(SECONDARY, "2026-09-10", "9(1)(i)").enrolled(SECONDARY, "2026-10-01", Some("2026-11-10"))];
    assert_eq!(ground(&said), "none");
}

#[test]
fn the_clock_of_a_leaver_begins_with_the_removal() {
    let found = findings_on(&left("2026-11-10", "Moved"), "2026-11-24");
    for f in found.iter().filter(|f| f.rule.starts_with("leaver")) {
        assert_eq!((f.since, f.due, f.owner.as_str(), f.grade), (d("2026-11-10"), Some(d("2026-11-15")), "school", None));
        assert!(f.summary.contains(SECONDARY));
    }
    assert_eq!(found.iter().filter(|f| f.rule.starts_with("leaver")).count(), 2);
}
