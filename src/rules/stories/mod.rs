//! A small council and a builder of children for the stories. All people are invented.

mod edges;
mod explained;
mod leavers;
mod moves;
mod no_provision;
mod properties;
mod registration;
mod residence;
mod urgency;

use chrono::NaiveDate;
use schema::calendar::{CalendarYear, Term};
use schema::provision::{Eotas, HomeEducation, MovedAway, Offer, OfferStatus, Suitability};
use schema::registration::Destination;
use schema::{
    Address, Area, Calendar, ChildId, Enrolment, EnrolmentStatus, Finding, LaCode, Laestab, Postcode, Record, RecordId, Removal, School,
    Schools, StreamState, Uprn,
};

use crate::{ChildFile, Council, Held, Settings, check};

pub(crate) const PUPILS: usize = 0;
pub(crate) const LEAVERS: usize = 1;
pub(crate) const JOINERS: usize = 2;
pub(crate) const OTHER_PUPILS: usize = 3;
pub(crate) const ONE: usize = 4;
pub(crate) const HEALTH: usize = 5;
pub(crate) const COMMUNITY: usize = 6;
pub(crate) const EHE: usize = 7;
pub(crate) const SEND: usize = 8;
pub(crate) const OFFERS: usize = 9;
pub(crate) const CROSS: usize = 10;
pub(crate) const INDEPENDENT: usize = 11;
pub(crate) const BENEFITS: usize = 12;
pub(crate) const INFANT_PUPILS: usize = 13;
pub(crate) const HOUSING: usize = 14;

/// Primary school, R to 6, sends its roll.
pub(crate) const PRIMARY: &str = "8522001";
/// Secondary school, 7 to 11, sends its roll.
pub(crate) const SECONDARY: &str = "8524001";
/// Infant school, R to 2, sends its roll.
pub(crate) const INFANT: &str = "8522002";
/// Academy that sends nothing.
pub(crate) const SILENT: &str = "8524900";
/// Independent school of the area, all years.
pub(crate) const PRIVATE: &str = "8526001";
/// Over the border, 7 to 11.
pub(crate) const HAMPSHIRE: &str = "8504001";

pub(crate) const HERE: &str = "SO14 0AA";
pub(crate) const THERE: &str = "SO50 0AA";
pub(crate) const NOWHERE: &str = "AB10 1AA";

/// A date from its text.
pub(crate) fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The day on which most stories look.
pub(crate) fn today() -> NaiveDate {
    d("2026-11-24")
}

pub(crate) fn school(number: &str) -> Laestab {
    Laestab::parse(number).unwrap()
}

fn school_row(number: &str, phase: &str, low: i8, high: i8) -> School {
    let laestab = school(number);
    School {
        laestab,
        urn: None,
        name: String::new(),
        phase: phase.to_owned(),
        la: laestab.authority(),
        mis: String::new(),
        lowest_year: Some(low),
        highest_year: Some(high),
        channel: String::new(),
        link_ewo: String::new(),
        list_outstanding: false,
    }
}

fn stream(source: &str, connector: &str, dataset: &str, laestab: Option<&str>) -> StreamState {
    StreamState {
        source: source.to_owned(),
        connector: connector.to_owned(),
        dataset: dataset.to_owned(),
        roll: dataset == "pupils",
        laestab: laestab.map(school),
        latest: Some(today()),
        latest_complete: Some(today()),
        max_age_days: None,
    }
}

fn term(from: &str, to: &str) -> Term {
    Term { name: String::new(), from: d(from), to: d(to) }
}

