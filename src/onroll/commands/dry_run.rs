//! `import --dry-run`: what would change, child by child; nothing is written.

use hub::ImportOrder;

use super::Call;
use crate::exit::{End, Fault};
use crate::printing::{self, number};

/// Shows it for each file.
///
/// # Errors
/// Something must be said about a file.
pub async fn run(call: &Call, orders: &[ImportOrder], json: bool) -> Result<End, Fault> {
    let (mut hub, _, viewer) = call.act().await?;
    let mut runs = Vec::new();
    for order in orders {
        runs.push(hub.dry_run(&viewer, order).await?);
    }
    let failed = runs.iter().any(|r| r.reason.is_some());
    if json {
        printing::json(&runs)?;
        return Ok(if failed { End::Difference } else { End::Done });
    }
    for run in &runs {
        eprintln!("{}: {} rows read; nothing was written", run.file, number(run.rows.read));
        if let Some(reason) = &run.reason {
            eprintln!("  {reason}");
        }
        let rows = run.changes.iter().map(|c| {
            let child = c.child.map_or_else(|| "-".to_owned(), |c| c.to_string());
            let row = if c.row == 0 { "-".to_owned() } else { c.row.to_string() };
            vec![row, child, c.what.to_owned(), c.fields.join(", ")]
        });
        printing::out(&printing::table(&["row", "child", "what", "parts that differ"], rows))?;
    }
    Ok(if failed { End::Difference } else { End::Done })
}
