//! The outbox from outside: channels that fail, the next one, in the end a person's task; retry, cancel, files not collected.

use std::fs;

use acceptance::{Agreement, ELMWOOD, FOLDER, Move, OAKWOOD, Person, Town};
use serde_json::Value;

/// Nothing listens there.
const NO_SERVER: &str =
    "\n[email]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"starttls\"\nfrom = \"cme@council.example\"\ntimeout_seconds = 5\n";

fn child(n: u32) -> Person {
    Person::of(n)
}

/// A town whose schools are told by these channels in turn.
fn town_by(channels: &[&str]) -> Town {
    let town = Town::new();
    town.config(NO_SERVER);
    let agreement = Agreement::with(OAKWOOD);
    let text: String = channels.iter().map(|c| if *c == "folder" { FOLDER.to_owned() } else { agreement.mail(c) }).collect();
    town.agree(&agreement.by(&text));
    town
}

/// Something that is no folder stands where the folder of the school should be.
fn block(town: &Town, school: &str) {
    fs::create_dir_all(town.dir().join("out")).unwrap();
    fs::write(town.dir().join("out").join(school), "no folder").unwrap();
}

fn unblock(town: &Town, school: &str) {
    fs::remove_file(town.dir().join("out").join(school)).unwrap();
}

fn message(town: &Town, id: &str) -> Value {
    town.json(&["outbox", "show", id, "--json"])
}

/// Delivers at moments further and further away until the message is in that state, and gives the number of runs.
#[track_caller]
fn until(town: &mut Town, id: &str, state: &str) -> usize {
    for run in 1..=40 {
        let day = 24 + run / 4;
        town.set_now(&format!("2026-11-{:02}T{:02}:30:00Z", day.min(30), 1 + run % 4 * 6));
        town.run(&["deliver"]).expect(0);
        if message(town, id)["state"] == state {
            return run;
        }
    }
    panic!("never {state}: {}", message(town, id));
}

#[test]
fn a_folder_that_cannot_be_written_is_tried_again_later_and_then_told() {
    let mut town = Town::new();
    block(&town, OAKWOOD);
    town.moved(&[Move::of(&child(1))]);
    let first = message(&town, "M1");
    assert_eq!((&first["state"], &first["attempts"], &first["channel"]), (&"waiting".into(), &1.into(), &"folder".into()));
    assert!(first["tries"][0]["detail"].as_str().unwrap().contains("is not a folder"), "{first}");
    let due = first["due"].as_str().unwrap().to_owned();
    assert!(due.as_str() > acceptance::TODAY, "{first}");
    // Not due yet: no attempt.
    town.run(&["deliver"]).expect(0);
    assert_eq!(message(&town, "M1")["attempts"], 1);
    town.set_now("2026-11-24T09:10:00Z");
    town.run(&["deliver"]).expect(0);
    let second = message(&town, "M1");
    assert_eq!(second["attempts"], 2);
    unblock(&town, OAKWOOD);
    until(&mut town, "M1", "sent");
    assert_eq!((town.out(OAKWOOD), town.disclosures().len()), (vec!["852LLLL_8524001_addr0001.csv".to_owned()], 1));
    assert!(town.tasks().is_empty());
}

#[test]
fn with_the_mail_server_down_the_next_channel_takes_it() {
    let mut town = town_by(&["attachment", "folder"]);
    town.moved(&[Move::of(&child(1))]);
    let first = message(&town, "M1");
    assert_eq!((&first["state"], &first["channel"], town.out(OAKWOOD).len()), (&"waiting".into(), &"email".into(), 0));
    until(&mut town, "M1", "sent");
    let sent = message(&town, "M1");
    assert_eq!((&sent["channel"], town.out(OAKWOOD).len()), (&"folder".into(), 1));
    let tries = sent["tries"].as_array().unwrap();
    assert!(tries.iter().filter(|t| t["channel"] == "email").count() >= 2, "{sent}");
    assert_eq!(tries.len() as u64, sent["attempts"].as_u64().unwrap());
    assert_eq!(town.disclosures().len(), 1, "one disclosure, however many tries");
    assert!(town.tasks().is_empty());
}

