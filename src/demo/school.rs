//! The council's schools and its neighbours', and the sources (installations) that send files.

use chrono::NaiveDate;

use crate::agreement::{self, Sharing};
use crate::days::{ago, date, today};
use crate::rng::Rng;
use crate::town::{HAMPSHIRE, HOME, ISLE_OF_WIGHT, La, PORTSMOUTH};

/// How a school's roll comes to the council.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Its own SIMS sends files.
    Sims,
    /// On a list of pupils, by the source's place in [`Council::sources`](crate::council::Council).
    List,
    /// It has sent nothing.
    Nothing,
}

/// The form of a school's SIMS files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `SuperStarReport` XML.
    Xml,
    /// CSV.
    Csv,
    /// Excel workbook.
    Xlsx,
}

/// A school.
#[derive(Debug, Clone)]
pub struct School {
    /// Number.
    pub laestab: String,
    /// Reference number.
    pub urn: u32,
    /// Name.
    pub name: String,
    /// Phase as `schools.csv` has it.
    pub phase: &'static str,
    /// Authority.
    pub la: La,
    /// Lowest year group.
    pub low: i8,
    /// Highest year group.
    pub high: i8,
    /// How its roll comes.
    pub listing: Listing,
    /// Its list is said to be outstanding.
    pub outstanding: bool,
    /// Form of its files.
    pub form: Form,
    /// Leavers stand in its full export instead of a leavers report.
    pub leavers_in_export: bool,
    /// It sends last week's export too.
    pub two_exports: bool,
    /// Index of its source; `usize::MAX` where it has none.
    pub source: usize,
    /// What is agreed with it.
    pub sharing: Sharing,
    /// How many families choose it, compared with the others.
    pub weight: u32,
}

impl School {
    /// Whether it teaches that year group.
    pub fn teaches(&self, year: i8) -> bool {
        self.low <= year && year <= self.high
    }
}

/// A source as `onroll.toml` has it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Id and drop folder.
    pub id: String,
    /// Connector.
    pub connector: &'static str,
    /// Number of the school whose installation it is.
    pub laestab: Option<String>,
    /// Mapping.
    pub mapping: Option<&'static str>,
    /// Days after which its file is old.
    pub max_age: Option<i64>,
    /// Date of its newest file.
    pub told: NaiveDate,
}

/// Which of the special sources is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum List {
    One,
    Ehe,
    Health,
    HealthOf60Days,
    HealthOf61Days,
    HealthArchive,
    Housing,
    Offers,
    Send,
}

const PLACES: [&str; 46] = [
    "Alderwick",
    "Bracklow",
    "Cobmarsh",
    "Dunhollow",
    "Elmstead Quay",
    "Farlow",
    "Gorsemoor",
    "Harbourgate",
    "Inkpen Vale",
    "Jarrowmere",
    "Kettlestone",
    "Lammerholt",
    "Marlowgate",
    "Netherquay",
    "Otterbeck",
    "Pemberley Green",
    "Quillmead",
    "Ravenholt",
    "Sandlow",
    "Tamberfield",
    "Ullenmere",
    "Varleygate",
    "Wetherden",
    "Yardenfield",
    "Askerby",
    "Bolderstow",
    "Crammerhill",
    "Drayleford",
    "Emmerdown",
    "Fletterby",
    "Gullquay",
    "Hawkmoor",
    "Ibexfield",
    "Juniper Hill",
    "Kilnmead",
    "Larkmoor",
    "Mallowfield",
    "Nightingale Row",
    "Oxlea",
    "Plovermarsh",
    "Quarrybank",
    "Roebuckmead",
    "Swiftwater",
    "Thistledown",
    "Upperquay",
    "Vinehall",
];

/// What to build: phase, word in the name, first number, authority, how many of 90, at least, years, listing, weight.
struct Plan(&'static str, &'static str, u32, La, f64, usize, (i8, i8), Listing, u32);

