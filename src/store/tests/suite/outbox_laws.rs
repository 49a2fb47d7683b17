//! Whatever is done with the outbox, in whatever order, these hold afterwards.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use proptest::prelude::*;
use schema::{ChildId, HoldReason, MessageId, MessageState, TaskKind};
use sharing::{AuditKey, Verifier};
use store::{Claim, Claimed, End, Settlement, Store};

use crate::home::{Home, now, officer, open};
use crate::post::{ELM, OAK, claim_at, home, restricted, task, unsealed, wanted};

#[derive(Debug, Clone)]
enum Op {
    Put { child: i64, to: bool, line: u8, how: u8 },
    Claim { limit: u32 },
    Settle { which: usize, end: u8 },
    Restrict { child: i64 },
    Unrestrict { child: i64 },
    Release { message: i64 },
    Retry { message: i64 },
    Cancel { message: i64 },
    Crash,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (1..4_i64, any::<bool>(), 0..2_u8, 0..6_u8).prop_map(|(child, to, line, how)| Op::Put { child, to, line, how }),
        3 => (1..4_u32).prop_map(|limit| Op::Claim { limit }),
        4 => (0..8_usize, 0..7_u8).prop_map(|(which, end)| Op::Settle { which, end }),
        1 => (1..4_i64).prop_map(|child| Op::Restrict { child }),
        1 => (1..4_i64).prop_map(|child| Op::Unrestrict { child }),
        1 => (1..12_i64).prop_map(|message| Op::Release { message }),
        1 => (1..12_i64).prop_map(|message| Op::Retry { message }),
        1 => (1..12_i64).prop_map(|message| Op::Cancel { message }),
        1 => Just(Op::Crash),
    ]
}

struct World {
    home: Home,
    store: Store,
    run: usize,
    leased: Vec<Claimed>,
    restricted: HashSet<i64>,
    released: HashSet<i64>,
    claims: HashMap<i64, HashSet<u32>>,
    numbers: HashSet<(String, u32)>,
}

fn end_of(n: u8, message: MessageId) -> End {
    let ask = |kind: TaskKind| task(kind, &format!("{}/{message}", kind.as_str()));
    match n {
        0 => End::Sent { collect_by: None },
        1 => End::Received,
        2 => End::Retry { due: now() },
        3 => End::NextChannel { due: now() },
        4 => End::Hold(HoldReason::OutcomeUnknown, ask(TaskKind::OutcomeUnknown)),
        5 => End::Dead(ask(TaskKind::Undelivered)),
        _ => End::Unknown { resend_due: Some(now()), task: None },
    }
}

impl World {
    fn by(&self) -> String {
        format!("run-{}", self.run)
    }

    async fn act(&mut self, op: Op) {
        // What a person may not do in this state is refused, and changes nothing.
        match op {
            Op::Put { child, to, line, how } => {
                let (to, line) = (if to { OAK } else { ELM }, format!("{line} Test Road"));
                let message = match how {
                    0 => unsealed(to, child, &line),
                    _ if self.restricted.contains(&child) => restricted(to, child, &line),
                    _ => wanted(to, child, &line),
                };
                self.store.put_messages(vec![message], Vec::new(), now()).await.unwrap();
            }
            Op::Claim { limit } => self.claim(limit).await,
            Op::Settle { which, end } if which < self.leased.len() => self.settle(which, end).await,
            Op::Settle { .. } => {}
            Op::Restrict { child } => {
                if self.store.restrict(ChildId(child), "x", &officer(), now()).await.is_ok() {
                    self.restricted.insert(child);
                    let list = self.store.outbox_list(&officer()).await.unwrap();
                    for m in list.iter().filter(|m| m.child.0 == child) {
                        assert_ne!(m.state, "waiting", "held at once");
                        self.released.remove(&m.id.0);
                    }
                }
            }
            Op::Unrestrict { child } => {
                if self.store.unrestrict(ChildId(child), "x", &officer(), now()).await.is_ok() {
                    self.restricted.remove(&child);
                }
            }
            Op::Release { message } => {
                if self.store.release_message(MessageId(message), "x", &officer(), now()).await.is_ok() {
                    self.released.insert(message);
                }
            }
            Op::Retry { message } => _ = self.store.retry(MessageId(message), &officer(), now()).await,
            Op::Cancel { message } => _ = self.store.cancel(MessageId(message), "x", &officer(), now()).await,
            Op::Crash => self.crash().await,
        }
        self.laws().await;
    }

