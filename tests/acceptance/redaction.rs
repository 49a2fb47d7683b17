//! Names never leak: children whose every value can be told from any other text come in with faults of all kinds, and nothing
//! that people or logs see without asking for the child has one of the values.

use std::fs;
use std::path::Path;

use acceptance::{Answer, Home, LEAVERS, Person, SCHOOL, health, one, pupils, pupils_xml};

use crate::scanner::Scanner;

fn canaries() -> Vec<Person> {
    let canary = |n: u32| Person {
        surname: format!("Kanarienvogel{n}z"),
        forename: format!("Zwitscher{n}q"),
        street: format!("{n} Volierenweg"),
        postcode: format!("SO14 {}XQ", n % 10),
        ..Person::of(7000 + n)
    };
    (1..=12).map(canary).collect()
}

/// Files with faults of all kinds in which the canaries stand: (connector, source, name, text).
fn files(people: &[Person]) -> Vec<(&'static str, &'static str, &'static str, String)> {
    let rows: String = people.iter().map(Person::pupil).collect();
    let records: String = people.iter().map(Person::record).collect();
    let (head, p) = (acceptance::PUPILS, &people[0]);
    let with = |from: &str, to: &str| format!("{head}{}", rows.replace(from, to));
    let xml = |records: &str| format!("<?xml version=\"1.0\"?>\n<SuperStarReport>\n{records}</SuperStarReport>\n");
    vec![
        ("sims", "oakwood", "good.csv", format!("{head}{rows}")),
        ("sims", "oakwood", "headerless.csv", rows.clone()),
        ("sims", "oakwood", "dates.csv", with("/2014", "/1814")),
        ("sims", "oakwood", "words_for_dates.csv", with(&p.day(), &p.surname)),
        ("sims", "oakwood", "upns.csv", with("852", "8S2")),
        (
            "sims",
            "oakwood",
            "nobody.csv",
            format!("{head}{}", rows.replace(&format!("{:06},{}", p.number, p.upn), ",").replace(&p.day(), "")),
        ),
        ("sims", "oakwood", "ragged.csv", with(",Southampton", ",Southampton,Southampton,again")),
        ("sims", "oakwood", "codes.csv", with(",F,8,8A,", &format!(",{},{},8A,", p.surname, p.forename))),
        ("sims", "oakwood", "open_quote.csv", with(&p.surname, &format!("\"{}", p.surname))),
        ("sims", "oakwood", "twice.csv", with(&p.pupil(), &(p.pupil() + &p.pupil().replace(&p.day(), "01/02/2013")))),
        ("sims", "oakwood", "trailer.csv", format!("{head}{rows}TRAILER,99\n")),
        ("sims", "oakwood", "broken.xml", xml(&records.replace("</Legal_x0020_Surname>", "</Surname>"))),
        ("sims", "oakwood", "tag.xml", xml(&records.replace("<UPN>", &format!("<{}>", p.surname)))),
        ("sims", "oakwood", "entity.xml", xml(&records.replace(&p.forename, &format!("&{};", p.surname)))),
        ("sims", "oakwood", "doctype.xml", format!("<!DOCTYPE x [<!ENTITY a \"{}\">]>\n<SuperStarReport/>", p.surname)),
        ("sims", "oakwood", "half.xml", xml(&records)[..300].to_owned()),
        ("sims", "oakwood", "other.csv", format!("{}{}", acceptance::ONE, people.iter().map(Person::one).collect::<String>())),
        (
            "sims",
            "oakwood",
            "leavers.csv",
            format!("{LEAVERS}{}", people.iter().map(|p| p.leaver("20/11/2026", &p.surname, &p.forename)).collect::<String>()),
        ),
        (
            "capita-one",
            "one",
            "one.csv",
            format!("{}{}", acceptance::ONE, people.iter().map(Person::one).collect::<String>().replace("2014-", "2041-")),
        ),
        (
            "lists",
            "health",
            "health_2026-11-20.csv",
            format!("{}{}", acceptance::HEALTH, people.iter().map(Person::health).collect::<String>()),
        ),
        ("lists", "health", "undated.csv", format!("{}{}", acceptance::HEALTH, people.iter().map(Person::health).collect::<String>())),
        (
            "lists",
            "cross-border",
            "cross-border_2026-11-20.csv",
            format!(
                "UPN,School LAESTAB,School Name,Surname,Forename,DOB,Entry Date\n,{0},{0},{0},{1},{2},\n",
                p.surname,
                p.forename,
                p.day()
            ),
        ),
    ]
}

