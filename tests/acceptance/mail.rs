//! By mail, to a real server on loopback: what is in it and what is not, and what becomes of a mail whose fate is not known.

use acceptance::{Agreement, BadLine, ELMWOOD, FOLDER, MailServer, Move, OAKWOOD, Person, Town};
use serde_json::Value;
use sha2::{Digest, Sha256};

fn child(n: u32) -> Person {
    Person::of(n)
}

/// A town whose first school is told by mail with this content, and by the channels given after it.
fn town(server: &MailServer, content: &str, more: &str, on_unknown: &str) -> Town {
    let town = Town::new();
    town.config(&server.section());
    let agreement = Agreement { on_unknown: on_unknown.to_owned(), ..Agreement::with(OAKWOOD) };
    let mail = agreement.mail(content);
    town.agree(&agreement.by(&(mail + more)));
    town
}

fn message(town: &Town) -> Value {
    town.json(&["outbox", "show", "M1", "--json"])
}

/// Everything of a mail that is not its attachment.
fn plain(mail: &Value) -> String {
    let files: Vec<&Value> = mail["files"].as_array().unwrap().iter().map(|f| &f["name"]).collect();
    format!("{} {} {} {} {files:?} {}", mail["subject"], mail["text"], mail["message_id"], mail["mail_from"], mail["date"])
}

/// The mail says nothing of the child.
#[track_caller]
fn says_nothing_of(mail: &Value, child: &Person) {
    let said = plain(mail).to_lowercase();
    for value in [&child.surname, &child.upn, &child.dob.to_string(), "Other Street", "SO16", &child.street] {
        assert!(!said.contains(&value.to_lowercase()), "{value} stands in the mail: {said}");
    }
}

