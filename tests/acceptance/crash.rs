//! The night is killed at any moment and run again: the same records and findings as if nothing had happened, no file lost,
//! none read twice. And a landing whose key or files were changed is refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use acceptance::{Home, LEAVERS, Person, SCHOOL, Seeded, below, health, one, pupils, pupils_xml};
use serde_json::Value;

/// Two evenings' files: a school as a table and as a report, another school, leavers, two lists; some rows have faults.
fn evenings() -> [Vec<(&'static str, &'static str, String)>; 2] {
    let leavers: String = (20..40).map(|n| Person::of(n).leaver("20/11/2026", "Moved", "")).collect();
    let faulty = pupils(400, 40).replace("SO14 0AA", "SO14") + ",,,Ada,,F,8,8A,04/09/2024,1,Test Road,Southampton,SO14 0AA\n";
    [
        vec![("oakwood", "pupils_2026-11-20.csv", pupils(0, 150)), ("health", "health_2026-11-20.csv", health(0, 200))],
        vec![
            ("oakwood", "pupils_2026-11-23.xml", pupils_xml(0, 130)),
            ("oakwood", "leavers_2026-11-23.csv", LEAVERS.to_owned() + &leavers),
            ("elmwood", "pupils_2026-11-23.csv", faulty),
            ("elmwood", "broken_2026-11-23.xml", pupils_xml(300, 20).replace("</Adno><UPN>", "</Adn><UPN>")),
            ("one", "one_2026-11-23.csv", one(100, 200)),
            ("health", "health_2026-11-24.csv", health(50, 300)),
        ],
    ]
}

fn home() -> Home {
    let home = Home::new(&(SCHOOL.to_owned() + &SCHOOL.replace("oakwood", "elmwood").replace("8524001", "8524002")));
    for (source, name, text) in &evenings()[0] {
        home.drop_aged(source, name, text, 60);
    }
    home.run(&["sync"]).expect(0);
    for (source, name, text) in &evenings()[1] {
        home.drop_aged(source, name, text, 60);
    }
    home
}

