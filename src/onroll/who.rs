//! Who acts: `--as NAME`, else `ONROLL_USER`, else the login name, looked up in `[people]`.

use std::collections::BTreeMap;

use schema::{Role, Viewer};

use crate::config::Person;
use crate::exit::Fault;

/// The login name of the machine's user.
pub fn login_name() -> String {
    whoami::username().unwrap_or_default()
}

/// The person who acts.
///
/// # Errors
/// The name does not stand in `[people]`.
pub fn acting(said: Option<&str>, people: &BTreeMap<String, Person>) -> Result<Viewer, Fault> {
    let name = said.map_or_else(login_name, str::to_owned);
    let Some(person) = people.get(&name) else {
        return Err(Fault::usage(
            format!("\"{name}\" does not stand in [people] of onroll.toml, so it cannot be recorded who did this"),
            format!(
                "give --as NAME or ONROLL_USER, or add the line:  \"{name}\" = \"officer\"  under [people]; the people known are: {}",
                known(people)
            ),
        ));
    };
    Ok(Viewer { name, role: person.role(), school: person.school() })
}

/// Who looks: the person named, who must be known; without a name the login name, known or not: a reader at the machine may
/// see what the files on it show anyway (D24).
///
/// # Errors
/// A name was given that does not stand in `[people]`.
pub fn looking(said: Option<&str>, people: &BTreeMap<String, Person>) -> Result<Viewer, Fault> {
    match said {
        Some(_) => acting(said, people),
        None => Ok(acting(None, people).unwrap_or_else(|_| Viewer { name: login_name(), role: Role::Ict, school: None })),
    }
}

fn known(people: &BTreeMap<String, Person>) -> String {
    if people.is_empty() { "none".to_owned() } else { people.keys().map(String::as_str).collect::<Vec<_>>().join(", ") }
}
