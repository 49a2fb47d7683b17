use connect::channel::{Channel, Outcome};

use crate::made::{self, Message};
use crate::scripted::Scripted;
use crate::{channel, play, settings};

#[tokio::test]
async fn a_server_that_is_shut_for_now_is_tried_again() {
    for tls in ["starttls", "implicit"] {
        play("greeting-421", tls, "").await.retry("421").nothing_leaked().taken(0);
    }
}

#[tokio::test]
async fn a_server_that_takes_nothing_from_us_is_not() {
    for tls in ["starttls", "implicit"] {
        play("greeting-554", tls, "").await.refused("554 5.7.1").nothing_leaked().taken(0);
        play("ehlo-502", tls, "").await.refused("502 5.5.1").nothing_leaked().taken(0);
    }
}

#[tokio::test]
async fn a_4xx_to_the_recipient_is_tried_again_and_a_5xx_is_not() {
    for tls in ["starttls", "implicit"] {
        play("rcpt-451", tls, "").await.retry("451 4.2.0 to the recipient's address").nothing_leaked().taken(0);
        play("rcpt-550", tls, "").await.refused("knows no such address").nothing_leaked().taken(0);
    }
    play("mail-550", "starttls", "").await.refused("550 5.7.1 to the sender's address").nothing_leaked().taken(0);
}

#[tokio::test]
async fn a_4xx_before_or_after_the_content_is_tried_again_and_a_5xx_is_not() {
    play("data-451", "starttls", "").await.retry("451 4.3.0").nothing_leaked().taken(0);
    play("data-550", "starttls", "").await.refused("550 5.7.1").nothing_leaked().taken(0);
    for tls in ["starttls", "implicit"] {
        play("end-451", tls, "").await.retry("451 4.3.0 to the mail").nothing_leaked().taken(0);
        play("end-421", tls, "").await.retry("421 4.3.2 to the mail").nothing_leaked().taken(0);
        play("end-550", tls, "").await.refused("550 5.6.0 to the mail").nothing_leaked().taken(0);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_or_hangs_before_the_content_is_tried_again() {
    play("close-at-rcpt", "starttls", "").await.retry("broke at the recipient's address").nothing_leaked().taken(0);
    play("hang-at-rcpt", "starttls", "timeout_seconds = 1").await.retry("longer than 1 seconds").nothing_leaked().taken(0);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let server = Scripted::start("good", false, None);
    let port = server.port;
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(server.home().join("ca.pem"), home.path().join("ca.pem")).unwrap();
    drop(server);
    let outcome = channel(settings(port, "starttls", ""), None, home.path()).send(&Message::new(&made::attachment(), 12).letter()).await;
    assert!(matches!(&outcome, Outcome::Retry { reason } if reason.contains("nothing listens there")), "{outcome:?}");
}

#[tokio::test]
async fn a_wrong_password_says_which_settings_to_put_right() {
    let server = Scripted::start("login-refused", false, Some("onroll:right"));
    let mail = channel(settings(server.port, "starttls", "user = \"onroll\""), Some("wrong-Secret"), server.home());
    let outcome = mail.send(&Message::new(&made::attachment(), 12).letter()).await;
    let Outcome::Refused { reason } = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains("535") && reason.contains("put user and password of [email] right"), "{reason}");
    assert!(!reason.contains("wrong-Secret") && !reason.contains("onroll"), "{reason}");
    assert_eq!(server.ledger().len(), 0);
}
