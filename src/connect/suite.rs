//! What `connectors/SPEC.md` asks of every connector, as a test that each of them runs. A broken promise panics, as a
//! failed assertion of a test does.
//!
//! The texts of faults are held against the values of the fixtures, so fixtures need values that no hint would use by
//! chance: names like "Example", not "missing".

mod broken;
mod payload;

use schema::raw::RawRow;

use crate::{Connector, Direction};
pub use payload::{Payload, Reading};

/// The names that users, scripts and other systems know the connectors by.
const NAMES: [&str; 12] = [
    "sims",
    "arbor",
    "bromcom",
    "capita-one",
    "care-director",
    "housing",
    "lost-pupil-database",
    "partners",
    "lists",
    "leavers-form",
    "wonde",
    "notify",
];

/// What `onroll.toml` allows in a `[[source]]`.
const SOURCE_KEYS: [&str; 6] = ["id", "connector", "laestab", "mapping", "complete", "max_age_days"];

/// Runs everything with the connector's own fixtures. Workbooks need a sandbox: see [`run_with`].
pub fn run(connector: &Connector) {
    let nowhere = formats::Sandbox { program: "no-sandbox-in-this-test".into(), args: Vec::new() };
    run_with(connector, &[], &nowhere);
}

/// Runs everything with the connector's own fixtures and further payloads made by the test (workbooks, large files).
pub fn run_with(connector: &Connector, more: &[Payload], sandbox: &formats::Sandbox) {
    describes_itself(connector);
    let fixtures = connector.fixtures.iter().map(Payload::of);
    let payloads: Vec<Payload> = fixtures.chain(more.iter().cloned()).collect();
    if connector.direction.contains(&Direction::In) {
        assert!(connector.reader.is_some(), "{}: it works inward and has no reader", connector.name);
        assert!(!connector.fixtures.is_empty(), "{}: it has no fixtures", connector.name);
    }
    let Some(reader) = &connector.reader else { return };
    for payload in &payloads {
        let at = format!("{}, fixture {}", connector.name, payload.name);
        let whole = payload.read(&**reader, sandbox);
        reads_whole(&at, payload, &whole);
        assert_eq!(whole, payload.read(&**reader, sandbox), "{at}: read a second time it gives other rows");
        broken::copies_are_reported(&at, &**reader, sandbox, payload, &whole);
    }
    broken::strangers_are_refused(connector.name, &**reader, sandbox);
}

fn describes_itself(connector: &Connector) {
    let name = connector.name;
    assert!(NAMES.contains(&name), "{name}: connectors are named as the contract names them: {NAMES:?}");
    assert!(connector.about.len() > 20 && connector.about.ends_with('.'), "{name}: `about` says in a sentence what the system is");
    assert!(!connector.direction.is_empty(), "{name}: it works neither inward nor outward");
    assert!(!connector.transports.is_empty(), "{name}: no way for bytes to travel");
    for (key, meaning) in connector.config_keys {
        assert!(SOURCE_KEYS.contains(key), "{name}: `{key}` is no key of a [[source]]");
        assert!(meaning.len() > 15, "{name}: the config key `{key}` has no meaning");
        assert_eq!(connector.config_keys.iter().filter(|(other, _)| other == key).count(), 1, "{name}: `{key}` stands there twice");
    }
    for fixture in connector.fixtures {
        let plain = fixture.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'));
        assert!(plain && fixture.name.contains('.'), "{name}: a fixture is named in lower case with its extension, not `{}`", fixture.name);
        assert!(!fixture.about.is_empty(), "{name}: the fixture {} does not say what it is", fixture.name);
    }
}

fn reads_whole(at: &str, payload: &Payload, whole: &Reading) {
    assert!(whole.fault.is_none(), "{at}: it cannot be read: {:?}", whole.fault);
    assert!(whole.rows.is_empty() || !whole.columns.is_empty(), "{at}: rows without columns");
    // One object of a list may give several rows, one for each person in it: they bear one number and count once.
    let mut before = 0;
    for row in &whole.rows {
        let follows = row.number == before + 1 || row.number == before && before > 0;
        assert!(follows, "{at}: rows are numbered from 1 without a gap");
        before = row.number;
        assert!(!row.values.is_empty(), "{at}: row {before} has no value at all");
        assert!(row.values.iter().all(|(column, _)| *column < whole.columns.len()), "{at}: a value of row {before} has no column");
    }
    assert_eq!(before, payload.rows, "{at}: another number of rows than an independent count");
    let shown = format!("{:?}", RawRow::default());
    assert!(shown.starts_with("RawRow"), "a row shows only its place");
}

#[cfg(test)]
mod tests;
