use chrono::TimeDelta;
use proptest::prelude::*;
use schema::{ChildId, FindingId, MessageId};

use super::{ChainFault, Verified, Verifier};
use crate::chain::tests::{body, log, noon};
use crate::{AuditKey, Entry, EntryBody, Head};

/// A log with its heads, as they would be read back.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) pem: String,
    pub(crate) entries: Vec<Entry>,
    pub(crate) heads: Vec<Head>,
}

fn key() -> AuditKey {
    AuditKey::from_seed(&[7; 32]).unwrap()
}

impl Kept {
    /// A log with a head after every `run` entries and one at the end.
    pub(crate) fn new(entries: i64, run: usize) -> Kept {
        let (key, entries) = (key(), log(entries));
        let ends = entries.iter().filter(|e| e.number.is_multiple_of(run as u64) || e.number == entries.len() as u64);
        let heads = ends.map(|e| key.sign(e.number, &e.hash, e.body.at)).collect();
        Kept { pem: key.public_pem(), entries, heads }
    }

    pub(crate) fn verify(&self) -> Result<Verified, ChainFault> {
        let mut verifier = Verifier::new(&self.pem, self.heads.clone())?;
        for entry in &self.entries {
            verifier.entry(entry.number, &entry.previous, &entry.hash, &entry.line())?;
        }
        verifier.end()
    }

    /// Makes the hashes of all entries from that one on anew.
    pub(crate) fn rebuild_from(&mut self, from: usize) {
        for i in from..self.entries.len() {
            let before = i.checked_sub(1).map(|i| (self.entries[i].number, self.entries[i].hash.clone()));
            let next = Entry::next(before.as_ref().map(|(n, h)| (*n, h.as_str())), self.entries[i].body.clone());
            self.entries[i] = next;
        }
    }
}

/// How many fields of an entry can be altered.
const FIELDS: usize = 15;

/// Alters one field of an entry; its hash is left as it was.
fn alter(entry: &mut Entry, field: usize) {
    let body = &mut entry.body;
    match field {
        0 => entry.number += 1,
        1 => entry.previous = "ab".repeat(32),
        2 => entry.hash = "cd".repeat(32),
        3 => body.at += TimeDelta::milliseconds(1),
        4 => body.recipient.push('1'),
        5 => body.purpose.push('s'),
        6 => body.basis.clear(),
        7 => body.agreement = body.agreement.replace("2026-1", "2026-2"),
        8 => body.child = ChildId(body.child.0 + 1),
        9 => body.fields.push("ethnicity".into()),
        10 => body.message = MessageId(body.message.0 + 1),
        11 => body.finding = Some(FindingId(9999)),
        12 => body.released_by = Some("Nobody".into()),
        13 => body.released_role = Some("manager".into()),
        _ => body.content = "ef".repeat(32),
    }
}

fn rehash(entry: &mut Entry) {
    entry.hash = crate::chain::hash_of(&entry.previous, &entry.line()).as_str().to_owned();
}

#[test]
fn a_good_log_is_found_good() {
    let kept = Kept::new(10, 4);
    let verified = kept.verify().unwrap();
    assert_eq!((verified.entries, verified.heads, verified.signed), (10, 3, 10));
    assert_eq!((verified.hash.as_str(), verified.head_at), (kept.entries[9].hash.as_str(), Some(kept.entries[9].body.at)));
    let empty = Kept { entries: Vec::new(), heads: Vec::new(), ..kept.clone() }.verify().unwrap();
    assert_eq!((empty.entries, empty.head_at), (0, None));
    let unsigned = Kept { heads: kept.heads[..2].to_vec(), ..kept }.verify().unwrap();
    assert_eq!((unsigned.entries, unsigned.signed), (10, 8));
}

#[test]
fn each_altered_column_is_named_by_the_entrys_number() {
    for field in 1..FIELDS {
        let mut kept = Kept::new(9, 4);
        alter(&mut kept.entries[4], field);
        let fault = kept.verify().unwrap_err();
        assert_eq!((&fault, fault.entry()), (&ChainFault::Altered { number: 5 }, Some(5)), "field {field}");
    }
}

