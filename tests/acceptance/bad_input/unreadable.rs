//! Files that cannot be read, or not to their end.

use std::time::Instant;

use acceptance::{Home, Person, SCHOOL, health, one, pupils, pupils_xml};

use super::night;

#[test]
fn bytes_that_are_no_text_spoil_one_value_and_nothing_else() {
    // Mostly good UTF-8 with one torn character in a name.
    let text = pupils(0, 4)
        .replace("Test Road", "Rue Andr\u{e9}")
        .replace("Examplea,Ada", "Zo\u{eb}ly,Ada")
        .replace("Exampleb,Ada", "Bro\u{1}ken,Ada");
    let bytes: Vec<u8> = text.bytes().map(|b| if b == 1 { 0xff } else { b }).collect();
    let night = night("pupils.csv", bytes);
    night.done();
    assert_eq!(night.rows(), [4, 4, 0, 0, 0]);
    assert_eq!(night.problems(), [("bad-encoding".into(), "Legal Surname".into(), 1)]);
    assert_eq!(night.home.children("zoely").len(), 1);
}

#[test]
fn windows_1252_and_utf_16_are_read_as_what_they_are() {
    let text = pupils(0, 3).replace("Examplea,Ada", "M\u{fc}ller,Ada");
    let windows: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let utf_16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [windows, utf_16] {
        let night = night("pupils.csv", bytes);
        night.done();
        assert_eq!((night.rows(), night.problems()), ([3, 3, 0, 0, 0], vec![]));
        assert_eq!(night.home.children("muller")[0]["names"][0], "Ada M\u{fc}ller");
    }
}

#[test]
fn broken_xml_keeps_the_records_before_the_fault() {
    let text = pupils_xml(0, 5).replace(&Person::of(3).record(), "  <Record><Adno>000003</Adn></Record>\n");
    let night = night("pupils.xml", text);
    night.failed(&["(line 6)", "export the report again"]);
    assert_eq!(night.rows(), [3, 3, 0, 0, 0]);
    assert_eq!(night.home.children(&Person::of(2).surname).len(), 1);
}

