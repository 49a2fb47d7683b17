use proptest::prelude::*;
use schema::provision::{Restriction, RestrictionKind};
use schema::{ChildId, TaskKind};

use crate::csv_body::plain;
use crate::example::{AGREEMENT, Family, agreements, day, in_force, sealed_under};
use crate::{Condition, Field, OnUnknown, Purpose, Refusal, Release, SealBroken, Sealed, Subject, seal};

#[test]
fn a_school_gets_the_agreed_fields_and_nothing_else() {
    let sealed = sealed_under(&in_force()).unwrap();
    let text = std::str::from_utf8(sealed.body()).unwrap();
    let upn = Family::new().best.upn.unwrap();
    assert_eq!(
        text,
        format!(
            "upn,name.forename,name.surname,dob,address.lines,address.town,address.postcode,address.from\r\n\
             {upn},Adalbertine,Example-Canary,2015-03-14,\"Flat 9, 77 Canary Lane\",Canarytown,SO14 7QX,2026-11-02\r\n"
        )
    );
    assert_eq!(sealed.fields().join(","), text.lines().next().unwrap());
    assert_eq!((sealed.recipient(), sealed.agreement()), ("8524001", "8524001 2026-1"));
    assert_eq!(sealed.basis(), "Education Act 1996 s436A; UK GDPR Art 6(1)(e)");
    assert_eq!((sealed.child(), sealed.purpose(), sealed.restricted()), (ChildId(5), Purpose::AddressChange, false));
    assert_eq!((sealed.release(), sealed.on_unknown()), (Release::Automatic, OnUnknown::Resend));
    assert_eq!(sealed.channels().iter().map(|c| c.kind()).collect::<Vec<_>>(), ["folder", "email"]);
    assert_eq!(sealed.file_name("852LLLL", 1), "852LLLL_8524001_addr0001.csv");
    assert_eq!(sealed.file_name("852LLLL", 12345), "852LLLL_8524001_addr12345.csv");
}

#[test]
fn what_the_agreement_does_not_allow_is_refused_with_its_reason() {
    let dated = |from: &str, until: &str| in_force().replace("2026-09-01", from).replace("2027-08-31", until);
    for (text, refusal, task) in [
        (AGREEMENT.to_owned(), Refusal::NotInForce, TaskKind::AgreementNotInForce),
        (dated("2026-11-25", "2027-08-31"), Refusal::NotYet(day("2026-11-25")), TaskKind::AgreementNotInForce),
        (dated("2026-01-01", "2026-11-23"), Refusal::Expired(day("2026-11-23")), TaskKind::AgreementNotInForce),
        (in_force().replace("direction = \"out\"", "direction = \"in\""), Refusal::NotOut, TaskKind::NoAgreement),
    ] {
        assert_eq!(sealed_under(&text).unwrap_err(), refusal);
        assert_eq!(refusal.task(), task);
    }
    let family = Family::new();
    let other = seal(&agreements(&in_force()), "8524002", Purpose::AddressChange, &family.subject(), day("2026-11-24"));
    assert_eq!(other.unwrap_err(), Refusal::NoAgreement);
    let mut without = agreements(&in_force());
    without.forget_purposes("8524001");
    let none = seal(&without, "8524001", Purpose::AddressChange, &family.subject(), day("2026-11-24"));
    assert_eq!(none.unwrap_err(), Refusal::NoPurpose);
}

#[test]
fn an_agreement_holds_on_its_first_and_on_its_last_day() {
    for day_of_change in ["2026-11-24..2027-08-31", "2026-09-01..2026-11-24"] {
        let (from, until) = day_of_change.split_once("..").unwrap();
        assert!(sealed_under(&in_force().replace("2026-09-01", from).replace("2027-08-31", until)).is_ok());
    }
    assert!(sealed_under(&in_force().replace("direction = \"out\"", "direction = \"both\"")).is_ok());
}

#[test]
fn a_restriction_of_a_record_or_of_a_person_marks_the_message() {
    let (mut family, agreements) = (Family::new(), agreements(&in_force()));
    let marked = |subject: &Subject<'_>| {
        seal(&agreements, "8524001", Purpose::AddressChange, subject, day("2026-11-24")).map(|sealed| sealed.restricted())
    };
    assert_eq!(marked(&family.subject()), Ok(false));
    assert_eq!(marked(&Subject { restricted: true, ..family.subject() }), Ok(true));
    family.best.restriction = Some(Restriction { kind: RestrictionKind::ProtectedAddress, from: None });
    assert_eq!(marked(&family.subject()), Ok(true));
}

#[test]
fn a_message_comes_back_from_the_store_as_it_was() {
    let sealed = sealed_under(&in_force()).unwrap();
    let (text, digest) = (sealed.store_text(), sealed.digest());
    let again = Sealed::reopen(&text, &digest).unwrap();
    assert_eq!(again, sealed);
    assert_eq!((again.store_text(), again.digest()), (text, digest));
}

