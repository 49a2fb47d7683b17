//! Stories of factors and priorities.

use schema::provision::{Care, Exclusion, PoliceNotification, Sen};

use super::*;

fn with(change: impl FnOnce(&mut Record)) -> (u8, String) {
    let said = [says(HEALTH).lives_from(HERE, "2026-11-01"), says(BENEFITS).lives(HERE), says(SEND).with(change)];
    let f = findings_on(&said, "2026-11-24").remove(0);
    (f.priority, f.factors.join(" "))
}

#[test]
fn factors_raise_the_priority() {
    assert_eq!(with(|_| ()), (2, String::new()));
    assert_eq!(
        with(|r| r.care = Some(Care { looked_after: true, child_protection: true, ..Care::default() })),
        (1, "looked-after child-protection".to_owned())
    );
    assert_eq!(
        with(|r| r.care = Some(Care { child_in_need: true, early_help: true, ..Care::default() })),
        (1, "child-in-need early-help".to_owned())
    );
    assert_eq!(with(|r| r.sen = Some(Sen { status: "E".to_owned(), ..Sen::default() })), (1, "ehc-plan".to_owned()));
    assert_eq!(with(|r| r.sen = Some(Sen { status: "K".to_owned(), ..Sen::default() })), (2, String::new()));
    let excluded =
        Exclusion { permanent: true, from: Some(d("2026-11-02")), to: None, reason: String::new(), school: None, provision_from: None };
    assert_eq!(with(|r| r.exclusions.push(excluded.clone())), (1, "excluded".to_owned()));
    assert_eq!(with(|r| r.exclusions.push(Exclusion { provision_from: Some(d("2026-11-09")), ..excluded.clone() })), (2, String::new()));
    assert_eq!(
        with(|r| r.police.push(PoliceNotification { on: Some(d("2026-11-25")), ..PoliceNotification::default() })),
        (2, String::new())
    );
    assert_eq!(
        with(|r| r.police.push(PoliceNotification { on: Some(d("2026-11-24")), ..PoliceNotification::default() })),
        (1, "police".to_owned())
    );
}

#[test]
fn twelve_weeks_without_provision_are_a_factor_of_themselves() {
    let since = |from: &str| {
        let said = [says(HEALTH).lives_from(HERE, from), says(BENEFITS).lives(HERE)];
        findings_on(&said, "2026-11-24").remove(0).factors
    };
    assert_eq!(since("2026-09-01"), ["weeks-missing-12"]);
    assert_eq!(since("2026-09-02"), Vec::<String>::new());
}

#[test]
fn a_child_looked_after_whose_case_is_explained_is_raised_but_not_at_once() {
    let said = [says(HEALTH).lives(HERE).told("2026-01-10").with(|r| r.care = Some(Care { looked_after: true, ..Care::default() }))];
    let f = findings_on(&said, "2026-11-24").remove(0);
    assert_eq!((f.reason.as_deref(), f.priority), (Some("source-old"), 3));
}
