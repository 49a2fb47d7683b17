//! The suite of the store: what every database behind it must do. All people here are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod children;
mod disk;
mod findings;
mod held_rows;
mod holds;
mod home;
mod landing;
mod payloads;
mod reviews;
mod views;
