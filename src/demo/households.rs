//! The town at large: households with children, most of them on a roll. Now and then one moves, and housing reports it.

use chrono::{Days, NaiveDate};

use crate::council::Council;
use crate::days::{ago, ahead, date, today, year_group};
use crate::housing::{Kind, People, adult};
use crate::life::{Finding436, Life, Registration, Seen, Spot, Told};
use crate::names::{Family, family};
use crate::school::{Listing, School};
use crate::town::{HAMPSHIRE, HOME, La};

/// What a household decided once for all its children.
struct Household {
    family: Family,
    home: u32,
    before: Option<(u32, NaiveDate)>,
    la: La,
    primary: usize,
    junior: usize,
    secondary: usize,
    border: Option<(usize, usize)>,
    independent: bool,
}

/// Adds households until there are that many children.
pub fn fill(council: &mut Council, lives: &mut Vec<Life>, children: usize, progress: &mut dyn FnMut(&str, u64, u64)) {
    let mut tick = 0;
    while lives.len() < children {
        household(council, lives);
        lives.truncate(children.max(1));
        if lives.len() >= tick {
            progress("lives", lives.len() as u64, children as u64);
            tick = lives.len() + 1000;
        }
    }
    progress("lives", lives.len() as u64, children as u64);
}

fn household(council: &mut Council, lives: &mut Vec<Life>) {
    let house = settle(council);
    let size = 1 + council.rng.weighted([35, 42, 16, 5, 2].into_iter());
    let mut births: Vec<NaiveDate> = Vec::with_capacity(size);
    for _ in 0..size {
        let year = match council.rng.below(1000) {
            0..=14 => 12,
            15..=44 => -1,
            45..=54 => -2,
            n => (n % 12) as i8,
        };
        let twin = council.rng.chance(0.03);
        let dob = match births.last() {
            Some(last) if twin => *last,
            _ => council.birth(year),
        };
        // Brothers and sisters are twins or at least ten months apart.
        if births.iter().all(|b| *b == dob || (*b - dob).num_days().abs() > 300) {
            births.push(dob);
        }
    }
    let first = lives.len();
    for dob in births {
        let mut life = council.child_of(&house.family, dob, house.home);
        live(council, &mut life, &house);
        lives.push(life);
    }
    if house.la == HOME && house.before.is_none() && council.rng.chance(0.007) {
        moves(council, &mut lives[first..]);
    }
}

/// The household moved this autumn, or is about to; schools, and mostly ONE and health, have the old address still. Only families whose
/// schools can all be told: the town at large opens no finding.
fn moves(council: &mut Council, lives: &mut [Life]) {
    let can_be_told = |r: &Registration| r.leaving.is_some() || council.schools[r.school].sharing.is_told();
    if !lives.iter().flat_map(|l| &l.registrations).all(can_be_told) {
        return;
    }
    let Some((first, others)) = lives.split_first_mut() else { return };
    let what = council.rng.below(100);
    let on = if what < 4 { ahead(1 + council.rng.below(20) as u64) } else { ago(council.rng.below(45) as u64) };
    let tenant = adult(&first.names.surname, &mut council.rng);
    let change = council.moves(first, on, if what >= 95 { HAMPSHIRE } else { HOME });
    change.kind = match what {
        80..95 => Kind::Temporary,
        95.. => Kind::LeftArea,
        _ => Kind::Move,
    };
    match what % 10 {
        0..=3 => {}
        4 | 5 => change.people = People::ChildrenAnd(tenant),
        6 | 7 => change.people = People::Nobody,
        _ => {
            change.as_event();
        }
    }
    let named = matches!(change.people, People::Children | People::ChildrenAnd(_));
    others.iter_mut().for_each(|other| other.moving = first.moving);
    // Of a household of which nobody is named, the old address is what tells who lives there.
    if named && on <= today() && council.rng.chance(0.4) {
        lives.iter_mut().for_each(|life| council.services_know(life));
    }
}

