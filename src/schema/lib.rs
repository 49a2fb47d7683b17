//! **schema**: the words every other room speaks.
//!
//! In: nothing. Out: values that are valid by construction (identifiers, dates, addresses), the common
//! CME [`Record`], the [`RawRow`] a file is read into, the [`Problem`] a row may carry, what other rooms
//! decide and `store` keeps ([`Finding`], [`Placement`], [`NewTask`], [`MessageState`]), who is looking ([`Viewer`]) and the [`Clock`] trait.
//!
//! This room does not know files, databases or the time of day.

pub mod age;
pub mod area;
pub mod calendar;
pub mod clock;
pub mod codes;
pub mod config_fault;
pub mod finding;
pub mod identifier;
pub mod ids;
pub mod link;
pub mod name;
pub mod outbox;
pub mod person;
pub mod place;
pub mod problem;
pub mod provision;
pub mod raw;
pub mod record;
pub mod redact;
pub mod registration;
mod same_place;
pub mod school;
pub mod secret;
pub mod source;
pub mod spelling;
pub mod task;
pub mod viewer;

pub use area::Area;
pub use calendar::Calendar;
pub use clock::Clock;
pub use config_fault::ConfigFault;
pub use finding::{Finding, Grade};
pub use identifier::{LaCode, Laestab, NhsNumber, Postcode, Uln, Upn, Uprn, Urn};
pub use ids::{
    AttemptId, ChangeId, ChildId, DisclosureId, FindingId, HeldRowId, MessageId, PayloadId, RecordId, ReviewId, RowId, StreamId, TaskId,
};
pub use link::{LinkDecision, Placement, RecordKey};
pub use name::Name;
pub use outbox::{HoldReason, MessageState};
pub use person::{Contact, Sex};
pub use place::Address;
pub use problem::{Problem, ProblemCode};
pub use raw::{Columns, Place, RawRow, Rows};
pub use record::Record;
pub use registration::{Enrolment, EnrolmentStatus, Removal, RemovalScheme};
pub use school::{School, Schools};
pub use secret::Secret;
pub use source::{SourceConfig, StreamState};
pub use spelling::edit_distance;
pub use task::{NewTask, TaskKind};
pub use viewer::{Role, Viewer};
