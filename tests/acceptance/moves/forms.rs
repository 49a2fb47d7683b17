//! The same report as a table, as JSON in two forms, and as the event of a housing system.

use acceptance::{Move, OAKWOOD, Town, housing};
use serde_json::Value;

use super::child;

/// A report of one move in each form: ending of the file and its text.
fn forms(m: &Move) -> [(&'static str, String); 5] {
    [
        ("csv", housing(std::slice::from_ref(m))),
        ("json", Value::Array(vec![m.object()]).to_string()),
        ("json", serde_json::to_string_pretty(&vec![m.object()]).unwrap()),
        ("jsonl", format!("{}\n", m.object())),
        ("json", m.object().to_string()),
    ]
}

#[test]
fn a_table_an_array_lines_and_one_object_say_the_same() {
    let mut told = Vec::new();
    for (ending, text) in forms(&Move::of(&child(1))) {
        let mut town = Town::new();
        town.housing_file(ending, &text);
        town.run(&["sync", "housing"]).expect(0);
        assert_eq!(town.out(OAKWOOD), ["852LLLL_8524001_addr0001.csv"], "{ending}: {text}");
        told.extend(town.told(OAKWOOD));
    }
    assert!(told.iter().all(|row| *row == told[0]), "{told:?}");
}

#[test]
fn many_changes_in_one_file_are_each_told() {
    let moves: Vec<Move> = (1..10).map(|n| Move::of(&child(n))).collect();
    let objects: Vec<Value> = moves.iter().map(Move::object).collect();
    let lines: String = objects.iter().map(|o| format!("{o}\n")).collect();
    for (ending, text) in [("csv", housing(&moves)), ("json", Value::Array(objects).to_string()), ("jsonl", lines)] {
        let mut town = Town::new();
        let name = town.housing_file(ending, &text);
        let report = town.run(&["sync", "housing", "--json"]).expect(0).json();
        assert_eq!(acceptance::counts(&report["rows"]), [9, 9, 0, 0, 0], "{name}: {report}");
        let mut streets = town.streets(OAKWOOD);
        streets.sort();
        assert_eq!(streets, (1..10).map(|n| format!("{n} Other Street")).collect::<Vec<_>>());
        let sequence: Vec<String> = (1..10).map(|n| format!("852LLLL_8524001_addr{n:04}.csv")).collect();
        assert_eq!(town.out(OAKWOOD), sequence);
    }
}

#[test]
fn an_event_is_the_move_of_whoever_lives_at_the_old_address() {
    for text in [Move::of(&child(1)).event().to_string(), Value::Array(vec![Move::of(&child(1)).event()]).to_string()] {
        let mut town = Town::new();
        town.housing_file("json", &text);
        town.run(&["sync"]).expect(0);
        let told = town.told(OAKWOOD);
        assert_eq!(told.len(), 1, "{text}");
        let row = &told[0];
        assert_eq!((row["upn"].as_str(), row["address.postcode"].as_str()), (child(1).upn.as_str(), "SO16 4BB"));
        assert_eq!((row["address.lines"].as_str(), row["address.from"].as_str()), ("1 Other Street", "2026-11-20"));
    }
}

#[test]
fn an_event_without_the_old_address_is_a_task() {
    let mut town = Town::new();
    let mut event = Move::of(&child(1)).event();
    event["eventData"]["oldData"] = serde_json::json!({});
    town.housing_file("json", &event.to_string());
    town.run(&["sync"]).expect(0);
    assert_eq!((town.tasks(), town.outbox().len()), (vec!["who-moved".to_owned()], 0));
}

#[test]
fn a_file_that_is_none_of_these_is_rejected_with_the_place_of_its_fault() {
    let half = format!("{}\n{{\"reference\": \n", Move::of(&child(1)).object());
    for (ending, text, words) in [
        ("json", "{\"reference\": ".to_owned(), "line 1"),
        ("json", "[1, 2, 3]".to_owned(), "fit no mapping"),
        ("csv", "a,b\n1,2\n".to_owned(), "fit no mapping"),
        ("jsonl", half, "line 3"),
    ] {
        let town = Town::new();
        town.drop_aged("housing", &format!("moves.{ending}"), &text, 60);
        let answer = town.run(&["sync", "housing"]).expect(1);
        assert!(answer.err.contains(words), "{text}: {}", answer.err);
        assert!(town.names("drop/housing/failed").iter().any(|n| n.starts_with("moves.")));
    }
}

#[test]
fn a_change_that_says_no_day_or_no_kind_is_not_guessed() {
    for (key, value) in [("moved_on", "soon"), ("moved_on", ""), ("kind", "holiday")] {
        let mut town = Town::new();
        let mut object = Move::of(&child(1)).object();
        object[key] = value.into();
        town.housing_file("json", &Value::Array(vec![object]).to_string());
        let answer = town.run(&["sync", "housing"]);
        assert!(answer.code <= 1, "{key}={value}: {}", answer.err);
        let rows = town.rows();
        assert!(key == "kind" || town.out(OAKWOOD).is_empty(), "{key}={value}: {rows:?} {:?}", town.told(OAKWOOD));
    }
}
