//! On a roll or not; home education; education otherwise than at school; places to come.

use chrono::NaiveDate;

use super::{Expect, IN_TRANSITION, MISSING, PROBABLE, Story, base, enrolled, explained, known, known_resident, story, year_of};
use crate::council::Council;
use crate::days::{ago, ahead, date};
use crate::life::{Finding436, Life, Told};
use crate::school::Listing;
use crate::town::{HAMPSHIRE, HOME};

const NOT_ASSESSED: Expect = explained("ehe-not-assessed");

/// On a roll from a day on, told in that way.
fn joins(c: &mut Council, entry: NaiveDate, told: Told) -> Life {
    let mut life = c.resident();
    enrolled(c, &mut life);
    if let Some(r) = life.registrations.last_mut() {
        r.entry = entry;
        r.told = told;
    }
    known(c, life)
}

/// A registration of that status, and ONE.
fn of_status(c: &mut Council, status: char) -> Life {
    let mut life = c.resident();
    enrolled(c, &mut life);
    if let Some(r) = life.registrations.last_mut() {
        r.status = status;
    }
    life
}

/// A registration of that status, and the main one at another school.
fn of_two(c: &mut Council, first: char, second: char) -> Life {
    let mut life = of_status(c, first);
    let other = c.another(year_of(&life), life.registrations[0].school);
    let entry = c.usual_entry(other, year_of(&life));
    c.register(&mut life, other, entry);
    life.registrations[1].status = second;
    c.base(&mut life);
    life
}

fn educated_at_home(c: &mut Council, from: NaiveDate, to: Option<NaiveDate>, found: Finding436) -> Life {
    let mut life = known_resident(c);
    c.home_educated(&mut life, from, found).to = to;
    life
}

fn eotas_by_send(c: &mut Council, from: NaiveDate, to: Option<NaiveDate>) -> Life {
    let mut life = known_resident(c);
    c.send(&mut life, None).eotas = Some((from, to));
    life
}

fn eotas_by_one(c: &mut Council, from: NaiveDate, to: Option<NaiveDate>) -> Life {
    let mut life = known_resident(c);
    if let Some(one) = &mut life.one {
        one.involvement = Some(("EOTAS", from, to));
    }
    life
}

fn offered(c: &mut Council, status: &'static str, starts: NaiveDate) -> Life {
    let mut life = c.resident();
    let school = c.mainstream(year_of(&life));
    c.one(&mut life);
    c.offer(&mut life, school, status, starts);
    life
}

fn on_list(c: &mut Council, year: i8, school: usize) -> Life {
    let mut life = c.of_year(year);
    let entry = c.usual_entry(school, year);
    c.register(&mut life, school, entry);
    known(c, life)
}

