//! Moves that housing reports: which school still does not know at the end of the night, and whom nobody may tell.
//!
//! A school that is told knows: of it no finding is left. So most boundaries are told of a school without an agreement,
//! where a finding stays.

use chrono::NaiveDate;

use super::{Expect, MISSING, Pair, Story, base, explained, known, pairs::pair, story, year_of};
use crate::agreement::Sharing;
use crate::council::Council;
use crate::days::{ago, ahead};
use crate::housing::{Kind, Move, People, adult};
use crate::life::{Life, Seen, Spot, Told};
use crate::names::family;
use crate::school::Listing;
use crate::town::{HAMPSHIRE, HOME, NOT_IN_AREA};
use crate::truth::PROTECTED;

const NOT_KNOWN: Expect = ("address-not-known-at-school", None, None);
const RESTRICTED: Expect = ("address-not-known-at-school", None, Some("restricted"));

/// On the roll of that school since the usual day, known to ONE and to health.
fn pupil(c: &mut Council, mut life: Life, school: usize) -> Life {
    let entry = c.usual_entry(school, year_of(&life));
    c.register(&mut life, school, entry);
    c.base(&mut life);
    c.health(&mut life);
    life
}

/// A pupil of a school that is told by folder.
fn told(c: &mut Council) -> Life {
    let life = c.resident();
    let school = c.told_school(year_of(&life));
    pupil(c, life, school)
}

/// A pupil of a school with which the council has that.
fn at(c: &mut Council, sharing: Sharing) -> Life {
    let (school, year) = c.school_of(sharing);
    let life = c.of_year(year);
    pupil(c, life, school)
}

/// A pupil of a school that nobody may tell.
fn untold(c: &mut Council) -> Life {
    at(c, Sharing::Nothing)
}

/// A day of the last weeks, on which a family moved.
fn lately(c: &mut Council) -> NaiveDate {
    ago(1 + c.rng.below(30) as u64)
}

/// Moved lately within the area.
fn moves<'c>(c: &'c mut Council, life: &mut Life) -> &'c mut Move {
    let on = lately(c);
    c.moves(life, on, HOME)
}

fn moved(c: &mut Council, mut life: Life) -> Life {
    moves(c, &mut life);
    life
}

fn moved_on(c: &mut Council, mut life: Life, on: NaiveDate) -> Life {
    c.moves(&mut life, on, HOME);
    life
}

/// The last registration has the new address, in another spelling.
fn school_knows(c: &Council, life: &mut Life) {
    let to = life.moving.and_then(|at| c.moves[at].to);
    if let (Some(to), Some(last)) = (to, life.registrations.last_mut()) {
        last.seen = Seen::undated(Spot::OtherSpelling(to));
    }
}

/// Registered at both schools, the main registration at the second.
fn at_two(c: &mut Council, mut life: Life, schools: [usize; 2], statuses: [char; 2]) -> Life {
    for (school, status) in schools.into_iter().zip(statuses) {
        let entry = c.usual_entry(school, year_of(&life));
        c.register(&mut life, school, entry);
        if let Some(last) = life.registrations.last_mut() {
            last.status = status;
        }
    }
    c.base(&mut life);
    life
}

/// At a school without agreement and at one that is told.
fn at_untold_and_told(c: &mut Council, statuses: [char; 2]) -> Life {
    let (school, year) = c.school_of(Sharing::Nothing);
    let life = c.of_year(year);
    let other = c.told_school(year);
    at_two(c, life, [school, other], statuses)
}

fn on_list(c: &mut Council, year: i8, school: usize) -> Life {
    let life = c.of_year(year);
    pupil(c, life, school)
}

