//! The lists: health, home education, SEND, offers, independent and cross-border schools.

use chrono::{Days, NaiveDate};

use super::Drop;
use super::cells::{Lines, day, day_or_empty, sex};
use crate::DemoError;
use crate::council::Council;
use crate::days::year_group;
use crate::life::{Finding436, Health, Home, Life, Offer, Registration, Send, Told};
use crate::school::{Form, List, Listing};
use crate::town::HOME;

const HEALTH: [&str; 12] = [
    "NHS Number",
    "Surname",
    "Forename",
    "Date of Birth",
    "Sex",
    "Address Line 1",
    "Address Line 2",
    "Town",
    "Postcode",
    "UPRN",
    "Address From",
    "Extract Date",
];
const EHE: [&str; 15] = [
    "EHE Ref",
    "UPN",
    "Surname",
    "Forename",
    "Date of Birth",
    "Sex",
    "Address Line 1",
    "Town",
    "Postcode",
    "EHE Start Date",
    "EHE End Date",
    "Parent Notice Date",
    "Suitability",
    "Date Assessed",
    "Extract Date",
];
const SEND: [&str; 16] = [
    "SEND Ref",
    "UPN",
    "Surname",
    "Forename",
    "Date of Birth",
    "Sex",
    "SEN Status",
    "EHC Plan Date",
    "Placement Type",
    "Placement Start",
    "Placement End",
    "Named School LAESTAB",
    "Address Line 1",
    "Town",
    "Postcode",
    "Extract Date",
];
const INDEPENDENT: [&str; 16] = [
    "School LAESTAB",
    "Pupil ID",
    "UPN",
    "Surname",
    "Forename",
    "Date of Birth",
    "Sex",
    "Year Group",
    "Date of Entry",
    "Date of Leaving",
    "Reason for Leaving",
    "Destination",
    "Address Line 1",
    "Town",
    "Postcode",
    "Extract Date",
];
const CROSS_BORDER: [&str; 13] = [
    "School LAESTAB",
    "School Name",
    "UPN",
    "Surname",
    "Forename",
    "Date of Birth",
    "Sex",
    "Year Group",
    "Entry Date",
    "Leaving Date",
    "Address Line 1",
    "Postcode",
    "Extract Date",
];
const OFFERS: [&str; 14] = [
    "Application Ref",
    "UPN",
    "Surname",
    "Forename",
    "Date of Birth",
    "Sex",
    "Address Line 1",
    "Town",
    "Postcode",
    "School LAESTAB",
    "Offer Date",
    "Offer Status",
    "Start Date",
    "Extract Date",
];

/// Writes them. With noise, a partner's list may be older than it should be; the lists of record always come.
pub(super) fn write(drop: &mut Drop) -> Result<(), DemoError> {
    for list in [List::Health, List::HealthOf60Days, List::HealthOf61Days, List::HealthArchive] {
        let source = drop.council.list(list);
        table(drop, source, "health.csv", &HEALTH, |c, life, told, rows| {
            rows.extend(life.health.iter().filter(|h| h.source == source).map(|h| health(c, life, h, told)));
        })?;
    }
    let ehe_list = drop.council.list(List::Ehe);
    table(drop, ehe_list, "ehe.csv", &EHE, |c, life, told, rows| rows.extend(life.ehe.as_ref().map(|h| ehe(c, life, h, told))))?;
    let send_list = drop.council.list(List::Send);
    table(drop, send_list, "send.csv", &SEND, |c, life, told, rows| rows.extend(life.send.as_ref().map(|s| send(c, life, s, told))))?;
    let offer_list = drop.council.list(List::Offers);
    table(drop, offer_list, "offers.csv", &OFFERS, |c, life, told, rows| {
        rows.extend(life.offer.as_ref().map(|o| offer(c, life, o, told)))
    })?;
    let mut lists: Vec<(usize, bool)> =
        drop.council.schools.iter().filter(|s| s.listing == Listing::List).map(|s| (s.source, s.la == HOME)).collect();
    lists.sort_unstable();
    lists.dedup();
    for (source, ours) in lists {
        let of = move |c: &Council, r: &Registration| r.told == Told::List && c.schools[r.school].source == source;
        if ours {
            table(drop, source, "independent.csv", &INDEPENDENT, |c, life, told, rows| {
                rows.extend(life.registrations.iter().filter(|r| of(c, r)).map(|r| independent(c, life, r, told)))
            })?;
        } else {
            table(drop, source, "residents.csv", &CROSS_BORDER, |c, life, told, rows| {
                rows.extend(life.registrations.iter().filter(|r| of(c, r)).map(|r| cross_border(c, life, r, told)))
            })?;
        }
    }
    Ok(())
}

fn table(
    drop: &mut Drop,
    source: usize,
    name: &str,
    headings: &[&str],
    rows_of: impl Fn(&Council, &Life, NaiveDate, &mut Vec<Vec<String>>),
) -> Result<(), DemoError> {
    let mut told = drop.council.sources[source].told;
    if !drop.comes(0.1) {
        // A late list: the partner sent last month's again.
        told = told - Days::new(28);
    }
    let mut rows = Vec::new();
    for life in drop.lives {
        rows_of(drop.council, life, told, &mut rows);
    }
    // A list that names nobody has no date either: it is not sent.
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = drop.begin(source, name, Form::Csv, headings)?;
    for mut row in rows {
        table.row(&mut row)?;
    }
    drop.end(table)
}

