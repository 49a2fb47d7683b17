//! What a file says of those it does not name, of the day it speaks of, and when it says nothing at all.

use acceptance::{Home, LEAVERS, PUPILS, Person, SCHOOL, health, pupils, pupils_xml};
use serde_json::Value;

fn drop_and_sync(home: &Home, source: &str, name: &str, text: &str) -> Value {
    home.drop_aged(source, name, text, 60);
    home.run(&["sync", "--json"]).expect(0).json()
}

/// The records of a child that a source told under that id: dataset and whether it is gone.
fn told(home: &Home, person: &Person) -> Vec<(String, bool)> {
    let found = home.json(&["child", "find", "--upn", &person.upn, "--json"]);
    let shown = home.json(&["child", "show", found[0]["id"].as_str().unwrap(), "--json"]);
    let mut told: Vec<(String, bool)> =
        shown["records"].as_array().unwrap().iter().map(|r| (r["dataset"].as_str().unwrap().to_owned(), !r["gone"].is_null())).collect();
    told.sort();
    told
}

#[test]
fn a_weeks_leavers_report_does_not_end_the_leavers_of_the_week_before() {
    let home = Home::new(SCHOOL);
    let (first, second) = (Person::of(1), Person::of(2));
    drop_and_sync(&home, "oakwood", "leavers_2026-11-17.csv", &(LEAVERS.to_owned() + &first.leaver("12/11/2026", "9(1)(h)", "")));
    drop_and_sync(&home, "oakwood", "leavers_2026-11-24.csv", &(LEAVERS.to_owned() + &second.leaver("19/11/2026", "9(1)(h)", "")));
    assert_eq!(told(&home, &first), [("leavers".to_owned(), false)], "the source is complete, a leavers report never is");
    // Said by hand, it counts.
    let file = home.file("8524001_852LLLL_all_2026-11-24.csv", LEAVERS.to_owned() + &second.leaver("19/11/2026", "9(1)(h)", "Parkside"));
    home.run(&["import", "sims", "--complete", file.to_str().unwrap()]).expect(0);
    assert_eq!(told(&home, &first), [("leavers".to_owned(), true)]);
}

#[test]
fn a_report_without_a_record_is_read_and_changes_nothing() {
    let home = Home::new(SCHOOL);
    drop_and_sync(&home, "oakwood", "pupils_2026-11-23.xml", &pupils_xml(0, 5));
    let report = drop_and_sync(&home, "oakwood", "leavers_2026-11-24.xml", "<SuperStarReport></SuperStarReport>");
    assert_eq!(report["payloads"][0]["rows"]["read"], 0, "{report}");
    assert_eq!(home.names("drop/oakwood/done"), ["leavers_2026-11-24.xml", "pupils_2026-11-23.xml"]);
    assert_eq!(told(&home, &Person::of(1)), [("pupils".to_owned(), false)]);
}

#[test]
fn a_full_export_that_breaks_off_leaves_what_waits_and_may_come_again() {
    let home = Home::new(SCHOOL);
    let nobody = ",,,,,F,8,8A,04/09/2024,1,Test Road,Southampton,SO14 0AA\n";
    drop_and_sync(&home, "oakwood", "pupils_2026-11-20.csv", &(pupils(0, 9) + nobody));
    let whole = pupils_xml(0, 9);
    let half = home.file("8524001_852LLLL_pupils_2026-11-23.xml", &whole[..whole.len() / 2]);
    for _ in 0..2 {
        // The same bytes fail again: they are no duplicate of something that was read.
        let answer = home.run(&["import", "sims", half.to_str().unwrap(), "--json"]).expect(1).json();
        assert_eq!(answer["payloads"][0]["duplicate_of"], Value::Null, "{answer}");
    }
    assert_eq!(home.json(&["quarantine", "list", "--json"]).as_array().unwrap().len(), 1);
    assert_eq!(told(&home, &Person::of(8)), [("pupils".to_owned(), false)], "nobody is ended by half a file");
}

#[test]
fn the_same_bytes_of_a_list_tell_again_what_they_told() {
    let mut home = Home::new("\n[[source]]\nid = \"clinic\"\nconnector = \"lists\"\nmapping = \"lists/health\"\nmax_age_days = 10\n");
    drop_and_sync(&home, "clinic", "clinic_2026-11-20.csv", &health(0, 1));
    home.set_now("2026-12-04T09:00:00Z");
    home.run(&["sync"]).expect(0);
    assert_eq!(home.findings("no-provision"), [("explained".to_owned(), "source-old".to_owned())]);
    let report = drop_and_sync(&home, "clinic", "clinic_2026-12-03.csv", &health(0, 1));
    assert_ne!(report["payloads"][0]["duplicate_of"], Value::Null);
    assert_eq!(home.findings("no-provision"), [("probable".to_owned(), String::new())]);
}

#[test]
fn a_decision_early_in_the_day_does_not_stand_for_the_days_check() {
    let mut home = Home::new("");
    let name_only = |n: u32| Person { street: format!("{n} Other Road"), postcode: "SO15 1AA".to_owned(), ..Person::of(n) };
    drop_and_sync(&home, "health", "health_2026-11-20.csv", &health(0, 12));
    let one = acceptance::ONE.to_owned() + &Person { upn: String::new(), ..name_only(3) }.one();
    drop_and_sync(&home, "one", "one_2026-11-23.csv", &one);
    let review = home.json(&["review", "list", "--json"])[0]["id"].as_str().unwrap().to_owned();
    // By then the lists are old, which nobody has looked at yet.
    home.set_now("2027-03-01T09:00:00Z");
    home.run(&["review", "different", &review, "--reason", "seen both"]).expect(0);
    let old = home.findings("no-provision").into_iter().filter(|(_, reason)| reason == "source-old").count();
    assert_eq!(old, 13, "twelve of the list and the one of ONE: {:?}", home.findings("no-provision"));
}

#[test]
fn a_header_of_pupils_alone_in_a_complete_source_waits_for_a_person() {
    let home = Home::new(SCHOOL);
    drop_and_sync(&home, "oakwood", "pupils_2026-11-20.csv", &pupils(0, 9));
    drop_and_sync(&home, "oakwood", "pupils_2026-11-23.csv", PUPILS);
    assert_eq!(home.json(&["hold", "list", "--json"]).as_array().unwrap().len(), 1);
    assert_eq!(told(&home, &Person::of(1)), [("pupils".to_owned(), false)]);
}
