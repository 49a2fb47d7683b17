//! How many records a second are placed and learnt, and how much memory each takes.
//!
//! A made-up council: children with a UPN and a school record; then the same children told by the council's own system
//! (UPN), by a health list (NHS number, name and address) and again by the school (an update). The making of records is
//! not timed. `cargo bench -p linkage`

use std::time::{Duration, Instant};

use linkage::{Arrival, Linker};
use schema::link::Outcome;
use schema::{Address, ChildId, Name, NhsNumber, Postcode, Record, Upn};

/// What the targets say: two microseconds and 150 bytes.
const TARGET_RATE: f64 = 500_000.0;
const TARGET_BYTES: f64 = 150.0;

fn main() {
    for children in [100_000, 1_000_000] {
        run(children);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Teller {
    School,
    Council,
    Health,
}

fn run(children: u32) {
    println!("{children} children");
    let before = resident();
    let mut linker = Linker::new();
    let mut next = 0;
    for (teller, title) in [
        (Teller::School, "schools, all new"),
        (Teller::Council, "council, joined by UPN"),
        (Teller::Health, "health list, joined by name"),
        (Teller::School, "schools again, updates"),
    ] {
        let (mut spent, mut on_cpu, mut joined) = (Duration::ZERO, Duration::ZERO, 0u32);
        for batch in (0..children).step_by(10_000) {
            let told: Vec<(u32, String, Record)> =
                (batch..(batch + 10_000).min(children)).map(|n| tell(shuffle(n, children, teller), teller)).collect();
            let (start, cpu) = (Instant::now(), cpu_time());
            for (source, key, record) in &told {
                let arrival = Arrival { source: *source, stream: *source, key, record };
                linker.place_and_learn(&arrival, |placement| match placement.outcome {
                    Outcome::Join(child) => {
                        joined += 1;
                        child
                    }
                    Outcome::New | Outcome::Review(_) => {
                        next += 1;
                        ChildId(next)
                    }
                });
            }
            spent += start.elapsed();
            on_cpu += cpu_time().saturating_sub(cpu);
        }
        let rate = f64::from(children) / spent.as_secs_f64();
        let held = linker.bytes() as f64 / linker.len() as f64;
        let really = resident().saturating_sub(before) as f64 / linker.len() as f64;
        println!(
            "  {title:28} {rate:>10.0} records/s {:>5.2} us, {:.2} us on the processor ({:.2} of target)  joined {joined:>8}  {held:>4.0} bytes/record ({:.2} of target), resident {really:.0}",
            1e6 / rate,
            1e6 * on_cpu.as_secs_f64() / f64::from(children),
            rate / TARGET_RATE,
            held / TARGET_BYTES,
        );
    }
}

/// A different order for each teller: files are not sorted by when a school took a child in.
fn shuffle(n: u32, of: u32, teller: Teller) -> u32 {
    let step = match teller {
        Teller::School => 1,
        Teller::Council => 611_953,
        Teller::Health => 350_377,
    };
    (u64::from(n) * step % u64::from(of)) as u32
}

fn tell(n: u32, teller: Teller) -> (u32, String, Record) {
    let forename = format!(
        "{}{}",
        ["Ada", "Ben", "Cai", "Dot", "Eve", "Fay", "Gus", "Hal"][(n % 8) as usize],
        word(n.wrapping_mul(2_654_435_761) % 3_000)
    );
    let surname = format!("Example-{}", word(n.wrapping_mul(40_503) % 60_000));
    let dob = chrono::NaiveDate::from_num_days_from_ce_opt(733_000 + (n.wrapping_mul(48_271) % 6_000) as i32);
    let mut record = Record { name: Name { forename, surname, ..Name::default() }, dob, ..Record::default() };
    let postcode =
        format!("SO{} {}{}{}", 10 + n % 30, n / 30 % 10, (b'A' + (n / 300 % 20) as u8) as char, (b'A' + (n / 6000 % 20) as u8) as char);
    record.addresses =
        vec![Address { lines: vec![format!("{} Test Road", n % 97 + 1)], postcode: Postcode::parse(&postcode).ok(), ..Address::default() }];
    let source = match teller {
        Teller::School => 10 + n % 90,
        Teller::Council => 1,
        Teller::Health => 2,
    };
    if teller == Teller::Health {
        record.nhs_number = (0..10).find_map(|check| NhsNumber::parse(&format!("{:09}{check}", 400_000_000 + n)).ok());
    } else {
        record.upn = Upn::with_check_letter(&format!("852{:08}{}", n / 10, n % 10)).or_else(|| Upn::with_check_letter("852999999999"));
    }
    let key = n.to_string();
    record.source_id = Some(key.clone());
    (source, key, record)
}

/// A pronounceable word for a number.
fn word(mut n: u32) -> String {
    let mut word = String::new();
    while n > 0 {
        word.push(b"bdfgklmnprst"[(n % 12) as usize] as char);
        word.push(b"aeiou"[(n / 12 % 5) as usize] as char);
        n /= 60;
    }
    word
}

/// Time on the processor so far, which a busy machine does not stretch as much; zero where the system does not say.
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// Bytes of memory in use, as the system counts them; 0 where it does not say.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or(0) * 1024
}
