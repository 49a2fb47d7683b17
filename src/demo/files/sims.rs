//! Schools with SIMS: the full export of pupils, the leavers report, the joiners report, as XML, CSV or workbook.

use chrono::NaiveDate;

use super::Drop;
use super::cells::{Lines, day, sex};
use crate::DemoError;
use crate::council::Council;
use crate::days::{ago, date, today, year_group};
use crate::life::{Life, Registration, Told};
use crate::school::{Form, Listing};

const PUPILS: [&str; 26] = [
    "Adno",
    "UPN",
    "Former UPN",
    "Legal Surname",
    "Legal Forename",
    "Middle Names",
    "Preferred Surname",
    "Preferred Forename",
    "DOB",
    "Gender",
    "Year",
    "Reg",
    "Enrolment Status",
    "Date of Admission",
    "Date of Leaving",
    "Reason for Leaving",
    "Destination Institution",
    "Destination After Leaving",
    "House No",
    "Street",
    "Town",
    "Post Code",
    "UPRN",
    "Ethnicity",
    "First Language",
    "Last Attended",
];
const LEAVERS: [&str; 17] = [
    "Adno",
    "UPN",
    "Legal Surname",
    "Legal Forename",
    "DOB",
    "Gender",
    "Date of Admission",
    "Date of Leaving",
    "Reason for Leaving",
    "Destination Institution",
    "Destination After Leaving",
    "Last Attended",
    "House No",
    "Street",
    "Town",
    "Post Code",
    "UPRN",
];
const JOINERS: [&str; 12] = [
    "Adno",
    "UPN",
    "Legal Surname",
    "Legal Forename",
    "DOB",
    "Gender",
    "Date of Admission",
    "House No",
    "Street",
    "Town",
    "Post Code",
    "UPRN",
];

/// A registration and whose it is.
type Entry<'a> = (&'a Life, &'a Registration);

/// Writes the files of all schools with SIMS.
pub(super) fn write(drop: &mut Drop, progress: &mut dyn FnMut(&str, u64, u64)) -> Result<(), DemoError> {
    let mut by_school: Vec<Vec<Entry>> = vec![Vec::new(); drop.council.schools.len()];
    for life in drop.lives {
        for r in &life.registrations {
            by_school[r.school].push((life, r));
        }
    }
    let of = drop.council.sources.len() as u64;
    for (i, entries) in by_school.iter().enumerate().filter(|(i, _)| drop.council.schools[*i].listing == Listing::Sims) {
        school(drop, i, entries)?;
        progress("files", drop.council.schools[i].source as u64, of);
    }
    Ok(())
}

fn school(drop: &mut Drop, index: usize, entries: &[Entry]) -> Result<(), DemoError> {
    let school = &drop.council.schools[index];
    let last = ago(7);
    if school.two_exports {
        let stood = |r: &Registration| r.entry <= last && r.leaving.is_none_or(|day| day > last || r.told == Told::LeftAndStillListed);
        report(drop, index, Report::Pupils(last), entries.iter().filter(|(_, r)| stood(r)).collect())?;
    }
    let in_export = |r: &Registration| match r.told {
        Told::Pupils | Told::Joined | Told::LeftAndStillListed => true,
        Told::Left => school.leavers_in_export,
        Told::Gone | Told::List => false,
    };
    report(drop, index, Report::Pupils(today()), entries.iter().filter(|(_, r)| in_export(r)).collect())?;
    let in_leavers = |r: &Registration| r.told == Told::LeftAndStillListed || (r.told == Told::Left && !school.leavers_in_export);
    if drop.comes(0.02) {
        report(drop, index, Report::Leavers, entries.iter().filter(|(_, r)| in_leavers(r)).collect())?;
    }
    if drop.comes(0.05) {
        report(drop, index, Report::Joiners, entries.iter().filter(|(_, r)| r.told == Told::Joined).collect())?;
    }
    Ok(())
}

/// One of the reports that a school sends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Report {
    /// The full export as of a day.
    Pupils(NaiveDate),
    Leavers,
    Joiners,
}