pub(crate) fn council() -> Council {
    let area = Area::parse("area.csv", "postcode,la\nSO14,852\nSO16,852\nSO50,850\n").unwrap();
    let schools = Schools::of([
        school_row(PRIMARY, "primary", 0, 6),
        school_row(SECONDARY, "secondary", 7, 11),
        school_row(INFANT, "infant", 0, 2),
        school_row(SILENT, "secondary", 7, 11),
        school_row(PRIVATE, "independent", 0, 11),
        school_row(HAMPSHIRE, "secondary", 7, 11),
    ]);
    let terms = vec![
        term("2025-09-03", "2025-12-19"),
        term("2026-01-05", "2026-03-27"),
        term("2026-04-13", "2026-07-21"),
        term("2026-09-02", "2026-10-23"),
        term("2026-11-02", "2026-12-18"),
        term("2027-01-04", "2027-03-25"),
        term("2027-04-12", "2027-07-21"),
    ];
    let calendar = Calendar::of(vec![("all.toml".to_owned(), CalendarYear { term: terms, ..CalendarYear::default() })]).unwrap();
    let health = |dataset| StreamState { max_age_days: Some(60), ..stream("health", "lists", dataset, None) };
    let streams = vec![
        stream(SECONDARY, "sims", "pupils", Some(SECONDARY)),
        stream(SECONDARY, "sims", "leavers", Some(SECONDARY)),
        stream(SECONDARY, "sims", "joiners", Some(SECONDARY)),
        stream(PRIMARY, "sims", "pupils", Some(PRIMARY)),
        stream("one", "capita-one", "bases", None),
        health("health"),
        health("community"),
        stream("ehe", "lists", "ehe", None),
        stream("send", "lists", "send", None),
        stream("offers", "lists", "lists/offers", None),
        stream("hampshire", "lists", "lists/cross-border", None),
        stream("independent", "lists", "independent", None),
        stream("benefits", "lists", "benefits", None),
        stream(INFANT, "sims", "pupils", Some(INFANT)),
        StreamState { latest_complete: None, ..stream("housing", "housing", "address-changes", None) },
    ];
    Council::new(LaCode::parse("852").unwrap(), area, schools, calendar, Settings::default(), streams, [])
}

/// Makes one record of a child.
#[derive(Clone)]
pub(crate) struct Says {
    stream: usize,
    told: NaiveDate,
    gone: Option<NaiveDate>,
    pub(crate) record: Record,
}

/// A record of that stream, told today, with the birth date of a child in Year 7.
pub(crate) fn says(stream: usize) -> Says {
    Says { stream, told: today(), gone: None, record: Record { dob: Some(d("2015-02-01")), ..Record::default() } }
}

impl Says {
    pub(crate) fn told(mut self, day: &str) -> Says {
        self.told = d(day);
        self
    }

    pub(crate) fn gone(mut self, day: &str) -> Says {
        self.gone = Some(d(day));
        self
    }

