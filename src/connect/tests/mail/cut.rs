use connect::channel::{Channel, Outcome};

use crate::made::{self, Message};
use crate::scripted::Scripted;
use crate::tap::{Cut, Tap};
use crate::{channel, settings};

/// Cuts per direction, spread over the whole dialogue.
const CUTS: usize = 100;

/// Sends message `number` over a connection that is cut; what the channel says, and how often the server has the mail.
async fn send(server: &Scripted, number: u32, tls: &str, cut: Cut) -> (Outcome, usize, Cut) {
    let tap = Tap::cutting(server.port, cut).await;
    let message = Message::new(&made::attachment(), number);
    let mail = channel(settings(tap.port, tls, "timeout_seconds = 10"), None, server.home());
    let outcome = mail.send(&message.letter()).await;
    tap.nothing_in_clear();
    let id = format!("<{}>", message.message_id());
    (outcome, server.ledger().iter().filter(|mail| mail["message_id"] == id.as_str()).count(), tap.bytes())
}

#[tokio::test]
async fn wherever_the_connection_is_cut_a_mail_that_is_tried_again_was_not_taken_and_one_that_is_sent_was() {
    for tls in ["starttls", "implicit"] {
        let server = Scripted::start("good", tls == "implicit", None);
        let (whole, taken, all) = send(&server, 1, tls, Cut::NEVER).await;
        assert!(matches!(whole, Outcome::Sent { .. }) && taken == 1, "{whole:?}");
        let (mut number, mut unknown) = (1, [0, 0]);
        for step in 0..CUTS {
            let said = Cut { said: 1 + step * all.said / CUTS, ..Cut::NEVER };
            let answered = Cut { answered: 1 + step * all.answered / CUTS, ..Cut::NEVER };
            for cut in [said, answered] {
                number += 1;
                let (outcome, taken, _) = send(&server, number, tls, cut).await;
                match outcome {
                    Outcome::Sent { .. } => assert_eq!(taken, 1, "{tls}, {cut:?}: lost"),
                    Outcome::Retry { reason } => assert_eq!(taken, 0, "{tls}, {cut:?}: would be sent twice ({reason})"),
                    Outcome::Unknown { .. } => unknown[taken] += 1,
                    Outcome::Refused { reason } => panic!("{tls}, {cut:?}: a cut is no refusal ({reason})"),
                }
            }
        }
        // Not known is what is said where both can be: the mail on its way in a buffer, or the answer lost.
        assert!(unknown.iter().all(|count| *count > 0), "{tls}: not taken and taken: {unknown:?}");
    }
}
