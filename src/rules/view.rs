//! The child as the rules see it on a day: age, rolls, ended spells, residence, home education. Worked out once per child;
//! what an ordinary pupil on roll does not need is worked out only when a rule asks.

use std::cell::OnceCell;
use std::cmp::Reverse;

use chrono::{Datelike, Days, NaiveDate};
use schema::provision::{HomeEducation, Suitability};
use schema::{LaCode, RemovalScheme, age, calendar};

use crate::council::{ChildFile, Council, Held};
use crate::registration;
use crate::residence::{self, Residence};
use crate::settings::DayKind;
use crate::spell::{self, Spell};

/// One child on one day.
pub(crate) struct ChildView<'a> {
    pub(crate) council: &'a Council,
    pub(crate) child: &'a ChildFile<'a>,
    pub(crate) as_of: NaiveDate,
    /// From the most trusted record that has one.
    pub(crate) dob: Option<NaiveDate>,
    /// On any roll.
    pub(crate) on_roll: bool,
    /// The newest ended spell of each school, newest first; of a child on roll only those that the leaver rules look at.
    pub(crate) spells: Vec<Spell<'a>>,
    residence: OnceCell<Residence<'a>>,
}

impl<'a> ChildView<'a> {
    pub(crate) fn new(council: &'a Council, child: &'a ChildFile<'a>, as_of: NaiveDate) -> ChildView<'a> {
        let on_roll = registration::is_on_roll(council, child.records, as_of);
        let since = if on_roll { leavers_since(council, as_of) } else { NaiveDate::MIN };
        let spells = spell::spells(registration::removals(council, child.records, as_of, since));
        ChildView { council, child, as_of, dob: dob(council, child.records, as_of), on_roll, spells, residence: OnceCell::new() }
    }

    /// Records that are not gone.
    pub(crate) fn current(&self) -> impl Iterator<Item = &'a Held> + use<'a> {
        let as_of = self.as_of;
        self.child.records.iter().filter(move |held| is_current(held, as_of))
    }

    pub(crate) fn residence(&self) -> &Residence<'a> {
        self.residence.get_or_init(|| residence::residence(self.council, self.child.records, self.as_of))
    }

    /// Whether the child is of compulsory school age on a day; `None` without a birth date.
    pub(crate) fn is_of_age(&self, day: NaiveDate) -> Option<bool> {
        self.dob.map(|dob| age::is_of_age(dob, day))
    }

    /// Whether any record says that the child has died: a day of death, or the ground 9(1)(k), before 2024 8(1)(j).
    /// A wrong day does not unsay it, so that nothing is ever sent.
    pub(crate) fn has_died(&self) -> bool {
        has_died(self.child.records)
    }

    /// The home education that runs: the register of it first, then the newest.
    pub(crate) fn home_education(&self) -> Option<(&'a Held, &'a HomeEducation)> {
        let running = |he: &HomeEducation| he.from.is_none_or(|from| from <= self.as_of) && he.to.is_none_or(|to| self.as_of <= to);
        self.current()
            .filter_map(|held| held.record.home_education.as_ref().filter(|he| running(he)).map(|he| (held, he)))
            .min_by_key(|(held, _)| (!self.council.is_dataset(held, "ehe"), Reverse(held.told), self.council.kind(held), held.id))
    }

    /// The running home education, if it was found suitable.
    pub(crate) fn is_suitably_home_educated(&self) -> bool {
        self.home_education().is_some_and(|(_, he)| he.suitability == Suitability::Suitable)
    }

    /// Whether the authority arranges education otherwise than at school (EOTAS).
    pub(crate) fn has_eotas(&self) -> bool {
        let runs =
            |from: Option<NaiveDate>, to: Option<NaiveDate>| from.is_none_or(|f| f <= self.as_of) && to.is_none_or(|t| self.as_of <= t);
        self.current().any(|held| {
            held.record.eotas.as_ref().is_some_and(|e| runs(e.from, e.to))
                || held.record.involvements.iter().any(|i| i.kind.trim().eq_ignore_ascii_case("EOTAS") && runs(i.from, i.to))
        })
    }