const PLANS: [Plan; 16] = [
    Plan("nursery", "Nursery School", 8_521_001, HOME, 2.0, 1, (-2, -1), Listing::Sims, 30),
    Plan("pru", "Pupil Referral Unit", 8_521_101, HOME, 1.0, 1, (5, 11), Listing::Sims, 6),
    Plan("primary", "Primary School", 8_522_001, HOME, 30.0, 3, (0, 6), Listing::Sims, 60),
    Plan("infant", "Infant School", 8_522_501, HOME, 7.0, 1, (0, 2), Listing::Sims, 80),
    Plan("junior", "Junior School", 8_522_601, HOME, 7.0, 1, (3, 6), Listing::Sims, 80),
    Plan("secondary", "Academy", 8_524_001, HOME, 11.0, 2, (7, 11), Listing::Sims, 190),
    Plan("all-through", "School", 8_524_901, HOME, 1.0, 1, (0, 13), Listing::Sims, 80),
    Plan("special", "Special School", 8_527_001, HOME, 4.0, 1, (0, 13), Listing::Sims, 12),
    // A special school whose export has not come: `base-without-list`.
    Plan("special", "Learning Centre", 8_527_901, HOME, 1.0, 1, (0, 11), Listing::Nothing, 0),
    Plan("independent", "Independent School", 8_526_001, HOME, 4.0, 2, (0, 13), Listing::List, 18),
    // An independent school of two year groups whose list is outstanding: `list-outstanding` for Years 3 and 4 only.
    Plan("independent", "Choir School", 8_526_901, HOME, 1.0, 1, (3, 4), Listing::Nothing, 0),
    Plan("primary", "Primary School", 8_502_001, HAMPSHIRE, 7.0, 1, (0, 6), Listing::List, 12),
    Plan("secondary", "School", 8_504_001, HAMPSHIRE, 6.0, 1, (7, 11), Listing::List, 30),
    Plan("primary", "Primary School", 8_512_001, PORTSMOUTH, 4.0, 1, (0, 6), Listing::List, 4),
    Plan("secondary", "School", 8_514_001, PORTSMOUTH, 3.0, 1, (7, 11), Listing::List, 10),
    Plan("all-through", "School", 9_214_001, ISLE_OF_WIGHT, 1.0, 1, (0, 13), Listing::Nothing, 0),
];

/// The schools for that many children: 90 for 40,000, fewer for fewer, every phase at least once.
pub fn schools(children: u32, rng: &mut Rng) -> Vec<School> {
    let share = (f64::from(children) / 40_000.0).min(1.0);
    let mut schools = Vec::new();
    for Plan(phase, word, first, la, of_90, least, (low, high), listing, weight) in &PLANS {
        for i in 0..((of_90 * share).round() as usize).max(*least) {
            let n = schools.len();
            let name = format!("{}{} {word}", PLACES[n * 7 % PLACES.len()], if n >= PLACES.len() { " Lower" } else { "" });
            schools.push(School {
                laestab: format!("{:07}", first + i as u32),
                urn: 900_001 + n as u32,
                name,
                phase,
                la: *la,
                low: *low,
                high: *high,
                listing: *listing,
                outstanding: *word == "Choir School",
                form: Form::Xml,
                leavers_in_export: false,
                two_exports: false,
                source: usize::MAX,
                sharing: Sharing::Nothing,
                weight: *weight * (70 + rng.below(60) as u32),
            });
        }
    }
    habits(&mut schools);
    agreement::agree(&mut schools);
    schools
}

/// Which school sends what in which form.
fn habits(schools: &mut [School]) {
    let mut workbooks = 0;
    let mut secondaries = 0;
    let mut flagged = false;
    for (i, school) in schools.iter_mut().enumerate() {
        school.form = if i % 3 == 1 { Form::Csv } else { Form::Xml };
        // Workbooks are slower to write and to read: small schools only.
        if school.listing == Listing::Sims && matches!(school.phase, "nursery" | "pru" | "special") && workbooks < 6 {
            school.form = Form::Xlsx;
            workbooks += 1;
        }
        school.leavers_in_export = i % 4 == 3;
        if school.phase == "secondary" && school.la == HOME {
            secondaries += 1;
            school.two_exports = secondaries <= 2;
            school.leavers_in_export &= !school.two_exports;
        }
        // A flag that nobody took back: the school's list has come, so it explains nothing.
        if school.la == HAMPSHIRE && school.phase == "secondary" && !flagged {
            flagged = true;
            school.outstanding = true;
        }
    }
}

