use proptest::prelude::*;
use schema::registration::Destination;

use super::*;

const TEXT: &str = r#"
title = "Test"
roll = true
as_of = { column = "Extract", otherwise = "arrival", formats = "DD/MM/YY" }
requires = ["Surname"]
ignore = "House"

[tables.sexes]
B = "M"
G = "F"
N = ""

[[field]]
to = "source_id"
from = ["Number", "Id"]
pad = 6
[[field]]
to = "name"
from = "Surname"
order = "surname-first"
[[field]]
to = "dob"
from = ["Born", "Birthday"]
formats = ["MM/DD/YYYY"]
[[field]]
to = "sex"
from = "Sex"
table = "sexes"
[[field]]
to = "phone"
from = "Phones"
split = { at = ";" }
[[field]]
to = "phone"
from = "Phones"
split = { at = ";", part = -1 }
[[field]]
to = "address.line2"
from = "Second"
[[field]]
to = "address.line1"
from = "First"
[[field]]
to = "contact.1.name"
from = "Mother"
[[field]]
to = "contact.1.relationship"
default = "Mother"
when = { column = "Mother", filled = true }
[[field]]
to = "contact.2.address"
from = "Father lives at"
[[field]]
to = "enrolment.removal"
from = ["Code", "Words"]
join = " - "
[[field]]
to = "eotas.from"
from = "Since"
when = [{ column = "Kind", is = "Tuition" }, { column = "Ended", not = ["yes", "y"] }]
[[field]]
to = "restriction"
from = "Protected"
[[field]]
to = "enrolment.destination.text"
from = "To"
"#;

fn plan(headings: &[&str]) -> Plan {
    plan_of(TEXT, headings)
}

fn plan_of(text: &str, headings: &[&str]) -> Plan {
    let mut columns = Columns::default();
    for heading in headings {
        columns.add_distinct(heading);
    }
    Mapping::parse("sims/test.toml", text).unwrap().plan(&columns, Laestab::parse("8524001").ok())
}

fn row(values: &[&str]) -> RawRow {
    let mut row = RawRow::default();
    values.iter().enumerate().for_each(|(i, v)| row.set(i, v));
    row
}

fn map(headings: &[&str], values: &[&str]) -> Record {
    let mut record = Record::default();
    plan(headings).map(&row(values), &mut record);
    record
}

#[test]
fn steps_do_what_the_mapping_says() {
    let record = map(
        &["Number", "Surname", "Born", "Sex", "Phones", "Second", "First", "Mother", "Father lives at", "Code", "Words"],
        &[
            "42",
            "Example Ada Mary",
            "04/02/2013",
            "g",
            "1 ; 2; 3 ",
            "Testham",
            "12 Test Road",
            "Mrs Bea Example",
            "3 Other Road, Fareham, PO16 0AA",
            "9(1)(a)",
            "moved",
        ],
    );
    assert_eq!(record.source_id.as_deref(), Some("000042"));
    assert_eq!((record.name.forename.as_str(), record.name.middle.as_str(), record.name.surname.as_str()), ("Ada", "Mary", "Example"));
    assert_eq!(record.dob, NaiveDate::from_ymd_opt(2013, 4, 2));
    assert_eq!((record.sex, record.phones.as_slice()), (Some(schema::Sex::F), ["1".to_owned(), "3".to_owned()].as_slice()));
    assert_eq!(record.addresses[0].lines, ["12 Test Road", "Testham"]);
    assert_eq!((record.contacts[0].name.surname.as_str(), record.contacts[0].relationship.as_str()), ("Example", "Mother"));
    assert_eq!(record.contacts[1].address.as_ref().unwrap().town, "Fareham");
    let removal = record.enrolments[0].removal.as_ref().unwrap();
    assert_eq!((removal.ground.as_str(), removal.text.as_str()), ("9(1)(a)", "9(1)(a) - moved"));
    assert!(record.problems.is_empty(), "{:?}", record.problems);
}

#[test]
fn a_condition_must_hold_and_several_must_all() {
    let headings = ["Surname", "Since", "Kind", "Ended"];
    assert!(map(&headings, &["Example Ada", "2026-01-05", "tuition", ""]).eotas.is_some());
    assert!(map(&headings, &["Example Ada", "2026-01-05", "School", ""]).eotas.is_none());
    assert!(map(&headings, &["Example Ada", "2026-01-05", "Tuition", "Y"]).eotas.is_none());
    assert!(map(&headings[..2], &["Example Ada", "2026-01-05"]).eotas.is_none());
}

#[test]
fn what_says_nothing_makes_no_part() {
    let record = map(&["Surname", "Sex", "Protected", "Mother", "First", "To"], &["Example Ada", "N", "No", " ", "", ""]);
    assert_eq!(record, Record { name: record.name.clone(), enrolments: record.enrolments.clone(), ..Record::default() });
    assert_eq!(record.enrolments, [schema::Enrolment { school: Laestab::parse("8524001").ok(), ..Default::default() }]);
}

