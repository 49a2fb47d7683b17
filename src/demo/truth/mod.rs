//! What a perfect hub finds as of the demo's date, worked out from the lives. Written apart from `rules`, on purpose.

mod leaver;
mod moved;
mod sight;

pub(crate) use moved::PROTECTED;
#[cfg(test)]
pub(crate) use sight::sights;

use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::NaiveDate;
use serde::Serialize;

use crate::DemoError;
use crate::council::Council;
use crate::days::{of_age, today, year_group};
use crate::life::{Finding436, Life, Registration, Told};
use crate::school::Listing;
use crate::town::HOME;

/// A finding: rule, grade, reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Found {
    /// Rule.
    pub rule: &'static str,
    /// Grade.
    pub grade: Option<&'static str>,
    /// Reason.
    pub reason: Option<&'static str>,
}

/// What holds for all children.
pub struct Facts<'a> {
    council: &'a Council,
    /// Whether each school's list has come.
    listed: Vec<bool>,
}

impl<'a> Facts<'a> {
    /// Looks at who stands on which list.
    pub fn new(council: &'a Council, lives: &[Life]) -> Facts<'a> {
        let mut listed: Vec<bool> = council.schools.iter().map(|s| s.listing == Listing::Sims).collect();
        for r in lives.iter().flat_map(|l| &l.registrations).filter(|r| r.told == Told::List) {
            listed[r.school] = true;
        }
        Facts { council, listed }
    }

    /// Numbers of the schools that are told this night where the child lives now.
    pub fn told(&self, life: &Life) -> Vec<&'a str> {
        let schools = moved::untold(self.council, &self.listed, life).map(|untold| untold.told).unwrap_or_default();
        schools.into_iter().map(|school| self.council.schools[school].laestab.as_str()).collect()
    }

    /// All findings of a child.
    pub fn findings(&self, life: &Life) -> Vec<Found> {
        let mut found: Vec<Found> = self.no_provision(life).into_iter().collect();
        found.extend(leaver::findings(self.council, life));
        found.extend(moved::finding(self.council, &self.listed, life));
        found
    }

    fn no_provision(&self, life: &Life) -> Option<Found> {
        if life.dob.is_some_and(|dob| !of_age(dob, today())) {
            return None;
        }
        let home = sight::authority(self.council, life);
        if home.is_some_and(|la| la != HOME) || on_roll(life) || eotas(life) || ehe(life) == Some(Finding436::Suitable) || died(life) {
            return None;
        }
        if home.is_none() {
            return life.dob.map(|_| Found { rule: "residence-unknown", grade: None, reason: None });
        }
        let found = |grade, reason| Some(Found { rule: "no-provision", grade: Some(grade), reason });
        if in_transition(life) {
            return found("in-transition", None);
        }
        if let Some(reason) = self.reason(life) {
            return found("explained", Some(reason));
        }
        found(if sight::fresh_sources(self.council, life) == 1 { "probable" } else { "missing" }, None)
    }

    /// The first likely reason.
    fn reason(&self, life: &Life) -> Option<&'static str> {
        let schools = &self.council.schools;
        let base_open =
            life.one.as_ref().and_then(|one| one.base.as_ref()).filter(|b| b.start <= today() && b.end.is_none_or(|end| end > today()));
        let moved = life.one.as_ref().and_then(|one| one.moved.as_ref());
        let list_due = |dob: NaiveDate| {
            let year = year_group(dob, today());
            schools
                .iter()
                .zip(&self.listed)
                .any(|(s, listed)| s.outstanding && (s.la != HOME || s.phase == "independent") && s.teaches(year) && !listed)
        };
        if ehe(life) == Some(Finding436::NotAssessed) {
            Some("ehe-not-assessed")
        } else if life.dob.is_some_and(list_due) {
            Some("list-outstanding")
        } else if leaver::joiner_awaited(self.council, life) {
            Some("awaiting-joiner")
        } else if base_open.is_some_and(|b| !self.listed[b.school]) {
            Some("base-without-list")
        } else if sight::fresh_sources(self.council, life) == 0 {
            Some("source-old")
        } else if moved.is_some_and(|m| m.on <= today() && m.confirmed.is_some_and(|day| day <= today())) {
            Some("moved-away")
        } else if life.unsure {
            Some("unsure-link")
        } else if life.dob.is_none() {
            Some("data-fault")
        } else {
            None
        }
    }
}

fn runs(from: NaiveDate, to: Option<NaiveDate>) -> bool {
    from <= today() && to.is_none_or(|to| today() <= to)
}

fn ends_by_today(r: &Registration) -> bool {
    r.leaving.is_some_and(|day| day <= today()) || r.told == Told::Gone
}

fn on_roll(life: &Life) -> bool {
    life.registrations.iter().any(|r| r.status != 'G' && r.entry <= today() && !ends_by_today(r))
}

fn eotas(life: &Life) -> bool {
    let by_send = life.send.as_ref().and_then(|s| s.eotas);
    let by_one = life.one.as_ref().and_then(|one| one.involvement).filter(|i| i.0 == "EOTAS").map(|(_, from, to)| (from, to));
    [by_send, by_one].into_iter().flatten().any(|(from, to)| runs(from, to))
}

