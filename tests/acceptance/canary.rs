//! Names never leak: fifty children whose every value can be told from any other text go through nights with moves, mail that
//! works and mail that does not, faults of all kinds; and nothing that people, logs or mail servers see without asking for the
//! child has one of the values. Personal data may stand in the files for the schools, attachments, the database, the landing
//! and the drop folders, and nowhere else.

use std::fs;
use std::process::Stdio;

use acceptance::{Agreement, Answer, ELMWOOD, FOLDER, HEALTH, MailServer, Move, OAKWOOD, ONE, PUPILS, Person, Town, below, housing};
use serde_json::Value;

use crate::scanner::Scanner;

const CANARIES: u32 = 50;
/// Words of which every canary has its own variant.
const WORDS: [&str; 5] = ["Kanärienvogel", "Zwitscherine", "Volierenweg", "Nistkastenallee", "Vogelmutter"];

fn canary(n: u32) -> Person {
    Person {
        surname: format!("Kanärienvogel{n}z"),
        forename: format!("Zwitscherine{n}q"),
        street: format!("{n} Volierenweg"),
        postcode: format!("SO14 {}XQ", n % 10),
        ..Person::of(7000 + n)
    }
}

fn flight(n: u32) -> Move {
    let m = Move::of(&canary(n)).to(&format!("{n} Nistkastenallee"), &format!("SO16 {}XR", n % 10)).with(
        "Vogelmutter",
        "Kanärienvogel",
        "1981-12-31",
    );
    match n % 10 {
        3 => m.protected(),
        5 => m.of_nobody(),
        _ => m,
    }
}

fn scanner() -> Scanner {
    let people: Vec<Person> = (1..=CANARIES).map(canary).collect();
    let codes = people.iter().flat_map(|p| {
        [
            p.upn.clone(),
            p.nhs.clone(),
            p.day(),
            p.dob.to_string(),
            p.postcode.clone(),
            p.postcode.replace("SO14", "SO16").replace("XQ", "XR"),
        ]
    });
    Scanner::of(codes.chain(WORDS.map(str::to_owned)).chain(["1981-12-31".to_owned()]))
}

/// Everything that was said, with what said it.
#[derive(Default)]
struct Said(Vec<(String, Vec<u8>)>);

impl Said {
    fn add(&mut self, what: impl Into<String>, text: impl Into<Vec<u8>>) {
        self.0.push((what.into(), text.into()));
    }

    /// Runs a command; its stderr counts, and where nobody asked for a child its stdout too.
    fn run(&mut self, town: &Town, words: &[&str]) -> Answer {
        let answer = town.run(words);
        assert!(!answer.err.contains("panicked"), "{words:?}: {}", answer.err);
        self.add(format!("stderr of {words:?}"), answer.err.clone());
        if !asks_for_a_child(words) {
            self.add(format!("stdout of {words:?}"), answer.out.clone());
        }
        answer
    }
}

fn asks_for_a_child(words: &[&str]) -> bool {
    matches!(words, ["child", ..] | ["outbox", "show", ..] | ["quarantine", "show", ..])
}

/// The town of the canaries: Oakwood is told by mail and else by folder, Elmwood by a notice and the folder it speaks of.
fn town() -> Town {
    let mut town = Town::of(std::iter::empty(), std::iter::empty());
    for (school, content, more) in [(OAKWOOD, "attachment", FOLDER), (ELMWOOD, "notice", "")] {
        let agreement = Agreement::with(school);
        let mail = agreement.mail(content);
        town.agree(&agreement.by(&(mail + more)));
    }
    let of = |half: u32| (1..=CANARIES).filter(|n| n % 2 == half).map(canary).collect::<Vec<_>>();
    town.roll("oakwood", "2026-11-20", &of(0));
    town.roll("elmwood", "2026-11-20", &of(1));
    let all: Vec<Person> = (1..=CANARIES).map(canary).collect();
    town.drop_file("one", "one_2026-11-20.csv", ONE.to_owned() + &all.iter().map(Person::one).collect::<String>());
    town.drop_file("health", "health_2026-11-20.csv", HEALTH.to_owned() + &all.iter().map(Person::health).collect::<String>());
    town
}

