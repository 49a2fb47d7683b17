//! Rows per second of key and digest, and of mapping, on rows of twenty columns as a SIMS export has them.
//! It prints figures and judges nothing: `cargo bench -p mapping`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;
use std::time::Instant;

use mapping::Mapping;
use schema::{Columns, Laestab, RawRow, Record, Upn};

const ROWS: usize = 100_000;
const HEADINGS: &str = "Adno,UPN,Legal Surname,Legal Forename,Middle Names,DOB,Gender,Year,Reg,Date of Admission,Date of Leaving,Reason for Leaving,\
                        Destination Institution,House No,Street,Town,Post Code,UPRN,Ethnicity,Last Attended";

fn row(i: usize) -> RawRow {
    let upn = Upn::with_check_letter(&format!("852{:04}{:02}{:03}", 4000 + i % 300, 15 + i / 300 % 10, i / 3000 % 1000)).unwrap();
    let left = i.is_multiple_of(20);
    let year = 1 + i % 11;
    let values = [
        format!("{i:06}"),
        upn.to_string(),
        ["Example", "O'Example", "Example-Test", "Testson"][i % 4].to_owned(),
        ["Ada", "Sam", "Zoë", "Siobhán"][i / 4 % 4].to_owned(),
        if i.is_multiple_of(3) { String::new() } else { "Mary".to_owned() },
        format!("{:02}/{:02}/{}", 1 + i % 28, 1 + i % 12, 2010 + i % 11),
        ["M", "F"][i % 2].to_owned(),
        year.to_string(),
        format!("{year}AB"),
        "04/09/2024".to_owned(),
        if left { "17/10/2026".to_owned() } else { String::new() },
        if left { "Moved".to_owned() } else { String::new() },
        String::new(),
        (1 + i / 3 % 200).to_string(),
        format!("Street {}", i / 600 % 500),
        "Southampton".to_owned(),
        format!("SO{} {}AB", 14 + i / 3 % 6, i / 18 % 10),
        (100_060_000_000 + i / 3).to_string(),
        "WBRI".to_owned(),
        "16/10/2026".to_owned(),
    ];
    let mut row = RawRow::default();
    for (column, value) in values.iter().enumerate() {
        row.set(column, value);
    }
    row
}

/// The best of many short runs: other work on the machine only ever slows a run down.
fn timed(what: &str, rows: &[RawRow], mut work: impl FnMut(&RawRow)) {
    let mut best = f64::MAX;
    for chunk in rows.chunks_exact(2000) {
        let begun = Instant::now();
        chunk.iter().for_each(&mut work);
        best = best.min(begun.elapsed().as_secs_f64() / chunk.len() as f64);
    }
    println!("{what}: {:.0} rows/s, {:.2} µs a row", 1.0 / best, best * 1e6);
}

fn main() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../mappings/sims/pupils.toml"))
        .expect("the mapping of SIMS pupils");
    let mapping = Mapping::parse("sims/pupils.toml", &text).expect("a good mapping");
    let mut columns = Columns::default();
    for heading in HEADINGS.split(',') {
        columns.add(heading);
    }
    let plan = mapping.plan(&columns, Laestab::parse("8524001").ok());
    let rows: Vec<RawRow> = (0..ROWS).map(row).collect();
    for _ in 0..2 {
        timed("key and digest", &rows, |row| {
            black_box((plan.key(row), plan.digest(row)));
        });
        timed("map", &rows, |row| {
            let mut record = Record::default();
            plan.map(row, &mut record);
            black_box(&record);
        });
    }
}
