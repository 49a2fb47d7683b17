//! The demonstration's night: against the truth of the lives, twice, and counted by somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use acceptance::{Home, binary};
use serde_json::Value;

use crate::counting::rows_of;

fn demo(children: u32, noise: &str) -> (Home, Value) {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("demo");
    let output = Command::new(binary())
        .args(["demo", "--no-serve", "--json", "--noise", noise, "--children", &children.to_string(), "--dir"])
        .arg(&dir)
        .output()
        .unwrap();
    assert!(output.status.success() || noise != "0", "{}", String::from_utf8_lossy(&output.stderr));
    (Home::at(scratch, "demo"), serde_json::from_slice(&output.stdout).unwrap())
}

/// (child, rule, grade, reason) for every finding.
type Findings = BTreeSet<(String, String, Option<String>, Option<String>)>;

fn finding(child: &str, f: &Value) -> (String, String, Option<String>, Option<String>) {
    let text = |key: &str| f[key].as_str().map(str::to_owned);
    (child.to_owned(), text("rule").unwrap(), text("grade"), text("reason"))
}

fn found(home: &Home) -> Findings {
    home.worklist().iter().map(|f| finding(f["child"].as_str().unwrap(), f)).collect()
}

/// Which child of the worklist has a record of that source and id.
fn children_by_source_id(home: &Home, found: &Findings) -> BTreeMap<(String, String), String> {
    let children: BTreeSet<&String> = found.iter().map(|(child, ..)| child).collect();
    let mut by_id = BTreeMap::new();
    for child in children {
        let shown = home.json(&["child", "show", child, "--json"]);
        for record in shown["records"].as_array().unwrap() {
            if let Some(id) = record["source_id"].as_str() {
                by_id.insert((record["source"].as_str().unwrap().to_owned(), id.to_owned()), child.clone());
            }
        }
    }
    by_id
}

/// The findings of the truth, under the child that the hub made of each life. A life of which the hub found nothing goes
/// under its own line, so that it shows as missed.
fn truth(home: &Home, found: &Findings) -> Findings {
    truth_with(home, found, true)
}

/// As [`truth`], where noise may have parted a life into several children: the first of them stands for it.
fn truth_of_split_children(home: &Home, found: &Findings) -> Findings {
    truth_with(home, found, false)
}

fn truth_with(home: &Home, found: &Findings, one_child_per_life: bool) -> Findings {
    let children = children_by_source_id(home, found);
    let text = fs::read_to_string(home.dir().join("truth.jsonl")).unwrap();
    let mut findings = Findings::new();
    for (n, line) in text.lines().enumerate() {
        let life: Value = serde_json::from_str(line).unwrap();
        let ids = life["sources"].as_array().unwrap().iter();
        let of_life: BTreeSet<&String> =
            ids.filter_map(|s| children.get(&(s["source"].as_str()?.to_owned(), s["id"].as_str()?.to_owned()))).collect();
        assert!(!one_child_per_life || of_life.len() <= 1, "the hub made {} children of the life on line {}", of_life.len(), n + 1);
        let child = of_life.first().map_or_else(|| format!("line {}", n + 1), |c| (*c).clone());
        findings.extend(life["findings"].as_array().unwrap().iter().map(|f| finding(&child, f)));
    }
    findings
}

#[track_caller]
fn is_the_truth(found: &Findings, truth: &Findings) {
    let missed: Vec<_> = truth.difference(found).collect();
    let invented: Vec<_> = found.difference(truth).collect();
    assert!(missed.is_empty() && invented.is_empty(), "missed {missed:?}\ninvented {invented:?}");
}

#[test]
fn without_noise_the_worklist_is_the_truth() {
    let (home, summary) = demo(2000, "0");
    let found = found(&home);
    let truth = truth(&home, &found);
    is_the_truth(&found, &truth);
    let rules: BTreeSet<&str> = truth.iter().map(|(_, rule, ..)| rule.as_str()).collect();
    assert_eq!(
        rules.into_iter().collect::<Vec<_>>(),
        ["address-not-known-at-school", "leaver-without-destination", "leaver-without-ground", "no-provision", "residence-unknown"]
    );
    assert_eq!(summary["rows"]["quarantined"], 0);
    what_was_sent(&home, &summary, 10);
}

