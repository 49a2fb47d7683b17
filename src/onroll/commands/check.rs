//! `check`: every fault of the home's files.

use schema::codes::authority;

use super::Call;
use crate::exit::{End, Fault};

/// Reads the whole home; prints its faults, else what it found.
///
/// # Errors
/// The faults.
pub fn run(call: &Call) -> Result<End, Fault> {
    let home = call.home()?;
    let today = home.clock(&call.around)?.today();
    let parts = &home.parts;
    let expired = parts.agreements.faults_on(today);
    if !expired.is_empty() {
        return Err(Fault::Config(expired));
    }
    for code in std::iter::once(&home.config.authority).chain(&home.config.neighbours) {
        if !authority::is_open(*code, today) {
            eprintln!("warning: {code} is no authority of England that is open today");
        }
    }
    for source in &parts.sources {
        if let Some(laestab) = source.laestab
            && parts.schools.get(laestab).is_none()
        {
            eprintln!("warning: source \"{}\" names school {laestab}, which schools.csv does not have", source.id);
        }
    }
    if !parts.calendar.span().is_some_and(|(first, last)| first <= today && today <= last) {
        eprintln!("warning: the calendar does not cover {today}; clocks that count school days stand still");
    }
    if parts.schools.iter().next().is_none() {
        eprintln!("warning: schools.csv has no school yet: onroll schools import GIAS.csv");
    }
    let mappings: usize = connectors::registry().iter().map(|c| parts.library.of_system(c.name).len()).sum();
    eprintln!(
        "in order: {} sources, {} schools, {} places, {mappings} mappings, {} agreements",
        parts.sources.len(),
        parts.schools.iter().count(),
        parts.area.len(),
        parts.agreements.iter().count()
    );
    Ok(End::Done)
}
