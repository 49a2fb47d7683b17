//! End-to-end tests: through the binary, as a user works with it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // test code: a failure is a failed test

mod architecture;
mod bad_input;
mod check_cli;
mod counting;
mod crash;
mod decisions;
mod night;
mod redaction;
mod rules_cli;
mod schools_import;
mod snapshot;
mod sources;
mod wholeness;