    pub(crate) fn born(self, day: &str) -> Says {
        self.with(|r| r.dob = Some(d(day)))
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Record)) -> Says {
        change(&mut self.record);
        self
    }

    pub(crate) fn lives(self, postcode: &str) -> Says {
        self.with(|r| r.addresses.push(Address { postcode: Postcode::parse(postcode).ok(), ..Address::default() }))
    }

    pub(crate) fn lives_from(self, postcode: &str, from: &str) -> Says {
        self.with(|r| r.addresses.push(Address { postcode: Postcode::parse(postcode).ok(), from: Some(d(from)), ..Address::default() }))
    }

    pub(crate) fn lives_at(self, uprn: &str, postcode: Option<&str>) -> Says {
        let postcode = postcode.and_then(|p| Postcode::parse(p).ok());
        self.with(|r| r.addresses.push(Address { uprn: Uprn::parse(uprn).ok(), postcode, ..Address::default() }))
    }

    /// On roll since 2024-09-04.
    pub(crate) fn at(self, number: &str) -> Says {
        self.enrolled(number, "2024-09-04", None)
    }

    pub(crate) fn enrolled(self, number: &str, entry: &str, leaving: Option<&str>) -> Says {
        let enrolment = Enrolment { school: Some(school(number)), entry: Some(d(entry)), leaving: leaving.map(d), ..Enrolment::default() };
        self.with(|r| r.enrolments.push(enrolment))
    }

    /// Left the school with that text as reason.
    pub(crate) fn left(self, number: &str, leaving: &str, reason: &str) -> Says {
        self.enrolled(number, "2024-09-04", Some(leaving)).last(|e| e.removal = Some(Removal::parse(reason)))
    }

    pub(crate) fn to(self, destination: &str) -> Says {
        self.last(|e| e.destination = Some(Destination { text: destination.to_owned(), ..Destination::default() }))
    }

    pub(crate) fn status(self, status: EnrolmentStatus) -> Says {
        self.last(|e| e.status = Some(status))
    }

    pub(crate) fn last(self, change: impl FnOnce(&mut Enrolment)) -> Says {
        self.with(|r| change(r.enrolments.last_mut().unwrap()))
    }

    pub(crate) fn home(self, suitability: Suitability) -> Says {
        let he = HomeEducation { from: Some(d("2026-01-05")), to: None, notice: None, suitability, assessed: None };
        self.with(|r| r.home_education = Some(he))
    }

    pub(crate) fn eotas(self, from: &str, to: Option<&str>) -> Says {
        self.with(|r| r.eotas = Some(Eotas { from: Some(d(from)), to: to.map(d) }))
    }

    pub(crate) fn offer(self, status: OfferStatus, starts: &str) -> Says {
        self.with(|r| r.offers.push(Offer { school: Some(school(SECONDARY)), offered: None, status, starts: Some(d(starts)) }))
    }

    pub(crate) fn moved(self, on: &str, confirmed: Option<&str>) -> Says {
        self.with(|r| r.moved_away = Some(MovedAway { on: Some(d(on)), to: "Examplia".to_owned(), confirmed: confirmed.map(d) }))
    }
}

/// The records as held, numbered from 1 in their order.
pub(crate) fn held(said: &[Says]) -> Vec<Held> {
    let number = |i: usize| RecordId(i as i64 + 1);
    said.iter()
        .enumerate()
        .map(|(i, s)| Held { id: number(i), stream: s.stream, told: s.told, gone: s.gone, record: s.record.clone() })
        .collect()
}

pub(crate) fn findings_of(council: &Council, said: &[Says], as_of: NaiveDate, unsure: bool) -> Vec<Finding> {
    check(council, &ChildFile { id: ChildId(1), records: &held(said), unsure, restricted: false, told: &[] }, as_of)
}

pub(crate) fn findings_on(said: &[Says], as_of: &str) -> Vec<Finding> {
    findings_of(&council(), said, d(as_of), false)
}

/// What a rule says, in one word: `missing`, `explained source-old`, `no-destination`, `open` (neither grade nor reason); empty = nothing.
pub(crate) fn word(findings: &[Finding], rule: &str) -> String {
    let Some(f) = findings.iter().find(|f| f.rule == rule) else { return String::new() };
    let words: Vec<&str> = f.grade.map(|g| g.as_str()).into_iter().chain(f.reason.as_deref()).collect();
    if words.is_empty() { "open".to_owned() } else { words.join(" ") }
}

/// What `no-provision` says on a day.
pub(crate) fn provision_on(said: &[Says], as_of: &str) -> String {
    word(&findings_on(said, as_of), "no-provision")
}

/// What `no-provision` says today.
pub(crate) fn provision(said: &[Says]) -> String {
    word(&findings_of(&council(), said, today(), false), "no-provision")
}

pub(crate) fn ground(said: &[Says]) -> String {
    word(&findings_of(&council(), said, today(), false), "leaver-without-ground")
}

pub(crate) fn destination(said: &[Says]) -> String {
    word(&findings_of(&council(), said, today(), false), "leaver-without-destination")
}

pub(crate) fn unknown(said: &[Says]) -> String {
    word(&findings_of(&council(), said, today(), false), "residence-unknown")
}
