//! The marks, texts and numbers of JSON (RFC 8259), byte by byte from a window that is reused.

use std::io::Read;

use schema::raw::{Bytes, ReadFault};

use crate::limit::{MAX_ROW, row_too_long, unreadable};

const BLOCK: usize = 64 << 10;
const WHOLE: &str = "send the whole file again, as the system exports it";

/// Bytes of JSON, with the line that they stand on.
pub(super) struct Scan {
    source: Box<dyn Read + Send>,
    block: Vec<u8>,
    at: usize,
    filled: usize,
    line: u64,
    /// Bytes of the present object, and the line on which it begins.
    used: usize,
    start: u64,
    text: Vec<u8>,
    /// The first half of a pair of escapes.
    half: Option<u32>,
}

impl Scan {
    /// Opens the bytes and steps over a byte order mark.
    pub(super) fn open(bytes: &dyn Bytes) -> Result<Scan, ReadFault> {
        let source = bytes.open().map_err(|e| unreadable(&e))?;
        let (block, text) = (vec![0; BLOCK], Vec::new());
        let mut scan = Scan { source, block, at: 0, filled: 0, line: 1, used: 0, start: 1, text, half: None };
        scan.filled = crate::encoding::read_full(&mut *scan.source, &mut scan.block)?;
        if scan.block[..scan.filled].starts_with(b"\xEF\xBB\xBF") {
            scan.at = 3;
        }
        if scan.block[scan.at..scan.filled].iter().take(4).any(|b| *b == 0) {
            return Err(ReadFault::new("the JSON is not in UTF-8", Some(1), "export the file as UTF-8"));
        }
        Ok(scan)
    }

    /// The line of the next byte.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// An object begins: what it takes counts from here.
    pub(super) fn begin(&mut self) {
        self.used = 0;
        self.start = self.line;
    }

    /// The line on which the present object begins.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// A fault on the present line.
    pub(super) fn fault(&self, what: &str) -> ReadFault {
        ReadFault::new(format!("the JSON is broken: {what}"), Some(self.line), WHOLE)
    }

    /// The next byte, which stays there.
    fn peek(&mut self) -> Result<Option<u8>, ReadFault> {
        if self.at == self.filled {
            self.at = 0;
            self.filled = crate::encoding::read_full(&mut *self.source, &mut self.block)?;
        }
        Ok(self.block[..self.filled].get(self.at).copied())
    }

    fn consume(&mut self, bytes: usize) -> Result<(), ReadFault> {
        self.line += memchr::memchr_iter(b'\n', &self.block[self.at..self.at + bytes]).count() as u64;
        self.at += bytes;
        self.used += bytes;
        if self.used > MAX_ROW { Err(row_too_long(self.start)) } else { Ok(()) }
    }