#[test]
fn an_entity_bomb_is_refused_at_once() {
    let mut bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE SuperStarReport [\n<!ENTITY a \"aaaaaaaaaa\">\n".to_owned();
    for (this, before) in ('b'..='z').zip('a'..) {
        bomb += &format!("<!ENTITY {this} \"{}\">\n", format!("&{before};").repeat(10));
    }
    bomb += "]>\n<SuperStarReport><Record><Adno>&z;</Adno></Record></SuperStarReport>\n";
    let started = Instant::now();
    let night = night("pupils.xml", bomb);
    night.failed(&["DOCTYPE", "export the report from SIMS itself"]);
    assert_eq!(night.rows(), [0; 5]);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn an_entity_that_the_report_does_not_define_is_a_fault_at_its_line() {
    let night = night("pupils.xml", pupils_xml(0, 3).replace("Examplec<", "&secret;<"));
    night.failed(&["(line 5)"]);
    assert_eq!(night.rows(), [2, 2, 0, 0, 0]);
}

#[test]
fn of_half_a_file_the_whole_records_go_in_and_its_reason_names_the_line() {
    let text = pupils_xml(0, 8);
    let cut = text.find(&Person::of(6).record()).unwrap() + 60;
    let night = night("pupils.xml", &text[..cut]);
    night.failed(&["(line 9)", "breaks off", "send the whole file"]);
    assert_eq!(night.rows(), [6, 6, 0, 0, 0]);
    assert_eq!(night.home.children(&Person::of(5).surname).len(), 1);
    assert!(night.home.children(&Person::of(6).surname).is_empty());
}

#[test]
fn half_a_file_ends_nobody_and_the_whole_one_then_goes_in() {
    let night = night("pupils.xml", pupils_xml(0, 8));
    night.done();
    let half = pupils_xml(0, 8).replace("8A", "8B");
    night.home.drop_aged("oakwood", "half.xml", &half[..half.find("000004").unwrap()], 30);
    night.home.run(&["sync"]).expect(1);
    assert_eq!(night.home.names("drop/oakwood/failed"), ["half.xml", "half.xml.reason.txt"]);
    for n in 0..8 {
        let child = night.home.children(&Person::of(n).surname)[0]["id"].as_str().unwrap().to_owned();
        let shown = night.home.json(&["child", "show", &child, "--json"]);
        assert_eq!(shown["records"][0]["gone"], serde_json::Value::Null, "{shown}");
    }
}

#[test]
fn a_file_whose_end_is_not_there_yet_is_left_alone_until_it_is() {
    let home = Home::new(SCHOOL);
    let text = pupils_xml(0, 3);
    home.drop_file("oakwood", "pupils.xml", &text[..text.len() - 20]);
    let answer = home.run(&["sync"]).expect(0);
    assert!(answer.err.contains("oakwood/pupils.xml: its closing tag is not there yet"), "{}", answer.err);
    assert_eq!((home.names("drop/oakwood"), home.rows()), (vec!["done".into(), "failed".into(), "pupils.xml".into()], [0; 5]));
    home.drop_file("oakwood", "pupils.xml", &text);
    home.run(&["sync"]).expect(0);
    assert_eq!((home.names("drop/oakwood/done"), home.rows()), (vec!["pupils.xml".into()], [3, 3, 0, 0, 0]));
}

#[test]
fn a_csv_with_fewer_rows_than_its_last_line_says_is_half_a_file() {
    let night = night("pupils.csv", pupils(0, 4) + "TRAILER,6\n");
    night.failed(&["6 rows", "it has 4", "(line 6)", "send the whole file"]);
    assert_eq!(night.rows(), [4, 4, 0, 0, 0]);
}

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    let text = pupils(0, 4).replace("Examplec,Ada", "\"Examplec,Ada");
    let night = night("pupils.csv", text);
    night.failed(&["(line 4)"]);
    assert_eq!(night.rows(), [2, 2, 0, 0, 0]);
}

#[test]
fn an_empty_file_is_rejected() {
    let night = night("pupils.csv", "");
    night.failed(&["the file is empty", "export it again"]);
    assert_eq!(night.rows(), [0; 5]);
}

#[test]
fn a_header_alone_is_a_list_of_nobody() {
    let night = night("pupils.csv", acceptance::PUPILS);
    night.done();
    assert_eq!(night.rows(), [0; 5]);
}

#[test]
fn a_file_of_another_system_is_rejected_with_its_headings() {
    let other = night("pupils.csv", one(0, 3));
    other.failed(&["the headings fit no mapping of sims", "PersonID, UPN, FamilyName", "give the file to connector capita-one"]);
    assert_eq!(other.rows(), [0; 5]);
    for (name, bytes, words) in [
        ("transfer.xml", "<?xml version=\"1.0\"?>\n<CTfile><CTFpupilData/></CTfile>\n", "Common Transfer File"),
        ("page.csv", "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "web page"),
        ("list.csv", "[{\"name\": \"x\"}]", "JSON"),
        ("scan.csv", "%PDF-1.7\n1 0 obj\n", "PDF"),
    ] {
        let night = night(name, bytes);
        night.failed(&[words]);
        assert_eq!(night.rows(), [0; 5]);
    }
}

#[test]
fn a_file_without_a_header_does_not_have_its_first_row_told() {
    let text = pupils(0, 3);
    let night = night("pupils.csv", text.split_once('\n').unwrap().1);
    night.failed(&["13 values", "does not look like a header"]);
    assert_eq!(night.rows(), [0; 5]);
}

#[test]
fn a_renamed_column_is_told_with_all_headings_and_what_to_do() {
    let night = night("pupils.csv", pupils(0, 3).replace(",DOB,", ",Birthday,"));
    night.failed(&[
        "the headings fit no mapping of sims",
        "Birthday",
        "sims/pupils lacks DOB",
        "if a column was renamed, add its name to the mapping",
    ]);
    assert_eq!(night.rows(), [0; 5]);
}

#[test]
fn imported_by_hand_an_unreadable_file_stays_where_it_is_and_is_a_rejected_payload() {
    let home = Home::new(SCHOOL);
    let file = home.file("pupils.csv", one(0, 3));
    let answer = home.run(&["import", "sims", file.to_str().unwrap(), "--json"]).expect(1);
    assert!(answer.err.contains("pupils.csv: rejected: the headings fit no mapping"), "{}", answer.err);
    assert!(answer.json()["payloads"][0]["reason"].as_str().unwrap().contains("fit no mapping"));
    assert!(file.exists());
    assert_eq!(home.json(&["ledger", "--json"])["payloads"][0]["state"], "failed");
    let good = home.file("health_2026-11-20.csv", health(0, 2));
    home.run(&["import", "lists", "--source", "health", good.to_str().unwrap()]).expect(0);
    assert_eq!(home.rows(), [2, 2, 0, 0, 0]);
}
