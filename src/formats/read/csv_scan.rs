//! Finds the fields of one row in a window of text. RFC 4180, read as forgivingly as Python's `csv` does: a quote counts only
//! at the start of a field, what stands behind a closing quote belongs to the field, and `\r`, `\n`, `\r\n` all end a row.

use memchr::{memchr, memchr_iter};

/// One field: a stretch of the window, or of the scratch text if its quotes had to be undone.
#[derive(Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    in_scratch: bool,
}

/// How far a scan got.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// A whole row: bytes used with its line end, and how many physical lines it took.
    Row { used: usize, lines: u64 },
    /// The window ends before the row does.
    More,
    /// The text ends inside a quoted field that opened so many lines below the row's first.
    Unclosed { line: u64 },
}

enum Quoted {
    /// Next byte after the field: a delimiter, a line end or the end of the window.
    Next(usize),
    More,
    Unclosed,
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = ONES << 7;
const NEWLINES: u64 = ONES * b'\n' as u64;
const RETURNS: u64 = ONES * b'\r' as u64;

/// The high bit of the first byte that is zero, and perhaps of some behind it.
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

/// Where the next delimiter or line end stands, or the end of the bytes. Fields are a few bytes long, so that eight at a
/// time is faster than a search made for long stretches.
#[inline]
fn field_end(bytes: &[u8], mut at: usize, delimiter: u8) -> usize {
    let delimiters = ONES * u64::from(delimiter);
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*eight);
        let found = zeros(word ^ delimiters) | zeros(word ^ NEWLINES) | zeros(word ^ RETURNS);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    bytes[at..].iter().position(|b| *b == delimiter || matches!(b, b'\n' | b'\r')).map_or(bytes.len(), |n| at + n)
}

/// Splits rows; keeps its memory from row to row.
pub(super) struct Scanner {
    delimiter: u8,
    fields: Vec<Field>,
    scratch: String,
    /// Whether a field of this row is in the scratch text.
    scratched: bool,
    lines: u64,
}

impl Scanner {
    pub(super) fn new(delimiter: u8) -> Self {
        Scanner { delimiter, fields: Vec::new(), scratch: String::new(), scratched: false, lines: 1 }
    }

    /// How many fields the row has.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The fields of the row last scanned in `text`.
    pub(super) fn fields<'s>(&'s self, text: &'s str) -> impl Iterator<Item = &'s str> {
        self.fields.iter().map(move |f| if f.in_scratch { &self.scratch[f.start..f.end] } else { &text[f.start..f.end] })
    }

    /// The ranges of the fields in the row's text, if all of them stand there as they are.
    pub(super) fn plain(&self) -> Option<impl Iterator<Item = std::ops::Range<usize>>> {
        (!self.scratched).then(|| self.fields.iter().map(|f| f.start..f.end))
    }

    /// Scans one row from the start of `text`. `ended`: nothing follows behind the window.
    pub(super) fn scan(&mut self, text: &str, ended: bool) -> Scan {
        self.fields.clear();
        self.scratch.clear();
        self.scratched = false;
        self.lines = 1;
        let bytes = text.as_bytes();
        let mut at = 0;
        loop {
            if bytes.get(at) == Some(&b'"') {
                match self.quoted(text, at, ended) {
                    Quoted::Next(next) => at = next,
                    Quoted::More => return Scan::More,
                    Quoted::Unclosed => return Scan::Unclosed { line: self.lines - 1 },
                }
            } else {
                let end = field_end(bytes, at, self.delimiter);
                self.fields.push(Field { start: at, end, in_scratch: false });
                at = end;
            }
            match bytes.get(at) {
                Some(&b'\n') => return Scan::Row { used: at + 1, lines: self.lines },
                Some(&b'\r') => {
                    return match bytes.get(at + 1) {
                        Some(&b'\n') => Scan::Row { used: at + 2, lines: self.lines },
                        None if !ended => Scan::More,
                        _ => Scan::Row { used: at + 1, lines: self.lines },
                    };
                }
                Some(_) => at += 1,
                None if ended => return Scan::Row { used: bytes.len(), lines: self.lines },
                None => return Scan::More,
            }
        }
    }

    /// A field that starts with a quote at `open`.
    fn quoted(&mut self, text: &str, open: usize, ended: bool) -> Quoted {
        let bytes = text.as_bytes();
        let start = open + 1;
        let lines_before = self.lines;
        let mut copied: Option<usize> = None; // start in the scratch text, once a quote had to be undone
        let mut piece = start;
        loop {
            let Some(close) = memchr(b'"', &bytes[piece..]).map(|n| piece + n) else {
                self.lines = lines_before;
                return if ended { Quoted::Unclosed } else { Quoted::More };
            };
            self.lines += memchr_iter(b'\n', &bytes[piece..close]).count() as u64;
            match bytes.get(close + 1) {
                Some(&b'"') => {
                    copied.get_or_insert(self.scratch.len());
                    self.scratch.push_str(&text[piece..=close]);
                    piece = close + 2;
                }
                None if !ended => return Quoted::More,
                Some(&next) if next != self.delimiter && next != b'\n' && next != b'\r' => {
                    // Text behind the closing quote: it belongs to the field, up to its end.
                    let end = field_end(bytes, close + 1, self.delimiter);
                    let from = copied.unwrap_or(self.scratch.len());
                    self.scratch.push_str(&text[piece..close]);
                    self.scratch.push_str(&text[close + 1..end]);
                    self.push_scratch(from);
                    return Quoted::Next(end);
                }
                _ => {
                    match copied {
                        Some(from) => {
                            self.scratch.push_str(&text[piece..close]);
                            self.push_scratch(from);
                        }
                        None => self.fields.push(Field { start, end: close, in_scratch: false }),
                    }
                    return Quoted::Next(close + 1);
                }
            }
        }
    }

    fn push_scratch(&mut self, from: usize) {
        self.scratched = true;
        self.fields.push(Field { start: from, end: self.scratch.len(), in_scratch: true });
    }
}
