//! `sync`: the night, now.

use hub::night::NightReport;
use serde::Serialize;

use super::Call;
use crate::cli::SyncArgs;
use crate::exit::{End, Fault};
use crate::printing::{self, number};
use crate::progress::Bars;

/// What scripts read.
#[derive(Serialize)]
struct Synced<'a> {
    #[serde(flatten)]
    night: &'a NightReport,
    delivered: &'a delivery::Report,
}

/// Takes what lies in the drop folders of all sources, or of those named, and sends what is due. A message that does not arrive
/// does not change the exit code: it waits in the outbox.
///
/// # Errors
/// The store failed, a name is neither connector nor source, or the disclosure log is not the one that was signed.
pub async fn run(call: &Call, args: SyncArgs) -> Result<End, Fault> {
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (mut hub, doors, viewer) = call.act().await?;
    let mut bars = Bars::new();
    let report = hub.night(&viewer, &doors.folders, &args.names, &mut |step, done, of| bars.show(step, done, of)).await?;
    bars.show("deliver", 0, 1);
    let delivered = doors.post.deliver(&hub).await;
    bars.end();
    tell(&report);
    let delivered = delivered?;
    super::deliver::tell(&delivered);
    if args.json {
        printing::json(&Synced { night: &report, delivered: &delivered })?;
    }
    Ok(match (report.failed(), args.strict && report.needs_attention()) {
        (true, _) => End::Difference,
        (false, true) => End::NeedsAttention,
        (false, false) => End::Done,
    })
}

/// The summary for people.
fn tell(report: &NightReport) {
    for (name, of) in &report.connectors {
        let r = of.rows;
        eprintln!(
            "{name}: {} files, {} rows read = {} accepted + {} unchanged + {} quarantined + {} rejected{}",
            of.payloads,
            number(r.read),
            number(r.accepted),
            number(r.unchanged),
            number(r.quarantined),
            number(r.rejected),
            if of.failed > 0 { format!("; {} failed", of.failed) } else { String::new() }
        );
    }
    if report.connectors.is_empty() {
        eprintln!("nothing lay in the drop folders");
    }
    for payload in report.payloads.iter().filter(|p| p.reason.is_some() || p.needs_attention()) {
        let reason = payload.reason.as_deref().unwrap_or("some records need attention");
        eprintln!("{} {}: {reason}", payload.id, payload.file);
        super::import::tell_problems(payload);
    }
    if report.rows.quarantined > 0 {
        eprintln!("{} rows wait for a person: onroll quarantine list", number(report.rows.quarantined));
    }
    for line in report.waiting.iter().chain(&report.faults) {
        eprintln!("{line}");
    }
    let c = report.checked;
    eprintln!("findings: {} opened, {} changed, {} closed", number(c.opened), number(c.updated), number(c.closed));
}
