//! Agreements from outside: every fault has its file, line, column and a hint; `show` prints exactly what may leave.

use acceptance::{Agreement, FIELDS, Home, OAKWOOD, Town};

fn home() -> Home {
    Home::new("")
}

/// The agreement's file with one text in place of another, and the line on which it stands.
fn with(from: &str, to: &str) -> (String, usize) {
    let text = Agreement::with(OAKWOOD).by("[[channel]]\nkind = \"folder\"\ncollect_within_hours = 72\n\n[[channel]]\nkind = \"email\"\nto = \"office@oakwood.example\"\ncontent = \"attachment\"\n").toml();
    assert!(text.contains(from), "{from}");
    let line = text[..text.find(from).unwrap()].lines().count().max(1) + usize::from(text[..text.find(from).unwrap()].ends_with('\n'));
    (text.replacen(from, to, 1), line)
}

/// `agreements check` and `check` refuse the home with exit 2, name the place, and say these words.
#[track_caller]
fn refused(text: &str, place: &str, words: &str) {
    let mut home = home();
    home.balance = false;
    home.write("agreements/8524001.toml", text);
    for verb in [&["agreements", "check"][..], &["check"], &["agreements", "check", "--json"], &["sync"], &["deliver"]] {
        let answer = home.run(verb).expect(2);
        assert!(answer.err.contains(place), "{verb:?}: no {place}: {}", answer.err);
        assert!(answer.err.contains(words), "{verb:?}: \"{words}\" is not said: {}", answer.err);
    }
}

#[test]
fn a_fault_of_an_agreement_is_told_with_file_line_and_column() {
    for (from, to, column, words) in [
        ("\"dob\"", "\"dopb\"", 51, "did you mean \"dob\"?"),
        ("\"dob\"", "\"shoe_size\"", 51, "unknown field \"shoe_size\""),
        ("\"dob\"", "\"upn\"", 51, "stands here twice"),
        ("basis = \"Education Act 1996 s436A; UK GDPR Art 6(1)(e)\"", "basis = \"\"", 9, "has no legal basis"),
        ("fields = [", "fields = [] # [", 10, "names no field"),
        ("direction = \"out\"", "direction = \"sideways\"", 13, "known are: "),
        ("release = \"automatic\"", "release = \"anybody\"", 11, "automatic, officer, manager"),
        ("on_unknown = \"resend\"", "on_unknown = \"shrug\"", 14, "resend, hold"),
        ("[purpose.address-change]", "[purpose.gossip]", 10, "known are: address-change"),
        ("recipient = \"8524001\"", "recipient = \"Oakwood\"", 13, "LAESTAB"),
        ("recipient = \"8524001\"", "recipient = \"850\"", 13, "agreements are with schools"),
        ("until = 2027-08-31", "until = 2025-08-31", 9, "ends before it begins"),
        ("until = 2027-08-31", "until = \"next summer\"", 9, "not a date"),
        ("in_force = true", "in_force = \"yes\"", 12, "boolean"),
        ("kind = \"folder\"", "kind = \"pigeon\"", 8, "known are: folder, email"),
        ("collect_within_hours = 72", "collect_within_hours = 0", 24, "between 1 and"),
        ("to = \"office@oakwood.example\"", "to = \"Office\"", 6, "no email address"),
        ("content = \"attachment\"", "content = \"notice\"", 11, "needs a folder"),
        ("content = \"attachment\"", "content = \"everything\"", 11, "attachment, notice"),
        ("kind = \"folder\"\n", "kind = \"folder\"\npath = \"../elsewhere\"\n", 8, "this is no folder"),
        ("review = 2027-06-01", "reviewed = 2027-06-01", 1, "did you mean `review`?"),
        ("version = \"2026-1\"", "version = \"\"", 11, "is empty"),
    ] {
        let (text, line) = with(from, to);
        let line = line + usize::from(to.starts_with("kind = \"folder\"\npath"));
        refused(&text, &format!("agreements/8524001.toml:{line}:{column}: "), words);
    }
}

#[test]
fn a_missing_basis_a_missing_key_and_no_toml_are_told() {
    let (text, _) = with("basis = \"Education Act 1996 s436A; UK GDPR Art 6(1)(e)\"\n", "");
    let line = text.lines().position(|l| l.starts_with("[purpose")).unwrap() + 1;
    refused(&text, &format!("agreements/8524001.toml:{line}:"), "no legal basis");
    refused(&with("review = 2027-06-01\n", "").0, "agreements/8524001.toml:", "review");
    refused(&with("in_force = true", "in_force =").0, "agreements/8524001.toml:4:", "");
    let (text, _) = with("[purpose.address-change]", "[purposes.address-change]");
    refused(&text, "agreements/8524001.toml:", "did you mean `purpose`?");
}

