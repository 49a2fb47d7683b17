//! Channels that are down, break or hang; runs that stop or are overtaken.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use connect::channel::{Channel, Letter, Outcome, Sending};
use delivery::{DeliveryError, Point, Settings, Watch};
use schema::{Clock, MessageState};
use store::{Claim, End, Settlement};

use crate::double::{Act, Double};
use crate::home::{BOTH, EMAIL, FOLDER, Home, start};

/// A mail server that is down until told.
fn server() -> (Arc<Double>, Arc<AtomicBool>) {
    let up = Arc::new(AtomicBool::new(false));
    let is_up = up.clone();
    let mail = Double::new("email", move |_| if is_up.load(Ordering::Relaxed) { Act::Deliver } else { Act::FailBefore });
    (Arc::new(mail), up)
}

#[tokio::test]
async fn a_server_that_is_down_rests_and_all_mails_go_when_it_is_back() {
    let home = Home::with_children(200).await;
    home.put(&EMAIL, 1..=200, 12).await;
    home.put(&FOLDER, 1..=3, 12).await;
    let (mail, up) = server();
    let report = home.run(vec![mail.clone()]).await;
    // The second four were under way when it opened; then no mail was tried, while files went on.
    assert_eq!((mail.tries(), report.sent["folder"], report.failing[0].route.as_str()), (8, 3, "email"));
    assert!(report.next_due.is_some_and(|due| due > start()));
    assert_eq!(home.store.channel_states().await.unwrap()[0].failures, 5);

    // After its rest one mail tries it.
    home.clock.forward(TimeDelta::seconds(60));
    home.run(vec![mail.clone()]).await;
    assert_eq!(mail.tries(), 9);

    up.store(true, Ordering::Relaxed);
    home.clock.forward(TimeDelta::minutes(10));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((report.sent["email"], report.undelivered), (200, 0));
    assert_eq!(home.store.channel_states().await.unwrap()[0].failures, 0);
}

#[tokio::test]
async fn messages_with_another_channel_do_not_wait_for_ever_for_a_server_that_is_down() {
    let home = Home::with_children(100).await;
    home.put(&BOTH, 1..=100, 12).await;
    let (mail, _) = server();
    let mut runs = 0;
    loop {
        let report = home.run(vec![mail.clone()]).await;
        runs += 1;
        if report.undelivered == 0 || runs > 50 {
            break;
        }
        home.clock.to(report.next_due.unwrap());
    }
    assert_eq!(home.files(&BOTH).len(), 100);
    assert!(home.clock.now() < start() + TimeDelta::hours(2), "{}", home.clock.now());
    assert!(mail.tries() < 20, "{}", mail.tries());
}

#[tokio::test]
async fn a_channel_that_breaks_harms_its_own_message_only() {
    let home = Home::with_children(5).await;
    home.put(&EMAIL, 1..=5, 12).await;
    let mail = Arc::new(Double::new("email", |letter| if letter.message.0 == 3 { Act::Panic } else { Act::Deliver }));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((report.sent["email"], report.states["unknown"]), (4, 1));
    assert_eq!(home.state(3).await, MessageState::Unknown);
}

#[tokio::test]
async fn a_send_that_hangs_is_cut_off_and_its_outcome_is_not_known() {
    let home = Home::with_children(1).await;
    home.put(&EMAIL, [1], 12).await;
    let mail = Arc::new(Double::that("email", Act::Hang));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((report.states["unknown"], report.failing[0].last.as_str()), (1, "it cannot be told"));
}

