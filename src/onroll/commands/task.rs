//! `task ...`: what only a person can do.

use schema::TaskId;
use schema::ids::IdFault;

use super::Call;
use crate::cli::TaskVerb;
use crate::exit::{End, Fault};
use crate::printing;

/// Lists, shows, or notes that one is done.
///
/// # Errors
/// There is no such task; the person may not.
pub async fn run(call: &Call, verb: TaskVerb) -> Result<End, Fault> {
    match verb {
        TaskVerb::List { all, json } => list(call, all, json).await,
        TaskVerb::Show(args) => show(call, task(&args.id)?, args.json).await,
        TaskVerb::Done(args) => done(call, task(&args.id)?, &args.reason, args.json).await,
    }
}

fn task(id: &str) -> Result<TaskId, Fault> {
    id.parse().map_err(|fault: IdFault| Fault::usage(fault.to_string(), "see onroll task list"))
}

async fn list(call: &Call, all: bool, json: bool) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let tasks = hub.store().task_list(&viewer, all).await?;
    if json {
        printing::json(&tasks)?;
        return Ok(End::Done);
    }
    let today = hub.clock().today().to_string();
    let rows = tasks.iter().map(|t| {
        let due = if t.state == "open" && t.due < today { format!("{} overdue", t.due) } else { t.due.clone() };
        vec![t.id.to_string(), t.kind.clone(), due, t.owner.clone(), t.state.clone(), t.words.clone()]
    });
    printing::out(&printing::table(&["task", "kind", "due", "owner", "state", "what to do"], rows))?;
    Ok(End::Done)
}

async fn show(call: &Call, id: TaskId, json: bool) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let task = hub.store().task_show(&viewer, id).await?;
    if json {
        printing::json(&task)?;
        return Ok(End::Done);
    }
    printing::out(&format!("{id}  {}  ({}, for {}, by {})", task.kind, task.state, task.owner, task.due))?;
    printing::out(&task.words)?;
    let about = [
        ("child", task.child.map(|c| c.to_string())),
        ("message", task.message.map(|m| m.to_string())),
        ("recipient", task.recipient.clone()),
        ("opened", Some(task.opened.clone())),
        ("done by", task.done_by.clone()),
        ("what was done", task.reason.clone()),
    ];
    for (name, value) in about {
        if let Some(value) = value {
            printing::out(&format!("  {name}: {value}"))?;
        }
    }
    Ok(End::Done)
}

async fn done(call: &Call, id: TaskId, reason: &str, json: bool) -> Result<End, Fault> {
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (hub, _, viewer) = call.act().await?;
    hub.finish_task(&viewer, id, reason).await?;
    eprintln!("{id} is done");
    if json {
        printing::json(&hub.store().task_show(&viewer, id).await?)?;
    }
    Ok(End::Done)
}
