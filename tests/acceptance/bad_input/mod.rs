//! Bad input, a test each: what the command says, with which code it ends, where the file lies afterwards, and that every
//! row is accounted for. The file comes into a school's drop folder, beside a good file of another source.

mod machine;
mod unreadable;
mod values;

use std::fs;

use acceptance::{Answer, Home, Person, SCHOOL, counts, health};
use serde_json::Value;

/// A night with one bad file.
struct Night {
    home: Home,
    answer: Answer,
    name: &'static str,
    bytes: Vec<u8>,
}

/// Puts the file into the school's drop folder, long after it was written, with a good list beside it, and runs the night.
fn night(name: &'static str, bytes: impl AsRef<[u8]>) -> Night {
    let home = Home::new(SCHOOL);
    home.drop_aged("oakwood", name, &bytes, 60);
    home.drop_aged("health", "health_2026-11-20.csv", health(900, 2), 60);
    let answer = home.run(&["sync", "--json"]);
    Night { home, answer, name, bytes: bytes.as_ref().to_vec() }
}

impl Night {
    /// The payload of the file in the report.
    fn payload(&self) -> Value {
        let report = self.answer.json();
        let payloads = report["payloads"].as_array().unwrap();
        payloads.iter().find(|p| p["file"] == self.name).unwrap_or_else(|| panic!("{report}")).clone()
    }

    fn rows(&self) -> [u64; 5] {
        counts(&self.payload()["rows"])
    }

    /// How often each kind of fault was found in which column.
    fn problems(&self) -> Vec<(String, String, u64)> {
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let payload = self.payload();
        let problems = payload["problems"].as_array().unwrap().iter();
        let mut all: Vec<_> = problems.map(|p| (text(&p["code"]), text(&p["column"]), p["count"].as_u64().unwrap())).collect();
        all.sort();
        all
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.home.dir().join("drop/oakwood").join(path)).unwrap()
    }

    /// Exit code 1; the file lies in `failed/` as it was, its reason beside it; stderr and reason name what is wrong and what
    /// to do; no value of a child stands in either; the other source's file went in.
    #[track_caller]
    fn failed(&self, words: &[&str]) {
        assert_eq!(self.answer.code, 1, "{}", self.answer.err);
        assert_eq!(self.home.names("drop/oakwood"), ["done", "failed"]);
        assert_eq!(self.home.names("drop/oakwood/done"), [""; 0]);
        assert_eq!(self.home.names("drop/oakwood/failed"), [self.name.to_owned(), format!("{}.reason.txt", self.name)]);
        assert_eq!(fs::read(self.home.dir().join("drop/oakwood/failed").join(self.name)).unwrap(), self.bytes);
        let reason = self.text(&format!("failed/{}.reason.txt", self.name));
        for word in words {
            assert!(reason.contains(word), "the reason does not say \"{word}\": {reason}");
            assert!(self.answer.err.contains(word), "stderr does not say \"{word}\": {}", self.answer.err);
        }
        assert!(self.answer.err.contains(self.name), "{}", self.answer.err);
        self.says_no_value(&reason);
        self.others_went_on();
    }

    /// Exit code 0; the file lies in `done/`; stderr has no value of a child.
    #[track_caller]
    fn done(&self) {
        assert_eq!(self.answer.code, 0, "{}", self.answer.err);
        assert_eq!(self.home.names("drop/oakwood/done"), [self.name]);
        assert_eq!(self.home.names("drop/oakwood/failed"), [""; 0]);
        self.says_no_value("");
        self.others_went_on();
    }

    #[track_caller]
    fn says_no_value(&self, reason: &str) {
        for n in 0..5 {
            let person = Person::of(n);
            for value in [&person.upn, &person.surname, &person.postcode, &person.day(), &person.dob.to_string()] {
                assert!(!self.answer.err.contains(value.as_str()) && !reason.contains(value.as_str()), "{value}: {}", self.answer.err);
            }
        }
    }

    #[track_caller]
    fn others_went_on(&self) {
        assert_eq!(self.home.names("drop/health/done"), ["health_2026-11-20.csv"]);
        assert_eq!(self.home.children(&Person::of(900).surname).len(), 1);
    }
}
