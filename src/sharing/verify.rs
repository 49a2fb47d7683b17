//! The verifier: reads the log from its first entry to its last and names the first thing that is not as it was written.

use chrono::{DateTime, Utc};

use crate::chain::{FIRST_PREVIOUS, hash_of, moment};
use crate::head::{Head, verify_head};

/// What is wrong with the log or its heads. The first fault is named; what stands after it was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// A column or the text of an entry was changed: its hash does not fit.
    #[error("entry {number} was altered: it does not have the hash that it was written with")]
    Altered {
        /// The entry.
        number: u64,
    },
    /// An entry is not there.
    #[error("entry {number} is missing: entry {found} follows in its place")]
    Missing {
        /// The entry that should be here.
        number: u64,
        /// The one that is.
        found: u64,
    },
    /// The last entries are not there.
    #[error("entries {number} to {signed} are missing at the end: the head signed at {when} counts {signed}", when = moment(*.at))]
    MissingAtEnd {
        /// The first that is not there.
        number: u64,
        /// How many entries were signed.
        signed: u64,
        /// When.
        at: DateTime<Utc>,
    },
    /// An entry stands where another belongs, or a second time.
    #[error("entry {number} is out of order: entry {expected} belongs in its place")]
    Reordered {
        /// The entry found.
        number: u64,
        /// The one that belongs here.
        expected: u64,
    },
    /// An entry is whole in itself and does not follow from the one before.
    #[error("entry {number} or entry {found} was forged: the second does not follow from the first")]
    Forged {
        /// The first of the two.
        number: u64,
        /// The second.
        found: u64,
    },
    /// The first entry is whole in itself and claims that there is one before it.
    #[error("entry 1 was forged: it follows from an entry that is not there")]
    FirstForged,
    /// The log is whole in itself and is not the one that was signed.
    #[error(
        "entries {from} to {number} are not those that were signed at {when}: the log was rebuilt, or an older copy was put back",
        when = moment(*.at)
    )]
    Rebuilt {
        /// The first entry that no earlier head bears out.
        from: u64,
        /// The entry that was signed.
        number: u64,
        /// When.
        at: DateTime<Utc>,
    },
    /// A line of the head file is no head.
    #[error("line {line} of the head file is no signed head")]
    NoHead {
        /// The line, from 1.
        line: usize,
    },
    /// A head was not signed by the key.
    #[error("head {number} is forged: it was not signed by this key")]
    HeadForged {
        /// Which head, from 1.
        number: usize,
    },
    /// A later head counts fewer entries, or is dated before the one in front of it.
    #[error("head {number} is out of order")]
    HeadReordered {
        /// Which head, from 1.
        number: usize,
    },
    /// There are entries and no head at all.
    #[error("there is no signed head: nothing proves that these {entries} entries are the ones that were written")]
    NoHeads {
        /// How many entries there are.
        entries: u64,
    },
}

impl ChainFault {
    /// The first entry that is touched, by its number; `None` where it is a head.
    pub fn entry(&self) -> Option<u64> {
        match *self {
            ChainFault::Altered { number }
            | ChainFault::Missing { number, .. }
            | ChainFault::MissingAtEnd { number, .. }
            | ChainFault::Reordered { number, .. }
            | ChainFault::Forged { number, .. }
            | ChainFault::Rebuilt { from: number, .. } => Some(number),
            ChainFault::FirstForged | ChainFault::NoHeads { .. } => Some(1),
            ChainFault::NoHead { .. } | ChainFault::HeadForged { .. } | ChainFault::HeadReordered { .. } => None,
        }
    }
}

/// What a good log was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last.
    pub hash: String,
    /// How many heads bear it out.
    pub heads: u64,
    /// How many of the entries the last head counts. Those after it are chained, and their end is not proven until the
    /// next head is signed.
    pub signed: u64,
    /// When the last head was signed; `None` of an empty log.
    pub head_at: Option<DateTime<Utc>>,
}

/// Reads a log entry by entry, in its order. Memory does not grow with the log.
#[derive(Debug)]
pub struct Verifier {
    heads: Vec<Head>,
    /// How many heads were met, and how many entries the last of them counts.
    met: usize,
    signed: u64,
    entries: u64,
    hash: [u8; 64],
    /// An entry that was not there when it should have been, and the one that was; it may still come.
    gap: Option<(u64, u64)>,
}

