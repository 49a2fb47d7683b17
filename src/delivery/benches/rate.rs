//! How many files a second go from the outbox into folders, durably: claim, disclosure entry, file, settle. Prints rates,
//! judges none. `cargo bench -p delivery --bench rate -- [MESSAGES] [FOLDER]`; FOLDER says on which disk.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use connect::channel::FolderChannel;
use delivery::{Delivery, NoWatch, Settings};
use schema::clock::FixedClock;
use schema::{Address, ChildId, MessageState, Postcode, Record};
use sharing::{Agreements, Purpose, Subject, seal};
use store::{Batch, Counts, Fate, FateRange, FileEnd, NewChild, NewMessage, NewPayload, Store};

type Fault = Box<dyn std::error::Error>;

/// Schools of the council.
const SCHOOLS: i64 = 80;

fn main() -> Result<(), Fault> {
    let messages: i64 = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(10_000);
    let on = std::env::args().skip(1).find(|a| Path::new(a).is_dir());
    let folder = on.map_or_else(tempfile::tempdir, tempfile::tempdir_in)?;
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(run(folder.path(), messages))
}

async fn run(home: &Path, messages: i64) -> Result<(), Fault> {
    let store = Store::open(&format!("sqlite:{}", home.join("onroll.db").display()), home).await?;
    let now = DateTime::<Utc>::from_timestamp(1_795_500_000, 0).ok_or("no such time")?;
    add_children(&store, messages, now).await?;
    let started = Instant::now();
    store.put_messages(wanted_at(messages, now, 12)?, Vec::new(), now).await?;
    rate("messages put into the outbox", messages, started);

    for settings in [Settings::default(), Settings { batch: 256, files_at_once: 16, ..Settings::default() }] {
        let what = format!("files delivered, {} at once of a batch of {}", settings.files_at_once, settings.batch);
        let delivery = Delivery {
            store: store.clone(),
            channels: vec![Arc::new(FolderChannel::new(home))],
            clock: Arc::new(FixedClock(now)),
            settings,
            sender: "852LLLL".to_owned(),
            by: what.clone(),
            domain: "onroll.example".to_owned(),
            seed: 1,
            watch: Arc::new(NoWatch),
        };
        let started = Instant::now();
        let report = delivery.run().await?;
        let sent = report.sent.get("folder").copied().unwrap_or_default();
        rate(&what, sent as i64, started);
        if report.undelivered > 0 || sent == 0 {
            return Err(format!("not all were delivered: {report:?}").into());
        }
        // The same children moved again: other content, new messages.
        let started = Instant::now();
        store.put_messages(wanted_at(messages, now, 14)?, Vec::new(), now).await?;
        rate("messages put beside those sent", messages, started);
    }
    store.close().await;
    Ok(())
}

fn rate(what: &str, count: i64, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{what}: {:.0}/s ({count} in {seconds:.2} s)", count as f64 / seconds);
}

fn wanted_at(messages: i64, now: DateTime<Utc>, house: u32) -> Result<Vec<NewMessage>, Fault> {
    let files: Vec<(String, String)> = (0..SCHOOLS).map(agreement).collect();
    let agreements = Agreements::parse(&files).map_err(|faults| format!("{}", faults[0]))?;
    let mut best = Record::default();
    best.name.forename = "Ada".to_owned();
    best.name.surname = "Example".to_owned();
    let address = Address {
        lines: vec![format!("{house} Test Road")],
        town: "Southampton".to_owned(),
        postcode: Some(Postcode::parse("SO14 0AA").map_err(|_| "no postcode")?),
        ..Address::default()
    };
    let text = format!("{{\"lines\":[\"{house} Test Road\"]}}");
    let make = |n: i64| {
        let child = ChildId(n + 1);
        let recipient = laestab(n % SCHOOLS);
        let subject = Subject { child, restricted: false, best: &best, address: &address, change: &Default::default() };
        let sealed = seal(&agreements, &recipient, Purpose::AddressChange, &subject, now.date_naive())?;
        Ok(NewMessage {
            sealed: Some(sealed),
            recipient,
            purpose: Purpose::AddressChange.as_str().to_owned(),
            child,
            finding: None,
            address: text.clone(),
            state: MessageState::Waiting,
            hold: None,
            reason: None,
            task: None,
        })
    };
    (0..messages).map(make).collect()
}

fn laestab(school: i64) -> String {
    format!("852{:04}", 4000 + school)
}

fn agreement(school: i64) -> (String, String) {
    let recipient = laestab(school);
    let text = format!(
        r#"recipient = "{recipient}"
name = "School {school}"
version = "2026-1"
in_force = true
from = 2026-09-01
until = 2027-08-31
review = 2027-06-01
[[contact]]
name = "Head of office"
email = "office@oakwood.example"
[[channel]]
kind = "folder"
collect_within_hours = 72
[purpose.address-change]
basis = "Education Act 1996 s436A"
fields = ["name.forename", "name.surname", "address.lines", "address.town", "address.postcode"]
direction = "out"
release = "automatic"
on_unknown = "resend"
"#
    );
    (format!("agreements/{recipient}.toml"), text)
}

async fn add_children(store: &Store, count: i64, now: DateTime<Utc>) -> Result<(), Fault> {
    let payload = NewPayload {
        source: "one".to_owned(),
        connector: "capita-one".to_owned(),
        dataset: Some("students".to_owned()),
        stream: Some(store.stream("one", "capita-one", "students", true, None, None).await?.id),
        mapping: None,
        mapping_version: None,
        file: "students.csv".to_owned(),
        sha256: String::new(),
        bytes: 0,
        landed_at: now,
        as_of: Some(now.date_naive()),
        complete: true,
        columns: Vec::new(),
        by: "bench".to_owned(),
    };
    let mut ingest = store.begin_ingest(&payload).await?;
    for first in (1..=count).step_by(2_000) {
        let children = (first..(first + 2_000).min(count + 1)).map(|id| NewChild {
            id: ChildId(id),
            display: format!("Ada {id} Example"),
            folded: format!("ada {id} example"),
            dob: None,
            upn: None,
            restricted: false,
        });
        ingest.write(Batch { children: children.collect(), ..Batch::default() }).await?;
    }
    let mut counts = Counts { read: 1, ..Counts::default() };
    counts.add(Fate::Accepted, 1);
    ingest.finish(counts, vec![FateRange { first: 1, last: 1, fate: Fate::Accepted }], Vec::new(), FileEnd::default(), now).await?;
    Ok(())
}
