use connect::suite;

use crate::tests::{read, sandbox, workbook_of};

use super::*;

#[test]
fn lists_do_what_the_specification_asks() {
    let workbooks = FIXTURES.iter().take(2).map(|fixture| workbook_of(&fixture.name.replace(".csv", ".xlsx"), fixture));
    suite::run_with(&connector(), &workbooks.collect::<Vec<_>>(), &sandbox());
}

#[test]
fn every_list_of_the_manual_has_a_fixture() {
    let manual = include_str!("mod.rs");
    for fixture in FIXTURES {
        let mapping = format!("`lists/{}`", fixture.name.trim_end_matches(".csv"));
        assert!(manual.contains(&mapping), "{mapping}");
    }
}

#[test]
fn a_list_with_a_last_line_that_counts_is_checked() {
    let whole = b"Surname,Forename,DOB\nExample,Ada,02/04/2013\nSample,Ravi,19/08/2016\nTRAILER,2\n";
    assert_eq!(read(&Lists, whole).1.len(), 2);
    let half = b"Surname,Forename,DOB\nExample,Ada,02/04/2013\nTRAILER,2\n".to_vec();
    let mut rows = connect::Read::open(&Lists, &half, &sandbox()).unwrap();
    let mut row = schema::RawRow::default();
    assert_eq!(rows.next_row(&mut row), Ok(true));
    assert!(rows.next_row(&mut row).unwrap_err().to_string().contains("the last line says"));
}