#[test]
fn a_missing_entry_is_named_also_the_first_and_the_last() {
    for (taken, fault) in [
        (0, ChainFault::Missing { number: 1, found: 2 }),
        (4, ChainFault::Missing { number: 5, found: 6 }),
        (8, ChainFault::MissingAtEnd { number: 9, signed: 9, at: noon() + TimeDelta::seconds(9) }),
    ] {
        let mut kept = Kept::new(9, 4);
        kept.entries.remove(taken);
        assert_eq!(kept.verify().unwrap_err(), fault);
    }
    let mut none = Kept::new(9, 4);
    none.entries.clear();
    assert!(matches!(none.verify().unwrap_err(), ChainFault::MissingAtEnd { number: 1, signed: 9, .. }));
}

#[test]
fn entries_that_changed_places_are_told_from_missing_ones() {
    let mut kept = Kept::new(9, 4);
    kept.entries.swap(3, 5);
    assert_eq!(kept.verify().unwrap_err(), ChainFault::Reordered { number: 6, expected: 4 });
    let mut rows = Kept::new(9, 4);
    rows.entries.swap(3, 5);
    let texts: Vec<(String, String, String)> = rows.entries.iter().map(|e| (e.previous.clone(), e.hash.clone(), e.line())).collect();
    let mut verifier = Verifier::new(&rows.pem, rows.heads).unwrap();
    let found = (1..).zip(&texts).find_map(|(number, (previous, hash, line))| verifier.entry(number, previous, hash, line).err());
    assert_eq!(found, Some(ChainFault::Reordered { number: 6, expected: 4 }), "rows keep their numbers, contents change places");
}

#[test]
fn a_forged_entry_is_named_though_its_own_hash_fits() {
    let mut kept = Kept::new(9, 9);
    alter(&mut kept.entries[4], 9);
    rehash(&mut kept.entries[4]);
    assert_eq!(kept.verify().unwrap_err(), ChainFault::Forged { number: 5, found: 6 });
    let mut first = Kept::new(9, 9);
    alter(&mut first.entries[0], 1);
    rehash(&mut first.entries[0]);
    assert_eq!(first.verify().unwrap_err(), ChainFault::FirstForged);
    let mut put_in = Kept::new(9, 9);
    let before = put_in.entries[3].clone();
    put_in.entries.insert(4, Entry::next(Some((before.number, &before.hash)), body(77)));
    assert_eq!(put_in.verify().unwrap_err(), ChainFault::Reordered { number: 5, expected: 6 });
}

#[test]
fn a_log_made_anew_is_found_by_the_heads() {
    let mut kept = Kept::new(9, 4);
    alter(&mut kept.entries[5], 4);
    kept.rebuild_from(5);
    let at = noon() + TimeDelta::seconds(8);
    assert_eq!(kept.verify().unwrap_err(), ChainFault::Rebuilt { from: 5, number: 8, at });
}

#[test]
fn an_older_copy_is_found_also_when_it_was_continued() {
    let mut kept = Kept::new(9, 4);
    kept.entries.truncate(6);
    assert!(matches!(kept.verify().unwrap_err(), ChainFault::MissingAtEnd { number: 7, signed: 9, .. }));
    for n in 50..60 {
        let last = kept.entries.last().map(|e| (e.number, e.hash.clone()));
        kept.entries.push(Entry::next(last.as_ref().map(|(n, h)| (*n, h.as_str())), body(n)));
    }
    assert!(matches!(kept.verify().unwrap_err(), ChainFault::Rebuilt { from: 5, number: 8, .. }));
}

#[test]
fn a_head_that_is_forged_or_out_of_order_is_named() {
    let kept = Kept::new(9, 4);
    let other = AuditKey::from_seed(&[8; 32]).unwrap();
    let mut forged = kept.clone();
    forged.heads[1] = other.sign(8, &kept.entries[7].hash, noon());
    assert_eq!(forged.verify().unwrap_err(), ChainFault::HeadForged { number: 2 });
    let mut turned = kept.clone();
    turned.heads.swap(1, 2);
    assert_eq!(turned.verify().unwrap_err(), ChainFault::HeadReordered { number: 3 });
    let none = Kept { heads: Vec::new(), ..kept };
    assert_eq!(none.verify().unwrap_err(), ChainFault::NoHeads { entries: 9 });
}

