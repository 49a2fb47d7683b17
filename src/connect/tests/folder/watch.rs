use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connect::channel::{Channel, FolderChannel, Outcome};
use tokio::task::JoinSet;

use crate::made::{self, Message};
use crate::names;

const FILES: u32 = 500;

/// Looks at the folder again and again until told to stop; gives the number of looks and every name whose content was
/// not the whole file.
fn watch(folder: PathBuf, whole: HashMap<String, Vec<u8>>, stop: Arc<AtomicBool>) -> (u64, Vec<String>) {
    let (mut looks, mut partial) = (0, Vec::new());
    loop {
        let is_last = stop.load(Ordering::SeqCst);
        for name in names(&folder).0 {
            if fs::read(folder.join(&name)).ok().as_ref() != whole.get(&name) {
                partial.push(name);
            }
        }
        looks += 1;
        if is_last {
            return (looks, partial);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lists_the_folder_while_500_files_are_written_sees_whole_files_only() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("out/8524001");
    let agreement = made::folder(None);
    let messages: Vec<Message> = (1..=FILES).map(|number| Message::new(&agreement, number)).collect();
    let whole = messages.iter().map(|m| (m.name.clone(), m.sealed.body().to_vec())).collect();
    let stop = Arc::new(AtomicBool::new(false));
    let watcher = std::thread::spawn({
        let (folder, stop) = (folder.clone(), Arc::clone(&stop));
        move || watch(folder, whole, stop)
    });
    let channel = Arc::new(FolderChannel::new(home.path()));
    let mut running = JoinSet::new();
    for message in messages {
        let channel = Arc::clone(&channel);
        running.spawn(async move { channel.send(&message.letter()).await });
        if running.len() == 16 {
            assert!(matches!(running.join_next().await.unwrap().unwrap(), Outcome::Sent { .. }));
        }
    }
    while let Some(outcome) = running.join_next().await {
        assert!(matches!(outcome.unwrap(), Outcome::Sent { .. }));
    }
    stop.store(true, Ordering::SeqCst);
    let (looks, partial) = watcher.join().unwrap();
    assert!(looks > 1, "the watcher looked {looks} times");
    assert_eq!(partial, Vec::<String>::new());
    let (files, hidden) = names(&folder);
    assert_eq!((files.len(), hidden.len()), (FILES as usize, 0));
}