#[test]
fn a_code_the_table_does_not_have_is_reported_with_heading_and_raw_text() {
    let record = map(&["Surname", "SEX "], &["Example Ada", " boy "]);
    assert_eq!((record.sex, record.problems.len()), (None, 1));
    let problem = &record.problems[0];
    assert_eq!(
        (problem.code, problem.column.as_str(), problem.field.as_str(), problem.raw.as_str()),
        (ProblemCode::UnknownCode, "SEX", "sex", "boy")
    );
}

#[test]
fn very_long_and_unprintable_text_is_cut_and_cleaned() {
    let record = map(&["Surname", "First"], &["Example Ada", &"x".repeat(10_000)]);
    assert_eq!((record.addresses[0].lines[0].len(), record.problems[0].code), (500, ProblemCode::TooLong));
    assert_eq!(map(&["Surname", "First"], &["Example Ada", "12\u{0}Test\r\nRoad"]).addresses[0].lines, ["12 Test Road"]);
}

#[test]
fn a_destination_by_number_is_a_school() {
    let to = |text| map(&["Surname", "To"], &["Example Ada", text]).enrolments[0].destination.clone().unwrap();
    let school = Laestab::parse("8504001").ok();
    assert_eq!(to("8504001"), Destination { school, ..Default::default() });
    assert_eq!(to("8504001.0"), Destination { school, ..Default::default() });
    assert_eq!(to("850/4001 - Testham"), Destination { school, text: "Testham".into(), ..Default::default() });
    assert_eq!(to("Poland"), Destination { text: "Poland".into(), ..Default::default() });
}

#[test]
fn a_further_row_adds_and_never_overwrites() {
    let headings = ["Number", "Surname", "Born", "Mother"];
    let plan = plan(&headings);
    let mut record = Record::default();
    plan.map(&row(&["1", "Example Ada", "", "Mrs B Example"]), &mut record);
    let first = record.clone();
    plan.map(&row(&["1", "Example Ada", "", "Mrs B Example"]), &mut record);
    assert_eq!(record, first, "the same row again changes nothing");
    plan.map(&row(&["1", "Other Ada", "04/02/2013", "Ms C Example"]), &mut record);
    assert_eq!((record.name.surname.as_str(), record.dob.is_some(), record.contacts.len()), ("Example", true, 2));
    assert_eq!(record.problems.iter().map(|p| (p.code, p.field.as_str())).collect::<Vec<_>>(), [(ProblemCode::RowsDisagree, "name")]);
}

#[test]
fn the_file_s_first_name_for_the_id_is_taken_for_all_rows() {
    let plan = plan(&["Id", "Number", "Surname"]);
    assert_eq!(plan.key(&row(&["7", "", "Example Ada"])), None);
    assert_eq!(plan.key(&row(&["7", " 42 ", "Example Ada"])).as_deref(), Some("000042"));
}

#[test]
fn a_plan_tells_what_it_uses_and_what_not() {
    let plan = plan(&["Number", "SURNAME", "House", "Colour", "Extract", "Phones", "Surname"]);
    assert_eq!(plan.columns(), 7);
    assert_eq!(plan.unused(), ["Colour", "Surname"], "a second column of one heading is used by nobody");
    assert!(plan.missing().contains(&"Born".to_owned()) && !plan.missing().contains(&"Number".to_owned()));
    assert!(plan.provenance().contains(&("name".to_owned(), "SURNAME".to_owned())));
}

#[test]
fn the_as_of_column_is_read_in_its_forms() {
    let plan = plan(&["Surname", "Extract"]);
    assert_eq!(plan.as_of(&row(&["Example Ada", "20/11/26"])), NaiveDate::from_ymd_opt(2026, 11, 20));
    assert_eq!(plan.as_of(&row(&["Example Ada", "2026-11-20"])), None);
    assert_eq!(plan_of(TEXT, &["Surname"]).as_of(&row(&["Example Ada"])), None);
}

