//! `onroll.toml`: its sections, each owned by the room that uses it, and its faults with file, line and column.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use connect::channel::MailSettings;
use schema::{ConfigFault, LaCode, Laestab, Role, SourceConfig};
use serde::Deserialize;
use toml::Spanned;

/// Name of the file in the home.
pub const FILE: &str = "onroll.toml";

/// The file as a whole. Unknown keys are errors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Our own authority, three digits. There is no default.
    pub authority: LaCode,
    /// Neighbouring authorities, whose schools `schools import` takes too.
    #[serde(default)]
    pub neighbours: Vec<LaCode>,
    /// A fixed date for a demonstration: every command takes it for today. Leave it out in real use.
    #[serde(default, deserialize_with = "day")]
    pub today: Option<NaiveDate>,
    /// People who may act: name = role.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// Where the database is.
    #[serde(default)]
    pub database: Database,
    /// Drop folders.
    #[serde(default)]
    pub drop: DropSettings,
    /// When a full export waits for a person.
    #[serde(default)]
    pub snapshot: hub::SnapshotSettings,
    /// Rules.
    #[serde(default)]
    pub rules: rules::Settings,
    /// Delivery of messages.
    #[serde(default)]
    pub delivery: delivery::Settings,
    /// The server that takes our mail; without it, mail channels do not work.
    #[serde(default)]
    pub email: Option<MailSettings>,
    /// The disclosure log.
    #[serde(default)]
    pub audit: AuditSettings,
    /// Sources.
    #[serde(default)]
    pub source: Vec<Spanned<SourceConfig>>,
}

/// A person of `[people]`: a role, or a role and the school it is bound to.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "a role (officer, manager, admissions, ews, housing, school, social-care, governance, ict), or { role = \"school\", laestab = \"8524001\" }"
)]
pub enum Person {
    /// `"Jo Officer" = "officer"`.
    Role(Role),
    /// `"Sam Clerk" = { role = "school", laestab = "8524001" }`.
    AtSchool(AtSchool),
}

/// A role bound to a school.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtSchool {
    role: Role,
    laestab: Laestab,
}

impl Person {
    /// What the person is.
    pub fn role(&self) -> Role {
        match self {
            Person::Role(role) => *role,
            Person::AtSchool(at) => at.role,
        }
    }

    /// The school the person is bound to.
    pub fn school(&self) -> Option<Laestab> {
        match self {
            Person::Role(_) => None,
            Person::AtSchool(at) => Some(at.laestab),
        }
    }
}

/// `[database]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite:PATH`, relative to the home. `ONROLL_DATABASE_URL` beats it.
    pub url: String,
}

impl Default for Database {
    fn default() -> Self {
        Database { url: "sqlite:onroll.db".to_owned() }
    }
}

/// `[drop]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DropSettings {
    /// A file written less than this many seconds ago is looked at a second time before it is taken.
    pub settle_seconds: u64,
}

impl Default for DropSettings {
    fn default() -> Self {
        DropSettings { settle_seconds: 1 }
    }
}

/// `[audit]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditSettings {
    /// Where the signed heads of the disclosure log go, relative to the home: better on another machine or a share that this
    /// account can only append to, so that a log that was made anew is found out.
    pub head_file: String,
}

impl Default for AuditSettings {
    fn default() -> Self {
        AuditSettings { head_file: "audit-heads.jsonl".to_owned() }
    }
}

/// A TOML date, or the same as text.
fn day<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Toml(toml::value::Datetime),
        Text(String),
    }
    let text = match Day::deserialize(d)? {
        Day::Toml(at) => at.to_string(),
        Day::Text(text) => text,
    };
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("not a date; write 2026-11-24"))
}

/// Reads `onroll.toml`.
///
/// # Errors
/// What is wrong, with line and column.
pub fn parse(text: &str) -> Result<Config, Vec<ConfigFault>> {
    let config: Config = toml::from_str(text).map_err(|fault| vec![toml_fault(FILE, text, &fault)])?;
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for source in &config.source {
        let at = source.span().start;
        let id = &source.get_ref().id;
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            faults.push(ConfigFault::at_offset(FILE, text, at, "the id of this source is no folder name", "use letters, digits, - and _"));
        }
        if !seen.insert(id.clone()) {
            faults.push(ConfigFault::at_offset(
                FILE,
                text,
                at,
                format!("source \"{id}\" stands here twice"),
                "give each installation its own id",
            ));
        }
    }
    if !(0.0..=1.0).contains(&config.snapshot.shrink_share) {
        faults.push(ConfigFault::at_line(FILE, 0, "snapshot.shrink_share is not between 0 and 1", "write 0.2 for 20 %"));
    }
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

/// A fault of the TOML reader at its place.
pub fn toml_fault(file: &str, text: &str, fault: &toml::de::Error) -> ConfigFault {
    let hint = "see README for the keys of this file";
    match fault.span() {
        Some(span) => ConfigFault::at_offset(file, text, span.start, fault.message(), hint),
        None => ConfigFault::at_line(file, 0, fault.message(), hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_a_fault_at_its_place() {
        let faults = parse("authority = \"852\"\nneighbors = []\n").unwrap_err();
        assert_eq!((faults[0].line, faults[0].column), (2, 1));
    }

    #[test]
    fn there_is_no_default_authority() {
        assert!(parse("").unwrap_err()[0].what.contains("authority"));
    }

    #[test]
    fn an_unknown_role_is_a_fault_that_names_the_roles() {
        let faults = parse("authority = \"852\"\n[people]\nJo = \"boss\"\n").unwrap_err();
        assert!(faults[0].what.contains("officer") && faults[0].line == 3, "{faults:?}");
    }

    #[test]
    fn two_sources_of_one_id_are_a_fault() {
        let source = "[[source]]\nid = \"a\"\nconnector = \"sims\"\n";
        assert_eq!(parse(&format!("authority = \"852\"\n{source}{source}")).unwrap_err()[0].line, 5);
    }

    #[test]
    fn the_date_may_be_a_date_or_a_text() {
        for text in ["today = 2026-11-24", "today = \"2026-11-24\""] {
            assert_eq!(parse(&format!("{text}\nauthority = \"852\"")).unwrap().today.unwrap().to_string(), "2026-11-24");
        }
    }
}
