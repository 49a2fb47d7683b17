//! **delivery**: claim, send, settle.
//!
//! In: the outbox of `store`, the channels of `connect`, `[delivery]` of the config, the clock. Out: messages at their
//! recipients; for each try how it ended, in the outbox; a [`Report`] with the children of whom somebody was told.
//!
//! A message is leased in one short write, together with the attempt and the entry of the disclosure log; it is sent with
//! no transaction open; how it ended is written in another. If the machine stops in between, the next run asks the channel
//! what became of it. So each message reaches its recipient at least once, and twice only where the outcome cannot be known
//! and the agreement says `on_unknown = "resend"`.
//!
//! This room does not know why something is told, who a child is, what a message says, or how a channel works inside.

pub mod backoff;
pub mod breaker;
pub mod plan;
pub mod settings;
pub mod watch;

mod collected;
mod report;
mod round;
mod sending;

use std::collections::BTreeSet;
use std::sync::Arc;

use connect::channel::Channel;
use schema::Clock;
use store::{Claim, Store, StoreError};

use backoff::{Backoff, Jitter};
use breaker::{Breaker, Breakers};
use plan::Patience;

pub use report::{Failing, Report};
pub use settings::{SettingFault, Settings, check};
pub use watch::{NoWatch, Point, Watch};

/// Why a run could not begin, or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The store could not be read or written. Messages that were sent and not settled stay leased; the next run finds out
    /// what became of them.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The settings are not safe; nothing was sent.
    #[error(transparent)]
    Settings(#[from] SettingFault),
}

/// Everything that a run needs.
pub struct Delivery {
    /// The outbox.
    pub store: Store,
    /// The ways out, one of each kind; a message with another kind goes to its next channel.
    pub channels: Vec<Arc<dyn Channel>>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// `[delivery]`, after [`check`].
    pub settings: Settings,
    /// Who sends, as file names have it: `852LLLL`.
    pub sender: String,
    /// The id of this run: no two runs have the same, also not on two machines or after a restart.
    pub by: String,
    /// The right side of Message-IDs. The same for all runs of one home, so that a mail that is sent again has the same one.
    pub domain: String,
    /// For spreading waits; any number.
    pub seed: u64,
    /// Who is told how far a run has come: [`NoWatch`] but in tests.
    pub watch: Arc<dyn Watch>,
}

/// A run on its way.
struct Run<'a> {
    of: &'a Delivery,
    breakers: Breakers,
    rule: breaker::Rule,
    patience: Patience,
    jitter: Jitter,
    told: BTreeSet<schema::ChildId>,
    report: Report,
}

impl Delivery {
    /// Finds out what became of messages of a run that stopped, looks which files were collected, then claims, sends and
    /// settles until nothing is due that can be sent now. It does not wait for what is due later: [`Report::next_due`] says
    /// when to come again.
    ///
    /// # Errors
    /// The settings are not safe, or the store cannot be read or written. That a channel fails is no error: it stands in the
    /// report.
    pub async fn run(&self) -> Result<Report, DeliveryError> {
        check(&self.settings, None)?;
        let states = self.store.channel_states().await?;
        let breakers = Breakers::of(states.into_iter().map(|s| (s.route, Breaker { failures: s.failures, open_until: s.open_until })));
        let settings = &self.settings;
        let mut run = Run {
            of: self,
            breakers,
            rule: breaker::Rule {
                failures: settings.breaker_failures,
                rest: Backoff { first: settings.breaker_seconds, longest: settings.breaker_seconds.saturating_mul(16) },
                tries: settings.attempts_per_channel,
            },
            patience: Patience {
                attempts_per_channel: settings.attempts_per_channel,
                backoff: Backoff { first: settings.backoff_first_seconds, longest: settings.backoff_longest_seconds },
            },
            jitter: Jitter::seeded(self.seed),
            told: BTreeSet::new(),
            report: Report::default(),
        };
        run.recover().await?;
        run.look_for_collected().await?;
        while run.round().await? {}
        run.end().await
    }

    fn channel(&self, kind: &str) -> Option<&Arc<dyn Channel>> {
        self.channels.iter().find(|c| c.kind() == kind)
    }

    fn claim<'a>(&'a self, shut: &'a [String], few: &'a [(String, u32)]) -> Claim<'a> {
        let now = self.clock.now();
        Claim { now, lease_until: now + self.settings.lease(), by: &self.by, limit: self.settings.batch, sender: &self.sender, shut, few }
    }
}
