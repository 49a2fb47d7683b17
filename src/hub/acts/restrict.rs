//! Restrict: what is known of a child is not sent or answered without a person (protected address, adoption, custody).

use schema::{ChildId, Viewer};

use super::{may_decide, must_say_why};
use crate::{Hub, HubError};

impl Hub {
    /// Restricts a child. What waits to be sent of it is held at once.
    ///
    /// # Errors
    /// The person may not; there is no such child; no reason is given.
    pub async fn restrict(&self, viewer: &Viewer, child: ChildId, reason: &str) -> Result<(), HubError> {
        may_decide(viewer, "restrict a child")?;
        must_say_why(reason, "a restriction")?;
        self.store.restrict(child, reason, viewer, self.clock.now()).await?;
        self.follow_up(vec![child], vec![child]).await
    }

    /// Takes a person's restriction back. One that a source tells stays.
    ///
    /// # Errors
    /// The person may not; no person restricted the child; no reason is given.
    pub async fn unrestrict(&self, viewer: &Viewer, child: ChildId, reason: &str) -> Result<(), HubError> {
        may_decide(viewer, "take a restriction back")?;
        must_say_why(reason, "taking a restriction back")?;
        self.store.unrestrict(child, reason, viewer, self.clock.now()).await?;
        self.follow_up(vec![child], vec![child]).await
    }
}
