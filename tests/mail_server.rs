//! A mail server on loopback that does as its script says (`tests/mail/scripted.py`).

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::outside::test_python;

/// A server; it ends when it is dropped.
pub struct MailServer {
    child: Child,
    /// Where it listens.
    pub port: u16,
    scratch: TempDir,
}

impl MailServer {
    /// A server with STARTTLS and a good certificate; `None` where its Python is not there, which is said.
    pub fn start(script: &str) -> Option<MailServer> {
        MailServer::start_with(script, None)
    }

    /// The same, and who sends must give this `USER:PASSWORD`.
    pub fn start_with(script: &str, login: Option<&str>) -> Option<MailServer> {
        let Some(mut python) = test_python() else {
            eprintln!(
                "NOT RUN: this needs a mail server written in Python; ONROLL_TEST_PYTHON must name one with aiosmtpd (tests/run sets it)"
            );
            return None;
        };
        let scratch = tempfile::tempdir().expect("scratch folder");
        certificates(scratch.path());
        let at = |name: &str| scratch.path().join(name);
        python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/mail/scripted.py")).args(["--script", script]);
        python.arg("--cert").arg(at("server.pem")).arg("--key").arg(at("server.key")).arg("--ledger").arg(at("ledger.jsonl"));
        if let Some(login) = login {
            python.args(["--login", login]);
        }
        let (child, port) = listening(python);
        Some(MailServer { child, port, scratch })
    }

    /// The certificate authority that a client must trust.
    pub fn authority(&self) -> PathBuf {
        self.scratch.path().join("ca.pem")
    }

    /// `[email]` of `onroll.toml` for this server.
    pub fn section(&self) -> String {
        mail_section(self.port, &self.authority())
    }

    /// The mails that it took on, in their order. A last line that is still being written does not count yet.
    pub fn ledger(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.scratch.path().join("ledger.jsonl")).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| serde_json::from_str(line).expect("a line of the ledger")).collect()
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It ends when nobody can speak to it any more.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Starts a program that says `listening PORT`.
fn listening(mut program: Command) -> (Child, u16) {
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the server starts");
    let mut said = String::new();
    BufReader::new(child.stdout.take().expect("its stdout")).read_line(&mut said).expect("it says its port");
    let port = said.trim().strip_prefix("listening ").and_then(|p| p.parse().ok()).unwrap_or_else(|| panic!("no port: {said}"));
    (child, port)
}

/// Stands before a mail server and breaks this share of the connections, the same ones for the same seed; ends when dropped.
pub struct BadLine {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl BadLine {
    /// Before that server.
    pub fn before(server: &MailServer, seed: u32, faults: f64) -> BadLine {
        let mut python = crate::python();
        python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/mail/proxy.py")).args(["--to", &server.port.to_string()]);
        python.args(["--seed", &seed.to_string(), "--faults", &faults.to_string()]);
        let (child, port) = listening(python);
        BadLine { child, port }
    }
}

impl Drop for BadLine {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// `[email]` for a server at that port of loopback whose certificate that authority signed.
pub fn mail_section(port: u16, authority: &Path) -> String {
    format!(
        "\n[email]\nhost = \"localhost\"\nport = {port}\ntls = \"starttls\"\nfrom = \"cme@council.example\"\ntimeout_seconds = 5\nca_file = {:?}\n",
        authority.to_str().expect("a path")
    )
}

/// An authority and a certificate for `localhost`: `ca.pem`, `server.pem`, `server.key`.
fn certificates(dir: &Path) {
    let openssl = |args: &[&str]| {
        let output = Command::new("openssl").args(args).current_dir(dir).output().expect("openssl");
        assert!(output.status.success(), "openssl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    fs::write(dir.join("server.ext"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").expect("a file");
    openssl(&[&["req", "-x509", "-days", "2", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"][..], &key].concat());
    openssl(&[&["req", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"][..], &key].concat());
    openssl(&[
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "server.ext",
        "-out",
        "server.pem",
    ]);
}
