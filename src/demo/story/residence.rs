//! Who lives here and who is of age.

use super::{MISSING, PROBABLE, RESIDENCE_UNKNOWN, Story, known, known_resident, story};
use crate::council::Council;
use crate::days::{ago, ahead, date};
use crate::life::{Finding436, Life, Seen, Spot};
use crate::school::List;
use crate::town::{HAMPSHIRE, HOME, NOT_IN_AREA, PORTSMOUTH};

/// Only in ONE, at that spot.
fn in_one_at(c: &mut Council, spot: Spot) -> Life {
    let mut life = c.resident();
    c.one(&mut life).seen.spot = spot;
    life
}

/// In ONE at the home address from a day on; the SEND list still has an address in Hampshire.
fn moves_in(c: &mut Council, from: chrono::NaiveDate) -> Life {
    let mut life = c.resident();
    let old = c.town.dwelling(HAMPSHIRE, &mut c.rng);
    c.one(&mut life).seen.from = Some(from);
    c.send(&mut life, None).seen = Seen::undated(Spot::Dwelling(old));
    life
}

fn born(c: &mut Council, year: i32, month: u32, day: u32) -> Life {
    let life = c.child(date(year, month, day), HOME);
    known(c, life)
}

pub(super) const STORIES: &[Story] = &[
    story("known to health alone", &[PROBABLE], |c| {
        let mut life = c.resident();
        c.health(&mut life);
        life
    }),
    story("known to ONE alone", &[PROBABLE], |c| {
        let mut life = c.resident();
        c.one(&mut life);
        life
    })
    .seldom(),
    story("known to two sources", &[MISSING], known_resident),
    story("known to three sources", &[MISSING], |c| {
        let mut life = known_resident(c);
        c.send(&mut life, None);
        life
    })
    .seldom(),
    story("first day of compulsory school age has come", &[MISSING], |c| born(c, 2021, 8, 31)),
    story("compulsory school age begins at the end of December", &[], |c| born(c, 2021, 9, 1)),
    story("last year of compulsory school age", &[MISSING], |c| born(c, 2010, 9, 1)),
    story("over compulsory school age since June", &[], |c| born(c, 2010, 8, 31)),
    story("lives in Hampshire", &[], |c| {
        let dob = c.birth(8);
        let life = c.child(dob, HAMPSHIRE);
        known(c, life)
    }),
    story("lives in Portsmouth", &[], |c| {
        let dob = c.birth(5);
        let life = c.child(dob, PORTSMOUTH);
        known(c, life)
    }),
    story("moved in yesterday", &[PROBABLE], |c| moves_in(c, ago(1))).seldom(),
    story("moved in today", &[PROBABLE], |c| moves_in(c, ago(0))),
    story("moves in tomorrow", &[], |c| moves_in(c, ahead(1))),
    story("moved out, and two lists have the old address", &[], |c| {
        let mut life = c.resident();
        c.send(&mut life, None);
        let school = c.mainstream(5);
        c.offer(&mut life, school, "declined", ago(30));
        let new = c.town.dwelling(HAMPSHIRE, &mut c.rng);
        c.one(&mut life).seen = Seen { spot: Spot::Dwelling(new), from: Some(ago(12)) };
        life
    }),
    story("the one postcode of the council in a Hampshire sector", &[MISSING], |c| {
        let mut life = c.resident();
        life.home = c.town.exceptional_dwelling();
        known(c, life)
    }),
    story("a Hampshire sector in the council's district", &[], |c| {
        let mut life = c.resident();
        life.home = c.town.dwelling_in_the_other_sector(&mut c.rng);
        known(c, life)
    }),
    story("no fixed abode", &[RESIDENCE_UNKNOWN], |c| in_one_at(c, Spot::NoAbode)),
    story("address unknown", &[RESIDENCE_UNKNOWN], |c| in_one_at(c, Spot::Unknown)),
    story("no address", &[RESIDENCE_UNKNOWN], |c| in_one_at(c, Spot::Blank)),
    story("health has no fixed abode", &[RESIDENCE_UNKNOWN], |c| {
        let mut life = c.resident();
        c.health(&mut life);
        life.health[0].seen.spot = Spot::NoAbode;
        life
    })
    .seldom(),
    story("a postcode that the area file does not know", &[RESIDENCE_UNKNOWN], |c| {
        let elsewhere = c.town.dwelling(NOT_IN_AREA, &mut c.rng);
        in_one_at(c, Spot::Dwelling(elsewhere))
    }),
    story("the only address begins tomorrow", &[RESIDENCE_UNKNOWN], |c| {
        let mut life = c.resident();
        c.one(&mut life).seen.from = Some(ahead(1));
        life
    }),
    story("address unknown, not of age", &[], |c| {
        let mut life = c.of_year(0);
        c.one(&mut life).seen.spot = Spot::Unknown;
        life
    }),
    story("address unknown, educated otherwise", &[], |c| {
        let mut life = c.resident();
        let one = c.one(&mut life);
        one.seen.spot = Spot::Unknown;
        one.involvement = Some(("EOTAS", ago(100), None));
        life
    }),
    story("address unknown, home education suitable", &[], |c| {
        let mut life = c.resident();
        c.one(&mut life).seen.spot = Spot::NoAbode;
        c.home_educated(&mut life, ago(200), Finding436::Suitable).seen = Seen::undated(Spot::Blank);
        life
    }),
    story("only an old list knows the child", &[super::explained("source-old")], |c| only_on(c, List::HealthArchive)),
    story("a list of 61 days knows the child", &[super::explained("source-old")], |c| only_on(c, List::HealthOf61Days)),
    story("a list of 60 days knows the child", &[PROBABLE], |c| only_on(c, List::HealthOf60Days)),
    story("an old list and a fresh one", &[PROBABLE], |c| {
        let mut life = only_on(c, List::HealthArchive);
        c.health(&mut life);
        life.health[1].seen = life.health[0].seen;
        life
    }),
];

fn only_on(c: &mut Council, list: List) -> Life {
    let mut life = c.resident();
    c.on_health_list(&mut life, list);
    life
}