fn settle(council: &mut Council) -> Household {
    let family = family(&mut council.rng);
    let la = if council.rng.chance(0.95) { HOME } else { HAMPSHIRE };
    let home = council.town.dwelling(la, &mut council.rng);
    let before = (la == HOME && council.rng.chance(0.04))
        .then(|| (council.town.dwelling(HOME, &mut council.rng), ago(20 + council.rng.below(500) as u64)));
    let primary = council.mainstream(1);
    let junior = if council.schools[primary].teaches(5) { primary } else { council.mainstream_of("junior", 5) };
    let secondary = if council.schools[primary].phase == "all-through" { primary } else { council.mainstream(9) };
    let border = (la == HOME && council.rng.chance(0.035)).then(|| (council.over_the_border(3), council.over_the_border(9)));
    let independent = la == HOME && council.rng.chance(0.03);
    Household { family, home, before, la, primary, junior, secondary, border, independent }
}

fn live(council: &mut Council, life: &mut Life, house: &Household) {
    let Some(dob) = life.dob else { return };
    let year = year_group(dob, today());
    if year < 0 {
        return before_school(council, life);
    }
    if house.la == HOME && year > 0 && year < 12 {
        match council.rng.below(1000) {
            0..=4 => return educated_at_home(council, life),
            5..=6 => return educated_otherwise(council, life),
            _ => {}
        }
    }
    let school = choose(council, house, year);
    let Some(school) = school else {
        // Sixteen and at a college that sends no roll; over compulsory age.
        council.one(life);
        return council.health(life);
    };
    attend(council, life, school, year);
    known_to_services(council, life, house, school, year);
}

fn before_school(council: &mut Council, life: &mut Life) {
    let nursery = council.school_where(|s| s.phase == "nursery");
    let at_nursery = life.dob.is_some_and(|dob| year_group(dob, today()) == -1) && council.rng.chance(0.5);
    if at_nursery {
        council.register(life, nursery, date(2026, 9, 3));
    } else {
        life.upn = None;
    }
    council.health(life);
}

fn educated_at_home(council: &mut Council, life: &mut Life) {
    council.one(life);
    let from = ago(30 + council.rng.below(700) as u64);
    council.home_educated(life, from, Finding436::Suitable);
    if council.rng.chance(0.8) {
        council.health(life);
    }
}

fn educated_otherwise(council: &mut Council, life: &mut Life) {
    council.one(life);
    let from = ago(30 + council.rng.below(400) as u64);
    council.send(life, None).eotas = Some((from, None));
    council.health(life);
}

fn choose(council: &mut Council, house: &Household, year: i8) -> Option<usize> {
    if year <= 11 && council.rng.chance(0.012) {
        return Some(council.any_where(|s| s.phase == "special" && s.listing == Listing::Sims && s.la == HOME));
    }
    if (8..=11).contains(&year) && council.rng.chance(0.004) {
        return Some(council.school_where(|s| s.phase == "pru"));
    }
    if house.independent {
        return Some(council.any_where(|s| s.phase == "independent" && s.listing == Listing::List));
    }
    if let Some((primary, secondary)) = house.border {
        return match year {
            0..=6 => Some(primary),
            7..=11 => Some(secondary),
            _ => None,
        };
    }
    [house.primary, house.junior, house.secondary].into_iter().find(|s| council.schools[*s].teaches(year))
}

fn attend(council: &mut Council, life: &mut Life, school: usize, year: i8) {
    let sims = council.schools[school].listing == Listing::Sims;
    let usual = council.usual_entry(school, year);
    let fresh = council.rng.below(1000);
    if sims && fresh < 12 && year > 0 && council.schools[school].la == HOME {
        return change_school(council, life, school, year);
    }
    if sims && fresh < 20 && year > 0 {
        return arrive(council, life, school);
    }
    if fresh < 130 && usual < date(2025, 9, 1) {
        let span = (date(2026, 7, 1) - usual).num_days() as usize;
        let entry = Council::weekday(usual + Days::new(council.rng.below(span) as u64));
        return council.register(life, school, entry);
    }
    if sims && year == council.schools[school].low && matches!(year, 3 | 7) && council.rng.chance(0.35) {
        last_summer(council, life, year);
    }
    council.register(life, school, usual);
}

/// Left a school of the council this term for the one the child is at now.
fn change_school(council: &mut Council, life: &mut Life, school: usize, year: i8) {
    let former = council.another(year, school);
    if former == school || !council.schools[former].teaches(year) {
        return council.register(life, school, date(2026, 9, 3));
    }
    let leaving = Council::weekday(date(2026, 9, 14) + Days::new(council.rng.below(60) as u64));
    let name = council.schools[school].name.clone();
    council.left(life, former, leaving, "9(1)(a) registered at another school", &name);
    council.register(life, school, leaving);
    tell_joined(life);
}