impl Verifier {
    /// A verifier for a log with those signed heads, in the order of the head file.
    ///
    /// # Errors
    /// A head that was not signed by the key, or stands out of order.
    pub fn new(public_pem: &str, heads: Vec<Head>) -> Result<Verifier, ChainFault> {
        if let Some(i) = heads.iter().position(|head| !verify_head(public_pem, head)) {
            return Err(ChainFault::HeadForged { number: i + 1 });
        }
        if let Some(i) = heads.windows(2).position(|pair| pair[1].entries < pair[0].entries || pair[1].at < pair[0].at) {
            return Err(ChainFault::HeadReordered { number: i + 2 });
        }
        let mut hash = [0; 64];
        hash.copy_from_slice(FIRST_PREVIOUS.as_bytes());
        let mut verifier = Verifier { heads, met: 0, signed: 0, entries: 0, hash, gap: None };
        verifier.meet_heads()?;
        Ok(verifier)
    }

    /// Looks at the next entry: its columns and the text that is hashed.
    ///
    /// # Errors
    /// What is wrong with it. After a fault the verifier has nothing more to say.
    pub fn entry(&mut self, number: u64, previous: &str, hash: &str, line: &str) -> Result<(), ChainFault> {
        if let Some((expected, found)) = self.gap {
            return if number == expected { Err(ChainFault::Reordered { number: found, expected }) } else { Ok(()) };
        }
        let expected = self.entries.saturating_add(1);
        if number > expected {
            self.gap = Some((expected, number));
            return Ok(());
        }
        if number < expected {
            return Err(ChainFault::Reordered { number, expected });
        }
        let own = hash_of(previous, line);
        let said = said_of(line).filter(|_| own.as_str() == hash).ok_or(ChainFault::Altered { number })?;
        if said.0 != number {
            return Err(ChainFault::Reordered { number: said.0, expected });
        }
        if said.1 != previous {
            return Err(ChainFault::Altered { number });
        }
        if previous.as_bytes() != self.hash {
            return Err(if number == 1 { ChainFault::FirstForged } else { ChainFault::Forged { number: number - 1, found: number } });
        }
        self.entries = number;
        self.hash.copy_from_slice(own.as_str().as_bytes());
        self.meet_heads()
    }

    /// Says what the log is, once its last entry was looked at.
    ///
    /// # Errors
    /// An entry is missing, also the last.
    pub fn end(self) -> Result<Verified, ChainFault> {
        if let Some((number, found)) = self.gap {
            return Err(ChainFault::Missing { number, found });
        }
        if let Some(head) = self.heads.last().filter(|head| head.entries > self.entries) {
            return Err(ChainFault::MissingAtEnd { number: self.entries + 1, signed: head.entries, at: head.at });
        }
        if self.heads.is_empty() && self.entries > 0 {
            return Err(ChainFault::NoHeads { entries: self.entries });
        }
        let hash = String::from_utf8_lossy(&self.hash).into_owned();
        let head_at = self.heads.last().map(|head| head.at);
        Ok(Verified { entries: self.entries, hash, heads: self.heads.len() as u64, signed: self.signed, head_at })
    }

    /// Compares the heads that were signed at this entry.
    fn meet_heads(&mut self) -> Result<(), ChainFault> {
        while let Some(head) = self.heads.get(self.met).filter(|head| head.entries == self.entries) {
            if head.hash.as_bytes() != self.hash {
                let from = self.signed.saturating_add(1).min(self.entries);
                return Err(ChainFault::Rebuilt { from, number: self.entries, at: head.at });
            }
            self.signed = head.entries;
            self.met += 1;
        }
        Ok(())
    }
}

/// The number and the previous hash that a line begins with.
fn said_of(line: &str) -> Option<(u64, &str)> {
    let (number, rest) = line.strip_prefix("{\"number\":")?.split_once(',')?;
    let (previous, _) = rest.strip_prefix("\"previous\":\"")?.split_once('"')?;
    Some((number.parse().ok()?, previous))
}

#[cfg(test)]
pub(crate) mod tests;
