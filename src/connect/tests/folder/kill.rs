use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use connect::channel::{Channel, FolderChannel, Outcome};

use crate::made::{self, Message};
use crate::{names, put_files_command};

const FILES: u32 = 40;
const KILLS: u32 = 20;

/// Lets the program put files until it has told of so many, kills it, and gives what it told of.
fn run_and_kill(home: &Path, after: u32) -> Vec<String> {
    let mut child = put_files_command(home, FILES).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told: Vec<String> = lines.by_ref().take(after as usize).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    told.extend(lines.map(Result::unwrap));
    told
}

#[tokio::test]
async fn a_kill_at_any_moment_leaves_no_part_under_a_final_name_and_loses_no_file_that_was_told_of() {
    let agreement = made::folder(None);
    for kill in 0..KILLS {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("out/8524001");
        // Spread over the run; the moment within the writing of a file is the scheduler's choice.
        let told = run_and_kill(home.path(), kill * FILES / KILLS);
        for number in 1..=FILES {
            let message = Message::new(&agreement, number);
            let there = fs::read(folder.join(&message.name)).ok();
            assert!(there.as_deref().is_none_or(|bytes| bytes == message.sealed.body()), "kill {kill}: {} is a part", message.name);
            assert!(there.is_some() || !told.contains(&message.id.to_string()), "kill {kill}: {} was lost", message.id);
        }
        // The next run: what became of each, then those that are not there.
        let channel = FolderChannel::new(home.path());
        for number in 1..=FILES {
            let message = Message::new(&agreement, number);
            let was_there = folder.join(&message.name).exists();
            let recovered = channel.recover(&message.letter()).await;
            assert_eq!(matches!(recovered, Outcome::Sent { .. }), was_there, "kill {kill}: {recovered:?}");
            if !was_there {
                assert!(matches!(channel.send(&message.letter()).await, Outcome::Sent { .. }));
            }
        }
        let (files, hidden) = names(&folder);
        assert_eq!((files.len(), hidden), (FILES as usize, Vec::new()), "kill {kill}");
    }
}