#[test]
fn no_text_makes_the_verifier_panic() {
    for line in ["", "{", "{\"number\":", "{\"number\":1,\"previous\":\"", "{\"number\":99999999999999999999,\"previous\":\"\""] {
        let mut verifier = Verifier::new(&key().public_pem(), Vec::new()).unwrap();
        let hash = crate::chain::hash_of("", line).as_str().to_owned();
        assert_eq!(verifier.entry(1, "", &hash, line), Err(ChainFault::Altered { number: 1 }), "{line}");
        assert!(verifier.entry(u64::MAX, "", "é", line).is_ok() && verifier.end().is_err());
    }
}

/// One way to tamper with a log.
#[derive(Debug, Clone)]
enum Tampering {
    Alter { field: usize, rehash: bool },
    Delete,
    DeleteAndRenumber,
    InsertCopy { at: usize },
    InsertForged,
    Swap { with: usize },
    SwapContents { with: usize },
    CutTail,
    Rebuild { field: usize },
    RebuildAll,
    OlderCopyContinued { more: i64 },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let other = 0_usize..1000;
    prop_oneof![
        4 => (0..FIELDS, any::<bool>()).prop_map(|(field, rehash)| Tampering::Alter { field, rehash }),
        1 => Just(Tampering::Delete),
        1 => Just(Tampering::DeleteAndRenumber),
        1 => other.clone().prop_map(|at| Tampering::InsertCopy { at }),
        1 => Just(Tampering::InsertForged),
        1 => other.clone().prop_map(|with| Tampering::Swap { with }),
        1 => other.prop_map(|with| Tampering::SwapContents { with }),
        1 => Just(Tampering::CutTail),
        2 => (3..FIELDS).prop_map(|field| Tampering::Rebuild { field }),
        1 => Just(Tampering::RebuildAll),
        1 => (0_i64..40).prop_map(|more| Tampering::OlderCopyContinued { more }),
    ]
}

/// Tampers with the entry at `i`.
fn tamper(kept: &mut Kept, i: usize, how: &Tampering) {
    let (len, before) = (kept.entries.len(), i.checked_sub(1).map(|i| (kept.entries[i].number, kept.entries[i].hash.clone())));
    let before = before.as_ref().map(|(number, hash)| (*number, hash.as_str()));
    match *how {
        Tampering::Alter { field, rehash: anew } => {
            alter(&mut kept.entries[i], field);
            if anew && field != 2 {
                rehash(&mut kept.entries[i]);
            }
        }
        Tampering::Delete => drop(kept.entries.remove(i)),
        Tampering::DeleteAndRenumber => {
            kept.entries.remove(i);
            kept.rebuild_from(i);
        }
        Tampering::InsertCopy { at } => {
            let copy = kept.entries[i].clone();
            kept.entries.insert(at % (len + 1), copy);
        }
        Tampering::InsertForged => kept.entries.insert(i, Entry::next(before, body(777))),
        Tampering::Swap { with } => kept.entries.swap(i, if with % len == i { (i + 1) % len } else { with % len }),
        Tampering::SwapContents { with } => {
            let j = if with % len == i { (i + 1) % len } else { with % len };
            let (one, other): (EntryBody, EntryBody) = (kept.entries[i].body.clone(), kept.entries[j].body.clone());
            (kept.entries[i].body, kept.entries[j].body) = (other, one);
        }
        Tampering::CutTail => kept.entries.truncate(i),
        Tampering::Rebuild { field } => {
            alter(&mut kept.entries[i], field);
            kept.rebuild_from(i);
        }
        Tampering::RebuildAll => {
            kept.entries = (1000..1000 + len as i64).map(|n| Entry::next(None, body(n))).collect();
            kept.rebuild_from(0);
        }
        Tampering::OlderCopyContinued { more } => {
            kept.entries.truncate(i);
            let from = kept.entries.len();
            kept.entries.extend((1000..1000 + more).map(|n| Entry::next(None, body(n))));
            kept.rebuild_from(from);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_is_done_to_a_log_is_found(entries in 2_i64..30, run in 1_usize..12, at in 0_usize..1000, how in tampering()) {
        let good = Kept::new(entries, run);
        prop_assert!(good.verify().is_ok());
        let mut kept = good.clone();
        tamper(&mut kept, at % entries as usize, &how);
        prop_assume!(kept.entries != good.entries);
        prop_assert!(kept.verify().is_err());
    }
}