#[tokio::test]
async fn what_a_stopped_run_left_is_asked_for_and_made_good() {
    let home = Home::with_children(4).await;
    home.put(&FOLDER, 1..=3, 12).await;
    home.put(&EMAIL, [4], 12).await;
    let now = home.clock.now();
    let claim = Claim { now, lease_until: now + TimeDelta::minutes(1), by: "stopped", limit: 10, sender: "852LLLL", shut: &[], few: &[] };
    let claimed = home.store.claim(&claim).await.unwrap();
    assert_eq!(claimed.len(), 4);
    // One file was put before the run stopped.
    let put = claimed[1].sealed.body();
    std::fs::create_dir_all(home.folder.path().join("out/8524001")).unwrap();
    std::fs::write(home.folder.path().join("out/8524001").join(&claimed[1].file_name), put).unwrap();

    let mail = Arc::new(Double::that("email", Act::Deliver));
    let report = home.run(vec![mail.clone()]).await;
    assert_eq!((report.sent["folder"], report.sent["email"], report.undelivered), (3, 1, 0));
    assert_eq!((home.files(&FOLDER).len(), mail.tries()), (3, 1));
    assert!(home.disclosed().await.values().all(|n| *n == 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_that_comes_after_the_lease_changes_nothing() {
    let home = Home::with_children(1).await;
    home.put(&EMAIL, [1], 12).await;
    let (folder, now) = (home.folder.path().to_owned(), home.clock.now());
    // While it is being sent, a run on another machine takes it over and settles it.
    let mail = Double::new("email", move |_| {
        std::thread::scope(|threads| threads.spawn(|| other_machine(&folder, now)).join().unwrap());
        Act::Deliver
    });
    let channels: Vec<Arc<dyn Channel>> = vec![Arc::new(mail)];
    let report = home.run(channels).await;
    assert!(report.sent.is_empty() && report.told.is_empty());
    assert!(report.faults[0].starts_with("M1: another run"), "{:?}", report.faults);
    assert_eq!(home.state(1).await, MessageState::Waiting);
}

fn other_machine(home: &std::path::Path, now: chrono::DateTime<chrono::Utc>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let store = crate::home::open(home).await;
        let claim = Claim { now, lease_until: now, by: "other", limit: 10, sender: "852LLLL", shut: &[], few: &[] };
        let taken = store.stale(&claim).await.unwrap();
        let end = End::Retry { due: now + TimeDelta::hours(1) };
        let settlement =
            |t: &store::Claimed| Settlement { message: t.message, attempt: t.attempt, end: end.clone(), detail: String::new(), at: now };
        store.settle("other", taken.iter().map(settlement).collect()).await.unwrap();
        store.close().await;
    });
}

/// Lets a mail go when the leases of its batch have been renewed twice.
struct Renewals(Arc<tokio::sync::Semaphore>);

impl Watch for Renewals {
    fn reached(&self, point: Point) {
        if point == Point::Renewed {
            self.0.add_permits(1);
        }
    }
}

/// A mail that ends when its lease has been renewed twice.
struct Slow(Arc<tokio::sync::Semaphore>);

impl Channel for Slow {
    fn kind(&self) -> &'static str {
        "email"
    }

    fn send<'a>(&'a self, _: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(async {
            let _renewed = self.0.acquire_many(2).await.unwrap();
            Outcome::Sent { detail: "250".to_owned() }
        })
    }

    fn recover<'a>(&'a self, _: &'a Letter<'a>) -> Sending<'a> {
        Box::pin(async { Outcome::Unknown { reason: "it cannot be told".to_owned() } })
    }

    fn is_collected(&self, _: &Letter<'_>) -> Option<bool> {
        None
    }
}

#[tokio::test]
async fn leases_are_renewed_while_a_batch_is_on_its_way() {
    let home = Home::with_children(1).await;
    home.put(&EMAIL, [1], 12).await;
    let renewals = Arc::new(tokio::sync::Semaphore::new(0));
    let mut delivery = home.delivery(vec![Arc::new(Slow(renewals.clone()))]);
    delivery.settings = Settings { timeout_seconds: 5, lease_seconds: 16, ..delivery.settings };
    delivery.watch = Arc::new(Renewals(renewals));
    let report = delivery.run().await.unwrap();
    assert_eq!(report.sent["email"], 1);
}

#[tokio::test]
async fn unsafe_settings_send_nothing() {
    let home = Home::with_children(1).await;
    home.put(&FOLDER, [1], 12).await;
    let mut delivery = home.delivery(Vec::new());
    delivery.settings.lease_seconds = 20;
    assert!(matches!(delivery.run().await, Err(DeliveryError::Settings(fault)) if fault.key == "lease_seconds"));
    assert!(home.files(&FOLDER).is_empty());
}
