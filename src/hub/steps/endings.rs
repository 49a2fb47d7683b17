//! Endings: a complete file also says who is gone. One that would end too much of a school waits for a person (D6).

use chrono::{Datelike, NaiveDate};
use schema::{Calendar, RecordId, School, age, calendar};
use schema::{ChildId, Record};

use crate::SnapshotSettings;

/// One record that the complete file no longer has.
pub(crate) struct Absent {
    pub(crate) record: RecordId,
    pub(crate) child: ChildId,
    /// Whether its pupil is in the school's final year group while that leaves, and so does not count for the guard.
    pub(crate) may_leave: bool,
}

/// Whether the endings are held, with the words for the person.
pub(crate) fn held(settings: &SnapshotSettings, absent: &[Absent], current_outside_final: usize) -> Option<String> {
    let ending = absent.iter().filter(|a| !a.may_leave).count();
    // One or two pupils of a tiny unit are no half file.
    if ending < 3 || current_outside_final == 0 {
        return None;
    }
    let share = ending as f64 / current_outside_final as f64;
    (share > settings.shrink_share).then(|| {
        format!(
            "this file would end {ending} of {current_outside_final} enrolments ({:.0} %, more than {:.0} %): its rows went in, the endings wait; if they are right: onroll release PAYLOAD --reason TEXT",
            share * 100.0,
            settings.shrink_share * 100.0
        )
    })
}

/// Whether final year groups leave on that day: from the last week of the summer term to the end of September.
pub(crate) fn final_year_leaves(calendar: &Calendar, day: NaiveDate) -> bool {
    let start = calendar::school_year_start(day);
    let from = calendar.last_week_of_summer_term(start);
    day >= from || (day.month() == 9 && start.year() == day.year())
}

/// Whether a pupil is (in September: was) in the final year group of the school.
pub(crate) fn in_final_year(school: Option<&School>, record: &Record, day: NaiveDate) -> bool {
    let (Some(highest), Some(dob)) = (school.and_then(|s| s.highest_year), record.dob) else { return false };
    let year = age::year_group(dob, day);
    year == highest || (day.month() == 9 && year == highest + 1)
}
