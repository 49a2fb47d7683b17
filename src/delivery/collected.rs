//! Looks which files were collected, and tells a person of those that were not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use connect::channel::{Channel, Letter};
use store::Uncollected;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::plan::not_collected_task;
use crate::sending::message_id;
use crate::{DeliveryError, Run};

/// How long folders may take to show what lies there: a share whose server is gone can keep a thread for minutes.
const LOOK: Duration = Duration::from_secs(15);

impl Run<'_> {
    /// A file that is gone was received; one that lies there past its time is a task, once.
    pub(crate) async fn look_for_collected(&mut self) -> Result<(), DeliveryError> {
        let now = self.of.clock.now();
        let (mut gone, mut late) = (Vec::new(), Vec::new());
        let files = self.of.store.uncollected().await?;
        for (file, collected) in self.look(files).await {
            match collected {
                Some(true) => gone.push(file.message),
                Some(false) if !file.alerted && file.collect_by.is_some_and(|by| by < now) => late.push(file),
                _ => {}
            }
        }
        if !gone.is_empty() {
            self.report.received += gone.len() as u64;
            self.of.store.collected(gone, now).await?;
        }
        for file in late {
            let task = not_collected_task(file.message, &file.sealed, file.channel, &file.file_name, now);
            self.of.store.alert_uncollected(file.message, task, now).await?;
        }
        Ok(())
    }

    /// Asks the channel of each file, the folders of all recipients at the same time: one that does not answer is left out,
    /// and stands in the report. `None`: it has no file to be collected, or cannot say.
    async fn look(&mut self, files: Vec<Uncollected>) -> Vec<(Uncollected, Option<bool>)> {
        let mut by_recipient: BTreeMap<String, Vec<Uncollected>> = BTreeMap::new();
        for file in files {
            by_recipient.entry(file.sealed.recipient().to_owned()).or_default().push(file);
        }
        let mut unanswered: BTreeSet<String> = by_recipient.keys().cloned().collect();
        let (mut looking, mut looked) = (JoinSet::new(), Vec::new());
        for (recipient, files) in by_recipient {
            let (channels, domain) = (self.of.channels.clone(), self.of.domain.clone());
            looking.spawn_blocking(move || {
                let look = |file: Uncollected| {
                    let gone = is_collected(&channels, &file, &domain);
                    (file, gone)
                };
                (recipient, files.into_iter().map(look).collect::<Vec<_>>())
            });
        }
        let until = Instant::now() + LOOK;
        while let Ok(Some(ended)) = tokio::time::timeout_at(until, looking.join_next()).await {
            if let Ok((recipient, files)) = ended {
                unanswered.remove(&recipient);
                looked.extend(files);
            }
        }
        for recipient in unanswered {
            self.report.faults.push(format!(
                "the folder of {recipient} does not answer: it could not be seen what was collected. See whether the share is connected"
            ));
        }
        looked
    }
}

fn is_collected(channels: &[Arc<dyn Channel>], file: &Uncollected, domain: &str) -> Option<bool> {
    let terms = file.sealed.channels().get(file.channel)?;
    let channel = channels.iter().find(|c| c.kind() == terms.kind())?;
    channel.is_collected(&Letter {
        message: file.message,
        sealed: &file.sealed,
        file_name: &file.file_name,
        terms,
        message_id: message_id(file.message, domain),
    })
}
