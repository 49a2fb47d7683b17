//! A base: a school as the authority's education database has it. It puts no child on a roll; where the school's own word has
//! never come it is all that is known of where the child is registered.

use chrono::NaiveDate;
use schema::{Enrolment, EnrolmentStatus, Laestab, RecordId};

use crate::council::{Council, Held, Kind};
use crate::registration::{self, Standing};
use crate::view;

/// The open bases at schools of which no list has ever come, and which have not said that the pupil left; each with its record.
pub(crate) fn without_list<'a>(
    council: &'a Council,
    records: &'a [Held],
    as_of: NaiveDate,
) -> impl Iterator<Item = (RecordId, Laestab)> + 'a {
    let database = records.iter().filter(move |held| view::is_current(held, as_of) && council.kind(held) == Kind::EducationDatabase);
    database.flat_map(move |held| {
        let open = held.record.enrolments.iter().filter(move |base| is_open(base, as_of));
        open.filter_map(move |base| {
            let school = base.school?;
            let silent = !council.list_came(school, NaiveDate::MIN, as_of) && !says_left(council, records, as_of, school, base.entry);
            silent.then_some((held.id, school))
        })
    })
}

fn is_open(base: &Enrolment, as_of: NaiveDate) -> bool {
    base.status.unwrap_or(EnrolmentStatus::Current).is_registered()
        && base.entry.is_none_or(|entry| entry <= as_of)
        && base.leaving.is_none_or(|leaving| leaving > as_of)
}

/// Whether the school itself says that the pupil left (a leavers form of a school that sends no roll).
fn says_left(council: &Council, records: &[Held], as_of: NaiveDate, school: Laestab, entry: Option<NaiveDate>) -> bool {
    registration::words(council, records, as_of).any(|word| {
        word.kind.is_roll()
            && word.enrolment.school == Some(school)
            && word.standing != Standing::Open
            && entry.is_none_or(|entry| word.leaving().is_some_and(|leaving| leaving >= entry))
    })
}
