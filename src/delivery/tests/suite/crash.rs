//! The program is stopped at each place between claiming and settling; then it goes on. What the receiver has is compared with
//! the disclosure log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use delivery::{NoWatch, Point, Watch};
use schema::{Clock, MessageId, MessageState, clock::FixedClock};
use store::Store;

use crate::home::{BOTH, FOLDER, School, add_children, delivery, disclosed, files, officer, open, start, wanted};

/// The file that tells the process that is stopped where to stop: "before-send 3".
const ORDER: &str = "stop-at.txt";
const CHILDREN: i64 = 12;

/// Stops the process when a place is reached for the n-th time.
struct StopAt {
    place: String,
    left: AtomicU32,
}

fn name(point: Point) -> &'static str {
    match point {
        Point::Claimed => "claimed",
        Point::BeforeSend(_) => "before-send",
        Point::AfterSend(_) => "after-send",
        Point::Renewed => "renewed",
        Point::BeforeSettle => "before-settle",
        Point::Settled => "settled",
    }
}

impl Watch for StopAt {
    fn reached(&self, point: Point) {
        if name(point) == self.place && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}

async fn run(home: &Path, store: &Store, watch: Arc<dyn Watch>) -> delivery::Report {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock(start()));
    let mut delivery = delivery(home, store.clone(), clock, Vec::new(), watch);
    delivery.settings.batch = 8;
    delivery.run().await.unwrap()
}

/// The process that is stopped: started by the test below in the home it is to use.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn a_run_that_is_stopped() {
    let Ok(order) = std::fs::read_to_string(ORDER) else { return };
    let (place, nth) = order.split_once(' ').unwrap();
    let watch = Arc::new(StopAt { place: place.to_owned(), left: AtomicU32::new(nth.parse().unwrap()) });
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(async {
        let home = std::env::current_dir().unwrap();
        run(&home, &open(&home).await, watch).await;
    });
}

/// Runs in another process; whether it was stopped.
fn stopped_at(home: &Path, place: &str, nth: u32) -> bool {
    std::fs::write(home.join(ORDER), format!("{place} {nth}")).unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::a_run_that_is_stopped"])
        .current_dir(home)
        .output()
        .unwrap()
        .status;
    !status.success()
}

#[test]
fn no_message_is_lost_or_put_twice_or_told_without_an_entry_wherever_the_program_stops() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let places = [("claimed", [1, 2]), ("before-send", [1, 11]), ("after-send", [1, 13]), ("before-settle", [1, 3]), ("settled", [1, 2])];
    for (place, times) in places {
        for nth in times {
            let folder = tempfile::tempdir().unwrap();
            runtime.block_on(prepare(folder.path()));
            assert!(stopped_at(folder.path(), place, nth), "{place} {nth} was not reached");
            runtime.block_on(check_and_go_on(folder.path(), &format!("{place} {nth}")));
        }
    }
}

/// A run that is stopped again and again comes to its end.
#[test]
fn a_program_that_is_stopped_again_and_again_gets_everything_done_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    runtime.block_on(prepare(folder.path()));
    let mut stops = 0;
    for place in ["before-send", "claimed", "after-send", "before-settle", "settled", "after-send", "before-send", "after-send"] {
        stops += u32::from(stopped_at(folder.path(), place, 1));
    }
    assert!(stops >= 5, "{stops}");
    runtime.block_on(check_and_go_on(folder.path(), "again and again"));
}

async fn prepare(home: &Path) {
    let store = open(home).await;
    add_children(&store, CHILDREN).await;
    let messages = [&FOLDER, &BOTH].into_iter().flat_map(|school| (1..=CHILDREN).map(|c| wanted(school, schema::ChildId(c), 12)));
    store.put_messages(messages.collect(), Vec::new(), start()).await.unwrap();
    store.close().await;
}

fn all_files(home: &Path) -> Vec<String> {
    let of = |school: &School| files(home, school).into_keys().filter(|name| !name.starts_with('.')).collect::<Vec<_>>();
    [of(&FOLDER), of(&BOTH)].concat()
}

/// The name of the file of each message that stands in the log.
async fn names(store: &Store, logged: &BTreeMap<MessageId, u32>) -> Vec<String> {
    let mut names = Vec::new();
    for message in logged.keys() {
        names.push(store.outbox_show(&officer(), *message).await.unwrap().file.unwrap());
    }
    names
}

async fn check_and_go_on(home: &Path, after: &str) {
    let store = open(home).await;
    // Nothing left before it stood in the log.
    let names_then = names(&store, &disclosed(&store).await).await;
    for file in all_files(home) {
        assert!(names_then.contains(&file), "{after}: {file} left without an entry");
    }

    let report = run(home, &store, Arc::new(NoWatch)).await;
    assert_eq!(report.undelivered, 0, "{after}: {report:?}");
    let (files, logged) = (all_files(home), disclosed(&store).await);
    let messages = 2 * CHILDREN as usize;
    assert_eq!((files.len(), logged.len()), (messages, messages), "{after}");
    assert!(logged.values().all(|n| *n == 1), "{after}: told once is logged once");
    let names: BTreeSet<String> = names(&store, &logged).await.into_iter().collect();
    assert_eq!(names, files.into_iter().collect(), "{after}: the receiver's folders and the log differ");
    for message in logged.keys() {
        assert_eq!(store.message(*message).await.unwrap().state, MessageState::Sent, "{after}: {message}");
    }
    store.close().await;
}
