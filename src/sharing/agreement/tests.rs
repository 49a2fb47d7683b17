use schema::ConfigFault;

use super::{Agreements, ChannelTerms, MailContent, Purpose};
use crate::example::{AGREEMENT, FILE, agreements, day, in_force};

fn parse(text: &str) -> Result<Agreements, Vec<ConfigFault>> {
    Agreements::parse(&[(FILE.to_owned(), text.to_owned())])
}

/// The example with one text replaced; the place of the new one; the faults.
fn changed(from: &str, to: &str) -> ((usize, usize), Vec<ConfigFault>) {
    let at = AGREEMENT.find(from).unwrap_or_else(|| panic!("the example has no {from}"));
    let text = AGREEMENT.replacen(from, to, 1);
    let place = ConfigFault::at_offset(FILE, &text, at, "", "");
    ((place.line, place.column), parse(&text).unwrap_err())
}

#[test]
fn the_example_is_good_and_not_in_force() {
    let agreements = agreements(AGREEMENT);
    let agreement = agreements.get("8524001").unwrap();
    assert!(!agreement.in_force && agreements.get("8524002").is_none());
    assert_eq!((agreement.from, agreement.until, agreement.review), (day("2026-09-01"), day("2027-08-31"), day("2027-06-01")));
    assert_eq!((agreement.name.as_str(), agreement.reference().as_str()), ("Oakwood Primary School", "8524001 2026-1"));
    assert_eq!(agreement.channels[0], ChannelTerms::Folder { path: None, collect_within_hours: Some(72) });
    assert_eq!(agreement.channels[0].folder("8524001").as_deref(), Some("out/8524001"));
    assert_eq!(agreement.channels[1].folder("8524001"), None);
    assert_eq!(agreement.channels[0].words("8524001"), "folder out/8524001, collected within 72 hours");
    assert_eq!(agreement.channels[1].words("8524001"), "email to office@oakwood.example, the file attached");
    let terms = &agreement.purposes[&Purpose::AddressChange];
    assert_eq!(terms.fields.iter().map(|f| f.as_str()).collect::<Vec<_>>()[..3], ["upn", "name.forename", "name.surname"]);
    assert_eq!(agreements.faults_on(day("2030-01-01")), [], "an example does not end");
}

#[test]
fn the_example_names_every_field() {
    for field in crate::Field::ALL {
        assert!(AGREEMENT.split(['#', ' ', '"', '\n', ',']).any(|word| word == field.as_str()), "{field}");
    }
}

#[test]
fn each_fault_stands_at_its_place_with_a_hint() {
    for (from, to, what, hint) in [
        ("\"upn\", ", "\"upm\", ", "unknown field \"upm\"", "did you mean \"upn\"?"),
        ("\"name.surname\"", "\"surname\"", "unknown field \"surname\"", "did you mean \"name.surname\"?"),
        ("\"dob\"", "\"favourite_colour\"", "unknown field", "known are: upn, uln"),
        ("\"dob\"", "\"upn\"", "\"upn\" stands here twice", "once"),
        ("\"dob\"", "\"ethnicity\"", "special-category", "article_9"),
        ("\"dob\"", "\"sen.status\"", "special-category", "article_9"),
        ("\"dob\"", "\"nhs_number\"", "special-category", "article_9"),
        ("\"dob\"", "\"police.on\"", "police or offence", "article_10"),
        ("\"out\"", "\"outwards\"", "unknown direction", "out, in, both"),
        ("\"automatic\"", "\"nobody\"", "unknown release", "automatic, officer, manager"),
        ("\"resend\"", "\"hope\"", "unknown on_unknown", "resend, hold"),
        ("\"Education Act 1996 s436A; UK GDPR Art 6(1)(e)\"", "\" \"", "no legal basis", "basis ="),
        ("address-change]\n# The", "adress-change]\n# The", "unknown purpose \"adress-change\"", "address-change"),
        ("\"8524001\"", "\"852\"", "is an authority", "seven digits"),
        ("\"8524001\"", "\"Oakwood\"", "no school's number", "seven digits"),
        ("\"Oakwood Primary School\"", "\"\"", "`name` is empty", "disclosure"),
        ("\"2026-1\"", "\"\"", "`version` is empty", "disclosure"),
        ("2027-08-31", "2026-08-31", "ends before it begins", "last day"),
        ("2027-08-31", "\"soon\"", "not a date", "example"),
        ("\"folder\"", "\"pigeon\"", "unknown channel \"pigeon\"", "folder, email"),
        ("72", "0", "between 1 and 8760", "72"),
        ("\"attachment\"\n\n", "\"letter\"\n\n", "unknown content", "attachment, notice"),
        ("\"attachment\"\n\n", "\"notice\"\n\n", "needs a folder", "path"),
        ("in_force = false", "in_forse = false", "unknown field `in_forse`", "did you mean `in_force`?"),
        ("on_unknown = \"resend\"", "on_unknow = \"resend\"", "unknown field", "did you mean `on_unknown`?"),
        ("collect_within_hours = 72", "colect_within_hours = 72", "unknown field", "collect_within_hours"),
    ] {
        let (place, faults) = changed(from, to);
        let fault = &faults[0];
        assert!(fault.what.contains(what), "{to}: {fault}");
        assert!(fault.hint.contains(hint), "{to}: {fault}");
        assert_eq!((fault.file.as_str(), fault.line, fault.column), (FILE, place.0, place.1), "{to}: {fault}");
    }
}

