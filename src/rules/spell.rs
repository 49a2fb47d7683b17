//! A spell: one stay at one school that has ended, put together from all who speak of it (the school's pupils export, its
//! leavers report, its next full roll, the base in the education database).

use std::cmp::Reverse;

use chrono::NaiveDate;
use schema::registration::Destination;
use schema::{Laestab, RecordId, Removal};

use crate::council::Kind;
use crate::registration::{Standing, Word};

/// The newest ended spell of one school.
#[derive(Debug, Clone)]
pub(crate) struct Spell<'a> {
    pub(crate) school: Option<Laestab>,
    /// Day of the removal.
    pub(crate) leaving: NaiveDate,
    /// Ground or words, from the best record that has some.
    pub(crate) removal: Option<&'a Removal>,
    /// Destination, from the best record that names one.
    pub(crate) destination: Option<&'a Destination>,
    /// The records it rests on.
    pub(crate) records: Vec<RecordId>,
}

impl Spell<'_> {
    pub(crate) fn destination_named(&self) -> bool {
        self.destination.is_some()
    }
}

/// The newest ended spell of each school, newest first.
pub(crate) fn spells<'a>(mut removals: Vec<Word<'a>>) -> Vec<Spell<'a>> {
    removals.sort_by_key(|w| (w.enrolment.school, Reverse(w.leaving()), w.kind, Reverse(w.told), w.held.id, Reverse(w.enrolment.entry)));
    let mut out: Vec<Spell<'a>> = removals.chunk_by(|a, b| a.enrolment.school == b.enrolment.school).filter_map(newest).collect();
    out.sort_by_key(|s| (Reverse(s.leaving), s.school));
    out
}

fn newest<'a>(of_school: &[Word<'a>]) -> Option<Spell<'a>> {
    let said: Vec<Word<'a>> = of_school.iter().filter(|w| !is_explained(w, of_school)).copied().collect();
    let newest = *said.first()?;
    let of_spell = |w: &Word<'_>| {
        w.leaving() == newest.leaving() || newest.enrolment.entry.is_none_or(|entry| w.leaving().is_some_and(|leaving| leaving > entry))
    };
    let mut spell: Vec<Word<'a>> = said.into_iter().filter(of_spell).collect();
    spell.sort_by_key(|w| (w.kind, worth(w), Reverse(w.leaving()), Reverse(w.told), w.held.id));
    let best = spell.first()?;
    let mut records: Vec<RecordId> = spell.iter().map(|w| w.held.id).collect();
    records.sort_unstable();
    records.dedup();
    Some(Spell {
        school: best.enrolment.school,
        leaving: best.leaving()?,
        removal: spell.iter().filter_map(removal).find(|r| !r.is_empty()),
        destination: spell.iter().filter_map(|w| w.enrolment.destination.as_ref().filter(|d| said_by(w) && d.is_named())).next(),
        records,
    })
}

/// A pupil whom the full roll no longer has, and of whom the school itself says when and why: the roll adds nothing.
fn is_explained(dropped: &Word<'_>, of_school: &[Word<'_>]) -> bool {
    matches!(dropped.standing, Standing::Dropped(_))
        && of_school.iter().any(|w| {
            w.kind == Kind::School
                && matches!(w.standing, Standing::Ended(_))
                && dropped.enrolment.entry.is_none_or(|entry| w.leaving().is_some_and(|leaving| leaving >= entry))
        })
}

/// Whether the record itself speaks of this removal; a roll that dropped the pupil does not.
fn said_by(word: &Word<'_>) -> bool {
    matches!(word.standing, Standing::Ended(_))
}

fn removal<'a>(word: &Word<'a>) -> Option<&'a Removal> {
    word.enrolment.removal.as_ref().filter(|_| said_by(word))
}

/// A ground before words, words before nothing.
fn worth(word: &Word<'_>) -> u8 {
    match removal(word) {
        Some(removal) if !removal.ground.is_empty() => 0,
        Some(removal) if !removal.is_empty() => 1,
        _ => 2,
    }
}
