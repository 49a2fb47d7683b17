use chrono::{DateTime, TimeDelta, Utc};
use schema::{ChildId, FindingId, MessageId};

use super::{Entry, EntryBody, FIRST_PREVIOUS};

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) fn body(n: i64) -> EntryBody {
    EntryBody {
        at: noon() + TimeDelta::seconds(n),
        recipient: format!("852400{}", n % 7),
        purpose: "address-change".into(),
        basis: "Education Act 1996 s436A; UK GDPR Art 6(1)(e)".into(),
        agreement: format!("852400{} 2026-1", n % 7),
        child: ChildId(n + 100),
        fields: vec!["upn".into(), "name.forename".into(), "address.lines".into()],
        message: MessageId(n),
        finding: (n % 3 > 0).then_some(FindingId(n)),
        released_by: (n % 5 == 0).then(|| "Jo \"Officer\"\n".to_owned()),
        released_role: (n % 5 == 0).then(|| "officer".to_owned()),
        content: format!("{n:064x}"),
    }
}

/// A log of so many entries.
pub(crate) fn log(entries: i64) -> Vec<Entry> {
    let mut log: Vec<Entry> = Vec::new();
    for n in 1..=entries {
        let last = log.last().map(|entry| (entry.number, entry.hash.as_str()));
        let next = Entry::next(last, body(n));
        log.push(next);
    }
    log
}

#[test]
fn the_line_is_the_documented_text() {
    let entry = Entry::next(None, body(5));
    assert_eq!(
        entry.line(),
        format!(
            "{{\"number\":1,\"previous\":\"{FIRST_PREVIOUS}\",\"at\":\"2026-11-24T12:00:05.000Z\",\"recipient\":\"8524005\",\
             \"purpose\":\"address-change\",\"basis\":\"Education Act 1996 s436A; UK GDPR Art 6(1)(e)\",\
             \"agreement\":\"8524005 2026-1\",\"child\":\"C105\",\"fields\":[\"upn\",\"name.forename\",\"address.lines\"],\
             \"message\":\"M5\",\"finding\":\"F5\",\"released_by\":\"Jo \\\"Officer\\\"\\n\",\"released_role\":\"officer\",\
             \"content\":\"{:064x}\"}}",
            5
        )
    );
}

#[test]
fn an_entry_follows_from_the_one_before() {
    let log = log(3);
    assert_eq!((log[0].number, log[0].previous.as_str()), (1, FIRST_PREVIOUS));
    assert_eq!((log[2].number, log[2].previous.as_str()), (3, log[1].hash.as_str()));
    let other = Entry::next(Some((2, FIRST_PREVIOUS)), log[2].body.clone());
    assert_ne!(other.hash, log[2].hash);
}

#[test]
fn what_is_kept_of_a_moment_is_what_is_hashed() {
    let at = noon() + TimeDelta::nanoseconds(1_999_999);
    let entry = Entry::next(None, EntryBody { at, ..body(1) });
    assert_eq!(entry.body.at, noon() + TimeDelta::milliseconds(1));
    let again = Entry { body: EntryBody { at: entry.body.at, ..entry.body.clone() }, ..entry.clone() };
    assert_eq!(again.line(), entry.line());
}
