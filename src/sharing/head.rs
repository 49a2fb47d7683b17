//! Heads: after each run the number of entries and the last hash are signed and kept apart from the log. Whoever makes
//! the whole log anew, cuts its end, or puts an older copy in its place cannot make the heads that were signed fit.

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use crate::chain::{moment, to_millisecond};
use crate::hex::{Sha256Hex, hex, unhex};
use crate::pem;
use crate::verify::ChainFault;

/// The state of the log at one moment, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many entries there were.
    pub entries: u64,
    /// The hash of the last of them.
    pub hash: String,
    /// When it was signed, to the millisecond.
    #[serde(serialize_with = "write_moment")]
    pub at: DateTime<Utc>,
    /// Which key signed: the first 16 hex digits of the SHA-256 of the public key (its 32 bytes).
    pub key: String,
    /// The ed25519 signature, in hex.
    pub signature: String,
}

fn write_moment<S: Serializer>(at: &DateTime<Utc>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&moment(*at))
}

impl Head {
    /// The head as a line of the head file, without the line feed.
    pub fn line(&self) -> String {
        // Texts and numbers cannot fail to be written; an empty line would not be read as a head.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Reads the head file: a head per line.
///
/// # Errors
/// The first line that is no head.
pub fn parse_heads(text: &str) -> Result<Vec<Head>, ChainFault> {
    let read = |(i, line): (usize, &str)| serde_json::from_str(line).map_err(|_| ChainFault::NoHead { line: i + 1 });
    text.lines().enumerate().map(read).collect()
}

/// The key that signs heads. It shows itself nowhere.
pub struct AuditKey {
    pair: Ed25519KeyPair,
}

schema::redacted!(AuditKey);

/// The audit key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The seed makes no key.
    #[error("the seed of the audit key makes no ed25519 key")]
    Seed,
    /// No random numbers.
    #[error("the system gives no random numbers for an audit key")]
    Random,
}

impl AuditKey {
    /// The key of a seed.
    ///
    /// # Errors
    /// The seed makes no key.
    pub fn from_seed(seed: &[u8; 32]) -> Result<AuditKey, KeyFault> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(|pair| AuditKey { pair }).map_err(|_| KeyFault::Seed)
    }

    /// A new key, with the seed by which it is kept.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn generate() -> Result<(AuditKey, [u8; 32]), KeyFault> {
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyFault::Random)?;
        let bytes = pair.seed().and_then(|seed| seed.as_be_bytes()).map_err(|_| KeyFault::Seed)?;
        let seed: [u8; 32] = bytes.as_ref().try_into().map_err(|_| KeyFault::Seed)?;
        Ok((AuditKey { pair }, seed))
    }

    /// The public key as PEM (SubjectPublicKeyInfo, RFC 8410), as openssl reads it.
    pub fn public_pem(&self) -> String {
        pem::write(self.pair.public_key().as_ref())
    }

    /// Which key this is: the first 16 hex digits of the SHA-256 of the public key, as its heads name it.
    pub fn id(&self) -> String {
        key_id(self.pair.public_key().as_ref())
    }

    /// Signs the state of the log.
    pub fn sign(&self, entries: u64, hash: &str, at: DateTime<Utc>) -> Head {
        let at = to_millisecond(at);
        let signature = hex(self.pair.sign(signed_text(entries, hash, at).as_bytes()).as_ref());
        Head { entries, hash: hash.to_owned(), at, key: self.id(), signature }
    }
}

/// Whether the head was signed by the key of that PEM.
pub fn verify_head(public_pem: &str, head: &Head) -> bool {
    let (Some(key), Some(signature)) = (pem::read(public_pem), unhex(&head.signature)) else { return false };
    let text = signed_text(head.entries, &head.hash, head.at);
    head.key == key_id(&key) && UnparsedPublicKey::new(&ED25519, key).verify(text.as_bytes(), &signature).is_ok()
}

fn signed_text(entries: u64, hash: &str, at: DateTime<Utc>) -> String {
    format!("onroll disclosure log\n{entries}\n{hash}\n{}\n", moment(at))
}

fn key_id(public_key: &[u8]) -> String {
    Sha256Hex::of(&[public_key]).as_str()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> DateTime<Utc> {
        "2026-11-24T08:00:00.123456Z".parse().unwrap()
    }

    #[test]
    fn a_head_is_good_under_its_own_key_only() {
        let (key, seed) = AuditKey::generate().unwrap();
        let again = AuditKey::from_seed(&seed).unwrap();
        let other = AuditKey::from_seed(&[7; 32]).unwrap();
        let head = key.sign(3, &"ab".repeat(32), at());
        assert!(verify_head(&again.public_pem(), &head));
        assert!(!verify_head(&other.public_pem(), &head));
        assert!(!verify_head("no key", &head));
        assert_eq!((head.key.as_str(), head.key.len()), (key.id().as_str(), 16));
        assert_eq!(format!("{key:?}"), "AuditKey(redacted)");
    }

    #[test]
    fn whatever_is_changed_in_a_head_its_signature_no_longer_fits() {
        let key = AuditKey::from_seed(&[7; 32]).unwrap();
        let pem = key.public_pem();
        let head = key.sign(3, &"ab".repeat(32), at());
        let later = head.at + chrono::TimeDelta::milliseconds(1);
        for changed in [
            Head { entries: 2, ..head.clone() },
            Head { hash: "cd".repeat(32), ..head.clone() },
            Head { at: later, ..head.clone() },
            Head { key: "0".repeat(16), ..head.clone() },
            Head { signature: "00".repeat(64), ..head.clone() },
            Head { signature: String::new(), ..head.clone() },
        ] {
            assert!(!verify_head(&pem, &changed), "{changed:?}");
        }
    }

    #[test]
    fn heads_are_read_as_they_are_written() {
        let key = AuditKey::from_seed(&[7; 32]).unwrap();
        let heads = vec![key.sign(3, &"ab".repeat(32), at()), key.sign(9, &"cd".repeat(32), at())];
        let text: String = heads.iter().map(|head| head.line() + "\n").collect();
        assert_eq!(parse_heads(&text).unwrap(), heads);
        assert!(heads[0].line().contains("\"at\":\"2026-11-24T08:00:00.123Z\""));
        assert_eq!(parse_heads(&format!("{text}{{\"entr")).unwrap_err(), ChainFault::NoHead { line: 3 });
    }
}
