//! Same, different, undo: a person's word on a link that waited.

use schema::{ChildId, ReviewId, Viewer};
use store::Decided;

use super::may_decide;
use crate::{Hub, HubError};

impl Hub {
    /// The provisional child and the candidate are one (`same`), or two.
    ///
    /// # Errors
    /// The person may not; there is no such review, or it is decided already.
    pub async fn decide_link(&mut self, viewer: &Viewer, review: ReviewId, same: bool, reason: &str) -> Result<Decided, HubError> {
        may_decide(viewer, "decide about links")?;
        let decided = self.store.decide(review, same, reason, viewer, self.clock.now()).await?;
        self.after(&decided).await?;
        Ok(decided)
    }

    /// Takes a decision back: what it joined is parted again, and the link waits as before.
    ///
    /// # Errors
    /// The person may not; there is no such decision.
    pub async fn undo_link(&mut self, viewer: &Viewer, review: ReviewId, reason: &str) -> Result<Decided, HubError> {
        may_decide(viewer, "decide about links")?;
        let decided = self.store.undo_decision(review, reason, viewer, self.clock.now()).await?;
        self.after(&decided).await?;
        Ok(decided)
    }

    async fn after(&mut self, decided: &Decided) -> Result<(), HubError> {
        // The index is filled anew, with the decision, when it is next needed.
        self.linker = None;
        let children: Vec<ChildId> = vec![decided.review.provisional, decided.review.candidate];
        self.follow_up(children.clone(), children).await
    }
}
