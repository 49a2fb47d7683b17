//! The way out: channels, delivery and the signed head of the disclosure log, put together from a home's config.

use std::path::PathBuf;
use std::sync::Arc;

use connect::channel::{Channel, FolderChannel, MailChannel, MailSettings};
use delivery::{Delivery, NoWatch, Report};
use hub::Hub;

use crate::audit_log::AuditLog;
use crate::config::Config;
use crate::exit::Fault;
use crate::secret;

/// What is needed to send.
pub struct Post {
    dir: PathBuf,
    delivery: delivery::Settings,
    email: Option<MailSettings>,
    head_file: String,
    /// The sender in names of files: `852LLLL`.
    sender: String,
}

impl Post {
    /// From the config of a home.
    pub fn of(dir: PathBuf, config: &Config) -> Post {
        Post {
            dir,
            delivery: config.delivery.clone(),
            email: config.email.clone(),
            head_file: config.audit.head_file.clone(),
            sender: format!("{}LLLL", config.authority),
        }
    }

    /// Sends what is due; signs the head of the log; lets the rules see what schools were told.
    ///
    /// # Errors
    /// The store failed; the disclosure log is not the one that was signed, and nothing is sent.
    pub async fn deliver(&self, hub: &Hub) -> Result<Report, Fault> {
        let log = AuditLog::open(&self.dir, &self.head_file)?;
        log.must_agree(hub.store()).await?;
        let mut channels: Vec<Arc<dyn Channel>> = vec![Arc::new(FolderChannel::new(self.dir.clone()))];
        if let Some(settings) = &self.email {
            let password = secret::read(&self.dir, settings)?;
            let mail = MailChannel::new(settings.clone(), password, &self.dir, hub.clock().clone())
                .map_err(|fault| Fault::usage(format!("[email] of onroll.toml: {fault}"), "see README for its keys"))?;
            channels.push(Arc::new(mail));
        }
        let run = random()?;
        let delivery = Delivery {
            store: hub.store().clone(),
            channels,
            clock: Arc::clone(hub.clock()),
            settings: self.delivery.clone(),
            sender: self.sender.clone(),
            by: format!("{run:016x}"),
            domain: format!("{}.onroll.invalid", log.id()),
            seed: run,
            watch: Arc::new(NoWatch),
        };
        let sent = delivery.run().await;
        // What was logged is signed, also where the run then failed.
        log.sign(hub.store(), hub.clock().now()).await?;
        let report = sent.map_err(|fault| Fault::Failed(fault.to_string()))?;
        hub.after_delivery(report.told.clone()).await?;
        Ok(report)
    }
}

/// The number of this run: leases of another one are not ours, and two runs do not wait equally long.
fn random() -> Result<u64, Fault> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| Fault::Failed("the system gives no random numbers; nothing was sent".to_owned()))?;
    Ok(u64::from_le_bytes(bytes))
}
