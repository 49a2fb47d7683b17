//! Secrets: given as an environment variable, a file or a command, never in the text of the config.

use std::path::Path;
use std::process::Command;

use connect::channel::MailSettings;
use schema::Secret;

use crate::exit::Fault;

/// The password of the mail server, from where the config says; `None` where it says nothing.
///
/// # Errors
/// The variable is not set, the file cannot be read, or the command fails.
pub fn read(dir: &Path, mail: &MailSettings) -> Result<Option<Secret>, Fault> {
    let text = match (&mail.password_env, &mail.password_file, &mail.password_command) {
        (Some(name), _, _) => from_env(name)?,
        (_, Some(path), _) => from_file(&dir.join(path))?,
        (_, _, Some(command)) => from_command(dir, command)?,
        (None, None, None) => return Ok(None),
    };
    Ok(Some(Secret::new(text.trim_end_matches(['\r', '\n']))))
}

#[allow(clippy::disallowed_methods, reason = "the environment is read in this room only")]
fn from_env(name: &str) -> Result<String, Fault> {
    std::env::var(name).map_err(|_| Fault::usage(format!("the environment variable {name} is not set"), "email.password_env names it"))
}

fn from_file(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|source| Fault::File {
        what: "read",
        path: path.display().to_string(),
        source,
        hint: "email.password_file names it; give this account the right to read it",
    })
}

/// What the command prints is told to nobody, also where it fails.
fn from_command(dir: &Path, command: &str) -> Result<String, Fault> {
    let failed = || Fault::usage("email.password_command gave no password", "run the command by hand in the home and see what it says");
    let output = Command::new("sh").args(["-c", command]).current_dir(dir).output().map_err(|_| failed())?;
    if !output.status.success() {
        return Err(failed());
    }
    String::from_utf8(output.stdout).map_err(|_| failed())
}
