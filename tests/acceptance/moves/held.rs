//! What does not leave by itself: restricted children, recipients without an agreement, agreements that ask for a person.

use acceptance::{Agreement, ELMWOOD, Move, OAKWOOD, ONE, Town};

use super::child;

/// The message waits for a person, with a task; nothing has left.
#[track_caller]
fn held(town: &Town, task: &str) {
    assert_eq!((town.states(), town.out(OAKWOOD).len()), (vec!["held".to_owned()], 0));
    assert_eq!((town.tasks(), town.disclosures().len()), (vec![task.to_owned()], 0));
}

#[test]
fn a_protected_child_is_told_to_nobody_until_a_person_releases_it() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1)).protected()]);
    held(&town, "restricted-child");
    assert_eq!(town.unknown_addresses(), [(town.id(&child(1)), "restricted".to_owned())]);
    let words = town.json(&["task", "list", "--json"])[0]["words"].as_str().unwrap().to_owned();
    assert!(words.contains("onroll release M1 --reason") && !words.contains("Other Street"), "{words}");
    let holds = town.json(&["hold", "list", "--json"]);
    assert_eq!((&holds[0]["id"], &holds[0]["kind"]), (&"M1".into(), &"message".into()), "{holds}");
    town.run(&["sync"]).expect(0);
    town.run(&["deliver"]).expect(0);
    held(&town, "restricted-child");
    for who in ["Test Clerk", "Test Ict"] {
        assert_eq!(town.run_as(who, &["release", "M1", "--reason", "x"]).code, 2, "{who}");
    }
    assert_eq!(town.run(&["release", "M1", "--reason", ""]).code, 2);
    assert_eq!(town.run(&["release", "M9", "--reason", "x"]).code, 1);
    held(&town, "restricted-child");
    town.run(&["release", "M1", "--reason", "the school is not where the danger is"]).expect(0);
    town.run(&["deliver"]).expect(0);
    assert_eq!((town.streets(OAKWOOD), town.states()), (vec!["1 Other Street".to_owned()], vec!["sent".to_owned()]));
    assert!(town.tasks().is_empty() && town.unknown_addresses().is_empty());
    town.run(&["sync"]).expect(0);
    assert_eq!(town.out(OAKWOOD).len(), 1);
    assert_eq!(town.run(&["release", "M1", "--reason", "again"]).code, 1);
}

#[test]
fn a_protected_familys_other_report_does_not_leave_either() {
    let mut town = Town::of([4, 94].into_iter(), [4].into_iter());
    town.moved(&[Move::of(&child(4)).of_nobody().protected()]);
    assert_eq!(town.states(), ["held"; 3]);
    assert!(town.out(OAKWOOD).is_empty() && town.out(ELMWOOD).is_empty());
    assert_eq!(town.tasks(), ["restricted-child"; 3]);
}

#[test]
fn an_alert_in_one_restricts_the_child() {
    let mut town = Town::new();
    let one = ONE.replace('\n', ",Alert,AlertStart\n") + &child(1).one().replace('\n', ",Protected Address,2026-05-01\n");
    let file = town.file("one_2026-11-23.csv", one);
    town.run(&["import", "capita-one", file.to_str().unwrap()]).expect(0);
    assert_eq!(town.json(&["child", "show", &town.id(&child(1)), "--json"])["restricted"], true);
    town.moved(&[Move::of(&child(1))]);
    held(&town, "restricted-child");
    // A person's word does not take a source's word away.
    assert_eq!(town.run(&["child", "unrestrict", &town.id(&child(1)), "--reason", "x"]).code, 1);
    held(&town, "restricted-child");
}

#[test]
fn restricting_a_child_holds_what_waits_and_taking_it_back_lets_it_go() {
    let mut town = Town::new();
    town.reported(&[Move::of(&child(1)), Move::of(&child(2))]);
    let id = town.id(&child(1));
    for who in ["Test Clerk", "Test Ict"] {
        assert_eq!(town.run_as(who, &["child", "restrict", &id, "--reason", "custody"]).code, 2, "{who}");
    }
    assert_eq!(town.run(&["child", "restrict", &id, "--reason", " "]).code, 2);
    assert_eq!(town.run(&["child", "restrict", "C999", "--reason", "x"]).code, 1);
    town.run(&["child", "restrict", &id, "--reason", "custody"]).expect(0);
    assert_eq!(town.json(&["child", "show", &id, "--json"])["restricted"], true);
    town.run(&["deliver"]).expect(0);
    assert_eq!((town.states(), town.streets(OAKWOOD)), (vec!["held".to_owned(), "sent".to_owned()], vec!["2 Other Street".to_owned()]));
    assert_eq!(town.tasks(), ["restricted-child"]);
    town.run(&["child", "unrestrict", &id, "--reason", "the court has ended it"]).expect(0);
    assert_eq!((town.states(), town.tasks().len()), (vec!["waiting".to_owned(), "sent".to_owned()], 0));
    town.run(&["deliver"]).expect(0);
    assert_eq!(town.streets(OAKWOOD), ["2 Other Street", "1 Other Street"]);
    let history = town.json(&["child", "history", &id, "--json"]).to_string();
    for word in ["custody", "the court has ended it", "Test Officer"] {
        assert!(history.contains(word), "{word}: {history}");
    }
}

#[test]
fn a_child_restricted_before_the_report_is_held_and_a_released_one_is_not_held_again() {
    let mut town = Town::new();
    let id = town.id(&child(1));
    town.run(&["child", "restrict", &id, "--reason", "adoption"]).expect(0);
    town.moved(&[Move::of(&child(1))]);
    held(&town, "restricted-child");
    town.run(&["release", "M1", "--reason", "agreed with the adopters"]).expect(0);
    town.run(&["sync"]).expect(0);
    assert_eq!(town.states(), ["sent"]);
}

