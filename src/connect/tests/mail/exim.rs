//! A mail server as councils run them: Exim, as Debian packs it, as a user without rights.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::certificates::{self, Certificate};

/// A server that runs until it is dropped. Its folder is also the home of the channel under test.
pub struct Exim {
    pub starttls: u16,
    pub implicit: u16,
    dir: TempDir,
    child: Child,
}

impl Exim {
    pub fn start() -> Exim {
        let dir = tempfile::tempdir().unwrap();
        certificates::authority(dir.path(), "Onroll test authority");
        certificates::server(dir.path(), Certificate::Good);
        let (starttls, implicit) = two_free_ports();
        let user = user_without_rights();
        let template = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mail/exim.conf")).unwrap();
        let config = template
            .replace("@USER@", &user)
            .replace("@GROUP@", &said_by_id(&["-gn", &user]))
            .replace("@DIR@", dir.path().to_str().unwrap())
            .replace("@STARTTLS_PORT@", &starttls.to_string())
            .replace("@IMPLICIT_PORT@", &implicit.to_string());
        fs::write(dir.path().join("exim.conf"), config).unwrap();
        let mut command = if said_by_id(&["-un"]) == user {
            Command::new(program())
        } else {
            give_to(&user, dir.path());
            let mut other = Command::new("runuser");
            other.args(["-u", &user, "--"]).arg(program());
            other
        };
        command.arg("-C").arg(dir.path().join("exim.conf")).arg("-bdf").stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        while !said.contains("daemon started") {
            let line = lines.next().unwrap_or_else(|| panic!("exim did not start: {said}"));
            said.push_str(&line.unwrap());
        }
        // What it says of each mail goes on coming, and must be read for it to go on.
        std::thread::spawn(move || lines.count());
        Exim { starttls, implicit, dir, child }
    }

    pub fn home(&self) -> &Path {
        self.dir.path()
    }

    /// The mails in its spool: the headers and the body of each.
    pub fn spool(&self) -> Vec<(String, String)> {
        let Ok(entries) = fs::read_dir(self.dir.path().join("spool/input")) else { return Vec::new() };
        let paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        let read = |path: &Path| String::from_utf8(fs::read(path).unwrap()).unwrap();
        let heads = paths.iter().filter(|path| path.to_str().unwrap().ends_with("-H"));
        heads.map(|head| (read(head), read(Path::new(&head.to_str().unwrap().replace("-H", "-D"))))).collect()
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        // Through its own pid: between it and us may be runuser, which hands on nothing of a kill.
        if let Ok(pid) = fs::read_to_string(self.dir.path().join("pid")) {
            let _ = Command::new("kill").arg(pid.trim()).status();
        }
        let _ = self.child.wait();
    }
}

fn program() -> PathBuf {
    find().expect("Exim is not installed: on Debian, apt-get install exim4-daemon-light; or ONROLL_TEST_EXIM names the program")
}

/// The program, where it is installed.
#[allow(clippy::disallowed_methods, reason = "the test script says in the environment where things are")]
pub fn find() -> Option<PathBuf> {
    let named = std::env::var_os("ONROLL_TEST_EXIM").map(PathBuf::from);
    let usual = ["/usr/sbin/exim4", "/usr/sbin/exim"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|path| path.exists())
}

/// Ourselves, or for root the user that the test script names.
#[allow(clippy::disallowed_methods, reason = "the test script says in the environment which user has no rights")]
fn user_without_rights() -> String {
    match said_by_id(&["-un"]) {
        root if root == "root" => std::env::var("ONROLL_TEST_USER").unwrap_or_else(|_| "nobody".into()),
        own => own,
    }
}

fn said_by_id(args: &[&str]) -> String {
    String::from_utf8(Command::new("id").args(args).output().unwrap().stdout).unwrap().trim().to_owned()
}

fn give_to(user: &str, dir: &Path) {
    assert!(Command::new("chown").args(["-R", user]).arg(dir).status().unwrap().success());
}

fn two_free_ports() -> (u16, u16) {
    let (one, two) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    (one.local_addr().unwrap().port(), two.local_addr().unwrap().port())
}
