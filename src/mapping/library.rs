//! All mappings of an installation: those that come with it, and a council's own in place of or beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use schema::{Columns, ConfigFault};

use crate::Mapping;
use crate::cases::{self, CaseOutcome, Cases};

/// The mappings, by id.
#[derive(Debug, Default, Clone)]
pub struct Library {
    mappings: BTreeMap<String, Arc<Mapping>>,
    cases: BTreeMap<String, Arc<Cases>>,
}

impl Library {
    /// Reads mapping files, given as path (`sims/pupils.toml`) and text. A later file takes the place of an earlier one
    /// of the same id, and a later `sims/pupils.cases.toml` that of the earlier cases. Other files are passed over.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn load(files: impl IntoIterator<Item = (String, String)>) -> Result<Library, Vec<ConfigFault>> {
        let mut library = Library::default();
        let mut faults = Vec::new();
        for (path, text) in files {
            if path.ends_with(".cases.toml") {
                match Cases::parse(&path, &text) {
                    Ok(cases) => drop(library.cases.insert(cases.mapping.clone(), Arc::new(cases))),
                    Err(more) => faults.extend(more),
                }
            } else if path.ends_with(".toml") {
                match Mapping::parse(&path, &text) {
                    Ok(mapping) => drop(library.mappings.insert(mapping.id.clone(), Arc::new(mapping))),
                    Err(more) => faults.extend(more),
                }
            }
        }
        if faults.is_empty() { Ok(library) } else { Err(faults) }
    }

    /// The mapping of that id (`sims/pupils`).
    pub fn get(&self, id: &str) -> Option<&Arc<Mapping>> {
        self.mappings.get(id)
    }

    /// All mappings, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Mapping>> {
        self.mappings.values()
    }

    /// All mappings of a system (`sims`), by id.
    pub fn of_system(&self, system: &str) -> Vec<&Arc<Mapping>> {
        self.mappings.values().filter(|m| m.system == system).collect()
    }

    /// The mappings of a system that fit a file's headings, by id. None or two: a person must say which it is.
    pub fn fitting(&self, system: &str, columns: &Columns) -> Vec<&Arc<Mapping>> {
        self.mappings.values().filter(|m| m.system == system && m.fits(columns)).collect()
    }

    /// Runs the cases that stand beside the mappings: all, or those of one mapping.
    pub fn run_cases(&self, only: Option<&str>) -> Vec<CaseOutcome> {
        let wanted = self.cases.values().filter(|cases| only.is_none_or(|id| id == cases.mapping));
        wanted.flat_map(|cases| cases::run(cases, self.get(&cases.mapping).map(|m| &**m))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPPING: &str =
        "title = \"A\"\nas_of = \"arrival\"\nrequires = \"Surname\"\n[[field]]\nto = \"name.surname\"\nfrom = \"Surname\"\n";

    fn load(files: &[(&str, &str)]) -> Result<Library, Vec<ConfigFault>> {
        Library::load(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
    }

    #[test]
    fn a_later_file_takes_the_place_of_an_earlier_one() {
        let library = load(&[
            ("sims/a.toml", MAPPING),
            ("sims/b.toml", MAPPING),
            ("home/mappings/sims/a.toml", &MAPPING.replace("\"A\"", "\"Ours\"")),
            ("sims/README.md", "x"),
        ])
        .unwrap();
        assert_eq!(library.get("sims/a").unwrap().title, "Ours");
        assert_eq!(library.of_system("sims").iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["sims/a", "sims/b"]);
        let mut columns = Columns::default();
        columns.add("surname");
        assert_eq!(library.fitting("sims", &columns).len(), 2);
        assert!(library.fitting("lists", &columns).is_empty());
    }

    #[test]
    fn the_faults_of_all_files_come_together() {
        let faults =
            load(&[("sims/a.toml", "x = 1"), ("sims/b.toml", MAPPING), ("sims/b.cases.toml", "[[case]]\nnam = \"x\"\n")]).unwrap_err();
        assert!(
            faults.iter().any(|f| f.file == "sims/a.toml") && faults.iter().any(|f| f.file == "sims/b.cases.toml" && f.line == 2),
            "{faults:?}"
        );
    }

    #[test]
    fn a_case_that_fails_says_what_differs() {
        let cases = |expect: &str| {
            format!("[[case]]\nname = \"one\"\nexpect = '''{expect}'''\nkeys = [\"\"]\n[[case.row]]\nSurname = \"Example\"\n")
        };
        let run = |expect: &str| load(&[("sims/a.toml", MAPPING), ("sims/a.cases.toml", &cases(expect))]).map(|l| l.run_cases(None));
        let good = run("[{\"name\": {\"surname\": \"Example\"}, \"problems\": [{\"code\": \"who-is-this\"}]}]").unwrap();
        assert!(good[0].ok && good[0].id == "sims/a: one", "{good:?}");
        let bad = run("[{\"name\": {\"surname\": \"Other\"}, \"sex\": \"F\", \"problems\": [{\"code\": \"which-school\"}]}]").unwrap();
        assert_eq!(
            bad[0].difference.lines().collect::<Vec<_>>(),
            [
                "record 1.name.surname: expected \"Other\", found \"Example\"",
                "record 1.problems[0].code: expected \"which-school\", found \"who-is-this\"",
                "record 1.sex: expected \"F\", found nothing"
            ]
        );
        assert_eq!(run("[]").unwrap()[0].difference.lines().count(), 1);
        assert_eq!(run("[{\"nam\": 1}]").unwrap_err()[0].line, 3);
        assert_eq!(run("[{").unwrap_err()[0].line, 3);
        let alone = load(&[("sims/a.cases.toml", &cases("[]"))]).unwrap().run_cases(Some("sims/a"));
        assert!(!alone[0].ok && alone[0].difference.contains("no mapping"));
    }
}