#[test]
fn the_file_is_attached_whole_and_nothing_else_of_the_mail_tells_of_the_child() {
    let Some(server) = MailServer::start("good") else { return };
    let mut town = town(&server, "attachment", "", "resend");
    town.moved(&[Move::of(&child(1)), Move::of(&child(51))]);
    let mails = server.ledger();
    assert_eq!((mails.len(), town.out(OAKWOOD).len(), town.out(ELMWOOD).len()), (1, 0, 1));
    let mail = &mails[0];
    says_nothing_of(mail, &child(1));
    assert_eq!(mail["encrypted"], true);
    assert_eq!(mail["rcpt_tos"], serde_json::json!(["office@school-8524001.example"]));
    let file = &mail["files"][0];
    assert_eq!((&file["name"], mail["files"].as_array().unwrap().len()), (&"852LLLL_8524001_addr0001.csv".into(), 1));
    let p = child(1);
    let expected = format!(
        "{}\r\n{},Ada,{},{},1 Other Street,Southampton,SO16 4BB,2026-11-20\r\n",
        acceptance::FIELDS.join(","),
        p.upn,
        p.surname,
        p.dob
    );
    let digest: String = Sha256::digest(expected.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(file["sha256"], digest, "the attachment is the file that a folder would hold");
    let sent = town.outbox().into_iter().find(|m| m["recipient"] == OAKWOOD).unwrap();
    assert_eq!((&sent["channel"], &sent["state"]), (&"email".into(), &"sent".into()));
    town.run(&["sync"]).expect(0);
    assert_eq!(server.ledger().len(), 1);
}

#[test]
fn a_notice_carries_no_file_which_waits_in_the_folder() {
    let Some(server) = MailServer::start("good") else { return };
    let mut town = town(&server, "notice", "", "resend");
    town.moved(&[Move::of(&child(1))]);
    let mails = server.ledger();
    assert_eq!((mails.len(), &mails[0]["files"]), (1, &serde_json::json!([])));
    says_nothing_of(&mails[0], &child(1));
    assert!(mails[0]["text"].as_str().unwrap().contains("852LLLL_8524001_addr0001.csv"));
    assert_eq!(town.streets(OAKWOOD), ["1 Other Street"]);
}

#[test]
fn a_mail_that_the_server_refuses_for_good_goes_by_the_next_channel() {
    for script in ["rcpt-550", "end-550", "mail-550", "no-starttls"] {
        let Some(server) = MailServer::start(script) else { return };
        let mut town = town(&server, "attachment", FOLDER, "resend");
        town.moved(&[Move::of(&child(1))]);
        assert_eq!(town.streets(OAKWOOD), ["1 Other Street"], "{script}");
        let sent = message(&town);
        assert_eq!((&sent["channel"], &sent["state"], &sent["attempts"]), (&"folder".into(), &"sent".into(), &2.into()), "{script}");
        let first = sent["tries"][0]["detail"].as_str().unwrap();
        assert!(!first.contains("office@"), "what the server says is not passed on: {first}");
        assert!(server.ledger().is_empty() && town.tasks().is_empty());
    }
}

#[test]
fn a_mail_that_the_server_does_not_take_now_is_tried_again_later() {
    for script in ["rcpt-451", "end-451", "end-421", "greeting-421", "close-at-rcpt"] {
        let Some(server) = MailServer::start(script) else { return };
        let mut town = town(&server, "attachment", FOLDER, "resend");
        town.moved(&[Move::of(&child(1))]);
        let waits = message(&town);
        assert_eq!((&waits["channel"], &waits["state"], &waits["attempts"]), (&"email".into(), &"waiting".into(), &1.into()), "{script}");
        assert!(town.out(OAKWOOD).is_empty() && server.ledger().is_empty());
    }
}

#[test]
fn a_certificate_that_nobody_trusted_signed_stops_the_mail() {
    let (Some(server), Some(other)) = (MailServer::start("good"), MailServer::start("good")) else { return };
    let town_of_other = Town::new();
    town_of_other.config(&acceptance::mail_section(server.port, &other.authority()));
    let agreement = Agreement::with(OAKWOOD);
    let mail = agreement.mail("attachment");
    town_of_other.agree(&agreement.by(&(mail + FOLDER)));
    let mut town = town_of_other;
    town.moved(&[Move::of(&child(1))]);
    assert!(server.ledger().is_empty());
    assert!(message(&town)["tries"][0]["detail"].as_str().unwrap().contains("certificate"), "{}", message(&town));
}

#[test]
fn a_mail_of_which_no_answer_came_is_unknown_and_sent_again_with_the_same_message_id() {
    for script in ["close-after-end", "hang-after-end"] {
        let Some(server) = MailServer::start(script) else { return };
        let mut town = town(&server, "attachment", "", "resend");
        town.moved(&[Move::of(&child(1))]);
        let unknown = message(&town);
        assert_eq!((&unknown["state"], server.ledger().len(), town.disclosures().len()), (&"unknown".into(), 1, 1), "{script}: {unknown}");
        // The server is well again, and an hour has passed.
        let Some(well) = MailServer::start("good") else { return };
        let toml = std::fs::read_to_string(town.dir().join("onroll.toml")).unwrap();
        town.write("onroll.toml", &toml.replace(&server.section(), &well.section()));
        town.set_now("2026-11-24T10:30:00Z");
        town.run(&["deliver"]).expect(0);
        assert_eq!(town.states(), ["sent"]);
        let (first, second) = (&server.ledger()[0], &well.ledger()[0]);
        assert_eq!(first["message_id"], second["message_id"], "{script}");
        assert_eq!((&first["subject"], &first["files"]), (&second["subject"], &second["files"]));
        assert_eq!(town.disclosures().len(), 1);
    }
}

#[test]
fn where_the_agreement_says_hold_a_person_decides_what_became_of_it() {
    let Some(server) = MailServer::start("close-after-end") else { return };
    let mut town = town(&server, "attachment", FOLDER, "hold");
    town.moved(&[Move::of(&child(1))]);
    assert_eq!((town.states(), town.tasks()), (vec!["held".to_owned()], vec!["outcome-unknown".to_owned()]));
    town.set_now("2026-11-25T09:00:00Z");
    town.run(&["sync"]).expect(0);
    assert_eq!((server.ledger().len(), town.out(OAKWOOD).len(), town.states()), (1, 0, vec!["held".to_owned()]), "never twice by itself");
    let words = town.json(&["task", "list", "--json"])[0]["words"].as_str().unwrap().to_owned();
    assert!(words.contains("Ask the school") && words.contains("M1"), "{words}");
    let Some(well) = MailServer::start("good") else { return };
    let toml = std::fs::read_to_string(town.dir().join("onroll.toml")).unwrap();
    town.write("onroll.toml", &toml.replace(&server.section(), &well.section()));
    town.run(&["release", "M1", "--reason", "the school does not have it"]).expect(0);
    town.run(&["deliver"]).expect(0);
    assert_eq!((town.states(), town.tasks().len(), well.ledger().len()), (vec!["sent".to_owned()], 0, 1));
    assert_eq!(well.ledger()[0]["message_id"], server.ledger()[0]["message_id"]);
}

#[test]
fn each_message_has_a_message_id_of_its_own() {
    let Some(server) = MailServer::start("good") else { return };
    let mut town = town(&server, "attachment", "", "resend");
    town.moved(&(1..10).map(|n| Move::of(&child(n))).collect::<Vec<_>>());
    let mut ids: Vec<String> = server.ledger().iter().map(|m| m["message_id"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 9);
}

#[test]
fn a_password_is_never_in_the_config_nor_in_the_list_of_processes() {
    let town = Town::new();
    for (more, words) in [
        ("password = \"secret-word\"\n", "password"),
        ("user = \"onroll\"\n", "password_file"),
        ("user = \"onroll\"\npassword_file = \"keys/nowhere\"\n", "keys/nowhere"),
        ("user = \"onroll\"\npassword_command = \"echo secret-word; exit 1\"\n", "password_command"),
        ("user = \"onroll\"\npassword_env = \"ONROLL_TEST_NO_SUCH_VARIABLE\"\n", "ONROLL_TEST_NO_SUCH_VARIABLE"),
    ] {
        let text = std::fs::read_to_string(town.dir().join("onroll.toml")).unwrap();
        town.config(&format!("\n[email]\nhost = \"localhost\"\nport = 1\nfrom = \"cme@council.example\"\n{more}"));
        let answer = town.run(&["deliver"]);
        assert!(answer.code == 2 || answer.code == 1, "{more}: {answer:?}");
        assert!(answer.err.contains(words) && !answer.err.contains("secret-word"), "{more}: {}", answer.err);
        town.write("onroll.toml", &text);
    }
}

#[test]
fn the_login_reaches_the_server_from_a_file_a_variable_or_a_command_and_nothing_else() {
    for more in ["password_file = \"keys/mail\"", "password_env = \"TEST_MAIL_PASSWORD\"", "password_command = \"cat keys/mail\""] {
        let Some(server) = MailServer::start_with("good", Some("onroll:secret-word")) else { return };
        let mut town = town(&server, "attachment", "", "resend");
        std::fs::write(town.dir().join("keys/mail"), "secret-word\n").unwrap();
        town.config(&format!("user = \"onroll\"\n{more}\n"));
        town.reported(&[Move::of(&child(1))]);
        let sent = town.command(&["deliver", "--json"]).env("TEST_MAIL_PASSWORD", "secret-word").output().unwrap();
        assert!(sent.status.success() && server.ledger().len() == 1, "{more}: {}", String::from_utf8_lossy(&sent.stderr));
        assert_eq!(server.ledger()[0]["login"], "onroll");
        for said in [&sent.stdout, &sent.stderr] {
            assert!(!String::from_utf8_lossy(said).contains("secret-word"));
        }
    }
}

#[test]
fn over_a_line_that_breaks_no_mail_is_lost_and_one_that_comes_twice_says_so() {
    let Some(server) = MailServer::start("good") else { return };
    let line = BadLine::before(&server, 1, 0.2);
    let mut town = Town::of(0..250, 250..500);
    let email = acceptance::mail_section(line.port, &server.authority()).replace("timeout_seconds = 5", "timeout_seconds = 1");
    town.config(&email);
    for school in [OAKWOOD, ELMWOOD] {
        let agreement = Agreement::with(school);
        let mail = agreement.mail("attachment");
        town.agree(&agreement.by(&mail));
    }
    town.moved(&(0..500).map(|n| Move::of(&child(n))).collect::<Vec<_>>());
    let mut hours = (0..).map(|n| format!("2026-11-{}T{:02}:00:00Z", 25 + n / 24, n % 24));
    while town.states().iter().any(|s| s != "sent") {
        let now = hours.next().filter(|h| h.as_str() < "2026-11-28").unwrap_or_else(|| panic!("{:?}", town.states()));
        town.set_now(&now);
        town.run(&["deliver"]).expect(0);
    }
    let mails = server.ledger();
    let ids: std::collections::BTreeSet<String> = mails.iter().map(|m| m["message_id"].to_string()).collect();
    let files: std::collections::BTreeSet<String> = mails.iter().map(|m| m["files"][0]["sha256"].to_string()).collect();
    assert_eq!((ids.len(), files.len()), (500, 500), "each message arrived, whole, and a repeat is the same message");
    let unknown = town.outbox().iter().filter(|m| m["attempts"] != 1).count();
    println!("500 mails over a line that breaks every fifth connection: {unknown} tried again, {} came twice", mails.len() - 500);
    assert!(unknown > 20 && mails.len() - 500 <= unknown);
    assert_eq!((town.disclosures().len(), town.tasks().len()), (500, 0));
    town.run(&["audit", "verify"]).expect(0);
}
