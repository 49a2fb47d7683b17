//! What people decide, one file per kind of decision. Each is recorded with who, when and why, survives replay, and ends with
//! the rules looking at the children it touched.

mod link;
mod quarantine;
mod release;

use schema::Viewer;

use crate::HubError;

pub use quarantine::Fixed;

/// Decisions are the officer's and the manager's.
fn may_decide(viewer: &Viewer, act: &'static str) -> Result<(), HubError> {
    if viewer.role.may_decide() {
        return Ok(());
    }
    Err(HubError::NotAllowed { name: viewer.name.clone(), role: viewer.role.as_str(), act, roles: "officer, manager" })
}
