//! What people decide: rows put right or refused, links said to be the same child or not, taken back. Who decided stands in
//! the history, and a decision holds for tomorrow's files too.

use acceptance::{Answer, HEALTH, Home, Person, SCHOOL, counts, pupils};
use serde_json::Value;

/// A row of which nobody can say who it is: no admission number, no birth date.
const NOBODY: &str = ",,Example-Nobody,Bea,,F,8,8A,04/09/2024,1,Test Road,Southampton,SO14 0AA\n";

fn import(home: &Home, day: u32, text: &str) -> Answer {
    let file = home.file(&format!("8524001_852LLLL_pupils_2026-11-{day}.csv"), text);
    home.run(&["import", "sims", file.to_str().unwrap(), "--json"])
}

fn rows(answer: &Answer) -> [u64; 5] {
    counts(&answer.json()["rows"])
}

fn waiting(home: &Home) -> Vec<Value> {
    home.json(&["quarantine", "list", "--json"]).as_array().unwrap().clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// A home with one row that waits, and its item.
fn with_nobody() -> (Home, String) {
    let home = Home::new(SCHOOL);
    assert_eq!(rows(&import(&home, 20, &(pupils(0, 3) + NOBODY)).expect(0)), [4, 3, 0, 1, 0]);
    let item = text(&waiting(&home)[0]["id"]);
    (home, item)
}

#[test]
fn a_row_that_waits_is_listed_without_its_values_and_shown_with_them() {
    let (home, item) = with_nobody();
    let listed = home.run(&["quarantine", "list"]).expect(0);
    assert!(listed.out.contains("who-is-this") && listed.out.contains("line 5"), "{}", listed.out);
    assert!(!listed.out.contains("Example-Nobody") && listed.err.is_empty(), "{}", listed.out);
    let shown = home.json(&["quarantine", "show", &item, "--json"]);
    assert_eq!((&shown["raw"]["Legal Surname"], &shown["raw"]["DOB"]), (&"Example-Nobody".into(), &"".into()));
    assert!(home.children("nobody").is_empty());
}

#[test]
fn a_row_that_comes_again_unmended_counts_again_and_is_one_item() {
    let (home, item) = with_nobody();
    assert_eq!(rows(&import(&home, 22, &(pupils(0, 4) + NOBODY)).expect(0)), [5, 1, 3, 1, 0]);
    let waiting = waiting(&home);
    assert_eq!((waiting.len(), text(&waiting[0]["id"]), &waiting[0]["times"]), (1, item, &2.into()));
}

#[test]
fn a_fixed_row_goes_in_and_the_fix_is_applied_to_tomorrows_file() {
    let (home, item) = with_nobody();
    let answer = home.run(&["quarantine", "fix", &item, "DOB=02/04/2014", "--reason", "the school told me on the phone"]).expect(0);
    assert!(answer.err.contains("the row is in"), "{}", answer.err);
    assert!(!answer.err.contains("02/04/2014"), "{}", answer.err);
    assert_eq!((home.rows(), waiting(&home).len()), ([4, 4, 0, 0, 0], 0));
    let child = home.children("nobody");
    assert_eq!((child.len(), &child[0]["dob"]), (1, &"2014-04-02".into()));
    // The school sends the same fault again, beside one more pupil.
    assert_eq!(rows(&import(&home, 22, &(pupils(0, 4) + NOBODY)).expect(0)), [5, 1, 4, 0, 0]);
    assert_eq!((home.children("nobody"), waiting(&home).len()), (child, 0));
    // Where the school has put it right itself, the row says it.
    let mended = NOBODY.replace("Bea,,", "Bea,03/04/2014,");
    assert_eq!(rows(&import(&home, 23, &(pupils(0, 4) + &mended)).expect(0))[3], 0);
    assert_eq!(home.children("nobody").iter().filter(|c| c["dob"] == "2014-04-03").count(), 1);
}

#[test]
fn a_fix_that_is_not_enough_is_kept_and_the_row_still_waits() {
    let (home, item) = with_nobody();
    let answer = home.run(&["quarantine", "fix", &item, "DOB=soon", "--reason", "guess"]).expect(0);
    assert!(answer.err.contains("still waits"), "{}", answer.err);
    assert_eq!((home.rows(), waiting(&home).len()), ([4, 3, 0, 1, 0], 1));
    home.run(&["quarantine", "fix", &item, "Adno=000777", "--reason", "from the paper file"]).expect(0);
    assert_eq!((home.rows(), waiting(&home).len()), ([4, 4, 0, 0, 0], 0));
    assert_eq!(home.children("nobody").len(), 1);
}

#[test]
fn a_refused_row_is_refused_again_tomorrow() {
    let (home, item) = with_nobody();
    home.run(&["quarantine", "reject", &item, "--reason", "a test entry of the school"]).expect(0);
    assert_eq!((home.rows(), waiting(&home).len()), ([4, 3, 0, 0, 1], 0));
    assert_eq!(rows(&import(&home, 22, &(pupils(0, 4) + NOBODY)).expect(0)), [5, 1, 3, 0, 1]);
    assert_eq!(waiting(&home).len(), 0);
    let again = home.run(&["quarantine", "reject", &item, "--reason", "again"]);
    assert!(again.code == 2 && again.err.contains("does not wait any more"), "{}", again.err);
}

#[test]
fn a_wrong_column_or_item_is_told() {
    let (home, item) = with_nobody();
    let answer = home.run(&["quarantine", "fix", &item, "Birthday=02/04/2014", "--reason", "x"]).expect(2);
    assert!(answer.err.contains("the file has no column \"Birthday\"") && answer.err.contains("Legal Surname"), "{}", answer.err);
    assert_eq!(home.run(&["quarantine", "fix", &item, "DOB", "--reason", "x"]).code, 2);
    assert_eq!(home.run(&["quarantine", "fix", "banana", "DOB=02/04/2014", "--reason", "x"]).code, 2);
    assert_ne!(home.run(&["quarantine", "show", "Q999"]).code, 0);
    assert_eq!(home.rows(), [4, 3, 0, 1, 0]);
}

#[test]
fn a_row_that_does_not_say_which_school_waits_and_a_number_brings_it_in() {
    let home = Home::new("");
    let list =
        "UPN,School LAESTAB,School Name,Surname,Forename,Date of Birth,Entry Date\n,unknown,Hillside,Example,Ada,02/04/2014,04/09/2024\n";
    let file = home.file("cross-border_2026-11-20.csv", list);
    let answer = home.run(&["import", "lists", "--source", "cross-border", file.to_str().unwrap(), "--json"]).expect(0);
    assert_eq!(rows(&answer), [1, 0, 0, 1, 0]);
    let item = &waiting(&home)[0];
    assert_eq!((&item["reason"], &item["column"]), (&"which-school".into(), &"School LAESTAB".into()));
    home.run(&["quarantine", "fix", &text(&item["id"]), "School LAESTAB=8504001", "--reason", "asked the neighbour"]).expect(0);
    assert_eq!(home.rows(), [1, 1, 0, 0, 0]);
}

/// A child on roll, and one of Child Health's list with the same name and birth date at another address: may be the same.
fn with_review() -> (Home, Value) {
    let home = Home::new(SCHOOL);
    import(&home, 20, &pupils(0, 3)).expect(0);
    health(&home, 20);
    let list = home.json(&["review", "list", "--json"]);
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    (home, list[0].clone())
}

fn health(home: &Home, day: u32) {
    let moved = Person { street: "7 Elsewhere Street".into(), postcode: "SO15 2AA".into(), ..Person::of(1) };
    let file = home.file(&format!("health_2026-11-{day}.csv"), HEALTH.to_owned() + &moved.health() + &"\n".repeat(day as usize));
    home.run(&["import", "lists", "--source", "health", file.to_str().unwrap()]).expect(0);
}

fn findings_of(home: &Home, child: &Value) -> Vec<(String, Value)> {
    home.worklist().iter().filter(|f| &f["child"] == child).map(|f| (text(&f["rule"]), f["reason"].clone())).collect()
}

#[test]
fn a_link_that_waits_makes_a_provisional_child_with_its_own_finding() {
    let (home, review) = with_review();
    assert_eq!(review["reason"], "name-dob-only");
    assert_ne!(review["child"], review["provisional"]);
    assert_eq!(home.children(&Person::of(1).surname).len(), 2);
    assert_eq!(findings_of(&home, &review["provisional"]), [("no-provision".into(), "unsure-link".into())]);
    assert_eq!(findings_of(&home, &review["child"]), []);
}

#[test]
fn the_same_child_keeps_its_number_and_undone_there_are_two_again() {
    let (home, review) = with_review();
    let (id, child, provisional) = (text(&review["id"]), text(&review["child"]), text(&review["provisional"]));
    home.run(&["review", "same", &id, "--reason", "spoke to the mother"]).expect(0);
    let found = home.children(&Person::of(1).surname);
    assert_eq!((found.len(), text(&found[0]["id"])), (1, child.clone()));
    assert_eq!(home.json(&["child", "show", &child, "--json"])["records"].as_array().unwrap().len(), 2);
    assert_eq!(home.worklist(), [] as [Value; 0], "on roll: nothing is open");
    let explained = home.json(&["child", "explain", &text(&review["record"]), "--json"]);
    assert_eq!((&explained["decisions"][0]["by"], &explained["decisions"][0]["same"]), (&"Test Officer".into(), &true.into()));
    let history = home.json(&["child", "history", &child, "--json"]);
    let joined = history.as_array().unwrap().iter().find(|e| e["kind"] == "joined").unwrap();
    assert_eq!((&joined["by"], &joined["detail"]), (&"Test Officer".into(), &"spoke to the mother".into()));
    // Tomorrow's list says the same: nothing waits again.
    health(&home, 22);
    assert_eq!(home.json(&["review", "list", "--json"]).as_array().unwrap().len(), 0);
    assert_eq!(home.children(&Person::of(1).surname).len(), 1);

    home.run(&["review", "undo", &id, "--reason", "it was the cousin"]).expect(0);
    let mut ids: Vec<String> = home.children(&Person::of(1).surname).iter().map(|c| text(&c["id"])).collect();
    ids.sort();
    let mut before = vec![child, provisional];
    before.sort();
    assert_eq!(ids, before);
    assert_eq!(home.json(&["review", "list", "--json"])[0]["id"], review["id"]);
    assert_eq!(findings_of(&home, &review["provisional"]), [("no-provision".into(), "unsure-link".into())]);
}

#[test]
fn different_children_stay_two_and_are_not_asked_about_again() {
    let (home, review) = with_review();
    home.run(&["review", "different", &text(&review["id"]), "--reason", "two addresses, two mothers"]).expect(0);
    assert_eq!(home.json(&["review", "list", "--json"]).as_array().unwrap().len(), 0);
    assert_eq!(findings_of(&home, &review["provisional"]), [("no-provision".into(), Value::Null)]);
    health(&home, 22);
    import(&home, 23, &pupils(0, 4)).expect(0);
    assert_eq!(home.json(&["review", "list", "--json"]).as_array().unwrap().len(), 0);
    assert_eq!(home.children(&Person::of(1).surname).len(), 2);
}

#[test]
fn a_decision_can_be_taken_once() {
    let (home, review) = with_review();
    let id = text(&review["id"]);
    assert_ne!(home.run(&["review", "undo", &id]).code, 0, "nothing is decided yet");
    home.run(&["review", "same", &id]).expect(0);
    assert_ne!(home.run(&["review", "different", &id]).code, 0);
    assert_ne!(home.run(&["review", "same", "banana"]).code, 0);
    assert_eq!(home.children(&Person::of(1).surname).len(), 1);
}

#[test]
fn only_officers_and_managers_decide_and_schools_bring_nothing_in() {
    let (home, item) = with_nobody();
    health(&home, 20);
    let review = text(&home.json(&["review", "list", "--json"])[0]["id"]);
    let before = (home.rows(), home.worklist());
    for who in ["Test Clerk", "Test Ict"] {
        for words in [
            &["quarantine", "fix", &item, "DOB=02/04/2014", "--reason", "x"][..],
            &["quarantine", "reject", &item, "--reason", "x"],
            &["review", "same", &review],
            &["review", "different", &review],
            &["review", "undo", &review],
        ] {
            let answer = home.run_as(who, words).expect(2);
            assert!(answer.err.contains(who) && answer.err.contains("officer, manager"), "{}", answer.err);
        }
    }
    let file = home.file("8524001_852LLLL_pupils_2026-11-23.csv", pupils(50, 2));
    for words in [&["sync"][..], &["import", "sims", file.to_str().unwrap()], &["import", "sims", file.to_str().unwrap(), "--dry-run"]] {
        assert!(home.run_as("Test Clerk", words).expect(2).err.contains("may not import files"));
    }
    assert_eq!((home.rows(), home.worklist()), before);
    home.run_as("Test Ict", &["import", "sims", file.to_str().unwrap(), "--partial"]).expect(0);
}

#[test]
fn who_does_not_stand_in_people_changes_nothing() {
    let (home, item) = with_nobody();
    let file = home.file("8524001_852LLLL_pupils_2026-11-23.csv", pupils(50, 2));
    let gias = home.file("gias.csv", "URN,LA (code)\n");
    for words in [
        &["sync"][..],
        &["import", "sims", file.to_str().unwrap()],
        &["import", "sims", file.to_str().unwrap(), "--dry-run"],
        &["quarantine", "fix", &item, "DOB=02/04/2014", "--reason", "x"],
        &["quarantine", "reject", &item, "--reason", "x"],
        &["release", "P1", "--reason", "x"],
        &["review", "same", "V1"],
        &["schools", "import", gias.to_str().unwrap()],
    ] {
        let answer = home.run(&[words, &["--as", "Nobody Known"]].concat()).expect(2);
        assert!(answer.err.contains("\"Nobody Known\" does not stand in [people]"), "{words:?}: {}", answer.err);
        assert!(answer.err.contains("Test Officer"), "{}", answer.err);
    }
    assert_eq!(home.rows(), [4, 3, 0, 1, 0]);
    // A reader who gives a name must be known too.
    assert_eq!(home.run(&["child", "find", "--name", "x", "--as", "Nobody Known"]).code, 2);
}
