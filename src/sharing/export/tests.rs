use std::path::Path;
use std::process::Command;

use super::{FORMAT, VERIFY, line as export_line};
use crate::verify::tests::Kept;
use crate::{AuditKey, Entry};

/// Writes an export, lets `change` at the lines of its entries, and gives what `verify.py` says, and whether it was content.
fn checked(kept: &Kept, change: impl FnOnce(&mut Vec<String>)) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = kept.entries.iter().map(|e| export_line(&e.line(), &e.hash)).collect();
    change(&mut lines);
    write(folder.path(), "entries.jsonl", &lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    write(folder.path(), "heads.jsonl", &kept.heads.iter().map(|head| head.line() + "\n").collect::<String>());
    write(folder.path(), "public-key.pem", &kept.pem);
    write(folder.path(), "verify.py", VERIFY);
    let output = Command::new("python3").arg(folder.path().join("verify.py")).output().expect("python3 is there");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.success(), String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn an_auditor_without_onroll_finds_a_good_export_good() {
    let kept = Kept::new(9, 4);
    assert_eq!(checked(&kept, |_| ()), (true, "ok: 9 entries, 3 signed heads".to_owned()));
    let unsigned = Kept { heads: kept.heads[..2].to_vec(), ..kept.clone() };
    let words = "ok: 9 entries, 2 signed heads; 1 entries after the last head are not signed yet";
    assert_eq!(checked(&unsigned, |_| ()), (true, words.to_owned()));
    let empty = Kept { entries: Vec::new(), heads: Vec::new(), ..kept };
    assert_eq!(checked(&empty, |_| ()), (true, "ok: 0 entries, 0 signed heads".to_owned()));
}

#[test]
fn an_auditor_without_onroll_finds_what_the_verifier_finds() {
    let good = Kept::new(9, 4);
    let with = |change: &dyn Fn(&mut Kept)| {
        let mut kept = good.clone();
        change(&mut kept);
        kept
    };
    let forged = AuditKey::from_seed(&[8; 32]).unwrap().sign(8, &good.entries[7].hash, good.heads[1].at);
    for kept in [
        with(&|k| k.entries[4].body.fields.push("ethnicity".into())),
        with(&|k| k.entries[4].hash = "ab".repeat(32)),
        with(&|k| k.entries[4].previous = "ab".repeat(32)),
        with(&|k| drop(k.entries.remove(0))),
        with(&|k| drop(k.entries.remove(4))),
        with(&|k| drop(k.entries.pop())),
        with(&|k| k.entries.swap(3, 5)),
        with(&|k| k.entries.insert(5, good.entries[4].clone())),
        with(&|k| k.entries[4] = Entry::next(Some((4, &"cd".repeat(32))), good.entries[4].body.clone())),
        with(&|k| k.entries[0] = Entry::next(Some((0, &"cd".repeat(32))), good.entries[0].body.clone())),
        with(&|k| {
            k.entries[5].body.recipient = "8524999".into();
            k.rebuild_from(5);
        }),
        with(&|k| k.heads[1] = forged.clone()),
        with(&|k| k.heads[1].signature.clear()),
        with(&|k| k.heads.swap(1, 2)),
        with(&|k| k.heads.clear()),
    ] {
        let fault = kept.verify().unwrap_err();
        assert_eq!(checked(&kept, |_| ()), (false, format!("FAULT: {fault}")));
    }
}

#[test]
fn a_line_that_says_more_than_was_hashed_is_found() {
    let good = Kept::new(9, 4);
    let words = |n: u64| (false, format!("FAULT: entry {n} was altered: its line is no entry"));
    assert_eq!(checked(&good, |lines| lines[4] = lines[4].replace("\"}", "\",\"child\":\"C1\"}")), words(5));
    assert_eq!(checked(&good, |lines| lines[4].push(' ')), words(5));
    assert_eq!(checked(&good, |lines| lines.insert(4, String::new())), words(5));
    assert_eq!(checked(&good, |lines| lines[0] = "[1]".to_owned()), words(1));
}

#[test]
fn the_format_names_every_key() {
    let kept = Kept::new(1, 1);
    let line = export_line(&kept.entries[0].line(), &kept.entries[0].hash);
    for text in [line, kept.heads[0].line()] {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        for key in object.keys() {
            assert!(FORMAT.contains(&format!("`{key}`")), "{key}");
        }
    }
}
