//! What housing tells over several files and people: an object is one row, a report that is told again or put right, a report that
//! cannot be resolved until more is known.

use acceptance::{Move, OAKWOOD, Person, Place, Town, counts, housing};
use serde_json::{Value, json};

fn child(n: u32) -> Person {
    Person::of(n)
}

fn list(moves: &[Move]) -> String {
    Value::Array(moves.iter().map(Move::object).collect()).to_string()
}

/// Imports a file of housing and gives the rows of its payload.
#[track_caller]
fn import(town: &Town, name: &str, text: &str) -> [u64; 5] {
    let file = town.file(name, text);
    counts(&town.json(&["import", "housing", file.to_str().unwrap(), "--json"])["rows"])
}

/// The words of the open tasks.
fn words(town: &Town) -> Vec<String> {
    let tasks = town.json(&["task", "list", "--json"]);
    tasks.as_array().unwrap().iter().map(|t| t["words"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_object_is_one_row_however_many_people_it_names() {
    let mut town = Town::of([4, 94, 5].into_iter(), [51].into_iter());
    town.run(&["sync"]).expect(0);
    let (forename, surname, dob) = (child(94).forename, child(94).surname, child(94).dob.to_string());
    let family = Move::of(&child(4)).with(&forename, &surname, &dob).with("Grace", "Grownup", "1951-05-01");
    let event = Move::of(&child(5)).event();
    assert_eq!(import(&town, "family.json", &list(std::slice::from_ref(&family))), [1, 1, 0, 0, 0]);
    // Told again in another file: nothing new; one person more: the object is changed, the others are not told twice.
    assert_eq!(import(&town, "again.jsonl", &format!("{}\n", family.object())), [1, 0, 1, 0, 0]);
    assert_eq!(import(&town, "more.json", &list(&[family.with("Cy", "Grownup", "1980-01-01")])), [1, 1, 0, 0, 0]);
    assert_eq!(import(&town, "event.json", &event.to_string()), [1, 1, 0, 0, 0]);
    assert_eq!(town.tasks(), Vec::<String>::new());
    let found = town.children("Grownup").len();
    town.run(&["deliver"]).expect(0);
    assert_eq!((found, town.out(OAKWOOD).len()), (0, 3));
    town.roll("oakwood", "2026-11-23", &[child(4), child(94), child(5)]);
    town.run(&["sync"]).expect(0);
    assert_eq!(town.out(OAKWOOD).len(), 3);
}

#[test]
fn a_child_who_lived_there_gets_a_record_that_says_where_it_is_from() {
    let town = Town::new();
    import(&town, "a.csv", &housing(&[Move::of(&child(4)).of_nobody()]));
    let shown = town.json(&["child", "show", &town.id(&child(4)), "--json"]);
    let records = shown["records"].as_array().unwrap();
    let of_housing = records.iter().find(|r| r["source"] == "housing").unwrap();
    assert_eq!((&of_housing["row"], of_housing["source_id"].is_null()), (&json!(1), true));
    let record = of_housing["record"].as_str().unwrap();
    let why = town.run(&["child", "explain", record]).expect(0);
    assert!(why.out.contains("lived at the old address") || why.err.contains("lived at the old address"), "{why:?}");
    let payload = of_housing["payload"].as_str().unwrap();
    let fate = town.json(&["ledger", "--payload", payload, "--row", "1", "--json"]);
    assert_eq!((fate["fate"].as_str(), fate["record"].as_str()), (Some("accepted"), Some(record)));
}

#[test]
fn a_report_that_is_put_right_closes_its_task_by_itself() {
    let town = Town::new();
    let mut no_day = Move::of(&child(4));
    no_day.moved_on = "soon".to_owned();
    let mut no_dob = Move::of(&child(5));
    no_dob.people[0][2] = String::new();
    let adults = Move::of(&child(6)).of_nobody().with("Grace", "Grownup", "1986-05-01").with("Greg", "Grownup", "1985-05-01");
    let mut no_house = Move::of(&child(7)).of_nobody();
    no_house.from = Place::at("", "SO14 0AA");
    let mut nowhere = Move::of(&child(8)).of_nobody();
    nowhere.to = Some(Place::at("somewhere", ""));
    assert_eq!(import(&town, "a.csv", &housing(&[no_day, no_dob, adults, no_house, nowhere])), [6, 6, 0, 0, 0]);
    let asked = words(&town);
    for why in ["no date", "without a birth date", "only adults", "which house or flat", "neither postcode nor"] {
        assert_eq!(asked.iter().filter(|w| w.contains(why)).count(), 1, "{why}: {asked:?}");
    }
    assert_eq!((asked.len(), town.outbox().len()), (5, 0));
    let right: Vec<Move> = [4, 5, 6, 7, 8].map(|n| Move::of(&child(n))).into();
    import(&town, "b.csv", &housing(&right));
    assert_eq!((words(&town), town.outbox().len()), (Vec::new(), 5));
}

#[test]
fn who_is_not_known_yet_is_known_when_a_roll_comes() {
    let mut town = Town::new();
    let stranger = Person { street: "30 Test Road".to_owned(), ..child(29) };
    let whoever = Move::of(&child(28)).of_nobody();
    import(&town, "a.csv", &housing(&[Move::of(&stranger), whoever]));
    let asked = words(&town);
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked.iter().any(|w| w.contains("no child known here. ")) && asked.iter().any(|w| w.contains("lived at the old address")));
    assert_eq!(town.outbox().len(), 0);
    let pupils: Vec<Person> = (1..10).map(child).chain([child(28), stranger]).collect();
    town.roll("oakwood", "2026-11-23", &pupils);
    town.run(&["sync"]).expect(0);
    assert_eq!((words(&town), town.out(OAKWOOD).len()), (Vec::new(), 2));
    let all = town.json(&["task", "list", "--all", "--json"]);
    assert!(all.as_array().unwrap().iter().all(|t| t["done_by"] == "onroll"), "{all}");
}

#[test]
fn a_family_of_whom_nobody_is_named_can_move_twice_in_one_file() {
    let town = Town::new();
    let first = Move::of(&child(4)).of_nobody().on("2026-11-02");
    let mut second = Move::of(&child(4)).of_nobody().on("2026-11-20").to("99 Third Street", "SO16 4BB");
    second.from = first.to.clone().unwrap();
    import(&town, "a.csv", &housing(&[second, first]));
    town.run(&["deliver"]).expect(0);
    assert_eq!((words(&town), town.streets(OAKWOOD)), (Vec::new(), vec!["99 Third Street".to_owned()]));
    let all = town.json(&["task", "list", "--all", "--json"]);
    assert_eq!(all, json!([]), "nobody was asked meanwhile");
}

#[test]
fn a_report_of_whoever_lived_there_can_be_put_right() {
    let town = Town::new();
    let wrong = Move::of(&child(4)).of_nobody();
    let mut right = wrong.clone();
    right.from = Move::of(&child(5)).from;
    import(&town, "a.csv", &housing(&[wrong]));
    import(&town, "b.csv", &housing(&[right]));
    let affected = town.unknown_addresses();
    assert_eq!(affected, [(town.id(&child(5)), String::new())]);
    town.run(&["deliver"]).expect(0);
    let told: Vec<String> = town.told(OAKWOOD).into_iter().map(|row| row["upn"].clone()).collect();
    assert_eq!(told, [child(5).upn]);
}

#[test]
fn a_house_with_more_children_than_a_household_has_is_asked_about() {
    let mut town = Town::of((0..14).map(|n| 4 + 90 * n), [51].into_iter());
    town.moved(&[Move::of(&child(4)).of_nobody()]);
    let asked = words(&town);
    assert!(asked.len() == 1 && asked[0].contains("14 children live at the old address"), "{asked:?}");
    assert_eq!(town.outbox().len(), 0);
}

#[test]
fn what_is_to_come_asks_nobody_and_happens_on_its_day() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(4)).of_nobody().on("2026-11-26"), Move::of(&child(5)).on("2026-11-26")]);
    assert_eq!((words(&town), town.outbox().len()), (Vec::new(), 0));
    town.set_now("2026-11-26T09:00:00Z");
    town.run(&["sync"]).expect(0);
    assert_eq!(town.out(OAKWOOD).len(), 2);
}