#[test]
fn without_an_agreement_messages_wait_with_one_task_until_it_is_written() {
    let mut town = Town::new();
    std::fs::remove_file(town.dir().join("agreements/8524001.toml")).unwrap();
    town.moved(&[Move::of(&child(1)), Move::of(&child(2)), Move::of(&child(51))]);
    assert_eq!((town.out(OAKWOOD).len(), town.out(ELMWOOD).len()), (0, 1), "the other school is told");
    assert_eq!(town.tasks(), ["no-agreement"]);
    let mut states = town.states();
    states.sort();
    assert_eq!(states, ["held", "held", "sent"]);
    let held = town.outbox().into_iter().find(|m| m["state"] == "held").unwrap();
    let id = held["id"].as_str().unwrap();
    assert!(town.run(&["release", id, "--reason", "x"]).expect(2).err.contains("agreements/8524001.toml"));
    let words = town.json(&["task", "list", "--json"])[0]["words"].as_str().unwrap().to_owned();
    assert!(words.contains("agreements/8524001.toml"), "{words}");
    town.agree(&Agreement::with(OAKWOOD));
    town.run(&["sync"]).expect(0);
    let mut streets = town.streets(OAKWOOD);
    streets.sort();
    assert_eq!(streets, ["1 Other Street", "2 Other Street"]);
    assert!(town.tasks().is_empty() && town.states().iter().all(|s| s == "sent"));
}

#[test]
fn an_agreement_that_is_not_in_force_on_the_day_stops_the_message() {
    let example = Agreement { in_force: false, ..Agreement::with(OAKWOOD) };
    let valid = |from: &str, until: &str| Agreement { valid: [from.to_owned(), until.to_owned()], ..Agreement::with(OAKWOOD) };
    for (agreement, word) in
        [(example, "not in force"), (valid("2025-09-01", "2026-11-23"), "2026-11-23"), (valid("2026-11-25", "2027-08-31"), "2026-11-25")]
    {
        let mut town = Town::new();
        town.agree(&agreement);
        town.moved(&[Move::of(&child(1))]);
        held(&town, "agreement-not-in-force");
        let words = town.json(&["task", "list", "--json"])[0]["words"].as_str().unwrap().to_owned();
        assert!(words.contains(word), "{words}");
        town.agree(&Agreement::with(OAKWOOD));
        town.run(&["sync"]).expect(0);
        assert_eq!((town.out(OAKWOOD).len(), town.tasks().len()), (1, 0));
    }
}

#[test]
fn an_agreement_holds_on_its_last_day_and_not_on_the_next() {
    let mut town = Town::new();
    town.agree(&Agreement { valid: ["2025-09-01".to_owned(), "2026-11-24".to_owned()], ..Agreement::with(OAKWOOD) });
    town.moved(&[Move::of(&child(1))]);
    town.set_now("2026-11-25T09:00:00Z");
    town.moved(&[Move::of(&child(2))]);
    assert_eq!((town.out(OAKWOOD).len(), town.tasks()), (1, vec!["agreement-not-in-force".to_owned()]));
}

#[test]
fn an_agreement_that_ends_while_a_message_waits_stops_it() {
    let mut town = Town::new();
    town.agree(&Agreement { valid: ["2025-09-01".to_owned(), "2026-11-24".to_owned()], ..Agreement::with(OAKWOOD) });
    town.reported(&[Move::of(&child(1))]);
    assert_eq!(town.states(), ["waiting"]);
    town.set_now("2026-11-25T09:00:00Z");
    town.run(&["sync"]).expect(0);
    assert_eq!((town.out(OAKWOOD).len(), town.tasks()), (0, vec!["agreement-not-in-force".to_owned()]));
    let states = town.states();
    assert!(states.last().is_some_and(|s| s == "held") && !states.contains(&"waiting".to_owned()), "{states:?}");
}

#[test]
fn an_agreement_only_for_what_comes_in_lets_nothing_out() {
    let mut town = Town::new();
    town.agree(&Agreement { direction: "in".to_owned(), ..Agreement::with(OAKWOOD) });
    town.moved(&[Move::of(&child(1))]);
    assert_eq!((town.states(), town.out(OAKWOOD).len(), town.tasks().len()), (vec!["held".to_owned()], 0, 1));
}

#[test]
fn what_the_agreement_leaves_to_an_officer_or_a_manager_waits_for_that_role() {
    for (release, may_not, may) in [
        ("officer", &["Test Clerk", "Test Ict"][..], "Test Officer"),
        ("manager", &["Test Clerk", "Test Ict", "Test Officer"], "Test Manager"),
    ] {
        let mut town = Town::new();
        town.agree(&Agreement { release: release.to_owned(), ..Agreement::with(OAKWOOD) });
        town.moved(&[Move::of(&child(1))]);
        held(&town, "release");
        assert_eq!(town.json(&["task", "list", "--json"])[0]["owner"], release);
        for who in may_not {
            assert_eq!(town.run_as(who, &["release", "M1", "--reason", "x"]).code, 2, "{who} must not release for {release}");
        }
        town.run_as(may, &["release", "M1", "--reason", "right"]).expect(0);
        town.run(&["sync"]).expect(0);
        assert_eq!((town.states(), town.tasks().len()), (vec!["sent".to_owned()], 0));
        let shown = town.json(&["child", "history", &town.id(&child(1)), "--json"]).to_string();
        assert!(shown.contains(may), "{shown}");
    }
}