/// UPN, surname, forename, birth date, sex.
fn who(life: &Life) -> [String; 5] {
    [life.upn.clone().unwrap_or_default(), life.names.surname.clone(), life.names.forename.clone(), day_or_empty(life.dob), sex(life.girl)]
}

fn health(c: &Council, life: &Life, h: &Health, told: NaiveDate) -> Vec<String> {
    let [_, surname, forename, dob, sex] = who(life);
    let a = Lines::of(c, h.seen);
    // Health systems write the number in three groups.
    let nhs = format!("{} {} {}", &life.nhs[..3], &life.nhs[3..6], &life.nhs[6..]);
    vec![nhs, surname, forename, dob, sex, a.first(), String::new(), a.town, a.postcode, a.uprn, day_or_empty(h.seen.from), day(told)]
}

fn ehe(c: &Council, life: &Life, h: &Home, told: NaiveDate) -> Vec<String> {
    let [upn, surname, forename, dob, sex] = who(life);
    let a = Lines::of(c, h.seen);
    let (found, assessed) = match h.found {
        Finding436::NotAssessed => ("not assessed", None),
        Finding436::Suitable => ("suitable", Some(h.from + Days::new(25))),
        Finding436::Unsuitable => ("unsuitable", Some(h.from + Days::new(25))),
    };
    let [from, to, notice] = [Some(h.from), h.to, h.notice].map(day_or_empty);
    vec![
        h.id.clone(),
        upn,
        surname,
        forename,
        dob,
        sex,
        a.first(),
        a.town,
        a.postcode,
        from,
        to,
        notice,
        found.to_owned(),
        day_or_empty(assessed),
        day(told),
    ]
}

fn send(c: &Council, life: &Life, s: &Send, told: NaiveDate) -> Vec<String> {
    let [upn, surname, forename, dob, sex] = who(life);
    let a = Lines::of(c, s.seen);
    let placement = if s.eotas.is_some() { "EOTAS" } else { "School" };
    let from = s.eotas.map_or(s.plan, |(from, _)| from);
    let to = day_or_empty(s.eotas.and_then(|(_, to)| to));
    let named = s.named.map(|n| c.schools[n].laestab.clone()).unwrap_or_default();
    vec![
        s.id.clone(),
        upn,
        surname,
        forename,
        dob,
        sex,
        "E".into(),
        day(s.plan),
        placement.into(),
        day(from),
        to,
        named,
        a.first(),
        a.town,
        a.postcode,
        day(told),
    ]
}

fn offer(c: &Council, life: &Life, o: &Offer, told: NaiveDate) -> Vec<String> {
    let [upn, surname, forename, dob, sex] = who(life);
    let a = Lines::of(c, o.seen);
    let school = c.schools[o.school].laestab.clone();
    vec![
        o.id.clone(),
        upn,
        surname,
        forename,
        dob,
        sex,
        a.first(),
        a.town,
        a.postcode,
        school,
        day(o.made),
        o.status.to_owned(),
        day(o.starts),
        day(told),
    ]
}

fn independent(c: &Council, life: &Life, r: &Registration, told: NaiveDate) -> Vec<String> {
    let [upn, surname, forename, dob, sex] = who(life);
    let a = Lines::of(c, r.seen);
    let school = &c.schools[r.school];
    let id = r.id.rsplit('|').next().unwrap_or_default().to_owned();
    let [entry, leaving] = [Some(r.entry), r.leaving].map(day_or_empty);
    let (reason, destination) = (r.reason.clone(), r.destination.clone());
    vec![
        school.laestab.clone(),
        id,
        upn,
        surname,
        forename,
        dob,
        sex,
        year(life),
        entry,
        leaving,
        reason,
        destination,
        a.first(),
        a.town,
        a.postcode,
        day(told),
    ]
}

fn cross_border(c: &Council, life: &Life, r: &Registration, told: NaiveDate) -> Vec<String> {
    let [upn, surname, forename, dob, sex] = who(life);
    let a = Lines::of(c, r.seen);
    let school = &c.schools[r.school];
    let [entry, leaving] = [Some(r.entry), r.leaving].map(day_or_empty);
    vec![
        school.laestab.clone(),
        school.name.clone(),
        upn,
        surname,
        forename,
        dob,
        sex,
        year(life),
        entry,
        leaving,
        a.first(),
        a.postcode,
        day(told),
    ]
}

fn year(life: &Life) -> String {
    match life.dob.map(|dob| year_group(dob, crate::days::today())) {
        Some(0) => "R".to_owned(),
        Some(year) if year > 0 => year.to_string(),
        Some(-1) => "N2".to_owned(),
        Some(_) => "N1".to_owned(),
        None => String::new(),
    }
}
