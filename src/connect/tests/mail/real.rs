use connect::channel::{Channel, Outcome};

use crate::exim::Exim;
use crate::made::{self, Message};
use crate::tap::Tap;
use crate::{channel, settings};

const LOGIN: &str = "user = \"onroll\"";

#[tokio::test]
async fn a_mail_server_of_the_distribution_takes_our_mail_both_ways() {
    let exim = Exim::start();
    for (port, tls) in [(exim.starttls, "starttls"), (exim.implicit, "implicit")] {
        let before = exim.spool().len();
        let tap = Tap::before(port).await;
        let mail = channel(settings(tap.port, tls, LOGIN), Some("a-pass-word"), exim.home());
        let outcome = mail.send(&Message::new(&made::attachment(), 12).letter()).await;
        assert!(matches!(&outcome, Outcome::Sent { detail } if detail.contains("250")), "{tls}: {outcome:?}");
        tap.nothing_in_clear();
        let spool = exim.spool();
        assert_eq!(spool.len(), before + 1, "{tls}");
        for (head, body) in spool {
            assert!(head.contains("Message-ID: <M12.address-change@council.example>"), "{head}");
            assert!(head.contains("-tls_cipher TLS1."), "{head}");
            assert!(body.contains("filename=\"852LLLL_8524001_addr0012.csv\""), "{body}");
            // "upn,name.forename" in base64.
            assert!(body.contains("dXBuLG5hbWUuZm9yZW5hbW"), "{body}");
        }
    }
}

#[tokio::test]
async fn a_mail_server_of_the_distribution_refuses_a_mail_without_login() {
    let exim = Exim::start();
    let mail = channel(settings(exim.starttls, "starttls", ""), None, exim.home());
    let outcome = mail.send(&Message::new(&made::attachment(), 12).letter()).await;
    assert!(matches!(&outcome, Outcome::Refused { reason } if reason.contains("550")), "{outcome:?}");
    let wrong = channel(settings(exim.starttls, "starttls", LOGIN), Some("another"), exim.home());
    let outcome = wrong.send(&Message::new(&made::attachment(), 12).letter()).await;
    assert!(matches!(&outcome, Outcome::Refused { reason } if reason.contains("535")), "{outcome:?}");
    assert_eq!(exim.spool().len(), 0);
}