/// Came from outside this term, often with a temporary number at first.
fn arrive(council: &mut Council, life: &mut Life, school: usize) {
    if let Some(dob) = life.dob.filter(|_| council.rng.chance(0.4)) {
        life.upn = Some(council.temporary_upn(dob));
    }
    let entry = Council::weekday(date(2026, 9, 14) + Days::new(council.rng.below(66) as u64));
    council.register(life, school, entry);
    tell_joined(life);
}

fn tell_joined(life: &mut Life) {
    if let Some(last) = life.registrations.last_mut() {
        last.told = Told::Joined;
    }
}

/// Left the school of the phase before at the end of the summer term: a standard transition.
fn last_summer(council: &mut Council, life: &mut Life, year: i8) {
    let before = council.any_where(|s| {
        s.la == HOME && s.listing == Listing::Sims && s.high == year - 1 && matches!(s.phase, "primary" | "infant" | "junior")
    });
    if council.schools[before].high == year - 1 {
        council.left(life, before, date(2026, 7, 22), "End of phase", "");
    }
}

fn known_to_services(council: &mut Council, life: &mut Life, house: &Household, school: usize, year: i8) {
    let listing = council.schools[school].listing;
    let moved = house.before.filter(|(_, since)| life.dob.is_some_and(|dob| dob < *since));
    let in_one = moved.is_some() || council.rng.chance(if listing == Listing::Sims { 0.985 } else { 0.6 });
    if in_one {
        council.base(life);
        if let Some(one) = &mut life.one {
            one.care = [council.rng.chance(0.006), council.rng.chance(0.006), council.rng.chance(0.02)];
            if let Some((_, since)) = moved {
                one.seen.from = Some(since);
            }
            if council.rng.chance(0.01) {
                one.involvement = Some(("EWS", ago(90), None));
            }
        }
    }
    let old = moved.map(|(old, _)| old).filter(|_| council.rng.chance(0.25));
    if let (Some(old), Some(last)) = (old, life.registrations.last_mut()) {
        // The family moved and the school was not told. Health does not know the child: without a UPN its record would
        // have no address in common with the school's.
        last.seen = Seen::undated(Spot::Dwelling(old));
    } else if house.la == HOME && council.rng.chance(0.97) {
        council.health(life);
    }
    if year < 12 && house.la == HOME && council.rng.chance(0.04) {
        council.send(life, Some(school));
    }
    if house.la == HOME && matches!(year, 0 | 7) && council.rng.chance(0.03) {
        council.offer(life, school, "accepted", date(2026, 9, 3));
    }
    if in_one && council.rng.chance(0.01) && life.upn.as_ref().is_some_and(|u| u.ends_with(|c: char| c.is_ascii_digit())) {
        change_upn(council, life);
    }
}

/// The school gave the child another number; ONE still has the old one.
fn change_upn(council: &mut Council, life: &mut Life) {
    // Only a full export has the former number; any other record would have the new one alone.
    let export_alone =
        life.registrations.len() == 1 && life.registrations[0].told == Told::Pupils && life.send.is_none() && life.offer.is_none();
    if !export_alone {
        return;
    }
    let old = life.upn.clone();
    life.upn = life.dob.map(|dob| council.upn(dob));
    life.former_upn.clone_from(&old);
    if let Some(one) = &mut life.one {
        one.old_upn = old;
    }
}

impl Council {
    /// A junior school, or whatever else teaches that year group.
    fn mainstream_of(&mut self, phase: &str, year: i8) -> usize {
        let school = self.any_where(|s: &School| s.la == HOME && s.phase == phase);
        if self.schools[school].phase == phase { school } else { self.mainstream(year) }
    }

    /// A school on the other side of the border whose list comes.
    fn over_the_border(&mut self, year: i8) -> usize {
        self.any_where(|s| s.la != HOME && s.listing == Listing::List && s.teaches(year))
    }

    /// One of the schools that fit, by their weights.
    pub fn any_where(&mut self, fits: impl Fn(&School) -> bool) -> usize {
        let weights: Vec<u32> = self.schools.iter().map(|s| if fits(s) { s.weight.max(1) } else { 0 }).collect();
        self.rng.weighted(weights.into_iter())
    }
}
