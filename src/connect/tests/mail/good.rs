use std::sync::Arc;

use connect::channel::{Channel, Outcome};
use sha2::{Digest, Sha256};

use crate::made::{self, Message};
use crate::scripted::Scripted;
use crate::tap::Tap;
use crate::{channel, play, settings};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test]
async fn a_mail_arrives_whole_by_starttls_and_by_tls_from_the_first_byte() {
    for tls in ["starttls", "implicit"] {
        let played = play("good", tls, "").await;
        assert_eq!(played.outcome, Outcome::Sent { detail: "the mail server took it (250 2.0.0)".into() }, "{tls}");
        played.nothing_leaked();
        let message = Message::new(&made::attachment(), 12);
        let mail = &played.server.ledger()[0];
        assert_eq!(mail["message_id"], "<M12.address-change@council.example>");
        assert_eq!(mail["subject"], "A message from the council's children missing education team (M12)");
        assert_eq!(mail["date"], "Tue, 13 Oct 2026 06:30:00 +0000");
        assert_eq!((&mail["mail_from"], &mail["rcpt_tos"][0]), (&"cme@council.example".into(), &"office@oakwood.example".into()));
        let file = &mail["files"][0];
        assert_eq!((&file["name"], &file["type"]), (&"852LLLL_8524001_addr0012.csv".into(), &"text/csv".into()));
        assert_eq!(file["sha256"], sha256(message.sealed.body()), "byte for byte");
    }
}

#[tokio::test]
async fn what_is_not_the_attachment_holds_no_personal_data() {
    let played = play("good", "starttls", "").await;
    let mail = played.server.ledger().remove(0);
    let text = format!("{} {} {}", mail["subject"], mail["text"], mail["files"][0]["name"]);
    assert!(text.contains("M12") && text.contains("852LLLL_8524001_addr0012.csv"), "{text}");
    let body = String::from_utf8(Message::new(&made::attachment(), 12).sealed.body().to_vec()).unwrap();
    for value in body.lines().nth(1).unwrap().split(',') {
        assert!(!text.contains(value), "{value} stands in {text}");
    }
}

#[tokio::test]
async fn a_notice_carries_no_file_which_waits_in_the_folder() {
    let server = Scripted::start("good", false, None);
    let mail = channel(settings(server.port, "starttls", ""), None, server.home());
    let message = Message::new(&made::notice(), 12);
    for _ in 0..2 {
        assert!(matches!(mail.send(&message.letter()).await, Outcome::Sent { .. }));
    }
    let file = server.home().join("out/8524001/852LLLL_8524001_addr0012.csv");
    assert_eq!(std::fs::read(&file).unwrap(), message.sealed.body());
    assert_eq!(mail.is_collected(&message.letter()), Some(false));
    let told = server.ledger();
    assert_eq!(told.len(), 2);
    for notice in told {
        assert_eq!(notice["files"], serde_json::json!([]));
        assert_eq!(notice["message_id"], "<M12.address-change@council.example>", "the same at every try");
        assert!(notice["text"].as_str().unwrap().contains("852LLLL_8524001_addr0012.csv"));
    }
}

#[tokio::test]
async fn the_login_is_said_under_encryption_only() {
    for tls in ["starttls", "implicit"] {
        let server = Scripted::start("good", tls == "implicit", Some("onroll:a-pass-word"));
        let tap = Tap::before(server.port).await;
        let mail = channel(settings(tap.port, tls, "user = \"onroll\""), Some("a-pass-word"), server.home());
        let outcome = mail.send(&Message::new(&made::attachment(), 12).letter()).await;
        assert!(matches!(outcome, Outcome::Sent { .. }), "{tls}: {outcome:?}");
        assert_eq!(server.ledger()[0]["login"], "onroll");
        tap.nothing_in_clear();
    }
}

#[tokio::test]
async fn mails_at_the_same_time_arrive_once_each() {
    let server = Scripted::start("good", false, None);
    let tap = Tap::before(server.port).await;
    let mail = Arc::new(channel(settings(tap.port, "starttls", ""), None, server.home()));
    let mut running = tokio::task::JoinSet::new();
    for number in 1..=40 {
        let mail = Arc::clone(&mail);
        running.spawn(async move { mail.send(&Message::new(&made::attachment(), number).letter()).await });
    }
    while let Some(outcome) = running.join_next().await {
        assert!(matches!(outcome.unwrap(), Outcome::Sent { .. }));
    }
    let mut ids: Vec<String> = server.ledger().iter().map(|mail| mail["message_id"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), tap.connections()), (40, 40), "each by a connection of its own");
    tap.nothing_in_clear();
}
