//! What can be seen of it: worklist, outbox, disclosures, history, and the shapes that scripts rely on.

use acceptance::{ELMWOOD, Move, OAKWOOD, Town};
use serde_json::Value;

use super::child;

#[track_caller]
fn has(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "no {key}: {value}");
    }
}

#[test]
fn the_finding_opens_when_the_school_does_not_know_and_closes_when_it_was_told() {
    let mut town = Town::new();
    town.reported(&[Move::of(&child(1))]);
    let id = town.id(&child(1));
    let open = town.run(&["worklist", "--rule", "address-not-known-at-school", "--json"]).expect(0).lines();
    assert_eq!(open.len(), 1);
    let finding = &open[0];
    has(finding, &["rule", "child", "grade", "reason", "priority", "factors", "since", "due", "overdue", "owner", "evidence", "summary"]);
    assert_eq!(
        (finding["child"].as_str(), finding["since"].as_str(), finding["owner"].as_str()),
        (Some(&*id), Some("2026-11-20"), Some("officer"))
    );
    assert!(!finding["summary"].as_str().unwrap().contains("Other Street"), "{finding}");
    town.run(&["deliver"]).expect(0);
    assert!(town.unknown_addresses().is_empty());
    let history = town.json(&["child", "history", &id, "--json"]);
    let kinds: Vec<&str> = history.as_array().unwrap().iter().filter_map(|e| e["kind"].as_str()).collect();
    let newest = |kind: &str| kinds.iter().position(|k| *k == kind).unwrap_or_else(|| panic!("no {kind}: {history}"));
    assert!(newest("finding-closed") < newest("finding-opened"), "newest first: {kinds:?}");
    assert!(history.to_string().contains("8524001"), "{history}");
}

#[test]
fn each_disclosure_is_explained_by_child_and_by_partner() {
    let mut town = Town::of([1, 2].into_iter(), [1].into_iter());
    town.moved(&[Move::of(&child(1)), Move::of(&child(2))]);
    let all = town.disclosures();
    assert_eq!(all.len(), 3);
    for entry in &all {
        has(entry, &["id", "at", "recipient", "purpose", "basis", "agreement", "child", "fields", "message"]);
        assert_eq!((&entry["purpose"], &entry["at"]), (&"address-change".into(), &"2026-11-24T09:00:00.000Z".into()));
        assert_eq!(entry["basis"], "Education Act 1996 s436A; UK GDPR Art 6(1)(e)");
        assert_eq!(entry["fields"].as_array().unwrap().len(), acceptance::FIELDS.len());
        assert!(entry["agreement"].as_str().unwrap().contains("2026-1"), "{entry}");
        assert!(!entry.to_string().contains("Other Street") && !entry.to_string().contains(&child(1).surname), "{entry}");
    }
    let ids: Vec<&str> = all.iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), ids.iter().collect::<std::collections::BTreeSet<_>>().len());
    let of = |args: &[&str]| town.json(&[&["disclosures", "--json"], args].concat()).as_array().unwrap().len();
    let id = town.id(&child(1));
    assert_eq!((of(&["--child", &id]), of(&["--partner", ELMWOOD]), of(&["--child", &id, "--partner", OAKWOOD])), (2, 1, 1));
    // The file at the school, the message and the log tell of one another.
    let messages: Vec<String> = town.outbox().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
    assert!(all.iter().all(|d| messages.contains(&d["message"].as_str().unwrap().to_owned())));
    let table = town.run(&["disclosures", "--child", &id]).expect(0).out;
    assert!(table.contains("8524001") && table.contains("8524002") && table.contains("s436A"), "{table}");
    assert_eq!(town.run(&["disclosures", "--child", "R1"]).code, 2);
}

#[test]
fn the_outbox_says_of_each_message_what_scripts_rely_on() {
    let mut town = Town::new();
    town.moved(&[Move::of(&child(1)), Move::of(&child(2)).protected()]);
    let outbox = town.outbox();
    for message in &outbox {
        has(message, &["id", "recipient", "purpose", "child", "channel", "state", "attempts"]);
    }
    let sent = outbox.iter().find(|m| m["state"] == "sent").unwrap();
    assert_eq!((&sent["channel"], &sent["attempts"], &sent["purpose"]), (&"folder".into(), &1.into(), &"address-change".into()));
    assert_eq!((&sent["recipient"], sent["child"].as_str().unwrap()), (&OAKWOOD.into(), &*town.id(&child(1))));
    let shown = town.json(&["outbox", "show", sent["id"].as_str().unwrap(), "--json"]);
    assert!(shown.to_string().contains("852LLLL_8524001_addr0001.csv"), "{shown}");
    let table = town.run(&["outbox", "list"]).expect(0).out;
    assert!(table.contains("held") && !table.contains("sent"), "people see first what needs them: {table}");
    assert!(town.run(&["outbox", "list", "--all"]).expect(0).out.contains("sent"));
    assert_eq!(town.json(&["outbox", "list", "--state", "held", "--json"]).as_array().unwrap().len(), 1);
    assert_eq!(town.run(&["outbox", "list", "--state", "lost"]).code, 2);
    assert_eq!(town.run(&["outbox", "show", "M99"]).code, 1);
    for task in town.json(&["task", "list", "--json"]).as_array().unwrap() {
        has(task, &["id", "kind", "child", "message", "recipient", "owner", "due", "state", "words", "opened"]);
    }
}

#[test]
fn what_is_not_delivered_does_not_change_the_exit_code_of_sync() {
    let mut town = Town::new();
    std::fs::create_dir_all(town.dir().join("out")).unwrap();
    std::fs::write(town.dir().join("out/8524001"), "no folder").unwrap();
    town.housing_file("csv", &acceptance::housing(&[Move::of(&child(1)), Move::of(&child(51)), Move::of(&child(52)).protected()]));
    let report = town.run(&["sync", "--json"]).expect(0).json();
    assert_eq!((&report["delivered"]["sent"]["folder"], &report["delivered"]["undelivered"]), (&1.into(), &2.into()), "{report}");
    town.run(&["deliver"]).expect(0);
    std::fs::remove_file(town.dir().join("out/8524001")).unwrap();
}

#[test]
fn somebody_of_a_school_sees_only_what_goes_to_that_school() {
    let mut town = Town::new();
    let toml = std::fs::read_to_string(town.dir().join("onroll.toml")).unwrap();
    let clerk = format!("\"Test Bound\" = {{ role = \"school\", laestab = \"{OAKWOOD}\" }}\n");
    town.write("onroll.toml", &toml.replacen("\"Test Clerk\"", &format!("{clerk}\"Test Clerk\""), 1));
    town.moved(&[Move::of(&child(1)), Move::of(&child(51))]);
    for words in [&["outbox", "list", "--all", "--json"][..], &["disclosures", "--json"]] {
        let seen = town.run_as("Test Bound", words).expect(0).json();
        let recipients: Vec<&str> = seen.as_array().unwrap().iter().map(|m| m["recipient"].as_str().unwrap()).collect();
        assert_eq!(recipients, [OAKWOOD], "{words:?}: {seen}");
    }
}
