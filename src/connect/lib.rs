//! **connect**: the wires to other systems, and what every connector has in common.
//!
//! In: a drop folder, a file's bytes, a file's name. Out: files that are complete ([`Fetched`]), rows with their place
//! (through a connector's [`Read`]), what a name says about its file ([`file_name::FileName`]), the [`Registry`] of all
//! connectors and the [`suite`] that each of them must pass. The other way: a sealed message ([`Letter`]) goes out by a
//! [`Channel`], and what became of it ([`Outcome`]) comes back.
//!
//! This room does not know any one system, what a column means, the database, why a file is fetched or a message sent, or
//! what happens to a message that was not taken. It tells the age of a file by the machine's clock ([`FileClock`]), and
//! the date of a mail by the clock it is handed.

pub mod channel;
pub mod drop_folder;
pub mod fetch;
pub mod file_bytes;
pub mod file_clock;
pub mod file_name;
mod naming;
pub mod registry;
pub mod suite;
pub mod table;
pub mod trailer;

pub use channel::{Channel, FolderChannel, Letter, MailChannel, MailSettings, Outcome};
pub use drop_folder::DropFolder;
pub use fetch::{Ending, Fetch, FetchFault, Fetched, Left, Look};
pub use file_bytes::FileBytes;
pub use file_clock::{FileClock, MachineClock};
pub use file_name::FileName;
pub use registry::{Connector, Direction, Fixture, Read, Registry};
