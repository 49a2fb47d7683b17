//! What people decide, one file per kind of decision. Each is recorded with who, when and why, survives replay, and ends with
//! the rules looking at the children it touched, and with what is then to be told.

mod link;
mod message;
mod quarantine;
mod release;
mod restrict;

use schema::{ChildId, Role, Viewer};

use crate::{Hub, HubError};

pub use quarantine::Fixed;

/// Decisions are the officer's and the manager's.
fn may_decide(viewer: &Viewer, act: &'static str) -> Result<(), HubError> {
    if viewer.role.may_decide() { Ok(()) } else { Err(not_allowed(viewer, act, "officer, manager")) }
}

/// What is sent or held is decided by the officer and the manager; that a channel works again is seen by council ICT too.
fn may_send_again(viewer: &Viewer) -> Result<(), HubError> {
    let act = "have a message sent again";
    if viewer.role.may_decide() || viewer.role == Role::Ict { Ok(()) } else { Err(not_allowed(viewer, act, "officer, manager, ict")) }
}

fn not_allowed(viewer: &Viewer, act: &'static str, roles: &'static str) -> HubError {
    HubError::NotAllowed { name: viewer.name.clone(), role: viewer.role.as_str(), act, roles }
}

/// A decision stands in the history with its reason.
fn must_say_why(reason: &str, act: &str) -> Result<(), HubError> {
    if reason.trim().is_empty() {
        return Err(HubError::usage(format!("{act} needs a reason"), "give --reason TEXT; it stands in the history"));
    }
    Ok(())
}

impl Hub {
    /// What follows from a decision about these children: their findings, and what must be told or not told any more.
    async fn follow_up(&self, affected: Vec<ChildId>, changed: Vec<ChildId>) -> Result<(), HubError> {
        self.check_these(affected, changed).await?;
        self.share().await?;
        Ok(())
    }
}
