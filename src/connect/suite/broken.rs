//! Broken copies of a payload, and bytes of other systems: never a panic, never a value in a text, good rows stay good.

use super::payload::{Payload, Reading, read_all};
use crate::registry::Read;

/// Cuts a payload at many places and spoils bytes in it.
pub(super) fn copies_are_reported(at: &str, reader: &dyn Read, sandbox: &formats::Sandbox, payload: &Payload, whole: &Reading) {
    let values = telling_values(whole);
    let length = payload.bytes.len();
    // A sandboxed format starts a process for each reading, so it gets fewer cuts.
    let cuts = if payload.bytes.starts_with(b"PK") { 4 } else { 64 };
    for part in 1..cuts {
        let cut = read_all(&payload.bytes[..length * part / cuts], reader, sandbox);
        names_no_value(at, &cut, &values);
        half_is_noticed(at, &cut, whole);
    }
    let half = read_all(&payload.bytes[..length / 2], reader, sandbox);
    if [&b"PK"[..], b"<", b"["].iter().any(|start| payload.bytes.starts_with(start)) {
        assert!(half.fault.is_some(), "{at}: half of it is read as if it were whole");
    }
    for spoilt in spoilt_copies(&payload.bytes, cuts) {
        names_no_value(at, &read_all(&spoilt, reader, sandbox), &values);
    }
}

/// A cut copy gives a fault, a problem, or the first rows and nothing else; all rows before the last are as in the whole.
fn half_is_noticed(at: &str, cut: &Reading, whole: &Reading) {
    assert!(cut.rows.len() <= whole.rows.len(), "{at}: a cut copy has more rows than the whole");
    for (i, (row, good)) in cut.rows.iter().zip(&whole.rows).enumerate() {
        let is_last = i + 1 == cut.rows.len();
        let same = row.values == good.values || is_last;
        assert!(same || cut.columns != whole.columns, "{at}: row {} of a cut copy is not the row that was sent", i + 1);
    }
}

fn names_no_value(at: &str, reading: &Reading, values: &[String]) {
    let mut texts: Vec<String> = reading.rows.iter().flat_map(|row| row.problems.clone()).collect();
    if let Some(fault) = &reading.fault {
        assert!(!fault.what.trim().is_empty() && !fault.hint.trim().is_empty(), "{at}: a fault says what is wrong and what to do");
        texts.push(fault.to_string());
    }
    for text in texts {
        let found = values.iter().find(|value| text.contains(value.as_str()));
        assert!(found.is_none(), "{at}: the text of a fault names a value of the file");
    }
}

/// The values that a text must not contain: long enough not to occur by chance, and not themselves headings.
fn telling_values(whole: &Reading) -> Vec<String> {
    let all = whole.rows.iter().flat_map(|row| &row.values).map(|(_, value)| value.trim().to_owned());
    let mut values: Vec<String> = all.filter(|v| v.chars().count() >= 5 && !whole.columns.iter().any(|c| c.contains(v.as_str()))).collect();
    values.sort();
    values.dedup();
    values
}

/// Copies with bytes changed at places spread over the file: a quote, a NUL, a byte of no encoding, an angle bracket.
fn spoilt_copies(bytes: &[u8], how_many: usize) -> Vec<Vec<u8>> {
    let marks = [b'"', 0, 0xFF, b'<', b'&', b'\n', b','];
    let copies = (0..how_many).map(|n| {
        let mut copy = bytes.to_vec();
        // Steps that share no factor with the number of places, so that all parts of the file are met.
        let at = (n * 7919 + 13) % copy.len().max(1);
        if let Some(byte) = copy.get_mut(at) {
            *byte = marks[n % marks.len()];
        }
        copy
    });
    copies.collect()
}

/// Bytes that no system of ours writes are refused with a text that says what to do.
pub(super) fn strangers_are_refused(name: &str, reader: &dyn Read, sandbox: &formats::Sandbox) {
    let bomb = br#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><SuperStarReport><Record><A>&z;</A></Record></SuperStarReport>"#;
    let deep = [b"<SuperStarReport>".to_vec(), b"<a>".repeat(100_000)].concat();
    let strangers: [(&str, &[u8]); 8] = [
        ("an empty file", b""),
        ("a PDF", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
        ("an old workbook", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0\0\0\0\0"),
        ("the XML of another system", b"<?xml version=\"1.0\"?><NewDataSet><Table><A>1</A></Table></NewDataSet>"),
        ("an entity bomb", bomb),
        ("deep nesting", &deep),
        ("a zip that is no workbook", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("a picture", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"),
    ];
    for (what, bytes) in strangers {
        let reading = read_all(bytes, reader, sandbox);
        let refused = reading.fault.as_ref().is_some_and(|fault| !fault.hint.is_empty());
        assert!(refused, "{name}: {what} is read as if it were a payload of this system");
    }
}