/// Messages went out, at least so many; the log, the outbox, the files of the schools and the summary say the same.
fn what_was_sent(home: &Home, summary: &Value, at_least: u64) {
    let messages = summary["messages"].as_object().unwrap();
    let sent: u64 = messages.values().map(|n| n.as_u64().unwrap()).sum();
    let outbox = home.json(&["outbox", "list", "--json"]);
    let in_state =
        |wanted: &[&str]| outbox.as_array().unwrap().iter().filter(|m| wanted.contains(&m["state"].as_str().unwrap())).count() as u64;
    println!("messages {messages:?}, undelivered {}", summary["undelivered"]);
    assert!(sent >= at_least, "{summary}");
    assert_eq!(sent, in_state(&["sent", "received"]));
    assert_eq!(summary["undelivered"], in_state(&["waiting", "leased", "unknown", "held", "dead"]));
    assert!(in_state(&["held"]) > 0 && in_state(&["waiting"]) > 0, "protected families, a school without agreement, a server that is down");
    assert_eq!(messages["folder"].as_u64().unwrap(), files_below(&home.dir().join("out")).len() as u64);
    // Who was tried is in the log, each once: what was sent, and what the server that is down did not take.
    let tried = outbox.as_array().unwrap().iter().filter(|m| m["attempts"] != 0).count();
    assert_eq!(home.json(&["disclosures", "--json"]).as_array().unwrap().len(), tried);
    home.run(&["audit", "verify"]).expect(0);
    let tasks = home.json(&["task", "list", "--json"]);
    for kind in ["restricted-child", "no-agreement", "agreement-not-in-force", "who-moved"] {
        assert!(tasks.as_array().unwrap().iter().any(|t| t["kind"] == kind), "{kind}");
    }
}

/// Files of a folder and of those below it.
fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn with_noise_every_row_is_accounted_for_and_somebody_else_counts_the_same() {
    let (home, summary) = demo(2000, "1");
    let files: Vec<_> =
        files_below(&home.dir().join("drop")).into_iter().filter(|p| !p.to_string_lossy().ends_with(".reason.txt")).collect();
    let done: Vec<_> = files.into_iter().filter(|p| p.parent().is_some_and(|d| d.ends_with("done"))).collect();
    let ledger = home.json(&["ledger", "--json"]);
    let read = ledger["payloads"].as_array().unwrap().iter().filter(|p| p["state"] == "read");
    assert_eq!(read.map(|p| p["rows"]["read"].as_u64().unwrap()).sum::<u64>(), rows_of(&done));
    assert_eq!(ledger["rows"], summary["rows"]);
}

#[test]
fn the_same_night_twice_changes_nothing() {
    let (home, _) = demo(400, "1");
    let before = found(&home);
    let children = home.json(&["ledger", "--json"])["rows"].clone();
    for file in files_below(&home.dir().join("drop")).into_iter().filter(|p| p.parent().is_some_and(|d| d.ends_with("done"))) {
        let back = file.parent().unwrap().parent().unwrap().join(file.file_name().unwrap());
        fs::rename(&file, back).unwrap();
    }
    let again = home.json(&["sync", "--as", "Demo Officer", "--json"]);
    assert_eq!(again["rows"]["read"], 0, "{again}");
    let checked = &again["checked"];
    assert_eq!((&checked["opened"], &checked["updated"], &checked["closed"]), (&0.into(), &0.into(), &0.into()));
    assert_eq!(found(&home), before);
    assert_eq!(again["delivered"]["sent"], serde_json::json!({}), "nobody is told twice: {}", again["delivered"]);
    assert_eq!(home.json(&["ledger", "--json"])["rows"], children);
}

#[test]
#[ignore = "40,000 children: tests/run --long"]
fn a_whole_council_without_noise_is_the_truth() {
    let (home, summary) = demo(40_000, "0");
    let found = found(&home);
    let truth = truth(&home, &found);
    println!(
        "40,000 children, no noise: {} findings, {} in the truth; seconds {}, peak {} MiB",
        found.len(),
        truth.len(),
        summary["seconds"],
        summary["peak_rss_mib"]
    );
    is_the_truth(&found, &truth);
    what_was_sent(&home, &summary, 100);
}

#[test]
#[ignore = "40,000 children: tests/run --long"]
fn a_whole_council_with_noise_prints_recall_and_precision() {
    let (home, _) = demo(40_000, "1");
    let found = found(&home);
    let truth = truth_of_split_children(&home, &found);
    let kinds: BTreeSet<_> = truth.iter().chain(&found).map(|(_, rule, grade, reason)| (rule, grade, reason)).collect();
    println!("with noise: rule, grade, reason: recall, precision");
    for kind in kinds {
        let of =
            |set: &Findings| set.iter().filter(|(_, rule, grade, reason)| (rule, grade, reason) == kind).cloned().collect::<Findings>();
        let (truth, found) = (of(&truth), of(&found));
        let both = truth.intersection(&found).count() as f64;
        println!(
            "  {kind:?}: {:.3}, {:.3} of {} and {}",
            both / truth.len().max(1) as f64,
            both / found.len().max(1) as f64,
            truth.len(),
            found.len()
        );
    }
}
