//! The council while it is being made: gives out numbers, homes and children, and puts children into systems.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use schema::Upn;

use crate::days::{ago, births_of, date, today, year_group};
use crate::housing::Move;
use crate::life::{Base, Finding436, Health, Home, Life, Offer, One, Registration, Seen, Send, Spot, Told};
use crate::names::{Family, Namer, family};
use crate::rng::Rng;
use crate::school::{List, Listing, School, Source, schools, sources};
use crate::town::{HOME, La, Town};

/// Year groups of stories: of compulsory school age, and not those of the school whose list is outstanding (3 and 4).
const STORY_YEARS: [i8; 9] = [1, 2, 5, 6, 7, 8, 9, 10, 11];

/// The council.
#[derive(Debug)]
pub struct Council {
    /// Random numbers of the lives.
    pub rng: Rng,
    /// Streets and dwellings.
    pub town: Town,
    /// Schools.
    pub schools: Vec<School>,
    /// Sources, in the order of their ids.
    pub sources: Vec<Source>,
    /// What housing reports.
    pub moves: Vec<Move>,
    namer: Namer,
    upns: Vec<u16>,
    people: u64,
    rows: Vec<u32>,
    nhs: u64,
}

impl Council {
    /// An empty town for that many children.
    pub fn new(children: u32, seed: u64) -> Council {
        let mut rng = Rng::new(seed, 0);
        let town = Town::new(children, &mut rng);
        let mut schools = schools(children, &mut rng);
        let sources = sources(&mut schools);
        let rows = vec![0; schools.len()];
        Council { rng, town, schools, sources, moves: Vec::new(), namer: Namer::default(), upns: Vec::new(), people: 0, rows, nhs: 0 }
    }

    /// The index of a list's source.
    pub fn list(&self, list: List) -> usize {
        self.sources.iter().position(|s| s.id == list.id()).unwrap_or_default()
    }

    /// A permanent UPN: authority, establishment, year and serial number behind a right check letter.
    pub fn upn(&mut self, dob: NaiveDate) -> String {
        let year = (dob.year() + 5).rem_euclid(100) as usize;
        let lane = self.rng.below(97);
        let mut establishment = lane;
        loop {
            let slot = establishment * 100 + year;
            if self.upns.len() <= slot {
                self.upns.resize(slot + 1, 0);
            }
            if self.upns[slot] < 999 {
                self.upns[slot] += 1;
                let digits = format!("852{:04}{year:02}{:03}", 2001 + establishment % 7000, self.upns[slot]);
                return Upn::with_check_letter(&digits).map(|u| u.to_string()).unwrap_or_default();
            }
            establishment += 97;
        }
    }

    /// A temporary UPN: as a permanent one, with a letter at the end.
    pub fn temporary_upn(&mut self, dob: NaiveDate) -> String {
        let permanent = self.upn(dob);
        Upn::with_check_letter(&format!("{}A", &permanent[1..12])).map(|u| u.to_string()).unwrap_or_default()
    }

    /// An NHS number of the range 999, which is never given out, with a right check digit.
    fn nhs_number(&mut self) -> String {
        loop {
            let body = format!("999{:06}", self.nhs % 1_000_000 + if self.nhs >= 1_000_000 { 0 } else { 1 });
            self.nhs += 1;
            let sum: u64 = body.bytes().zip((2..=10u64).rev()).map(|(c, weight)| u64::from(c - b'0') * weight).sum();
            match 11 - sum % 11 {
                10 => {}
                11 => return format!("{body}0"),
                check => return format!("{body}{check}"),
            }
        }
    }

    fn person_number(&mut self) -> u64 {
        self.people += 1;
        self.people
    }