#[test]
fn an_address_must_be_one() {
    for key in ["email = ", "to = "] {
        let (_, faults) = changed(&format!("{key}\"office@oakwood.example\""), &format!("{key}\"the office\""));
        assert!(faults[0].what.contains("no email address") && faults[0].line > 0, "{faults:?}");
        assert!(!faults[0].to_string().contains("the office"));
    }
}

#[test]
fn what_is_not_there_is_named() {
    let without = |key: &str| {
        let line = AGREEMENT.lines().find(|line| line.starts_with(key)).unwrap();
        parse(&AGREEMENT.replacen(&format!("\n{line}\n"), "\n", 1)).unwrap_err().remove(0)
    };
    assert!(without("basis").what.contains("\"address-change\" has no legal basis"));
    assert!(without("recipient").what.contains("missing field `recipient`"));
    assert!(without("to = ").what.contains("no address"));
    assert!(without("content =").what.contains("what the mail carries"));
    let (head, rest) = AGREEMENT.split_once("[[channel]]").unwrap();
    let (_, purpose) = rest.split_once("[purpose").unwrap();
    assert!(parse(&format!("{head}[purpose{purpose}")).unwrap_err()[0].what.contains("no channel"));
    let (head, _) = AGREEMENT.split_once("[purpose.").unwrap();
    assert!(parse(head).unwrap_err()[0].what.contains("no purpose"));
    let fields = AGREEMENT.lines().find(|line| line.starts_with("fields")).unwrap();
    assert!(parse(&AGREEMENT.replace(fields, "fields = []")).unwrap_err()[0].what.contains("no field"));
}

#[test]
fn a_channel_takes_only_its_own_keys() {
    for (from, to) in [
        ("collect_within_hours = 72", "to = \"office@oakwood.example\""),
        ("collect_within_hours = 72", "content = \"attachment\""),
        ("collect_within_hours = 72", "path = \"../elsewhere\""),
        ("collect_within_hours = 72", "path = \"\""),
        ("content = \"attachment\"\n\n", "content = \"attachment\"\npath = \"out/x\"\n\n"),
        ("content = \"attachment\"\n\n", "content = \"attachment\"\ncollect_within_hours = 3\n\n"),
    ] {
        let (_, faults) = changed(from, to);
        assert!(faults.len() == 1 && faults[0].line > 0, "{to}: {faults:?}");
    }
}

#[test]
fn a_notice_has_a_folder_and_a_time_to_collect() {
    let to = "content = \"notice\"\npath = \"/srv/drop/oakwood\"\ncollect_within_hours = 24\n\n";
    let agreements = agreements(&AGREEMENT.replacen("content = \"attachment\"\n\n", to, 1));
    let notice = &agreements.get("8524001").unwrap().channels[1];
    assert_eq!((notice.kind(), notice.collect_within_hours()), ("email", Some(24)));
    assert_eq!(notice.folder("8524001").as_deref(), Some("/srv/drop/oakwood"));
    let words = "notice by email to office@oakwood.example, the file in folder /srv/drop/oakwood, collected within 24 hours";
    assert_eq!(notice.words("8524001"), words);
    assert!(matches!(notice, ChannelTerms::Email { content: MailContent::Notice, .. }));
}

