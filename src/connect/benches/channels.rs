//! How many files a second a folder takes, and how many mails a second a local mail server, each on the disk before it is
//! told of. `ONROLL_TEST_PYTHON=... cargo bench -p connect --bench channels`; `TMPDIR` says which disk.
//!
//! Mails go to the scripted server of the tests (one thread of Python), and to Exim where it is installed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark")]

#[path = "../tests/mail/certificates.rs"]
#[allow(dead_code, reason = "made for the tests")]
mod certificates;
#[path = "../tests/mail/exim.rs"]
#[allow(dead_code, reason = "made for the tests")]
mod exim;
#[path = "../tests/made/mod.rs"]
#[allow(dead_code, reason = "made for the tests")]
mod made;
#[path = "../tests/mail/scripted.rs"]
#[allow(dead_code, reason = "made for the tests")]
mod scripted;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{TimeZone as _, Utc};
use connect::channel::{Channel, FolderChannel, MailChannel, Outcome};
use exim::Exim;
use made::Message;
use schema::Secret;
use schema::clock::FixedClock;
use scripted::Scripted;
use tokio::task::JoinSet;

const FILES: u32 = 4_000;
const MAILS: u32 = 400;

#[tokio::main]
async fn main() {
    println!("folder, {FILES} files (target 1,000 a second)");
    for at_once in [1, 4, 8, 16, 32] {
        let home = tempfile::tempdir().unwrap();
        let rate = rate(Arc::new(FolderChannel::new(home.path())), &made::folder(None), FILES, at_once).await;
        println!("  {at_once:>2} at once: {rate:>6.0} files/s");
    }
    for tls in ["starttls", "implicit"] {
        println!("scripted server, {tls}, {MAILS} mails (target 100 a second)");
        for at_once in [1, 4, 8, 16] {
            let server = Scripted::start("good", tls == "implicit", None);
            let rate = rate(Arc::new(mail(server.port, tls, "", None, server.home())), &made::attachment(), MAILS, at_once).await;
            assert_eq!(server.ledger().len(), MAILS as usize);
            println!("  {at_once:>2} at once: {rate:>6.0} mails/s");
        }
    }
    if exim::find().is_none() {
        println!("Exim: not installed (Debian: exim4-daemon-light)");
        return;
    }
    for tls in ["starttls", "implicit"] {
        println!("Exim, {tls}, login, {MAILS} mails (target 100 a second)");
        for at_once in [1, 4, 8, 16] {
            let server = Exim::start();
            let port = if tls == "implicit" { server.implicit } else { server.starttls };
            let channel = mail(port, tls, "user = \"onroll\"", Some("a-pass-word"), server.home());
            let rate = rate(Arc::new(channel), &made::attachment(), MAILS, at_once).await;
            assert_eq!(server.spool().len(), MAILS as usize);
            println!("  {at_once:>2} at once: {rate:>6.0} mails/s");
        }
    }
}

fn mail(port: u16, tls: &str, more: &str, password: Option<&str>, home: &Path) -> MailChannel {
    let text =
        format!("host = \"localhost\"\nport = {port}\ntls = \"{tls}\"\nfrom = \"cme@council.example\"\nca_file = \"ca.pem\"\n{more}");
    let clock = FixedClock(Utc.with_ymd_and_hms(2026, 10, 13, 6, 30, 0).unwrap());
    MailChannel::new(toml::from_str(&text).unwrap(), password.map(Secret::new), home, Arc::new(clock)).unwrap()
}

/// Sends so many messages, so many at the same time; messages a second.
async fn rate(channel: Arc<dyn Channel>, agreement: &str, count: u32, at_once: usize) -> f64 {
    let messages: Vec<Message> = (1..=count).map(|number| Message::new(agreement, number)).collect();
    let start = Instant::now();
    let mut running = JoinSet::new();
    for message in messages {
        if running.len() >= at_once {
            sent(running.join_next().await.unwrap().unwrap());
        }
        let channel = Arc::clone(&channel);
        running.spawn(async move { channel.send(&message.letter()).await });
    }
    while let Some(outcome) = running.join_next().await {
        sent(outcome.unwrap());
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

fn sent(outcome: Outcome) {
    assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
}
