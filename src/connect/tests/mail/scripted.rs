//! The scripted server: starting it, and reading what it took.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::certificates::{self, Certificate, Identity};

/// A server that runs until it is dropped. Its folder is also the home of the channel under test.
pub struct Scripted {
    pub port: u16,
    dir: TempDir,
    child: Child,
}

impl Scripted {
    /// Starts a server with a good certificate.
    pub fn start(script: &str, implicit: bool, login: Option<&str>) -> Scripted {
        Scripted::start_as(script, implicit, login, Certificate::Good)
    }

    pub fn start_as(script: &str, implicit: bool, login: Option<&str>, certificate: Certificate) -> Scripted {
        let dir = tempfile::tempdir().unwrap();
        certificates::authority(dir.path(), "Onroll test authority");
        let Identity { certificate, key } = certificates::server(dir.path(), certificate);
        let mut command = Command::new(python());
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mail/scripted.py"));
        command.args(["--script", script]).arg("--cert").arg(certificate).arg("--key").arg(key);
        command.arg("--ledger").arg(dir.path().join("ledger"));
        if implicit {
            command.arg("--implicit");
        }
        if let Some(login) = login {
            command.args(["--login", login]);
        }
        // It ends when its input does, so also when this test is killed.
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the scripted mail server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening ").and_then(|port| port.parse().ok());
        Scripted { port: port.expect("the scripted mail server says its port; does this Python have aiosmtpd?"), dir, child }
    }

    pub fn home(&self) -> &Path {
        self.dir.path()
    }

    /// What it took, in order.
    pub fn ledger(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.dir.path().join("ledger")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[allow(clippy::disallowed_methods, reason = "the test script says in the environment where Python is")]
fn python() -> PathBuf {
    match std::env::var_os("ONROLL_TEST_PYTHON") {
        Some(path) => path.into(),
        None => panic!(
            "ONROLL_TEST_PYTHON is not set: it names a Python that has the package aiosmtpd (tests/run makes one). \
             By hand: python3 -m venv DIR && DIR/bin/pip install aiosmtpd, then ONROLL_TEST_PYTHON=DIR/bin/python"
        ),
    }
}
