//! `quarantine ...`: rows of which it cannot be said who, or which school.

use schema::HeldRowId;
use serde_json::json;

use super::Call;
use crate::cli::{Json, QuarantineVerb};
use crate::exit::{End, Fault};
use crate::printing;

/// Lists, shows, fixes or rejects.
///
/// # Errors
/// There is no such item or column; the person may not.
pub async fn run(call: &Call, verb: QuarantineVerb) -> Result<End, Fault> {
    match verb {
        QuarantineVerb::List(json) => list(call, json).await,
        QuarantineVerb::Show(args) => show(call, parse(&args.id)?, args.json).await,
        QuarantineVerb::Fix { id, values, reason, json } => fix(call, parse(&id)?, &values, &reason, json).await,
        QuarantineVerb::Reject(args) => reject(call, parse(&args.id)?, &args.reason, args.json).await,
    }
}

fn parse(id: &str) -> Result<HeldRowId, Fault> {
    id.parse().map_err(|fault: schema::ids::IdFault| Fault::usage(fault.to_string(), "see onroll quarantine list"))
}

async fn list(call: &Call, json: Json) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let items = hub.store().quarantine(&viewer).await?;
    if json.json {
        printing::json(&items)?;
        return Ok(End::Done);
    }
    let rows = items.iter().map(|q| {
        let place = q.sheet.as_ref().map_or_else(|| format!("line {}", q.line), |sheet| format!("{sheet}, row {}", q.line));
        vec![
            q.id.to_string(),
            q.source.clone(),
            q.payload.to_string(),
            q.file.clone(),
            place,
            q.reason.as_str().to_owned(),
            q.column.clone(),
            q.times.to_string(),
        ]
    });
    printing::out(&printing::table(&["item", "source", "payload", "file", "place", "reason", "column", "times"], rows))?;
    Ok(End::Done)
}

async fn show(call: &Call, id: HeldRowId, json: bool) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let detail = hub.store().quarantine_item(&viewer, id).await?;
    if json {
        printing::json(&detail)?;
        return Ok(End::Done);
    }
    let q = &detail.item;
    printing::out(&format!("{id}: {} of {} ({}), row {}, line {}: {}", q.payload, q.source, q.file, q.row, q.line, q.reason.as_str()))?;
    let rows = detail.raw.iter().map(|(column, value)| {
        let why: Vec<&str> = detail.problems.iter().filter(|p| &p.column == column).map(|p| p.hint.as_str()).collect();
        vec![column.clone(), value.as_str().unwrap_or_default().to_owned(), why.join("; ")]
    });
    printing::out(&printing::table(&["column", "value as it came", "what is wrong"], rows))?;
    printing::out(&format!(
        "put it right:  onroll quarantine fix {id} \"COLUMN=VALUE\" --reason TEXT\nrefuse it:     onroll quarantine reject {id} --reason TEXT"
    ))?;
    Ok(End::Done)
}

async fn fix(call: &Call, id: HeldRowId, values: &[String], reason: &str, json: bool) -> Result<End, Fault> {
    let mut pairs = Vec::new();
    for value in values {
        let Some((column, value)) = value.split_once('=') else {
            return Err(Fault::usage(
                "a fix is written COLUMN=VALUE",
                "such as \"DOB=2015-02-01\"; quote it where the shell would split it",
            ));
        };
        pairs.push((column.to_owned(), value.to_owned()));
    }
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (mut hub, _, viewer) = call.act().await?;
    let fixed = hub.fix(&viewer, id, &pairs, reason).await?;
    match (fixed.record, fixed.still_waits) {
        (_, true) => eprintln!("{id}: the fix is kept, but the row still waits; see onroll quarantine show {id}"),
        (Some(record), false) => eprintln!("{id}: the row is in, as record {record}"),
        (None, false) => eprintln!("{id}: the row says what was known already"),
    }
    if json {
        printing::json(&fixed)?;
    }
    Ok(End::Done)
}

async fn reject(call: &Call, id: HeldRowId, reason: &str, json: bool) -> Result<End, Fault> {
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (mut hub, _, viewer) = call.act().await?;
    hub.reject_row(&viewer, id, reason).await?;
    eprintln!("{id}: refused; the same row is refused again whenever it comes");
    if json {
        printing::json(&json!({"id": id, "state": "rejected"}))?;
    }
    Ok(End::Done)
}