fn report(drop: &mut Drop, index: usize, report: Report, entries: Vec<&Entry>) -> Result<(), DemoError> {
    let council = drop.council;
    let school = &council.schools[index];
    let full = matches!(report, Report::Pupils(_));
    if entries.is_empty() && !full {
        return Ok(());
    }
    // SIMS leaves empty columns out of its XML: a report that has nobody, or no reason at all, says too little of what it is.
    let bare = entries.is_empty() || (report == Report::Leavers && entries.iter().all(|(_, r)| r.reason.is_empty()));
    let form = if bare && school.form == Form::Xml { Form::Csv } else { school.form };
    let (name, headings) = match report {
        Report::Pupils(on) if school.two_exports => (format!("pupils{}", on.format("%Y%m%d")), &PUPILS[..]),
        Report::Pupils(_) => ("pupils001".to_owned(), &PUPILS[..]),
        Report::Leavers => ("leavers001".to_owned(), &LEAVERS[..]),
        Report::Joiners => ("joiners001".to_owned(), &JOINERS[..]),
    };
    let ending = match form {
        Form::Xml => "xml",
        Form::Csv => "csv",
        Form::Xlsx => "xlsx",
    };
    let mut table = drop.begin(school.source, &format!("{}_852LLLL_{name}.{ending}", school.laestab), form, headings)?;
    for entry in entries {
        let mut cells = match report {
            Report::Pupils(on) => pupil(council, form, entry, on),
            Report::Leavers => leaver(council, form, entry),
            Report::Joiners => joiner(council, form, entry),
        };
        table.row(&mut cells)?;
    }
    drop.end(table)
}

/// SIMS writes dates with a time in XML, and as people do elsewhere.
fn sims_day(form: Form, date: Option<NaiveDate>) -> String {
    match (date, form) {
        (None, _) => String::new(),
        (Some(date), Form::Xml) => format!("{date}T00:00:00"),
        (Some(date), _) => day(date),
    }
}

/// What was there on the day of the export: a leaving that came later is not in last week's.
fn pupil(c: &Council, form: Form, (life, r): &Entry, on: NaiveDate) -> Vec<String> {
    let a = Lines::of(c, r.seen);
    let year = life.dob.map_or(1, |dob| year_group(dob, today()));
    let (known_forename, known_surname) = life.names.known_as.clone().unwrap_or_default();
    let told = r.told != Told::LeftAndStillListed && r.leaving.is_some_and(|leaving| on == today() || leaving <= on);
    let (leaving, reason, destination) =
        if told { (r.leaving, r.reason.clone(), r.destination.clone()) } else { (None, String::new(), String::new()) };
    let [institution, after] = destination_cells(&destination);
    let last = if told {
        r.leaving.map(|day| day.min(today()))
    } else {
        (r.entry <= on && on < date(2026, 11, 25)).then(|| on.pred_opt().unwrap_or(on))
    };
    let [left, admitted, attended, dob] = [leaving, Some(r.entry), last.filter(|day| *day >= r.entry), life.dob].map(|d| sims_day(form, d));
    let mut cells = vec![r.id.clone(), life.upn.clone().unwrap_or_default(), life.former_upn.clone().unwrap_or_default()];
    cells.extend([life.names.surname.clone(), life.names.forename.clone(), life.names.middle.clone(), known_surname, known_forename]);
    cells.extend([
        dob,
        sex(life.girl),
        year_label(year),
        format!("{}{}", year.max(0), if life.home.is_multiple_of(2) { "A" } else { "B" }),
        r.status.to_string(),
    ]);
    cells.extend([admitted, left, reason, institution, after, a.number, a.street, a.town, a.postcode, a.uprn]);
    cells.extend([life.codes[0].to_owned(), life.codes[1].to_owned(), attended]);
    cells
}

fn leaver(c: &Council, form: Form, (life, r): &Entry) -> Vec<String> {
    let a = Lines::of(c, r.seen);
    let [institution, after] = destination_cells(&r.destination);
    let last = r.leaving.and_then(|day| day.pred_opt());
    let [dob, admitted, left, attended] = [life.dob, Some(r.entry), r.leaving, last].map(|d| sims_day(form, d));
    let mut cells = vec![
        r.id.clone(),
        life.upn.clone().unwrap_or_default(),
        life.names.surname.clone(),
        life.names.forename.clone(),
        dob,
        sex(life.girl),
    ];
    cells.extend([admitted, left, r.reason.clone(), institution, after, attended, a.number, a.street, a.town, a.postcode, a.uprn]);
    cells
}

fn joiner(c: &Council, form: Form, (life, r): &Entry) -> Vec<String> {
    let a = Lines::of(c, r.seen);
    let [dob, admitted] = [life.dob, Some(r.entry)].map(|d| sims_day(form, d));
    vec![
        r.id.clone(),
        life.upn.clone().unwrap_or_default(),
        life.names.surname.clone(),
        life.names.forename.clone(),
        dob,
        sex(life.girl),
        admitted,
        a.number,
        a.street,
        a.town,
        a.postcode,
        a.uprn,
    ]
}

/// A school goes into the one column, any other place into the other.
fn destination_cells(destination: &str) -> [String; 2] {
    let school = destination.contains("School") || destination.contains("Academy");
    if school { [destination.to_owned(), String::new()] } else { [String::new(), destination.to_owned()] }
}

/// `Year  7`, with the two spaces that SIMS writes.
fn year_label(year: i8) -> String {
    match year {
        ..=-1 => "Nursery".to_owned(),
        0 => "Reception".to_owned(),
        1..=9 => format!("Year  {year}"),
        _ => format!("Year {year}"),
    }
}
