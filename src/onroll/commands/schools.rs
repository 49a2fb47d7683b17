//! `schools import`: schools.csv from the national download of Get Information about Schools.
//!
//! What the download knows is taken from it; what the council keeps itself (MIS, channel, link EWO, outstanding lists)
//! stays as it stands in the schools.csv that is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ::schema::school::{LINKS_HEADER, SCHOOLS_HEADER};
use ::schema::{LaCode, Laestab, School, Schools};

use super::Call;
use crate::cli::SchoolsVerb;
use crate::exit::{End, Fault};
use crate::{config, gias, who};

/// Writes schools.csv.
///
/// # Errors
/// The download is none, or schools.csv cannot be written.
pub fn run(call: &Call, verb: SchoolsVerb) -> Result<End, Fault> {
    let SchoolsVerb::Import { gias, links } = verb;
    let mut lock = call.lock()?;
    let _held = super::locked(&mut lock)?;
    let text = fs::read_to_string(call.home.join(config::FILE)).map_err(|source| Fault::File {
        what: "read",
        path: call.home.join(config::FILE).display().to_string(),
        source,
        hint: "make a home with: onroll init DIR, or name it with --home DIR",
    })?;
    let config = config::parse(&text).map_err(Fault::Config)?;
    who::acting(call.acting.as_deref(), &config.people)?;
    let wanted: BTreeSet<LaCode> = std::iter::once(config.authority).chain(config.neighbours).collect();
    let path = call.home.join("schools.csv");
    let before = match fs::read_to_string(&path) {
        Ok(text) => Schools::parse("schools.csv", &text).map_err(Fault::Config)?,
        Err(_) => Schools::default(),
    };
    let download = gias::establishments(&gias, &wanted, &before)?;
    let successors = links.map(|path| gias::successors(&path, &download)).transpose()?;
    let (found, skipped) = (download.open, download.skipped);
    if found.is_empty() {
        return Err(Fault::Failed(format!("{} has no open school of {}", gias.display(), list(&wanted))));
    }
    let kept: Vec<School> = before.iter().filter(|s| !found.contains_key(&s.laestab)).cloned().collect();
    let all: BTreeMap<Laestab, School> =
        found.iter().map(|(l, s)| (*l, s.clone())).chain(kept.iter().map(|s| (s.laestab, s.clone()))).collect();
    write(&path, &schools_text(all.values()))?;
    if let Some(successors) = successors {
        let lines: String = successors.iter().map(|(before, after)| format!("{before},{after}\n")).collect();
        write(&call.home.join("school_links.csv"), &format!("{LINKS_HEADER}\n{lines}"))?;
        eprintln!("{} numbers of closed schools go on as their successor's", successors.len());
    }
    eprintln!(
        "{} schools of {} from the download; {} rows of other authorities, closed schools or without a number left out",
        found.len(),
        list(&wanted),
        skipped
    );
    if !kept.is_empty() {
        eprintln!("{} schools that the download does not have were kept as they stood", kept.len());
    }
    Ok(End::Done)
}

fn list(codes: &BTreeSet<LaCode>) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn schools_text<'a>(schools: impl Iterator<Item = &'a School>) -> String {
    let mut text = format!("{SCHOOLS_HEADER}\n");
    for s in schools {
        let year = |y: Option<i8>| {
            y.map(|y| match y {
                ..=-1 => "N".to_owned(),
                0 => "R".to_owned(),
                y => y.to_string(),
            })
            .unwrap_or_default()
        };
        let urn = s.urn.map(|u| u.to_string()).unwrap_or_default();
        let outstanding = if s.list_outstanding { "yes" } else { "" };
        let cells = [
            s.laestab.to_string(),
            urn,
            quoted(&s.name),
            s.phase.clone(),
            s.la.to_string(),
            quoted(&s.mis),
            year(s.lowest_year),
            year(s.highest_year),
            quoted(&s.channel),
            quoted(&s.link_ewo),
            outstanding.to_owned(),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// Written beside and renamed: a full disk must not leave half a file where the whole one was.
fn write(path: &Path, text: &str) -> Result<(), Fault> {
    let fault = |source| Fault::File {
        what: "write",
        path: path.display().to_string(),
        source,
        hint: "the home must be a folder that may be written",
    };
    let beside = path.with_extension("csv.part");
    fs::write(&beside, text).map_err(fault)?;
    fs::rename(&beside, path).map_err(fault)
}

fn quoted(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
