//! Share: for each child of whom a school does not know the new address, a message is sealed or the reason why not is kept.
//!
//! It is worked out anew each time from the open findings, and the store keeps what is there already: the usual way and the
//! way after a crash are one (D29). Nothing is sent here; the messages wait in the outbox.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;
use linkage::best;
use rules::Held;
use schema::{ChildId, FindingId, HoldReason, MessageId, MessageState, NewTask, Role, TaskKind};
use sharing::{Purpose, Refusal, Release, Sealed, Subject};
use store::{HeldRecord, NewMessage, Pending, Which};

use super::check::Context;
use crate::{Hub, HubError};

/// What the share step did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Shared {
    /// Messages that are new.
    pub new: u64,
    /// Pending ones that a newer one took the place of.
    pub overtaken: u64,
    /// New ones that wait for a person.
    pub held: u64,
    /// Pending ones that nobody needs any more: the school knows.
    pub withdrawn: u64,
}

/// The tasks that this step opens and closes.
const OF_AGREEMENTS: [TaskKind; 2] = [TaskKind::NoAgreement, TaskKind::AgreementNotInForce];

impl Hub {
    /// Puts what must be told into the outbox, and takes back what need not be told any more.
    ///
    /// # Errors
    /// The store failed; nothing is put there then.
    pub async fn share(&self) -> Result<Shared, HubError> {
        let today = self.clock.today();
        let findings: BTreeMap<ChildId, FindingId> = self.store.open_of_rule(rules::ADDRESS_NOT_KNOWN).await?.into_iter().collect();
        let pending = self.store.pending().await?;
        if findings.is_empty() && pending.is_empty() {
            self.store.keep_tasks(&OF_AGREEMENTS, &[], self.clock.now()).await?;
            return Ok(Shared::default());
        }
        let context = self.context().await?;
        let mut files = Vec::new();
        let children = Which::These(findings.keys().copied().collect());
        self.store.each_child(&children, |child, unsure, records| files.push((child, unsure, records))).await?;
        let mut wanted = Vec::new();
        for (child, unsure, records) in files {
            self.wanted_of(&context, child, findings.get(&child).copied(), unsure, records, today, &mut wanted)?;
        }
        let withdraw = no_longer_wanted(&pending, &wanted);
        let keys: BTreeSet<String> =
            wanted.iter().filter_map(|m| m.task.as_ref()).filter(|t| OF_AGREEMENTS.contains(&t.kind)).map(|t| t.key.clone()).collect();
        let at = self.clock.now();
        let put = self.store.put_messages(wanted, withdraw, at).await?;
        self.store.keep_tasks(&OF_AGREEMENTS, &keys.into_iter().collect::<Vec<_>>(), at).await?;
        Ok(Shared { new: put.new, overtaken: put.overtaken, held: put.held, withdrawn: put.withdrawn })
    }

    #[allow(clippy::too_many_arguments)] // one child as the store gives it, and where its messages go
    fn wanted_of(
        &self,
        context: &Context,
        child: ChildId,
        finding: Option<FindingId>,
        unsure: bool,
        records: Vec<HeldRecord>,
        today: NaiveDate,
        wanted: &mut Vec<NewMessage>,
    ) -> Result<(), HubError> {
        let held: Vec<Held> = context.held(records).map_err(|record| HubError::BadRecord { record })?;
        let file = context.child_file(child, &held, unsure);
        let Some(untold) = rules::untold(context.council(), &file, today) else { return Ok(()) };
        let best = best::record(&context.told(&held));
        let subject = Subject { child, restricted: untold.restricted, best: &best, address: &untold.address, change: &untold.change };
        let address = serde_json::to_string(&untold.address).unwrap_or_default();
        for school in &untold.schools {
            let recipient = school.to_string();
            let sealed = sharing::seal(&self.home.agreements, &recipient, Purpose::AddressChange, &subject, today);
            wanted.push(self.message(child, finding, recipient, address.clone(), sealed, today));
        }
        Ok(())
    }

