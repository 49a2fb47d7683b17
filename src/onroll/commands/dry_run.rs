//! `import --dry-run`: what would change, child by child; nothing is written.

use std::fs;
use std::path::{Path, PathBuf};

use hub::{Hub, ImportOrder};
use schema::Viewer;
use store::Store;

use super::Call;
use crate::exit::{End, Fault};
use crate::printing::{self, number};
use crate::who;

/// Shows it for each file.
///
/// # Errors
/// Something must be said about a file.
pub async fn run(call: &Call, orders: &[ImportOrder], json: bool) -> Result<End, Fault> {
    let (mut hub, viewer, _stand_in) = open(call).await?;
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

/// The hub on the home's database; where there is none yet, on an empty one that goes away again.
async fn open(call: &Call) -> Result<(Hub, Viewer, Option<StandIn>), Fault> {
    let home = call.home()?;
    let viewer = who::acting(call.acting.as_deref(), &home.config.people)?;
    if home.database(&call.around)?.exists() {
        let (hub, _) = call.open(home).await?;
        return Ok((hub, viewer, None));
    }
    let stand_in = StandIn::make(&call.home)?;
    let store = Store::open(&format!("sqlite:{}", stand_in.0.join("onroll.db").display()), &stand_in.0).await?;
    Ok((home.hub_on(store, &call.around)?, viewer, Some(stand_in)))
}

/// A folder in the home that is removed when this value goes away.
struct StandIn(PathBuf);

impl StandIn {
    fn make(home: &Path) -> Result<StandIn, Fault> {
        let path = home.join(format!(".dry-run-{}", std::process::id()));
        let fault = |source| Fault::File {
            what: "write",
            path: path.display().to_string(),
            source,
            hint: "the home must be a folder that may be written",
        };
        fs::create_dir(&path).map_err(fault)?;
        Ok(StandIn(path))
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // What cannot be removed is an empty database: it holds nothing of anybody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
