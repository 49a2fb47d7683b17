//! Delivery is killed at any moment and run again: each message has arrived exactly once, and what the log says is what was
//! tried. And a recipient's disk that is full.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use acceptance::{ELMWOOD, Home, MailServer, Move, OAKWOOD, Person, Seeded, Town, binary, housing};

/// So many children at each school.
const CHILDREN: u32 = 60;

/// The moves of children of both schools, some of them to be held.
fn moves() -> Vec<Move> {
    (0..CHILDREN * 2).map(|n| if n % 10 == 9 { Move::of(&Person::of(n)).protected() } else { Move::of(&Person::of(n)) }).collect()
}

fn town() -> Town {
    let town = Town::of(0..CHILDREN, CHILDREN..CHILDREN * 2);
    town.run(&["sync"]).expect(0);
    town
}

/// Files below `out/`, whole ones and begun ones.
fn arrived(home: &Home) -> usize {
    [OAKWOOD, ELMWOOD].iter().map(|s| home.names(&format!("out/{s}")).len()).sum()
}

/// Starts a command, lets so many files arrive, lets it go on for a moment, and kills it; whether it was still running.
fn killed(home: &Home, words: &[&str], so_far: usize, moment: Duration) -> bool {
    let mut child = home.command(words).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let before = arrived(home);
    while arrived(home) < before + so_far && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let since = Instant::now();
    while since.elapsed() < moment && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// After all that, one undisturbed run: nothing lost, nothing twice, the log says what was tried.
#[track_caller]
fn all_is_well(town: &Town, when: &str) {
    town.run(&["sync"]).expect(0);
    let moves = moves();
    let mut upns = BTreeSet::new();
    for (school, first) in [(OAKWOOD, 0), (ELMWOOD, CHILDREN)] {
        let names = town.out(school);
        assert!(names.iter().all(|n| n.starts_with("852LLLL_") && n.ends_with(".csv")), "{when}: {names:?}");
        let told = town.told(school);
        let expected = (first..first + CHILDREN).filter(|n| !moves[*n as usize].protected).count();
        assert_eq!(told.len(), expected, "{when}: {school}");
        for row in told {
            assert!(upns.insert(row["upn"].clone()), "{when}: {} was told twice", row["upn"]);
            let n = (first..first + CHILDREN).find(|n| Person::of(*n).upn == row["upn"]).unwrap();
            assert_eq!(row["address.lines"], format!("{n} Other Street"), "{when}");
        }
    }
    let outbox = town.outbox();
    let tried: BTreeSet<&str> = outbox.iter().filter(|m| m["attempts"] != 0).map(|m| m["id"].as_str().unwrap()).collect();
    let disclosures = town.disclosures();
    let logged: BTreeSet<&str> = disclosures.iter().map(|d| d["message"].as_str().unwrap()).collect();
    assert_eq!((logged.len(), &logged), (disclosures.len(), &tried), "{when}: logged once and tried");
    let sent = outbox.iter().filter(|m| m["state"] == "sent").count();
    assert_eq!((sent, outbox.len()), (upns.len(), moves.len()), "{when}");
    assert_eq!(town.tasks(), vec!["restricted-child"; moves.len() - sent], "{when}");
    town.run(&["audit", "verify"]).expect(0);
    let open = town.unknown_addresses();
    assert_eq!(open.len(), moves.len() - sent, "{when}: {open:?}");
}

#[test]
fn killed_at_fifty_moments_and_run_again_each_message_has_arrived_exactly_once() {
    let (mut seeded, mut interrupted, mut kills) = (Seeded::from(5), 0, 0);
    while kills < 50 {
        let mut town = town();
        // Half of the homes are killed in `sync`, which brings the moves in and ends with `deliver`.
        let by_sync = kills % 2 == 0;
        if by_sync {
            town.housing_file("csv", &housing(&moves()));
        } else {
            town.reported(&moves());
        }
        // One to five kills in the same home: a kill may hit what another left.
        let in_this_home = 1 + seeded.below(5);
        let mut when = String::new();
        for _ in 0..in_this_home {
            let words: &[&str] = if by_sync && seeded.below(2) == 0 { &["sync"] } else { &["deliver"] };
            let (so_far, micros) = (seeded.below(30) as usize, seeded.below(20_000));
            interrupted += u32::from(killed(&town, words, so_far, Duration::from_micros(micros)));
            when += &format!("{words:?} after {so_far} files and {micros} us; ");
            kills += 1;
        }
        all_is_well(&town, &when);
    }
    println!("{interrupted} of {kills} runs were killed before their end");
    assert!(interrupted >= 25, "only {interrupted} of {kills} runs were killed before their end");
}

#[test]
fn killed_while_mails_are_sent_none_is_lost_and_a_repeat_has_the_same_message_id() {
    let Some(server) = MailServer::start("good") else { return };
    let mut seeded = Seeded::from(9);
    let mut repeats = 0;
    for home in 0..4 {
        let before = server.ledger().len();
        let mut town = town();
        town.config(&server.section());
        for school in [OAKWOOD, ELMWOOD] {
            let agreement = acceptance::Agreement::with(school);
            let mail = agreement.mail("attachment");
            town.agree(&agreement.by(&mail));
        }
        town.reported(&moves());
        for _ in 0..3 {
            let mut child = town.command(&["deliver"]).stderr(Stdio::null()).spawn().unwrap();
            let (start, wanted) = (server.ledger().len(), seeded.below(25) as usize);
            while server.ledger().len() < start + wanted && child.try_wait().unwrap().is_none() {
                std::thread::yield_now();
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
        // What a killed run left unknown is sent again when its wait is over.
        for hour in 10..20 {
            town.set_now(&format!("2026-11-24T{hour}:00:00Z"));
            town.run(&["deliver"]).expect(0);
        }
        let states = town.states();
        let sent = states.iter().filter(|s| *s == "sent").count();
        assert_eq!((sent, states.len()), (108, 120), "home {home}: {states:?}");
        let mails = server.ledger().split_off(before);
        let ids: BTreeSet<String> = mails.iter().map(|m| m["message_id"].to_string()).collect();
        assert_eq!(ids.len(), sent, "home {home}: each message arrived, and no other");
        repeats += mails.len() - ids.len();
        assert_eq!(town.disclosures().len(), sent);
        town.run(&["audit", "verify"]).expect(0);
    }
    // What was on its way when the run was killed: four mails at a time, and those whose end was not written yet.
    println!("12 kills, {repeats} mails came twice");
    assert!(repeats <= 12 * 8, "{repeats}");
}

/// What Python does beside us: reads each file under its final name as soon as it is there, and says what was no whole file.
const WATCHER: &str = "
import os, select, sys
folder = sys.argv[1]
seen, bad = set(), []
def look():
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if name.startswith('.') or name in seen:
            continue
        seen.add(name)
        with open(os.path.join(folder, name), 'rb') as file:
            text = file.read()
        if text.count(b'\\r\\n') != 2 or not text.endswith(b'\\r\\n'):
            bad.append(name)
# Until its input is closed, also by our end.
while not select.select([sys.stdin], [], [], 0)[0]:
    look()
look()
print(len(seen), len(bad))
";

#[test]
fn who_watches_the_folder_never_sees_a_part_of_a_file_under_its_name() {
    let mut seeded = Seeded::from(21);
    let mut town = town();
    town.reported(&moves());
    let folder = town.dir().join("out/8524001");
    let mut python = acceptance::python();
    let watcher = python.arg("-c").arg(WATCHER).arg(&folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    for _ in 0..10 {
        killed(&town, &["deliver"], seeded.below(12) as usize, Duration::from_micros(seeded.below(5_000)));
    }
    all_is_well(&town, "watched");
    // Waiting for it closes its input.
    let said = watcher.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "54 0");
}

#[test]
fn two_runs_at_once_send_nothing_twice() {
    let mut town = town();
    town.reported(&moves());
    let start = || town.command(&["deliver"]).stderr(Stdio::null()).spawn().unwrap();
    let mut runs = [start(), start(), start()];
    for run in &mut runs {
        assert!(run.wait().unwrap().success());
    }
    all_is_well(&town, "three at once");
}

#[test]
fn a_recipients_disk_that_is_full_is_told_and_the_file_comes_when_there_is_room() {
    let town = Town::new();
    if !Command::new("unshare").args(["-Urm", "true"]).output().is_ok_and(|o| o.status.success()) {
        eprintln!("NOT RUN: this machine lets nobody mount a small disk of their own");
        return;
    }
    let moves = town.file("moves.csv", housing(&[Move::of(&Person::of(1)), Move::of(&Person::of(51))]));
    let share = town.outside("share");
    fs::create_dir(&share).unwrap();
    let channel = format!("[[channel]]\nkind = \"folder\"\npath = \"{}\"\n", share.display());
    town.agree(&acceptance::Agreement::with(OAKWOOD).by(&channel));
    let script = r#"
set -e
mount -t tmpfs -o size=64k tmpfs "$share"
dd if=/dev/zero of="$share/filler" bs=4k 2>/dev/null || true
"$bin" import housing "$moves" --home "$home"
"$bin" deliver --home "$home" 2> "$out/said"
"$bin" outbox list --all --json --home "$home" > "$out/full.json"
"$bin" outbox show M1 --home "$home" > "$out/shown"
ls -A "$share" > "$out/left"
rm "$share/filler"
ONROLL_NOW=2026-11-24T11:00:00Z "$bin" deliver --home "$home"
"$bin" outbox list --all --json --home "$home" > "$out/after.json"
ls -A "$share" > "$out/arrived"
"#;
    let mut command = Command::new("unshare");
    command.args(["-Urm", "sh", "-c", script]).env("bin", binary()).env("home", town.dir()).env("share", &share).env("moves", moves);
    command.env("out", town.outside("")).env("ONROLL_USER", "Test Officer").env("ONROLL_NOW", acceptance::TODAY);
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let read = |name: &str| fs::read_to_string(town.outside(name)).unwrap();
    let states = |name: &str| -> Vec<(String, String)> {
        let list: serde_json::Value = serde_json::from_str(&read(name)).unwrap();
        let mut all: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|m| (m["recipient"].as_str().unwrap().to_owned(), m["state"].as_str().unwrap().to_owned()))
            .collect();
        all.sort();
        all
    };
    let state = |school: &str, state: &str| (school.to_owned(), state.to_owned());
    assert_eq!(states("full.json"), [state(OAKWOOD, "waiting"), state(ELMWOOD, "sent")], "the other school does not wait");
    assert_eq!(read("left"), "filler\n", "nothing half written is left");
    assert!(read("shown").contains("is full: make room"), "{}", read("shown"));
    assert!(!read("said").contains("panicked"));
    assert_eq!(states("after.json"), [state(OAKWOOD, "sent"), state(ELMWOOD, "sent")]);
    assert_eq!(read("arrived"), "852LLLL_8524001_addr0001.csv\n");
}
