//! **mapping**: what the columns of a file mean.
//!
//! In: mapping files (TOML, written by people who know the sending system), the headings of a file and its
//! [`schema::RawRow`]s. Out: a [`Plan`] for those headings, and by it the row's key, its digest and the
//! [`schema::Record`] it says, with a [`schema::Problem`] beside every value that could not be read.
//!
//! This room does not know files, databases, which child a record is about, or the time of day.

mod cases;
mod codes;
mod file;
mod library;
mod plan;
mod steps;
mod target;

pub use cases::CaseOutcome;
pub use file::{AsOf, Mapping};
pub use library::Library;
pub use plan::Plan;
pub use target::targets;
