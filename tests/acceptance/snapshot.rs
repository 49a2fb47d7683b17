//! A full export also says who is gone. What that ends, what waits for a person, and what a file of another day may change.

use std::path::Path;

use acceptance::{Answer, Home, PUPILS, Person, SCHOOL, counts, health};
use chrono::Months;
use serde_json::Value;

/// The school as the council knows it: a middle school, Years 4 to 8.
const SCHOOLS: &str = "laestab,urn,name,phase,la,mis,lowest_year,highest_year,channel,link_ewo,list_outstanding
8524001,,Oakwood,secondary,852,SIMS,4,8,,,
";

fn export(people: &[Person]) -> String {
    people.iter().fold(PUPILS.to_owned(), |text, p| text + &p.pupil())
}

fn people(numbers: impl IntoIterator<Item = u32>) -> Vec<Person> {
    numbers.into_iter().map(Person::of).collect()
}

/// A home with a list of Child Health of thirty children, of 20 November.
fn home() -> Home {
    let home = Home::new(SCHOOL);
    home.write("schools.csv", SCHOOLS);
    let list = home.file("health_2026-11-20.csv", health(0, 30));
    home.run(&["import", "lists", "--source", "health", list.to_str().unwrap()]).expect(0);
    home
}

/// The school's full export of a day.
fn full(home: &Home, day: &str, people: &[Person]) -> Answer {
    let file = home.file(&format!("8524001_852LLLL_pupils_{day}.csv"), export(people));
    import(home, &file)
}

fn import(home: &Home, file: &Path) -> Answer {
    home.run(&["import", "sims", file.to_str().unwrap(), "--json"])
}

fn id(home: &Home, person: &Person) -> String {
    let found = home.children(&person.surname);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]["id"].as_str().unwrap().to_owned()
}

/// The record of the school's export.
fn at_school(home: &Home, person: &Person) -> Value {
    let shown = home.json(&["child", "show", &id(home, person), "--json"]);
    let records = shown["records"].as_array().unwrap();
    records.iter().find(|r| r["source"] == "oakwood").unwrap_or_else(|| panic!("{shown}")).clone()
}

fn rules_of(home: &Home, person: &Person) -> Vec<String> {
    let child = id(home, person);
    let mut rules: Vec<String> =
        home.worklist().iter().filter(|f| f["child"] == child.as_str()).map(|f| f["rule"].as_str().unwrap().to_owned()).collect();
    rules.sort();
    rules
}

const GONE: [&str; 3] = ["leaver-without-destination", "leaver-without-ground", "no-provision"];

#[test]
fn who_is_not_in_a_full_export_any_more_is_gone_and_findings_open() {
    let home = home();
    full(&home, "2026-11-20", &people(0..10)).expect(0);
    assert_eq!(rules_of(&home, &Person::of(3)), [""; 0]);
    let answer = full(&home, "2026-11-23", &people((0..10).filter(|n| *n != 3))).expect(0);
    assert_eq!(counts(&answer.json()["rows"]), [9, 0, 9, 0, 0]);
    assert_eq!(at_school(&home, &Person::of(3))["gone"], "2026-11-23");
    assert_eq!(rules_of(&home, &Person::of(3)), GONE);
    assert_eq!(rules_of(&home, &Person::of(4)), [""; 0]);
    let history = home.json(&["child", "history", &id(&home, &Person::of(3)), "--json"]);
    let kinds: Vec<&str> = history.as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"gone") && kinds.contains(&"finding-opened"), "{kinds:?}");
}

#[test]
fn who_is_not_in_a_partial_export_stays() {
    let home = home();
    full(&home, "2026-11-20", &people(0..10)).expect(0);
    let file = home.file("8524001_852LLLL_pupils_2026-11-23.csv", export(&people(0..9)));
    home.run(&["import", "sims", file.to_str().unwrap(), "--partial"]).expect(0);
    assert_eq!(at_school(&home, &Person::of(9))["gone"], Value::Null);
    assert_eq!(rules_of(&home, &Person::of(9)), [""; 0]);
}

