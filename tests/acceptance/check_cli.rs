//! `check`, `init`, `schools import`, `mapping test`, `schema` and the home itself: every fault has its place and a hint.

use std::fs;
use std::process::Command;

use acceptance::{Home, Person, SCHOOL, binary, pupils};
use serde_json::Value;

/// `check` ends with 2 and says these words, and nothing else works with such a home.
#[track_caller]
fn faulty(mut home: Home, words: &[&str]) {
    home.balance = false;
    let answer = home.run(&["check"]).expect(2);
    home.run(&["sync"]).expect(2);
    home.run(&["ledger"]).expect(2);
    for word in words {
        assert!(answer.err.contains(word), "\"{word}\" is not said: {}", answer.err);
    }
}

fn config(home: &Home) -> String {
    fs::read_to_string(home.dir().join("onroll.toml")).unwrap()
}

#[test]
fn what_init_writes_is_in_order_and_is_never_written_over() {
    let home = Home::new("");
    assert!(home.run(&["check"]).expect(0).err.contains("in order: 8 sources"));
    let again = Command::new(binary()).arg("init").arg(home.dir()).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is not empty"));
}

#[test]
fn an_unknown_key_of_onroll_toml_is_told_with_line_and_column() {
    let home = Home::new("");
    home.write("onroll.toml", &(config(&home) + "\n[[source]]\nid = \"oakwood\"\nconnector = \"sims\"\nlast = \"8524001\"\n"));
    let line = config(&home).lines().count();
    faulty(home, &[&format!("onroll.toml:{line}:1: "), "last", "see README"]);
}

#[test]
fn wrong_values_of_onroll_toml_are_told_with_line_and_column() {
    for (from, to, words) in [
        ("authority = \"852\"", "authority = \"85\"", "no valid local authority code"),
        ("\"Test Clerk\" = \"school\"", "\"Test Clerk\" = \"boss\"", "officer, manager"),
        ("max_age_days = 7", "max_age_days = \"soon\"", "expected u32"),
        ("shrink_share = 0.2", "shrink_share = 0.2.1", "see README"),
    ] {
        let home = Home::new("");
        let text = config(&home);
        let line = text.lines().position(|l| l.contains(from)).unwrap() + 1;
        home.write("onroll.toml", &text.replacen(from, to, 1));
        faulty(home, &[&format!("onroll.toml:{line}:"), words]);
    }
}

#[test]
fn a_source_of_a_connector_or_mapping_that_is_not_there_is_told() {
    let home = Home::new(
        "\n[[source]]\nid = \"x\"\nconnector = \"simms\"\n\n[[source]]\nid = \"y\"\nconnector = \"lists\"\nmapping = \"lists/healh\"\n",
    );
    let line = config(&home).lines().collect::<Vec<_>>().iter().rposition(|l| *l == "[[source]]").unwrap() + 1;
    faulty(
        home,
        &[
            "2 faults",
            &format!("onroll.toml:{line}:1: source \"y\""),
            "source \"x\": there is no connector \"simms\"",
            "capita-one",
            "there is no mapping \"lists/healh\"",
            "lists/health",
        ],
    );
}

#[test]
fn two_sources_of_one_id_are_told_at_the_second() {
    let home = Home::new(&SCHOOL.repeat(2));
    let line = config(&home).lines().collect::<Vec<_>>().iter().rposition(|l| *l == "[[source]]").unwrap() + 1;
    faulty(home, &[&format!("onroll.toml:{line}:1: "), "source \"oakwood\" stands here twice"]);
}

#[test]
fn faults_of_the_tables_are_told_with_line_and_column_all_at_once() {
    let home = Home::new("");
    home.write("area.csv", "postcode,la\nSO14,852\nSO15,85x\n");
    home.write("schools.csv", "laestab,urn,name,phase,la,mis,lowest_year,highest_year,channel,link_ewo,list_outstanding\n8524001,,Oakwood,secondary,852,,7,11,,,\n85240,,Elm,secondary,852,,7,11,,,\n");
    home.write(
        "calendar/2026-27.toml",
        "bank_holidays = [2026-12-25]\n\n[[term]]\nname = \"Autumn\"\nfrom = 2026-12-18\nto = 2026-09-02\n",
    );
    faulty(
        home,
        &["3 faults", "area.csv:3:6: la is no local authority code", "schools.csv:3:1: laestab is none", "calendar/2026-27.toml:"],
    );
}

#[test]
fn a_fault_of_the_calendar_is_told_with_line_and_column() {
    let home = Home::new("");
    home.write("calendar/2026-27.toml", "bank_holidays = [2026-12-25]\nhalf_term = 3\n");
    faulty(home, &["calendar/2026-27.toml:2:1: "]);
}

#[test]
fn a_fault_of_the_homes_own_mapping_is_told_with_line_and_column() {
    let home = Home::new("");
    fs::create_dir_all(home.dir().join("mappings/sims")).unwrap();
    home.write("mappings/sims/pupils.toml", "title = \"T\"\ndataset = \"pupils\"\nroll = true\nas_of = \"arrival\"\nrequires = [\"Nr\"]\n\n[[field]]\nto = \"source_idd\"\nfrom = \"Nr\"\n");
    faulty(home, &["mappings/sims/pupils.toml:8:", "source_idd", "did you mean `source_id`?"]);
}

