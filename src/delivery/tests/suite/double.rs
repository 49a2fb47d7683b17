//! A channel that answers as a test tells it, and the ledger of whoever receives.

use std::sync::Mutex;

use connect::channel::{Channel, Letter, Outcome, Sending};
use schema::MessageId;

/// What a channel does with one send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    Deliver,
    /// Not delivered; the same may work later.
    FailBefore,
    /// Delivered, and nobody knows.
    LoseReply,
    /// Not delivered, and nobody knows.
    LoseAll,
    Refuse,
    /// The channel breaks.
    Panic,
    /// It never answers.
    Hang,
}

/// One thing that arrived: Message-ID, message, content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrived {
    pub id: String,
    pub message: MessageId,
    pub body: String,
}

type Script = Box<dyn FnMut(&Letter<'_>) -> Act + Send>;

pub struct Double {
    kind: &'static str,
    script: Mutex<Script>,
    /// What really delivers, where there is such a channel.
    behind: Option<Box<dyn Channel>>,
    pub ledger: Mutex<Vec<Arrived>>,
    /// Each send that was tried, and what was done.
    pub tried: Mutex<Vec<(MessageId, Act)>>,
}

impl Double {
    pub fn new(kind: &'static str, script: impl FnMut(&Letter<'_>) -> Act + Send + 'static) -> Double {
        Double { kind, script: Mutex::new(Box::new(script)), behind: None, ledger: Mutex::default(), tried: Mutex::default() }
    }

    /// Always the same.
    pub fn that(kind: &'static str, act: Act) -> Double {
        Double::new(kind, move |_| act)
    }

    /// A channel that works, with faults of this one before and after.
    pub fn before(channel: impl Channel + 'static, script: impl FnMut(&Letter<'_>) -> Act + Send + 'static) -> Double {
        Double { behind: Some(Box::new(channel)), ..Double::new("folder", script) }
    }

    pub fn tries(&self) -> usize {
        self.tried.lock().unwrap().len()
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.ledger.lock().unwrap().clone()
    }

    async fn receive(&self, letter: &Letter<'_>) {
        if let Some(channel) = &self.behind {
            let outcome = channel.send(letter).await;
            assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
        }
        self.ledger.lock().unwrap().push(Arrived {
            id: letter.message_id.clone(),
            message: letter.message,
            body: String::from_utf8(letter.sealed.body().to_vec()).unwrap(),
        });
    }

    async fn act(&self, letter: &Letter<'_>) -> Outcome {
        let act = (self.script.lock().unwrap())(letter);
        self.tried.lock().unwrap().push((letter.message, act));
        match act {
            Act::Deliver => {
                self.receive(letter).await;
                Outcome::Sent { detail: "250".to_owned() }
            }
            Act::FailBefore => Outcome::Retry { reason: "connection refused".to_owned() },
            Act::Refuse => Outcome::Refused { reason: "550".to_owned() },
            Act::LoseReply => {
                self.receive(letter).await;
                Outcome::Unknown { reason: "no answer after the content".to_owned() }
            }
            Act::LoseAll => Outcome::Unknown { reason: "no answer after the content".to_owned() },
            Act::Panic => panic!("a channel that breaks"),
            Act::Hang => {
                // Nothing else is under way: the clock of timeouts runs ahead by itself.
                tokio::time::pause();
                std::future::pending().await
            }
        }
    }
}

impl Channel for Double {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn send<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(self.act(letter))
    }

    fn recover<'a>(&'a self, letter: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(async {
            if let Some(channel) = &self.behind {
                return channel.recover(letter).await;
            }
            if self.tried.lock().unwrap().last().is_some_and(|(_, act)| *act == Act::Hang) {
                tokio::time::resume();
            }
            Outcome::Unknown { reason: "it cannot be told".to_owned() }
        })
    }

    fn is_collected(&self, letter: &Letter<'_>) -> Option<bool> {
        self.behind.as_ref()?.is_collected(letter)
    }
}
