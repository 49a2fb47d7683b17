//! `audit verify` and `audit export`: the tamper-evident log of disclosures.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::json;
use sharing::{ChainFault, Verified, Verifier};
use store::Store;

use super::Call;
use crate::audit_log::AuditLog;
use crate::cli::{AuditVerb, Json};
use crate::exit::{End, Fault};
use crate::printing::{self, number};

/// The file of an export by which it is known as one.
const FORMAT: &str = "FORMAT.md";

/// Verifies or exports.
///
/// # Errors
/// The home has faults; a file cannot be read or written.
pub async fn run(call: &Call, verb: AuditVerb) -> Result<End, Fault> {
    match verb {
        AuditVerb::Verify(json) => verify(call, json).await,
        AuditVerb::Export { dir } => export(call, &dir.unwrap_or_else(|| call.home.join("audit-export"))).await,
    }
}

async fn verify(call: &Call, json: Json) -> Result<End, Fault> {
    let home = call.home()?;
    let log = AuditLog::open(&home.dir, &home.config.audit.head_file)?;
    let (hub, _) = call.open(home).await?;
    let result = read_log(hub.store(), &log).await?;
    match &result {
        Ok(sound) => eprintln!("the log is whole: {} entries, {} signed heads", number(sound.entries), number(sound.heads)),
        Err(fault) => eprintln!("the log is NOT whole: {fault}"),
    }
    if json.json {
        printing::json(&match &result {
            Ok(sound) => json!({"whole": true, "entries": sound.entries, "heads": sound.heads}),
            Err(fault) => json!({"whole": false, "entry": fault.entry(), "fault": fault.to_string()}),
        })?;
    }
    Ok(if result.is_ok() { End::Done } else { End::Difference })
}

/// Reads the whole log against its heads.
async fn read_log(store: &Store, log: &AuditLog) -> Result<Result<Verified, ChainFault>, Fault> {
    let mut verifier = match log.heads()?.and_then(|heads| Verifier::new(&log.public_pem(), heads)) {
        Ok(verifier) => verifier,
        Err(fault) => return Ok(Err(fault)),
    };
    let mut fault: Option<ChainFault> = None;
    store
        .for_each_disclosure(|number, previous, hash, line| {
            if fault.is_none() {
                fault = verifier.entry(number, previous, hash, line).err();
            }
        })
        .await?;
    Ok(match fault {
        Some(fault) => Err(fault),
        None => verifier.end(),
    })
}

async fn export(call: &Call, dir: &Path) -> Result<End, Fault> {
    let is_export = fs::read_to_string(dir.join(FORMAT)).is_ok_and(|text| text == sharing::export::FORMAT);
    if !is_export && fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fault::usage(format!("{} is not empty, and holds no earlier export", dir.display()), "give a new or empty folder"));
    }
    let home = call.home()?;
    let log = AuditLog::open(&home.dir, &home.config.audit.head_file)?;
    let (hub, _) = call.open(home).await?;
    let told =
        |source| Fault::File { what: "write in", path: dir.display().to_string(), source, hint: "give a folder that may be written" };
    fs::create_dir_all(dir).map_err(told)?;
    let mut entries = BufWriter::new(fs::File::create(dir.join("entries.jsonl")).map_err(told)?);
    let (mut count, mut fault) = (0, None);
    hub.store()
        .for_each_disclosure(|_, _, hash, line| {
            count += 1;
            if fault.is_none() {
                fault = writeln!(entries, "{}", sharing::export::line(line, hash)).err();
            }
        })
        .await?;
    if let Some(source) = fault.or_else(|| entries.flush().err()) {
        return Err(told(source));
    }
    for (name, text) in [
        ("heads.jsonl", log.heads_text()?.as_str()),
        ("public-key.pem", &log.public_pem()),
        (FORMAT, sharing::export::FORMAT),
        ("verify.py", sharing::export::VERIFY),
    ] {
        fs::write(dir.join(name), text).map_err(told)?;
    }
    eprintln!("{}: {} entries; {}/{FORMAT} says how to check them without Onroll", dir.display(), number(count), dir.display());
    Ok(End::Done)
}
