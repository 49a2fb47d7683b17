//! Leavers: each ground with what it needs, each clock on the day before, on and after it.

use chrono::{Days, NaiveDate};

use super::{
    Expect, IN_TRANSITION, MISSING, PROBABLE, Story, explained, found_elsewhere, known, leaver, leaver_of, leaving_child, no_destination,
    no_ground, silent_school, story, this_term, year_of,
};
use crate::council::Council;
use crate::days::{ago, ahead, date};
use crate::life::{Base, Finding436, Life, Moved, Seen, Spot, Told};
use crate::school::Listing;
use crate::town::{HAMPSHIRE, HOME};

const A: &str = "9(1)(a) registered at another school";
const F: &str = "9(1)(f) parent's written notice of education otherwise";
const G: &str = "9(1)(g) no longer lives a reasonable distance from the school";
const SCHOOL: &str = "Nightingale Row Academy";
const AWAITING: Expect = explained("awaiting-joiner");
const NOT_CONFIRMED: Expect = no_destination("new-school-not-confirmed");
const NONE_NAMED: Expect = no_destination("no-destination");

/// A leaver of this term.
fn term_leaver(c: &mut Council, reason: &str, destination: &str) -> Life {
    let leaving = this_term(c);
    leaver(c, leaving, reason, destination)
}

fn left_on(life: &Life) -> NaiveDate {
    life.registrations.iter().filter_map(|r| r.leaving).max().unwrap_or(ago(20))
}

fn moved_on_leaving(c: &mut Council, days_before: u64, la: u16) -> Life {
    let mut life = term_leaver(c, G, "");
    let from = left_on(&life) - Days::new(days_before);
    let new = if la == HOME { life.home } else { c.town.dwelling(la, &mut c.rng) };
    if let Some(one) = &mut life.one {
        one.seen = Seen { spot: Spot::Dwelling(new), from: Some(from) };
    }
    life
}

fn home_educated(c: &mut Council, reason: &str, notice: bool, found: Finding436) -> Life {
    let mut life = term_leaver(c, reason, "");
    let from = left_on(&life);
    let home = c.home_educated(&mut life, from, found);
    home.notice = notice.then_some(from - Days::new(3));
    life
}

/// Left the last year of a primary school after the summer; on roll at a secondary school since.
fn late_transition(c: &mut Council, leaving: NaiveDate) -> Life {
    let mut life = c.of_year(7);
    let school = c.any_where(|s| s.la == HOME && s.listing == Listing::Sims && s.high == 6 && s.phase != "special");
    c.left(&mut life, school, leaving, "", "");
    let next = c.any_where(|s| s.la == HOME && s.listing == Listing::Sims && s.phase == "secondary");
    c.register(&mut life, next, date(2026, 9, 3));
    c.base(&mut life);
    life
}

