//! Whose file it is, of which day, complete or not, and which mapping reads it: what a person says, the file's name, its
//! columns, config; and what is said where none of them tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use acceptance::{Answer, HEALTH, Home, PUPILS, Person, SCHOOL, counts, health, pupils};
use serde_json::Value;
use sha2::{Digest, Sha256};

fn import(home: &Home, connector: &str, file: &Path, more: &[&str]) -> Answer {
    let mut words = vec!["import", connector, file.to_str().unwrap(), "--json"];
    words.extend(more);
    home.run(&words)
}

/// The newest payload in the ledger.
fn newest(home: &Home) -> Value {
    home.json(&["ledger", "--json"])["payloads"].as_array().unwrap().last().unwrap().clone()
}

#[test]
fn the_source_is_what_the_person_says_before_what_the_name_or_config_says() {
    let home = Home::new(&(SCHOOL.to_owned() + &SCHOOL.replace("oakwood", "elmwood").replace("8524001", "8524002")));
    let file = home.file("pupils.csv", pupils(0, 2));
    import(&home, "sims", &file, &[]).expect(2);
    import(&home, "sims", &file, &["--source", "elmwood"]).expect(0);
    assert_eq!(newest(&home)["source"], "elmwood");
    import(&home, "sims", &home.file("8524002_852LLLL_pupils001.csv", pupils(20, 2)), &["--source", "oakwood"]).expect(0);
    assert_eq!(newest(&home)["source"], "oakwood");
}

#[test]
fn in_a_drop_folder_a_file_named_for_another_school_is_in_the_wrong_place() {
    let home = Home::new(SCHOOL);
    home.drop_file("oakwood", "8524002_852LLLL_pupils001.csv", pupils(0, 2));
    let answer = home.run(&["sync"]).expect(1);
    assert!(answer.err.contains("is named for school 8524002, but source \"oakwood\" is school 8524001"), "{}", answer.err);
    assert_eq!(home.names("drop/oakwood/failed").len(), 2);
    assert_eq!(home.rows(), [0; 5]);
}

#[test]
fn a_source_that_config_does_not_know_may_be_said() {
    let home = Home::new("");
    import(&home, "sims", &home.file("a.csv", pupils(0, 2)), &["--source", "8524007"]).expect(0);
    assert_eq!(newest(&home)["source"], "8524007");
    let shown = home.json(&["child", "show", "C1", "--json"]);
    assert_eq!(shown["records"][0]["source"], "8524007");
}

#[test]
fn the_file_name_names_the_school_and_config_names_its_source() {
    let home = Home::new(SCHOOL);
    import(&home, "sims", &home.file("8524001_852LLLL_pupils001.csv", pupils(0, 2)), &[]).expect(0);
    assert_eq!(newest(&home)["source"], "oakwood");
    import(&home, "sims", &home.file("8524002_852LLLL_pupils001.csv", pupils(50, 2)), &[]).expect(0);
    assert_eq!(newest(&home)["source"], "8524002");
}

#[test]
fn one_source_of_the_connector_in_config_is_the_source() {
    let home = Home::new(SCHOOL);
    import(&home, "sims", &home.file("pupils.csv", pupils(0, 2)), &[]).expect(0);
    assert_eq!(newest(&home)["source"], "oakwood");
}

#[test]
fn where_nothing_names_the_source_the_command_ends_with_2_and_says_what_to_give() {
    let home = Home::new("");
    for name in ["pupils.csv", "8524001.csv"] {
        let answer = import(&home, "sims", &home.file(name, pupils(0, 2)), &[]).expect(2);
        assert!(answer.err.contains(name) && answer.err.contains("--source NAME"), "{}", answer.err);
        assert!(answer.err.contains("8524001_852LLLL_") && answer.err.contains("[[source]]"), "{}", answer.err);
    }
    // Six lists stand in config, and the name does not say which.
    let answer = import(&home, "lists", &home.file("list_2026-11-20.csv", health(0, 2)), &[]).expect(2);
    assert!(answer.err.contains("--source NAME"), "{}", answer.err);
    assert_eq!(home.json(&["ledger", "--json"])["payloads"].as_array().unwrap().len(), 0);
}