    async fn claim(&mut self, limit: u32) {
        let by = self.by();
        let claimed = self.store.claim(&Claim { by: &by, limit, ..claim_at(now()) }).await.unwrap();
        for c in &claimed {
            assert!(self.claims.entry(c.message.0).or_default().insert(c.attempt), "each attempt once");
            if c.attempt == 1 {
                assert!(self.numbers.insert((c.sealed.recipient().to_owned(), c.sequence)), "no number twice");
            }
            let child = c.sealed.child().0;
            assert!(!self.restricted.contains(&child) || self.released.contains(&c.message.0), "nobody let it go");
        }
        self.leased.extend(claimed);
    }

    async fn settle(&mut self, which: usize, end: u8) {
        let c = self.leased.remove(which);
        let end = Settlement { message: c.message, attempt: c.attempt, end: end_of(end, c.message), detail: "x".to_owned(), at: now() };
        let (by, again) = (self.by(), end.clone());
        assert!(self.store.settle(&by, vec![end]).await.unwrap().lost.is_empty());
        assert_eq!(self.store.settle(&by, vec![again]).await.unwrap().lost, [c.message], "late");
    }

    async fn crash(&mut self) {
        self.store.close().await;
        self.store = open(self.home.folder.path()).await;
        self.run += 1;
        let by = self.by();
        let stale = self.store.stale(&Claim { by: &by, ..claim_at(now() + TimeDelta::seconds(1)) }).await.unwrap();
        let shape = |all: &[Claimed]| all.iter().map(|c| (c.message, c.attempt, c.sequence)).collect::<HashSet<_>>();
        assert_eq!(shape(&stale), shape(&self.leased), "under the same attempt");
        self.leased = stale;
    }

    async fn laws(&self) {
        let list = self.store.outbox_list(&officer()).await.unwrap();
        let mut lanes = HashSet::new();
        let mut waiting = HashSet::new();
        let mut attempts = 0;
        for m in &list {
            let state = MessageState::parse(&m.state).unwrap();
            assert!(state != MessageState::Leased || lanes.insert((m.recipient.clone(), m.child)), "one of a lane at a time");
            let quiet = matches!(state, MessageState::Waiting | MessageState::Held | MessageState::Dead);
            assert!(!quiet || waiting.insert((m.recipient.clone(), m.purpose.clone(), m.child)), "one of a kind waits: {list:?}");
            let tries = self.claims.get(&m.id.0).map_or(0, HashSet::len);
            assert_eq!(m.attempts as usize, tries);
            attempts += usize::from(tries > 0);
        }
        let told = self.store.disclosure_list(&officer(), None, None).await.unwrap();
        assert_eq!(told.iter().map(|d| d.message.0).collect::<HashSet<_>>(), self.claims.keys().copied().collect::<HashSet<_>>());
        assert_eq!(told.len(), attempts, "one entry for each message that was tried");
    }

    async fn verify(&self) {
        let Some((entries, hash)) = self.store.last_disclosure().await.unwrap() else { return };
        let (key, _) = AuditKey::generate().unwrap();
        let mut verifier = Verifier::new(&key.public_pem(), vec![key.sign(entries, &hash, now())]).unwrap();
        self.store.for_each_disclosure(|n, previous, hash, line| verifier.entry(n, previous, hash, line).unwrap()).await.unwrap();
        assert_eq!(verifier.end().unwrap().entries, entries);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_done_each_attempt_is_disclosed_lanes_hold_and_nothing_restricted_leaves(ops in proptest::collection::vec(op(), 1..50)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let home = home(3).await;
            let store = home.store.clone();
            let mut world = World {
                home, store, run: 0, leased: Vec::new(), restricted: HashSet::new(), released: HashSet::new(),
                claims: HashMap::new(), numbers: HashSet::new(),
            };
            for op in ops {
                world.act(op).await;
            }
            world.verify().await;
        });
    }
}
