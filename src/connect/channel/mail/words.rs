//! What a person reads about a mail. The server's own text stays out: it may hold an address. Its codes do not.

use std::error::Error as _;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;
use tokio_rustls::rustls::{self, AlertDescription, CertificateError};

use super::post::Step;
use super::settings::MailTls;
use super::wire::NoWire;
use crate::channel::Outcome;

/// The server has the mail.
pub(super) fn taken(answer: &Response) -> String {
    let code = u16::from(answer.code());
    match answer.first_line().and_then(enhanced) {
        Some(enhanced) => format!("the mail server took it ({code} {enhanced})"),
        None => format!("the mail server took it ({code})"),
    }
}

/// There was no encrypted connection.
pub(super) fn no_wire(fault: &NoWire, tls: MailTls) -> Outcome {
    match fault {
        NoWire::Network(fault) => Outcome::retry(format!(
            "the mail server did not answer ({}): see whether it runs, and host and port of [email]",
            network_kind(fault)
        )),
        NoWire::Answer { to, code, enhanced } => {
            let code = shown(*code, enhanced.as_deref());
            let reason = format!("the mail server answered {code} to {}", if *to == "greeting" { "our connection" } else { to });
            match (code.starts_with('4'), *to) {
                (true, _) => Outcome::retry(format!("{reason}: it is busy or shut for now")),
                (false, "STARTTLS") => Outcome::refused(format!("{reason}: without encryption nothing is sent. Ask who runs the server")),
                (false, _) => Outcome::refused(format!("{reason}: it takes no mail from this machine. Ask who runs the server")),
            }
        }
        NoWire::NotSmtp => Outcome::refused(match tls {
            MailTls::Starttls => {
                "what answers at host and port of [email] does not speak SMTP: if it speaks TLS from the first byte, set tls = \"implicit\""
            }
            MailTls::Implicit => "what answers at host and port of [email] does not speak SMTP",
        }),
        NoWire::Unasked => Outcome::refused(
            "the mail server, or somebody between, said more than it was asked before the encryption began: nothing is sent over such a connection. Ask who runs the server and the network",
        ),
        NoWire::NoStarttls => Outcome::refused(
            "the mail server offers no encryption (STARTTLS), and without it nothing is sent: ask who runs it, or use its port for TLS with tls = \"implicit\"",
        ),
        NoWire::Tls(fault) => match fault.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(fault) => tls_fault(fault, tls),
            None => Outcome::retry("the encryption with the mail server could not be set up"),
        },
    }
}

fn tls_fault(fault: &rustls::Error, tls: MailTls) -> Outcome {
    use AlertDescription::{HandshakeFailure, InsufficientSecurity, ProtocolVersion};
    match fault {
        rustls::Error::InvalidCertificate(fault) => Outcome::refused(format!(
            "the certificate of the mail server {}: nothing is sent to a server that cannot prove its name",
            certificate(fault)
        )),
        rustls::Error::InvalidMessage(_) => Outcome::refused(match tls {
            MailTls::Implicit => {
                "the mail server does not speak TLS from the first byte at this port: set tls = \"starttls\", or the port for TLS (usually 465)"
            }
            MailTls::Starttls => "the mail server agreed to encryption and then did not speak TLS: ask who runs it",
        }),
        rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(HandshakeFailure | InsufficientSecurity | ProtocolVersion) => {
            Outcome::refused(
                "the mail server knows no encryption that is good enough (TLS 1.2 or later): ask who runs it to bring it up to date",
            )
        }
        rustls::Error::AlertReceived(alert) => Outcome::retry(format!("the mail server broke off the encryption ({alert:?})")),
        _ => Outcome::retry("the encryption with the mail server could not be set up"),
    }
}

fn certificate(fault: &CertificateError) -> &'static str {
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired (or this machine's clock is wrong)",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet (or this machine's clock is wrong)"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "is for another name than host of [email]",
        // A wrong signature: of an authority that only has the name of ours.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "is from an authority that is not trusted here (ca_file of [email] can name one)"
        }
        CertificateError::Revoked => "has been withdrawn",
        _ => "is not good",
    }
}

/// A step of the dialogue failed.
pub(super) fn smtp(fault: &Error, step: Step) -> Outcome {
    let Some(code) = fault.status() else {
        return without_answer(fault, step);
    };
    let enhanced = fault.source().map(ToString::to_string).as_deref().and_then(enhanced);
    let answer = shown(u16::from(code), enhanced.as_deref());
    if fault.is_transient() {
        return Outcome::retry(format!("the mail server answered {answer} to {}: not now", asked(step)));
    }
    Outcome::refused(format!("the mail server answered {answer} to {}: {}", asked(step), why(step, enhanced.as_deref())))
}