#[test]
fn when_every_channel_has_failed_a_person_gets_a_task_in_words_to_act_on() {
    let mut town = town_by(&["attachment"]);
    town.moved(&[Move::of(&child(1)), Move::of(&child(51))]);
    assert_eq!(town.out(ELMWOOD).len(), 1, "the other school does not wait for it");
    let (mine, _) = ids(&town);
    until(&mut town, &mine, "dead");
    assert_eq!(town.tasks(), ["undelivered"]);
    let task = &town.json(&["task", "list", "--json"])[0];
    let words = task["words"].as_str().unwrap();
    for word in ["8524001", "email", &format!("onroll outbox retry {mine}")] {
        assert!(words.contains(word), "{word}: {words}");
    }
    assert!(!words.contains("Other Street") && !words.contains(&child(1).surname), "{words}");
    assert!(task["due"].as_str().unwrap() >= "2026-11-24", "{task}");
    assert!(town.run(&["outbox", "list"]).expect(0).out.contains("dead"));
    // The night does not try a dead one again, and does not make another.
    town.run(&["sync"]).expect(0);
    assert_eq!(town.outbox().len(), 2);
    // Mended: by another agreement the message is made anew; by hand it is tried again.
    assert_eq!(town.run_as("Test Clerk", &["outbox", "retry", &mine]).code, 2);
    town.run_as("Test Ict", &["outbox", "retry", &mine]).expect(0);
    assert_eq!((message(&town, &mine)["state"].as_str(), town.tasks()), (Some("waiting"), vec!["undelivered".to_owned()]));
    assert_eq!(town.run(&["outbox", "retry", "M99"]).code, 1);
}

/// The ids of the messages to Oakwood and to Elmwood.
fn ids(town: &Town) -> (String, String) {
    let outbox = town.outbox();
    let to = |school: &str| outbox.iter().find(|m| m["recipient"] == school).unwrap()["id"].as_str().unwrap().to_owned();
    (to(OAKWOOD), to(ELMWOOD))
}

#[test]
fn a_dead_message_goes_out_under_the_agreement_that_was_put_right() {
    let mut town = town_by(&["attachment"]);
    town.moved(&[Move::of(&child(1))]);
    until(&mut town, "M1", "dead");
    town.agree(&Agreement::with(OAKWOOD));
    town.run(&["sync"]).expect(0);
    assert_eq!((town.streets(OAKWOOD), town.tasks().len()), (vec!["1 Other Street".to_owned()], 0), "{:?}", town.outbox());
}

#[test]
fn a_message_is_taken_back_by_who_may_with_a_reason_and_is_not_made_again() {
    let mut town = Town::new();
    town.reported(&[Move::of(&child(1))]);
    for who in ["Test Clerk", "Test Ict"] {
        assert_eq!(town.run_as(who, &["outbox", "cancel", "M1", "--reason", "x"]).code, 2, "{who}");
    }
    assert_eq!(town.run(&["outbox", "cancel", "M1", "--reason", " "]).code, 2);
    town.run(&["outbox", "cancel", "M1", "--reason", "the family told the school itself"]).expect(0);
    town.run(&["sync"]).expect(0);
    assert_eq!((town.states(), town.out(OAKWOOD).len()), (vec!["cancelled".to_owned()], 0));
    let shown = message(&town, "M1").to_string();
    assert!(shown.contains("the family told the school itself"), "{shown}");
    town.moved(&[Move::of(&child(2))]);
    let sent = town.outbox().iter().find(|m| m["state"] == "sent").unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(town.run(&["outbox", "cancel", &sent, "--reason", "too late"]).code, 1);
    assert_eq!(town.run(&["outbox", "retry", &sent]).code, 1);
}

#[test]
fn a_poisoned_message_blocks_only_its_own_child_at_its_own_school() {
    let mut town = Town::of([1, 2, 3].into_iter(), [1, 4].into_iter());
    town.run(&["sync"]).expect(0);
    town.reported(&[1, 2, 3, 4].map(|n| Move::of(&child(n))));
    // Its name is taken by something else: nothing is overwritten.
    fs::create_dir_all(town.dir().join("out/8524001")).unwrap();
    fs::write(town.dir().join("out/8524001/852LLLL_8524001_addr0001.csv"), "somebody else's").unwrap();
    town.run(&["deliver"]).expect(0);
    let states = town.states();
    assert_eq!(states.iter().filter(|s| *s == "sent").count(), 4, "{states:?}");
    assert_eq!((town.tasks(), town.out(ELMWOOD).len(), town.out(OAKWOOD).len()), (vec!["undelivered".to_owned()], 2, 3));
    assert_eq!(fs::read_to_string(town.dir().join("out/8524001/852LLLL_8524001_addr0001.csv")).unwrap(), "somebody else's");
    fs::remove_file(town.dir().join("out/8524001/852LLLL_8524001_addr0001.csv")).unwrap();
    let dead = town.outbox().iter().find(|m| m["state"] == "dead").unwrap()["id"].as_str().unwrap().to_owned();
    town.run(&["outbox", "retry", &dead]).expect(0);
    town.run(&["deliver"]).expect(0);
    assert_eq!((town.out(OAKWOOD).len(), town.states()), (3, vec!["sent".to_owned(); 5]));
}

