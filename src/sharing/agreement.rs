//! Agreements: what a recipient may be told, for which purpose, on which legal basis, and how it is sent.

mod agreed;
mod read;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use chrono::NaiveDate;
use schema::ConfigFault;

pub use agreed::{Agreement, ChannelTerms, ContactPoint, Terms};
pub use words::{Direction, MailContent, OnUnknown, Purpose, Release};

/// All agreements, by recipient.
#[derive(Debug, Clone, Default)]
pub struct Agreements {
    by_recipient: BTreeMap<String, Agreement>,
}

impl Agreements {
    /// Reads the files of `agreements/`: name (for faults) and text of each.
    ///
    /// # Errors
    /// Every fault found, with file, line and column.
    pub fn parse(files: &[(String, String)]) -> Result<Agreements, Vec<ConfigFault>> {
        let mut faults = Vec::new();
        let mut by_recipient: BTreeMap<String, Agreement> = BTreeMap::new();
        for (file, text) in files {
            let agreement = match read::agreement(file, text) {
                Ok(agreement) => agreement,
                Err(found) => {
                    faults.extend(found);
                    continue;
                }
            };
            if let Some(other) = by_recipient.get(&agreement.recipient) {
                let what = format!("there is another agreement with {}, in {}", agreement.recipient, other.file);
                faults.push(agreement.fault_at_recipient(what, "keep one file per recipient; the older one can be moved elsewhere"));
                continue;
            }
            if let Some(fault) = shared_folder(&by_recipient, &agreement) {
                faults.push(fault);
            }
            by_recipient.insert(agreement.recipient.clone(), agreement);
        }
        if faults.is_empty() { Ok(Agreements { by_recipient }) } else { Err(faults) }
    }

    /// The agreement with a recipient, in force or not.
    pub fn get(&self, recipient: &str) -> Option<&Agreement> {
        self.by_recipient.get(recipient)
    }

    /// All agreements, by recipient.
    pub fn iter(&self) -> impl Iterator<Item = &Agreement> {
        self.by_recipient.values()
    }

    /// The agreements that claim to be in force and ended before that day, for `agreements check`.
    pub fn faults_on(&self, today: NaiveDate) -> Vec<ConfigFault> {
        self.iter().filter(|a| a.in_force && a.until < today).map(Agreement::expired_fault).collect()
    }

    #[cfg(test)]
    pub(crate) fn forget_purposes(&mut self, recipient: &str) {
        if let Some(agreement) = self.by_recipient.get_mut(recipient) {
            agreement.purposes.clear();
        }
    }
}

/// Two recipients who collect from one folder, or one from a folder above the other's, would see each other's files.
fn shared_folder(known: &BTreeMap<String, Agreement>, agreement: &Agreement) -> Option<ConfigFault> {
    let own = folders(agreement);
    let meets = |folder: &PathBuf| own.iter().any(|own| own.starts_with(folder) || folder.starts_with(own));
    let other = known.values().find(|other| folders(other).iter().any(meets))?;
    let what = format!("the recipient collects from the same folder as {}, or from one above or in it", other.recipient);
    Some(agreement.fault_at_recipient(what, "give each recipient a folder of its own: who collects from it sees all that lies there"))
}

/// The folders of an agreement, without the parts of a path that mean nothing.
fn folders(agreement: &Agreement) -> Vec<PathBuf> {
    let plain = |path: String| Path::new(&path).components().filter(|part| *part != Component::CurDir).collect();
    agreement.channels.iter().filter_map(|channel| channel.folder(&agreement.recipient)).map(plain).collect()
}