/// Files of the housing team with faults of all kinds: ending and text.
fn faults() -> Vec<(&'static str, String)> {
    let (m, p) = (flight(1), canary(1));
    let text = housing(std::slice::from_ref(&m));
    let object = m.object().to_string();
    vec![
        ("csv", text.replace("2026-11-20", &p.surname)),
        ("csv", text.replace("2026-11-20", "")),
        ("csv", text.replace(&p.dob.to_string(), &p.street)),
        ("csv", text.replace(",move,", &format!(",{},", p.surname))),
        ("csv", text.replace(",false", &format!(",{}", p.forename))),
        ("csv", text.replacen(&p.forename, &format!("\"{}", p.forename), 1)),
        ("csv", text.lines().skip(1).map(|l| format!("{l}\n")).collect()),
        ("csv", text.replace(&m.from.postcode, "SO14")),
        ("csv", text.replace(",,", &format!(",{},", p.upn))),
        ("json", object[..object.len() - 30].to_owned()),
        ("json", object.replace("\"move\"", &format!("[\"{}\"]", p.surname))),
        ("json", object.replace("\"moved_on\":\"2026-11-20\"", &format!("\"moved_on\":\"{}\"", p.street))),
        ("json", object.replace("\"people\":", &format!("\"people\":\"{}\",\"more\":", p.surname))),
        ("json", format!("[{object},\"{}\"]", p.surname)),
        ("json", object.replace(&p.dob.to_string(), "01.02.2015")),
        ("jsonl", format!("{object}\n{}\n", &object[..object.len() / 2])),
        ("json", m.event().to_string().replace("ContactDetailEditedEvent", &p.surname)),
        ("json", m.event().to_string().replace("2026-11-20T09:12:44Z", &p.street)),
        ("json", m.event().to_string().replace("\"oldData\":{", &format!("\"oldData\":{{\"x\":\"{}\",", p.surname))),
    ]
}

/// What mail servers see of a mail beside the attachment.
fn seen_by_mail_servers(mail: &Value) -> String {
    let mut mail = mail.clone();
    for file in mail["files"].as_array_mut().unwrap() {
        file["sha256"] = Value::Null;
    }
    mail.to_string()
}

