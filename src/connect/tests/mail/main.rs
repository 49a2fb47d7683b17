//! The mail channel against real servers on loopback: a scripted one (Python's aiosmtpd, `tests/mail/scripted.py`) that can
//! do what a good server never does, and Exim, as Debian packs it (exim4-daemon-light).
//!
//! `ONROLL_TEST_PYTHON` names a Python that has aiosmtpd; `tests/run` sets it. Certificates are made with `openssl`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../made/mod.rs"]
#[allow(dead_code, reason = "not every user of these messages sends them all ways")]
mod made;

mod certificates;
mod cut;
mod exim;
mod good;
mod real;
mod refused;
mod scripted;
mod setup;
mod tap;
mod trust;
mod unknown;

use std::path::Path;
use std::sync::Arc;

use chrono::{TimeZone as _, Utc};
use connect::channel::{Channel, MailChannel, MailSettings, Outcome};
use schema::Secret;
use schema::clock::FixedClock;

use made::Message;
use scripted::Scripted;
use tap::Tap;

/// Settings as `onroll.toml` gives them, for a server on loopback whose authority stands in `ca.pem` of the home.
fn settings(port: u16, tls: &str, more: &str) -> MailSettings {
    toml::from_str(&format!(
        "host = \"localhost\"\nport = {port}\ntls = \"{tls}\"\nfrom = \"CME team <cme@council.example>\"\nca_file = \"ca.pem\"\n{more}"
    ))
    .unwrap()
}

fn channel(settings: MailSettings, password: Option<&str>, home: &Path) -> MailChannel {
    let clock = FixedClock(Utc.with_ymd_and_hms(2026, 10, 13, 6, 30, 0).unwrap());
    MailChannel::new(settings, password.map(Secret::new), home, Arc::new(clock)).unwrap()
}

/// What one script comes to.
struct Played {
    outcome: Outcome,
    server: Scripted,
    tap: Tap,
}

/// Sends message 12 with its file attached through a wire tap to a server that plays a script.
async fn play(script: &str, tls: &str, more: &str) -> Played {
    let server = Scripted::start(script, tls == "implicit", None);
    play_with(server, tls, more).await
}

async fn play_with(server: Scripted, tls: &str, more: &str) -> Played {
    let tap = Tap::before(server.port).await;
    let channel = channel(settings(tap.port, tls, more), None, server.home());
    let outcome = channel.send(&Message::new(&made::attachment(), 12).letter()).await;
    Played { outcome, server, tap }
}

impl Played {
    /// Nothing of the message, and no login, was to be read on the wire; nothing the server said but its codes is told.
    #[track_caller]
    fn nothing_leaked(&self) -> &Played {
        self.tap.nothing_in_clear();
        let (Outcome::Sent { detail: words }
        | Outcome::Retry { reason: words }
        | Outcome::Refused { reason: words }
        | Outcome::Unknown { reason: words }) = &self.outcome;
        for planted in ["oakwood", "such user", "example", "@"] {
            assert!(!words.to_lowercase().contains(planted), "{words}");
        }
        self
    }

    #[track_caller]
    fn retry(&self, words: &str) -> &Played {
        let Outcome::Retry { reason } = &self.outcome else { panic!("{:?}", self.outcome) };
        assert!(reason.contains(words), "{reason}");
        self
    }

    #[track_caller]
    fn refused(&self, words: &str) -> &Played {
        let Outcome::Refused { reason } = &self.outcome else { panic!("{:?}", self.outcome) };
        assert!(reason.contains(words), "{reason}");
        self
    }

    #[track_caller]
    fn unknown(&self, words: &str) -> &Played {
        let Outcome::Unknown { reason } = &self.outcome else { panic!("{:?}", self.outcome) };
        assert!(reason.contains(words), "{reason}");
        self
    }

    #[track_caller]
    fn taken(&self, mails: usize) -> &Played {
        assert_eq!(self.server.ledger().len(), mails);
        self
    }
}