fn names_and_reasons(folder: &Path, found: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.extend(path.to_string_lossy().bytes().chain([b'\n']));
        if path.is_dir() {
            names_and_reasons(&path, found);
        } else if path.to_string_lossy().ends_with(".reason.txt") || path.ends_with("lock") {
            found.extend(fs::read(&path).unwrap());
        }
    }
}

/// What was said where nobody asked for a child: stderr of every command, and the whole answer of those that list no child.
fn said(all: &mut Vec<(String, Vec<u8>)>, words: &[&str], answer: &Answer, with_out: bool) {
    assert!(!answer.err.contains("panicked"), "{words:?}: {}", answer.err);
    let mut text = answer.err.clone().into_bytes();
    if with_out {
        text.extend(answer.out.bytes());
    }
    all.push((words.join(" "), text));
}

#[test]
fn no_value_of_a_child_stands_where_nobody_asked_for_the_child() {
    let home = Home::new(SCHOOL);
    let people = canaries();
    let scanner = Scanner::of_people(&people);
    let mut all = Vec::new();
    let mut run = |words: &[&str], with_out: bool| {
        let answer = home.run(words);
        said(&mut all, words, &answer, with_out);
        answer
    };
    for (connector, source, name, text) in files(&people) {
        let file = home.file(name, &text);
        let path = file.to_str().unwrap();
        for more in [&["--dry-run"][..], &["--json"], &[]] {
            run(&[&["import", connector, path, "--source", source], more].concat(), true);
        }
        home.drop_aged(source, name, text.replace('\n', "\n\n"), 60);
    }
    run(&["sync"], true);
    run(&["sync", "--json"], true);
    for words in [&["ledger"][..], &["ledger", "--json"], &["quarantine", "list"], &["quarantine", "list", "--json"], &["hold", "list"]] {
        run(words, true);
    }
    for words in [&["review", "list", "--json"][..], &["worklist"], &["worklist", "--json"], &["check"], &["connectors"]] {
        run(words, true);
    }
    let items = home.json(&["quarantine", "list", "--json"]);
    assert!(!items.as_array().unwrap().is_empty(), "{items}");
    let item = items[0]["id"].as_str().unwrap();
    run(&["quarantine", "show", item], false);
    run(&["quarantine", "fix", item, "DOB=next week", "--reason", "x"], true);
    run(&["quarantine", "fix", item, &format!("{}=1", people[0].surname.len()), "--reason", "x"], true);
    run(&["quarantine", "reject", item, "--reason", "x"], true);
    run(&["child", "find", "--name", "Kanarienvogel1z"], false);
    run(&["child", "show", "C1"], false);
    run(&["child", "history", "C1"], false);
    run(&["child", "explain", "R1"], false);
    let mut folder = Vec::new();
    names_and_reasons(&home.dir(), &mut folder);
    all.push(("names of files, and reasons".to_owned(), folder));
    for (words, text) in &all {
        let hits = scanner.hits(text);
        assert!(hits.is_empty(), "`onroll {words}` told {hits:?}: {}", String::from_utf8_lossy(text));
    }
    assert!(home.run(&["child", "find", "--name", "Kanarienvogel1z"]).out.contains("Kanarienvogel1z"), "the canaries came in");
}

#[test]
fn the_scanner_finds_each_value_in_each_form() {
    let people = canaries();
    let scanner = Scanner::of_people(&people);
    for planted in [
        people[3].surname.to_uppercase(),
        format!("x{}y", people[3].upn),
        people[3].day(),
        people[3].dob.format("%Y%m%d").to_string(),
        people[3].postcode.replace(' ', "%20"),
        people[3].nhs.clone(),
        people[3].street.clone(),
    ] {
        assert!(!scanner.hits(planted.as_bytes()).is_empty(), "{planted}");
    }
    for nothing in ["", "P1 pupils.csv: 3 rows read = 3 accepted", &one(0, 3), &pupils(0, 3), &health(0, 3), &pupils_xml(0, 3)] {
        assert!(scanner.hits(nothing.as_bytes()).is_empty(), "{nothing}");
    }
}
