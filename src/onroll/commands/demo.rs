//! `demo`: a synthetic council, one night, and what it found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use hub::night::NightReport;
use serde::Serialize;
use store::view::Totals;

use super::Call;
use crate::cli::DemoArgs;
use crate::exit::{End, Fault};
use crate::printing::{self, number};
use crate::progress::Bars;
use crate::{home, who};

/// A file that every demonstration's home has, and no other.
const MARKER: &str = "truth.jsonl";

/// What scripts read.
#[derive(Serialize)]
struct Summary {
    payloads: u64,
    rows: store::Counts,
    children: u64,
    links: Links,
    findings: BTreeMap<String, u64>,
    messages: BTreeMap<String, u64>,
    undelivered: u64,
    seconds: BTreeMap<&'static str, f64>,
    generate_s: f64,
    peak_rss_mib: Option<u64>,
}

#[derive(Serialize)]
struct Links {
    automatic: u64,
    review: u64,
}

/// Makes the council, runs the night, prints the summary.
///
/// # Errors
/// The folder is not a demonstration's, or something failed.
pub async fn run(call: &Call, args: DemoArgs) -> Result<End, Fault> {
    let dir = &args.dir;
    clear(dir)?;
    let mut bars = Bars::new();
    let started = Instant::now();
    let people = vec![(who::login_name(), "officer".to_owned()), ("Demo Officer".to_owned(), "officer".to_owned())];
    let options = ::demo::Options { children: args.children, seed: args.seed, noise: args.noise, people };
    ::demo::make(&options, dir, &mut |step, done, of| bars.show(step, done, of)).map_err(|fault| Fault::Failed(fault.to_string()))?;
    let generate_s = started.elapsed().as_secs_f64();
    let home = home::open(dir, None).map_err(Fault::Config)?;
    let viewer = who::acting(Some("Demo Officer"), &home.config.people)?;
    let today = home.clock(&call.around)?.today();
    let mut lock = super::lock_file(dir)?;
    let _held = super::locked(&mut lock)?;
    let (mut hub, doors) = call.open(home).await?;
    let mut report = hub.night(&viewer, &doors.folders, &[], &mut |step, done, of| bars.show(step, done, of)).await?;
    let started = Instant::now();
    bars.show("deliver", 0, 1);
    let delivered = doors.post.deliver(&hub).await?;
    bars.end();
    report.seconds.insert("deliver", started.elapsed().as_secs_f64());
    let totals = hub.store().totals().await?;
    let summary = summary(&report, &delivered, &totals, generate_s);
    if args.json {
        printing::json(&summary)?;
    } else {
        tell(dir, today, &summary, &totals)?;
    }
    Ok(if report.failed() { End::Difference } else { End::Done })
}

/// An earlier demonstration is replaced; anything else is left alone.
fn clear(dir: &Path) -> Result<(), Fault> {
    let mut entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(_) => return Ok(()),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    if !dir.join(MARKER).is_file() {
        return Err(Fault::usage(format!("{} is not empty, and no demonstration made it", dir.display()), "give another --dir"));
    }
    fs::remove_dir_all(dir).map_err(|source| Fault::File {
        what: "replace",
        path: dir.display().to_string(),
        source,
        hint: "give another --dir",
    })
}

fn summary(report: &NightReport, delivered: &delivery::Report, totals: &Totals, generate_s: f64) -> Summary {
    let mut findings = BTreeMap::new();
    for f in &totals.findings {
        *findings.entry(f.rule.clone()).or_default() += f.count;
    }
    Summary {
        payloads: report.payloads.len() as u64,
        rows: report.rows,
        children: totals.children,
        links: Links { automatic: totals.joined, review: totals.reviews },
        findings,
        messages: delivered.sent.clone(),
        undelivered: delivered.undelivered,
        seconds: report.seconds.iter().map(|(step, s)| (*step, (s * 1000.0).round() / 1000.0)).collect(),
        generate_s: (generate_s * 1000.0).round() / 1000.0,
        peak_rss_mib: peak_rss_mib(),
    }
}

/// Peak memory of this process, where the system tells it.
fn peak_rss_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}