#[test]
fn more_than_a_fifth_gone_at_once_waits_for_a_person_and_is_released_by_name() {
    let home = home();
    full(&home, "2026-11-20", &people(0..10)).expect(0);
    let answer = full(&home, "2026-11-23", &people(0..6)).expect(0);
    assert!(answer.err.contains("would end 4 of 10 enrolments (40 %, more than 20 %)"), "{}", answer.err);
    assert!(answer.err.contains("onroll release "), "{}", answer.err);
    assert_eq!((rules_of(&home, &Person::of(7)), &at_school(&home, &Person::of(7))["gone"]), (vec![], &Value::Null));
    let held = home.json(&["hold", "list", "--json"]);
    assert_eq!((&held[0]["ending"], &held[0]["of"], &held[0]["source"]), (&4.into(), &10.into(), &"oakwood".into()));
    let payload = held[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(home.run(&["sync", "--strict"]).code, 0, "nothing came, so nothing needs attention");

    let release = ["release", &payload, "--reason", "the school merged two classes"];
    for who in ["Test Clerk", "Test Ict", "Nobody Known"] {
        assert_eq!(home.run_as(who, &release).code, 2, "{who}");
    }
    assert_eq!(home.run(&["release", &payload, "--reason", " "]).code, 2);
    let answer = home.run(&release).expect(0);
    assert!(answer.err.contains("4 enrolments ended"), "{}", answer.err);
    assert_eq!(rules_of(&home, &Person::of(7)), GONE);
    assert_eq!(at_school(&home, &Person::of(7))["gone"], "2026-11-23");
    assert_eq!(home.json(&["hold", "list", "--json"]).as_array().unwrap().len(), 0);
    let history = home.json(&["child", "history", &id(&home, &Person::of(7)), "--json"]);
    let gone = history.as_array().unwrap().iter().find(|e| e["kind"] == "gone").unwrap();
    assert_eq!((&gone["by"], &gone["detail"]), (&"Test Officer".into(), &"the school merged two classes".into()));
    let answer = home.run(&release);
    assert!(answer.code != 0 && answer.err.contains("does not wait"), "{}", answer.err);
}

#[test]
fn a_fifth_exactly_does_not_wait() {
    let home = home();
    full(&home, "2026-11-20", &people(0..15)).expect(0);
    full(&home, "2026-11-23", &people(0..12)).expect(0);
    assert_eq!(home.json(&["hold", "list", "--json"]).as_array().unwrap().len(), 0);
    assert_eq!(rules_of(&home, &Person::of(13)), GONE);
}

#[test]
fn a_held_export_that_is_right_after_all_is_overtaken_by_the_next_whole_one() {
    let mut home = home();
    full(&home, "2026-11-20", &people(0..10)).expect(0);
    full(&home, "2026-11-21", &people(0..4)).expect(0);
    let held = home.json(&["hold", "list", "--json"])[0]["id"].as_str().unwrap().to_owned();
    full(&home, "2026-11-23", &people(0..10)).expect(0);
    assert_eq!(home.json(&["hold", "list", "--json"]).as_array().unwrap().len(), 0, "the newer file has them all");
    home.set_now("2026-11-25T09:00:00Z");
    let answer = home.run(&["release", &held, "--reason", "too late"]);
    assert!(answer.code != 0 && answer.err.contains("overtaken"), "{}", answer.err);
    for n in 0..10 {
        assert_eq!(rules_of(&home, &Person::of(n)), [""; 0]);
    }
}

#[test]
fn a_pupil_who_comes_back_in_the_same_row_is_on_roll_again() {
    let home = home();
    full(&home, "2026-11-18", &people(0..10)).expect(0);
    full(&home, "2026-11-20", &people(0..9)).expect(0);
    assert_eq!(rules_of(&home, &Person::of(9)), GONE);
    let answer = full(&home, "2026-11-23", &people(0..10)).expect(0);
    assert_eq!(counts(&answer.json()["rows"])[0], 10);
    assert_eq!(at_school(&home, &Person::of(9))["gone"], Value::Null);
    assert_eq!(rules_of(&home, &Person::of(9)), [""; 0]);
    let history = home.json(&["child", "history", &id(&home, &Person::of(9)), "--json"]);
    let kinds: Vec<&str> = history.as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"back") && kinds.contains(&"finding-closed"), "{kinds:?}");
}