/// No answer, or none that can be read.
fn without_answer(fault: &Error, step: Step) -> Outcome {
    if step == Step::End {
        return Outcome::unknown("the mail was handed over, and the connection broke before the server's answer came: it may have arrived");
    }
    if fault.is_client() {
        return Outcome::refused(match step {
            Step::Login => {
                "the mail server offers no login that we know (PLAIN, LOGIN): remove user and password of [email], or use another port"
            }
            _ => "the mail server cannot carry a mail to this address",
        });
    }
    Outcome::retry(format!("the connection to the mail server broke at {}", asked(step)))
}

/// A good answer that is none to what was asked.
pub(super) fn odd_answer(step: Step) -> Outcome {
    if step == Step::End {
        return Outcome::unknown("the mail was handed over, and the server's answer said neither yes nor no: it may have arrived");
    }
    Outcome::retry(format!("the mail server gave an answer that does not fit {}", asked(step)))
}

/// The time was up.
pub(super) fn too_late(limit: Duration, step: Step) -> Outcome {
    let seconds = limit.as_secs();
    if step == Step::End {
        return Outcome::unknown(format!("the mail was handed over, and no answer came within {seconds} seconds: it may have arrived"));
    }
    Outcome::retry(format!("the mail server took longer than {seconds} seconds, up to {}", asked(step)))
}

fn asked(step: Step) -> &'static str {
    match step {
        Step::Connect => "our greeting",
        Step::Login => "our login",
        Step::From => "the sender's address",
        Step::To => "the recipient's address",
        Step::Data => "the offer of the content",
        Step::Content | Step::End => "the mail",
    }
}

/// What a lasting refusal means (RFC 3463), and what to do.
fn why(step: Step, enhanced: Option<&str>) -> &'static str {
    let is = |codes: &[&str]| enhanced.is_some_and(|code| codes.contains(&code));
    match step {
        Step::Connect => "it takes no mail from this machine. Ask who runs the server",
        Step::Login => "put user and password of [email] right",
        _ if is(&["5.7.0", "5.5.1"]) && step != Step::End => "it wants a login. Set user and password of [email]",
        Step::To if is(&["5.1.1", "5.1.2", "5.1.3", "5.1.10"]) => "it knows no such address. Put it right in the agreement",
        Step::To if is(&["5.2.1", "5.2.2"]) => "the mailbox is full or shut. Ask the recipient",
        Step::From => "it does not let us send from this address. Put from of [email] right, or ask who runs the server",
        Step::To => "it does not take mail for this address. Ask the recipient, or put the address right in the agreement",
        _ => "it does not take this mail. Ask who runs the server",
    }
}

fn shown(code: u16, enhanced: Option<&str>) -> String {
    enhanced.map_or_else(|| code.to_string(), |enhanced| format!("{code} {enhanced}"))
}

/// The enhanced status code at the start of a reply's text, as 5.1.1 (RFC 2034 section 4); of the text nothing else.
pub(super) fn enhanced(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let parts: Vec<&str> = word.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (parts.len() == 3 && matches!(parts.first(), Some(&("2" | "4" | "5"))) && parts.iter().all(is_number)).then(|| word.to_owned())
}

fn network_kind(fault: &std::io::Error) -> &'static str {
    use std::io::ErrorKind::{ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable, TimedOut, UnexpectedEof};
    match fault.kind() {
        ConnectionRefused => "nothing listens there",
        ConnectionReset | UnexpectedEof => "it closed the connection",
        HostUnreachable | NetworkUnreachable => "it cannot be reached",
        TimedOut => "it took too long",
        _ => "its name is not known, or the network is down",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_servers_text_only_the_enhanced_code_is_kept() {
        assert_eq!(enhanced("5.1.1 <child.example@oakwood.example> unknown"), Some("5.1.1".to_owned()));
        for text in ["", "unknown", "5.1", "5.1.1.1 x", "9.1.1 x", "5.1.1a x", "10.20.30.40", "5..1"] {
            assert_eq!(enhanced(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_known_to_have_failed_once_the_end_was_given() {
        for step in [Step::Connect, Step::Login, Step::From, Step::To, Step::Data, Step::Content] {
            assert!(matches!(too_late(Duration::from_secs(30), step), Outcome::Retry { .. }), "{step:?}");
            assert!(matches!(odd_answer(step), Outcome::Retry { .. }), "{step:?}");
        }
        assert!(matches!(too_late(Duration::from_secs(30), Step::End), Outcome::Unknown { .. }));
        assert!(matches!(odd_answer(Step::End), Outcome::Unknown { .. }));
    }
}
