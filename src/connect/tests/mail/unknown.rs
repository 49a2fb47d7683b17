use connect::channel::{Channel, Outcome};

use crate::made::{self, Message};
use crate::scripted::Scripted;
use crate::{channel, play, settings};

#[tokio::test]
async fn a_server_that_says_nothing_after_the_content_may_have_taken_it() {
    for tls in ["starttls", "implicit"] {
        play("hang-after-end", tls, "timeout_seconds = 2").await.unknown("no answer came within 2 seconds").nothing_leaked().taken(1);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_content_leaves_the_outcome_unknown() {
    for tls in ["starttls", "implicit"] {
        play("close-after-end", tls, "").await.unknown("it may have arrived").nothing_leaked().taken(1);
    }
}

#[tokio::test]
async fn an_answer_that_says_neither_yes_nor_no_leaves_the_outcome_unknown() {
    play("end-354", "starttls", "").await.unknown("neither yes nor no").nothing_leaked();
    play("garbled-after-end", "starttls", "").await.unknown("it may have arrived").nothing_leaked();
}

#[tokio::test]
async fn a_mail_whose_program_stopped_cannot_be_looked_up_and_nothing_is_sent_to_find_out() {
    let server = Scripted::start("good", false, None);
    let mail = channel(settings(server.port, "starttls", ""), None, server.home());
    assert!(matches!(mail.recover(&Message::new(&made::attachment(), 12).letter()).await, Outcome::Unknown { .. }));
    assert_eq!(server.ledger().len(), 0);
}