pub(super) const GROUNDS: &[Story] = &[
    story("left without a reason", &[MISSING, no_ground("none"), NONE_NAMED], |c| term_leaver(c, "", "")),
    story("left with words alone, place named", &[MISSING, no_ground("words-only"), NOT_CONFIRMED], |c| {
        term_leaver(c, "Moved away", "Poland")
    }),
    story("left with words alone, destination unknown", &[MISSING, no_ground("words-only"), NONE_NAMED], |c| {
        term_leaver(c, "Family left", "Unknown")
    })
    .seldom(),
    story("left with words alone, on another roll", &[no_ground("words-only")], |c| found_elsewhere(c, "Gone to another school", "")),
    story("left under a ground of 2006", &[MISSING, no_ground("2006-ground"), NONE_NAMED], |c| {
        term_leaver(c, "8(1)(h) continuously absent", "")
    }),
    story("left under a ground of 2006, on another roll", &[no_ground("2006-ground")], |c| {
        found_elsewhere(c, "8(1)(b) at another school", "")
    }),
    story("9(3) of compulsory school age", &[MISSING, no_ground("9-3-of-compulsory-age"), NONE_NAMED], |c| term_leaver(c, "9(3)", "")),
    story("9(3) at four years old", &[], |c| {
        let life = c.of_year(0);
        let leaving = this_term(c);
        leaving_child(c, life, leaving, "9(3)", "")
    }),
    story("(a) on another roll", &[], |c| found_elsewhere(c, A, SCHOOL)),
    story("(a) no school named", &[MISSING, NONE_NAMED], |c| term_leaver(c, A, "")),
    story("(a) no school named, two days ago", &[MISSING, NONE_NAMED], |c| leaver(c, ago(2), A, "")).seldom(),
    story("(c) school named", &[MISSING, NOT_CONFIRMED], |c| term_leaver(c, "9(1)(c) dual registration ended", SCHOOL)).seldom(),
    story("(c) on another roll", &[], |c| found_elsewhere(c, "9(1)(c) dual registration ended", SCHOOL)),
    story("(d) no school named", &[MISSING, NONE_NAMED], |c| term_leaver(c, "9(1)(d) attendance order amended", "")).seldom(),
    story("(e) nothing arranged", &[MISSING, no_destination("no-provision-arranged")], |c| {
        term_leaver(c, "9(1)(e) attendance order revoked", "")
    }),
    story("(e) educated otherwise", &[], |c| {
        let mut life = term_leaver(c, "9(1)(e) attendance order revoked", "");
        let from = left_on(&life);
        c.send(&mut life, None).eotas = Some((from, None));
        life
    }),
    story("(f) notice on record, not assessed", &[explained("ehe-not-assessed")], |c| home_educated(c, F, true, Finding436::NotAssessed)),
    story("(f) notice on record, suitable", &[], |c| home_educated(c, F, true, Finding436::Suitable)),
    story("(f) on the register without notice", &[explained("ehe-not-assessed"), no_destination("no-written-notice")], |c| {
        home_educated(c, F, false, Finding436::NotAssessed)
    }),
    story("(f) not on the register", &[MISSING, no_destination("no-written-notice")], |c| term_leaver(c, F, "")),
    story("(g) address 28 days before", &[], |c| moved_on_leaving(c, 28, HAMPSHIRE)),
    story("(g) address 28 days before, in the area", &[MISSING], |c| moved_on_leaving(c, 28, HOME)),
    story("(g) address 29 days before, in the area", &[MISSING, no_destination("no-new-address")], |c| moved_on_leaving(c, 29, HOME)),
    story("(g) no new address", &[MISSING, no_destination("no-new-address")], |c| term_leaver(c, G, "")),
    story("(g) place named", &[MISSING], |c| term_leaver(c, G, "Leeds")).seldom(),
    story("(g) said to have moved away", &[MISSING], |c| {
        let mut life = term_leaver(c, G, "");
        let on = left_on(&life);
        if let Some(one) = &mut life.one {
            one.moved = Some(Moved { to: "Leeds", on, confirmed: None });
        }
        life
    })
    .seldom(),
    story("(h) not returned from leave", &[MISSING], |c| term_leaver(c, "9(1)(h) not returned after leave", "")).seldom(),
    story("(i) absent twenty days", &[MISSING], |c| term_leaver(c, "9(1)(i) continually absent", "")).seldom(),
    story("(j) detained", &[MISSING], |c| term_leaver(c, "9(1)(j) detained", "")).seldom(),
    story("(k) died", &[], |c| term_leaver(c, "9(1)(k) died", "")),
    story("died under the regulations of 2006", &[], |c| {
        let mut life = c.child(date(2012, 3, 5), HOME);
        let school = c.mainstream(9);
        leaver_of(c, &mut life, school, date(2024, 3, 8), "8(1)(j) died", "");
        life
    }),
    story("(o) excluded, nowhere since", &[MISSING], |c| term_leaver(c, "9(1)(o) permanently excluded", "")).seldom(),
    story("(o) excluded, at the referral unit", &[], |c| {
        let leaving = this_term(c);
        let mut life = c.of_year(9);
        let school = c.any_where(|s| s.la == HOME && s.phase == "secondary");
        c.left(&mut life, school, leaving, "9(1)(o) permanently excluded", "");
        let unit = c.school_where(|s| s.phase == "pru");
        c.register(&mut life, unit, leaving + Days::new(6));
        c.base(&mut life);
        life
    }),
    story("(n) left an independent school, school named", &[MISSING, NOT_CONFIRMED], |c| {
        left_independent(c, "9(1)(n) ceased to be a pupil", SCHOOL)
    })
    .seldom(),
    story("left an independent school without a reason", &[MISSING, no_ground("none"), NONE_NAMED], |c| left_independent(c, "", ""))
        .seldom(),
];

fn left_independent(c: &mut Council, reason: &str, destination: &str) -> Life {
    let mut life = c.of_year(6);
    let school = c.any_where(|s| s.phase == "independent" && s.listing == Listing::List);
    let leaving = this_term(c);
    c.left(&mut life, school, leaving, reason, destination);
    c.one(&mut life);
    life
}

