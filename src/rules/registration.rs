//! On roll, or no longer: what each enrolment of each record says on a day, and whose word holds where two differ.
//!
//! School Attendance (Pupil Registration) (England) Regulations 2024, SI 2024/208: a pupil is on roll from the entry up to
//! the day before the removal. A guest is a registered pupil of no school by that. A complete roll that no longer has a
//! pupil says that the pupil left, and gives no ground.

use chrono::NaiveDate;
use schema::{Enrolment, EnrolmentStatus};

use crate::council::{Council, Held, Kind};

/// What one enrolment of one record says on a day.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a> {
    pub(crate) held: &'a Held,
    pub(crate) kind: Kind,
    pub(crate) enrolment: &'a Enrolment,
    /// Day on which the source last said it.
    pub(crate) told: NaiveDate,
    pub(crate) standing: Standing,
}

/// Where an enrolment stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// On roll.
    Open,
    /// Removed on that day, as the record says itself.
    Ended(NaiveDate),
    /// Not in the complete roll of that day any more.
    Dropped(NaiveDate),
}

impl Word<'_> {
    /// Day of the removal.
    pub(crate) fn leaving(&self) -> Option<NaiveDate> {
        match self.standing {
            Standing::Open => None,
            Standing::Ended(day) | Standing::Dropped(day) => Some(day),
        }
    }

    /// Whether an open enrolment and a removal are about one spell at one school, so that only one of them can be true.
    fn contradicts(&self, open: &Word<'_>) -> bool {
        let Some(leaving) = self.leaving() else { return false };
        // A later entry is another spell.
        open.enrolment.school.is_some()
            && open.enrolment.school == self.enrolment.school
            && open.enrolment.entry.is_none_or(|entry| entry < leaving)
    }

    /// Whether `open` makes this removal void: told later, or told by the school where this is not.
    fn is_overruled_by(&self, open: &Word<'_>) -> bool {
        self.contradicts(open) && (!self.kind.is_roll() || open.told > self.told)
    }

    /// Whether this removal makes `open` void: told later, or on the same day (the leavers report wins).
    fn overrules(&self, open: &Word<'_>) -> bool {
        self.contradicts(open) && self.kind.is_roll() && self.told >= open.told
    }
}

/// All that the records say of registrations on a day, guests and what is to come left out.
pub(crate) fn words<'a>(council: &'a Council, records: &'a [Held], as_of: NaiveDate) -> impl Iterator<Item = Word<'a>> + Clone {
    records.iter().flat_map(move |held| {
        let kind = council.kind(held);
        let gone = held.gone.filter(|gone| *gone <= as_of);
        let silent = gone.is_some() && !council.is_full_roll(held);
        let enrolments = if silent { &[][..] } else { held.record.enrolments.as_slice() };
        enrolments.iter().filter_map(move |enrolment| {
            let standing = standing(kind, enrolment, gone, as_of)?;
            Some(Word { held, kind, enrolment, told: gone.unwrap_or(held.told), standing })
        })
    })
}

fn standing(kind: Kind, enrolment: &Enrolment, gone: Option<NaiveDate>, as_of: NaiveDate) -> Option<Standing> {
    let status = enrolment.status.unwrap_or(EnrolmentStatus::Current);
    if matches!(status, EnrolmentStatus::Guest | EnrolmentStatus::Future) {
        return None;
    }
    // What is said of days after `as_of`, or after the roll that dropped the pupil, has not happened by then.
    let until = gone.unwrap_or(as_of);
    if let Some(leaving) = enrolment.leaving.filter(|leaving| *leaving <= until) {
        return Some(Standing::Ended(leaving));
    }
    if !status.is_registered() || enrolment.entry.is_some_and(|entry| entry > until) {
        return None;
    }
    match gone {
        Some(gone) => Some(Standing::Dropped(gone)),
        None => kind.is_roll().then_some(Standing::Open),
    }
}

/// The registrations that hold on a day.
pub(crate) fn open<'a>(council: &'a Council, records: &'a [Held], as_of: NaiveDate) -> impl Iterator<Item = Word<'a>> {
    let all = words(council, records, as_of);
    all.clone().filter(move |open| open.standing == Standing::Open && !all.clone().any(|ended| ended.overrules(open)))
}

/// Whether the child is on any roll.
pub(crate) fn is_on_roll(council: &Council, records: &[Held], as_of: NaiveDate) -> bool {
    open(council, records, as_of).next().is_some()
}

/// All removals that hold, and whose day is not before `since`.
pub(crate) fn removals<'a>(council: &'a Council, records: &'a [Held], as_of: NaiveDate, since: NaiveDate) -> Vec<Word<'a>> {
    let all = words(council, records, as_of);
    let mut held: Vec<Word<'a>> = Vec::new();
    for ended in all.clone().filter(|word| word.leaving().is_some_and(|leaving| leaving >= since)) {
        if !all.clone().any(|open| open.standing == Standing::Open && ended.is_overruled_by(&open)) {
            held.push(ended);
        }
    }
    held
}