#[test]
fn a_source_of_another_connector_is_wrong_usage() {
    let home = Home::new(SCHOOL);
    let answer = import(&home, "sims", &home.file("pupils.csv", pupils(0, 2)), &["--source", "health"]).expect(2);
    assert!(answer.err.contains("source \"health\" belongs to connector lists"), "{}", answer.err);
    let answer = import(&home, "simms", &home.file("pupils.csv", pupils(0, 2)), &[]).expect(2);
    assert!(answer.err.contains("there is no connector \"simms\"") && answer.err.contains("capita-one"), "{}", answer.err);
}

#[test]
fn the_day_of_a_file_is_what_the_person_says_then_its_name_then_its_column() {
    let home = Home::new("");
    let column = HEALTH.replace('\n', ",Extract Date\n") + &Person::of(0).health().replace('\n', ",05/10/2026\n");
    let with_source = |more: &'static [&'static str]| [&["--source", "health"], more].concat();
    import(&home, "lists", &home.file("health_2026-11-20.csv", &column), &with_source(&["--as-of", "2026-11-22"])).expect(0);
    assert_eq!(newest(&home)["as_of"], "2026-11-22");
    import(&home, "lists", &home.file("health_2026-11-20.csv", column.clone() + "\n"), &with_source(&[])).expect(0);
    assert_eq!(newest(&home)["as_of"], "2026-11-20");
    import(&home, "lists", &home.file("health.csv", column.clone() + "\n\n"), &with_source(&[])).expect(0);
    assert_eq!(newest(&home)["as_of"], "2026-10-05");
}

#[test]
fn a_list_without_a_day_ends_with_2_since_an_undated_list_is_never_an_answer() {
    let home = Home::new("");
    let answer = import(&home, "lists", &home.file("health.csv", health(0, 2)), &["--source", "health"]).expect(2);
    assert!(answer.err.contains("health.csv does not say of which day it is") && answer.err.contains("--as-of"), "{}", answer.err);
    assert_eq!(home.rows(), [0; 5]);
    // A night cannot ask: the file ends in failed/ with what to do.
    home.drop_file("health", "health.csv", health(0, 2));
    let answer = home.run(&["sync"]).expect(1);
    assert!(answer.err.contains("health.csv does not say of which day it is"), "{}", answer.err);
    assert_eq!(home.names("drop/health/failed"), ["health.csv", "health.csv.reason.txt"]);
    // A school's own report is as of the day it came.
    import(&home, "sims", &home.file("pupils.csv", pupils(0, 2)), &["--source", "8524001"]).expect(0);
    assert_eq!(newest(&home)["as_of"], "2026-11-24");
}

#[test]
fn whether_a_file_is_complete_is_what_the_person_says_before_what_config_says() {
    let home = Home::new(SCHOOL);
    for (name, more, complete) in [("a.csv", &[][..], true), ("b.csv", &["--partial"], false)] {
        import(&home, "sims", &home.file(name, pupils(0, 2) + &"\n".repeat(more.len())), more).expect(0);
        assert_eq!(newest(&home)["complete"], complete);
    }
    let other = home.file("8524009_852LLLL_pupils001.csv", pupils(100, 2));
    import(&home, "sims", &other, &[]).expect(0);
    assert_eq!(newest(&home)["complete"], false, "nobody said it of this school");
    assert_eq!(import(&home, "sims", &other, &["--complete", "--partial"]).code, 2);
}

#[test]
fn a_file_that_fits_two_mappings_is_rejected_until_one_is_named() {
    let home = Home::new("");
    let own = |wanted: &str| {
        format!(
            "title = \"T\"\ndataset = \"d-{wanted}\"\nroll = false\nas_of = \"arrival\"\nrequires = [\"Ref\", \"{wanted}\"]\n\n[[field]]\nto = \"source_id\"\nfrom = \"Ref\"\n\n[[field]]\nto = \"name.surname\"\nfrom = \"{wanted}\"\n"
        )
    };
    fs::create_dir_all(home.dir().join("mappings/lists")).unwrap();
    home.write("mappings/lists/first.toml", &own("Family"));
    home.write("mappings/lists/second.toml", &own("Sur"));
    let file = home.file("x.csv", "Ref,Family,Sur\n1,Example,Example\n");
    let answer = import(&home, "lists", &file, &["--source", "other"]).expect(1);
    assert!(answer.err.contains("fit more than one mapping (lists/first, lists/second): give --mapping"), "{}", answer.err);
    assert_eq!(counts(&answer.json()["rows"]), [0; 5]);
    let answer = import(&home, "lists", &file, &["--source", "other", "--mapping", "lists/second"]).expect(0);
    assert_eq!(counts(&answer.json()["rows"]), [1, 1, 0, 0, 0]);
    let answer = import(&home, "lists", &file, &["--source", "other", "--mapping", "lists/third"]).expect(2);
    assert!(answer.err.contains("there is no mapping \"lists/third\"") && answer.err.contains("lists/first"), "{}", answer.err);
}