#[test]
fn a_file_that_is_not_collected_in_the_agreed_time_is_one_task() {
    let mut town = Town::new();
    town.agree(&Agreement::with(OAKWOOD).by("[[channel]]\nkind = \"folder\"\ncollect_within_hours = 24\n"));
    town.moved(&[Move::of(&child(1)), Move::of(&child(2))]);
    let file = |n: u32| town_file(&town, n);
    let (first, second) = (file(1), file(2));
    fs::remove_file(first).unwrap();
    town.set_now("2026-11-25T08:00:00Z");
    town.run(&["sync"]).expect(0);
    assert_eq!((town.states(), town.tasks().len()), (vec!["received".to_owned(), "sent".to_owned()], 0));
    for day in ["2026-11-25T09:30:00Z", "2026-11-26T09:30:00Z"] {
        town.set_now(day);
        town.run(&["sync"]).expect(0);
        assert_eq!(town.tasks(), ["not-collected"]);
    }
    let words = town.json(&["task", "list", "--json"])[0]["words"].as_str().unwrap().to_owned();
    for word in ["8524001", "852LLLL_8524001_addr0002.csv", "out/8524001", "24 hours"] {
        assert!(words.contains(word), "{word}: {words}");
    }
    fs::remove_file(second).unwrap();
    town.run(&["deliver"]).expect(0);
    assert_eq!((town.states(), town.tasks().len()), (vec!["received".to_owned(); 2], 0));
    let all = town.json(&["task", "list", "--all", "--json"]);
    assert_eq!(all.as_array().unwrap().len(), 1, "{all}");
    // Told is told, also when the file has gone.
    town.run(&["sync"]).expect(0);
    assert!(town.out(OAKWOOD).is_empty() && town.unknown_addresses().is_empty());
}

fn town_file(town: &Town, sequence: u32) -> std::path::PathBuf {
    town.dir().join(format!("out/8524001/852LLLL_8524001_addr{sequence:04}.csv"))
}

#[test]
fn numbers_of_files_go_on_when_the_school_has_collected() {
    let mut town = Town::new();
    for n in 1..=3 {
        town.moved(&[Move::of(&child(n))]);
        assert_eq!(town.out(OAKWOOD), [format!("852LLLL_8524001_addr{n:04}.csv")]);
        fs::remove_file(town_file(&town, n)).unwrap();
    }
}

#[test]
fn a_folder_outside_the_home_is_written_to_and_never_made() {
    let mut town = Town::new();
    let share = town.outside("share");
    town.agree(&Agreement::with(OAKWOOD).by(&format!("[[channel]]\nkind = \"folder\"\npath = \"{}\"\n", share.display())));
    town.moved(&[Move::of(&child(1))]);
    assert_eq!((town.states(), share.exists()), (vec!["waiting".to_owned()], false));
    fs::create_dir(&share).unwrap();
    until(&mut town, "M1", "sent");
    let names: Vec<String> = fs::read_dir(&share).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["852LLLL_8524001_addr0001.csv"]);
}

#[test]
fn a_lease_shorter_than_a_send_may_take_is_refused_with_words() {
    for (more, words) in [
        ("\n[delivery]\nlease_seconds = 20\ntimeout_seconds = 30\n", &["lease_seconds", "timeout_seconds", "sent twice"][..]),
        ("\n[delivery]\ntimeout_seconds = 0\n", &["timeout_seconds"]),
        ("\n[delivery]\nlease = 20\n", &["onroll.toml:", "lease"]),
    ] {
        let mut town = Town::new();
        let text = fs::read_to_string(town.dir().join("onroll.toml")).unwrap();
        let (before, rest) = text.split_once("[delivery]").unwrap();
        let (_, after) = rest.split_once("\n\n").unwrap();
        town.write("onroll.toml", &format!("{before}{after}{more}"));
        town.balance = false;
        for verb in [&["check"][..], &["deliver"], &["sync"]] {
            let answer = town.run(verb).expect(2);
            for word in words {
                assert!(answer.err.contains(word), "{verb:?} {word}: {}", answer.err);
            }
        }
    }
}

#[test]
fn a_mail_channel_without_a_server_in_the_config_is_said_in_words() {
    let mut town = Town::new();
    let agreement = Agreement::with(OAKWOOD);
    let mail = agreement.mail("attachment");
    town.agree(&agreement.by(&mail));
    town.moved(&[Move::of(&child(1))]);
    until_not_waiting(&mut town, "M1");
    assert_eq!(message(&town, "M1")["state"], "dead");
    let words = town.json(&["task", "list", "--json"])[0]["words"].as_str().unwrap().to_owned();
    assert!(words.contains("email is not set up here"), "{words}");
}

fn until_not_waiting(town: &mut Town, id: &str) {
    for hour in 10..22 {
        if message(town, id)["state"] != "waiting" {
            return;
        }
        town.set_now(&format!("2026-11-24T{hour}:00:00Z"));
        town.run(&["deliver"]).expect(0);
    }
}
