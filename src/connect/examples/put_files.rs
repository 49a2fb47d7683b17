//! Puts messages into a folder and prints the number of each as soon as it is there for good: for the tests, which kill
//! this program in the middle.
//!
//!     put_files HOME COUNT [PATH]

#![allow(clippy::unwrap_used, reason = "a program of the tests")]

#[path = "../tests/made/mod.rs"]
#[allow(dead_code, reason = "not every user of these messages sends them all ways")]
mod made;

use std::io::Write;
use std::sync::Arc;

use connect::channel::{Channel, FolderChannel, Outcome};
use made::Message;
use tokio::task::JoinSet;

/// How many files are written at the same time.
const AT_ONCE: usize = 8;

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let (home, count) = (args.next().unwrap(), args.next().unwrap().parse::<u32>().unwrap());
    let agreement = made::folder(args.next().as_deref());
    let channel = Arc::new(FolderChannel::new(home));
    let mut running = JoinSet::new();
    for number in 1..=count {
        if running.len() >= AT_ONCE {
            running.join_next().await.unwrap().unwrap();
        }
        let (channel, message) = (Arc::clone(&channel), Message::new(&agreement, number));
        running.spawn(async move {
            let said = match channel.send(&message.letter()).await {
                Outcome::Sent { .. } => message.id.to_string(),
                other => format!("{other:?}"),
            };
            // One write a line, so that a kill cannot cut it.
            std::io::stdout().write_all(format!("{said}\n").as_bytes()).unwrap();
        });
    }
    while running.join_next().await.is_some() {}
}
