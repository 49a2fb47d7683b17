//! The home: `onroll.toml`, `area.csv`, `schools.csv`, the calendars, the agreements.

use std::path::Path;

use crate::agreement;
use crate::council::Council;
use crate::days::today;
use crate::school::{Source, schools_csv};
use crate::town::Town;
use crate::{DemoError, Options};

/// A school year: its name, terms, bank holidays, days on which schools choose to close. Bank holidays of England: gov.uk.
struct Year {
    name: &'static str,
    terms: [(&'static str, &'static str, &'static str); 6],
    bank_holidays: &'static [&'static str],
    inset: [&'static str; 2],
}

const YEARS: [Year; 2] = [
    Year {
        name: "2025-26",
        terms: [
            ("Autumn 1", "2025-09-02", "2025-10-24"),
            ("Autumn 2", "2025-11-03", "2025-12-19"),
            ("Spring 1", "2026-01-05", "2026-02-13"),
            ("Spring 2", "2026-02-23", "2026-03-27"),
            ("Summer 1", "2026-04-13", "2026-05-22"),
            ("Summer 2", "2026-06-01", "2026-07-22"),
        ],
        bank_holidays: &["2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31"],
        inset: ["2025-09-02", "2026-01-05"],
    },
    Year {
        name: "2026-27",
        terms: [
            ("Autumn 1", "2026-09-02", "2026-10-23"),
            ("Autumn 2", "2026-11-02", "2026-12-18"),
            ("Spring 1", "2027-01-04", "2027-02-12"),
            ("Spring 2", "2027-02-22", "2027-03-25"),
            ("Summer 1", "2027-04-12", "2027-05-28"),
            ("Summer 2", "2027-06-07", "2027-07-23"),
        ],
        bank_holidays: &["2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30"],
        inset: ["2026-09-02", "2027-01-04"],
    },
];

/// Writes them.
///
/// # Errors
/// A file cannot be written.
pub fn write(council: &Council, options: &Options, dir: &Path) -> Result<(), DemoError> {
    put(dir, "onroll.toml", &config(council, &options.people))?;
    put(dir, "area.csv", &Town::area_csv())?;
    agreement::write(council, dir)?;
    put(dir, "schools.csv", &schools_csv(&council.schools))?;
    for year in &YEARS {
        put(dir, &format!("calendar/{}.toml", year.name), &calendar(council, year))?;
    }
    Ok(())
}

/// A file of `calendar/`. Each school that sends its roll closes on one of the inset days, some on both.
fn calendar(council: &Council, year: &Year) -> String {
    let mut text = format!("# School year {}.\nbank_holidays = [{}]\n", year.name, year.bank_holidays.join(", "));
    for (name, from, to) in year.terms {
        text += &format!("\n[[term]]\nname = \"{name}\"\nfrom = {from}\nto = {to}\n");
    }
    for (i, laestab) in council.sources.iter().filter_map(|s| s.laestab.as_ref()).enumerate() {
        let days = if i % 3 == 0 { year.inset.join(", ") } else { year.inset[i % 2].to_owned() };
        text += &format!("\n[[inset]]\nlaestab = \"{laestab}\"\ndays = [{days}]\n");
    }
    text
}

fn config(council: &Council, people: &[(String, String)]) -> String {
    let mut text = format!(
        "# A synthetic council: every child, address and number in it is invented.\nauthority = \"852\"\nneighbours = [\"850\", \"851\", \"921\"]\n# The demo's date: `worklist` here looks as of this day.\ntoday = \"{}\"\n\n[people]\n",
        today()
    );
    for (name, role) in people {
        text += &format!("{} = {}\n", quoted(name), quoted(role));
    }
    text += MAIL;
    for source in &council.sources {
        text += &block(source);
    }
    text
}

/// Nothing listens at this port: what goes by e-mail alone cannot be told in the demo.
const MAIL: &str = "\n[email]\n# Nothing listens here: what goes by e-mail alone waits.\nhost = \"127.0.0.1\"\nport = 1\ntls = \"starttls\"\nfrom = \"cme@council.example\"\n";

fn block(source: &Source) -> String {
    let mut text = format!("\n[[source]]\nid = \"{}\"\nconnector = \"{}\"\n", source.id, source.connector);
    if let Some(laestab) = &source.laestab {
        text += &format!("laestab = \"{laestab}\"\n");
    }
    if let Some(mapping) = source.mapping {
        text += &format!("mapping = \"{mapping}\"\n");
    }
    // Housing tells what changed: who is not in its files has not gone.
    text += if source.connector == "housing" { "complete = false\n" } else { "complete = true\n" };
    if let Some(days) = source.max_age {
        text += &format!("max_age_days = {days}\n");
    }
    text
}

/// A TOML string.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

/// Writes a file under a folder, which is made if it is not there.
pub fn put(dir: &Path, name: &str, text: &str) -> Result<(), DemoError> {
    let path = dir.join(name);
    let write = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text)
    };
    write().map_err(|e| DemoError::Write(path.clone(), e))
}