pub(super) const CLOCKS: &[Story] = &[
    story("(a) left today, school named", &[AWAITING], |c| leaver(c, ago(0), A, SCHOOL)),
    story("(a) left four days ago, school named", &[AWAITING], |c| leaver(c, ago(4), A, SCHOOL)),
    story("(a) left five days ago, school named", &[AWAITING], |c| leaver(c, ago(5), A, SCHOOL)),
    story("(a) left six days ago, school named", &[MISSING, NOT_CONFIRMED], |c| leaver(c, ago(6), A, SCHOOL)),
    story("leaves tomorrow", &[], |c| leaver(c, ahead(1), "Moved away", "")),
    story("left today", &[MISSING, no_ground("words-only"), NONE_NAMED], |c| leaver(c, ago(0), "Moved away", "")),
    story("left yesterday", &[MISSING, no_ground("words-only"), NONE_NAMED], |c| leaver(c, ago(1), "Moved away", "")),
    story("left on the last day of the last school year", &[MISSING], |c| leaver(c, date(2026, 8, 31), "Moved away", "")),
    story("left on the first day of this school year", &[MISSING, no_ground("words-only"), NONE_NAMED], |c| {
        leaver(c, date(2026, 9, 1), "Moved away", "")
    }),
    story("transition deleted on 30 September", &[], |c| late_transition(c, date(2026, 9, 30))),
    story("transition deleted on 1 October", &[no_ground("none")], |c| late_transition(c, date(2026, 10, 1))),
    story("left in September from another year group", &[MISSING, no_ground("none"), NONE_NAMED], |c| leaver(c, date(2026, 9, 30), "", "")),
    story("guest who left", &[MISSING], |c| {
        // A leavers report has no status: only an export that keeps its leavers can tell of a guest who left.
        let mut life = c.of_year(5);
        let school = c.any_where(|s| s.leavers_in_export && s.la == HOME && s.listing == Listing::Sims && s.teaches(5));
        let leaving = this_term(c);
        c.left(&mut life, school, leaving, "", "");
        life.registrations[0].status = 'G';
        c.one(&mut life);
        life
    }),
    story("over age, left after Year 11", &[], |c| {
        let mut life = c.of_year(12);
        let school = c.any_where(|s| s.la == HOME && s.phase == "secondary");
        c.left(&mut life, school, date(2026, 6, 26), "9(1)(l) over compulsory school age", "");
        known(c, life)
    }),
    story("over age, left this term", &[], |c| {
        let mut life = c.of_year(12);
        let school = c.any_where(|s| s.la == HOME && s.phase == "secondary");
        c.left(&mut life, school, date(2026, 10, 9), "", "");
        known(c, life)
    }),
    story("left a school over the border", &[MISSING], |c| {
        let mut life = c.of_year(9);
        let school = c.school_where(|s| s.la == HAMPSHIRE && s.outstanding);
        c.left(&mut life, school, ago(20), "", "");
        c.one(&mut life);
        life
    })
    .seldom(),
    story("lives in Hampshire, left a school of the council", &[no_ground("none"), NONE_NAMED], |c| {
        let dob = c.birth(8);
        let life = c.child(dob, HAMPSHIRE);
        let leaving = this_term(c);
        leaving_child(c, life, leaving, "", "")
    })
    .seldom(),
    story("words alone, place accepted", &[IN_TRANSITION, no_ground("words-only")], |c| {
        let mut life = term_leaver(c, "Changing school", "");
        let school = c.mainstream(year_of(&life));
        c.offer(&mut life, school, "accepted", ahead(5));
        life
    })
    .seldom(),
    story("words alone, moved away, confirmed", &[explained("moved-away"), no_ground("words-only")], |c| {
        let mut life = term_leaver(c, "Left the country", "");
        let on = left_on(&life);
        if let Some(one) = &mut life.one {
            one.moved = Some(Moved { to: "Poland", on, confirmed: Some(ago(3)) });
        }
        life
    })
    .seldom(),
    story("words alone, home education with notice", &[no_ground("words-only")], |c| {
        home_educated(c, "Home education", true, Finding436::Suitable)
    }),
    story("ONE alone says that the base ended", &[PROBABLE, no_ground("words-only"), NONE_NAMED], |c| {
        let mut life = c.resident();
        let school = silent_school(c);
        let start = c.usual_entry(school, year_of(&life));
        c.one(&mut life).base = Some(Base { school, start, end: Some(ago(30)), reason: "Left".into(), destination: String::new() });
        life
    })
    .seldom(),
    story("the leavers report beats the export of the same day", &[MISSING], |c| {
        let mut life = c.of_year(8);
        // Only a school with a leavers report can disagree with itself.
        let school = c.any_where(|s| s.two_exports);
        c.left(&mut life, school, ago(12), "9(1)(h) not returned after leave", "");
        life.registrations[0].told = Told::LeftAndStillListed;
        c.one(&mut life);
        life
    }),
    story("gone from the export, no leavers report", &[MISSING, no_ground("none"), NONE_NAMED], |c| {
        let mut life = c.of_year(8);
        let school = c.any_where(|s| s.two_exports);
        let entry = c.usual_entry(school, 8);
        c.register(&mut life, school, entry);
        life.registrations[0].told = Told::Gone;
        c.base(&mut life);
        life
    }),
];