#[test]
fn what_goes_from_one_state_to_another_and_back_is_in_the_first_state() {
    let home = home();
    let first = people(0..3);
    let mut second = first.clone();
    second[1].street = "4 Other Road".to_owned();
    let street = || at_school(&home, &Person::of(1))["says"]["addresses"][0]["street"].clone();
    for (day, state, told) in
        [("2026-11-18", &first, "Test Road"), ("2026-11-20", &second, "Other Road"), ("2026-11-23", &first, "Test Road")]
    {
        let answer = full(&home, day, state).expect(0).json();
        assert_eq!(answer["payloads"][0]["duplicate_of"], Value::Null, "{day}");
        assert_eq!(street(), told, "{day}");
    }
    assert_eq!(home.rows(), [9 + 30, 3 + 1 + 1 + 30, 2 + 2, 0, 0]);
}

#[test]
fn an_older_file_that_comes_late_changes_nothing_that_is_newer() {
    let home = home();
    let mut older = people(0..8);
    older[2].street = "9 Former Road".to_owned();
    older.push(Person::of(20));
    full(&home, "2026-11-20", &people(0..10)).expect(0);
    let before: Vec<Value> = (0..10).map(|n| at_school(&home, &Person::of(n))).collect();
    let worklist = home.worklist();
    full(&home, "2026-11-10", &older).expect(0);
    let after: Vec<Value> = (0..10).map(|n| at_school(&home, &Person::of(n))).collect();
    assert_eq!(before, after);
    assert_eq!(home.json(&["hold", "list", "--json"]).as_array().unwrap().len(), 0);
    let unchanged: Vec<&Value> = worklist.iter().filter(|f| f["child"] != id(&home, &Person::of(20)).as_str()).collect();
    for finding in unchanged {
        assert!(home.worklist().contains(finding), "{finding}");
    }
}

#[test]
fn the_final_year_group_leaves_in_september_without_a_person() {
    let mut home = Home::new(SCHOOL);
    home.write("schools.csv", SCHOOLS);
    // Year 8 until August: born from September 2012 to August 2013; the others are two years younger.
    let leaving: Vec<Person> = people(0..12).into_iter().map(|p| Person { dob: p.dob - Months::new(12), ..p }).collect();
    let staying: Vec<Person> = people(100..120).into_iter().map(|p| Person { dob: p.dob + Months::new(12), ..p }).collect();
    home.set_now("2026-07-01T09:00:00Z");
    full(&home, "2026-07-01", &[&leaving[..], &staying[..]].concat()).expect(0);
    home.set_now("2026-09-10T09:00:00Z");
    full(&home, "2026-09-10", &staying).expect(0);
    assert_eq!(home.json(&["hold", "list", "--json"]).as_array().unwrap().len(), 0);
    assert_eq!(at_school(&home, &leaving[0])["gone"], "2026-09-10");
    assert_eq!(rules_of(&home, &staying[0]), [""; 0]);
    // Of those who stay, too many gone at once wait all the same.
    full(&home, "2026-09-14", &staying[..14]).expect(0);
    assert_eq!(home.json(&["hold", "list", "--json"])[0]["ending"], 6);
}

#[test]
fn in_november_the_final_year_group_waits_like_any_other() {
    let home = home();
    let oldest: Vec<Person> = people(0..12).into_iter().map(|p| Person { dob: p.dob - Months::new(12), ..p }).collect();
    let staying = people(100..120);
    full(&home, "2026-11-20", &[&oldest[..], &staying[..]].concat()).expect(0);
    full(&home, "2026-11-23", &staying).expect(0);
    assert_eq!(home.json(&["hold", "list", "--json"])[0]["ending"], 12);
}