/// Starts a delivery that hangs, and reads the arguments of its processes.
fn arguments(town: &Town) -> Vec<u8> {
    let mut child = town.command(&["deliver"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut seen = Vec::new();
    while child.try_wait().unwrap().is_none() {
        for task in fs::read_dir(format!("/proc/{}/task", child.id())).into_iter().flatten().flatten() {
            seen.extend(fs::read(task.path().join("cmdline")).unwrap_or_default());
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            for id in children.split_whitespace() {
                seen.extend(fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default());
            }
        }
        std::thread::yield_now();
    }
    seen.dedup();
    seen
}

/// Every path below the home, and what stands in files in which no personal data may be.
fn lying_about(town: &Town, said: &mut Said) {
    let home = town.dir();
    for path in below(&home) {
        let inside = path.strip_prefix(&home).unwrap().to_string_lossy().into_owned();
        said.add("names of files", inside.clone().into_bytes());
        let may_have = ["out/", "landing/", "drop/", "onroll.db"].iter().any(|p| inside.starts_with(p)) && !inside.ends_with(".reason.txt");
        if !may_have {
            said.add(inside, fs::read(&path).unwrap());
        }
    }
}

fn first_night(town: &mut Town, server: &MailServer, said: &mut Said) {
    town.config(&server.section());
    said.run(town, &["sync", "--json"]);
    let file = town.file("by_hand.csv", housing(&(1..=10).map(flight).collect::<Vec<_>>()));
    said.run(town, &["import", "housing", file.to_str().unwrap(), "--dry-run"]);
    said.run(town, &["import", "housing", file.to_str().unwrap(), "--json"]);
    town.housing_file("csv", &housing(&(11..=20).map(flight).collect::<Vec<_>>()));
    town.housing_file("json", &Value::Array((21..=30).map(|n| flight(n).object()).collect()).to_string());
    town.housing_file("jsonl", &(31..=36).map(|n| format!("{}\n", flight(n).object())).collect::<String>());
    town.housing_file("json", &Value::Array((37..=40).map(|n| flight(n).event()).collect()).to_string());
    said.run(town, &["sync"]);
    for mail in server.ledger() {
        said.add("a mail", seen_by_mail_servers(&mail));
    }
}

/// Faulty files, faulty commands.
fn a_bad_day(town: &mut Town, said: &mut Said) {
    for (n, (ending, text)) in faults().into_iter().enumerate() {
        let file = town.file(&format!("fault{n}.{ending}"), &text);
        said.run(town, &["import", "housing", file.to_str().unwrap(), "--source", "housing"]);
        town.housing_file(ending, &format!("{text}\n"));
    }
    town.drop_file(
        "oakwood",
        "bad_2026-11-24.csv",
        PUPILS.to_owned() + &canary(2).pupil().replace("/2014", "/1814") + &canary(4).pupil().replace(',', ";"),
    );
    said.run(town, &["sync"]);
    let (id, upn) = (town.id(&canary(2)), canary(2).upn);
    let commands: Vec<Vec<&str>> = vec![
        vec!["child", "show", &id],
        vec!["child", "show", "C999"],
        vec!["child", "history", &id],
        vec!["child", "find", "--upn", &upn],
        vec!["child", "restrict", &id, "--reason", "custody"],
        vec!["child", "restrict", &id, "--reason", "custody"],
        vec!["child", "unrestrict", &id, "--reason", "over"],
        vec!["child", "unrestrict", &id, "--reason", "over"],
        vec!["release", "M999", "--reason", "x"],
        vec!["release", "M1", "--reason", "x"],
        vec!["outbox", "retry", "M1"],
        vec!["outbox", "cancel", "M1", "--reason", "x"],
        vec!["outbox", "show", "M1"],
        vec!["outbox", "show", "M999"],
        vec!["task", "done", "T999", "--reason", "x"],
        vec!["task", "show", "T1"],
        vec!["disclosures", "--child", &id, "--json"],
        vec!["disclosures", "--child", "C999"],
        vec!["ledger", "--payload", "P999"],
    ];
    for words in &commands {
        said.run(town, words);
    }
    let waiting = town.json(&["quarantine", "list", "--json"]);
    for item in waiting.as_array().unwrap().iter().take(5) {
        let item = item["id"].as_str().unwrap();
        said.run(town, &["quarantine", "show", item]);
        said.run(town, &["quarantine", "fix", item, "moved_on=next week", "--reason", "x"]);
        said.run(town, &["quarantine", "reject", item, "--reason", "x"]);
    }
}

/// The mail server is down, then it hangs; the folder of one school cannot be written.
fn nights_of_trouble(town: &mut Town, section: &str, said: &mut Said) {
    town.set_now("2026-11-25T09:00:00Z");
    town.housing_file("csv", &housing(&(41..=46).map(flight).collect::<Vec<_>>()));
    said.run(town, &["sync"]);
    for hour in 10..16 {
        town.set_now(&format!("2026-11-25T{hour}:00:00Z"));
        said.run(town, &["deliver", "--json"]);
    }
    let Some(hangs) = MailServer::start("hang-after-end") else { return };
    let toml = fs::read_to_string(town.dir().join("onroll.toml")).unwrap();
    town.write("onroll.toml", &toml.replace(section, &hangs.section().replace("timeout_seconds = 5", "timeout_seconds = 1")));
    town.set_now("2026-11-26T09:00:00Z");
    let file = town.file("last.csv", housing(&(47..=CANARIES).map(flight).collect::<Vec<_>>()));
    said.run(town, &["import", "housing", file.to_str().unwrap()]);
    let arguments = arguments(town);
    assert!(!arguments.is_empty(), "the processes were seen");
    said.add("arguments of processes", arguments);
    for mail in hangs.ledger() {
        said.add("a mail", seen_by_mail_servers(&mail));
    }
}

#[test]
fn fifty_canaries_go_through_nights_of_all_kinds_and_nothing_is_told_where_nobody_asked() {
    let Some(server) = MailServer::start("good") else { return };
    let (mut town, mut said, section) = (town(), Said::default(), server.section());
    first_night(&mut town, &server, &mut said);
    assert!(server.ledger().len() >= 10, "mails were sent: {}", server.ledger().len());
    a_bad_day(&mut town, &mut said);
    drop(server);
    nights_of_trouble(&mut town, &section, &mut said);
    for words in [
        &["outbox", "list"][..],
        &["outbox", "list", "--all", "--json"],
        &["task", "list", "--all"],
        &["task", "list", "--all", "--json"],
        &["disclosures"],
        &["disclosures", "--json"],
        &["hold", "list"],
        &["hold", "list", "--json"],
        &["worklist"],
        &["worklist", "--json"],
        &["quarantine", "list", "--json"],
        &["ledger", "--json"],
        &["agreements", "--json"],
        &["agreements", "check"],
        &["check"],
        &["audit", "verify", "--json"],
        &["deliver", "--json"],
    ] {
        said.run(&town, words);
    }
    let export = town.dir().join("export");
    said.run(&town, &["audit", "export", export.to_str().unwrap()]).expect(0);
    lying_about(&town, &mut said);
    let scanner = scanner();
    for (what, text) in &said.0 {
        let hits = scanner.hits(text);
        assert!(hits.is_empty(), "{what} told {hits:?}: {}", String::from_utf8_lossy(text));
    }
    // The scanner finds what stands where it may stand, so it would have found it elsewhere.
    let told = below(&town.dir().join("out"));
    assert!(told.len() >= 10 && told.iter().all(|p| scanner.hits(&fs::read(p).unwrap()).len() >= 4), "{told:?}");
    let asked = town.run(&["child", "find", "--name", "Kanärienvogel1z"]).expect(0).out;
    assert!(scanner.hits(asked.as_bytes()).len() >= 3, "the canaries came in: {asked}");
    let states = town.states();
    for state in ["sent", "held"] {
        assert!(states.iter().any(|s| s == state), "{state}: {states:?}");
    }
}
