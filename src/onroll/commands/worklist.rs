//! `worklist`: findings, the most urgent first.

use store::view::{WorkItem, most_urgent_first};

use super::Call;
use crate::cli::WorklistArgs;
use crate::exit::{End, Fault};
use crate::printing;

/// Lists the findings of the last check; with `--as-of` those of that day, from what is known now.
///
/// # Errors
/// The home has faults; there is no such rule.
pub async fn run(call: &Call, args: WorklistArgs) -> Result<End, Fault> {
    if let Some(rule) = &args.rule
        && !rules::names().contains(&rule.as_str())
    {
        return Err(Fault::usage(format!("there is no rule \"{rule}\""), format!("the rules are {}", rules::names().join(", "))));
    }
    let (hub, viewer) = call.look().await?;
    let today = hub.clock().today();
    let last = hub.store().last_check().await?;
    let items = match args.as_of {
        Some(day) if Some(day) != last => {
            let findings = hub.evaluate(day).await?;
            let visible = hub.store().visible_children(&viewer).await?;
            let seen = |child| visible.as_ref().is_none_or(|v| v.contains(&child));
            let mut items: Vec<WorkItem> = findings.into_iter().filter(|f| seen(f.child)).map(|f| WorkItem::of(f, day)).collect();
            items.retain(|item| args.rule.as_ref().is_none_or(|rule| rule == &item.finding.rule));
            most_urgent_first(&mut items);
            items
        }
        _ => hub.store().worklist(&viewer, args.rule.as_deref(), args.as_of.unwrap_or(today)).await?,
    };
    if args.json {
        for item in &items {
            printing::json_line(item)?;
        }
        return Ok(End::Done);
    }
    if last.is_none() && args.as_of.is_none() {
        eprintln!("the rules have not run yet: onroll sync, or onroll import");
    }
    let rows = items.iter().map(row);
    printing::out(&printing::table(&["", "child", "rule", "grade", "reason", "since", "due", "owner", "what"], rows))?;
    Ok(End::Done)
}

fn row(item: &WorkItem) -> Vec<String> {
    let f = &item.finding;
    let due = f.due.map(|d| d.to_string()).unwrap_or_default();
    vec![
        f.priority.to_string(),
        f.child.to_string(),
        f.rule.clone(),
        f.grade.map(|g| g.as_str().to_owned()).unwrap_or_default(),
        f.reason.clone().unwrap_or_default(),
        f.since.to_string(),
        if item.overdue { format!("{due} overdue") } else { due },
        f.owner.clone(),
        f.summary.clone(),
    ]
}