/// The sources in the order of their ids, and each school's own set in its `source`.
pub fn sources(schools: &mut [School]) -> Vec<Source> {
    let list = |id: &str, mapping: &'static str, told, max_age| Source {
        id: id.to_owned(),
        connector: "lists",
        laestab: None,
        mapping: Some(mapping),
        max_age,
        told,
    };
    let mut sources = vec![
        Source { id: "capita-one".into(), connector: "capita-one", laestab: None, mapping: None, max_age: None, told: today() },
        list("cross-border-850", "lists/cross-border", date(2026, 11, 13), None),
        list("cross-border-851", "lists/cross-border", date(2026, 11, 16), None),
        list("ehe", "lists/ehe", ago(1), None),
        list("health", "lists/health", date(2026, 11, 20), Some(60)),
        list("health-archive", "lists/health", date(2026, 3, 31), Some(60)),
        list("health-community", "lists/health", ago(60), Some(60)),
        list("health-visiting", "lists/health", ago(61), Some(60)),
        Source { id: "housing".into(), connector: "housing", laestab: None, mapping: None, max_age: None, told: today() },
        list("independent", "lists/independent", date(2026, 11, 16), None),
        list("offers", "lists/offers", today(), None),
        list("send", "lists/send", date(2026, 11, 18), None),
    ];
    let mut independents = 0;
    for school in schools.iter_mut().filter(|s| s.listing != Listing::Nothing) {
        let named = |sources: &[Source], id: &str| sources.iter().position(|s| s.id == id).unwrap_or(usize::MAX);
        if school.listing == Listing::Sims {
            school.source = sources.len();
            sources.push(Source {
                id: format!("sims-{}", school.laestab),
                connector: "sims",
                laestab: Some(school.laestab.clone()),
                mapping: None,
                max_age: None,
                told: today(),
            });
            continue;
        }
        school.source = match school.la {
            HAMPSHIRE => named(&sources, "cross-border-850"),
            PORTSMOUTH => named(&sources, "cross-border-851"),
            _ => {
                independents += 1;
                if independents == 1 {
                    // The first sends a list of its own, the others stand on a common one.
                    sources.push(list(&format!("independent-{}", school.laestab), "lists/independent", date(2026, 11, 9), None));
                    sources.len() - 1
                } else {
                    named(&sources, "independent")
                }
            }
        };
    }
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by(|a, b| sources[*a].id.cmp(&sources[*b].id));
    for school in schools.iter_mut().filter(|s| s.source != usize::MAX) {
        school.source = order.iter().position(|from| *from == school.source).unwrap_or(usize::MAX);
    }
    order.into_iter().map(|i| sources[i].clone()).collect()
}

impl List {
    /// The id of its source.
    pub fn id(self) -> &'static str {
        match self {
            List::One => "capita-one",
            List::Ehe => "ehe",
            List::Health => "health",
            List::HealthOf60Days => "health-community",
            List::HealthOf61Days => "health-visiting",
            List::HealthArchive => "health-archive",
            List::Housing => "housing",
            List::Offers => "offers",
            List::Send => "send",
        }
    }
}

/// `schools.csv`.
pub fn schools_csv(schools: &[School]) -> String {
    let mut text = format!("{}\n", schema::school::SCHOOLS_HEADER);
    for s in schools {
        let year = |y: i8| match y {
            -2 | -1 => "N".to_owned(),
            0 => "R".to_owned(),
            y => y.to_string(),
        };
        let mis = if s.listing == Listing::Sims { "sims" } else { "" };
        let (low, high, flag) = (year(s.low), year(s.high), if s.outstanding { "yes" } else { "no" });
        text += &format!("{},{},{},{},{},{mis},{low},{high},folder,,{flag}\n", s.laestab, s.urn, s.name, s.phase, s.la);
    }
    text
}
