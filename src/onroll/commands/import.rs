//! `import`: files by hand.

use hub::{ImportOrder, PayloadReport};
use serde::Serialize;
use store::Counts;

use super::Call;
use crate::cli::ImportArgs;
use crate::exit::{End, Fault};
use crate::home;
use crate::printing::{self, number};
use crate::progress::Bars;

/// What scripts read.
#[derive(Serialize)]
struct Imported {
    payloads: Vec<PayloadReport>,
    rows: Counts,
}

/// Imports the files, then links and checks as in a night; or shows what would change.
///
/// # Errors
/// Something must be said about a file, or the store failed. Files before the failing one stay in.
pub async fn run(call: &Call, args: ImportArgs) -> Result<End, Fault> {
    let orders: Vec<ImportOrder> = args.files.iter().map(|file| order(&args, file)).collect();
    if args.dry_run {
        return super::dry_run::run(call, &orders, args.json).await;
    }
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (mut hub, _, viewer) = call.act().await?;
    let mut bars = Bars::new();
    let (payloads, stopped) = hub.import(&viewer, &orders, &mut |step, done, of| bars.show(step, done, of)).await?;
    bars.end();
    let mut rows = Counts::default();
    for payload in &payloads {
        rows += payload.rows;
        tell(payload);
    }
    let failed = payloads.iter().any(|p| p.failed);
    let attention = payloads.iter().any(PayloadReport::needs_attention);
    if args.json {
        printing::json(&Imported { payloads, rows })?;
    }
    if let Some(fault) = stopped {
        return Err(fault.into());
    }
    Ok(match (failed, args.strict && attention) {
        (true, _) => End::Difference,
        (false, true) => End::NeedsAttention,
        (false, false) => End::Done,
    })
}

fn order(args: &ImportArgs, file: &std::path::Path) -> ImportOrder {
    ImportOrder {
        connector: args.connector.clone(),
        file: file.to_path_buf(),
        name: None,
        source: args.source.clone(),
        as_of: args.as_of,
        complete: match (args.complete, args.partial) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        },
        mapping: args.mapping.as_deref().map(home::mapping_id),
        first_look: None,
        unattended: false,
    }
}

fn tell(payload: &PayloadReport) {
    let r = payload.rows;
    match (&payload.duplicate_of, payload.failed && r.read == 0) {
        (Some(before), _) => eprintln!("{} {}: the same bytes as {before}; nothing to do", payload.id, payload.file),
        (None, true) => eprintln!("{} {}: rejected: {}", payload.id, payload.file, payload.reason.as_deref().unwrap_or_default()),
        (None, false) => {
            eprintln!(
                "{} {}: {} rows read = {} accepted + {} unchanged + {} quarantined + {} rejected",
                payload.id,
                payload.file,
                number(r.read),
                number(r.accepted),
                number(r.unchanged),
                number(r.quarantined),
                number(r.rejected)
            );
            if let Some(reason) = &payload.reason {
                eprintln!("  {reason}");
            }
        }
    }
    tell_problems(payload);
    if r.quarantined > 0 {
        eprintln!("  see: onroll quarantine list");
    }
}

/// Faults by kind and column, with the place of the first and what to do; never a value.
pub(super) fn tell_problems(payload: &PayloadReport) {
    for problem in &payload.problems {
        let column = if problem.column.is_empty() { String::new() } else { format!(" in column \"{}\"", problem.column) };
        let place = match (&problem.sheet, problem.line) {
            (_, 0) => String::new(),
            (Some(sheet), row) => format!(", first in row {row} of sheet {sheet}"),
            (None, line) => format!(", first in line {line}"),
        };
        let hint = if problem.hint.is_empty() { String::new() } else { format!(": {}", problem.hint) };
        eprintln!("  {} {}{column}{place}{hint}", number(problem.count), problem.code.as_str());
    }
}
