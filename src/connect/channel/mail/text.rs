//! The text of a mail. What it says outside the attachment is known to every mail server on its way: no personal data.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use sharing::MailContent;

use crate::channel::Letter;

/// A mail, ready for the wire.
pub(super) struct Mail {
    /// Between whom the server carries it.
    pub(super) envelope: Envelope,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// Writes the mail of a letter.
pub(super) fn mail(letter: &Letter<'_>, from: &Mailbox, to: &str, content: MailContent, now: DateTime<Utc>) -> Result<Mail, String> {
    let to: Mailbox = to.parse().map_err(|_| "the address in the agreement is no email address: put it right there")?;
    if !to.email.to_string().is_ascii() {
        return Err(
            "the address in the agreement has letters that not every mail server carries: ask the recipient for one without".to_owned()
        );
    }
    let builder = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(format!("A message from the council's children missing education team ({})", letter.message))
        .date(SystemTime::from(now))
        .message_id(Some(message_id(&letter.message_id)?))
        // RFC 3834: no absence notes and other automatic answers, please.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    let file_name = letter.file_name;
    let built = match content {
        MailContent::Attachment => {
            let text = format!(
                "The file {file_name} is attached. It tells what the sharing agreement with you allows, and nothing else.\r\n\r\n{}",
                closing(letter)
            );
            // Base64 keeps every byte as it is; another encoding may change the ends of lines.
            let body = Body::new_with_encoding(letter.sealed.body().to_vec(), ContentTransferEncoding::Base64)
                .map_err(|_| "the file cannot be attached to a mail".to_owned())?;
            let csv = ContentType::parse("text/csv; charset=utf-8").map_err(|fault| fault.to_string())?;
            let file = Attachment::new(file_name.to_owned()).body(body, csv);
            builder.multipart(MultiPart::mixed().singlepart(SinglePart::plain(text)).singlepart(file))
        }
        MailContent::Notice => {
            let text = format!("The file {file_name} waits for you in the folder that was agreed with you.\r\n\r\n{}", closing(letter));
            builder.singlepart(SinglePart::plain(text))
        }
    };
    let built = built.map_err(|_| "the mail could not be written".to_owned())?;
    Ok(Mail { envelope: built.envelope().clone(), bytes: built.formatted() })
}

fn closing(letter: &Letter<'_>) -> String {
    format!(
        "If you receive a message with the number {} twice, it is the same one: use it once.\r\nThis mail was sent by a program. If something is wrong, tell your contact at the council, and name that number.\r\n",
        letter.message
    )
}

/// The Message-ID in angle brackets. What could end the header line or the id is no id.
fn message_id(given: &str) -> Result<String, String> {
    let id = given.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(given);
    let is_atom =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+'));
    match id.split_once('@') {
        Some((left, right)) if is_atom(left) && is_atom(right) && id.len() <= 200 => Ok(format!("<{id}>")),
        _ => Err("the Message-ID of the mail is none: it must look like m12.address-change@council.example".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_gets_its_brackets_and_nothing_else_gets_into_the_header() {
        let good = Ok("<M12.address-change@council.example>".to_owned());
        assert_eq!(message_id("M12.address-change@council.example"), good);
        assert_eq!(message_id("<M12.address-change@council.example>"), good);
        for bad in ["", "M12", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: x@y.example", "a>@b", "<a@b", "\u{fc}@b"] {
            assert!(message_id(bad).is_err(), "{bad:?}");
        }
        assert!(message_id(&format!("{}@b", "a".repeat(300))).is_err());
    }
}