/// What was found of home education that runs today.
fn ehe(life: &Life) -> Option<Finding436> {
    life.ehe.as_ref().filter(|h| runs(h.from, h.to)).map(|h| h.found)
}

fn died(life: &Life) -> bool {
    life.one.as_ref().is_some_and(|one| one.died.is_some())
        || life.registrations.iter().any(|r| r.reason.starts_with("9(1)(k)") || r.reason.starts_with("8(1)(j)"))
}

/// A place accepted or an admission entered, to begin after today. On the demo's date no leaver of Year 2 or 6 is in transition.
fn in_transition(life: &Life) -> bool {
    life.offer.as_ref().is_some_and(|o| o.status == "accepted" && o.starts > today())
        || life.registrations.iter().any(|r| r.status != 'G' && r.entry > today())
}

/// Compares what is worked out with what was written by hand beside each story.
///
/// # Errors
/// The first story for which the two differ.
pub fn check(council: &Council, lives: &[Life]) -> Result<(), DemoError> {
    let facts = Facts::new(council, lives);
    for life in lives {
        let found = facts.findings(life).into_iter().map(|f| (f.rule, f.grade, f.reason));
        if let Some(expected) = life.expect
            && !found.eq(expected.iter().copied())
        {
            return Err(DemoError::Contradiction(life.story));
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Id<'a> {
    source: &'a str,
    id: &'a str,
}

#[derive(Serialize)]
struct Event {
    on: NaiveDate,
    what: &'static str,
}

#[derive(Serialize)]
struct Line<'a> {
    sources: Vec<Id<'a>>,
    events: Vec<Event>,
    findings: Vec<Found>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    told: Vec<&'a str>,
}

/// Writes `truth.jsonl`; gives the number of findings.
///
/// # Errors
/// The file cannot be written.
pub fn write(council: &Council, lives: &[Life], path: &Path, progress: &mut dyn FnMut(&str, u64, u64)) -> Result<u64, DemoError> {
    let facts = Facts::new(council, lives);
    let mut findings = 0;
    let mut all = || -> std::io::Result<()> {
        let mut out = BufWriter::new(std::fs::File::create(path)?);
        for life in lives {
            let line =
                Line { sources: ids(council, life), events: events(council, life), findings: facts.findings(life), told: facts.told(life) };
            findings += line.findings.len() as u64;
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    };
    all().map_err(|e| DemoError::Write(path.to_owned(), e))?;
    progress("truth", lives.len() as u64, lives.len() as u64);
    Ok(findings)
}

/// Every source and the id it has of the child. A reference of housing names a change, not a child.
fn ids<'a>(council: &'a Council, life: &'a Life) -> Vec<Id<'a>> {
    let mut ids: Vec<(usize, &str)> = Vec::new();
    let list = |id: &str| council.sources.iter().position(|s| s.id == id).unwrap_or_default();
    ids.extend(life.one.as_ref().map(|one| (list("capita-one"), one.id.as_str())));
    ids.extend(life.ehe.as_ref().map(|h| (list("ehe"), h.id.as_str())));
    ids.extend(life.health.iter().map(|h| (h.source, life.nhs.as_str())));
    ids.extend(life.offer.as_ref().map(|o| (list("offers"), o.id.as_str())));
    ids.extend(life.send.as_ref().map(|s| (list("send"), s.id.as_str())));
    ids.extend(life.registrations.iter().filter(|r| !r.id.is_empty()).map(|r| (council.schools[r.school].source, r.id.as_str())));
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|(source, id)| Id { source: &council.sources[source].id, id }).collect()
}

/// What happened in the life, oldest first.
fn events(council: &Council, life: &Life) -> Vec<Event> {
    let mut events: Vec<Event> = life.dob.map(|on| Event { on, what: "born" }).into_iter().collect();
    let mut add = |on: Option<NaiveDate>, what| events.extend(on.map(|on| Event { on, what }));
    for r in &life.registrations {
        add(Some(r.entry), if r.status == 'G' { "guest" } else { "joined" });
        let excluded = r.reason.starts_with("9(1)(o)");
        add(r.leaving, if excluded { "excluded" } else { "left" });
        add((r.told == Told::Gone).then(today), "left");
    }
    if let Some(h) = &life.ehe {
        add(Some(h.from), "home-education");
        add(h.to, "home-education-ended");
    }
    if let Some((from, to)) = life.send.as_ref().and_then(|s| s.eotas) {
        add(Some(from), "educated-otherwise");
        add(to, "educated-otherwise-ended");
    }
    if let Some(one) = &life.one {
        add(one.died, "died");
        add(one.moved.as_ref().map(|m| m.on), "moved-away");
        add(one.seen.from.filter(|from| life.dob.is_none_or(|dob| dob < *from)), "moved");
    }
    add(life.moving.and_then(|at| council.moves.get(at)).map(|change| change.on), "moved");
    add(life.offer.as_ref().map(|o| o.made), "offer");
    events.sort_by_key(|e| (e.on, e.what));
    events.dedup_by_key(|e| (e.on, e.what));
    events
}
