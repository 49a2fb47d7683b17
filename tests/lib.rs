//! **acceptance**: the harness of the end-to-end tests. They know what a user knows: the binary, a home, exit codes, JSON.
//!
//! [`Home`] is a home of its own in a scratch folder. When it is dropped, the ledger must balance: every row that any test
//! brought in must be accounted for, whatever the test was about. [`Town`] is a home with two schools that are to hear where
//! their children live now; [`Move`] is what the housing team reports, [`Agreement`] what a school may be told, and
//! [`MailServer`] a server that takes mail, or does not, as its script says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // test code: a failure is a failed test

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

mod agreement;
mod housing;
mod mail_server;
mod outside;
mod people;
mod seeded;
mod telling;

pub use agreement::{Agreement, FIELDS, FOLDER};
pub use housing::{HOUSING, Move, Place, housing};
pub use mail_server::{BadLine, MailServer, mail_section};
pub use outside::{below, python, test_python};
pub use people::{HEALTH, LEAVERS, ONE, PUPILS, Person, health, nhs, one, pupils, pupils_xml, upn};
pub use seeded::Seeded;
pub use telling::{ELMWOOD, OAKWOOD, Town};

/// A school's MIS, as a council writes it into `onroll.toml`: full exports of school 8524001, dropped into `drop/oakwood/`.
pub const SCHOOL: &str = r#"
[[source]]
id = "oakwood"
connector = "sims"
laestab = "8524001"
complete = true
max_age_days = 14
"#;

/// read, accepted, unchanged, quarantined, rejected, from the JSON of any command.
pub fn counts(rows: &Value) -> [u64; 5] {
    ["read", "accepted", "unchanged", "quarantined", "rejected"].map(|key| rows[key].as_u64().unwrap_or_else(|| panic!("no {key}: {rows}")))
}

/// The day on which the tests take place.
pub const TODAY: &str = "2026-11-24T09:00:00Z";

/// The binary: `ONROLL_BIN`, else the one beside the test's own folder.
pub fn binary() -> PathBuf {
    if let Some(path) = option_env_at_run("ONROLL_BIN") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().expect("the test's own path");
    let path = test.parent().and_then(Path::parent).expect("target folder").join("onroll");
    assert!(path.exists(), "{} is not there: run `cargo build -p onroll`, or tests/run, first", path.display());
    path
}

