//! `outbox ...`: messages, and a person's word on them.

use schema::ids::IdFault;
use schema::{MessageId, MessageState};

use super::Call;
use crate::cli::OutboxVerb;
use crate::exit::{End, Fault};
use crate::printing;

/// Lists, shows, sends again, takes back.
///
/// # Errors
/// There is no such message, or it is in no such state; the person may not.
pub async fn run(call: &Call, verb: OutboxVerb) -> Result<End, Fault> {
    match verb {
        OutboxVerb::List { all, state, json } => list(call, all, state, json).await,
        OutboxVerb::Show(args) => show(call, message(&args.id)?, args.json).await,
        OutboxVerb::Retry(args) => act(call, message(&args.id)?, None, args.json).await,
        OutboxVerb::Cancel(args) => act(call, message(&args.id)?, Some(args.reason), args.json).await,
    }
}

fn message(id: &str) -> Result<MessageId, Fault> {
    id.parse().map_err(|fault: IdFault| Fault::usage(fault.to_string(), "see onroll outbox list --all"))
}

async fn list(call: &Call, all: bool, state: Option<String>, json: bool) -> Result<End, Fault> {
    if let Some(word) = &state
        && MessageState::parse(word).is_none()
    {
        let known = MessageState::ALL.map(MessageState::as_str).join(", ");
        return Err(Fault::usage(format!("there is no state \"{word}\""), format!("the states are {known}")));
    }
    let (hub, viewer) = call.look().await?;
    let mut messages = hub.store().outbox_list(&viewer).await?;
    // A script gets every message; a person first what needs attention.
    messages.retain(|m| match &state {
        Some(state) => &m.state == state,
        None => all || json || !matches!(m.state.as_str(), "sent" | "received" | "cancelled"),
    });
    if json {
        printing::json(&messages)?;
        return Ok(End::Done);
    }
    let rows = messages.iter().map(|m| {
        vec![
            m.id.to_string(),
            m.recipient.clone(),
            m.purpose.clone(),
            m.child.to_string(),
            m.channel.clone().unwrap_or_default(),
            m.state.clone(),
            m.attempts.to_string(),
            m.reason.clone().unwrap_or_default(),
        ]
    });
    printing::out(&printing::table(&["message", "to", "purpose", "child", "channel", "state", "attempts", "why"], rows))?;
    Ok(End::Done)
}

async fn show(call: &Call, id: MessageId, json: bool) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let shown = hub.store().outbox_show(&viewer, id).await?;
    if json {
        printing::json(&shown)?;
        return Ok(End::Done);
    }
    let m = &shown.message;
    printing::out(&format!("{id}  {} to {} about {}: {}", m.purpose, m.recipient, m.child, m.state))?;
    if let Some(reason) = &m.reason {
        printing::out(&format!("  {reason}"))?;
    }
    printing::out(&format!("  fields: {}", shown.fields.join(", ")))?;
    let rows = shown.tries.iter().map(|a| {
        vec![
            a.id.to_string(),
            a.channel.clone(),
            a.started.clone(),
            a.ended.clone().unwrap_or_default(),
            a.outcome.clone().unwrap_or_else(|| "not known".to_owned()),
            a.detail.clone().unwrap_or_default(),
        ]
    });
    printing::out(&printing::table(&["attempt", "channel", "began", "ended", "outcome", ""], rows))?;
    Ok(End::Done)
}

/// Takes a message back where a reason is given for it, else has it sent again.
async fn act(call: &Call, id: MessageId, cancel: Option<String>, json: bool) -> Result<End, Fault> {
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (hub, _, viewer) = call.act().await?;
    match cancel {
        Some(reason) => {
            hub.cancel_message(&viewer, id, &reason).await?;
            eprintln!("{id} is taken back");
        }
        None => {
            hub.retry_message(&viewer, id).await?;
            eprintln!("{id} waits to be sent again: onroll deliver");
        }
    }
    if json {
        printing::json(&hub.store().outbox_show(&viewer, id).await?)?;
    }
    Ok(End::Done)
}
