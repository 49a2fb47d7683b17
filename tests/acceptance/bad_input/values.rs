//! Rows with bad values: the row goes in without the value, and the fault is counted with its column.

use acceptance::{Home, PUPILS, Person, SCHOOL, pupils};
use rust_xlsxwriter::{Formula, Workbook};
use serde_json::Value;

use super::{Night, night};
use crate::counting::rows_of;

/// The one child that a name finds, with everything that is known.
fn shown(home: &Home, name: &str) -> Value {
    let found = home.children(name);
    assert_eq!(found.len(), 1, "{found:?}");
    home.json(&["child", "show", found[0]["id"].as_str().unwrap(), "--json"])
}

/// The ledger, beside what Python counts in the file.
#[track_caller]
fn adds_up(night: &Night) {
    let file = night.home.dir().join("drop/oakwood/done").join(night.name);
    assert_eq!(night.rows()[0], rows_of(&[file]));
}

fn count(code: &str, column: &str, n: u64) -> (String, String, u64) {
    (code.to_owned(), column.to_owned(), n)
}

#[test]
fn dates_that_cannot_be_stay_empty_and_their_rows_go_in() {
    let (a, b, c) = (Person::of(0), Person::of(1), Person::of(2));
    let text = pupils(0, 4)
        .replace(&format!("Ada,{}", a.day()), "Ada,31/02/2015")
        .replace(&format!("Ada,{}", b.day()), "Ada,01/01/1900")
        .replace(&format!("Ada,{},F,8,8A,04/09/2024", c.day()), &format!("Ada,{},F,8,8A,30/02/2024", c.day()));
    let night = night("pupils.csv", text);
    night.done();
    assert_eq!(night.rows(), [4, 4, 0, 0, 0]);
    assert_eq!(
        night.problems(),
        [count("bad-date", "DOB", 1), count("bad-date", "Date of Admission", 1), count("implausible-date", "DOB", 1)]
    );
    for line in ["1 bad-date in column \"DOB\"", "1 implausible-date in column \"DOB\""] {
        assert!(night.answer.err.contains(line), "{}", night.answer.err);
    }
    assert_eq!(shown(&night.home, &a.surname)["dob"], Value::Null);
    assert_eq!(shown(&night.home, &b.surname)["dob"], Value::Null);
    assert_eq!(shown(&night.home, &c.surname)["dob"], c.dob.to_string());
    adds_up(&night);
}

#[test]
fn a_upn_with_the_letter_o_for_a_zero_stays_empty() {
    let person = Person::of(0);
    let night = night("pupils.csv", pupils(0, 2).replace(&person.upn, &person.upn.replace('0', "O")));
    night.done();
    assert_eq!(night.rows(), [2, 2, 0, 0, 0]);
    assert_eq!(night.problems(), [count("bad-upn", "UPN", 1)]);
    assert_eq!(shown(&night.home, &person.surname)["upn"], Value::Null);
    adds_up(&night);
}

#[test]
fn with_strict_a_bad_value_ends_with_exit_code_3() {
    let home = Home::new(SCHOOL);
    home.drop_file("oakwood", "pupils.csv", pupils(0, 2).replace("04/09/2024", "04/19/2024"));
    home.run(&["sync", "--strict"]).expect(3);
    assert_eq!(home.names("drop/oakwood/done"), ["pupils.csv"]);
}

#[test]
fn fields_of_ten_thousand_characters_neither_break_nor_swell_anything() {
    let long = "x".repeat(10_000);
    let text = pupils(0, 3).replace("Examplea,Ada", &format!("{long},Ada")).replace("Test Road", &format!("\"{long}, Road\""));
    let night = night("pupils.csv", text);
    night.done();
    assert_eq!(night.rows(), [3, 3, 0, 0, 0]);
    assert!(!night.answer.err.contains("xxxxxxxx"), "{}", night.answer.err);
    assert_eq!(shown(&night.home, &Person::of(1).surname)["upn"], Person::of(1).upn);
    adds_up(&night);
}

