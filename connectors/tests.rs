//! Every connector of the registry is run through the suite, and every folder is a connector of the registry.

use std::path::{Path, PathBuf};

use connect::suite::Payload;
use connect::{Fixture, Read, suite};
use formats::Sandbox;
use schema::Columns;
use schema::raw::RawRow;

use super::*;

/// The child process that reads workbooks: an example of this crate, built with the tests.
pub(crate) fn sandbox() -> Sandbox {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("examples").join(format!("sandbox{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is not built: cargo build -p connectors --example sandbox", program.display());
    Sandbox { program, args: Vec::new() }
}

/// The columns of a payload, and its rows with a text (perhaps an empty one) for every column.
pub(crate) fn read(reader: &dyn Read, bytes: &[u8]) -> (Columns, Vec<Vec<String>>) {
    let mut rows = reader.open(&bytes.to_vec(), &sandbox()).unwrap();
    let (mut row, mut all) = (RawRow::default(), Vec::new());
    while rows.next_row(&mut row).unwrap() {
        all.push((0..rows.columns().len()).map(|column| row.get(column).unwrap_or_default().to_owned()).collect());
    }
    (rows.columns().clone(), all)
}

/// The table of a CSV fixture as a workbook.
pub(crate) fn workbook_of(name: &str, fixture: &Fixture) -> Payload {
    let (columns, rows) = read(&lists::Lists, fixture.bytes);
    let mut sheet = formats::write::xlsx::Writer::new("Report", columns.names().iter().map(String::as_str)).unwrap();
    for row in &rows {
        sheet.row(row.iter().map(String::as_str)).unwrap();
    }
    Payload { name: name.to_owned(), bytes: sheet.finish(Vec::new()).unwrap(), rows: fixture.rows }
}

#[test]
fn every_connector_of_the_registry_passes_the_suite() {
    let registry = registry();
    assert!(registry.iter().count() >= 3);
    for connector in registry.iter() {
        suite::run(connector);
    }
}

#[test]
fn every_folder_is_a_connector_with_all_its_parts() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let registry = registry();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let names: Vec<String> = folders.iter().map(|path| path.file_name().unwrap().to_str().unwrap().replace('_', "-")).collect();
    assert_eq!(names, registry.names(), "one folder per connector and one connector per folder");
    for (folder, name) in folders.iter().zip(&names) {
        for part in ["mod.rs", "tests.rs", "fixtures"] {
            assert!(folder.join(part).exists(), "{name}: no {part}");
        }
        let connector = registry.get(name).unwrap();
        assert_eq!(connector.reader.is_some(), folder.join("read.rs").exists(), "{name}: a reader stands in read.rs");
        let tests = std::fs::read_to_string(folder.join("tests.rs")).unwrap();
        assert!(tests.contains("suite::run"), "{name}: its tests.rs does not run the suite");
        let mut files: Vec<String> =
            std::fs::read_dir(folder.join("fixtures")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        let mut fixtures: Vec<&str> = connector.fixtures.iter().map(|fixture| fixture.name).collect();
        files.sort();
        fixtures.sort_unstable();
        assert_eq!(files, fixtures, "{name}: fixtures that no test reads");
    }
}

#[test]
fn pupil_numbers_and_health_numbers_of_fixtures_are_well_formed() {
    let mut seen = 0;
    for connector in registry().iter() {
        for fixture in connector.fixtures {
            let (columns, rows) = read(connector.reader.as_deref().unwrap(), fixture.bytes);
            let values = |heading: &str| {
                columns
                    .find(heading)
                    .into_iter()
                    .flat_map(|at| rows.iter().map(move |row| row[at].as_str()))
                    .filter(|v| !v.is_empty())
                    .collect::<Vec<_>>()
            };
            let upns = values("UPN");
            let wrong = upns.iter().filter(|upn| schema::Upn::parse(upn).is_err()).count();
            let wrong_nhs = values("NHS Number").iter().filter(|nhs| schema::NhsNumber::parse(nhs).is_err()).count();
            assert_eq!((wrong, wrong_nhs), (0, 0), "{}: {}", connector.name, fixture.name);
            seen += upns.len();
        }
    }
    assert!(seen > 20);
}

#[test]
fn mapping_files_come_sorted_by_name() {
    let files = mapping_files();
    assert!(files.is_sorted());
    for (path, text) in &files {
        assert!(path.ends_with(".toml") && path.contains('/') && !path.starts_with('/'), "{path}");
        assert!(!text.is_empty(), "{path}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mappings");
    assert_eq!(folder.is_dir(), !files.is_empty(), "what lies in mappings/ is compiled in");
}