#[test]
fn a_missing_file_of_the_home_is_exit_2_with_a_hint() {
    for (name, hint) in [("area.csv", "postcode,la"), ("schools.csv", "onroll schools import"), ("onroll.toml", "onroll init")] {
        let home = Home::new("");
        fs::remove_file(home.dir().join(name)).unwrap();
        faulty(home, &[name, hint]);
    }
    let home = Home::new("");
    fs::remove_file(home.dir().join("calendar/2026-27.toml")).unwrap();
    faulty(home, &["there is no school year", "onroll init writes an example"]);
}

#[test]
fn a_homes_own_mapping_beats_the_one_compiled_in() {
    let home = Home::new(SCHOOL);
    let shipped = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../mappings/sims/pupils.toml")).unwrap();
    fs::create_dir_all(home.dir().join("mappings/sims")).unwrap();
    home.write("mappings/sims/pupils.toml", &shipped.replace("\"DOB\"", "\"Birthday\""));
    let file = home.file("pupils.csv", pupils(0, 2).replace(",DOB,", ",Birthday,"));
    home.run(&["import", "sims", file.to_str().unwrap()]).expect(0);
    assert_eq!(home.children(&Person::of(1).surname)[0]["dob"], Person::of(1).dob.to_string());
    // Its shipped cases no longer fit the headings, and `mapping test` says so.
    let answer = home.run(&["mapping", "test", "sims/pupils"]).expect(1);
    assert!(answer.err.contains("FAILED") && answer.err.contains(" failed"), "{}", answer.err);
}

#[test]
fn the_cases_beside_all_mappings_pass() {
    let home = Home::new("");
    let answer = home.run(&["mapping", "test"]).expect(0);
    assert!(answer.err.contains(", 0 failed"), "{}", answer.err);
    assert!(home.run(&["mapping", "test", "lists/health"]).expect(0).err.lines().count() > 2);
    assert_eq!(home.run(&["mapping", "test", "lists/banana"]).code, 2);
}

#[test]
fn the_schema_is_json_schema_of_2020_12() {
    let home = Home::new("");
    let schema = home.json(&["schema", "--json"]);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let text = schema.to_string();
    for word in ["enrolments", "addresses", "upn", "home_education", "moved_away"] {
        assert!(text.contains(word), "{word}");
    }
    // Every reference leads somewhere.
    let all = text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    for pointer in all {
        assert!(schema.pointer(&pointer).is_some(), "{pointer}");
    }
}

#[test]
fn the_connectors_are_listed_with_their_mappings() {
    let home = Home::new("");
    let list = home.json(&["connectors", "--json"]);
    let names: Vec<&str> = list.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["capita-one", "housing", "lists", "sims"]);
    for connector in list.as_array().unwrap() {
        for key in ["direction", "transports", "config_keys", "mappings", "last_run", "next_run"] {
            assert!(!connector[key].is_null() || key.ends_with("_run"), "{key}: {connector}");
        }
        assert!(!connector["mappings"].as_array().unwrap().is_empty(), "{connector}");
    }
}

#[test]
fn a_home_that_was_moved_goes_on_as_before() {
    let home = Home::new(SCHOOL);
    home.drop_file("oakwood", "pupils.csv", pupils(0, 3));
    home.run(&["sync"]).expect(0);
    let moved = home.outside("elsewhere");
    fs::rename(home.dir(), &moved).unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(binary());
        command.args(args).env("ONROLL_HOME", &moved).env("ONROLL_USER", "Test Officer").env("ONROLL_NOW", acceptance::TODAY);
        command.output().unwrap()
    };
    fs::write(moved.join("drop/oakwood/next.csv"), pupils(0, 4)).unwrap();
    assert!(run(&["sync"]).status.success());
    let ledger: Value = serde_json::from_slice(&run(&["ledger", "--json"]).stdout).unwrap();
    assert_eq!(acceptance::counts(&ledger["rows"]), [7, 4, 3, 0, 0]);
    fs::rename(&moved, home.dir()).unwrap();
}

#[test]
fn the_home_may_be_named_before_or_after_the_verb() {
    let home = Home::new("");
    let dir = home.dir();
    for words in [["--home", dir.to_str().unwrap(), "check"], ["check", "--home", dir.to_str().unwrap()]] {
        assert!(Command::new(binary()).args(words).output().unwrap().status.success());
    }
    let nowhere = Command::new(binary()).args(["check", "--home", home.outside("nowhere").to_str().unwrap()]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
}

#[test]
fn strict_ends_with_3_where_a_record_needs_attention_and_with_0_where_none_does() {
    let home = Home::new(SCHOOL);
    let good = home.file("a.csv", pupils(0, 2).replace(",Reg,", ",Reg,Colour,").replace(",8A,", ",8A,blue,"));
    home.run(&["import", "sims", good.to_str().unwrap(), "--strict"]).expect(0);
    let bad = home.file("b.csv", pupils(0, 2).replace("SO14 0AA", "SO14"));
    home.run(&["import", "sims", bad.to_str().unwrap(), "--strict"]).expect(3);
    let waits = home.file("c.csv", pupils(0, 2) + ",,,Ada,,F,8,8A,04/09/2024,1,Test Road,Southampton,SO14 0AA\n");
    home.run(&["import", "sims", waits.to_str().unwrap(), "--strict"]).expect(3);
    home.run(&["import", "sims", waits.to_str().unwrap()]).expect(0);
}