#[test]
fn a_protected_family_is_restricted_at_once_even_where_the_rest_is_missing() {
    let mut town = Town::new();
    let mut to_come = Move::of(&child(4)).of_nobody().on("2026-12-10").protected();
    to_come.to = None;
    let mut no_day = Move::of(&child(5)).protected();
    no_day.moved_on = String::new();
    town.moved(&[to_come, no_day]);
    for n in [4, 5] {
        let shown = town.json(&["child", "show", &town.id(&child(n)), "--json"]);
        assert_eq!(shown["restricted"], true, "{n}");
    }
    assert_eq!((town.outbox().len(), words(&town).len()), (0, 1));
}

#[test]
fn a_dry_run_tells_who_would_move_and_what_would_be_asked() {
    let town = Town::new();
    let (forename, surname, dob) = (child(5).forename, child(5).surname, child(5).dob.to_string());
    let moves = [
        Move::of(&child(4)).of_nobody(),
        Move::of(&child(5)).of_nobody().with(&forename, &surname, &dob).with("Grace", "Grownup", "1986-05-01"),
        Move::of(&child(6)).of_nobody().with("Greg", "Grownup", "1986-05-01"),
    ];
    let file = town.file("a.json", list(&moves));
    let run = town.json(&["import", "housing", file.to_str().unwrap(), "--dry-run", "--json"])[0].clone();
    assert_eq!(counts(&run["rows"]), [3, 3, 0, 0, 0]);
    let changes: Vec<(u64, String, Value)> = run["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["row"].as_u64().unwrap(), c["what"].as_str().unwrap().to_owned(), c["child"].clone()))
        .collect();
    let id = |n| Value::from(town.id(&child(n)));
    assert_eq!(changes, [(1, "moves".to_owned(), id(4)), (2, "joins".to_owned(), id(5)), (3, "asks-who-moved".to_owned(), Value::Null)]);
    assert_eq!((town.outbox().len(), town.tasks().len(), town.rows()[0]), (0, 0, 18));
}