#[allow(clippy::disallowed_methods)] // the harness is started from outside, as a user starts the binary
fn option_env_at_run(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

/// Reads a variable of the environment that says where something is that tests need.
pub(crate) fn environment(name: &str) -> Option<String> {
    option_env_at_run(name)
}

/// The user without rights that `tests/run` made, where the tests run as root.
pub fn unprivileged_user() -> Option<String> {
    option_env_at_run("ONROLL_TEST_USER")
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// The exit code.
    pub code: i32,
    /// stdout.
    pub out: String,
    /// stderr.
    pub err: String,
}

impl Answer {
    fn of(output: Output) -> Answer {
        Answer {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// stdout as one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("no JSON ({fault}): {self:?}"))
    }

    /// stdout as one JSON document per line.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|fault| panic!("no JSON ({fault}): {line}"))).collect()
    }

    /// The answer, if the command ended with that code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Answer {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
}

/// A home in a scratch folder.
pub struct Home {
    scratch: TempDir,
    name: &'static str,
    /// Whether the ledger is asked when the home is dropped.
    pub balance: bool,
    now: String,
    /// The officer who acts in this home.
    officer: &'static str,
}

impl Home {
    /// What `init` writes, with the sources given beside it: lines of TOML.
    pub fn new(sources: &str) -> Home {
        let home = Home {
            scratch: tempfile::tempdir().expect("scratch folder"),
            name: "home",
            balance: true,
            now: TODAY.to_owned(),
            officer: "Test Officer",
        };
        let made = Command::new(binary()).arg("init").arg(home.dir()).output().expect("onroll init");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let toml = home.dir().join("onroll.toml");
        let text = fs::read_to_string(&toml)
            .expect("onroll.toml")
            .replace("[people]\n", "[people]\n\"Test Officer\" = \"officer\"\n\"Test Manager\" = \"manager\"\n\"Test Clerk\" = \"school\"\n\"Test Ict\" = \"ict\"\n");
        fs::write(&toml, text.replace("settle_seconds = 1", "settle_seconds = 0") + sources).expect("onroll.toml");
        home
    }

    /// A home that `demo` made.
    pub fn at(scratch: TempDir, name: &'static str) -> Home {
        Home { scratch, name, balance: true, now: TODAY.to_owned(), officer: "Demo Officer" }
    }

    /// Its folder.
    pub fn dir(&self) -> PathBuf {
        self.scratch.path().join(self.name)
    }

    /// A path in the scratch folder, outside the home.
    pub fn outside(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Writes a file outside the home and gives its path.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.outside(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// Puts a file into a drop folder.
    pub fn drop_file(&self, source: &str, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let folder = self.dir().join("drop").join(source);
        fs::create_dir_all(&folder).expect("drop folder");
        let path = folder.join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// Puts a file into a drop folder that was written that many minutes ago.
    #[allow(clippy::disallowed_methods)] // the age of a file goes by the machine's clock, not by the hub's
    pub fn drop_aged(&self, source: &str, name: &str, bytes: impl AsRef<[u8]>, minutes: u64) -> PathBuf {
        let path = self.drop_file(source, name, bytes);
        let then = SystemTime::now() - Duration::from_secs(minutes * 60);
        File::options().write(true).open(&path).and_then(|f| f.set_modified(then)).expect("the file's time");
        path
    }

    /// The names in a folder of the home, sorted; none where it is not there.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.dir().join(folder)).into_iter().flatten();
        let mut names: Vec<String> = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Writes one of the home's own files.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.dir().join(name), text).expect("a file of the home");
    }

    /// From now on it is that time (RFC 3339).
    pub fn set_now(&mut self, now: &str) {
        self.now = now.to_owned();
    }

    /// The command, ready to be started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(args).arg("--home").arg(self.dir()).env("ONROLL_NOW", &self.now).env("ONROLL_USER", self.officer);
        command
    }

    /// Runs a command as the officer.
    pub fn run(&self, args: &[&str]) -> Answer {
        Answer::of(self.command(args).output().expect("onroll runs"))
    }

    /// Runs a command that must end with 0 and print one JSON document.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        self.run(args).expect(0).json()
    }

    /// Runs a command as somebody else.
    pub fn run_as(&self, who: &str, args: &[&str]) -> Answer {
        Answer::of(self.command(args).env("ONROLL_USER", who).output().expect("onroll runs"))
    }

    /// The ledger's rows over all payloads.
    #[track_caller]
    pub fn rows(&self) -> [u64; 5] {
        counts(&self.json(&["ledger", "--json"])["rows"])
    }

    /// The children of a name.
    #[track_caller]
    pub fn children(&self, name: &str) -> Vec<Value> {
        self.json(&["child", "find", "--name", name, "--json"]).as_array().expect("children").clone()
    }

    /// The worklist.
    #[track_caller]
    pub fn worklist(&self) -> Vec<Value> {
        self.run(&["worklist", "--json"]).expect(0).lines()
    }

    /// The findings of a rule, as (grade, reason).
    #[track_caller]
    pub fn findings(&self, rule: &str) -> Vec<(String, String)> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        self.worklist().iter().filter(|f| f["rule"] == rule).map(|f| (text(&f["grade"]), text(&f["reason"]))).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if !self.balance || std::thread::panicking() {
            return;
        }
        let ledger = self.json(&["ledger", "--json"]);
        let payloads = ledger["payloads"].as_array().expect("payloads").iter();
        for counts in payloads.map(|p| &p["rows"]).chain([&ledger["rows"]]) {
            let n = |key: &str| counts[key].as_u64().unwrap_or_default();
            assert_eq!(
                n("read"),
                n("accepted") + n("unchanged") + n("quarantined") + n("rejected"),
                "the ledger does not balance: {counts}"
            );
        }
    }
}