    /// The next byte that is no white space, which stays there; `None` at the end.
    pub(super) fn look(&mut self) -> Result<Option<u8>, ReadFault> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.consume(1)?,
                other => return Ok(other),
            }
        }
    }

    /// Takes the mark if it is the next one.
    pub(super) fn takes(&mut self, mark: u8) -> Result<bool, ReadFault> {
        let there = self.look()? == Some(mark);
        if there {
            self.consume(1)?;
        }
        Ok(there)
    }

    /// The end of the file came too early, or another byte than what must stand here.
    pub(super) fn unexpected(&mut self, wanted: &str) -> ReadFault {
        match self.look() {
            Err(fault) => fault,
            Ok(None) => ReadFault::new("the JSON breaks off: its end is missing", Some(self.line), WHOLE),
            Ok(Some(_)) => self.fault(&format!("{wanted} must stand here")),
        }
    }

    /// A text between quotes. The opening quote must be next.
    pub(super) fn string(&mut self, out: &mut String) -> Result<(), ReadFault> {
        if !self.takes(b'"')? {
            return Err(self.unexpected("a text in double quotes"));
        }
        self.text.clear();
        self.half = None;
        loop {
            let Some(next) = self.peek()? else { return Err(self.unexpected("a quote")) };
            if next != b'\\' {
                self.lone_half();
            }
            match next {
                b'"' => {
                    self.consume(1)?;
                    break;
                }
                b'\\' => self.escape()?,
                0..=0x1F => return Err(self.fault("a line break or control character stands in a text without its escape")),
                _ => {
                    let rest = &self.block[self.at..self.filled];
                    let plain = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1F)).unwrap_or(rest.len());
                    self.text.extend_from_slice(&rest[..plain]);
                    self.consume(plain)?;
                }
            }
        }
        match std::str::from_utf8(&self.text) {
            Ok(text) => out.push_str(text),
            Err(_) => return Err(ReadFault::new("a text is not in UTF-8", Some(self.line), "export the file as UTF-8")),
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), ReadFault> {
        self.consume(1)?;
        let Some(letter) = self.peek()? else { return Err(self.unexpected("an escape")) };
        let plain = match letter {
            b'"' | b'\\' | b'/' => letter,
            b'b' => 8,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.consume(1)?;
                let unit = self.hex()?;
                self.unit(unit);
                return Ok(());
            }
            _ => return Err(self.fault("a backslash is followed by a letter that is no escape")),
        };
        self.lone_half();
        self.text.push(plain);
        self.consume(1)
    }

    /// A code unit of `\uXXXX`: a character, or half of a pair (RFC 8259, section 7).
    fn unit(&mut self, unit: u32) {
        if let (Some(high), 0xDC00..=0xDFFF) = (self.half, unit) {
            self.half = None;
            return self.push(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
        }
        self.lone_half();
        if (0xD800..=0xDBFF).contains(&unit) {
            self.half = Some(unit);
        } else {
            self.push(unit);
        }
    }

    /// Half of a pair that stood alone becomes U+FFFD, which the row reports.
    fn lone_half(&mut self) {
        if self.half.take().is_some() {
            self.push(0xFFFD);
        }
    }

    fn push(&mut self, code: u32) {
        let character = char::from_u32(code).unwrap_or('\u{FFFD}');
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn hex(&mut self) -> Result<u32, ReadFault> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = self.peek()?.and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else { return Err(self.unexpected("four hexadecimal digits")) };
            number = number << 4 | digit;
            self.consume(1)?;
        }
        Ok(number)
    }

    /// A number, `true`, `false` or `null`, as it stands.
    pub(super) fn word(&mut self, out: &mut String) -> Result<(), ReadFault> {
        let from = out.len();
        while let Some(byte) = self.peek()? {
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
                break;
            }
            out.push(char::from(byte));
            self.consume(1)?;
        }
        let word = &out[from..];
        if matches!(word, "true" | "false" | "null") || is_number(word.as_bytes()) {
            return Ok(());
        }
        // Cut in the middle of a word, the file breaks off; else it is none.
        Err(if word.is_empty() || self.peek()?.is_none() {
            self.unexpected("a value")
        } else {
            self.fault("a value is no text in quotes, no number and no word of JSON")
        })
    }
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
fn is_number(word: &[u8]) -> bool {
    let digits = |from: usize| word[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(word.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || whole > 1 && word[at] == b'0' {
        return false;
    }
    at += whole;
    if word.get(at) == Some(&b'.') {
        let part = digits(at + 1);
        if part == 0 {
            return false;
        }
        at += 1 + part;
    }
    if matches!(word.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(word.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == word.len()
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn numbers_are_those_of_the_standard() {
        for good in ["0", "-0", "12", "100060000001", "1.5", "-1.50", "1e5", "1E+5", "0.1e-2"] {
            assert!(is_number(good.as_bytes()), "{good}");
        }
        for bad in ["", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1.2.3", "NaN", "1a"] {
            assert!(!is_number(bad.as_bytes()), "{bad}");
        }
    }
}
