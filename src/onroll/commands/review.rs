//! `review ...`: links that wait for a person.

use schema::ReviewId;
use serde_json::json;

use super::Call;
use crate::cli::{Json, ReviewArgs, ReviewVerb};
use crate::exit::{End, Fault};
use crate::printing;

/// Lists, or decides.
///
/// # Errors
/// There is no such review; the person may not.
pub async fn run(call: &Call, verb: ReviewVerb) -> Result<End, Fault> {
    match verb {
        ReviewVerb::List(json) => list(call, json).await,
        ReviewVerb::Same(args) => decide(call, args, Some(true)).await,
        ReviewVerb::Different(args) => decide(call, args, Some(false)).await,
        ReviewVerb::Undo(args) => decide(call, args, None).await,
    }
}

async fn list(call: &Call, json: Json) -> Result<End, Fault> {
    let (hub, viewer) = call.look().await?;
    let items = hub.store().review_list(&viewer).await?;
    if json.json {
        printing::json(&items)?;
        return Ok(End::Done);
    }
    let rows = items.iter().map(|r| {
        vec![
            r.id.to_string(),
            r.record.to_string(),
            r.provisional.to_string(),
            r.child.to_string(),
            r.reason.clone(),
            r.agreed.join(", "),
            r.differed.join(", "),
            r.source.clone(),
        ]
    });
    printing::out(&printing::table(&["review", "record", "is now", "may be", "reason", "agrees", "differs", "source"], rows))?;
    Ok(End::Done)
}

async fn decide(call: &Call, args: ReviewArgs, same: Option<bool>) -> Result<End, Fault> {
    let id: ReviewId = args.id.parse().map_err(|fault: schema::ids::IdFault| Fault::usage(fault.to_string(), "see onroll review list"))?;
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let (mut hub, _, viewer) = call.act().await?;
    let decided = match same {
        Some(same) => hub.decide_link(&viewer, id, same, &args.reason).await?,
        None => hub.undo_link(&viewer, id, &args.reason).await?,
    };
    let review = &decided.review;
    let words = match same {
        Some(true) => format!("{} and {} are one child now: {}", review.provisional, review.candidate, review.candidate),
        Some(false) => format!("{} and {} stay two children", review.provisional, review.candidate),
        None => format!("taken back: {} and {} are two children, and {id} waits again", review.provisional, review.candidate),
    };
    eprintln!("{words}");
    if args.json {
        printing::json(
            &json!({"id": id, "record": review.record, "provisional": review.provisional, "child": review.candidate, "same": same}),
        )?;
    }
    Ok(End::Done)
}