    /// A child with names that nobody else of that birth date has, a UPN and an NHS number, in no system yet.
    pub fn child_of(&mut self, family: &Family, dob: NaiveDate, home: u32) -> Life {
        let girl = self.rng.chance(0.49);
        let names = self.namer.name(family, girl, dob, &mut self.rng);
        let upn = Some(self.upn(dob));
        let nhs = self.nhs_number();
        Life {
            story: "",
            expect: None,
            names,
            girl,
            dob: Some(dob),
            codes: [family.ethnicity(), family.language()],
            upn,
            former_upn: None,
            nhs,
            home,
            registrations: Vec::new(),
            one: None,
            health: Vec::new(),
            ehe: None,
            send: None,
            offer: None,
            moving: None,
            unsure: false,
        }
    }

    /// An only child of that birth date, living in that authority.
    pub fn child(&mut self, dob: NaiveDate, la: La) -> Life {
        let family = family(&mut self.rng);
        let home = self.town.dwelling(la, &mut self.rng);
        self.child_of(&family, dob, home)
    }

    /// A birth date of that year group.
    pub fn birth(&mut self, year: i8) -> NaiveDate {
        let (first, last) = births_of(year);
        first + Days::new(self.rng.range(0, (last - first).num_days()) as u64)
    }

    /// A child of that year group in the council's area.
    pub fn of_year(&mut self, year: i8) -> Life {
        let dob = self.birth(year);
        self.child(dob, HOME)
    }

    /// A child of compulsory school age in the council's area, of a year group that no outstanding list explains.
    pub fn resident(&mut self) -> Life {
        let year = *self.rng.pick(&STORY_YEARS);
        self.of_year(year)
    }

    /// The first school that fits.
    pub fn school_where(&self, fits: impl Fn(&School) -> bool) -> usize {
        self.schools.iter().position(fits).unwrap_or_default()
    }

    /// A mainstream school of the council that sends its roll and teaches that year group.
    pub fn mainstream(&mut self, year: i8) -> usize {
        let fitting =
            |s: &School| s.la == HOME && s.listing == Listing::Sims && s.teaches(year) && !matches!(s.phase, "pru" | "special" | "nursery");
        let weights: Vec<u32> = self.schools.iter().map(|s| if fitting(s) { s.weight } else { 0 }).collect();
        self.rng.weighted(weights.into_iter())
    }

    /// Another such school than one, if there is another.
    pub fn another(&mut self, year: i8, than: usize) -> usize {
        for _ in 0..50 {
            let school = self.mainstream(year);
            if school != than {
                return school;
            }
        }
        self.school_where(|s| s.la == HOME && s.listing == Listing::Sims && s.phase == "all-through")
    }

    /// The next id in a school's own system.
    pub fn admission_number(&mut self, school: usize) -> String {
        self.rows[school] += 1;
        let number = self.rows[school];
        match self.schools[school].la {
            HOME if self.schools[school].phase == "independent" => format!("{}|P{number:04}", self.schools[school].laestab),
            HOME => format!("{number:06}"),
            _ => String::new(),
        }
    }

    /// A registration from `entry`, told the usual way of that school, at the child's home address.
    pub fn register(&mut self, life: &mut Life, school: usize, entry: NaiveDate) {
        let id = self.admission_number(school);
        let told = if self.schools[school].listing == Listing::Sims { Told::Pupils } else { Told::List };
        life.registrations.push(Registration {
            school,
            id,
            status: 'C',
            entry,
            leaving: None,
            reason: String::new(),
            destination: String::new(),
            seen: Seen::undated(Spot::Dwelling(life.home)),
            told,
        });
    }

    /// A registration that has ended, told in the leavers report.
    pub fn left(&mut self, life: &mut Life, school: usize, leaving: NaiveDate, reason: &str, destination: &str) {
        let year = life.dob.map_or(1, |dob| year_group(dob, leaving));
        let entry = self.usual_entry(school, year).min(leaving - Days::new(60));
        self.register(life, school, entry);
        if let Some(registration) = life.registrations.last_mut() {
            registration.leaving = Some(leaving);
            reason.clone_into(&mut registration.reason);
            destination.clone_into(&mut registration.destination);
            // Who leaves later is in the full export still, with the day on which it will be.
            if registration.told == Told::Pupils && leaving <= today() {
                registration.told = Told::Left;
            }
        }
    }