#[test]
fn a_stored_text_that_was_changed_does_not_open() {
    let sealed = sealed_under(&in_force()).unwrap();
    let text = sealed.store_text();
    let changed = text.replace("Canarytown", "Elsewhere");
    assert_eq!(Sealed::reopen(&changed, &sealed.digest()).unwrap_err(), SealBroken::Digest);
    for (from, to) in [
        ("\"upn\",", ""),
        ("\"upn\",", "\"home_truth\","),
        ("address-change", "gossip"),
        ("\"restricted\":false,", ""),
        ("{\"recipient\"", "{\"extra\":1,\"recipient\""),
        ("2026-11-02\\r\\n", "2026-11-02\\r\\nanother,row\\r\\n"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let digest = super::sealed::digest_of(&changed);
        assert_eq!(Sealed::reopen(&changed, &digest).unwrap_err(), SealBroken::Form, "{from}");
    }
    assert_eq!(Sealed::reopen("", &super::sealed::digest_of("")).unwrap_err(), SealBroken::Form);
}

#[test]
fn no_type_of_this_room_shows_a_personal_value() {
    let family = Family::new();
    let all = Field::ALL.iter().map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(", ");
    let text = with_fields(&all);
    let (agreements, sealed) = (agreements(&text), sealed_under(&text).unwrap());
    let key = crate::AuditKey::from_seed(&[3; 32]).unwrap();
    let shown = [
        format!("{:?}", family.subject()),
        format!("{sealed:?} {:#?}", Some(&sealed)),
        format!("{agreements:?}"),
        format!("{:?}", crate::chain::tests::body(1)),
        format!("{key:?} {:?}", key.sign(1, &sealed.digest(), crate::chain::tests::noon())),
        format!("{:?} {}", Sealed::reopen("", ""), SealBroken::Form),
        format!("{:?}", Sealed::reopen(&sealed.store_text(), &sealed.digest())),
        sealed.file_name("852LLLL", 1),
    ]
    .join("\n");
    for value in Field::ALL.iter().map(|field| field.value(&family.subject())).filter(|value| value.len() > 3) {
        assert!(!shown.contains(&value), "{shown}");
    }
    assert!(String::from_utf8_lossy(sealed.body()).contains("Adalbertine"), "the canary is in the message itself");
}

/// The example, in force, with those fields and both conditions.
fn with_fields(list: &str) -> String {
    let at = AGREEMENT.find("fields = [").unwrap();
    let line = AGREEMENT[at..].lines().next().unwrap();
    in_force().replace(line, &format!("fields = [{list}]\narticle_9 = \"Art 9(2)(g)\"\narticle_10 = \"Sch 1 para 18\""))
}

proptest! {
    #[test]
    fn a_message_has_exactly_the_agreed_fields_whatever_they_are(
        fields in proptest::sample::subsequence(Field::ALL.to_vec(), 1..=Field::ALL.len()).prop_shuffle()
    ) {
        let family = Family::new();
        let list = fields.iter().map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(", ");
        let sealed = sealed_under(&with_fields(&list)).unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
        prop_assert_eq!(sealed.fields(), names.as_slice());
        let mut reader = csv::Reader::from_reader(sealed.body());
        prop_assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names);
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), 1);
        for (field, cell) in fields.iter().zip(&rows[0]) {
            prop_assert_eq!(cell, field.value(&family.subject()), "{}", field);
        }
        let all = sealed.store_text();
        for left_out in Field::ALL.iter().filter(|field| !fields.contains(field)) {
            let value = left_out.value(&family.subject());
            let told_anyway = fields.iter().any(|field| field.value(&family.subject()).contains(&value));
            prop_assert!(value.len() < 4 || told_anyway || !all.contains(&value), "{}", left_out);
        }
        for never in ["Motherly", "Formerly", "ADNO-31337", "PPN-4711"] {
            prop_assert!(!all.contains(never));
        }
        prop_assert_eq!(Sealed::reopen(&all, &sealed.digest()).unwrap(), sealed);
    }

    #[test]
    fn whatever_stands_in_a_value_the_file_has_one_row_and_no_formula(forename in "\\PC{0,12}|[=+@\t\r\n\",;-]{0,6}[A-Z1(]{0,4}") {
        let mut family = Family::new();
        family.best.name.forename.clone_from(&forename);
        let sealed =
            seal(&agreements(&in_force()), "8524001", Purpose::AddressChange, &family.subject(), day("2026-11-24")).unwrap();
        let mut reader = csv::Reader::from_reader(sealed.body());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), 1);
        prop_assert_eq!(sealed.body().iter().filter(|b| **b == b'\n').count(), 2);
        let cell = &rows[0][1];
        prop_assert_eq!(cell, plain(&forename));
        prop_assert!(!cell.starts_with(['=', '-', '@', '\t', '\r']));
        prop_assert!(!cell.starts_with('+') || cell[1..].chars().all(|c| c.is_ascii_digit() || c == ' '));
        prop_assert!(Sealed::reopen(&sealed.store_text(), &sealed.digest()).is_ok());
    }
}

#[test]
fn the_example_child_has_a_value_for_every_field() {
    let family = Family::new();
    for field in Field::ALL {
        assert!(!field.value(&family.subject()).is_empty(), "{field}");
    }
}

#[test]
fn only_fields_with_a_condition_need_one() {
    let needs = |condition| Field::ALL.iter().filter(|f| f.condition() == Some(condition)).map(|f| f.as_str()).collect::<Vec<_>>();
    assert_eq!(needs(Condition::Article9), ["nhs_number", "ethnicity", "sen.status"]);
    assert_eq!(needs(Condition::Article10), ["police.on"]);
}
