use std::path::Path;
use std::sync::Arc;

use chrono::{TimeZone as _, Utc};
use connect::channel::{MailChannel, MailSettings};
use schema::Secret;
use schema::clock::FixedClock;

use crate::certificates;

const PLAIN: &str = "host = \"smtp.council.example\"\nport = 587\nfrom = \"cme@council.example\"\n";

fn fault(text: &str, password: Option<&str>, home: &Path) -> String {
    let settings: MailSettings = toml::from_str(text).unwrap();
    let clock = FixedClock(Utc.with_ymd_and_hms(2026, 10, 13, 6, 30, 0).unwrap());
    match MailChannel::new(settings, password.map(Secret::new), home, Arc::new(clock)) {
        Ok(_) => String::new(),
        Err(fault) => fault.to_string(),
    }
}

#[test]
fn a_setting_that_cannot_work_is_named_before_anything_is_sent() {
    let home = tempfile::tempdir().unwrap();
    certificates::authority(home.path(), "Onroll test authority");
    std::fs::write(home.path().join("empty.pem"), "no certificate").unwrap();
    let with = |line: &str| format!("{PLAIN}ca_file = \"ca.pem\"\n{line}\n");
    assert_eq!(fault(&with(""), None, home.path()), "");
    assert_eq!(fault(&with("user = \"onroll\""), Some("x"), home.path()), "");
    for (text, password, words) in [
        (with("").replace("smtp.council.example", "no host"), None, "host:"),
        (with("").replace("cme@council.example", "cme"), None, "from:"),
        (with("hello = \"a b\""), None, "hello:"),
        (with("timeout_seconds = 0"), None, "timeout_seconds:"),
        (with("timeout_seconds = 601"), None, "timeout_seconds:"),
        (with("user = \"onroll\""), None, "belong together"),
        (with(""), Some("x"), "belong together"),
        (with("user = \"onroll\"\npassword_env = \"A\"\npassword_file = \"b\""), Some("x"), "keep one of them"),
        (with("").replace("ca.pem", "missing.pem"), None, "cannot be read"),
        (with("").replace("ca.pem", "empty.pem"), None, "has no certificate"),
    ] {
        let said = fault(&text, password, home.path());
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn an_unknown_key_and_a_third_way_to_encrypt_are_errors() {
    assert_eq!(toml::from_str::<MailSettings>(PLAIN).unwrap().timeout_seconds, 30);
    for line in ["password = \"x\"", "tls = \"none\"", "tls = \"opportunistic\"", "verify = false"] {
        assert!(toml::from_str::<MailSettings>(&format!("{PLAIN}{line}\n")).is_err(), "{line}");
    }
}
