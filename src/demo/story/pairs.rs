//! Two children: twins, brothers and sisters, namesakes, and one child whose records look like two.

use super::{Expect, MISSING, Pair, enrolled, explained, known, year_of};
use crate::council::Council;
use crate::life::{Life, Seen, Spot};
use crate::names::family;
use crate::town::HOME;

const UNSURE: Expect = explained("unsure-link");

pub(super) const fn pair(
    name: &'static str,
    first: &'static [Expect],
    second: &'static [Expect],
    make: fn(&mut Council) -> [Life; 2],
) -> Pair {
    Pair { name, expect: [first, second], make }
}

/// A pupil known to ONE.
fn pupil(c: &mut Council, mut life: Life) -> Life {
    enrolled(c, &mut life);
    c.base(&mut life);
    life
}

/// What health holds of the same child after a move that nobody else heard of: only name and birth date in common.
fn health_after_a_move(c: &mut Council, life: &mut Life) -> Life {
    let mut other = life.clone();
    other.home = c.town.dwelling(HOME, &mut c.rng);
    (other.upn, other.one) = (None, None);
    other.registrations.clear();
    other.health.clear();
    c.health(&mut other);
    (life.unsure, other.unsure) = (true, true);
    other
}

/// Another child of the same name and birth date, with another UPN and home.
fn namesake(c: &mut Council, life: &mut Life) -> Life {
    let mut other = c.resident();
    (other.names, other.dob, other.girl) = (life.names.clone(), life.dob, life.girl);
    (life.unsure, other.unsure) = (true, true);
    other
}

fn two_of(c: &mut Council, years: [i8; 2], twins: bool) -> [Life; 2] {
    let family = family(&mut c.rng);
    let home = c.town.dwelling(HOME, &mut c.rng);
    let births = years.map(|year| c.birth(year));
    let elder = c.child_of(&family, births[0], home);
    let younger = c.child_of(&family, births[usize::from(!twins)], home);
    [pupil(c, elder), known(c, younger)]
}

pub(super) const PAIRS: &[Pair] = &[
    pair("one twin on roll, the other not", &[], &[MISSING], |c| two_of(c, [8, 8], true)),
    pair("one sister on roll, the other not", &[], &[MISSING], |c| two_of(c, [9, 6], false)),
    pair("a pupil, and health after a move", &[], &[UNSURE], |c| {
        let life = c.resident();
        let mut life = pupil(c, life);
        let other = health_after_a_move(c, &mut life);
        [life, other]
    }),
    pair("on no roll, and health after a move", &[UNSURE], &[UNSURE], |c| {
        let mut life = c.resident();
        c.one(&mut life);
        let other = health_after_a_move(c, &mut life);
        [life, other]
    }),
    pair("two namesakes on roll", &[], &[], |c| {
        let life = c.resident();
        let mut life = pupil(c, life);
        let other = namesake(c, &mut life);
        let other = {
            let mut other = other;
            let school = c.another(year_of(&other), life.registrations[0].school);
            let entry = c.usual_entry(school, year_of(&other));
            c.register(&mut other, school, entry);
            c.base(&mut other);
            other
        };
        [life, other]
    }),
    pair("two namesakes, one on no roll", &[], &[UNSURE], |c| {
        let life = c.resident();
        let mut life = pupil(c, life);
        let mut other = namesake(c, &mut life);
        c.one(&mut other);
        c.send(&mut other, None).seen = Seen::undated(Spot::Dwelling(other.home));
        [life, other]
    }),
];
