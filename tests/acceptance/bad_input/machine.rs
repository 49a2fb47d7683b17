//! What the machine does to a file: it grows while it is read, the disk is full, a folder may not be written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output};

use acceptance::{Home, PUPILS, Person, SCHOOL, binary, counts, health, pupils, unprivileged_user};
use serde_json::Value;

use crate::counting::rows_of;

/// A writer that appends rows to a file until it is stopped.
struct Writer {
    child: Child,
    stop: std::path::PathBuf,
}

impl Writer {
    fn start(home: &Home, file: &Path) -> Writer {
        let stop = home.outside("stop");
        let row = Person::of(500).pupil().replace('\n', "");
        let script = "n=0; while [ ! -e \"$2\" ]; do n=$((n+1)); printf '9%05d,%s,end\\n' \"$n\" \"$3\" >> \"$1\"; done";
        let mut child = Command::new("sh").arg("-c").arg(script).arg("sh").arg(file).arg(&stop).arg(&row[7..]).spawn().unwrap();
        let before = fs::metadata(file).unwrap().len();
        while fs::metadata(file).unwrap().len() == before {
            assert!(child.try_wait().unwrap().is_none(), "the writer ended");
            std::thread::yield_now();
        }
        Writer { child, stop }
    }

    fn stop(mut self) {
        fs::write(&self.stop, "").unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

/// A few rows of so many bytes that a look at them takes far longer than the writer needs for its next row.
fn long_rows() -> String {
    let note = "n".repeat(1_000_000);
    let rows: String = (0..20).map(|n| Person::of(n).pupil().replace('\n', &format!(",{note}\n"))).collect();
    PUPILS.replace('\n', ",Notes\n") + &rows
}

#[test]
fn a_file_that_grows_while_it_is_read_stays_in_its_drop_folder_and_goes_in_whole_later() {
    let home = Home::new(SCHOOL);
    let file = home.drop_file("oakwood", "pupils.csv", long_rows());
    home.drop_file("health", "health_2026-11-20.csv", health(900, 2));
    let writer = Writer::start(&home, &file);
    let answer = home.run(&["sync"]).expect(0);
    assert!(answer.err.contains("oakwood/pupils.csv: it"), "{}", answer.err);
    assert_eq!((home.names("drop/oakwood"), home.rows()), (vec!["done".into(), "failed".into(), "pupils.csv".into()], [2, 2, 0, 0, 0]));
    writer.stop();
    let counted = rows_of(&[file]);
    assert!(counted > 20);
    home.run(&["sync"]).expect(0);
    assert_eq!(home.names("drop/oakwood/done"), ["pupils.csv"]);
    assert_eq!(home.rows()[0], counted + 2);
}

#[test]
fn a_growing_file_is_not_imported_by_hand() {
    let home = Home::new(SCHOOL);
    let file = home.file("pupils.csv", long_rows());
    let writer = Writer::start(&home, &file);
    let answer = home.run(&["import", "sims", file.to_str().unwrap()]).expect(1);
    writer.stop();
    assert!(answer.err.contains("pupils.csv changed while it was read; nothing of it was stored"), "{}", answer.err);
    assert_eq!(home.rows(), [0; 5]);
}

fn ledger(path: &Path) -> [u64; 5] {
    let text = fs::read_to_string(path).unwrap();
    counts(&serde_json::from_str::<Value>(&text).unwrap_or_else(|fault| panic!("{fault}: {text}"))["rows"])
}

/// Runs a script with `$bin`, `$home`, `$small`, `$big` and `$out` set; `$big` does not fit where `$small` does.
fn scripted(home: &Home, prefix: &[&str], script: &str) -> Output {
    let small = home.file("8524001_852LLLL_pupils.csv", pupils(0, 20));
    let big = home.file("8524002_852LLLL_pupils.csv", pupils(1000, 20_000));
    let words: Vec<&str> = prefix.iter().copied().chain(["sh", "-c", script]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env("bin", binary()).env("home", home.dir()).env("small", small).env("big", big);
    command.env("out", home.outside("")).env("ONROLL_USER", "Test Officer").env("ONROLL_NOW", acceptance::TODAY).output().unwrap()
}

#[track_caller]
fn nothing_half_stored(home: &Home, ran: &Output, words: &[&str]) {
    let err = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{err}");
    let said = fs::read_to_string(home.outside("said")).unwrap();
    assert_eq!(fs::read_to_string(home.outside("code")).unwrap().trim(), "1", "{said}");
    for word in words {
        assert!(said.contains(word), "{said}");
    }
    assert!(!said.contains("panicked") && !said.contains("Example"), "{said}");
    assert_eq!(ledger(&home.outside("before.json")), [20, 20, 0, 0, 0]);
    assert_eq!(ledger(&home.outside("after.json")), [20_020, 20_020, 0, 0, 0]);
}

#[test]
fn a_full_disk_is_told_nothing_is_half_stored_and_with_room_it_works_again() {
    let home = Home::new("");
    if !Command::new("unshare").args(["-Urm", "true"]).output().is_ok_and(|o| o.status.success()) {
        eprintln!("NOT RUN: this machine lets nobody mount a small disk of their own; see the next test for a limit on file sizes");
        return;
    }
    let script = r#"
set -e
mkdir "$out/disk" && mount -t tmpfs -o size=6m tmpfs "$out/disk" && cp -r "$home" "$out/disk/home"
at="$out/disk/home"
"$bin" import sims "$small" --home "$at"
"$bin" import sims "$big" --home "$at" 2> "$out/said" && code=0 || code=$?
echo $code > "$out/code"
"$bin" ledger --json --home "$at" > "$out/before.json"
[ -z "$(find "$at/landing" -name '*.part')" ]
mount -o remount,size=256m tmpfs "$out/disk"
"$bin" import sims "$big" --home "$at"
"$bin" ledger --json --home "$at" > "$out/after.json"
"#;
    let ran = scripted(&home, &["unshare", "-Urm"], script);
    nothing_half_stored(&home, &ran, &["the disk is full", "free some space and run it again"]);
}

#[test]
fn a_limit_on_file_sizes_is_told_nothing_is_half_stored_and_without_it_it_works_again() {
    let home = Home::new("");
    // Without the trap the system would end the program by a signal.
    let script = r#"
set -e
trap '' XFSZ
"$bin" import sims "$small" --home "$home"
(ulimit -f 4000; "$bin" import sims "$big" --home "$home" 2> "$out/said") && code=0 || code=$?
echo $code > "$out/code"
"$bin" ledger --json --home "$home" > "$out/before.json"
"$bin" import sims "$big" --home "$home"
"$bin" ledger --json --home "$home" > "$out/after.json"
"#;
    let ran = scripted(&home, &[], script);
    nothing_half_stored(&home, &ran, &["Nothing of"]);
}

/// A user who is not root, and a copy of the binary that this user may start; `None` where the tests have no such user.
fn without_rights(home: &Home) -> Option<impl Fn(&[&str]) -> Command> {
    let root = fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    let user = unprivileged_user();
    if root && user.is_none() {
        eprintln!("NOT RUN: a folder without write permission does not stop root; name another user with ONROLL_TEST_USER");
        return None;
    }
    let copy = home.outside("onroll");
    fs::copy(binary(), &copy).unwrap();
    fs::set_permissions(home.outside(""), fs::Permissions::from_mode(0o755)).unwrap();
    if let (true, Some(user)) = (root, &user) {
        assert!(Command::new("chown").arg("-R").arg(user).arg(home.dir()).status().unwrap().success());
    }
    let dir = home.dir();
    Some(move |args: &[&str]| {
        let mut command = match (&user, root) {
            (Some(user), true) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(&copy);
                command
            }
            _ => Command::new(&copy),
        };
        command.args(args).arg("--home").arg(&dir).env("ONROLL_USER", "Test Officer").env("ONROLL_NOW", acceptance::TODAY);
        command
    })
}

fn may(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_drop_folder_that_may_not_be_written_is_told_and_keeps_its_files_while_the_others_go_in() {
    let home = Home::new(SCHOOL);
    home.drop_file("oakwood", "pupils.csv", pupils(0, 3));
    home.drop_file("health", "health_2026-11-20.csv", health(900, 2));
    let Some(command) = without_rights(&home) else { return };
    let folder = home.dir().join("drop/oakwood");
    may(&folder, 0o555);
    let ran = command(&["sync"]).output().unwrap();
    let err = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{err}");
    assert!(err.contains("source oakwood") && err.contains("Give the account that runs onroll the right"), "{err}");
    assert_eq!(
        (home.names("drop/oakwood"), home.names("drop/health/done")),
        (vec!["pupils.csv".into()], vec!["health_2026-11-20.csv".into()])
    );
    may(&folder, 0o755);
    assert!(command(&["sync"]).output().unwrap().status.success());
    assert_eq!((home.names("drop/oakwood/done"), home.rows()), (vec!["pupils.csv".into()], [5, 5, 0, 0, 0]));
}

#[test]
fn a_home_that_may_not_be_written_is_told() {
    let home = Home::new(SCHOOL);
    let file = home.file("pupils.csv", pupils(0, 3));
    may(&file, 0o644);
    let Some(command) = without_rights(&home) else { return };
    may(&home.dir(), 0o555);
    let ran = command(&["import", "sims", file.to_str().unwrap()]).output().unwrap();
    may(&home.dir(), 0o755);
    let err = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{err}");
    assert!(err.contains("lock") && err.contains("the home must be a folder that may be written"), "{err}");
    assert!(file.exists());
    assert!(command(&["import", "sims", file.to_str().unwrap()]).output().unwrap().status.success());
    assert_eq!(home.rows(), [3, 3, 0, 0, 0]);
}
