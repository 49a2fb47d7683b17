//! Who moved: the people who are named, else whoever lives at the old address, else it is a person's task.

use acceptance::{Move, OAKWOOD, Person, Place, Town, housing};

use super::child;

#[test]
fn with_nobody_named_every_child_at_the_old_address_moved() {
    // Children 4 and 94 live in one house.
    let mut town = Town::of([4, 94, 5].into_iter(), [51].into_iter());
    town.moved(&[Move::of(&child(4)).of_nobody()]);
    let mut upns: Vec<String> = town.told(OAKWOOD).into_iter().map(|row| row["upn"].clone()).collect();
    let mut expected = vec![child(4).upn, child(94).upn];
    upns.sort();
    expected.sort();
    assert_eq!(upns, expected);
    assert!(town.tasks().is_empty());
}

#[test]
fn of_those_at_the_old_address_only_the_named_one_moved() {
    let mut town = Town::of([4, 94, 5].into_iter(), [51].into_iter());
    town.moved(&[Move::of(&child(94))]);
    let told: Vec<String> = town.told(OAKWOOD).into_iter().map(|row| row["upn"].clone()).collect();
    assert_eq!(told, [child(94).upn]);
}

#[test]
fn two_rows_of_one_report_are_two_people() {
    let mut town = Town::of([4, 94, 5].into_iter(), [51].into_iter());
    let other = child(94);
    town.moved(&[Move::of(&child(4)).with(&other.forename, &other.surname, &other.dob.to_string())]);
    assert_eq!((town.out(OAKWOOD).len(), town.rows()[0]), (2, 6));
}

#[test]
fn a_tenant_beside_a_child_is_no_child() {
    let mut town = Town::new();
    let before = town.children("Grownup").len();
    town.moved(&[Move::of(&child(4)).with("Grace", "Grownup", "1986-05-01")]);
    assert_eq!((town.out(OAKWOOD).len(), town.tasks().len()), (1, 0));
    assert_eq!((before, town.children("Grownup").len()), (0, 0), "an adult is not entered as a child");
}

#[test]
fn where_only_adults_are_named_who_moved_is_a_persons_task() {
    let mut town = Town::new();
    let mut adults = Move::of(&child(4)).of_nobody();
    adults = adults.with("Grace", "Grownup", "1986-05-01");
    town.moved(&[adults]);
    assert_eq!((town.tasks(), town.outbox().len()), (vec!["who-moved".to_owned()], 0));
    let task = &town.json(&["task", "list", "--json"])[0];
    let words = task["words"].as_str().unwrap();
    assert!(words.contains("H-20261120-0004"), "{words}");
    assert!(!words.contains("Grownup") && !words.contains("Test Road") && !words.contains("SO14"), "{words}");
}

#[test]
fn a_named_child_whom_nobody_knows_is_a_persons_task_and_never_a_guess() {
    let mut town = Town::new();
    let mut stranger = Move::of(&Person::of(777));
    stranger.from = Place::at(&child(4).street, &child(4).postcode);
    town.moved(&[stranger]);
    assert_eq!((town.tasks(), town.outbox().len()), (vec!["who-moved".to_owned()], 0));
}

#[test]
fn an_old_address_at_which_nobody_lives_is_a_persons_task() {
    let mut town = Town::new();
    let mut nobody = Move::of(&child(4)).of_nobody();
    nobody.from = Place::at("900 Empty Street", "SO14 0AA");
    town.moved(&[nobody]);
    assert_eq!((town.tasks(), town.outbox().len()), (vec!["who-moved".to_owned()], 0));
}

#[test]
fn the_old_address_in_another_spelling_is_the_same_house() {
    let mut town = Town::new();
    let mut spelt = Move::of(&child(4)).of_nobody();
    spelt.from = Place::at("5 TEST RD", "SO140AA");
    town.moved(&[spelt]);
    assert_eq!(town.streets(OAKWOOD), ["4 Other Street"]);
}

#[test]
fn a_task_is_done_by_the_role_that_owns_it_with_its_reason_and_is_not_opened_again() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(4)).of_nobody().with("Grace", "Grownup", "1986-05-01")]);
    let id = town.json(&["task", "list", "--json"])[0]["id"].as_str().unwrap().to_owned();
    let shown = town.json(&["task", "show", &id, "--json"]);
    assert_eq!((shown["kind"].as_str(), shown["state"].as_str()), (Some("who-moved"), Some("open")));
    assert_eq!(town.run_as("Test Clerk", &["task", "done", &id, "--reason", "asked"]).code, 1, "a school sees no such task");
    assert_eq!(town.run_as("Test Ict", &["task", "done", &id, "--reason", "asked"]).code, 2);
    assert_eq!(town.run(&["task", "done", &id, "--reason", " "]).code, 2);
    town.run(&["task", "done", &id, "--reason", "asked the housing team: nobody of school age"]).expect(0);
    town.run(&["sync"]).expect(0);
    assert!(town.tasks().is_empty());
    let all = town.json(&["task", "list", "--all", "--json"]);
    assert_eq!((all[0]["state"].as_str(), all[0]["done_by"].as_str()), (Some("done"), Some("Test Officer")));
    assert_eq!(town.run(&["task", "done", "T99", "--reason", "x"]).code, 1);
}

#[test]
fn the_same_file_again_and_the_same_report_in_another_file_change_nothing() {
    let mut town = Town::new();
    let text = housing(&[Move::of(&child(4))]);
    let file = town.file("moves.csv", &text);
    town.run(&["import", "housing", file.to_str().unwrap()]).expect(0);
    let again = town.run(&["import", "housing", file.to_str().unwrap(), "--json"]).expect(0).json();
    assert!(!again["payloads"][0]["duplicate_of"].is_null(), "{again}");
    town.moved(&[Move::of(&child(4))]);
    town.moved(&[Move::of(&child(4)), Move::of(&child(5))]);
    town.run(&["sync"]).expect(0);
    assert_eq!(
        (town.streets(OAKWOOD), town.states()),
        (vec!["4 Other Street".to_owned(), "5 Other Street".to_owned()], vec!["sent".to_owned(); 2])
    );
}