    fn message(
        &self,
        child: ChildId,
        finding: Option<FindingId>,
        recipient: String,
        address: String,
        sealed: Result<Sealed, Refusal>,
        today: NaiveDate,
    ) -> NewMessage {
        let due = self.home.calendar.add_school_days(today, 2, None).unwrap_or(today);
        let (sealed, hold) = match sealed {
            Ok(sealed) => {
                let hold = must_wait(&sealed, &recipient, due);
                (Some(sealed), hold)
            }
            Err(refusal) => (None, Some((HoldReason::NoAgreement, refusal.to_string(), refused(&refusal, &recipient, due)))),
        };
        let state = if hold.is_some() { MessageState::Held } else { MessageState::Waiting };
        let (hold, reason, task) = match hold {
            Some((hold, reason, task)) => (Some(hold), Some(reason), Some(task)),
            None => (None, None, None),
        };
        let purpose = Purpose::AddressChange.as_str().to_owned();
        NewMessage { sealed, recipient, purpose, child, finding, address, state, hold, reason, task }
    }
}

/// Why a sealed message waits for a person, if it does.
fn must_wait(sealed: &Sealed, recipient: &str, due: NaiveDate) -> Option<(HoldReason, String, NewTask)> {
    let child = sealed.child();
    let task = |kind: TaskKind, owner, words| NewTask {
        kind,
        key: format!("{}/{child}/{recipient}/{}", kind.as_str(), sealed.purpose().as_str()),
        child: Some(child),
        recipient: Some(recipient.to_owned()),
        owner,
        due,
        words,
    };
    let decide = "Decide: onroll release MESSAGE --reason TEXT sends it, onroll outbox cancel MESSAGE --reason TEXT does not";
    if sealed.restricted() {
        let words = format!("School {recipient} does not know the new address of {child}, who is restricted. Nothing was sent. {decide}");
        let owner = if sealed.release() == Release::Manager { Role::Manager } else { Role::Officer };
        return Some((HoldReason::Restricted, "the child is restricted".to_owned(), task(TaskKind::RestrictedChild, owner, words)));
    }
    let owner = match sealed.release() {
        Release::Automatic => return None,
        Release::Officer => Role::Officer,
        Release::Manager => Role::Manager,
    };
    let words = format!("The new address of {child} is ready for school {recipient}; the agreement asks for a person's word. {decide}");
    Some((HoldReason::Release, format!("the agreement asks for the word of the {}", owner.as_str()), task(TaskKind::Release, owner, words)))
}

/// One task for all children whose messages the same gap stops.
fn refused(refusal: &Refusal, recipient: &str, due: NaiveDate) -> NewTask {
    let kind = refusal.task();
    NewTask {
        kind,
        key: format!("{}/{recipient}/{}", kind.as_str(), Purpose::AddressChange.as_str()),
        child: None,
        recipient: Some(recipient.to_owned()),
        owner: Role::Governance,
        due,
        words: format!(
            "School {recipient} cannot be told of changes of address: {refusal}. Put agreements/{recipient}.toml in order; \
             what is held goes out at the next run (onroll outbox list)"
        ),
    }
}

/// Pending messages for which there is no reason any more. What is being sent, or may have arrived, is left to delivery.
fn no_longer_wanted(pending: &[Pending], wanted: &[NewMessage]) -> Vec<MessageId> {
    let wanted: HashSet<(&str, ChildId)> = wanted.iter().map(|m| (m.recipient.as_str(), m.child)).collect();
    pending
        .iter()
        .filter(|p| p.purpose == Purpose::AddressChange.as_str())
        .filter(|p| matches!(p.state, MessageState::Waiting | MessageState::Held | MessageState::Dead))
        .filter(|p| !wanted.contains(&(p.recipient.as_str(), p.child)))
        .map(|p| p.id)
        .collect()
}