#[test]
fn a_mapping_may_be_given_by_its_path() {
    let home = Home::new("");
    fs::create_dir_all(home.outside("lists")).unwrap();
    let mapping = home.file("lists/refuge.toml", "title = \"T\"\ndataset = \"refuge\"\nroll = false\nas_of = \"arrival\"\nrequires = [\"Nr\"]\n\n[[field]]\nto = \"source_id\"\nfrom = \"Nr\"\n");
    let file = home.file("x.csv", "Nr\n1\n2\n");
    let answer = import(&home, "lists", &file, &["--source", "other", "--mapping", mapping.to_str().unwrap()]).expect(0);
    assert_eq!(counts(&answer.json()["rows"]), [2, 2, 0, 0, 0]);
    let ledger = newest(&home);
    assert_eq!(ledger["dataset"], "refuge");
}

#[test]
fn the_same_bytes_again_are_a_duplicate_and_change_nothing() {
    let home = Home::new(SCHOOL);
    let file = home.file("pupils.csv", pupils(0, 3));
    let first = import(&home, "sims", &file, &[]).expect(0).json();
    let again = import(&home, "sims", &home.file("again.csv", pupils(0, 3)), &[]).expect(0).json();
    assert_eq!(again["payloads"][0]["duplicate_of"], first["payloads"][0]["id"]);
    assert_eq!((counts(&again["rows"]), home.rows()), ([0; 5], [3, 3, 0, 0, 0]));
    // Other bytes, other order, no changed row.
    let turned = [2, 1, 0].map(|n| Person::of(n).pupil()).concat();
    let turned = PUPILS.to_owned() + &turned;
    let answer = import(&home, "sims", &home.file("turned.csv", turned), &[]).expect(0).json();
    assert_eq!(counts(&answer["rows"]), [3, 0, 3, 0, 0]);
}

/// SHA-256 of every file below a folder; a lock holds nothing.
fn hashes(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.insert(path.display().to_string(), String::new());
            all.extend(hashes(&path));
        } else if path.file_name().unwrap() != "lock" {
            all.insert(path.display().to_string(), format!("{:?}", Sha256::digest(fs::read(&path).unwrap())));
        }
    }
    all
}

#[test]
fn a_dry_run_shows_child_by_child_what_would_change_and_writes_nothing() {
    let home = Home::new(SCHOOL);
    import(&home, "sims", &home.file("pupils.csv", pupils(0, 5)), &[]).expect(0);
    let (moved, gone) = (Person::of(1), Person::of(4));
    let text = pupils(0, 4).replace(&moved.pupil(), &moved.pupil().replace("Test Road", "Other Road")) + &Person::of(70).pupil();
    let file = home.file("next.csv", text);
    let before = hashes(&home.dir());
    let answer = import(&home, "sims", &file, &["--dry-run"]).expect(0);
    assert_eq!(hashes(&home.dir()), before);
    let run = &answer.json()[0];
    assert_eq!(counts(&run["rows"]), [5, 2, 3, 0, 0]);
    let child = |p: &Person| home.children(&p.surname)[0]["id"].clone();
    let mut changes: Vec<_> =
        run["changes"].as_array().unwrap().iter().map(|c| (c["what"].as_str().unwrap(), c["child"].clone())).collect();
    changes.sort_by_key(|(what, _)| *what);
    assert_eq!(changes, [("changed", child(&moved)), ("gone", child(&gone)), ("new-child", Value::Null)]);
    assert!(answer.out.contains("addresses"), "{}", answer.out);
    assert_eq!(home.rows(), [5, 5, 0, 0, 0]);
}

#[test]
fn a_dry_run_in_a_home_without_a_database_makes_none() {
    let home = Home::new(SCHOOL);
    let before = hashes(&home.dir());
    let answer = import(&home, "sims", &home.file("pupils.csv", pupils(0, 2)), &["--dry-run"]).expect(0);
    assert_eq!(counts(&answer.json()[0]["rows"]), [2, 2, 0, 0, 0]);
    assert_eq!(hashes(&home.dir()), before);
}
