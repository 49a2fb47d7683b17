//! `disclosures`: who was told what, when, why, under which basis.

use super::Call;
use crate::cli::DisclosuresArgs;
use crate::exit::{End, Fault};
use crate::printing;

/// Lists the entries of the log, of one child or one recipient where asked.
///
/// # Errors
/// There is no such child; the home has faults.
pub async fn run(call: &Call, args: DisclosuresArgs) -> Result<End, Fault> {
    let child = args.child.as_deref().map(super::child::child).transpose()?;
    let (hub, viewer) = call.look().await?;
    let entries = hub.store().disclosure_list(&viewer, child, args.partner.as_deref()).await?;
    if args.json {
        printing::json(&entries)?;
        return Ok(End::Done);
    }
    let rows = entries.iter().map(|d| {
        vec![
            d.id.to_string(),
            d.at.clone(),
            d.recipient.clone(),
            d.purpose.clone(),
            d.child.to_string(),
            d.agreement.clone(),
            d.basis.clone(),
            d.fields.join(", "),
            d.message.to_string(),
        ]
    });
    printing::out(&printing::table(&["", "when", "to", "purpose", "child", "agreement", "basis", "fields", "message"], rows))?;
    Ok(End::Done)
}
