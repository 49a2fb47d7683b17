//! `ledger`: the proof that nothing was lost.

use schema::{PayloadId, RowId};

use super::Call;
use crate::cli::LedgerArgs;
use crate::exit::{End, Fault};
use crate::printing::{self, number};

/// Shows the ledger, of one payload or all; or the fate of one row.
///
/// # Errors
/// The home has faults; there is no such payload or row.
pub async fn run(call: &Call, args: LedgerArgs) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let payload = args.payload.as_deref().map(parse).transpose()?;
    if let (Some(payload), Some(row)) = (payload, args.row) {
        let fate = hub.store().row_fate(&viewer, RowId { payload, row }).await?;
        printing::json(&fate)?;
        return Ok(End::Done);
    }
    let ledger = hub.store().ledger(&viewer, payload).await?;
    if args.json {
        printing::json(&ledger)?;
        return Ok(End::Done);
    }
    let counts =
        |c: store::Counts| vec![number(c.read), number(c.accepted), number(c.unchanged), number(c.quarantined), number(c.rejected)];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for p in &ledger.payloads {
        let mut row = vec![p.id.to_string(), p.source.clone(), p.file.clone(), p.as_of.clone().unwrap_or_default(), p.state.clone()];
        row.extend(counts(p.rows));
        rows.push(row);
    }
    let mut sum = vec!["all".to_owned(), String::new(), String::new(), String::new(), String::new()];
    sum.extend(counts(ledger.rows));
    rows.push(sum);
    printing::out(&printing::table(
        &["payload", "source", "file", "as of", "state", "read", "accepted", "unchanged", "quarantined", "rejected"],
        rows,
    ))?;
    for p in ledger.payloads.iter().filter(|p| p.reason.is_some()) {
        printing::out(&format!("{}: {}", p.id, p.reason.as_deref().unwrap_or_default()))?;
    }
    Ok(End::Done)
}

fn parse(text: &str) -> Result<PayloadId, Fault> {
    text.parse().map_err(|fault: schema::ids::IdFault| Fault::usage(fault.to_string(), "see onroll ledger"))
}
