//! `connectors`: what there is, how it is set up, and when it last ran.

use serde::Serialize;

use super::Call;
use crate::cli::Json;
use crate::exit::{End, Fault};
use crate::printing;

/// One connector, as scripts read it.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    about: &'static str,
    direction: &'static [connect::Direction],
    transports: &'static [&'static str],
    config_keys: Vec<&'static str>,
    mappings: Vec<String>,
    last_run: Option<String>,
    next_run: Option<String>,
}

/// Lists them, with the mappings of the home.
///
/// # Errors
/// The home has faults.
pub async fn run(call: &Call, json: Json) -> Result<End, Fault> {
    let (hub, _) = call.look().await?;
    let last_runs = hub.store().last_runs().await?;
    let listed: Vec<Listed> = hub
        .registry()
        .iter()
        .map(|c| Listed {
            name: c.name,
            about: c.about,
            direction: c.direction,
            transports: c.transports,
            config_keys: c.config_keys.iter().map(|(key, _)| *key).collect(),
            mappings: hub.home().library.of_system(c.name).iter().map(|m| m.id.clone()).collect(),
            last_run: last_runs.get(c.name).cloned(),
            // Nothing runs by itself before `serve`.
            next_run: None,
        })
        .collect();
    if json.json {
        printing::json(&listed)?;
    } else {
        let rows = listed.iter().map(|c| {
            vec![c.name.to_owned(), c.about.to_owned(), c.mappings.join(", "), c.last_run.clone().unwrap_or_else(|| "never".to_owned())]
        });
        printing::out(&printing::table(&["connector", "what it is", "mappings", "last run"], rows))?;
    }
    Ok(End::Done)
}