pub(super) const STORIES: &[Story] = &[
    // This one comes first: it makes sure that the school whose flag nobody took back stands on the cross-border list.
    story("on a roll in Hampshire", &[], |c| {
        let school = c.school_where(|s| s.la == HAMPSHIRE && s.outstanding);
        on_list(c, 9, school)
    }),
    story("on an independent school's roll", &[], |c| {
        let school = c.any_where(|s| s.phase == "independent" && s.listing == Listing::List);
        on_list(c, 6, school)
    }),
    story("on roll since today", &[], |c| joins(c, ago(0), Told::Joined)),
    story("on roll since yesterday", &[], |c| joins(c, ago(1), Told::Joined)),
    story("on roll from tomorrow", &[IN_TRANSITION], |c| joins(c, ahead(1), Told::Joined)),
    story("on roll from tomorrow, in the export alone", &[IN_TRANSITION], |c| joins(c, ahead(1), Told::Pupils)),
    story("on roll from January", &[IN_TRANSITION], |c| joins(c, date(2027, 1, 5), Told::Pupils)).seldom(),
    story("four years old in Reception", &[], |c| {
        let mut life = c.of_year(0);
        enrolled(c, &mut life);
        known(c, life)
    }),
    story("single registration", &[], |c| of_status(c, 'C')),
    story("main registration alone", &[], |c| of_status(c, 'M')),
    story("subsidiary registration alone", &[], |c| of_status(c, 'S')),
    story("dual registration", &[], |c| of_two(c, 'S', 'M')),
    story("guest, on roll elsewhere", &[], |c| of_two(c, 'G', 'C')),
    story("guest, on no roll", &[PROBABLE], |c| of_status(c, 'G')),
    story("guest, on no roll, known to ONE", &[MISSING], |c| {
        let mut life = of_status(c, 'G');
        c.one(&mut life);
        life
    }),
    story("open base at a school that sent its list", &[MISSING], |c| {
        let mut life = known_resident(c);
        let school = c.mainstream(year_of(&life));
        base(c, &mut life, school, None);
        life
    }),
    story("home education suitable", &[], |c| educated_at_home(c, ago(300), None, Finding436::Suitable)),
    story("home education not assessed", &[NOT_ASSESSED], |c| educated_at_home(c, ago(40), None, Finding436::NotAssessed)),
    story("home education unsuitable", &[MISSING], |c| educated_at_home(c, ago(200), None, Finding436::Unsuitable)),
    story("home education since today", &[NOT_ASSESSED], |c| educated_at_home(c, ago(0), None, Finding436::NotAssessed)),
    story("home education from tomorrow", &[MISSING], |c| educated_at_home(c, ahead(1), None, Finding436::NotAssessed)),
    story("home education ends today", &[], |c| educated_at_home(c, ago(300), Some(ago(0)), Finding436::Suitable)),
    story("home education ended yesterday", &[MISSING], |c| educated_at_home(c, ago(300), Some(ago(1)), Finding436::Suitable)),
    story("home education ended, on roll again", &[], |c| {
        let mut life = educated_at_home(c, ago(300), Some(ago(60)), Finding436::Suitable);
        enrolled(c, &mut life);
        life
    }),
    story("educated otherwise", &[], |c| eotas_by_send(c, ago(90), None)),
    story("educated otherwise since today", &[], |c| eotas_by_send(c, ago(0), None)),
    story("educated otherwise from tomorrow", &[MISSING], |c| eotas_by_send(c, ahead(1), None)),
    story("educated otherwise until today", &[], |c| eotas_by_send(c, ago(90), Some(ago(0)))),
    story("educated otherwise until yesterday", &[MISSING], |c| eotas_by_send(c, ago(90), Some(ago(1)))),
    story("educated otherwise, says ONE", &[], |c| eotas_by_one(c, ago(90), None)),
    story("educated otherwise until today, says ONE", &[], |c| eotas_by_one(c, ago(90), Some(ago(0)))),
    story("educated otherwise until yesterday, says ONE", &[MISSING], |c| eotas_by_one(c, ago(90), Some(ago(1)))),
    story("place accepted, starts tomorrow", &[IN_TRANSITION], |c| offered(c, "accepted", ahead(1))),
    story("place accepted, starts today", &[MISSING], |c| offered(c, "accepted", ago(0))),
    story("place accepted, started yesterday", &[MISSING], |c| offered(c, "accepted", ago(1))).seldom(),
    story("place accepted, starts in January", &[IN_TRANSITION], |c| offered(c, "accepted", date(2027, 1, 5))).seldom(),
    story("place offered, starts next week", &[MISSING], |c| offered(c, "offered", ahead(7))).seldom(),
    story("place declined", &[MISSING], |c| offered(c, "declined", ahead(7))).seldom(),
    story("place withdrawn", &[MISSING], |c| offered(c, "withdrawn", ahead(7))).seldom(),
    story("died, says ONE", &[], |c| {
        let mut life = known_resident(c);
        if let Some(one) = &mut life.one {
            one.died = Some(ago(80));
        }
        life
    }),
    story("left primary school in July and started nowhere", &[MISSING], |c| left_in_july(c, 7, &["primary", "junior"])),
    story("left infant school in July and started nowhere", &[explained("list-outstanding")], |c| left_in_july(c, 3, &["infant"])).seldom(),
];

fn left_in_july(c: &mut Council, year: i8, phases: &[&str]) -> Life {
    let mut life = c.of_year(year);
    let school = c.any_where(|s| s.la == HOME && s.listing == Listing::Sims && phases.contains(&s.phase));
    c.left(&mut life, school, date(2026, 7, 22), "End of phase", "");
    known(c, life)
}
