//! The log of disclosures: whoever alters it is found out, also who takes off its end, makes it anew, or puts an older copy
//! back. The attacker is Python, with the database's file in hand.

use std::fs;
use std::process::Command;

use acceptance::{Move, OAKWOOD, Person, Town, python};
use serde_json::Value;

/// A town whose schools were told in three runs: entries 1 to 4, 5 to 8, 9 to 12.
fn told() -> Town {
    let mut town = Town::of(1..10, 51..60);
    for run in 0..3_u32 {
        town.set_now(&format!("2026-11-{}T09:00:00Z", 24 + run));
        town.moved(&[1, 2, 51, 52].map(|n| Move::of(&Person::of(n + run * 2))));
    }
    assert_eq!(town.disclosures().len(), 12);
    town
}

/// Runs Python on the database; `db` is the connection, and what it does is committed.
fn tamper(town: &Town, script: &str) {
    let prelude = "
import hashlib, json, re, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for kind, name in db.execute(\"select type, name from sqlite_master where type = 'trigger'\").fetchall():
    db.execute('drop trigger ' + name)
def entries():
    return db.execute('select number, previous, hash, line from disclosure order by number').fetchall()
def hash_of(previous, line):
    return hashlib.sha256((previous + '\\n' + line).encode()).hexdigest()
def rebuild(lines, previous='0' * 64, first=1):
    db.execute('delete from disclosure where number >= ?', (first,))
    for number, line in enumerate(lines, first):
        line = re.sub(r'^\\{\"number\":\\d+,\"previous\":\"[0-9a-f]*\"', '{\"number\":%d,\"previous\":\"%s\"' % (number, previous), line)
        own = hash_of(previous, line)
        db.execute('insert into disclosure (number, previous, hash, line) values (?, ?, ?, ?)', (number, previous, own, line))
        previous = own
";
    let script = format!("{prelude}\n{script}\ndb.commit()\n");
    let output = python().arg("-c").arg(&script).arg(town.dir().join("onroll.db")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// `audit verify` finds it: exit 1, and names the entry where one can be named.
#[track_caller]
fn found(town: &Town, what: &str, entry: Option<u64>, word: &str) {
    let answer = town.run(&["audit", "verify", "--json"]).expect(1);
    let said: Value = answer.json();
    assert_eq!(said["whole"], false, "{what}: {said}");
    if let Some(entry) = entry {
        assert_eq!(said["entry"], entry, "{what}: {said}");
        assert!(answer.err.contains(&entry.to_string()), "{what}: {}", answer.err);
    }
    assert!(answer.err.contains(word), "{what}: {}", answer.err);
}

/// The database and the heads, to be put back after each attack.
struct Copy([(std::path::PathBuf, Vec<u8>); 2]);

impl Copy {
    fn of(town: &Town) -> Copy {
        Copy(["onroll.db", "audit-heads.jsonl"].map(|name| (town.dir().join(name), fs::read(town.dir().join(name)).unwrap())))
    }

    fn put_back(&self) {
        for (path, bytes) in &self.0 {
            for beside in ["-wal", "-shm"] {
                let _ = fs::remove_file(format!("{}{beside}", path.display()));
            }
            fs::write(path, bytes).unwrap();
        }
    }
}

#[test]
fn a_log_that_nobody_touched_is_whole() {
    let town = told();
    let said = town.json(&["audit", "verify", "--json"]);
    assert_eq!((&said["whole"], &said["entries"], &said["heads"]), (&true.into(), &12.into(), &3.into()));
    assert!(town.run(&["audit", "verify"]).expect(0).err.contains("12 entries"));
    let empty = Town::new();
    empty.run(&["audit", "verify"]).expect(0);
}

/// What is done to the log, the script that does it, the entry that must be named, and a word that must be said.
type Attack = (&'static str, &'static str, Option<u64>, &'static str);

const ATTACKS: &[Attack] = &[
    (
        "another recipient",
        "db.execute(\"update disclosure set line = replace(line, '8524001', '8524003') where number = 5\")",
        Some(5),
        "altered",
    ),
    (
        "another time",
        "db.execute(\"update disclosure set line = replace(line, '2026-11-24T', '2026-11-23T') where number = 2\")",
        Some(2),
        "altered",
    ),
    (
        "another field",
        "db.execute(\"update disclosure set line = replace(line, '\\\"dob\\\",', '') where number = 3\")",
        Some(3),
        "altered",
    ),
    ("another hash", "db.execute(\"update disclosure set hash = 'ab' || substr(hash, 3) where number = 7\")", Some(7), "altered"),
    (
        "another previous hash",
        "db.execute(\"update disclosure set previous = 'ab' || substr(previous, 3) where number = 7\")",
        Some(7),
        "altered",
    ),
    ("a row in the middle taken out", "db.execute('delete from disclosure where number = 6')", Some(6), "missing"),
    ("the first row taken out", "db.execute('delete from disclosure where number = 1')", Some(1), "missing"),
    ("the last row taken out", "db.execute('delete from disclosure where number = 12')", Some(12), "missing"),
    ("the last run taken out", "db.execute('delete from disclosure where number > 8')", Some(9), "missing"),
    ("everything taken out", "db.execute('delete from disclosure')", Some(1), "missing"),
    (
        "two rows swapped",
        "e = entries()
db.execute('update disclosure set previous = ?, hash = ?, line = ? where number = 4', ('x', 'x', '{}'))
for to, of in ((5, e[3]), (4, e[4])):
    db.execute('update disclosure set previous = ?, hash = ?, line = ? where number = ?', (*of[1:], to))",
        Some(5),
        "entry 4 belongs in its place",
    ),
    (
        "one entry altered and the rest chained anew",
        "lines = [e[3] for e in entries()]
lines[9] = lines[9].replace('8524001', '8524003').replace('8524002', '8524001')
rebuild(lines)",
        None,
        "rebuilt",
    ),
    ("an entry left out and the rest chained anew", "lines = [e[3] for e in entries()]\ndel lines[1]\nrebuild(lines)", None, ""),
    (
        "an entry put in and the rest chained anew",
        "lines = [e[3] for e in entries()]
lines.insert(4, lines[4].replace('\"message\":\"M', '\"message\":\"M9'))
rebuild(lines)",
        None,
        "rebuilt",
    ),
];

#[test]
fn each_kind_of_attack_is_found_and_the_entry_named() {
    let town = told();
    let whole = Copy::of(&town);
    for (what, script, entry, word) in ATTACKS {
        tamper(&town, script);
        found(&town, what, *entry, word);
        whole.put_back();
    }
    town.run(&["audit", "verify"]).expect(0);
}

#[test]
fn any_altered_byte_of_any_entry_is_found() {
    let town = told();
    let whole = Copy::of(&town);
    for seed in 0..60 {
        // One character of one column of one entry becomes another.
        tamper(
            &town,
            &format!(
                "import random
r = random.Random({seed})
number, previous, own, line = r.choice(entries())
column = r.choice(['previous', 'hash', 'line'])
text = {{'previous': previous, 'hash': own, 'line': line}}[column]
at = r.randrange(len(text))
other = r.choice([c for c in '0123456789abcdefghijklmnopqrstuvwxyz\"{{}},: ' if c != text[at]])
# The generated columns must stay unique: an attacker would see to that too.
try:
    db.execute('update disclosure set ' + column + ' = ? where number = ?', (text[:at] + other + text[at + 1:], number))
except sqlite3.IntegrityError:
    db.execute(\"update disclosure set hash = 'x' where number = ?\", (number,))"
            ),
        );
        found(&town, &format!("seed {seed}"), None, "NOT whole");
        whole.put_back();
    }
}

#[test]
fn an_older_copy_of_the_database_is_found() {
    let mut town = told();
    let older = Copy::of(&town);
    town.set_now("2026-11-27T09:00:00Z");
    town.moved(&[Move::of(&Person::of(9))]);
    let heads = fs::read(town.dir().join("audit-heads.jsonl")).unwrap();
    older.put_back();
    fs::write(town.dir().join("audit-heads.jsonl"), heads).unwrap();
    found(&town, "older copy", Some(13), "missing");
}

#[test]
fn a_head_that_was_altered_left_out_or_signed_by_another_key_is_found() {
    let town = told();
    let whole = Copy::of(&town);
    let text = String::from_utf8(whole.0[1].1.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let write = |text: String| fs::write(town.dir().join("audit-heads.jsonl"), text).unwrap();
    let mut head: Value = serde_json::from_str(lines[2]).unwrap();
    head["entries"] = 11.into();
    for (what, text) in [
        ("another count", format!("{}\n{}\n{head}\n", lines[0], lines[1])),
        ("another order", format!("{}\n{}\n{}\n", lines[0], lines[2], lines[1])),
        ("no head at all", String::new()),
        ("half a head", text[..text.len() - 20].to_owned()),
    ] {
        write(text);
        found(&town, what, None, "NOT whole");
    }
    whole.put_back();
    // The log made anew together with its heads, signed by a key of the attacker's own: the public key kept elsewhere tells.
    let other = told();
    fs::copy(other.dir().join("audit-heads.jsonl"), town.dir().join("audit-heads.jsonl")).unwrap();
    found(&town, "another key", None, "NOT whole");
}

#[test]
fn nothing_is_sent_under_a_log_that_does_not_hold_what_was_signed() {
    for script in [
        "db.execute('delete from disclosure where number = 12')",
        "lines = [e[3] for e in entries()]\nlines[0] = lines[0].replace('s436A', 's437')\nrebuild(lines)",
    ] {
        let mut town = told();
        tamper(&town, script);
        town.reported(&[Move::of(&Person::of(9))]);
        let before = town.out(OAKWOOD);
        let answer = town.run(&["deliver"]).expect(1);
        assert!(answer.err.contains("nothing is sent") && answer.err.contains("onroll audit verify"), "{}", answer.err);
        town.run(&["sync"]).expect(1);
        assert_eq!(town.out(OAKWOOD), before);
    }
}

#[test]
fn a_run_that_was_killed_before_it_signed_is_signed_by_the_next() {
    let mut town = told();
    let heads = fs::read_to_string(town.dir().join("audit-heads.jsonl")).unwrap();
    let two: String = heads.lines().take(2).map(|l| format!("{l}\n")).collect();
    fs::write(town.dir().join("audit-heads.jsonl"), two).unwrap();
    town.run(&["audit", "verify"]).expect(0);
    town.set_now("2026-11-27T09:00:00Z");
    town.run(&["deliver"]).expect(0);
    assert_eq!(town.json(&["audit", "verify", "--json"])["heads"], 3);
    tamper(&town, "db.execute('delete from disclosure where number = 12')");
    found(&town, "the last row taken out", Some(12), "missing");
}

#[test]
fn an_auditor_verifies_the_export_without_onroll() {
    let town = told();
    let dir = town.outside("export");
    let to = dir.to_str().unwrap();
    town.run(&["audit", "export", to]).expect(0);
    let names: Vec<String> = {
        let mut names: Vec<String> = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names, ["FORMAT.md", "entries.jsonl", "heads.jsonl", "public-key.pem", "verify.py"]);
    let entries = fs::read_to_string(dir.join("entries.jsonl")).unwrap();
    assert_eq!(entries.lines().count(), 12);
    assert!(!entries.contains("Example") && !entries.contains("Other Street"), "the log names no value of a child");
    let verify = || {
        let output = python().arg("verify.py").current_dir(&dir).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    let (good, said) = verify();
    assert!(good, "{said}");
    let elsewhere = town.outside("minutes");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::write(elsewhere.join("minutes.txt"), "of the board").unwrap();
    assert_eq!(town.run(&["audit", "export", elsewhere.to_str().unwrap()]).code, 2, "somebody else's folder");
    town.run(&["audit", "export", to]).expect(0);
    town.run(&["audit", "export"]).expect(0);
    assert!(town.dir().join("audit-export/verify.py").is_file(), "without a folder it goes into the home");
    let lines: Vec<&str> = entries.lines().collect();
    for (what, text) in [
        ("altered", entries.replacen("8524001", "8524003", 1)),
        ("missing", entries.replace(&format!("{}\n", lines[5]), "")),
        ("last one missing", entries.replace(&format!("{}\n", lines[11]), "")),
        ("swapped", entries.replace(&format!("{}\n{}", lines[3], lines[4]), &format!("{}\n{}", lines[4], lines[3]))),
    ] {
        fs::write(dir.join("entries.jsonl"), text).unwrap();
        let (good, said) = verify();
        assert!(!good && !said.contains("Traceback"), "{what}: {said}");
    }
}

#[test]
fn the_key_of_the_log_is_its_owners_alone_and_is_not_made_anew_once_heads_were_signed() {
    use std::os::unix::fs::PermissionsExt;
    let mut town = told();
    let key = town.dir().join("keys/audit.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    town.reported(&[Move::of(&Person::of(9))]);
    assert!(Command::new("chmod").arg("644").arg(&key).status().unwrap().success());
    assert!(town.run(&["deliver"]).expect(1).err.contains("chmod 600"));
    assert!(Command::new("chmod").arg("600").arg(&key).status().unwrap().success());
    fs::rename(&key, town.outside("key")).unwrap();
    let before = town.out(OAKWOOD).len();
    assert!(town.run(&["deliver"]).expect(1).err.contains("audit.key"));
    assert!(!key.exists());
    assert_eq!(town.out(OAKWOOD).len(), before);
    fs::rename(town.outside("key"), &key).unwrap();
    town.run(&["deliver"]).expect(0);
    assert_eq!(town.out(OAKWOOD).len(), before + 1);
}

#[test]
fn the_heads_may_lie_elsewhere() {
    let mut town = Town::new();
    let elsewhere = town.outside("heads.jsonl");
    let text = fs::read_to_string(town.dir().join("onroll.toml")).unwrap();
    town.write("onroll.toml", &text.replace("\"audit-heads.jsonl\"", &format!("{:?}", elsewhere.to_str().unwrap())));
    town.moved(&[Move::of(&Person::of(1))]);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap().lines().count(), 1);
    assert!(!town.dir().join("audit-heads.jsonl").exists());
    town.run(&["audit", "verify"]).expect(0);
}
