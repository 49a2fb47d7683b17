use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use chrono::NaiveDate;
use schema::name::fold;

use super::*;
use crate::days::{of_age, today};
use crate::life::{Seen, Spot, Told};
use crate::truth::{Facts, Found, sights};

fn made(children: u32, seed: u64) -> (Council, Vec<Life>) {
    lives(&Options { children, seed, ..Options::default() }, &mut |_, _, _| {})
}

fn make_in(dir: &Path, children: u32, seed: u64, noise: f64) -> Made {
    let people = vec![("O'Officer \"J\"".to_owned(), "officer".to_owned())];
    make(&Options { children, seed, noise, people }, dir, &mut |_, _, _| {}).unwrap()
}

/// All files below a folder with their bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.strip_prefix(dir).unwrap().display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

fn found(council: &Council, lives: &[Life]) -> Vec<Vec<Found>> {
    let facts = Facts::new(council, lives);
    lives.iter().map(|life| facts.findings(life)).collect()
}

#[test]
fn every_story_ends_as_it_says() {
    for (children, seed) in [(400, 1), (400, 2), (2_000, 1), (2_000, 7), (6_000, 3)] {
        let (council, lives) = made(children, seed);
        assert_eq!(lives.len(), children as usize);
        let facts = Facts::new(&council, &lives);
        for life in lives.iter() {
            let Some(expect) = life.expect else { continue };
            let found: Vec<_> = facts.findings(life).into_iter().map(|f| (f.rule, f.grade, f.reason)).collect();
            assert_eq!(found, expect, "{} ({children}, {seed})", life.story);
        }
        truth::check(&council, &lives).unwrap();
    }
}

#[test]
fn every_story_is_told_often_enough() {
    for (children, least) in [(2_000, 3), (40_000, 10)] {
        assert!(story::times(children) >= least);
    }
    let (_, lives) = made(2_000, 1);
    let mut told: HashMap<&str, usize> = HashMap::new();
    lives.iter().for_each(|l| *told.entry(l.story).or_default() += 1);
    for name in story::stories().map(|s| s.name).chain(story::pairs().map(|p| p.name)) {
        assert!(told[name] >= 3, "{name}");
    }
    let names: Vec<_> = story::stories().map(|s| s.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "two stories of one name");
}

fn grades_and_reasons(children: u32, least: usize) {
    let (council, lives) = made(children, 1);
    let all: Vec<Found> = found(&council, &lives).into_iter().flatten().collect();
    let count = |rule: &str, word: &str| {
        all.iter().filter(|f| f.rule == rule && (f.reason == Some(word) || (f.reason.is_none() && f.grade.unwrap_or("") == word))).count()
    };
    for (rule, words) in [
        ("no-provision", &["missing", "probable", "in-transition"][..]),
        (
            "no-provision",
            &[
                "ehe-not-assessed",
                "list-outstanding",
                "awaiting-joiner",
                "base-without-list",
                "source-old",
                "moved-away",
                "unsure-link",
                "data-fault",
            ],
        ),
        ("leaver-without-ground", &["none", "words-only", "2006-ground", "9-3-of-compulsory-age"]),
        (
            "leaver-without-destination",
            &["new-school-not-confirmed", "no-destination", "no-provision-arranged", "no-written-notice", "no-new-address"],
        ),
        ("residence-unknown", &[""]),
        ("address-not-known-at-school", &["", "restricted"]),
    ] {
        for word in words {
            assert!(count(rule, word) >= least, "{rule} {word}: {} of {least}", count(rule, word));
        }
    }
}

#[test]
fn every_grade_and_reason_occurs() {
    grades_and_reasons(2_000, 3);
    grades_and_reasons(40_000, 10);
}

#[test]
fn most_children_are_on_a_roll_and_a_few_hundred_are_not() {
    let (council, lives) = made(40_000, 1);
    assert_eq!((lives.len(), council.schools.len()), (40_000, 90));
    let on_rolls = lives
        .iter()
        .filter(|l| l.registrations.iter().any(|r| r.entry <= today() && r.leaving.is_none_or(|day| day > today()) && r.told != Told::Gone))
        .count();
    assert!((36_500..=39_000).contains(&on_rolls), "{on_rolls}");
    let findings = found(&council, &lives);
    let with = findings.iter().filter(|f| f.iter().any(|f| f.rule != "address-not-known-at-school")).count();
    assert!((300..=1_000).contains(&with), "{with}");
    // The town at large opens nothing: every finding is a story's, so each can be explained.
    for (life, findings) in lives.iter().zip(&findings) {
        assert!(!life.story.is_empty() || findings.is_empty(), "{findings:?}");
    }
}