    /// Educated otherwise than at school, or dead: neither missing nor to be looked for.
    pub(crate) fn is_settled(&self) -> bool {
        self.has_eotas() || self.is_suitably_home_educated() || self.has_died()
    }

    pub(crate) fn lives_elsewhere(&self) -> bool {
        self.residence().best.is_some_and(|best| best.authority != self.council.authority)
    }

    /// Ended spells that the leaver rules look at: at a school of this authority, within the years they look back, of a child
    /// of compulsory school age, and no standard transition. Newest first.
    pub(crate) fn leavers(&self) -> impl Iterator<Item = &Spell<'a>> {
        let since = leavers_since(self.council, self.as_of);
        let ours = |spell: &Spell<'_>, authority: LaCode| spell.school.is_some_and(|school| school.authority() == authority);
        self.spells.iter().filter(move |spell| {
            spell.leaving >= since
                && ours(spell, self.council.authority)
                && self.is_of_age(spell.leaving) == Some(true)
                && !crate::transition::is_standard_transition(self, spell)
        })
    }

    /// The day by which somebody must act on what began on `since` (policy). Where the calendar does not reach back to it,
    /// the days count from the beginning of this school year; `None` where it does not have those either.
    pub(crate) fn act_by(&self, since: NaiveDate) -> Option<NaiveDate> {
        let after = |day| self.council.calendar.add_school_days(day, self.council.settings.act_within_school_days, None);
        after(since).or_else(|| after(calendar::school_year_start(self.as_of)).filter(|due| *due > since))
    }

    /// The last day on which a new school may report a pupil who joined after that removal (2024 regulations, reg 13: five days).
    pub(crate) fn joiner_deadline(&self, spell: &Spell<'_>) -> NaiveDate {
        let calendar_days = || spell.leaving.checked_add_days(Days::new(5)).unwrap_or(NaiveDate::MAX);
        match self.council.settings.joiner_days {
            DayKind::Calendar => calendar_days(),
            DayKind::School => {
                let school = spell.destination.and_then(|d| d.school);
                self.council.calendar.add_school_days(spell.leaving, 5, school).unwrap_or_else(calendar_days)
            }
        }
    }
}

/// Whether any record says that the child has died; see [`ChildView::has_died`].
pub(crate) fn has_died(records: &[Held]) -> bool {
    records.iter().any(|held| {
        let by_ground = |removal: &schema::Removal| {
            matches!(
                (removal.scheme, removal.letter()),
                (Some(RemovalScheme::Regs2024), Some('k')) | (Some(RemovalScheme::Regs2006), Some('j'))
            )
        };
        held.record.died.is_some() || held.record.enrolments.iter().filter_map(|e| e.removal.as_ref()).any(by_ground)
    })
}

/// Whether the record is not gone on that day.
pub(crate) fn is_current(held: &Held, as_of: NaiveDate) -> bool {
    held.gone.is_none_or(|gone| gone > as_of)
}

fn dob(council: &Council, records: &[Held], as_of: NaiveDate) -> Option<NaiveDate> {
    let known = records.iter().filter_map(|held| Some((held, held.record.dob?)));
    known.min_by_key(|(held, _)| (!is_current(held, as_of), council.kind(held), Reverse(held.told), held.id)).map(|(_, dob)| dob)
}

/// First day of the school years that the leaver rules look at.
fn leavers_since(council: &Council, as_of: NaiveDate) -> NaiveDate {
    let this = calendar::school_year_start(as_of);
    let back = i32::from(council.settings.leaver_school_years.get()) - 1;
    NaiveDate::from_ymd_opt(this.year().saturating_sub(back), 9, 1).unwrap_or(this)
}
