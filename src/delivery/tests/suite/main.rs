//! Delivery over a real database and real folders; mail is a double that answers as it is told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crash;
mod double;
mod faults;
mod home;
mod stories;
mod trouble;
