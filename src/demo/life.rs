//! One child's life, and what each system knows of it. The files are written from this, and so is the truth.

use chrono::NaiveDate;

use crate::names::Names;
use crate::story::Expect;

/// Where a system says the child lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// A dwelling of the town.
    Dwelling(u32),
    /// A dwelling of the town, written in another way and without its property number.
    OtherSpelling(u32),
    /// `ZZ99 3VZ`, health data's code for no fixed abode.
    NoAbode,
    /// The word "Unknown".
    Unknown,
    /// Nothing.
    Blank,
}

impl Spot {
    /// The dwelling, however it is written.
    pub fn dwelling(self) -> Option<u32> {
        match self {
            Spot::Dwelling(dwelling) | Spot::OtherSpelling(dwelling) => Some(dwelling),
            Spot::NoAbode | Spot::Unknown | Spot::Blank => None,
        }
    }
}

/// An address as a system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Where.
    pub spot: Spot,
    /// Since when, where the system says so.
    pub from: Option<NaiveDate>,
}

impl Seen {
    /// An address without a date.
    pub fn undated(spot: Spot) -> Seen {
        Seen { spot, from: None }
    }
}

/// By which file a registration is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// In the school's full export.
    Pupils,
    /// In the full export and in the joiners report.
    Joined,
    /// In the leavers report, or in the full export of a school that leaves its leavers in there.
    Left,
    /// In the leavers report as left, and still in the full export as if on roll.
    LeftAndStillListed,
    /// It stood in last week's full export and does not in this week's; no leavers report names it.
    Gone,
    /// On an independent or cross-border list.
    List,
}

/// A registration at a school.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Index of the school.
    pub school: usize,
    /// The child's id in the school's system or list.
    pub id: String,
    /// CBDS enrolment status: C, M, S, G.
    pub status: char,
    /// First day on roll.
    pub entry: NaiveDate,
    /// Day of removal.
    pub leaving: Option<NaiveDate>,
    /// Reason as the school wrote it.
    pub reason: String,
    /// Destination as the school wrote it.
    pub destination: String,
    /// Address the school holds.
    pub seen: Seen,
    /// By which file it is told.
    pub told: Told,
}

/// A base in Capita ONE.
#[derive(Debug, Clone)]
pub struct Base {
    /// Index of the school.
    pub school: usize,
    /// First day.
    pub start: NaiveDate,
    /// Day of removal.
    pub end: Option<NaiveDate>,
    /// Leaving reason.
    pub reason: String,
    /// Destination.
    pub destination: String,
}

/// A move out of the area, as ONE has it.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Where to.
    pub to: &'static str,
    /// When.
    pub on: NaiveDate,
    /// When the destination confirmed it.
    pub confirmed: Option<NaiveDate>,
}

/// The child in Capita ONE.
#[derive(Debug, Clone)]
pub struct One {
    /// PersonID.
    pub id: String,
    /// Address.
    pub seen: Seen,
    /// UPN that ONE has, where it is not the child's present one.
    pub old_upn: Option<String>,
    /// Base.
    pub base: Option<Base>,
    /// An involvement: kind, first and last day.
    pub involvement: Option<(&'static str, NaiveDate, Option<NaiveDate>)>,
    /// An alert and its day.
    pub alert: Option<(&'static str, NaiveDate)>,
    /// Looked after, on a protection plan, in need.
    pub care: [bool; 3],
    /// Day of death.
    pub died: Option<NaiveDate>,
    /// Move out of the area.
    pub moved: Option<Moved>,
}

/// The child on a health list.
#[derive(Debug, Clone)]
pub struct Health {
    /// Index of the source.
    pub source: usize,
    /// Address.
    pub seen: Seen,
}

/// What was found of home education.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Finding436 {
    NotAssessed,
    Suitable,
    Unsuitable,
}

/// The child on the register of home education.
#[derive(Debug, Clone)]
pub struct Home {
    /// Reference.
    pub id: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Day of the parent's written notice.
    pub notice: Option<NaiveDate>,
    /// What was found.
    pub found: Finding436,
    /// Address.
    pub seen: Seen,
}

/// The child on the SEND list.
#[derive(Debug, Clone)]
pub struct Send {
    /// Reference.
    pub id: String,
    /// Day of the plan.
    pub plan: NaiveDate,
    /// First and last day of education otherwise than at school; `None` = a school placement.
    pub eotas: Option<(NaiveDate, Option<NaiveDate>)>,
    /// School named in the plan.
    pub named: Option<usize>,
    /// Address.
    pub seen: Seen,
}

/// An offer of a place.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Application reference.
    pub id: String,
    /// School.
    pub school: usize,
    /// Day of the offer.
    pub made: NaiveDate,
    /// `offered`, `accepted`, `declined`, `withdrawn`.
    pub status: &'static str,
    /// Day on which the place starts.
    pub starts: NaiveDate,
    /// Address.
    pub seen: Seen,
}

/// A life.
#[derive(Debug, Clone)]
pub struct Life {
    /// The story it was made for; empty for the town at large.
    pub story: &'static str,
    /// What a perfect hub finds, where the story says so.
    pub expect: Option<&'static [Expect]>,
    /// Names.
    pub names: Names,
    /// Girl or boy.
    pub girl: bool,
    /// Birth date, which everybody may not know.
    pub dob: Option<NaiveDate>,
    /// CBDS ethnicity and language codes.
    pub codes: [&'static str; 2],
    /// Unique pupil number, permanent or temporary.
    pub upn: Option<String>,
    /// The number before it, known to the school.
    pub former_upn: Option<String>,
    /// NHS number.
    pub nhs: String,
    /// Where the child lives, before the move if there is one.
    pub home: u32,
    /// Registrations, oldest first.
    pub registrations: Vec<Registration>,
    /// In Capita ONE.
    pub one: Option<One>,
    /// On health lists.
    pub health: Vec<Health>,
    /// Home educated.
    pub ehe: Option<Home>,
    /// On the SEND list.
    pub send: Option<Send>,
    /// Offer.
    pub offer: Option<Offer>,
    /// Place of the child's move in what housing reports.
    pub moving: Option<usize>,
    /// Records that have only name and birth date in common with another child's: a person has to say whether it is one child.
    pub unsure: bool,
}
