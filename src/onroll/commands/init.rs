//! `init DIR`: a working config to start from.

use std::fs;
use std::path::Path;

use crate::exit::{End, Fault};
use crate::who;

/// What is written, by name. `{login}` becomes the login name, so that the first command works.
pub const FILES: [(&str, &str); 5] = [
    ("onroll.toml", include_str!("../../../config/onroll.toml")),
    ("area.csv", include_str!("../../../config/area.csv")),
    ("schools.csv", include_str!("../../../config/schools.csv")),
    ("calendar/2026-27.toml", include_str!("../../../config/calendar/2026-27.toml")),
    ("agreements/8524001.toml", include_str!("../../../config/agreements/8524001.toml")),
];

/// Writes the files into a new or empty folder.
///
/// # Errors
/// The folder is not empty, or cannot be written.
pub fn run(dir: &Path) -> Result<End, Fault> {
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fault::usage(format!("{} is not empty", dir.display()), "give a new or empty folder; a home is never written over"));
    }
    write(dir, &who::login_name())?;
    eprintln!("{} is a home now. Next:", dir.display());
    eprintln!("  1. read {}/onroll.toml and put your authority, people and sources in", dir.display());
    eprintln!("  2. onroll schools import GIAS.csv --home {}", dir.display());
    eprintln!("  3. write an agreement for each school that may be told: agreements/8524001.toml is an example, not in force");
    eprintln!("  4. onroll check --home {}", dir.display());
    Ok(End::Done)
}

fn write(dir: &Path, login: &str) -> Result<(), Fault> {
    let fault = |path: &Path| {
        let path = path.display().to_string();
        move |source| Fault::File { what: "write", path, source, hint: "give a folder that may be written" }
    };
    for folder in ["calendar", "agreements", "mappings", "drop"] {
        let path = dir.join(folder);
        fs::create_dir_all(&path).map_err(fault(&path))?;
    }
    for (name, text) in FILES {
        let path = dir.join(name);
        fs::write(&path, text.replace("{login}", login)).map_err(fault(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_init_writes_is_a_home_without_a_fault() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "tester").unwrap();
        let home =
            crate::home::open(dir.path(), None).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        assert!(home.unwrap().config.people.contains_key("tester"));
    }
}