#[test]
fn a_small_council_has_schools_of_all_phases() {
    for children in [1, 100, 2_000] {
        let (council, lives) = made(children, 1);
        assert_eq!(lives.len(), children as usize);
        assert!(council.schools.len() < 30);
        for phase in ["nursery", "primary", "infant", "junior", "secondary", "all-through", "special", "pru", "independent"] {
            assert!(council.schools.iter().any(|s| s.phase == phase), "{phase}");
        }
        let numbers: BTreeSet<_> = council.schools.iter().map(|s| &s.laestab).collect();
        assert_eq!(numbers.len(), council.schools.len());
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let dirs: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let made: Vec<_> = dirs.iter().zip([5, 5, 6]).map(|(dir, seed)| make_in(dir.path(), 700, seed, 1.0)).collect();
    let [one, same, other] = [0, 1, 2].map(|i| files(dirs[i].path()));
    assert_eq!(made[0], made[1]);
    assert!(one == same, "the same seed gave other bytes");
    assert_ne!(one["truth.jsonl"], other["truth.jsonl"]);
    assert_eq!(made[0].files as usize, one.keys().filter(|f| f.starts_with("drop/")).count());
}

#[test]
fn noise_changes_the_files_and_not_the_truth() {
    let dirs: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    make_in(dirs[0].path(), 2_000, 1, 0.0);
    make_in(dirs[1].path(), 2_000, 1, 1.0);
    let [clean, noisy] = [0, 1].map(|i| files(dirs[i].path()));
    for same in ["truth.jsonl", "schools.csv", "area.csv", "onroll.toml"] {
        assert!(clean[same] == noisy[same], "{same}");
    }
    assert_ne!(clean["drop/capita-one/one_2026-11-24.csv"], noisy["drop/capita-one/one_2026-11-24.csv"]);
    assert!(!clean.values().any(|bytes| bytes.windows(9).any(|w| w == b"1.0006E+1")));
}

#[test]
fn the_home_is_read_without_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    make_in(dir.path(), 2_000, 1, 0.0);
    let text = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let area = schema::Area::parse("area.csv", &text("area.csv")).unwrap();
    schema::Schools::parse("schools.csv", &text("schools.csv")).unwrap();
    let (council, lives) = made(2_000, 1);
    for life in &lives {
        let (_, street) = council.town.at(life.home);
        let la = area.authority(schema::Postcode::parse(&street.postcode).unwrap()).map_or(0, |la| la.to_string().parse().unwrap());
        assert_eq!(la, street.la, "{}", street.postcode);
    }
    let config = text("onroll.toml");
    assert!(config.contains("\"O'Officer \\\"J\\\"\" = \"officer\""));
    for source in &council.sources {
        assert!(config.contains(&format!("id = \"{}\"", source.id)));
        assert!(dir.path().join("drop").join(&source.id).is_dir());
    }
    for line in text("truth.jsonl").lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["findings"].as_array().unwrap().is_empty() || !line["sources"].as_array().unwrap().is_empty());
    }
}

#[test]
fn schools_are_told_of_enough_moves_and_every_shape_and_kind_occurs() {
    for (children, moves, told, left) in [(2_000, 60, 40, 20), (40_000, 250, 250, 100)] {
        let (council, lives) = made(children, 1);
        let facts = Facts::new(&council, &lives);
        assert!(council.moves.len() >= moves, "{} moves", council.moves.len());
        let messages: usize = lives.iter().map(|l| facts.told(l).len()).sum();
        assert!(messages >= told, "{messages} told");
        let findings = found(&council, &lives).into_iter().flatten().filter(|f| f.rule == "address-not-known-at-school").count();
        assert!(findings >= left, "{findings} left");
        let kinds: BTreeSet<_> = council.moves.iter().map(|m| (m.kind.as_str(), format!("{:?}", m.sent))).collect();
        for kind in ["move", "temporary-accommodation", "left-area"] {
            for sent in ["Array", "Lines", "Table"] {
                assert!(kinds.contains(&(kind, sent.to_owned())) || children < 40_000, "{kind} {sent}");
            }
        }
        assert_eq!(kinds.iter().map(|(_, sent)| sent).collect::<BTreeSet<_>>().len(), 4);
    }
}