#[test]
fn special_categories_load_with_their_condition() {
    let with = "\"ethnicity\", \"police.on\"";
    let conditions = "on_unknown = \"resend\"\narticle_9 = \"DPA 2018 Sch 1 para 18\"\narticle_10 = \"DPA 2018 Sch 1 para 18\"";
    let text = AGREEMENT.replace("\"dob\"", with).replace("on_unknown = \"resend\"", conditions);
    let agreements = agreements(&text);
    let terms = &agreements.get("8524001").unwrap().purposes[&Purpose::AddressChange];
    assert_eq!((terms.article_9.as_deref(), terms.article_10.as_deref()), (Some("DPA 2018 Sch 1 para 18"), Some("DPA 2018 Sch 1 para 18")));
    let empty = text.replace("article_9 = \"DPA 2018 Sch 1 para 18\"", "article_9 = \"\"");
    assert!(parse(&empty).unwrap_err()[0].what.contains("`article_9` is empty"));
}

#[test]
fn all_faults_of_all_files_are_told_at_once() {
    let bad = AGREEMENT.replace("\"upn\"", "\"upm\"").replace("\"out\"", "\"up\"");
    let files = [("agreements/a.toml".to_owned(), bad), ("agreements/b.toml".to_owned(), "no toml".to_owned())];
    let faults = Agreements::parse(&files).unwrap_err();
    assert_eq!(faults.iter().map(|f| f.file.as_str()).collect::<Vec<_>>(), ["agreements/a.toml", "agreements/a.toml", "agreements/b.toml"]);
}

#[test]
fn two_files_of_one_recipient_and_two_recipients_of_one_folder_are_faults() {
    let file = |name: &str, text: String| (format!("agreements/{name}.toml"), text);
    let twice = [file("a", AGREEMENT.to_owned()), file("b", AGREEMENT.to_owned())];
    let faults = Agreements::parse(&twice).unwrap_err();
    assert_eq!((faults[0].file.as_str(), faults.len()), ("agreements/b.toml", 1));
    assert!(faults[0].what.contains("another agreement with 8524001") && faults[0].line > 1);
    let other = AGREEMENT.replace("recipient = \"8524001\"", "recipient = \"8524002\"");
    for folder in ["./out/8524001/", "out", "out/8524001/letters"] {
        let shared = other.replace("collect_within_hours = 72", &format!("path = \"{folder}\""));
        let faults = Agreements::parse(&[file("a", AGREEMENT.to_owned()), file("b", shared)]).unwrap_err();
        assert!(faults[0].what.contains("the same folder as 8524001"), "{faults:?}");
    }
    let elsewhere = other.replace("collect_within_hours = 72", "path = \"/out/8524001\"");
    assert!(Agreements::parse(&[file("a", AGREEMENT.to_owned()), file("b", elsewhere)]).is_ok());
    let both = Agreements::parse(&[file("b", other), file("a", AGREEMENT.to_owned())]).unwrap();
    assert_eq!(both.iter().map(|a| a.recipient.as_str()).collect::<Vec<_>>(), ["8524001", "8524002"]);
}

#[test]
fn an_agreement_that_ended_is_named_at_its_last_day() {
    let agreements = agreements(&in_force());
    let on = |text: &str| agreements.get("8524001").unwrap().in_force_on(day(text));
    assert_eq!([on("2026-08-31"), on("2026-09-01"), on("2027-08-31"), on("2027-09-01")], [false, true, true, false]);
    assert_eq!(agreements.faults_on(day("2027-08-31")), []);
    let faults = agreements.faults_on(day("2027-09-01"));
    let line = in_force().lines().position(|line| line.starts_with("until")).unwrap() + 1;
    assert_eq!((faults[0].line, faults[0].column), (line, 9));
    assert!(faults[0].what.contains("ended on 2027-08-31"));
}

#[test]
fn what_is_shown_of_an_agreement_names_its_fields() {
    let shown = serde_json::to_value(agreements(AGREEMENT).get("8524001")).unwrap();
    assert_eq!(shown["purposes"]["address-change"]["fields"][4], "address.lines");
    assert_eq!(shown["channels"][1]["kind"], "email");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(cut in 0_usize..4000, put in "\\PC{0,8}") {
        let at = AGREEMENT.char_indices().map(|(i, _)| i).nth(cut).unwrap_or(0);
        let _ignored = parse(&format!("{}{put}{}", &AGREEMENT[..at], &AGREEMENT[at..]));
        let _ignored = parse(&format!("{put}{}", &AGREEMENT[at..]));
    }
}
