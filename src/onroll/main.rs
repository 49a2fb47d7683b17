//! **onroll**: the binary. Command line, config, the registry of connectors, wiring.
//!
//! In: words on a command line and a home. Out: exit codes, JSON on stdout, words for people on stderr.
//! Nothing is decided here: acts are the hub's, views are the store's.

mod audit_log;
mod cli;
mod clock;
mod commands;
mod config;
mod exit;
mod gias;
mod home;
mod post;
mod printing;
mod progress;
mod secret;
mod who;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // The sandbox is this very binary, started by `formats` to read one workbook under limits.
    if std::env::args_os().nth(1).is_some_and(|arg| arg == home::SANDBOX_VERB) {
        return ExitCode::from(u8::try_from(formats::sandbox::child_main()).unwrap_or(1));
    }
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(words) => {
            let code = if words.use_stderr() { 2 } else { 0 };
            // Nothing can be done where neither stream takes words.
            let _ = words.print();
            return ExitCode::from(code);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(fault) => {
            eprintln!("onroll: no threads could be started: {fault}");
            return ExitCode::from(1);
        }
    };
    let ended = runtime.block_on(commands::run(cli));
    // A thread that is stuck in a share that does not answer must not keep the program from ending.
    runtime.shutdown_background();
    match ended {
        Ok(end) => ExitCode::from(end.code()),
        Err(fault) => {
            eprintln!("onroll: {fault}");
            ExitCode::from(fault.code())
        }
    }
}
