//! Certificates for the tests, made with the `openssl` command.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    Good,
    Expired,
    OtherName,
}

/// A certificate and its key.
pub struct Identity {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Elliptic keys are made in no time; RSA keys are not.
const NEW_KEY: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

/// Makes an authority: `ca.pem` and `ca.key` in the folder.
pub fn authority(dir: &Path, name: &str) {
    let subject = format!("/CN={name}");
    let rest = ["-x509", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", &subject];
    openssl(dir, &[&["req"], &NEW_KEY[..], &rest].concat());
}

/// Makes a server's certificate, signed by the authority of the folder.
pub fn server(dir: &Path, kind: Certificate) -> Identity {
    let name = if kind == Certificate::OtherName { "mail.elsewhere.example" } else { "localhost" };
    let days = if kind == Certificate::Expired { "-1" } else { "2" };
    std::fs::write(dir.join("server.ext"), format!("subjectAltName=DNS:{name}\nbasicConstraints=CA:FALSE\n")).unwrap();
    let subject = format!("/CN={name}");
    openssl(dir, &[&["req"], &NEW_KEY[..], &["-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", &subject]].concat());
    openssl(
        dir,
        &[
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
            days,
            "-extfile",
            "server.ext",
            "-out",
            "server.pem",
        ],
    );
    Identity { certificate: dir.join("server.pem"), key: dir.join("server.key") }
}

fn openssl(dir: &Path, args: &[&str]) {
    let output = Command::new("openssl").args(args).current_dir(dir).output().expect("the command openssl is needed to make certificates");
    assert!(output.status.success(), "openssl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}
