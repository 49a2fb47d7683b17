//! Release: a held snapshot may end what it no longer has.

use std::collections::BTreeSet;

use schema::{ChildId, PayloadId, Viewer};
use store::Released;

use super::{may_decide, must_say_why};
use crate::{Hub, HubError};

impl Hub {
    /// Lets the endings of a held snapshot happen: those that still hold, since newer files may have told otherwise.
    ///
    /// # Errors
    /// The person may not; nothing of that payload waits.
    pub async fn release(&mut self, viewer: &Viewer, payload: PayloadId, reason: &str) -> Result<Released, HubError> {
        may_decide(viewer, "release what is held")?;
        must_say_why(reason, "a release")?;
        let released = self.store.release(payload, viewer, reason, self.clock.now()).await?;
        let children: BTreeSet<ChildId> = self.store.children_of(&released.gone).await?.into_iter().collect();
        let children: Vec<ChildId> = children.into_iter().collect();
        self.follow_up(children.clone(), children).await?;
        Ok(released)
    }
}
