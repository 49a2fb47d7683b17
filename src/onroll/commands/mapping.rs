//! `mapping test`: the cases beside the mappings.

use std::path::Path;

use super::Call;
use crate::cli::MappingVerb;
use crate::exit::{End, Fault};
use crate::home;

/// Runs the cases; a case that gives another record than expected is a difference.
///
/// # Errors
/// The home has faults, or there is no such mapping.
pub fn run(call: &Call, verb: MappingVerb) -> Result<End, Fault> {
    let MappingVerb::Test { path } = verb;
    let file = path.as_ref().map(Path::new).filter(|p| p.is_file());
    let library = home::mappings(&call.home, file).map_err(Fault::Config)?;
    let only = path.as_deref().map(home::mapping_id);
    if let Some(id) = &only
        && library.get(id).is_none()
    {
        return Err(Fault::usage(format!("there is no mapping \"{id}\""), "name it as in config, such as sims/pupils"));
    }
    let outcomes = library.run_cases(only.as_deref());
    let failed = outcomes.iter().filter(|o| !o.ok).count();
    for outcome in &outcomes {
        eprintln!("{} {}", if outcome.ok { "ok    " } else { "FAILED" }, outcome.id);
        if !outcome.ok {
            eprintln!("{}", outcome.difference);
        }
    }
    eprintln!("{} cases, {failed} failed", outcomes.len());
    Ok(if failed == 0 { End::Done } else { End::Difference })
}