#[test]
fn a_field_of_many_megabytes_is_cut_and_told() {
    let night = night("pupils.csv", pupils(0, 2).replace("Examplea,Ada", &format!("{},Ada", "x".repeat(3_000_000))));
    night.done();
    assert_eq!(night.rows(), [2, 2, 0, 0, 0]);
    assert_eq!(night.problems(), [count("too-long", "Legal Surname", 1)]);
    adds_up(&night);
}

#[test]
fn cells_with_formulas_stay_empty_or_keep_their_last_value_and_are_told() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in PUPILS.trim().split(',').enumerate() {
        sheet.write_string(0, column as u16, heading).unwrap();
    }
    for n in 0..3 {
        for (column, value) in Person::of(n).pupil().trim().split(',').enumerate() {
            sheet.write_string(n + 1, column as u16, value).unwrap();
        }
    }
    sheet.write_formula(2, 4, Formula::new("=TODAY()-4000").set_result("41000")).unwrap();
    sheet.write_formula(3, 1, Formula::new("=VLOOKUP(A4,Z1:Z9,2)").set_result("#N/A")).unwrap();
    let night = night("pupils.xlsx", book.save_to_buffer().unwrap());
    night.done();
    assert_eq!(night.rows(), [3, 3, 0, 0, 0]);
    let problems = night.problems();
    assert!(problems.contains(&count("formula-cell", "DOB", 1)) && problems.contains(&count("formula-cell", "UPN", 1)), "{problems:?}");
    assert_eq!(shown(&night.home, &Person::of(2).surname)["upn"], Value::Null);
    adds_up(&night);
}

#[test]
fn duplicate_rows_are_one_record_and_each_is_counted() {
    // Twice in a row, and once more further down.
    let text = pupils(0, 4) + &Person::of(3).pupil() + &Person::of(0).pupil() + "\n\n";
    let night = night("pupils.csv", text);
    night.done();
    assert_eq!(night.rows()[0], 6);
    assert_eq!(night.rows()[1] + night.rows()[2], 6);
    for n in 0..4 {
        assert_eq!(shown(&night.home, &Person::of(n).surname)["records"].as_array().unwrap().len(), 1);
    }
    adds_up(&night);
}

#[test]
fn two_rows_of_one_pupil_that_disagree_are_told() {
    let person = Person::of(0);
    let night = night(
        "pupils.csv",
        pupils(0, 2).replace(&person.pupil(), &(person.pupil() + &person.pupil().replace(&person.day(), "02/02/2013"))),
    );
    night.done();
    assert_eq!(night.rows(), [3, 3, 0, 0, 0]);
    assert_eq!(night.problems(), [count("rows-disagree", "DOB", 1)]);
    assert_eq!(shown(&night.home, &person.surname)["dob"], person.dob.to_string());
    adds_up(&night);
}

#[test]
fn ragged_rows_go_in_as_far_as_they_go() {
    let (short, long) = (Person::of(1).pupil(), Person::of(2).pupil());
    let cut: String = short.split(',').take(6).collect::<Vec<_>>().join(",") + "\n";
    let text = pupils(0, 4).replace(&short, &cut).replace(&long, &(long.trim_end().to_owned() + ",one,too many\n"));
    let night = night("pupils.csv", text);
    night.done();
    assert_eq!(night.rows(), [4, 4, 0, 0, 0]);
    assert_eq!(night.problems(), [count("ragged-row", "", 2)]);
    assert_eq!(shown(&night.home, &Person::of(1).surname)["upn"], Person::of(1).upn);
    adds_up(&night);
}

#[test]
fn a_row_of_nobody_waits_for_a_person_and_the_others_go_in() {
    let nobody = ",,,Ada,,F,8,8A,04/09/2024,1,Test Road,Southampton,SO14 0AA\n";
    let night = night("pupils.csv", pupils(0, 3) + nobody);
    night.done();
    assert_eq!(night.rows(), [4, 3, 0, 1, 0]);
    let waiting = night.home.json(&["quarantine", "list", "--json"]);
    assert_eq!((&waiting[0]["reason"], &waiting[0]["row"], &waiting[0]["line"]), (&"who-is-this".into(), &4.into(), &5.into()));
    assert!(night.answer.err.contains("who-is-this"), "{}", night.answer.err);
    adds_up(&night);
}
