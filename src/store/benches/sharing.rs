//! How fast messages are taken up and settled, and how fast the disclosure log is verified: prints rates, judges none.
//! `cargo bench -p store --bench sharing -- [ENTRIES] [MESSAGES]`

use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use schema::provision::AddressChange;
use schema::{Address, ChildId, MessageId, MessageState, Name, Record};
use sharing::{Agreements, AuditKey, Entry, EntryBody, Purpose, Subject, Verifier};
use sqlx::Connection;
use store::{Batch, Claim, Counts, End, Fate, FateRange, FileEnd, NewChild, NewMessage, NewPayload, NewRecord, Settlement, Store};

type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let mut sizes = std::env::args().skip(1).filter_map(|a| a.parse::<u64>().ok());
    let entries: u64 = sizes.next().unwrap_or(1_000_000);
    let messages = sizes.next().unwrap_or(20_000) as i64;
    let folder = tempfile::tempdir()?;
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(async {
        deliver(&folder.path().join("outbox"), messages).await?;
        verify(&folder.path().join("log"), entries).await
    })
}

fn now() -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_781)
}

async fn open(home: &Path) -> Result<Store, Fault> {
    std::fs::create_dir_all(home)?;
    Ok(Store::open(&format!("sqlite:{}", home.join("bench.db").display()), home).await?)
}

fn rate(what: &str, count: u64, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{what}: {:.0}/s ({seconds:.2} s)", count as f64 / seconds);
}

const AGREEMENT: &str = r#"recipient = "8524001"
name = "A School"
version = "2026-1"
in_force = true
from = 2026-09-01
until = 2027-08-31
review = 2027-06-01
[[contact]]
name = "Head of office"
email = "office@school.example"
[[channel]]
kind = "folder"
[purpose.address-change]
basis = "Education Act 1996 s436A; UK GDPR Art 6(1)(e)"
fields = ["upn", "name.forename", "name.surname", "dob", "address.lines", "address.town", "address.postcode", "address.from"]
direction = "out"
release = "automatic"
on_unknown = "resend"
"#;

async fn deliver(home: &Path, messages: i64) -> Result<(), Fault> {
    let store = open(home).await?;
    children(&store, messages).await?;
    let wanted = || (1..=messages).map(message).collect::<Result<Vec<_>, Fault>>();
    let (first, again) = (wanted()?, wanted()?);
    let started = Instant::now();
    store.put_messages(first, Vec::new(), now()).await?;
    rate("messages put into the outbox", messages as u64, started);
    let started = Instant::now();
    store.put_messages(again, Vec::new(), now()).await?;
    rate("the same put again", messages as u64, started);
    let started = Instant::now();
    let mut done = 0;
    loop {
        let lease_until = now() + TimeDelta::seconds(60);
        let claim = Claim { now: now(), lease_until, by: "bench", limit: 500, sender: "852LLLL", shut: &[], few: &[] };
        let claimed = store.claim(&claim).await?;
        if claimed.is_empty() {
            break;
        }
        done += claimed.len() as u64;
        let sent = |c: store::Claimed| Settlement {
            message: c.message,
            attempt: c.attempt,
            end: End::Sent { collect_by: None },
            detail: String::new(),
            at: now(),
        };
        store.settle("bench", claimed.into_iter().map(sent).collect()).await?;
    }
    assert_eq!(done, messages as u64);
    rate("claimed and settled, 500 at a time, two durable transactions each", done, started);
    store.close().await;
    Ok(())
}

async fn children(store: &Store, children: i64) -> Result<(), Fault> {
    let stream = store.stream("8524001", "sims", "pupils", true, None, None).await?.id;
    let payload = NewPayload {
        source: "8524001".to_owned(),
        connector: "sims".to_owned(),
        dataset: None,
        stream: Some(stream),
        mapping: None,
        mapping_version: None,
        file: "pupils.csv".to_owned(),
        sha256: String::new(),
        bytes: 0,
        landed_at: now(),
        as_of: None,
        complete: false,
        columns: Vec::new(),
        by: "bench".to_owned(),
    };
    let mut ingest = store.begin_ingest(&payload).await?;
    let child = |n| NewChild {
        id: ChildId(n),
        display: "Ada Example".to_owned(),
        folded: "ada example".to_owned(),
        dob: None,
        upn: None,
        restricted: false,
    };
    let record = |n| NewRecord {
        id: schema::RecordId(n),
        child: ChildId(n),
        stream,
        key: n.to_string(),
        digest: [0; 16],
        row: n as u64,
        body: "{}".to_owned(),
        rule: "new",
        link: String::new(),
        replaces: None,
        superseded: false,
    };
    ingest
        .write(Batch { children: (1..=children).map(child).collect(), records: (1..=children).map(record).collect(), ..Batch::default() })
        .await?;
    let mut counts = Counts { read: children as u64, ..Counts::default() };
    counts.add(Fate::Accepted, children as u64);
    let fates = vec![FateRange { first: 1, last: children as u64, fate: Fate::Accepted }];
    ingest.finish(counts, fates, Vec::new(), FileEnd::default(), now()).await?;
    Ok(())
}