pub(super) const STORIES: &[Story] = &[
    story("moved, a child named", &[], |c| {
        let life = told(c);
        moved(c, life)
    }),
    story("moved, a child and the tenant named", &[], |c| {
        let mut life = told(c);
        let tenant = adult(&life.names.surname, &mut c.rng);
        moves(c, &mut life).people = People::ChildrenAnd(tenant);
        life
    }),
    story("moved, says an event", &[], |c| {
        let mut life = told(c);
        moves(c, &mut life).as_event();
        life
    }),
    story("moved, and ONE and health know", &[], |c| {
        let life = told(c);
        let mut life = moved(c, life);
        c.services_know(&mut life);
        life
    }),
    story("temporary accommodation", &[], |c| {
        let mut life = told(c);
        moves(c, &mut life).kind = Kind::Temporary;
        life
    }),
    story("temporary accommodation, nobody named", &[], |c| {
        let mut life = told(c);
        let change = moves(c, &mut life);
        (change.kind, change.people) = (Kind::Temporary, People::Nobody);
        life
    }),
    story("left the area for Hampshire", &[], |c| {
        let mut life = told(c);
        let on = lately(c);
        c.moves(&mut life, on, HAMPSHIRE).kind = Kind::LeftArea;
        life
    }),
    story("left the area for Hampshire, school without agreement", &[NOT_KNOWN], |c| {
        let mut life = untold(c);
        let on = lately(c);
        c.moves(&mut life, on, HAMPSHIRE).kind = Kind::LeftArea;
        life
    })
    .seldom(),
    story("left the area, nobody knows where to", &[], |c| {
        let mut life = untold(c);
        let change = moves(c, &mut life);
        (change.kind, change.to) = (Kind::LeftArea, None);
        life
    }),
    story("moved yesterday, school without agreement", &[NOT_KNOWN], |c| {
        let life = untold(c);
        moved_on(c, life, ago(1))
    }),
    story("moved today, school without agreement", &[NOT_KNOWN], |c| {
        let life = untold(c);
        moved_on(c, life, ago(0))
    }),
    story("moves tomorrow, school without agreement", &[], |c| {
        let life = untold(c);
        moved_on(c, life, ahead(1))
    }),
    story("moves in two weeks", &[], |c| {
        let life = told(c);
        moved_on(c, life, ahead(14))
    }),
    story("moved, agreement not in force", &[NOT_KNOWN], |c| {
        let life = at(c, Sharing::NotInForce);
        moved(c, life)
    }),
    story("moved, to be told by e-mail alone", &[NOT_KNOWN], |c| {
        let life = at(c, Sharing::Email);
        moved(c, life)
    }),
    story("moved, at an independent school", &[NOT_KNOWN], |c| {
        let school = c.any_where(|s| s.phase == "independent" && s.listing == Listing::List);
        let life = on_list(c, 6, school);
        moved(c, life)
    }),
    story("moved, at a school in Hampshire", &[NOT_KNOWN], |c| {
        let school = c.school_where(|s| s.la == HAMPSHIRE && s.outstanding);
        let life = on_list(c, 9, school);
        moved(c, life)
    }),
    story("moved, base at a school whose export has not come", &[explained("base-without-list"), NOT_KNOWN], |c| {
        let life = c.resident();
        let mut life = known(c, life);
        let school = super::silent_school(c);
        base(c, &mut life, school, None);
        moved(c, life)
    }),
    story("moved, the school knows, in another spelling", &[], |c| {
        let life = untold(c);
        let mut life = moved(c, life);
        school_knows(c, &mut life);
        life
    }),
    story("moved, the school that could be told knows, in another spelling", &[], |c| {
        let life = told(c);
        let mut life = moved(c, life);
        school_knows(c, &mut life);
        life
    }),
    story("moved, dual registration", &[], |c| {
        let life = c.resident();
        let year = year_of(&life);
        let first = c.told_school(year);
        let second = (0..50).map(|_| c.told_school(year)).find(|s| *s != first).unwrap_or(first);
        // In the smallest town one school may be all there is.
        let life = if second == first { pupil(c, life, first) } else { at_two(c, life, [first, second], ['S', 'M']) };
        moved(c, life)
    }),
    story("moved, dual registration, one school without agreement", &[NOT_KNOWN], |c| {
        let life = at_untold_and_told(c, ['S', 'M']);
        moved(c, life)
    }),
    story("moved, dual registration, the school without agreement knows", &[], |c| {
        let life = at_untold_and_told(c, ['M', 'S']);
        let mut life = moved(c, life);
        let to = life.moving.and_then(|at| c.moves[at].to);
        if let Some(to) = to {
            life.registrations[0].seen = Seen::undated(Spot::OtherSpelling(to));
        }
        life
    }),
    story("moved, guest at a school without agreement", &[], |c| {
        let life = at_untold_and_told(c, ['G', 'C']);
        moved(c, life)
    }),
    story("moved, on roll from tomorrow", &[super::IN_TRANSITION], |c| {
        let mut life = untold(c);
        (life.registrations[0].entry, life.registrations[0].told) = (ahead(1), Told::Joined);
        if let Some(one) = &mut life.one {
            one.base = None;
        }
        moved(c, life)
    }),
    story("moved, and left the school before", &[MISSING], |c| {
        let (school, year) = c.school_of(Sharing::Nothing);
        let mut life = c.of_year(year);
        c.left(&mut life, school, ago(40), "9(1)(h) not returned after leave", "");
        c.base(&mut life);
        c.health(&mut life);
        moved(c, life)
    }),
    story("moved, only an adult named", &[], |c| {
        let mut life = untold(c);
        let tenant = adult(&life.names.surname, &mut c.rng);
        moves(c, &mut life).people = People::Only(tenant);
        life
    }),
    story("moved, says an event that does not say from where", &[], |c| {
        let mut life = untold(c);
        moves(c, &mut life).as_event().from = None;
        life
    }),
    story("moved, and back since, says ONE", &[], |c| {
        let mut life = untold(c);
        c.moves(&mut life, ago(20), HOME);
        if let Some(one) = &mut life.one {
            one.seen.from = Some(ago(6));
        }
        life
    }),
    story("moved, and died", &[], |c| {
        let life = untold(c);
        let mut life = moved(c, life);
        if let Some(one) = &mut life.one {
            one.died = Some(ago(0));
        }
        life
    })
    .seldom(),
    story("moved to a refuge, named", &[RESTRICTED], |c| {
        let mut life = told(c);
        moves(c, &mut life).protected = true;
        life
    }),
    story("moved to a refuge, the school knows", &[], |c| {
        let mut life = told(c);
        moves(c, &mut life).protected = true;
        school_knows(c, &mut life);
        life
    })
    .seldom(),
    story("moved, protected address, says ONE", &[RESTRICTED], |c| {
        let life = told(c);
        let mut life = moved(c, life);
        if let Some(one) = &mut life.one {
            one.alert = Some((PROTECTED, ago(200)));
        }
        life
    }),
    story("moved, on no roll", &[MISSING], |c| {
        let life = super::known_resident(c);
        moved(c, life)
    }),
    story("moved, known to ONE and housing alone", &[MISSING], |c| {
        let mut life = c.resident();
        c.one(&mut life);
        moved(c, life)
    }),
    story("moved to Hampshire today, on no roll", &[], |c| {
        let mut life = super::known_resident(c);
        c.moves(&mut life, ago(0), HAMPSHIRE).kind = Kind::LeftArea;
        life
    }),
    story("left for where the area file knows no authority, on no roll", &[super::RESIDENCE_UNKNOWN], |c| {
        let mut life = super::known_resident(c);
        c.moves(&mut life, ago(9), NOT_IN_AREA).kind = Kind::LeftArea;
        life
    })
    .seldom(),
    story("moves to Hampshire tomorrow, on no roll", &[MISSING], |c| {
        let mut life = super::known_resident(c);
        c.moves(&mut life, ahead(1), HAMPSHIRE).kind = Kind::LeftArea;
        life
    }),
];