#[test]
fn a_digest_sees_what_the_mapping_uses_and_nothing_else() {
    let digest = |headings: &[&str], values: &[&str]| plan(headings).digest(&row(values));
    let base = digest(&["Surname", "Number", "Colour", "Extract"], &["Example Ada", "7", "red", "20/11/26"]);
    assert_eq!(
        base,
        digest(&["Extract", "number", "Colour", "SURNAME"], &["21/11/26", "7", "blue", " Example Ada "]),
        "unused columns, order, the extract's date"
    );
    assert_eq!(base, digest(&["Surname", "Number", "Born"], &["Example Ada", "7", ""]), "absent and empty are one");
    assert_ne!(base, digest(&["Surname", "Number", "Born"], &["Example Ada", "7", "x"]));
    assert_ne!(digest(&["First", "Second"], &["ab", "c"]), digest(&["First", "Second"], &["a", "bc"]));
    assert_ne!(base, plan_of(&format!("{TEXT}# new version"), &["Surname", "Number"]).digest(&row(&["Example Ada", "7"])));
    let mut columns = Columns::default();
    columns.add("Surname");
    columns.add("Number");
    let elsewhere = Mapping::parse("sims/test.toml", TEXT).unwrap().plan(&columns, Laestab::parse("8524002").ok());
    assert_ne!(base, elsewhere.digest(&row(&["Example Ada", "7"])), "another school");
}

/// All targets in one mapping, each from a column of its own.
fn everything(school: Option<Laestab>) -> Plan {
    let mut text = "title = \"All\"\nas_of = \"arrival\"\nrequires = \"Column dob\"\n".to_owned();
    let mut columns = Columns::default();
    for (path, _) in crate::targets() {
        text.push_str(&format!("[[field]]\nto = \"{path}\"\nfrom = \"Column {path}\"\n"));
        columns.add(&format!("Column {path}"));
    }
    Mapping::parse("x/all.toml", &text).unwrap().plan(&columns, school)
}

#[test]
fn every_target_of_every_kind_can_be_filled() {
    let plan = everything(None);
    assert_eq!((plan.unused(), plan.missing()), (Vec::new(), Vec::new()));
    for (at, (path, kind)) in crate::targets().into_iter().enumerate() {
        let value = match kind {
            "date" => "2013-04-02",
            "yes or no" => "yes",
            "number" => "7",
            "UPN" => "X852400126001",
            "ULN" => "1000000019",
            "NHS number" => "9434765870",
            "UPRN" => "100060000001",
            "LAESTAB" => "8524001",
            "authority code" => "852",
            "postcode" => "SO14 0AA",
            "sex" => "F",
            "enrolment-status" => "C",
            "sen-status" => "E",
            "year-group" => "8",
            "ethnicity" => "WBRI",
            "language" => "POL",
            "suitability" => "suitable",
            "offer-status" => "accepted",
            "restriction" => "adoption",
            "exclusion-reason" => "DB",
            "address-change" => "move",
            _ => "Example",
        };
        let mut raw = RawRow::default();
        raw.set(at, value);
        let mut record = Record::default();
        plan.map(&raw, &mut record);
        assert!(record.problems.is_empty(), "{path}: {:?}", record.problems);
        // A middle name alone is no name.
        let alone_is_nothing = path.ends_with("name.middle") && !path.starts_with("contact");
        assert_eq!(serde_json::to_value(&record).unwrap() == serde_json::json!({}), alone_is_nothing, "{path}");
        let back: Record = serde_json::from_value(serde_json::to_value(&record).unwrap()).unwrap();
        assert!(back == record, "{path} survives JSON");
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[0-9/. :TZ-]{0,12}",
        "[A-Za-z]{0,8}",
        Just("yes".to_owned()),
        Just("X852400126001".to_owned()),
        Just("NULL".to_owned()),
        Just("1.0006E+11".to_owned())
    ]
}

proptest! {
    #[test]
    fn no_row_panics_and_every_value_is_kept_or_reported(values in proptest::collection::vec(texts(), 0..260)) {
        static PLAN: std::sync::LazyLock<Plan> = std::sync::LazyLock::new(|| everything(Laestab::parse("8524001").ok()));
        let plan = &*PLAN;
        let raw = row(&values.iter().map(String::as_str).collect::<Vec<_>>());
        let mut record = Record::default();
        plan.map(&raw, &mut record);
        let first = record.clone();
        plan.map(&raw, &mut record);
        prop_assert!(first == record, "a row twice is a row once");
        prop_assert_eq!(plan.digest(&raw), plan.digest(&raw.clone()));
        let _ = (plan.key(&raw), plan.as_of(&raw), plan.unidentified(&record));
        let back: Record = serde_json::from_value(serde_json::to_value(&record).unwrap()).unwrap();
        prop_assert!(back == record);
    }

    #[test]
    fn two_rows_of_different_used_values_have_different_digests(one in proptest::collection::vec("[ab ]{0,3}", 4), other in proptest::collection::vec("[ab ]{0,3}", 4)) {
        let plan = plan(&["Number", "Surname", "First", "Second"]);
        let trimmed = |values: &[String]| values.iter().map(|v| v.trim().to_owned()).collect::<Vec<_>>();
        let digest = |values: &[String]| plan.digest(&row(&values.iter().map(String::as_str).collect::<Vec<_>>()));
        prop_assert_eq!(digest(&one) == digest(&other), trimmed(&one) == trimmed(&other));
    }
}