fn message(child: i64) -> Result<NewMessage, Fault> {
    thread_local! {
        static AGREED: Option<Agreements> = Agreements::parse(&[("agreements/8524001.toml".to_owned(), AGREEMENT.to_owned())]).ok();
    }
    let name = Name { forename: "Ada".to_owned(), surname: "Example".to_owned(), ..Name::default() };
    let best = Record { name, ..Record::default() };
    let address = Address { lines: vec![format!("{child} Test Road")], town: "Southampton".to_owned(), ..Address::default() };
    let subject = Subject { child: ChildId(child), restricted: false, best: &best, address: &address, change: &AddressChange::default() };
    let sealed = AGREED.with(|agreed| {
        let agreed = agreed.as_ref().ok_or("the agreement has a fault")?;
        Ok::<_, Fault>(sharing::seal(agreed, "8524001", Purpose::AddressChange, &subject, now().date_naive())?)
    })?;
    Ok(NewMessage {
        sealed: Some(sealed),
        recipient: "8524001".to_owned(),
        purpose: "address-change".to_owned(),
        child: ChildId(child),
        finding: None,
        address: serde_json::to_string(&address)?,
        state: MessageState::Waiting,
        hold: None,
        reason: None,
        task: None,
    })
}

fn body(n: u64) -> EntryBody {
    let fields = ["upn", "name.forename", "name.surname", "dob", "address.lines", "address.town", "address.postcode", "address.from"];
    EntryBody {
        at: now(),
        recipient: "8524001".to_owned(),
        purpose: "address-change".to_owned(),
        basis: "Education Act 1996 s436A; UK GDPR Art 6(1)(e)".to_owned(),
        agreement: "8524001 2026-1".to_owned(),
        child: ChildId((n / 3) as i64),
        fields: fields.map(str::to_owned).to_vec(),
        message: MessageId(n as i64),
        finding: None,
        released_by: None,
        released_role: None,
        content: format!("{n:064x}"),
    }
}

async fn verify(home: &Path, entries: u64) -> Result<(), Fault> {
    let store = open(home).await?;
    let started = Instant::now();
    let mut on = sqlx::SqliteConnection::connect(&format!("sqlite:{}", home.join("bench.db").display())).await?;
    let mut last: Option<(u64, String)> = None;
    let mut n = 0;
    while n < entries {
        let mut tx = on.begin().await?;
        for _ in 0..20_000.min(entries - n) {
            n += 1;
            let entry = Entry::next(last.as_ref().map(|(number, hash)| (*number, hash.as_str())), body(n));
            sqlx::query("insert into disclosure (number, previous, hash, line) values ($1, $2, $3, $4)")
                .bind(entry.number as i64)
                .bind(&entry.previous)
                .bind(&entry.hash)
                .bind(entry.line())
                .execute(&mut *tx)
                .await?;
            last = Some((entry.number, entry.hash));
        }
        tx.commit().await?;
    }
    on.close().await?;
    rate("entries of the disclosure log written", entries, started);
    let (number, hash) = store.last_disclosure().await?.ok_or("no entry was written")?;
    let (key, _) = AuditKey::generate()?;
    for pass in 1..=2 {
        let started = Instant::now();
        let mut verifier = Verifier::new(&key.public_pem(), vec![key.sign(number, &hash, now())])?;
        let mut fault = None;
        store
            .for_each_disclosure(|number, previous, hash, line| {
                if fault.is_none() {
                    fault = verifier.entry(number, previous, hash, line).err();
                }
            })
            .await?;
        fault.map_or(Ok(()), Err)?;
        assert_eq!(verifier.end()?.entries, entries);
        rate(&format!("entries read and verified, pass {pass}"), entries, started);
    }
    let started = Instant::now();
    store.for_each_disclosure(|_, _, _, _| {}).await?;
    rate("entries read only", entries, started);
    println!("database: {} MB", std::fs::metadata(home.join("bench.db"))?.len() / 1_000_000);
    Ok(())
}
