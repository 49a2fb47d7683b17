use connect::suite;

use crate::tests::{read, sandbox, workbook_of};

use super::*;

#[test]
fn capita_one_does_what_the_specification_asks() {
    suite::run_with(&connector(), &[workbook_of("bases.xlsx", &FIXTURES[0])], &sandbox());
}

#[test]
fn a_child_with_two_bases_stands_in_two_rows() {
    let (columns, rows) = read(&CapitaOne, FIXTURES[1].bytes);
    let (person, base, name, address) = (
        columns.find("PersonID").unwrap(),
        columns.find("BaseLAEstab").unwrap(),
        columns.find("GivenName").unwrap(),
        columns.find("AddressLine1").unwrap(),
    );
    assert_eq!(rows[0][person], rows[1][person]);
    assert_ne!(rows[0][base], rows[1][base]);
    assert_eq!((rows[0][name].as_str(), rows[2][name].as_str()), ("Élodie", "Björn"));
    assert_eq!(rows[0][address].lines().collect::<Vec<_>>(), ["Flat 2", "Specimen House"]);
}

#[test]
fn a_school_report_in_the_wrong_folder_is_named_as_such() {
    let report = b"<SuperStarReport><Record><Adno>1</Adno></Record></SuperStarReport>".to_vec();
    let fault = connect::Read::open(&CapitaOne, &report, &sandbox()).err().unwrap();
    assert!(fault.to_string().contains("SIMS report") && fault.hint.contains("school's source"), "{fault}");
}
