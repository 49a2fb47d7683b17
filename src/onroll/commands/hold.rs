//! `hold list` and `release`: snapshots that wait for a person's word.

use schema::PayloadId;

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
    let rows = held.iter().map(|h| {
        vec![
            h.id.to_string(),
            h.source.clone(),
            h.file.clone(),
            h.as_of.clone(),
            format!("{} of {}", number(h.ending), number(h.of)),
            h.reason.clone(),
        ]
    });
    printing::out(&printing::table(&["payload", "source", "file", "as of", "would end", "why it waits"], rows))?;
    Ok(End::Done)
}

/// Lets a held snapshot end what it no longer has.
///
/// # Errors
/// Nothing of that payload waits; the person may not.
pub async fn release(call: &Call, payload: &str, reason: &str) -> Result<End, Fault> {
    let id: PayloadId = payload.parse().map_err(|fault: schema::ids::IdFault| Fault::usage(fault.to_string(), "see onroll hold list"))?;
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