fn tell(dir: &Path, today: chrono::NaiveDate, summary: &Summary, totals: &Totals) -> Result<(), Fault> {
    let r = summary.rows;
    let night: f64 = summary.seconds.values().sum();
    let line = |text: String| printing::out(&text);
    line(format!("The night of {} in a made-up Southampton ({})", today.format("%-d %B %Y"), dir.display()))?;
    line(String::new())?;
    line(format!("  {} files brought {} rows; not one is unaccounted for:", number(summary.payloads), number(r.read)))?;
    line(format!(
        "  {} accepted + {} unchanged + {} waiting for a person + {} refused = {} read",
        number(r.accepted),
        number(r.unchanged),
        number(r.quarantined),
        number(r.rejected),
        number(r.read)
    ))?;
    line(format!(
        "  {} children known; {} records joined by themselves, {} links wait for a person",
        number(summary.children),
        number(summary.links.automatic),
        number(summary.links.review)
    ))?;
    line(String::new())?;
    tell_no_provision(totals)?;
    line(String::new())?;
    for (rule, words) in [
        ("residence-unknown", "of age, on no roll, and nobody knows where they live"),
        ("leaver-without-ground", "removed from a roll on no lawful ground: ask the school"),
        ("leaver-without-destination", "removed from a roll, and nobody confirmed where to: ask the school"),
        (rules::ADDRESS_NOT_KNOWN, "moved, and a school could not be told of the new address"),
    ] {
        line(format!("  {:>6}  {words}  ({rule})", number(summary.findings.get(rule).copied().unwrap_or_default())))?;
    }
    line(String::new())?;
    let told: u64 = summary.messages.values().sum();
    line(format!(
        "  {:>6}  changes of address told to schools that did not know; {} messages wait or need a person",
        number(told),
        number(summary.undelivered)
    ))?;
    line(String::new())?;
    let peak = summary.peak_rss_mib.map_or_else(String::new, |m| format!(", {m} MiB at most"));
    line(format!("  made in {:.1} s; the night took {night:.1} s{peak}", summary.generate_s))?;
    line(String::new())?;
    tell_next(dir)
}

/// Commands to try.
fn tell_next(dir: &Path) -> Result<(), Fault> {
    // As this program was started: a new user has no `onroll` on the path yet.
    let onroll = std::env::args().next().unwrap_or_else(|| "onroll".to_owned());
    let dir = dir.display();
    printing::out("Try next:")?;
    let next = [
        ("worklist", "who needs somebody today, the most urgent first"),
        ("child show C1", "one child: what each source says, and where each value is from"),
        ("quarantine list", "rows of which it cannot be said who or which school"),
        ("review list", "records that may be the same child"),
        ("outbox list", "what was not delivered, and why"),
        ("task list", "what only a person can do"),
        ("disclosures", "who was told what, when, and under which basis"),
        ("ledger", "the proof that nothing was lost"),
    ];
    let commands = next.map(|(verb, _)| format!("{onroll} {verb} --home {dir}"));
    let width = commands.iter().map(String::len).max().unwrap_or_default();
    for (command, (_, why)) in commands.iter().zip(next) {
        printing::out(&format!("  {command:<width$}  {why}"))?;
    }
    Ok(())
}

fn tell_no_provision(totals: &Totals) -> Result<(), Fault> {
    let of = |grade: &'static str| totals.findings.iter().filter(move |f| f.rule == "no-provision" && f.grade.as_deref() == Some(grade));
    let count = |grade| number(of(grade).map(|f| f.count).sum());
    printing::out("  Children of school age who live here and are on no school's roll:")?;
    for (grade, words) in [
        ("missing", "MISSING: two fresh sources place them here, nothing explains it"),
        ("probable", "probable: only one fresh source places them here"),
        ("explained", "explained for now:"),
        ("in-transition", "in transition: a place is accepted and has not begun"),
    ] {
        printing::out(&format!("  {:>6}  {words}", count(grade)))?;
        if grade == "explained" {
            for f in of(grade) {
                printing::out(&format!("            {:>6}  {}", number(f.count), f.reason.as_deref().unwrap_or_default()))?;
            }
        }
    }
    Ok(())
}
