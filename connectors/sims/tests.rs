use connect::suite;

use crate::tests::{read, sandbox, workbook_of};

use super::*;

#[test]
fn sims_does_what_the_specification_asks() {
    let roll = FIXTURES[2];
    suite::run_with(&connector(), &[workbook_of("pupils.xlsx", &roll)], &sandbox());
}

#[test]
fn labels_are_read_as_their_author_wrote_them() {
    let (columns, rows) = read(&Sims, FIXTURES[0].bytes);
    for label in ["primary_id", "Legal Surname", "Date of Leaving", "Destination After Leaving", "Post Code"] {
        assert!(columns.find(label).is_some(), "{label}");
    }
    let surname = columns.find("Legal Surname").unwrap();
    assert_eq!(rows[0][surname], "Example");
}

#[test]
fn the_three_forms_of_a_report_say_the_same() {
    let (columns, rows) = read(&Sims, FIXTURES[2].bytes);
    let (sheet_columns, sheet_rows) = read(&Sims, &workbook_of("pupils.xlsx", &FIXTURES[2]).bytes);
    assert_eq!(columns.names(), sheet_columns.names());
    assert_eq!(rows, sheet_rows);
    let (xml_columns, xml_rows) = read(&Sims, FIXTURES[1].bytes);
    for label in ["Adno", "UPN", "Legal Surname", "Post Code"] {
        let (a, b) = (columns.find(label).unwrap(), xml_columns.find(label).unwrap());
        assert_eq!(rows[0][a], xml_rows[0][b], "{label}");
    }
}
