//! `deliver`: sends what is due.

use delivery::Report;

use super::Call;
use crate::cli::Json;
use crate::exit::{End, Fault};
use crate::printing::{self, number};

/// Claims, sends and settles what is due.
///
/// # Errors
/// The store failed, or the disclosure log is not the one that was signed.
pub async fn run(call: &Call, json: Json) -> Result<End, Fault> {
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (hub, doors, _) = call.act().await?;
    let report = doors.post.deliver(&hub).await?;
    tell(&report);
    if json.json {
        printing::json(&report)?;
    }
    Ok(End::Done)
}

/// What was sent and what was not, for people.
pub(super) fn tell(report: &Report) {
    for (channel, sent) in &report.sent {
        eprintln!("sent by {channel}: {}", number(*sent));
    }
    for line in &report.faults {
        eprintln!("{line}");
    }
    if report.undelivered > 0 {
        eprintln!("{} messages have not arrived: onroll outbox list; what needs a person: onroll task list", number(report.undelivered));
    }
}
