//! Stories that must occur: every boundary of the domain and every grade and reason, each with what a perfect hub finds.
//! The expectation is written by hand beside the story; a test compares it with what `truth` works out from the life.

mod explained;
mod leaving;
mod moves;
mod pairs;
mod provision;
mod residence;

use chrono::{Days, NaiveDate};

use crate::council::Council;
use crate::days::{ago, year_group};
use crate::life::{Base, Life};
use crate::school::Listing;
use crate::town::HOME;

/// Rule, grade, reason.
pub type Expect = (&'static str, Option<&'static str>, Option<&'static str>);

const MISSING: Expect = ("no-provision", Some("missing"), None);
const PROBABLE: Expect = ("no-provision", Some("probable"), None);
const IN_TRANSITION: Expect = ("no-provision", Some("in-transition"), None);
const RESIDENCE_UNKNOWN: Expect = ("residence-unknown", None, None);

const fn explained(reason: &'static str) -> Expect {
    ("no-provision", Some("explained"), Some(reason))
}

const fn no_ground(reason: &'static str) -> Expect {
    ("leaver-without-ground", None, Some(reason))
}

const fn no_destination(reason: &'static str) -> Expect {
    ("leaver-without-destination", None, Some(reason))
}

/// One child's story.
pub struct Story {
    /// Name.
    pub name: &'static str,
    /// What a perfect hub finds.
    pub expect: &'static [Expect],
    make: fn(&mut Council) -> Life,
    /// No boundary, and its ending occurs elsewhere: told three times at most.
    seldom: bool,
}

const fn story(name: &'static str, expect: &'static [Expect], make: fn(&mut Council) -> Life) -> Story {
    Story { name, expect, make, seldom: false }
}

impl Story {
    const fn seldom(mut self) -> Story {
        self.seldom = true;
        self
    }
}

/// Two children's story.
pub struct Pair {
    /// Name.
    pub name: &'static str,
    /// What a perfect hub finds, of each.
    pub expect: [&'static [Expect]; 2],
    make: fn(&mut Council) -> [Life; 2],
}

/// All stories of one child.
pub fn stories() -> impl Iterator<Item = &'static Story> {
    [residence::STORIES, provision::STORIES, explained::STORIES, leaving::GROUNDS, leaving::CLOCKS, moves::STORIES].into_iter().flatten()
}

/// All stories of two.
pub fn pairs() -> impl Iterator<Item = &'static Pair> {
    pairs::PAIRS.iter().chain(moves::PAIRS)
}

/// How often each story is told: ten times in a council of 40,000, three times in one of 2,000.
pub fn times(children: u32) -> u32 {
    if children < 2_000 { 1 } else { (children / 4_000).clamp(3, 10) }
}

/// Tells every story as often as the council's size asks; at most that many children.
pub fn tell(council: &mut Council, children: u32) -> Vec<Life> {
    let mut lives = Vec::new();
    for round in 0..times(children) {
        for story in stories().filter(|s| round < 3 || !s.seldom) {
            let mut life = (story.make)(council);
            (life.story, life.expect) = (story.name, Some(story.expect));
            lives.push(life);
        }
        for pair in pairs() {
            for (mut life, expect) in (pair.make)(council).into_iter().zip(pair.expect) {
                (life.story, life.expect) = (pair.name, Some(expect));
                lives.push(life);
            }
        }
    }
    // In a town too small for all stories the last ones are left out, and the lists of their schools with them.
    if lives.len() > children as usize {
        lives.truncate(children as usize);
        lives.iter_mut().for_each(|life| life.expect = None);
    }
    lives
}

/// Known to ONE and to health at the home address: two fresh sources.
fn known(council: &mut Council, mut life: Life) -> Life {
    council.one(&mut life);
    council.health(&mut life);
    life
}

/// A resident of school age, known to two sources, on no roll.
fn known_resident(council: &mut Council) -> Life {
    let life = council.resident();
    known(council, life)
}

fn year_of(life: &Life) -> i8 {
    life.dob.map_or(1, |dob| year_group(dob, ago(0)))
}

/// On the roll of a mainstream school of the council since September.
fn enrolled(council: &mut Council, life: &mut Life) -> usize {
    let school = council.mainstream(year_of(life));
    let entry = council.usual_entry(school, year_of(life));
    council.register(life, school, entry);
    school
}

/// A base in ONE that the child's registrations do not know of.
fn base(council: &mut Council, life: &mut Life, school: usize, end: Option<NaiveDate>) {
    let start = council.usual_entry(school, year_of(life));
    if life.one.is_none() {
        council.one(life);
    }
    if let Some(one) = &mut life.one {
        one.base = Some(Base { school, start, end, reason: String::new(), destination: String::new() });
    }
}

/// The council's school whose export has not come.
fn silent_school(council: &Council) -> usize {
    council.school_where(|s| s.la == HOME && s.listing == Listing::Nothing && s.phase == "special")
}

/// A school day in this term, at least seven days before today.
fn this_term(council: &mut Council) -> NaiveDate {
    Council::weekday(ago(9 + council.rng.below(48) as u64)).min(ago(7))
}

/// A resident who left a mainstream school of the council; ONE has no base, still the open one, or the ended one.
fn leaver(council: &mut Council, leaving: NaiveDate, reason: &str, destination: &str) -> Life {
    let life = council.resident();
    leaving_child(council, life, leaving, reason, destination)
}

fn leaving_child(council: &mut Council, mut life: Life, leaving: NaiveDate, reason: &str, destination: &str) -> Life {
    let school = council.mainstream(year_of(&life));
    leaver_of(council, &mut life, school, leaving, reason, destination);
    life
}

fn leaver_of(council: &mut Council, life: &mut Life, school: usize, leaving: NaiveDate, reason: &str, destination: &str) {
    council.left(life, school, leaving, reason, destination);
    match council.rng.below(3) {
        0 => {
            council.one(life);
        }
        1 => base(council, life, school, None),
        _ => council.base(life),
    }
}

/// A leaver of this term who is on another roll by now.
fn found_elsewhere(council: &mut Council, reason: &str, destination: &str) -> Life {
    let leaving = this_term(council);
    let mut life = council.resident();
    let year = year_of(&life);
    let school = council.mainstream(year);
    council.left(&mut life, school, leaving, reason, destination);
    let next = council.another(year, school);
    council.register(&mut life, next, leaving + Days::new(1));
    council.base(&mut life);
    life
}