#[test]
fn special_category_data_needs_its_condition() {
    for (field, key) in [("ethnicity", "article_9"), ("sen.status", "article_9"), ("nhs_number", "article_9"), ("police.on", "article_10")]
    {
        let (text, line) = with("\"dob\"", &format!("\"{field}\""));
        refused(&text, &format!("agreements/8524001.toml:{line}:51: "), key);
        let other = if key == "article_9" { "article_10" } else { "article_9" };
        refused(&(text.clone() + &format!("{other} = \"the wrong one\"\n")), &format!("agreements/8524001.toml:{line}:51: "), key);
        refused(&(text.clone() + &format!("{key} = \"\"\n")), "agreements/8524001.toml:", key);
        let home = home();
        home.write("agreements/8524001.toml", &(text + &format!("{key} = \"Data Protection Act 2018 Sch 1 para 18\"\n")));
        home.run(&["agreements", "check"]).expect(0);
        assert!(home.run(&["agreements", "show", OAKWOOD]).expect(0).out.contains("Sch 1 para 18"));
    }
}

#[test]
fn all_faults_of_all_agreements_are_told_at_once() {
    let mut home = home();
    home.balance = false;
    home.write("agreements/8524001.toml", &with("\"dob\"", "\"dopb\"").0.replace("\"resend\"", "\"shrug\""));
    home.write("agreements/8524002.toml", &Agreement::with("8524002").toml().replace("\"out\"", "\"sideways\""));
    let answer = home.run(&["agreements", "check"]).expect(2);
    for word in ["3 faults", "8524001.toml", "dopb", "shrug", "8524002.toml", "sideways"] {
        assert!(answer.err.contains(word), "{word}: {}", answer.err);
    }
}

#[test]
fn two_agreements_with_one_school_or_into_one_folder_are_refused() {
    let mut home = home();
    home.balance = false;
    home.write("agreements/8524001.toml", &Agreement::with(OAKWOOD).toml());
    home.write("agreements/again.toml", &Agreement::with(OAKWOOD).toml());
    assert!(home.run(&["agreements", "check"]).expect(2).err.contains("agreements/again.toml:1:13: "));
    home.write("agreements/again.toml", &Agreement::with("8524002").by("[[channel]]\nkind = \"folder\"\npath = \"out/8524001/\"\n").toml());
    assert!(home.run(&["agreements", "check"]).expect(2).err.contains("same folder"));
}

#[test]
fn an_expired_agreement_is_a_fault_of_the_check_and_stops_no_other_command() {
    let home = home();
    let expired = Agreement { valid: ["2025-09-01".to_owned(), "2026-08-31".to_owned()], ..Agreement::with(OAKWOOD) };
    home.write("agreements/8524001.toml", &expired.toml());
    let answer = home.run(&["agreements", "check"]).expect(2);
    assert!(answer.err.contains("agreements/8524001.toml:6:9: ") && answer.err.contains("2026-08-31"), "{}", answer.err);
    assert_eq!(home.run(&["check"]).code, 2);
    home.run(&["sync"]).expect(0);
    home.run(&["ledger"]).expect(0);
}

#[test]
fn an_agreement_not_in_force_or_due_for_review_is_told_and_is_no_fault() {
    let mut home = home();
    let answer = home.run(&["agreements", "check"]).expect(0);
    assert!(answer.err.contains("8524001 2026-1 is not in force"), "init's example is not in force: {}", answer.err);
    home.write("agreements/8524001.toml", &Agreement::with(OAKWOOD).toml());
    assert!(!home.run(&["agreements", "check"]).expect(0).err.contains("warning"));
    home.set_now("2027-06-02T09:00:00Z");
    assert!(home.run(&["agreements", "check"]).expect(0).err.contains("was to be reviewed on 2027-06-01"));
}

#[test]
fn show_prints_the_exact_fields_in_their_order() {
    let town = Town::new();
    let shown = town.json(&["agreements", "show", OAKWOOD, "--json"]);
    assert_eq!(shown["purposes"][0]["fields"], serde_json::json!(FIELDS));
    assert_eq!((&shown["recipient"], &shown["in_force"], &shown["version"]), (&OAKWOOD.into(), &true.into(), &"2026-1".into()));
    assert_eq!(shown["purposes"][0]["basis"], "Education Act 1996 s436A; UK GDPR Art 6(1)(e)");
    assert_eq!(shown["channels"], serde_json::json!(["folder"]));
    let out = town.run(&["agreements", "show", OAKWOOD]).expect(0).out;
    let printed: Vec<&str> = out.lines().map(str::trim).filter(|l| FIELDS.contains(l)).collect();
    assert_eq!(printed, FIELDS);
    for word in ["Education Act 1996 s436A", "folder", "automatic", "2027-08-31"] {
        assert!(out.contains(word), "{word}: {out}");
    }
    let answer = town.run(&["agreements", "show", "8529999"]).expect(2);
    assert!(answer.err.contains("8524001, 8524002"), "{}", answer.err);
    let list = town.json(&["agreements", "--json"]);
    let recipients: Vec<&str> = list.as_array().unwrap().iter().map(|a| a["recipient"].as_str().unwrap()).collect();
    assert_eq!(recipients, ["8524001", "8524002"]);
    assert!(town.run(&["agreements"]).expect(0).out.contains("in force"));
}

#[test]
fn without_the_folder_nobody_may_be_told_anything() {
    let mut town = Town::new();
    std::fs::remove_dir_all(town.dir().join("agreements")).unwrap();
    town.run(&["agreements", "check"]).expect(0);
    town.moved(&[acceptance::Move::of(&acceptance::Person::of(1))]);
    assert_eq!((town.states(), town.tasks()), (vec!["held".to_owned()], vec!["no-agreement".to_owned()]));
}
