//! How fast rows go into the store and come out: prints rates, judges none.
//! `cargo bench -p store --bench ingest -- [RECORDS]`

use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use schema::{ChildId, RecordId, StreamId, Upn};
use store::{Batch, Counts, Fate, FateRange, FileEnd, NewChild, NewPayload, NewRecord, Store, StoreError, Which};

/// What a row of 20 columns comes to as a record.
const BODY: &str = r#"{"source_id":"S0000001","name":{"forename":"Ada","middle":"Beatrice","surname":"Example"},"dob":"2015-02-01","sex":"F","upn":"A852400100001","language":"ENG","ethnicity":"WBRI","year_group":"5","addresses":[{"lines":["12 Test Road"],"town":"Southampton","postcode":"SO14 0AA","uprn":"100060000001"}],"contacts":[{"name":{"forename":"Carl","surname":"Example"},"relationship":"Parent","parental_responsibility":true,"phones":["023 8000 0000"]}],"enrolments":[{"laestab":"8524001","status":"C","entry":"2019-09-03"}]}"#;
/// Records per batch, as the hub sends them.
const BATCH: i64 = 2000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let records: i64 = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(200_000);
    let folder = tempfile::tempdir()?;
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(run(folder.path(), records))?;
    Ok(())
}

async fn run(home: &Path, records: i64) -> Result<(), StoreError> {
    let url = format!("sqlite:{}", home.join("bench.db").display());
    let store = Store::open(&url, home).await?;
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let day = now.date_naive();
    let pupils = store.stream("8524001", "sims", "pupils", true, None, None).await?.id;
    let health = store.stream("health", "lists", "health", false, None, Some(60)).await?.id;

    rate("first load, a child per record", records, write(&store, pupils, records, true, None, now).await?);
    rate("second source, known children", records, write(&store, health, records, false, None, now).await?);
    rate("every record changed", records, write(&store, pupils, records, false, Some(1), now).await?);

    let (started, mut found, mut keys) = (Watch::start(), 0, 0);
    store
        .each_known(pupils, |k| {
            found += 1;
            keys += k.key.len();
        })
        .await?;
    assert_eq!((found, keys > 0), (records, true));
    rate("known records of a stream read", records, started.read());

    let (started, mut children, mut held, mut bytes) = (Watch::start(), 0, 0, 0);
    store
        .each_child(&Which::All, |_, _, records| {
            children += 1;
            held += records.len() as i64;
            bytes += records.iter().map(|r| r.body.len()).sum::<usize>();
        })
        .await?;
    assert_eq!((children, held), (records, records * 2));
    rate("records read in child order", held, started.read());
    eprintln!("  ({} MB of records)", bytes / 1_000_000);

    let (started, mut ingest) = (Watch::start(), store.begin_ingest(&payload(health, day.succ_opt().unwrap_or(day), now)).await?);
    let seen: Vec<RecordId> = (records + 1..=records * 2).map(RecordId).collect();
    for part in seen.chunks(BATCH as usize) {
        ingest.write(Batch { seen: part.to_vec(), ..Batch::default() }).await?;
    }
    finish(ingest, records, Fate::Unchanged, now).await?;
    rate("unchanged rows of a partial file told again", records, started.read());

    let text = "Ada,Example,2015-02-01,12 Test Road,Southampton,SO14 0AA\n".repeat(1 << 20);
    let started = Instant::now();
    let landed = store.landing().land(&mut text.as_bytes())?;
    println!("landed: {:.0} MB/s", text.len() as f64 / 1e6 / started.elapsed().as_secs_f64());
    let started = Instant::now();
    let mut reader = schema::raw::Bytes::open(&store.landing().open(&landed.sha256, landed.bytes)?)
        .map_err(|source| StoreError::File { doing: "reading", source })?;
    let read = std::io::copy(&mut reader, &mut std::io::sink()).map_err(|source| StoreError::File { doing: "reading", source })?;
    println!("read from landing: {:.0} MB/s", read as f64 / 1e6 / started.elapsed().as_secs_f64());
    store.close().await;
    println!("database: {} MB", std::fs::metadata(home.join("bench.db")).map_or(0, |m| m.len()) / 1_000_000);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find(|l| l.starts_with("VmHWM"))
    {
        println!("{peak}");
    }
    Ok(())
}

/// Prints a rate by the clock and, since a machine may be busy with other work, by the processor time of all our threads.
fn rate(what: &str, records: i64, (seconds, busy): (f64, f64)) {
    println!("{what}: {:.0}/s ({seconds:.2} s; {:.0} per second of processor time)", records as f64 / seconds, records as f64 / busy);
}

struct Watch(Instant, f64);

impl Watch {
    fn start() -> Watch {
        Watch(Instant::now(), processor_seconds())
    }

    fn read(&self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), processor_seconds() - self.1)
    }
}

/// Processor time of this process so far; 0 where the system does not tell.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    // Fields 14 and 15, in hundredths of a second on Linux.
    after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

async fn write(
    store: &Store,
    stream: StreamId,
    records: i64,
    with_children: bool,
    replaces_from: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(f64, f64), StoreError> {
    let started = Watch::start();
    let mut ingest = store.begin_ingest(&payload(stream, now.date_naive(), now)).await?;
    let first = ingest.next_record();
    let mut at = 0;
    while at < records {
        let part = at..(at + BATCH).min(records);
        let children = if with_children { part.clone().map(child).collect() } else { Vec::new() };
        let made = part.clone().map(|n| record(first + n, n, stream, replaces_from.map(|from| from + n))).collect();
        ingest.write(Batch { children, records: made, ..Batch::default() }).await?;
        at = part.end;
    }
    finish(ingest, records, Fate::Accepted, now).await?;
    Ok(started.read())
}

async fn finish(ingest: store::Ingest, records: i64, fate: Fate, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut counts = Counts { read: records as u64, ..Counts::default() };
    counts.add(fate, records as u64);
    ingest.finish(counts, vec![FateRange { first: 1, last: records as u64, fate }], Vec::new(), FileEnd::default(), now).await
}

fn payload(stream: StreamId, as_of: NaiveDate, now: DateTime<Utc>) -> NewPayload {
    NewPayload {
        source: "8524001".to_owned(),
        connector: "sims".to_owned(),
        dataset: Some("pupils".to_owned()),
        stream: Some(stream),
        mapping: None,
        mapping_version: None,
        file: "pupils.csv".to_owned(),
        sha256: String::new(),
        bytes: 0,
        landed_at: now,
        as_of: Some(as_of),
        complete: false,
        columns: Vec::new(),
        by: "bench".to_owned(),
    }
}

fn child(n: i64) -> NewChild {
    NewChild {
        id: ChildId(n + 1),
        display: format!("Ada {n} Example"),
        folded: format!("ada {n} example"),
        dob: NaiveDate::from_ymd_opt(2015, 2, 1),
        upn: Upn::with_check_letter(&format!("85240{:07}", n % 10_000_000)),
        restricted: false,
    }
}

fn record(id: i64, n: i64, stream: StreamId, replaces: Option<i64>) -> NewRecord {
    // Keys in no order, as admission numbers come.
    let key = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut digest = [7; 16];
    digest[..8].copy_from_slice(&key.to_le_bytes());
    NewRecord {
        id: RecordId(id),
        child: ChildId(n + 1),
        stream,
        key: format!("{:010}", key >> 32),
        digest,
        row: n as u64 + 1,
        body: BODY.to_owned(),
        rule: "new",
        link: String::new(),
        replaces: replaces.map(RecordId),
        superseded: false,
    }
}
