//! Sends a batch: each message in a task of its own, under a time limit, while the leases are renewed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connect::channel::{Channel, Letter, Outcome};
use store::Claimed;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::watch::{Point, Watch};
use crate::{Delivery, Settings};

/// What the channel is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// To send the message.
    Send,
    /// What became of a send whose end is not known.
    Recover,
}

/// A message of a batch, with what its channel said.
pub(crate) struct Answered {
    pub claimed: Claimed,
    /// `None`: it was not begun, since its lease could have ended meanwhile.
    pub outcome: Option<Outcome>,
    /// When the answer came.
    pub at: DateTime<Utc>,
}

/// How old the leases of a batch are.
struct Lease {
    renewed: Mutex<Instant>,
    last_start: Duration,
}

impl Lease {
    fn taken(last_start: Duration) -> Lease {
        Lease { renewed: Mutex::new(Instant::now()), last_start }
    }

    fn renewed_at(&self, at: Instant) {
        *self.renewed.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    fn has_room(&self) -> bool {
        self.renewed.lock().unwrap_or_else(PoisonError::into_inner).elapsed() <= self.last_start
    }
}

/// A message on its way, with all that its task needs.
struct Job {
    claimed: Claimed,
    message_id: String,
    channel: Option<Arc<dyn Channel>>,
    turn: Arc<Semaphore>,
    lease: Arc<Lease>,
    send_limit: Duration,
    recover_limit: Duration,
    watch: Arc<dyn Watch>,
}

/// The Message-ID of a message: the same each time it is sent.
pub(crate) fn message_id(message: schema::MessageId, domain: &str) -> String {
    format!("<{message}.onroll@{domain}>")
}

impl Delivery {
    /// Asks the channel of each message, and gives the answers in the order of the batch.
    pub(crate) async fn answers(&self, batch: Vec<Claimed>, ask: Ask, leased: Instant) -> Vec<Answered> {
        let lease = Arc::new(Lease::taken(self.settings.last_start()));
        lease.renewed_at(leased);
        let turns = Turns::of(&self.settings);
        let mut on_their_way = JoinSet::new();
        let count = batch.len();
        for (place, claimed) in batch.into_iter().enumerate() {
            let kind = claimed.sealed.channels().get(claimed.channel).map_or("none", |t| t.kind());
            let job = Arc::new(Job {
                message_id: message_id(claimed.message, &self.domain),
                channel: self.channel(kind).cloned(),
                turn: turns.of_kind(kind),
                lease: Arc::clone(&lease),
                send_limit: self.settings.send_limit(),
                recover_limit: self.settings.recover_limit(),
                watch: Arc::clone(&self.watch),
                claimed,
            });
            let clock = Arc::clone(&self.clock);
            on_their_way.spawn(async move {
                let outcome = job.answer(ask).await;
                (place, Answered { claimed: job.claimed.clone(), outcome, at: clock.now() })
            });
        }
        let mut answers: Vec<Option<Answered>> = std::iter::repeat_with(|| None).take(count).collect();
        let mut renewal = tokio::time::interval_at(leased + self.settings.renew_every(), self.settings.renew_every());
        loop {
            tokio::select! {
                ended = on_their_way.join_next() => match ended {
                    Some(Ok((place, answered))) => answers[place] = Some(answered),
                    // Our own task: it ends as it is written, or the whole program is ending.
                    Some(Err(_)) => {}
                    None => break,
                },
                _ = renewal.tick() => {
                    let asked = Instant::now();
                    // If it does not succeed, nothing new is begun once the leases are too old, and settling says what is wrong.
                    if self.store.renew(&self.by, self.clock.now() + self.settings.lease()).await.is_ok() {
                        lease.renewed_at(asked);
                        self.watch.reached(Point::Renewed);
                    }
                }
            }
        }
        answers.into_iter().flatten().collect()
    }
}

/// How many may be on their way at the same time.
struct Turns {
    files: Arc<Semaphore>,
    others: Arc<Semaphore>,
}

impl Turns {
    fn of(settings: &Settings) -> Turns {
        let turns = |n: u32| Arc::new(Semaphore::new(n.clamp(1, 1_000) as usize));
        Turns { files: turns(settings.files_at_once), others: turns(settings.mails_at_once) }
    }

    fn of_kind(&self, kind: &str) -> Arc<Semaphore> {
        Arc::clone(if kind == "folder" { &self.files } else { &self.others })
    }
}

impl Job {
    async fn answer(self: &Arc<Self>, ask: Ask) -> Option<Outcome> {
        let _turn = self.turn.acquire().await.ok()?;
        if !self.lease.has_room() {
            return None;
        }
        let Some(channel) = &self.channel else {
            let reason = match self.claimed.sealed.channels().get(self.claimed.channel) {
                Some(terms) => format!("{0} is not set up here: put [{0}] into onroll.toml", terms.kind()),
                None => "the message has no such channel".to_owned(),
            };
            return Some(Outcome::Refused { reason });
        };
        if ask == Ask::Recover {
            return Some(self.recover(channel).await);
        }
        self.watch.reached(Point::BeforeSend(self.claimed.message));
        let outcome = match self.within(channel, Ask::Send, self.send_limit).await {
            Some(outcome) => outcome,
            None => self.recover(channel).await,
        };
        self.watch.reached(Point::AfterSend(self.claimed.message));
        Some(outcome)
    }

    async fn recover(self: &Arc<Self>, channel: &Arc<dyn Channel>) -> Outcome {
        let none = || Outcome::Unknown { reason: "the channel gave no answer in time".to_owned() };
        self.within(channel, Ask::Recover, self.recover_limit).await.unwrap_or_else(none)
    }

    /// Asks in a task of its own: a run that is dropped leaves the send to end by itself, and a channel that panics harms
    /// its own message only. Past the limit the task is ended, so that nothing leaves after its lease. `None`: no answer.
    async fn within(self: &Arc<Self>, channel: &Arc<dyn Channel>, ask: Ask, limit: Duration) -> Option<Outcome> {
        let (job, channel) = (Arc::clone(self), Arc::clone(channel));
        let mut asked = tokio::spawn(async move {
            let claimed = &job.claimed;
            let terms = claimed.sealed.channels().get(claimed.channel)?;
            let letter = Letter {
                message: claimed.message,
                sealed: &claimed.sealed,
                file_name: &claimed.file_name,
                terms,
                message_id: job.message_id.clone(),
            };
            Some(match ask {
                Ask::Send => channel.send(&letter).await,
                Ask::Recover => channel.recover(&letter).await,
            })
        });
        match tokio::time::timeout(limit, &mut asked).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => None,
            Err(_) => {
                asked.abort();
                None
            }
        }
    }
}
