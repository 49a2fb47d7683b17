//! What holds for every child: the order of the records does not matter, the same question has the same answer, no date panics.

use chrono::Duration;
use proptest::prelude::*;
use schema::EnrolmentStatus;
use schema::provision::{AddressChange, HomeEducation, OfferStatus, Restriction, RestrictionKind, Suitability};

use super::*;
use crate::{ADDRESS_NOT_KNOWN, Told, untold};

fn any_day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        8 => (-800i64..800).prop_map(|days| today() + Duration::days(days)),
        1 => Just(today()),
        1 => prop_oneof![Just(NaiveDate::MIN), Just(NaiveDate::MAX)],
        1 => (i32::MIN..i32::MAX).prop_map(|n| NaiveDate::from_num_days_from_ce_opt(n / 12).unwrap_or(NaiveDate::MAX)),
    ]
}

fn perhaps_day() -> impl Strategy<Value = Option<NaiveDate>> {
    proptest::option::of(any_day())
}

fn any_address() -> impl Strategy<Value = Address> {
    (proptest::option::of(prop_oneof![Just(HERE), Just(THERE), Just(NOWHERE)]), any::<bool>(), perhaps_day(), perhaps_day()).prop_map(
        |(postcode, uprn, from, to)| Address {
            lines: vec!["1 Test Road".to_owned()],
            postcode: postcode.and_then(|p| Postcode::parse(p).ok()),
            uprn: uprn.then(|| Uprn::parse("100060000001").unwrap()),
            from,
            to,
            ..Address::default()
        },
    )
}

fn any_enrolment() -> impl Strategy<Value = Enrolment> {
    let schools = prop_oneof![Just(PRIMARY), Just(SECONDARY), Just(SILENT), Just(HAMPSHIRE)];
    let status = prop_oneof![
        3 => Just(None), 1 => Just(Some(EnrolmentStatus::Guest)), 1 => Just(Some(EnrolmentStatus::Future)), 1 => Just(Some(EnrolmentStatus::Previous)),
        1 => Just(Some(EnrolmentStatus::Main)),
    ];
    let reason = proptest::option::of(prop_oneof![
        Just("9(1)(a)"),
        Just("9(1)(f)"),
        Just("9(1)(g)"),
        Just("Moved"),
        Just(""),
        Just("9(3)"),
        Just("8(1)(d)")
    ]);
    let to = proptest::option::of(prop_oneof![Just("Example School"), Just("Unknown")]);
    (proptest::option::of(schools), status, perhaps_day(), perhaps_day(), reason, to).prop_map(
        |(number, status, entry, leaving, reason, to)| Enrolment {
            school: number.map(school),
            status,
            entry,
            leaving,
            removal: reason.map(Removal::parse),
            destination: to.map(|text| Destination { text: text.to_owned(), ..Destination::default() }),
            ..Enrolment::default()
        },
    )
}

fn any_change() -> impl Strategy<Value = AddressChange> {
    let kinds = prop_oneof![Just("move"), Just("temporary-accommodation"), Just("left-area"), Just("")];
    (perhaps_day(), kinds, proptest::option::of(any_address()), proptest::option::weighted(0.8, any_address()))
        .prop_map(|(moved, kind, from, to)| AddressChange { moved, kind: kind.to_owned(), from, to })
}

fn any_told() -> impl Strategy<Value = Vec<Told>> {
    let one = (prop_oneof![Just(PRIMARY), Just(SECONDARY), Just(SILENT)], any_address());
    proptest::collection::vec(one.prop_map(|(number, address)| Told { school: school(number), address }), 0..3)
}

fn any_record() -> impl Strategy<Value = Record> {
    let suitability = prop_oneof![Just(Suitability::Suitable), Just(Suitability::NotAssessed), Just(Suitability::Unsuitable)];
    let home = (perhaps_day(), perhaps_day(), perhaps_day(), suitability);
    let lists = (
        proptest::collection::vec(any_address(), 0..3),
        proptest::collection::vec(any_enrolment(), 0..3),
        proptest::collection::vec(any_change(), 0..2),
    );
    let dob =
        prop_oneof![4 => (2008i32..2024, 1u32..13, 1u32..29).prop_map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d)), 1 => perhaps_day()];
    (dob, lists, proptest::option::weighted(0.2, home), perhaps_day(), proptest::option::weighted(0.1, any_day()), 0u8..20).prop_map(
        |(dob, (addresses, enrolments, address_changes), home, starts, moved, dice)| Record {
            dob,
            addresses,
            enrolments,
            address_changes,
            restriction: (dice == 3).then_some(Restriction { kind: RestrictionKind::Restricted, from: starts }),
            home_education: home.map(|(from, to, notice, suitability)| HomeEducation { from, to, notice, suitability, assessed: from }),
            offers: (dice == 0)
                .then_some(Offer { school: None, offered: None, status: OfferStatus::Accepted, starts })
                .into_iter()
                .collect(),
            eotas: (dice == 1).then_some(Eotas { from: starts, to: None }),
            died: starts.filter(|_| dice == 2),
            moved_away: moved.map(|on| MovedAway { on: Some(on), to: String::new(), confirmed: Some(on) }),
            ..Record::default()
        },
    )
}

