//! Moves as the housing team reports them: who, from where, to where, on which day, and in which of the shapes it sends.

use chrono::NaiveDate;

use crate::agreement::Sharing;
use crate::council::Council;
use crate::life::{Life, Seen, Spot};
use crate::rng::Rng;
use crate::school::{Listing, School};
use crate::town::{HOME, La};

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A move.
    Move,
    /// A placement in temporary accommodation.
    Temporary,
    /// The family left the area.
    LeftArea,
}

impl Kind {
    /// The word in the files.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Move => "move",
            Kind::Temporary => "temporary-accommodation",
            Kind::LeftArea => "left-area",
        }
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adult {
    /// Forename.
    pub forename: &'static str,
    /// Surname.
    pub surname: String,
    /// Birth date.
    pub dob: NaiveDate,
}

/// Who is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum People {
    /// The children who move.
    Children,
    /// They and the tenant.
    ChildrenAnd(Adult),
    /// Nobody: whoever lives at the old address moves.
    Nobody,
    /// The tenant alone: which children move, only a person can find out.
    Only(Adult),
}

/// In which shape it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// An object in a JSON array.
    Array,
    /// An object on a line of its own.
    Lines,
    /// Rows of a CSV, one per person.
    Table,
    /// An event of a housing system, which has the two addresses as text and names nobody.
    Event,
}

/// A change of address.
#[derive(Debug, Clone)]
pub struct Move {
    /// Day of the move.
    pub on: NaiveDate,
    /// Kind.
    pub kind: Kind,
    /// Dwelling left; `None` where the report does not say.
    pub from: Option<u32>,
    /// Dwelling moved to; `None` where nobody knows it.
    pub to: Option<u32>,
    /// Who is named.
    pub people: People,
    /// The new address is protected: a refuge, a court order.
    pub protected: bool,
    /// Shape.
    pub sent: Sent,
}

impl Move {
    /// Whether the report lets know which children move.
    pub fn says_which_children(&self) -> bool {
        match self.people {
            People::Children | People::ChildrenAnd(_) => true,
            People::Nobody => self.from.is_some(),
            People::Only(_) => false,
        }
    }

    /// The same, reported by an event: it names nobody, and knows no kind but a move.
    pub fn as_event(&mut self) -> &mut Move {
        (self.sent, self.people, self.kind) = (Sent::Event, People::Nobody, Kind::Move);
        self
    }
}

/// A tenant of that surname, of an age to have children at school.
pub fn adult(surname: &str, rng: &mut Rng) -> Adult {
    let forename = *rng.pick(&["Alex", "Bernie", "Chris", "Jo", "Lou", "Nicky", "Pat", "Robin"]);
    let dob = crate::days::date(1978 + rng.below(14) as i32, 1 + rng.below(12) as u32, 1 + rng.below(28) as u32);
    Adult { forename, surname: surname.to_owned(), dob }
}

impl Council {
    /// The child moves on a day to a new dwelling in that authority, and is named. Systems keep the old address unless told
    /// otherwise.
    pub fn moves(&mut self, life: &mut Life, on: NaiveDate, la: La) -> &mut Move {
        let to = self.town.dwelling(la, &mut self.rng);
        self.moves_to(life, on, to)
    }

    /// The same, to that dwelling. Objects of an array, lines and rows of a table take turns.
    pub fn moves_to(&mut self, life: &mut Life, on: NaiveDate, to: u32) -> &mut Move {
        life.moving = Some(self.moves.len());
        let sent = [Sent::Array, Sent::Lines, Sent::Table][self.moves.len() % 3];
        self.moves.push(Move {
            on,
            kind: Kind::Move,
            from: Some(life.home),
            to: Some(to),
            people: People::Children,
            protected: false,
            sent,
        });
        let last = self.moves.len() - 1;
        &mut self.moves[last]
    }

    /// The move of a child, if housing reported one that lets know that it is this child's.
    pub fn move_of(&self, life: &Life) -> Option<&Move> {
        life.moving.and_then(|at| self.moves.get(at)).filter(|change| change.says_which_children())
    }

    /// A mainstream school of the council that teaches that year group and is told of changes by folder.
    pub fn told_school(&mut self, year: i8) -> usize {
        let fitting = |s: &School| {
            s.la == HOME && s.sharing.is_told() && s.teaches(year) && !matches!(s.phase, "pru" | "special" | "nursery") && s.weight > 0
        };
        self.any_where(fitting)
    }

    /// A school that sends its roll, of which the council has that kind of agreement, and a year group that it teaches.
    pub fn school_of(&mut self, sharing: Sharing) -> (usize, i8) {
        let school = self.school_where(|s| s.la == HOME && s.listing == Listing::Sims && s.sharing == sharing);
        let years: Vec<i8> = [1, 2, 5, 6, 7, 8, 9, 10, 11].into_iter().filter(|year| self.schools[school].teaches(*year)).collect();
        let year = if years.is_empty() { 1 } else { *self.rng.pick(&years) };
        (school, year)
    }

    /// The new address in ONE and on health lists, dated with the day of the move. Never in one of them alone: without a UPN,
    /// health's record would have no address in common with ONE's, or with the school's where ONE does not know the child.
    pub fn services_know(&self, life: &mut Life) {
        if life.one.is_none() {
            return;
        }
        let Some((on, Some(to))) = life.moving.and_then(|at| self.moves.get(at)).map(|change| (change.on, change.to)) else { return };
        let seen = Seen { spot: Spot::Dwelling(to), from: Some(on) };
        life.one.iter_mut().for_each(|one| one.seen = seen);
        life.health.iter_mut().for_each(|health| health.seen = seen);
    }
}
