//! The suite of the store: what every database behind it must do. All people here are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod children;
mod disclosures;
mod disk;
mod findings;
mod held_rows;
mod holds;
mod home;
mod households;
mod landing;
mod lanes;
mod outbox;
mod outbox_laws;
mod outbox_views;
mod payloads;
mod post;
mod restrictions;
mod reviews;
mod views;