fn any_held() -> impl Strategy<Value = Vec<Held>> {
    let one = (0usize..16, any_day(), proptest::option::weighted(0.2, any_day()), any_record());
    proptest::collection::vec(one, 0..6).prop_map(|all| {
        let number = |i: usize| RecordId(i as i64 + 1);
        all.into_iter().enumerate().map(|(i, (stream, told, gone, record))| Held { id: number(i), stream, told, gone, record }).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_order_of_the_records_does_not_matter(records in any_held(), as_of in any_day(), unsure in any::<bool>(), turn in 0usize..6) {
        let council = council();
        let look = |records: &[Held]| check(&council, &ChildFile { id: ChildId(7), records, unsure, restricted: false, told: &[] }, as_of);
        let first = look(&records);
        prop_assert_eq!(&first, &look(&records));
        let mut turned = records.clone();
        let by = turn.min(turned.len());
        turned.rotate_left(by);
        prop_assert_eq!(&first, &look(&turned));
        turned.reverse();
        prop_assert_eq!(&first, &look(&turned));
    }

    #[test]
    fn every_finding_is_whole(records in any_held(), as_of in any_day()) {
        let found = check(&council(), &ChildFile { id: ChildId(7), records: &records, unsure: false, restricted: false, told: &[] }, as_of);
        let mut rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
        rules.dedup();
        prop_assert_eq!(rules.len(), found.len());
        for f in &found {
            prop_assert!(crate::names().contains(&f.rule.as_str()) && f.child == ChildId(7));
            prop_assert!((1..=5).contains(&f.priority) && f.since <= as_of && !f.summary.is_empty());
            prop_assert!(f.evidence.is_sorted() && f.evidence.iter().all(|id| records.iter().any(|held| held.id == *id)));
            prop_assert_eq!(f.grade.is_some(), f.rule == "no-provision");
        }
    }

    #[test]
    fn the_finding_is_open_exactly_while_a_school_is_untold(
        records in any_held(), told in any_told(), as_of in any_day(), restricted in any::<bool>(), turn in 0usize..6
    ) {
        let council = council();
        let file = |records| ChildFile { id: ChildId(7), records, unsure: false, restricted, told: &told };
        let answer = untold(&council, &file(&records), as_of);
        let found = check(&council, &file(&records), as_of).into_iter().find(|f| f.rule == ADDRESS_NOT_KNOWN);
        prop_assert_eq!(answer.is_some(), found.is_some());
        let mut turned = records.clone();
        turned.rotate_left(turn.min(records.len()));
        prop_assert_eq!(&answer, &untold(&council, &file(&turned), as_of));
        let Some(answer) = answer else { return Ok(()) };
        prop_assert!(answer.moved <= as_of && answer.schools.is_sorted() && !answer.schools.is_empty() && answer.address.is_usable());
        prop_assert!(answer.restricted || !restricted);
        let reason = found.and_then(|f| f.reason);
        prop_assert_eq!(reason.as_deref(), answer.restricted.then_some("restricted"));
        // Once the schools are told of it there is nothing left to tell.
        let mut now = told.clone();
        now.extend(answer.schools.iter().map(|school| Told { school: *school, address: answer.address.clone() }));
        prop_assert_eq!(untold(&council, &ChildFile { told: &now, ..file(&records) }, as_of).map(|u| u.schools), None);
    }
}

#[test]
fn the_rules_have_different_names() {
    assert_eq!(
        crate::names(),
        ["no-provision", "residence-unknown", "leaver-without-ground", "leaver-without-destination", "address-not-known-at-school"]
    );
}

#[test]
fn the_settings_refuse_unknown_keys_and_have_defaults() {
    let none: Settings = serde_json::from_str("{}").unwrap();
    assert_eq!(none, Settings::default());
    let some: Settings = serde_json::from_str(r#"{"joiner_days":"school","leaver_school_years":2}"#).unwrap();
    assert_eq!((some.joiner_days, some.leaver_school_years.get(), some.act_within_school_days), (crate::DayKind::School, 2, 10));
    for bad in [r#"{"joiner_day":"school"}"#, r#"{"leaver_school_years":0}"#, r#"{"joiner_days":"working"}"#] {
        assert!(serde_json::from_str::<Settings>(bad).is_err(), "{bad}");
    }
}
