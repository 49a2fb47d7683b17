//! Which encoding the bytes of a text file are in: one pass over all of them decides.

use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use schema::raw::{Bytes, ReadFault};

use crate::limit::unreadable;

/// How a file's bytes are to be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    pub encoding: &'static Encoding,
    /// Whether characters may turn up that are no text (bytes that do not decode, NUL, unassigned ones of Windows-1252):
    /// only then does a reader look at each value for them.
    pub suspect: bool,
}

const BLOCK: usize = 128 << 10;

/// Finds the encoding. Order of belief: byte order mark, the pattern of UTF-16 without one, an XML declaration of a
/// single-byte encoding, UTF-8 if the bytes are, else Windows-1252. A file that is mostly good UTF-8 with some bad bytes
/// stays UTF-8, so that one torn value does not spoil every accented name.
pub(crate) fn find(bytes: &dyn Bytes) -> Result<Found, ReadFault> {
    let mut source = bytes.open().map_err(|e| unreadable(&e))?;
    let mut block = vec![0; BLOCK];
    let mut filled = read_full(&mut *source, &mut block)?;
    if let Some(encoding) = of_head(&block[..filled]) {
        return Ok(Found { encoding, suspect: true });
    }
    let mut seen = Seen::default();
    loop {
        let ended = filled < block.len();
        let left = seen.look(&block[..filled], ended);
        if ended {
            return Ok(seen.verdict());
        }
        // A character torn by the block's end (at most 3 bytes) goes in front of the next block.
        block.copy_within(filled - left..filled, 0);
        filled = left + read_full(&mut *source, &mut block[left..])?;
    }
}

/// Fills the buffer as far as the source goes.
pub(crate) fn read_full(source: &mut dyn Read, buffer: &mut [u8]) -> Result<usize, ReadFault> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unreadable(&e)),
        }
    }
    Ok(filled)
}

/// An encoding that the head alone decides.
pub(crate) fn of_head(head: &[u8]) -> Option<&'static Encoding> {
    match Encoding::for_bom(head) {
        Some((encoding, _)) if encoding != UTF_8 => Some(encoding),
        Some(_) => None,
        None => utf16_without_mark(head).or_else(|| declared(head)),
    }
}

/// Latin text in UTF-16 has a NUL in nearly every second byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = &head[..head.len().min(512)];
    let (mut low, mut high, mut count) = (0, 0, 0);
    for pair in pairs.chunks_exact(2) {
        count += 1;
        low += usize::from(pair[0] != 0 && pair[1] == 0);
        high += usize::from(pair[0] == 0 && pair[1] != 0);
    }
    if count < 2 {
        return None;
    }
    match (low * 10 >= count * 9, high * 10 >= count * 9) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding an XML declaration names, if it is a single-byte one. UTF-8 and UTF-16 are left to the bytes themselves:
/// .NET often declares `utf-16` in files that are not.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(256)];
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|w| w == b"?>")?;
    let text = std::str::from_utf8(&declaration[..end]).ok()?;
    let value = text.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    Encoding::for_label(label.as_bytes()).filter(|e| e.is_single_byte())
}

/// What a pass over the bytes has met.
#[derive(Default)]
struct Seen {
    good: u64,
    bad: u64,
    nul: bool,
}

impl Seen {
    /// Looks at a block; gives how many bytes at its end may be the start of a character torn by it.
    fn look(&mut self, block: &[u8], ended: bool) -> usize {
        self.nul |= memchr::memchr(0, block).is_some();
        let mut rest = block;
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.count(text.as_bytes());
                    return 0;
                }
                Err(error) => {
                    self.count(&rest[..error.valid_up_to()]);
                    match error.error_len() {
                        None if !ended => return rest.len() - error.valid_up_to(),
                        None => {
                            self.bad += 1;
                            return 0;
                        }
                        Some(length) => {
                            self.bad += 1;
                            rest = &rest[error.valid_up_to() + length..];
                        }
                    }
                }
            }
        }
    }

    fn count(&mut self, valid: &[u8]) {
        if !valid.is_ascii() {
            self.good += valid.iter().filter(|b| **b >= 0xC0).count() as u64;
        }
    }

    fn verdict(&self) -> Found {
        if self.bad == 0 {
            Found { encoding: UTF_8, suspect: self.nul }
        } else if self.good > self.bad {
            Found { encoding: UTF_8, suspect: true }
        } else {
            Found { encoding: WINDOWS_1252, suspect: true }
        }
    }
}

/// Whether a character is a sign of a wrong or torn encoding: what did not decode, NUL, or a C1 control, which is what the
/// five unassigned bytes of Windows-1252 become.
pub(crate) fn is_no_text(character: char) -> bool {
    matches!(character, '\u{FFFD}' | '\0' | '\u{80}'..='\u{9F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Found {
        find(&bytes.to_vec()).unwrap()
    }

    #[test]
    fn each_encoding_is_found_by_its_bytes() {
        assert_eq!(of("UPN,Zoë".as_bytes()), Found { encoding: UTF_8, suspect: false });
        assert_eq!(of(b"\xEF\xBB\xBFUPN"), Found { encoding: UTF_8, suspect: false });
        assert_eq!(of(b"UPN,Zo\xEB,Ren\xE9").encoding, WINDOWS_1252);
        assert_eq!(of(b"\xFF\xFEU\0P\0").encoding, UTF_16LE);
        assert_eq!(of(b"U\0P\0N\0,\0").encoding, UTF_16LE);
        assert_eq!(of(b"\0U\0P\0N\0,").encoding, UTF_16BE);
        assert_eq!(of(b"<?xml version='1.0' encoding='iso-8859-1'?><a/>").encoding, WINDOWS_1252);
        assert_eq!(of(b"<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>").encoding, UTF_8);
    }

    #[test]
    fn one_bad_byte_does_not_spoil_a_utf8_file() {
        assert_eq!(of(b"Zo\xC3\xAB,Siobh\xC3\xA1n,\xE9"), Found { encoding: UTF_8, suspect: true });
    }

    #[test]
    fn a_character_torn_by_a_block_is_whole() {
        for shift in 0..4 {
            let mut text = "a".repeat(BLOCK - shift);
            text.push_str(&"Zoë😀".repeat(BLOCK / 3));
            assert_eq!(of(text.as_bytes()), Found { encoding: UTF_8, suspect: false });
        }
    }
}
