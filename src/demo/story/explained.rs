//! Likely reasons: a list outstanding, a base without a list, a joiner to come, moved away, a birth date that nobody has.

use chrono::NaiveDate;

use super::{Expect, MISSING, Story, base, explained, known, known_resident, silent_school, story};
use crate::council::Council;
use crate::days::{ago, ahead};
use crate::life::{Finding436, Life, Moved};
use crate::town::ISLE_OF_WIGHT;

const LIST_OUTSTANDING: Expect = explained("list-outstanding");
const BASE_WITHOUT_LIST: Expect = explained("base-without-list");
const MOVED_AWAY: Expect = explained("moved-away");

fn of_year(c: &mut Council, year: i8) -> Life {
    let life = c.of_year(year);
    known(c, life)
}

fn base_at(c: &mut Council, school: usize, end: Option<NaiveDate>) -> Life {
    let mut life = known_resident(c);
    base(c, &mut life, school, end);
    life
}

fn over_the_water(c: &mut Council, end: Option<NaiveDate>) -> Life {
    let school = c.school_where(|s| s.la == ISLE_OF_WIGHT);
    base_at(c, school, end)
}

fn moved(c: &mut Council, on: NaiveDate, confirmed: Option<NaiveDate>) -> Life {
    let mut life = known_resident(c);
    if let Some(one) = &mut life.one {
        one.moved = Some(Moved { to: ["Poland", "Leeds", "Ireland", "Portugal"][c.rng.below(4)], on, confirmed });
    }
    life
}

pub(super) const STORIES: &[Story] = &[
    story("a list is outstanding, first year group of the school", &[LIST_OUTSTANDING], |c| of_year(c, 3)),
    story("a list is outstanding, last year group of the school", &[LIST_OUTSTANDING], |c| of_year(c, 4)),
    story("the year group before that of the outstanding list", &[MISSING], |c| of_year(c, 2)),
    story("the year group after that of the outstanding list", &[MISSING], |c| of_year(c, 5)),
    story("a flag nobody took back: the list has come", &[MISSING], |c| of_year(c, 9)),
    story("home education comes before the outstanding list", &[explained("ehe-not-assessed")], |c| {
        let mut life = of_year(c, 4);
        c.home_educated(&mut life, ago(50), Finding436::NotAssessed);
        life
    })
    .seldom(),
    story("base at a school whose export has not come", &[BASE_WITHOUT_LIST], |c| {
        let school = silent_school(c);
        base_at(c, school, None)
    }),
    story("base at a school of an authority that sends no list", &[BASE_WITHOUT_LIST], |c| over_the_water(c, None)),
    story("base that ends tomorrow", &[BASE_WITHOUT_LIST], |c| over_the_water(c, Some(ahead(1)))),
    story("base that ended today", &[MISSING], |c| over_the_water(c, Some(ago(0)))),
    story("base that ended yesterday", &[MISSING], |c| over_the_water(c, Some(ago(1)))),
    story("moved away, confirmed", &[MOVED_AWAY], |c| moved(c, ago(30), Some(ago(10)))),
    story("moved away today, confirmed", &[MOVED_AWAY], |c| moved(c, ago(0), Some(ago(0)))),
    story("moves away tomorrow", &[MISSING], |c| moved(c, ahead(1), Some(ago(3)))),
    story("moved away, not confirmed", &[MISSING], |c| moved(c, ago(30), None)),
    story("nobody knows the birth date", &[explained("data-fault")], |c| {
        let mut life = c.resident();
        c.one(&mut life);
        life.dob = None;
        life
    }),
];
