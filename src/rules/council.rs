//! What the rules are given: the council, and a child's records.

use std::collections::HashMap;

use chrono::NaiveDate;
use schema::{Address, Area, Calendar, ChildId, LaCode, Laestab, Record, RecordId, Schools, StreamState};

use crate::Settings;

/// What a council knows besides the child. Made once per run with [`Council::new`].
#[derive(Debug, Clone)]
pub struct Council {
    /// The authority whose hub this is.
    pub authority: LaCode,
    /// Which authority a postcode lies in.
    pub area: Area,
    /// Schools here and around.
    pub schools: Schools,
    /// Terms, bank holidays, inset days.
    pub calendar: Calendar,
    /// `[rules]` of the config.
    pub settings: Settings,
    /// All streams; [`Held::stream`] is an index into them. Not to be changed once the council is made.
    pub streams: Vec<StreamState>,
    kinds: Vec<Kind>,
    listed: HashMap<Laestab, NaiveDate>,
}

/// One record of a child, as it stands now.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its id.
    pub id: RecordId,
    /// Index of its stream in [`Council::streams`].
    pub stream: usize,
    /// Day on which the source last said it; of a current record of a complete stream: the day of the newest complete file.
    pub told: NaiveDate,
    /// Day of the complete file that no longer had it.
    pub gone: Option<NaiveDate>,
    /// What it says.
    pub record: Record,
}

/// A child: its current records, and those that are gone.
#[derive(Debug, Clone, Copy)]
pub struct ChildFile<'a> {
    /// The child.
    pub id: ChildId,
    /// Its records, in any order.
    pub records: &'a [Held],
    /// Whether the child is provisional, or a candidate, in an open review.
    pub unsure: bool,
    /// Whether a person has restricted the child. A restriction in a record counts anyway.
    pub restricted: bool,
    /// The address that was last delivered to each school that was told of one.
    pub told: &'a [Told],
}

/// What a school was told last about where the child lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The school.
    pub school: Laestab,
    /// The address.
    pub address: Address,
}

/// Whose word a stream is; the smaller, the more it is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The school's own: its MIS exports, its leavers form.
    School,
    /// A roll that another body sends: an independent school's list, a neighbouring authority's.
    RollList,
    /// The authority's education database, which has the bases.
    EducationDatabase,
    /// Any other list.
    List,
}

impl Kind {
    fn of(stream: &StreamState) -> Kind {
        match (dataset(stream), stream.connector.as_str()) {
            ("independent" | "cross-border", _) => Kind::RollList,
            (_, "capita-one") => Kind::EducationDatabase,
            (_, "sims" | "arbor" | "bromcom" | "wonde" | "leavers-form") => Kind::School,
            _ if stream.roll || stream.laestab.is_some() => Kind::School,
            _ => Kind::List,
        }
    }

    /// Whether a registration in it puts the child on a roll.
    pub(crate) fn is_roll(self) -> bool {
        self <= Kind::RollList
    }
}

/// The dataset without the folder that a mapping's id may put in front (`lists/health`).
fn dataset(stream: &StreamState) -> &str {
    stream.dataset.rsplit('/').next().unwrap_or_default()
}

impl Council {
    /// Puts together what the rules need. `listed`: each school that a current or gone record of an independent or
    /// cross-border list names, with the day on which that was told; of several days the newest counts.
    pub fn new(
        authority: LaCode,
        area: Area,
        schools: Schools,
        calendar: Calendar,
        settings: Settings,
        streams: Vec<StreamState>,
        listed: impl IntoIterator<Item = (Laestab, NaiveDate)>,
    ) -> Council {
        let kinds = streams.iter().map(Kind::of).collect();
        let mut newest = HashMap::new();
        for (school, day) in listed {
            let known = newest.entry(school).or_insert(day);
            *known = day.max(*known);
        }
        Council { authority, area, schools, calendar, settings, streams, kinds, listed: newest }
    }

    /// How much a stream's word counts against another's where both cannot be right; the smaller, the more.
    pub fn trust(&self, stream: usize) -> u8 {
        self.kinds.get(stream).copied().unwrap_or(Kind::List) as u8
    }

    pub(crate) fn kind(&self, held: &Held) -> Kind {
        self.kinds.get(held.stream).copied().unwrap_or(Kind::List)
    }

    pub(crate) fn is_full_roll(&self, held: &Held) -> bool {
        self.streams.get(held.stream).is_some_and(|s| s.roll)
    }

    pub(crate) fn source(&self, held: &Held) -> &str {
        self.streams.get(held.stream).map_or("", |s| s.source.as_str())
    }

    /// Whether a record is a school's own word: from the school's system, or from the roll list that names the school.
    pub(crate) fn is_of_school(&self, held: &Held, school: Laestab) -> bool {
        let names = || held.record.enrolments.iter().any(|e| e.school == Some(school));
        self.kind(held).is_roll()
            && self.streams.get(held.stream).is_some_and(|s| match s.laestab {
                Some(own) => own == school,
                None => names(),
            })
    }

    pub(crate) fn is_dataset(&self, held: &Held, name: &str) -> bool {
        self.streams.get(held.stream).is_some_and(|s| dataset(s) == name)
    }

    pub(crate) fn is_fresh(&self, held: &Held, told: NaiveDate, day: NaiveDate) -> bool {
        self.streams.get(held.stream).is_none_or(|s| s.is_fresh(told, day))
    }

    /// Whether a list of that school has come between two days, both included: its own full roll, or an independent or
    /// cross-border list that names it.
    pub(crate) fn list_came(&self, school: Laestab, from: NaiveDate, to: NaiveDate) -> bool {
        let came = |day: Option<NaiveDate>| day.is_some_and(|day| from <= day && day <= to);
        came(self.listed.get(&school).copied())
            || self.streams.iter().any(|s| s.roll && s.laestab == Some(school) && came(s.latest_complete))
    }
}
