//! `schools import`: schools.csv from the national download of Get Information about Schools.
//!
//! What the download knows is taken from it; what the council keeps itself (MIS, channel, link EWO, outstanding lists)
//! stays as it stands in the schools.csv that is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ::schema::raw::{Columns, RawRow};
use ::schema::school::SCHOOLS_HEADER;
use ::schema::{LaCode, Laestab, School, Schools, Urn};

use super::Call;
use crate::cli::SchoolsVerb;
use crate::exit::{End, Fault};
use crate::{config, home};

/// Headings of the download that are needed.
const NEEDED: [&str; 5] = ["URN", "LA (code)", "EstablishmentNumber", "EstablishmentName", "EstablishmentStatus (name)"];

/// Writes schools.csv.
///
/// # Errors
/// The download is none, or schools.csv cannot be written.
pub fn run(call: &Call, verb: SchoolsVerb) -> Result<End, Fault> {
    let SchoolsVerb::Import { gias } = verb;
    let _ = super::locked(&mut call.lock()?)?;
    let text = fs::read_to_string(call.home.join(config::FILE)).map_err(|source| Fault::File {
        what: "read",
        path: call.home.join(config::FILE).display().to_string(),
        source,
        hint: "make a home with: onroll init DIR, or name it with --home DIR",
    })?;
    let config = config::parse(&text).map_err(Fault::Config)?;
    let wanted: BTreeSet<LaCode> = std::iter::once(config.authority).chain(config.neighbours).collect();
    let path = call.home.join("schools.csv");
    let before = match fs::read_to_string(&path) {
        Ok(text) => Schools::parse("schools.csv", &text).map_err(Fault::Config)?,
        Err(_) => Schools::default(),
    };
    let (found, skipped) = read_download(&gias, &wanted, &before)?;
    if found.is_empty() {
        return Err(Fault::Failed(format!("{} has no open school of {}", gias.display(), list(&wanted))));
    }
    let kept: Vec<School> = before.iter().filter(|s| !found.contains_key(&s.laestab)).cloned().collect();
    let all: BTreeMap<Laestab, School> =
        found.iter().map(|(l, s)| (*l, s.clone())).chain(kept.iter().map(|s| (s.laestab, s.clone()))).collect();
    write(&path, all.values())?;
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

fn read_download(gias: &Path, wanted: &BTreeSet<LaCode>, before: &Schools) -> Result<(BTreeMap<Laestab, School>, u64), Fault> {
    let bytes = fs::read(gias).map_err(|source| Fault::File {
        what: "read",
        path: gias.display().to_string(),
        source,
        hint: "give the CSV of all establishment fields that Get Information about Schools offers for download",
    })?;
    let stopped = |fault: ::schema::raw::ReadFault| Fault::Failed(format!("{}: {fault}", gias.display()));
    let mut rows = formats::open(&bytes, &home::sandbox()?).map_err(stopped)?;
    for heading in NEEDED {
        if rows.columns().find(heading).is_none() {
            return Err(Fault::Failed(format!(
                "{}: there is no column \"{heading}\"\n  give the CSV of all establishment fields of Get Information about Schools",
                gias.display()
            )));
        }
    }
    let (mut found, mut skipped, mut row) = (BTreeMap::new(), 0, RawRow::default());
    while rows.next_row(&mut row).map_err(stopped)? {
        match school(rows.columns(), &row, before).filter(|s| wanted.contains(&s.la)) {
            Some(school) => {
                found.insert(school.laestab, school);
            }
            None => skipped += 1,
        }
    }
    Ok((found, skipped))
}

/// One open school of the download.
fn school(columns: &Columns, row: &RawRow, before: &Schools) -> Option<School> {
    let value = |heading: &str| columns.find(heading).and_then(|c| row.get(c)).unwrap_or_default().trim();
    // "Open, but proposed to close" is open.
    if !value("EstablishmentStatus (name)").starts_with("Open") && value("EstablishmentStatus (code)") != "1" {
        return None;
    }
    let la = LaCode::parse(value("LA (code)")).ok()?;
    let laestab = Laestab::parse(&format!("{la}{:0>4}", value("EstablishmentNumber"))).ok()?;
    let kept = before.get(laestab);
    let age = |heading: &str| value(heading).parse::<i8>().ok();
    let (low, high) = (age("StatutoryLowAge"), age("StatutoryHighAge"));
    Some(School {
        laestab,
        urn: Urn::parse(value("URN")).ok(),
        name: value("EstablishmentName").to_owned(),
        phase: phase(
            value("EstablishmentTypeGroup (name)"),
            value("TypeOfEstablishment (name)"),
            value("PhaseOfEducation (name)"),
            low,
            high,
        )
        .to_owned(),
        la,
        mis: kept.map(|s| s.mis.clone()).unwrap_or_default(),
        lowest_year: low.map(lowest_year),
        // A school for ages up to 11 ends with Year 6.
        highest_year: high.map(|age| (age - 5).clamp(-1, 14)),
        channel: kept.map(|s| s.channel.clone()).unwrap_or_default(),
        link_ewo: kept.map(|s| s.link_ewo.clone()).unwrap_or_default(),
        list_outstanding: kept.is_some_and(|s| s.list_outstanding),
    })
}

/// A school from age 4 or 5 begins with Reception, one from age 7 with Year 3, one from age 2 or 3 with a nursery.
fn lowest_year(age: i8) -> i8 {
    match age {
        ..=3 => -1,
        4 | 5 => 0,
        age => (age - 4).min(14),
    }
}

fn phase(group: &str, kind: &str, phase: &str, low: Option<i8>, high: Option<i8>) -> &'static str {
    match (group, kind) {
        ("Independent schools", _) => return "independent",
        ("Special schools", _) => return "special",
        (_, kind) if kind.contains("referral unit") || kind.contains("lternative provision") => return "pru",
        (_, kind) if kind.contains("special") => return "special",
        _ => {}
    }
    match phase {
        "Nursery" => "nursery",
        "Primary" if high.is_some_and(|h| h <= 7) => "infant",
        "Primary" if low.is_some_and(|l| l >= 7) => "junior",
        "Primary" => "primary",
        "Secondary" => "secondary",
        "All-through" => "all-through",
        "16 plus" => "sixth-form",
        _ => "other",
    }
}

fn write<'a>(path: &Path, schools: impl Iterator<Item = &'a School>) -> Result<(), Fault> {
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
    let fault = |source| Fault::File {
        what: "write",
        path: path.display().to_string(),
        source,
        hint: "the home must be a folder that may be written",
    };
    // Written beside and renamed: a full disk must not leave half a file where the whole one was.
    let beside = path.with_extension("csv.part");
    fs::write(&beside, text).map_err(fault)?;
    fs::rename(&beside, path).map_err(fault)
}

fn quoted(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_become_year_groups() {
        assert_eq!([lowest_year(2), lowest_year(4), lowest_year(5), lowest_year(7), lowest_year(11)], [-1, 0, 0, 3, 7]);
        assert_eq!(phase("Local authority maintained schools", "Community school", "Primary", Some(4), Some(7)), "infant");
        assert_eq!(phase("Academies", "Academy alternative provision converter", "Not applicable", None, None), "pru");
    }
}
