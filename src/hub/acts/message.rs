//! A person's word on a message: let it go, send it again, or take it back; and on a task: it is done.

use schema::{ChildId, MessageId, Role, TaskId, Viewer};
use sharing::Release;

use super::{may_decide, may_send_again, must_say_why, not_allowed};
use crate::{Hub, HubError};

impl Hub {
    /// Lets a held message go. The agreement says whether an officer or only a manager may.
    ///
    /// # Errors
    /// The person may not; the message is not held, or has no content because no agreement allows it.
    pub async fn release_message(&self, viewer: &Viewer, message: MessageId, reason: &str) -> Result<(), HubError> {
        may_decide(viewer, "release what is held")?;
        must_say_why(reason, "a release")?;
        let stored = self.store.message(message).await?;
        let Some(sealed) = stored.sealed else {
            return Err(HubError::usage(
                format!("{message} has no content: no agreement in force allows it"),
                format!("put agreements/{}.toml in order; it goes out at the next run", stored.recipient),
            ));
        };
        if sealed.release() == Release::Manager && viewer.role != Role::Manager {
            return Err(not_allowed(viewer, "release this message: the agreement asks for a manager", "manager"));
        }
        Ok(self.store.release_message(message, reason, viewer, self.clock.now()).await?)
    }

    /// Sends a message again that no channel took, or of which it is not known whether it arrived.
    ///
    /// # Errors
    /// The person may not; the message is in no such state.
    pub async fn retry_message(&self, viewer: &Viewer, message: MessageId) -> Result<(), HubError> {
        may_send_again(viewer)?;
        Ok(self.store.retry(message, viewer, self.clock.now()).await?)
    }

    /// Takes a message back that has not left.
    ///
    /// # Errors
    /// The person may not; the message has left already; no reason is given.
    pub async fn cancel_message(&self, viewer: &Viewer, message: MessageId, reason: &str) -> Result<(), HubError> {
        may_decide(viewer, "take a message back")?;
        must_say_why(reason, "taking a message back")?;
        Ok(self.store.cancel(message, reason, viewer, self.clock.now()).await?)
    }

    /// A task is done: by the role that owns it, an officer or a manager.
    ///
    /// # Errors
    /// The person may not; there is no such open task; no reason is given.
    pub async fn finish_task(&self, viewer: &Viewer, task: TaskId, reason: &str) -> Result<(), HubError> {
        must_say_why(reason, "a task that is done")?;
        let shown = self.store.task_show(viewer, task).await?;
        if !viewer.role.may_decide() && viewer.role.as_str() != shown.owner {
            return Err(not_allowed(viewer, "close this task", "officer, manager, and the role that owns it"));
        }
        Ok(self.store.task_done(task, reason, viewer, self.clock.now()).await?)
    }

    /// After a delivery: what schools were told closes findings.
    ///
    /// # Errors
    /// The store failed.
    pub async fn after_delivery(&self, told: Vec<ChildId>) -> Result<(), HubError> {
        if !told.is_empty() {
            self.check_these(told, Vec::new()).await?;
        }
        Ok(())
    }
}
