//! End-to-end tests: through the binary, as a user works with it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // test code: a failure is a failed test

mod agreements_cli;
mod architecture;
mod audit_cli;
mod bad_input;
mod canary;
mod changes;
mod check_cli;
mod counting;
mod crash;
mod crash_delivery;
mod decisions;
mod mail;
mod moves;
mod night;
mod outbox_cli;
mod redaction;
mod rules_cli;
mod scanner;
mod schools_import;
mod snapshot;
mod sources;
mod wholeness;