/// Starts the night, lets it come so far (files landed and settled), lets it go on for a moment, and kills it; whether it was
/// still running.
fn killed(home: &Home, so_far: usize, moment: Duration) -> bool {
    let mut child = home.command(&["sync"]).stderr(Stdio::null()).spawn().unwrap();
    let progress = || below(&home.dir().join("landing")).len() + below(&home.dir().join("drop")).iter().filter(|p| is_settled(p)).count();
    let before = progress();
    while progress() < before + so_far && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let since = Instant::now();
    while since.elapsed() < moment && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

fn is_settled(path: &Path) -> bool {
    path.parent().is_some_and(|p| p.ends_with("done") || p.ends_with("failed"))
}

/// What is known in the end, and where the files lie. Ids of payloads differ where a file was landed twice.
#[derive(Debug)]
struct Picture {
    rows: [u64; 5],
    read: BTreeMap<String, Vec<[u64; 5]>>,
    findings: Vec<String>,
    quarantine: usize,
    files: Vec<PathBuf>,
}

fn picture(home: &Home) -> Picture {
    let ledger = home.json(&["ledger", "--json"]);
    let mut read: BTreeMap<String, Vec<[u64; 5]>> = BTreeMap::new();
    for payload in ledger["payloads"].as_array().unwrap().iter().filter(|p| p["state"] == "read") {
        read.entry(format!("{}/{}", payload["source"], payload["file"])).or_default().push(acceptance::counts(&payload["rows"]));
    }
    let finding = |f: &Value| format!("{} {} {} {} {} {}", f["child"], f["rule"], f["grade"], f["reason"], f["since"], f["priority"]);
    let mut findings: Vec<String> = home.worklist().iter().map(finding).collect();
    findings.sort();
    let drop = home.dir().join("drop");
    let mut files: Vec<PathBuf> = below(&drop).iter().map(|p| p.strip_prefix(&drop).unwrap().to_owned()).collect();
    files.sort();
    let quarantine = home.json(&["quarantine", "list", "--json"]).as_array().unwrap().len();
    Picture { rows: acceptance::counts(&ledger["rows"]), read, findings, quarantine, files }
}

impl Picture {
    /// Compares part by part, so that a failure shows what differs and not all that is alike.
    #[track_caller]
    fn is(&self, expected: &Picture, when: &str) {
        let only = |a: &Picture, b: &Picture| a.findings.iter().filter(|f| !b.findings.contains(f)).cloned().collect::<Vec<_>>();
        assert_eq!((only(self, expected), only(expected, self)), (vec![], vec![]), "{when}: findings");
        assert_eq!((self.rows, &self.read), (expected.rows, &expected.read), "{when}: rows");
        assert_eq!((&self.files, self.quarantine), (&expected.files, expected.quarantine), "{when}: files");
        assert_eq!(self.findings.len(), expected.findings.len(), "{when}: findings");
    }
}

#[test]
fn killed_at_twenty_moments_and_run_again_the_night_ends_as_if_nothing_had_happened() {
    let undisturbed = home();
    undisturbed.run(&["sync"]).expect(1);
    let expected = picture(&undisturbed);
    assert!(expected.findings.len() > 100 && expected.quarantine == 1, "{expected:?}");
    let (mut seeded, mut interrupted) = (Seeded::from(3), 0);
    for run in 0..20 {
        let home = home();
        // Six files are landed and six settled; the reason of the broken one is a file too.
        let (so_far, micros) = (seeded.below(14) as usize, seeded.below(40_000));
        interrupted += u32::from(killed(&home, so_far, Duration::from_micros(micros)));
        let again = home.run(&["sync"]);
        assert!(again.code <= 1, "run {run}, killed after {so_far} and {micros} us: {}", again.err);
        picture(&home).is(&expected, &format!("run {run}, killed after {so_far} and {micros} us"));
    }
    assert!(interrupted >= 10, "only {interrupted} of 20 runs were killed before their end");
}

#[test]
fn killed_over_and_over_it_comes_to_its_end_all_the_same() {
    let undisturbed = home();
    undisturbed.run(&["sync"]).expect(1);
    let home = home();
    let mut seeded = Seeded::from(11);
    for _ in 0..6 {
        killed(&home, seeded.below(5) as usize, Duration::from_micros(seeded.below(30_000)));
    }
    assert!(home.run(&["sync"]).code <= 1);
    picture(&home).is(&picture(&undisturbed), "killed six times");
    assert!(below(&home.dir().join("landing")).iter().all(|p| p.extension().is_none_or(|e| e != "part")), "half written files are swept");
}

fn landed(home: &Home) -> Vec<PathBuf> {
    below(&home.dir().join("landing")).into_iter().filter(|p| !p.ends_with("key-check")).collect()
}

#[test]
fn with_another_key_nothing_is_read_and_nothing_is_landed() {
    let home = Home::new(SCHOOL);
    home.drop_aged("oakwood", "pupils.csv", pupils(0, 3), 60);
    home.run(&["sync"]).expect(0);
    let key = home.dir().join("keys/landing.key");
    let own = fs::read(&key).unwrap();
    fs::write(&key, [7; 32]).unwrap();
    home.drop_aged("oakwood", "next.csv", pupils(0, 4), 60);
    let answer = home.run(&["sync"]).expect(1);
    assert!(answer.err.contains("landing.key is another one than that of the landed files"), "{}", answer.err);
    assert!(answer.err.contains("from the same backup"), "{}", answer.err);
    assert_eq!(landed(&home).len(), 1);
    fs::write(&key, own).unwrap();
    home.run(&["sync"]).expect(0);
    assert_eq!(home.rows(), [7, 4, 3, 0, 0]);
}

#[test]
fn a_key_that_is_missing_or_open_to_others_is_refused_with_what_to_do() {
    let home = Home::new(SCHOOL);
    home.drop_aged("oakwood", "pupils.csv", pupils(0, 3), 60);
    home.run(&["sync"]).expect(0);
    let key = home.dir().join("keys/landing.key");
    assert!(Command::new("chmod").arg("644").arg(&key).status().unwrap().success());
    let told = home.run(&["ledger"]).expect(1).err;
    assert!(told.contains("keys/landing.key") && told.contains("chmod 600"), "{told}");
    assert!(Command::new("chmod").arg("600").arg(&key).status().unwrap().success());
    fs::rename(&key, home.outside("key")).unwrap();
    assert!(home.run(&["sync"]).expect(1).err.contains("bring it back from the backup of keys/"));
    fs::rename(home.outside("key"), &key).unwrap();
    home.run(&["sync"]).expect(0);
}

#[test]
fn a_landed_file_is_no_plain_text_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new(SCHOOL);
    home.drop_aged("oakwood", "pupils.csv", pupils(0, 50), 60);
    home.run(&["sync"]).expect(0);
    for path in landed(&home) {
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"Example" || w == b"SO14 0A"));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
    }
    let mode = |name: &str| fs::metadata(home.dir().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("keys/landing.key"), 0o600);
}

#[test]
fn a_landed_file_that_was_changed_is_never_read_as_it_is() {
    let home = Home::new(SCHOOL);
    let (first, second) = (home.file("first.csv", pupils(0, 300)), home.file("second.csv", pupils(0, 301)));
    home.run(&["import", "sims", first.to_str().unwrap()]).expect(0);
    let one_landed = landed(&home)[0].clone();
    home.run(&["import", "sims", second.to_str().unwrap()]).expect(0);
    let other = landed(&home).into_iter().find(|p| *p != one_landed).unwrap();
    let (good, other_bytes) = (fs::read(&one_landed).unwrap(), fs::read(&other).unwrap());
    let middle = good.len() / 2;
    let flipped: Vec<u8> = good.iter().enumerate().map(|(i, b)| if i == middle { b ^ 1 } else { *b }).collect();
    for bad in [flipped, good[..good.len() - 9].to_vec(), other_bytes] {
        fs::write(&one_landed, bad).unwrap();
        // The same file comes again: the bad bytes are not believed, and its good copy mends the landing.
        home.run(&["import", "sims", first.to_str().unwrap()]).expect(0);
        assert_eq!((fs::read(&one_landed).unwrap().len(), home.rows()[0]), (good.len(), 601));
    }
}
