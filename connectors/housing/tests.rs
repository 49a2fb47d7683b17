use connect::suite;
use schema::RawRow;

use crate::tests::{read, sandbox, workbook_of};

use super::*;

#[test]
fn housing_does_what_the_specification_asks() {
    let csv = FIXTURES.iter().find(|f| f.name == "changes.csv").unwrap();
    suite::run_with(&connector(), &[workbook_of("changes.xlsx", csv)], &sandbox());
}

#[test]
fn the_people_of_an_object_are_rows_under_its_number() {
    let list = FIXTURES.iter().find(|f| f.name == "changes.json").unwrap();
    let mut rows = connect::Read::open(&Housing, &list.bytes.to_vec(), &sandbox()).unwrap();
    let (mut row, mut numbers) = (RawRow::default(), Vec::new());
    while rows.next_row(&mut row).unwrap() {
        let named = rows.columns().find("people.forename").and_then(|at| row.get(at).map(str::to_owned));
        numbers.push((row.place.row, named));
    }
    let named: Vec<(u64, Option<&str>)> = numbers.iter().map(|(n, name)| (*n, name.as_deref())).collect();
    assert_eq!(named, [(1, Some("Ada")), (1, Some("Zoë")), (1, Some("Thomas")), (2, None), (3, Some("Bea")), (4, Some("Ravi"))]);
}

#[test]
fn json_and_csv_bear_the_same_headings() {
    let (json, _) = read(&Housing, FIXTURES[0].bytes);
    let (csv, _) = read(&Housing, FIXTURES[2].bytes);
    for heading in ["reference", "moved_on", "kind", "from_uprn", "from_postcode", "to_uprn", "to_town", "to_postcode", "protected"] {
        assert!(json.find(heading).is_some() && csv.find(heading).is_some(), "{heading}");
    }
}

#[test]
fn each_fixture_fits_one_mapping_only() {
    // What the mappings require and rule out is tested where they are read; here, that the headings are there.
    for (fixture, event) in [("changes.json", false), ("changes.csv", false), ("events.jsonl", true), ("event.json", true)] {
        let fixture = FIXTURES.iter().find(|f| f.name == fixture).unwrap();
        let (columns, _) = read(&Housing, fixture.bytes);
        assert_eq!((columns.find("eventType").is_some(), columns.find("reference").is_none()), (event, event), "{}", fixture.name);
    }
}