/// Brother and sister, or twins, in one home.
fn two(c: &mut Council, years: [i8; 2], twins: bool) -> [Life; 2] {
    let family = family(&mut c.rng);
    let home = c.town.dwelling(HOME, &mut c.rng);
    let births = years.map(|year| c.birth(year));
    [births[0], births[usize::from(!twins)]].map(|dob| c.child_of(&family, dob, home))
}

/// The first at a school that is told, the second too or at one without agreement.
fn pupils(c: &mut Council, [first, second]: [Life; 2], second_is_told: bool) -> [Life; 2] {
    let school = c.told_school(year_of(&first));
    let other = if second_is_told { c.told_school(year_of(&second)) } else { c.school_of(Sharing::Nothing).0 };
    [pupil(c, first, school), pupil(c, second, other)]
}

/// Both move, on one report.
fn move_both<'c>(c: &'c mut Council, lives: &mut [Life; 2]) -> &'c mut Move {
    let at = c.moves.len();
    let [first, second] = lives;
    second.moving = Some(at);
    moves(c, first)
}

pub(super) const PAIRS: &[Pair] = &[
    pair("a household moved, nobody named", &[], &[], |c| {
        let lives = two(c, [9, 6], false);
        let mut lives = pupils(c, lives, true);
        move_both(c, &mut lives).people = People::Nobody;
        lives
    }),
    pair("a household moved, nobody named, the younger at a school without agreement", &[], &[NOT_KNOWN], |c| {
        let lives = two(c, [8, 5], false);
        let mut lives = pupils(c, lives, false);
        move_both(c, &mut lives).people = People::Nobody;
        lives
    }),
    pair("a household moved, says an event, the younger at a school without agreement", &[], &[NOT_KNOWN], |c| {
        let lives = two(c, [10, 2], false);
        let mut lives = pupils(c, lives, false);
        move_both(c, &mut lives).as_event();
        lives
    }),
    pair("a household moved to a refuge, nobody named", &[RESTRICTED], &[RESTRICTED], |c| {
        let lives = two(c, [7, 6], false);
        let mut lives = pupils(c, lives, true);
        let change = move_both(c, &mut lives);
        (change.people, change.protected) = (People::Nobody, true);
        lives
    }),
    pair("moved, both twins named", &[], &[], |c| {
        let lives = two(c, [8, 8], true);
        let mut lives = pupils(c, lives, true);
        move_both(c, &mut lives);
        lives
    }),
    pair("moved, the elder named and the younger not", &[], &[], |c| {
        let lives = two(c, [11, 5], false);
        let [mut first, second] = pupils(c, lives, false);
        moves(c, &mut first);
        [first, second]
    }),
];