#[test]
fn housing_writes_what_its_interface_says() {
    let dir = tempfile::tempdir().unwrap();
    make_in(dir.path(), 2_000, 1, 0.0);
    let text = |name: &str| std::fs::read_to_string(dir.path().join("drop/housing").join(name)).unwrap();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let array = json(&text("moves_2026-11-24.json"));
    let lines: Vec<_> = text("moves_2026-11-24.jsonl").lines().map(json).collect();
    let objects: Vec<_> = array.as_array().unwrap().iter().chain(&lines).collect();
    assert!(objects.iter().any(|o| o["people"].as_array().unwrap().is_empty()));
    assert!(objects.iter().any(|o| o["people"].as_array().unwrap().len() == 2));
    assert!(objects.iter().any(|o| o["protected"] == true));
    for o in &objects {
        assert!(o["reference"].as_str().unwrap().starts_with("H-20261124-"));
        o["moved_on"].as_str().unwrap().parse::<NaiveDate>().unwrap();
        schema::Uprn::parse(o["from"]["uprn"].as_str().unwrap()).unwrap();
        assert!(o["kind"] == "left-area" || o["to"]["postcode"].is_string());
    }
    let table = text("moves_2026-11-24.csv");
    let mut rows = table.lines();
    let header = "reference,moved_on,kind,from_uprn,from_address,from_postcode,to_uprn,to_address,to_town,to_postcode,forename,surname,dob,protected";
    assert_eq!(rows.next(), Some(header));
    assert!(rows.all(|row| row.split(',').count() == 14 && row.starts_with("H-20261124-")));
    for event in text("events_2026-11-24.jsonl").lines().map(json) {
        assert_eq!(event["eventType"], "ContactDetailEditedEvent");
        assert!(event["eventData"]["newData"]["value"].as_str().unwrap().matches(", ").count() == 2);
    }
}

#[test]
fn every_school_that_sends_its_roll_has_an_agreement_but_one() {
    let dir = tempfile::tempdir().unwrap();
    make_in(dir.path(), 2_000, 1, 0.0);
    let (council, _) = made(2_000, 1);
    let partners: Vec<_> = council.schools.iter().filter(|s| s.la == town::HOME && s.listing == school::Listing::Sims).collect();
    let read = |s: &school::School| std::fs::read_to_string(dir.path().join(format!("agreements/{}.toml", s.laestab))).ok();
    let texts: Vec<String> = partners.iter().filter_map(|s| read(s)).collect();
    assert_eq!(texts.len(), partners.len() - 1);
    assert_eq!(std::fs::read_dir(dir.path().join("agreements")).unwrap().count(), texts.len());
    let count = |words: &str| texts.iter().filter(|t| t.contains(words)).count();
    assert_eq!((count("in_force = false"), count("in_force = true")), (1, texts.len() - 1));
    assert_eq!(texts.iter().filter(|t| t.contains("\"email\"\nto") && !t.contains("\"folder\"")).count(), 1);
    assert!(texts.iter().filter(|t| t.find("\"folder\"").is_some_and(|at| t[at..].contains("\"email\"\nto"))).count() >= 2);
}

#[test]
fn two_demos_of_one_seed_have_files_of_the_same_age_in_the_same_order() {
    let dirs: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let stamps = dirs.iter().map(|dir| {
        make_in(dir.path(), 400, 3, 1.0);
        let names: Vec<String> = files(dir.path()).into_keys().filter(|f| f.starts_with("drop/")).collect();
        let stamp = |name: &String| std::fs::metadata(dir.path().join(name)).unwrap().modified().unwrap();
        names.iter().map(|name| (stamp(name), name.clone())).collect::<BTreeMap<_, _>>()
    });
    let [one, two]: [BTreeMap<_, _>; 2] = stamps.collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(one, two);
    assert_eq!(one.len(), files(dirs[0].path()).keys().filter(|f| f.starts_with("drop/")).count(), "two files of one stamp");
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine.txt"), "x").unwrap();
    let result = make(&Options { children: 10, ..Options::default() }, dir.path(), &mut |_, _, _| {});
    assert!(matches!(result, Err(DemoError::NotEmpty(_))));
    assert_eq!(files(dir.path()).len(), 1);
}

#[test]
fn all_numbers_are_valid_and_given_once() {
    let (_, lives) = made(6_000, 1);
    let (mut upns, mut nhs) = (BTreeSet::new(), BTreeSet::new());
    for life in &lives {
        for upn in [&life.upn, &life.former_upn].into_iter().flatten() {
            schema::Upn::parse(upn).unwrap();
            assert!(upns.insert(upn.clone()));
        }
        schema::NhsNumber::parse(&life.nhs).unwrap();
        // What health holds of a child after a move has the number of the child.
        assert!(nhs.insert(life.nhs.clone()) || life.unsure);
    }
    let mut ids = BTreeSet::new();
    for life in &lives {
        for r in life.registrations.iter().filter(|r| !r.id.is_empty()) {
            assert!(ids.insert((r.school, &r.id)));
        }
    }
}

