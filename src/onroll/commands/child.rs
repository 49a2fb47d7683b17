//! `child ...`: find, show, history, explain, restrict.

use chrono::NaiveDate;
use hub::provenance::{BestValue, ColumnOf};
use schema::{ChildId, RecordId, Upn};
use serde::Serialize;
use serde_json::json;
use store::view::{ChildQuery, ChildShown};

use super::Call;
use crate::cli::{ChildVerb, DecisionArgs};
use crate::exit::{End, Fault};
use crate::printing;

/// Children that `find` lists at most.
const MOST: u32 = 500;

/// A child as `child show` prints it: what the store holds, the best values with their origin, residence.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    child: &'a ChildShown,
    residence: Option<rules::Dwelling>,
    values: &'a [BestValue],
}

/// Finds, shows, tells, explains, restricts.
///
/// # Errors
/// There is no such child or record; the person may not.
pub async fn run(call: &Call, verb: ChildVerb) -> Result<End, Fault> {
    match verb {
        ChildVerb::Find { upn, name, dob, json } => find(call, upn, name, dob, json).await,
        ChildVerb::Show(args) => show(call, child(&args.id)?, args.json).await,
        ChildVerb::Restrict(args) => restrict(call, args, true).await,
        ChildVerb::Unrestrict(args) => restrict(call, args, false).await,
        ChildVerb::History(args) => history(call, child(&args.id)?, args.json).await,
        ChildVerb::Explain { record, json } => {
            let id = record.parse().map_err(|fault: schema::ids::IdFault| Fault::usage(fault.to_string(), "see onroll child show"))?;
            explain(call, id, json).await
        }
    }
}

/// A child's id as typed.
///
/// # Errors
/// It is none.
pub fn child(id: &str) -> Result<ChildId, Fault> {
    id.parse().map_err(|fault: schema::ids::IdFault| Fault::usage(fault.to_string(), "see onroll child find"))
}

async fn find(call: &Call, upn: Option<String>, name: Option<String>, dob: Option<NaiveDate>, json: bool) -> Result<End, Fault> {
    let upn = upn
        .map(|text| Upn::parse(&text).map_err(|fault| Fault::usage(fault.to_string(), "check the UPN, or search by --name and --dob")))
        .transpose()?;
    if upn.is_none() && name.is_none() && dob.is_none() {
        return Err(Fault::usage("nothing to search for", "give --upn, --name or --dob"));
    }
    let (hub, viewer) = call.look().await?;
    let found = hub.store().find_children(&viewer, &ChildQuery { upn, name, dob, limit: MOST }).await?;
    if json {
        printing::json(&found)?;
        return Ok(End::Done);
    }
    let rows = found.iter().map(|c| {
        vec![
            c.id.to_string(),
            c.names.join(" / "),
            c.dob.map(|d| d.to_string()).unwrap_or_default(),
            c.upn.map(|u| u.to_string()).unwrap_or_default(),
        ]
    });
    printing::out(&printing::table(&["child", "names", "born", "UPN"], rows))?;
    if found.len() == MOST as usize {
        eprintln!("only the first {MOST} are shown: search for more");
    }
    Ok(End::Done)
}

async fn show(call: &Call, id: ChildId, json: bool) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let child = hub.store().show_child(&viewer, id).await?;
    let values = hub.best_values(&child).await?;
    let residence = hub.dwelling(&child).await?;
    if json {
        printing::json(&Shown { child: &child, residence, values: &values })?;
        return Ok(End::Done);
    }
    printing::out(&format!("{id}  {}{}", child.names.join(" / "), if child.restricted { "   RESTRICTED" } else { "" }))?;
    match &residence {
        Some(lives) => printing::out(&format!(
            "lives in {}, as record {} says; {} fresh sources place the child in our area",
            lives.authority, lives.record, lives.fresh_sources
        ))?,
        None => printing::out("no usable address is known")?,
    }
    let rows = values.iter().map(|v| vec![v.field.clone(), v.shown(), v.record.to_string(), v.source.clone(), ColumnOf::words(&v.columns)]);
    printing::out(&printing::table(&["value", "", "record", "source", "column"], rows))?;
    printing::out("")?;
    let rows = child.records.iter().map(|r| {
        let day = |d: Option<NaiveDate>| d.map(|d| d.to_string()).unwrap_or_default();
        vec![
            r.record.to_string(),
            r.source.clone(),
            r.dataset.clone(),
            r.source_id.clone().unwrap_or_default(),
            format!("{}:{}", r.payload, r.row),
            day(r.as_of),
            day(r.gone),
            r.rule.clone(),
        ]
    });
    printing::out(&printing::table(&["record", "source", "kind", "id there", "payload:row", "as of", "gone", "joined by"], rows))?;
    for f in &child.findings {
        printing::out(&format!("{}: {}", f.finding.rule, f.finding.summary))?;
    }
    Ok(End::Done)
}

async fn restrict(call: &Call, args: DecisionArgs, on: bool) -> Result<End, Fault> {
    let id = child(&args.id)?;
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (hub, _, viewer) = call.act().await?;
    if on {
        hub.restrict(&viewer, id, &args.reason).await?;
    } else {
        hub.unrestrict(&viewer, id, &args.reason).await?;
    }
    let restricted = hub.store().show_child(&viewer, id).await?.restricted;
    eprintln!(
        "{}",
        match (on, restricted) {
            (true, _) => format!("nothing about {id} is sent without a person from now on"),
            (false, true) => format!("taken back; a source still says that {id} is restricted"),
            (false, false) => format!("{id} is not restricted any more"),
        }
    );
    if args.json {
        printing::json(&json!({"id": id, "restricted": restricted}))?;
    }
    Ok(End::Done)
}

async fn history(call: &Call, id: ChildId, json: bool) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let entries = hub.store().child_history(&viewer, id).await?;
    if json {
        printing::json(&entries)?;
        return Ok(End::Done);
    }
    let rows = entries.iter().map(|e| {
        vec![
            e.at.clone(),
            e.kind.clone(),
            e.what.clone(),
            e.record.map(|r| r.to_string()).or(e.message.map(|m| m.to_string())).or(e.finding.map(|f| f.to_string())).unwrap_or_default(),
            e.by.clone().unwrap_or_default(),
            e.detail.clone().unwrap_or_default(),
        ]
    });
    printing::out(&printing::table(&["when", "what", "", "id", "by", ""], rows))?;
    Ok(End::Done)
}

async fn explain(call: &Call, id: RecordId, json: bool) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let explained = hub.store().explain(&viewer, id).await?;
    if json {
        printing::json(&explained)?;
        return Ok(End::Done);
    }
    let link = &explained.link;
    let list = |words: &[String]| if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
    printing::out(&format!("{id} ({}, {}:{}) belongs to {}", explained.source, explained.payload, explained.row, link.child))?;
    if let Some(meaning) = linkage::rule::meaning(&link.rule) {
        printing::out(&format!("  {meaning}"))?;
    }
    printing::out(&format!("  rule: {}\n  agreed: {}\n  differed: {}", link.rule, list(&link.agreed), list(&link.differed)))?;
    if !link.rivals.is_empty() {
        printing::out(&format!(
            "  others that came close: {}",
            link.rivals.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ))?;
    }
    for d in &explained.decisions {
        let words = if d.same { "the same child" } else { "different children" };
        printing::out(&format!("  {} said on {}: {words}{}", d.by, d.at, if d.undone_at.is_some() { " (taken back)" } else { "" }))?;
    }
    Ok(End::Done)
}
