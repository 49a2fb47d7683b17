//! `agreements`: who may be told what.

use serde_json::{Value, json};
use sharing::{Agreement, Agreements};

use super::Call;
use crate::cli::{AgreementsVerb, Json};
use crate::exit::{End, Fault};
use crate::home;
use crate::printing;

/// Lists, checks or shows agreements.
///
/// # Errors
/// An agreement has faults; there is none with that partner.
pub fn run(call: &Call, verb: Option<AgreementsVerb>, json: bool) -> Result<End, Fault> {
    match verb {
        None => list(call, json),
        Some(AgreementsVerb::Check(json)) => check(call, json),
        Some(AgreementsVerb::Show { partner, json }) => show(call, &partner, json),
    }
}

fn read(call: &Call) -> Result<Agreements, Fault> {
    home::agreements(&call.home).map_err(Fault::Config)
}

fn list(call: &Call, json: bool) -> Result<End, Fault> {
    let home = call.home()?;
    let today = home.clock(&call.around)?.today();
    let all: Vec<Value> = home.parts.agreements.iter().map(|a| summary(a, a.in_force_on(today))).collect();
    if json {
        printing::json(&all)?;
        return Ok(End::Done);
    }
    let rows = home.parts.agreements.iter().map(|a| {
        let state = if a.in_force_on(today) { "in force" } else { "NOT in force" };
        let channels: Vec<&str> = a.channels.iter().map(sharing::ChannelTerms::kind).collect();
        let purposes: Vec<&str> = a.purposes.keys().map(|p| p.as_str()).collect();
        vec![
            a.recipient.clone(),
            a.name.clone(),
            a.version.clone(),
            state.to_owned(),
            format!("{} to {}", a.from, a.until),
            a.review.to_string(),
            channels.join(", then "),
            purposes.join(", "),
        ]
    });
    printing::out(&printing::table(&["recipient", "", "version", "", "valid", "review", "channels", "purposes"], rows))?;
    Ok(End::Done)
}

fn summary(a: &Agreement, in_force: bool) -> Value {
    let channels: Vec<&str> = a.channels.iter().map(sharing::ChannelTerms::kind).collect();
    let purposes: Vec<&str> = a.purposes.keys().map(|p| p.as_str()).collect();
    json!({
        "recipient": a.recipient, "name": a.name, "version": a.version, "in_force": in_force,
        "from": a.from, "until": a.until, "review": a.review, "channels": channels, "purposes": purposes,
    })
}

/// Faults of the text are told as those of any config file; an agreement that has run out is one too.
fn check(call: &Call, json: Json) -> Result<End, Fault> {
    let agreements = read(call)?;
    let today = call.home()?.clock(&call.around)?.today();
    let faults = agreements.faults_on(today);
    if !faults.is_empty() {
        return Err(Fault::Config(faults));
    }
    let (mut in_force, mut not) = (0_u64, 0_u64);
    for agreement in agreements.iter() {
        if agreement.in_force_on(today) {
            in_force += 1;
        } else {
            not += 1;
            eprintln!("warning: agreement {} {} is not in force today: nothing is sent under it", agreement.recipient, agreement.version);
        }
        if agreement.review <= today {
            eprintln!("warning: agreement {} {} was to be reviewed on {}", agreement.recipient, agreement.version, agreement.review);
        }
    }
    eprintln!("in order: {in_force} agreements in force, {not} not in force");
    if json.json {
        printing::json(&json!({"in_force": in_force, "not_in_force": not}))?;
    }
    Ok(End::Done)
}

fn show(call: &Call, partner: &str, json: bool) -> Result<End, Fault> {
    let home = call.home()?;
    let today = home.clock(&call.around)?.today();
    let Some(a) = home.parts.agreements.get(partner) else {
        let known: Vec<&str> = home.parts.agreements.iter().map(|a| a.recipient.as_str()).collect();
        let known = if known.is_empty() { "there is none yet".to_owned() } else { format!("there are those with {}", known.join(", ")) };
        return Err(Fault::usage(format!("there is no agreement with \"{partner}\""), known));
    };
    let in_force = a.in_force_on(today);
    if json {
        let mut shown = summary(a, in_force);
        shown["contacts"] = a.contacts.iter().map(|c| json!({"name": c.name, "email": c.email})).collect();
        shown["purposes"] = a
            .purposes
            .iter()
            .map(|(purpose, t)| {
                let fields: Vec<&str> = t.fields.iter().map(|f| f.as_str()).collect();
                json!({
                    "purpose": purpose.as_str(), "basis": t.basis, "fields": fields, "direction": t.direction.as_str(),
                    "release": t.release.as_str(), "on_unknown": t.on_unknown.as_str(), "article_9": t.article_9, "article_10": t.article_10,
                })
            })
            .collect();
        printing::json(&shown)?;
        return Ok(End::Done);
    }
    let state = if in_force { "in force" } else { "NOT in force" };
    printing::out(&format!("{} {}, version {}: {state} ({} to {}, review {})", a.recipient, a.name, a.version, a.from, a.until, a.review))?;
    for channel in &a.channels {
        printing::out(&format!("  by {}", channel.words(&a.recipient)))?;
    }
    for (purpose, t) in &a.purposes {
        printing::out(&format!("{}  ({}, released by: {})", purpose.as_str(), t.direction.as_str(), t.release.as_str()))?;
        printing::out(&format!("  basis: {}", t.basis))?;
        for (article, condition) in [("Art 9", &t.article_9), ("Art 10", &t.article_10)] {
            if let Some(condition) = condition {
                printing::out(&format!("  {article} condition: {condition}"))?;
            }
        }
        for field in &t.fields {
            printing::out(&format!("  {}", field.as_str()))?;
        }
    }
    Ok(End::Done)
}