#[test]
fn all_names_are_invented_and_no_two_children_are_alike() {
    let (_, lives) = made(6_000, 1);
    let mut seen: HashMap<(String, NaiveDate), &str> = HashMap::new();
    for life in &lives {
        assert!(names::is_invented(&life.names.surname), "{}", life.names.surname);
        assert!(life.names.forename.chars().count() <= 30 && life.names.surname.chars().count() <= 30);
        let Some(dob) = life.dob.filter(|_| !life.unsure) else { continue };
        let legal = (life.names.forename.clone(), life.names.surname.clone());
        let names: BTreeSet<_> = std::iter::once(legal).chain(life.names.known_as.clone()).collect();
        for (forename, surname) in names {
            let before = seen.insert((fold(&format!("{forename} {surname}")), dob), life.story);
            assert!(before.is_none(), "{forename} {surname}");
        }
    }
}

/// A record as linkage sees it: the source's place in the night, id, UPN, former UPN, address.
struct Row {
    source: usize,
    id: String,
    upns: Vec<String>,
    spots: Vec<Spot>,
}

fn rows(council: &Council, life: &Life) -> Vec<Row> {
    let upns: Vec<String> = life.upn.iter().cloned().collect();
    let list = |list| council.list(list);
    let row =
        |source, id: &str, upns: &[String], seen: Seen| Row { source, id: id.to_owned(), upns: upns.to_vec(), spots: vec![seen.spot] };
    let mut rows = Vec::new();
    if let Some(one) = &life.one {
        let has: Vec<String> = one.old_upn.clone().or(life.upn.clone()).into_iter().collect();
        rows.push(row(list(school::List::One), &one.id, &has, one.seen));
    }
    rows.extend(life.health.iter().map(|h| row(h.source, &life.nhs, &[], h.seen)));
    rows.extend(life.ehe.as_ref().map(|h| row(list(school::List::Ehe), &h.id, &upns, h.seen)));
    rows.extend(life.send.as_ref().map(|s| row(list(school::List::Send), &s.id, &upns, s.seen)));
    rows.extend(life.offer.as_ref().map(|o| row(list(school::List::Offers), &o.id, &upns, o.seen)));
    for r in &life.registrations {
        let mut has = upns.clone();
        // Only the full export has a column for the number before.
        has.extend(life.former_upn.clone().filter(|_| r.told == Told::Pupils));
        rows.push(row(council.schools[r.school].source, &r.id, &has, r.seen));
    }
    if let Some(change) = council.move_of(life) {
        let spots = [change.from, change.to].into_iter().flatten().map(Spot::Dwelling).collect();
        rows.push(Row { source: list(school::List::Housing), id: String::new(), upns: Vec::new(), spots });
    }
    rows.sort_by_key(|r| r.source);
    rows
}

#[test]
fn without_noise_every_record_can_be_joined_whatever_the_order_of_sources() {
    let (council, lives) = made(6_000, 1);
    for life in &lives {
        let mut rows = rows(&council, life);
        for _ in 0..2 {
            for (i, row) in rows.iter().enumerate().skip(1) {
                let joins = |before: &Row| {
                    let of = |row: &Row| row.spots.iter().filter_map(|s| s.dwelling()).collect::<Vec<_>>();
                    let address = of(row).iter().any(|d| of(before).contains(d));
                    (before.source == row.source && before.id == row.id)
                        || row.upns.iter().any(|u| before.upns.contains(u))
                        || address
                        || (row.upns.is_empty() && !row.id.is_empty() && before.id == row.id)
                };
                assert!(rows[..i].iter().any(joins), "{}: {} of {}", life.story, council.sources[row.source].id, rows.len());
                assert!(!rows[..i].iter().any(|b| b.source == row.source && b.id != row.id), "two ids of one source: {}", life.story);
            }
            rows.reverse();
        }
    }
}

#[test]
fn addresses_of_one_rank_lie_in_one_authority() {
    let (council, lives) = made(6_000, 1);
    for life in &lives {
        let mut by_rank: HashMap<_, BTreeSet<u16>> = HashMap::new();
        for sight in sights(&council, life) {
            let Some(dwelling) = sight.seen.spot.dwelling() else { continue };
            let rank = sight.seen.from.map_or((None, Some(sight.told)), |from| (Some(from), None));
            by_rank.entry(rank).or_default().insert(council.town.at(dwelling).1.la);
        }
        assert!(by_rank.values().all(|las| las.len() == 1), "{}", life.story);
    }
}

#[test]
fn boundaries_of_age_occur() {
    let (_, lives) = made(2_000, 1);
    for (year, month, day) in [(2021, 8, 31), (2021, 9, 1), (2010, 9, 1), (2010, 8, 31)] {
        let dob = days::date(year, month, day);
        assert!(lives.iter().filter(|l| l.dob == Some(dob)).count() >= 3);
    }
    assert!(of_age(days::date(2021, 8, 31), today()));
}