    /// The day on which a pupil of that year group usually began at the school.
    pub fn usual_entry(&self, school: usize, year: i8) -> NaiveDate {
        let years_there = i32::from((year - self.schools[school].low.max(-1)).clamp(0, 14));
        date(2026 - years_there, 9, 3)
    }

    /// In Capita ONE, with no base, at the home address.
    pub fn one<'a>(&mut self, life: &'a mut Life) -> &'a mut One {
        let id = format!("{}", 1_000_000 + self.person_number());
        let from = self.long_ago(life.dob);
        life.one.insert(One {
            id,
            seen: Seen { spot: Spot::Dwelling(life.home), from: Some(from) },
            old_upn: None,
            base: None,
            involvement: None,
            alert: None,
            care: [false; 3],
            died: None,
            moved: None,
        })
    }

    /// ONE's base as the child's last registration has it.
    pub fn base(&mut self, life: &mut Life) {
        if life.one.is_none() {
            self.one(life);
        }
        if let (Some(one), Some(r)) = (&mut life.one, life.registrations.last()) {
            one.base = Some(Base {
                school: r.school,
                start: r.entry,
                end: r.leaving,
                reason: r.reason.clone(),
                destination: r.destination.clone(),
            });
        }
    }

    /// On the health list, at ONE's address where ONE knows the child.
    pub fn health(&mut self, life: &mut Life) {
        self.on_health_list(life, List::Health);
    }

    /// On one of the health lists.
    pub fn on_health_list(&mut self, life: &mut Life, list: List) {
        let source = self.list(list);
        let from = self.long_ago(life.dob);
        let spot = life.one.as_ref().map_or(Spot::Dwelling(life.home), |one| one.seen.spot);
        let from = life.one.as_ref().and_then(|one| one.seen.from).unwrap_or(from).min(self.sources[source].told);
        life.health.push(Health { source, seen: Seen { spot, from: Some(from) } });
    }

    /// On the register of home education since a day.
    pub fn home_educated<'a>(&mut self, life: &'a mut Life, from: NaiveDate, found: Finding436) -> &'a mut Home {
        let id = format!("EHE{:05}", self.person_number());
        life.ehe.insert(Home {
            id,
            from,
            to: None,
            notice: Some(from - Days::new(2)),
            found,
            seen: Seen::undated(Spot::Dwelling(life.home)),
        })
    }

    /// On the SEND list, with an EHC plan and a school placement.
    pub fn send<'a>(&mut self, life: &'a mut Life, named: Option<usize>) -> &'a mut Send {
        let id = format!("SN{:05}", self.person_number());
        let plan = ago(200 + self.rng.below(900) as u64);
        life.send.insert(Send { id, plan, eotas: None, named, seen: Seen::undated(Spot::Dwelling(life.home)) })
    }

    /// An offer of a place.
    pub fn offer<'a>(&mut self, life: &'a mut Life, school: usize, status: &'static str, starts: NaiveDate) -> &'a mut Offer {
        let id = format!("A26{:05}", self.person_number());
        let made = starts.min(today()) - Days::new(10);
        life.offer.insert(Offer { id, school, made, status, starts, seen: Seen::undated(Spot::Dwelling(life.home)) })
    }

    /// A day well before this school year and after birth.
    pub fn long_ago(&mut self, dob: Option<NaiveDate>) -> NaiveDate {
        let first = dob.unwrap_or(date(2015, 1, 1)).max(date(2010, 1, 1));
        let last = date(2026, 6, 30);
        if first >= last { first } else { first + Days::new(self.rng.below((last - first).num_days().max(1) as usize) as u64) }
    }

    /// A weekday on or after a day.
    pub fn weekday(day: NaiveDate) -> NaiveDate {
        match day.weekday() {
            Weekday::Sat => day + Days::new(2),
            Weekday::Sun => day + Days::new(1),
            _ => day,
        }
    }
}
