//! A town with two schools that are to hear where their children live now.

use std::collections::BTreeMap;
use std::fs;
use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::{Agreement, Answer, Home, Move, PUPILS, Person, SCHOOL, housing};

/// A school; its files are dropped into `drop/oakwood/`.
pub const OAKWOOD: &str = "8524001";
/// Another; `drop/elmwood/`.
pub const ELMWOOD: &str = "8524002";

const SCHOOLS: &str = "laestab,urn,name,phase,la,mis,lowest_year,highest_year,channel,link_ewo,list_outstanding
8524001,,Oakwood,secondary,852,SIMS,7,11,,,
8524002,,Elmwood,secondary,852,SIMS,7,11,,,
";

/// A home with two schools, each with an agreement in force by folder.
pub struct Town {
    home: Home,
    /// Files dropped so far, so that each has a name of its own.
    dropped: u32,
}

impl Deref for Town {
    type Target = Home;
    fn deref(&self) -> &Home {
        &self.home
    }
}

impl DerefMut for Town {
    fn deref_mut(&mut self) -> &mut Home {
        &mut self.home
    }
}

impl Town {
    /// Children 1 to 9 are at Oakwood, 51 to 59 at Elmwood; both schools sent their rolls on 16 November.
    pub fn new() -> Town {
        let town = Town::of(1..10, 51..60);
        town.run(&["sync"]).expect(0);
        town
    }

    /// Children of these numbers at Oakwood and at Elmwood, whose rolls are not read yet.
    pub fn of(oakwood: impl Iterator<Item = u32>, elmwood: impl Iterator<Item = u32>) -> Town {
        let home = Home::new(&(SCHOOL.to_owned() + &SCHOOL.replace("oakwood", "elmwood").replace(OAKWOOD, ELMWOOD)));
        home.write("schools.csv", SCHOOLS);
        let mut town = Town { home, dropped: 0 };
        for school in [OAKWOOD, ELMWOOD] {
            town.agree(&Agreement::with(school));
        }
        town.roll("oakwood", "2026-11-16", &oakwood.map(Person::of).collect::<Vec<_>>());
        town.roll("elmwood", "2026-11-16", &elmwood.map(Person::of).collect::<Vec<_>>());
        town
    }

    /// Writes an agreement into the home.
    pub fn agree(&self, agreement: &Agreement) {
        self.write(&format!("agreements/{}.toml", agreement.school), &agreement.toml());
    }

    /// Adds lines to `onroll.toml`.
    pub fn config(&self, more: &str) {
        let text = fs::read_to_string(self.dir().join("onroll.toml")).expect("onroll.toml");
        self.write("onroll.toml", &(text + more));
    }

    /// Drops a school's roll of that day.
    pub fn roll(&mut self, source: &str, day: &str, children: &[Person]) {
        let text = children.iter().fold(PUPILS.to_owned(), |text, child| text + &child.pupil());
        self.dropped += 1;
        self.drop_file(source, &format!("pupils{:03}_{day}.csv", self.dropped), text);
    }

    /// Drops a file of the housing team and gives its name.
    pub fn housing_file(&mut self, ending: &str, text: &str) -> String {
        self.dropped += 1;
        let name = format!("moves{:03}.{ending}", self.dropped);
        self.drop_file("housing", &name, text);
        name
    }

    /// The housing team reports these moves; the night runs.
    #[track_caller]
    pub fn moved(&mut self, moves: &[Move]) -> Answer {
        self.housing_file("csv", &housing(moves));
        self.run(&["sync"]).expect(0)
    }

    /// The housing team's file comes in by hand: what it means is worked out, and nothing is sent.
    #[track_caller]
    pub fn reported(&mut self, moves: &[Move]) -> Answer {
        self.dropped += 1;
        let file = self.file(&format!("moves{:03}.csv", self.dropped), housing(moves));
        self.run(&["import", "housing", file.to_str().expect("a path")]).expect(0)
    }

    /// The names of the files that wait for a school.
    pub fn out(&self, school: &str) -> Vec<String> {
        self.names(&format!("out/{school}"))
    }

    /// The rows of all files that wait for a school, by the names of their columns, in the order of the files' names.
    #[track_caller]
    pub fn told(&self, school: &str) -> Vec<BTreeMap<String, String>> {
        let read = |name: String| {
            let bytes = fs::read(self.dir().join("out").join(school).join(&name)).expect("a file for the school");
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(|row| row.expect("a row")).collect();
            assert_eq!(rows.len(), 1, "{name} has one row: {}", String::from_utf8_lossy(&bytes));
            rows.into_iter().next().expect("one row")
        };
        self.out(school).into_iter().map(read).collect()
    }

    /// The streets that a school was told, in the order of the files' names.
    #[track_caller]
    pub fn streets(&self, school: &str) -> Vec<String> {
        self.told(school).into_iter().map(|row| row["address.lines"].clone()).collect()
    }

    /// All messages.
    #[track_caller]
    pub fn outbox(&self) -> Vec<Value> {
        self.json(&["outbox", "list", "--json"]).as_array().expect("messages").clone()
    }

    /// The states of all messages, in the order of their ids.
    #[track_caller]
    pub fn states(&self) -> Vec<String> {
        let mut all: Vec<(u64, String)> = self.outbox().iter().map(|m| (number(&m["id"]), text(&m["state"]))).collect();
        all.sort();
        all.into_iter().map(|(_, state)| state).collect()
    }

    /// The kinds of the open tasks, sorted.
    #[track_caller]
    pub fn tasks(&self) -> Vec<String> {
        let list = self.json(&["task", "list", "--json"]);
        let mut kinds: Vec<String> = list.as_array().expect("tasks").iter().map(|t| text(&t["kind"])).collect();
        kinds.sort();
        kinds
    }

    /// The log of disclosures.
    #[track_caller]
    pub fn disclosures(&self) -> Vec<Value> {
        self.json(&["disclosures", "--json"]).as_array().expect("disclosures").clone()
    }

    /// The id of a child.
    #[track_caller]
    pub fn id(&self, child: &Person) -> String {
        let found = self.json(&["child", "find", "--upn", &child.upn, "--json"]);
        text(&found[0]["id"])
    }

    /// The open findings of the rule about addresses: child and reason.
    #[track_caller]
    pub fn unknown_addresses(&self) -> Vec<(String, String)> {
        let all = self.run(&["worklist", "--rule", "address-not-known-at-school", "--json"]).expect(0).lines();
        all.iter().map(|f| (text(&f["child"]), f["reason"].as_str().unwrap_or_default().to_owned())).collect()
    }
}

impl Default for Town {
    fn default() -> Self {
        Town::new()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn number(id: &Value) -> u64 {
    text(id)[1..].parse().expect("an id")
}
