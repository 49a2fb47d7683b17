//! `hold list` and `release`: snapshots and messages that wait for a person's word.

use schema::{MessageId, PayloadId};
use store::view::HeldItem;

use super::Call;
use crate::cli::Json;
use crate::exit::{End, Fault};
use crate::printing::{self, number};

/// Lists them.
///
/// # Errors
/// The home has faults.
pub async fn list(call: &Call, json: Json) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let held = hub.store().hold_list(&viewer).await?;
    if json.json {
        printing::json(&held)?;
        return Ok(End::Done);
    }
    let rows = held.iter().map(|item| match item {
        HeldItem::Snapshot(h) => vec![
            h.id.to_string(),
            h.kind.to_owned(),
            format!("{} of {}", h.file, h.source),
            h.as_of.clone(),
            format!("{}; would end {} of {}", h.reason, number(h.ending), number(h.of)),
        ],
        HeldItem::Message(h) => vec![
            h.id.to_string(),
            h.kind.to_owned(),
            format!("{} to {} about {}", h.purpose, h.recipient, h.child),
            h.since.clone(),
            h.reason.clone(),
        ],
    });
    printing::out(&printing::table(&["", "kind", "what", "since", "why it waits"], rows))?;
    Ok(End::Done)
}

/// Lets a held snapshot end what it no longer has, or a held message go.
///
/// # Errors
/// Nothing of that payload waits, or the message is not held; the person may not.
pub async fn release(call: &Call, id: &str, reason: &str) -> Result<End, Fault> {
    if let Ok(message) = id.parse() {
        return release_message(call, message, reason).await;
    }
    let id: PayloadId =
        id.parse().map_err(|_| Fault::usage(format!("\"{id}\" is no id of a payload (P3) or a message (M7)"), "see onroll hold list"))?;
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (mut hub, _, viewer) = call.act().await?;
    let released = hub.release(&viewer, id, reason).await?;
    eprintln!(
        "{} enrolments ended; {} were told otherwise since and stay",
        number(released.gone.len() as u64),
        number(released.passed_over)
    );
    Ok(End::Done)
}

async fn release_message(call: &Call, id: MessageId, reason: &str) -> Result<End, Fault> {
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (hub, _, viewer) = call.act().await?;
    hub.release_message(&viewer, id, reason).await?;
    eprintln!("{id} waits to be sent: onroll deliver");
    Ok(End::Done)
}
