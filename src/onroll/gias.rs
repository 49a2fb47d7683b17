//! The national download of Get Information about Schools: establishments, and links between them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use schema::raw::{Columns, RawRow, ReadFault};
use schema::{LaCode, Laestab, School, Schools, Urn};

use crate::exit::Fault;
use crate::home;

/// Headings of the establishments that are needed.
const NEEDED: [&str; 5] = ["URN", "LA (code)", "EstablishmentNumber", "EstablishmentName", "EstablishmentStatus (name)"];
/// Headings of the links.
const LINKS: [&str; 3] = ["URN", "LinkURN", "LinkType"];

/// What the download says of the authorities asked for.
#[derive(Default)]
pub struct Download {
    /// Open schools, by number.
    pub open: BTreeMap<Laestab, School>,
    /// Rows of other authorities, of closed schools, or without a number.
    pub skipped: u64,
    /// The number of every establishment, open or closed.
    numbers: BTreeMap<Urn, Laestab>,
}

/// Reads the establishments. `before` is the schools.csv that is there: what the council keeps itself stays.
///
/// # Errors
/// The file cannot be read, or is another download.
pub fn establishments(path: &Path, wanted: &BTreeSet<LaCode>, before: &Schools) -> Result<Download, Fault> {
    let mut download = Download::default();
    each_row(
        path,
        &NEEDED,
        "give the CSV of all establishment fields that Get Information about Schools offers for download",
        |columns, row| {
            if let (Some(number), Ok(urn)) = (number(columns, row), Urn::parse(value(columns, row, "URN"))) {
                download.numbers.insert(urn, number);
            }
            match school(columns, row, before).filter(|s| wanted.contains(&s.la)) {
                Some(school) => {
                    download.open.insert(school.laestab, school);
                }
                None => download.skipped += 1,
            }
        },
    )?;
    Ok(download)
}

/// Reads the links: for each number that is closed, the one open school that carries on. A school that was split has several
/// and is left out: nobody can say where each pupil went.
///
/// # Errors
/// The file cannot be read, or is another download.
pub fn successors(path: &Path, download: &Download) -> Result<BTreeMap<Laestab, Laestab>, Fault> {
    let mut found: BTreeMap<Laestab, BTreeSet<Laestab>> = BTreeMap::new();
    each_row(path, &LINKS, "give the CSV of links that Get Information about Schools offers for download", |columns, row| {
        let urn = |heading| Urn::parse(value(columns, row, heading)).ok().and_then(|urn| download.numbers.get(&urn).copied());
        let (Some(one), Some(other)) = (urn("URN"), urn("LinkURN")) else { return };
        let (before, after) = match value(columns, row, "LinkType") {
            kind if kind.starts_with("Successor") => (one, other),
            kind if kind.starts_with("Predecessor") => (other, one),
            _ => return,
        };
        if before != after && !download.open.contains_key(&before) {
            found.entry(before).or_default().insert(after);
        }
    })?;
    let single = |after: BTreeSet<Laestab>| (after.len() == 1).then(|| after.into_iter().next()).flatten();
    Ok(found.into_iter().filter_map(|(before, after)| Some((before, single(after)?))).collect())
}

fn each_row(path: &Path, needed: &[&str], hint: &'static str, mut take: impl FnMut(&Columns, &RawRow)) -> Result<(), Fault> {
    let bytes = std::fs::read(path).map_err(|source| Fault::File { what: "read", path: path.display().to_string(), source, hint })?;
    let stopped = |fault: ReadFault| Fault::Failed(format!("{}: {fault}", path.display()));
    let mut rows = formats::open(&bytes, &home::sandbox()?).map_err(stopped)?;
    if let Some(heading) = needed.iter().find(|h| rows.columns().find(h).is_none()) {
        return Err(Fault::Failed(format!("{}: there is no column \"{heading}\"\n  {hint}", path.display())));
    }
    let mut row = RawRow::default();
    while rows.next_row(&mut row).map_err(stopped)? {
        take(rows.columns(), &row);
    }
    Ok(())
}

fn value<'a>(columns: &Columns, row: &'a RawRow, heading: &str) -> &'a str {
    columns.find(heading).and_then(|c| row.get(c)).unwrap_or_default().trim()
}

/// Children's centres and the like have no number of their own.
fn number(columns: &Columns, row: &RawRow) -> Option<Laestab> {
    let la = LaCode::parse(value(columns, row, "LA (code)")).ok()?;
    let number = Some(value(columns, row, "EstablishmentNumber")).filter(|n| !n.is_empty())?;
    Laestab::parse(&format!("{la}{number:0>4}")).ok()
}

/// One open school of the download.
fn school(columns: &Columns, row: &RawRow, before: &Schools) -> Option<School> {
    let value = |heading: &'static str| value(columns, row, heading);
    // "Open, but proposed to close" is open.
    if !value("EstablishmentStatus (name)").starts_with("Open") && value("EstablishmentStatus (code)") != "1" {
        return None;
    }
    let laestab = number(columns, row)?;
    let kept = before.get(laestab);
    let age = |heading: &'static str| value(heading).parse::<i8>().ok();
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
        la: laestab.authority(),
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
