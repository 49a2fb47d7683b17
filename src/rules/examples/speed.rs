//! Prints how long one look at a child takes: `cargo run --release -p rules --example speed`.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use chrono::NaiveDate;
use rules::{ChildFile, Council, Held, Settings, check};
use schema::provision::AddressChange;
use schema::{Address, Area, Calendar, ChildId, Enrolment, LaCode, Laestab, Postcode, Record, RecordId, Schools, StreamState};

const TIMES: u32 = 1_000_000;

fn stream(source: String, connector: &str, dataset: &str, laestab: Option<Laestab>, day: NaiveDate) -> StreamState {
    let (latest, roll) = (Some(day), dataset == "pupils");
    StreamState {
        source,
        connector: connector.into(),
        dataset: dataset.into(),
        roll,
        laestab,
        latest,
        latest_complete: latest,
        max_age_days: Some(60),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let today: NaiveDate = "2026-11-24".parse()?;
    let area = Area::parse("area.csv", "postcode,la\nSO14,852\n").map_err(|faults| format!("{} faults", faults.len()))?;
    let mut streams: Vec<StreamState> = Vec::new();
    for n in 0..90 {
        let school = Laestab::parse(&format!("8524{n:03}"))?;
        streams.push(stream(school.to_string(), "sims", "pupils", Some(school), today));
        streams.push(stream(school.to_string(), "sims", "leavers", Some(school), today));
    }
    streams.push(stream("one".into(), "capita-one", "bases", None, today));
    streams.push(stream("health".into(), "lists", "health", None, today));
    let council = Council::new(LaCode::parse("852")?, area, Schools::default(), Calendar::default(), Settings::default(), streams, []);

    let address = Address { postcode: Some(Postcode::parse("SO14 0AA")?), from: Some("2020-01-01".parse()?), ..Address::default() };
    let record = |enrolments| Record { dob: Some(NaiveDate::MIN), addresses: vec![address.clone()], enrolments, ..Record::default() };
    let held = |id, stream, record| Held { id: RecordId(id), stream, told: today, gone: None, record };
    let at = |school: &str, leaving: Option<NaiveDate>| -> Result<Enrolment, Box<dyn Error>> {
        Ok(Enrolment { school: Some(Laestab::parse(school)?), entry: Some("2024-09-04".parse()?), leaving, ..Enrolment::default() })
    };
    let left = Some("2026-10-02".parse()?);
    let pupil = [
        held(1, 0, record(vec![at("8524000", None)?])),
        held(2, 180, record(vec![at("8524001", Some("2024-08-31".parse()?))?, at("8524000", None)?])),
        held(3, 181, record(vec![])),
    ];
    let missing =
        [held(1, 1, record(vec![at("8524000", left)?])), held(2, 180, record(vec![at("8524000", left)?])), held(3, 181, record(vec![]))];
    let mut moved = pupil.clone();
    let to = Address { lines: vec!["3 Other Street".into()], from: Some(today), ..address.clone() };
    moved[2].record.address_changes.push(AddressChange { moved: Some(today), to: Some(to), ..AddressChange::default() });
    for (what, mut records) in [("pupil on roll", pupil), ("pupil who moved", moved), ("missing child", missing)] {
        records.iter_mut().for_each(|h| h.record.dob = NaiveDate::from_ymd_opt(2015, 2, 1));
        let child = ChildFile { id: ChildId(1), records: &records, unsure: false, restricted: false, told: &[] };
        let start = Instant::now();
        let found: usize = (0..TIMES).map(|_| check(&council, black_box(&child), today).len()).sum();
        let ns = start.elapsed().as_nanos() / u128::from(TIMES);
        println!("{what}: {ns} ns a child, {} findings each", found / TIMES as usize);
    }
    Ok(())
}
