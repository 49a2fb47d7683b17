//! Messages about invented children, sealed under an invented agreement: what the tests, the benchmark and the example
//! of this room send.

use chrono::NaiveDate;
use connect::channel::Letter;
use schema::provision::AddressChange;
use schema::{Address, ChildId, MessageId, Name, Postcode, Record, Upn};
use sharing::{Agreements, ChannelTerms, Purpose, Sealed, Subject, seal};

/// An agreement whose channel is a folder, at this path or the usual one.
pub fn folder(path: Option<&str>) -> String {
    let path = path.map(|path| format!("path = {path:?}\n")).unwrap_or_default();
    agreement(&format!("kind = \"folder\"\n{path}"))
}

/// An agreement whose channel is email with the file attached.
pub fn attachment() -> String {
    agreement("kind = \"email\"\nto = \"office@oakwood.example\"\ncontent = \"attachment\"\n")
}

/// An agreement whose channel is a notice by email, with the file in a folder of the home.
pub fn notice() -> String {
    agreement("kind = \"email\"\nto = \"office@oakwood.example\"\ncontent = \"notice\"\npath = \"out/8524001\"\n")
}

fn agreement(channel: &str) -> String {
    format!(
        r#"
recipient = "8524001"
name = "Oakwood Primary School"
version = "2026-1"
in_force = true
from = 2026-09-01
until = 2027-08-31
review = 2027-06-01
[[contact]]
name = "Head of office"
email = "office@oakwood.example"
[[channel]]
{channel}
[purpose.address-change]
basis = "Education Act 1996 s436A; UK GDPR Art 6(1)(e)"
fields = ["upn", "name.forename", "name.surname", "dob", "address.lines", "address.town", "address.postcode", "address.from"]
direction = "out"
release = "automatic"
on_unknown = "resend"
"#
    )
}

/// A message, with all that its letter needs.
pub struct Message {
    pub id: MessageId,
    pub sealed: Sealed,
    pub name: String,
    pub terms: ChannelTerms,
}

impl Message {
    /// Message `number`, about a child of its own. The same number gives the same message.
    pub fn new(agreement: &str, number: u32) -> Message {
        let agreements = Agreements::parse(&[("agreements/8524001.toml".to_owned(), agreement.to_owned())]).unwrap();
        let address = Address {
            lines: vec![format!("{number} Confidential Close")],
            town: "Secretham".into(),
            postcode: Postcode::parse("SO14 0AA").ok(),
            from: NaiveDate::from_ymd_opt(2026, 10, 12),
            ..Address::default()
        };
        let change = AddressChange { moved: address.from, kind: "move".into(), from: None, to: Some(address.clone()) };
        let best = Record {
            name: Name { forename: "Robin".into(), middle: String::new(), surname: format!("Example-{number}") },
            dob: NaiveDate::from_ymd_opt(2017, 3, 9),
            upn: Upn::with_check_letter(&format!("85240012{:04}", number % 10_000)),
            ..Record::default()
        };
        let subject = Subject { child: ChildId(i64::from(number)), restricted: false, best: &best, address: &address, change: &change };
        let today = NaiveDate::from_ymd_opt(2026, 10, 13).unwrap();
        let sealed = seal(&agreements, "8524001", Purpose::AddressChange, &subject, today).unwrap();
        let name = sealed.file_name("852LLLL", number);
        let terms = sealed.channels()[0].clone();
        Message { id: MessageId(i64::from(number)), sealed, name, terms }
    }

    pub fn letter(&self) -> Letter<'_> {
        Letter { message: self.id, sealed: &self.sealed, file_name: &self.name, terms: &self.terms, message_id: self.message_id() }
    }

    pub fn message_id(&self) -> String {
        format!("{}.address-change@council.example", self.id)
    }
}
