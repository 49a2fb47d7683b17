//! A file's bytes as text: decoded block by block into one window that is reused, so that memory stays flat.

use std::io::{self, BufRead, Read};

use encoding_rs::Decoder;
use schema::raw::{Bytes, ReadFault};

use crate::encoding::{self, Found};
use crate::limit::unreadable;

const BLOCK: usize = 128 << 10;

/// The window: text decoded and not yet consumed.
pub(crate) struct Text {
    source: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    window: String,
    at: usize,
    ended: bool,
}

impl Text {
    /// Finds the encoding of the bytes and opens them as text, without byte order mark.
    pub fn open(bytes: &dyn Bytes) -> Result<(Text, Found), ReadFault> {
        let found = encoding::find(bytes)?;
        let source = bytes.open().map_err(|e| unreadable(&e))?;
        Ok((Text::decode(source, found.encoding), found))
    }

    fn decode(source: Box<dyn Read + Send>, encoding: &'static encoding_rs::Encoding) -> Text {
        let decoder = encoding.new_decoder_with_bom_removal();
        Text { source, decoder, raw: vec![0; BLOCK], window: String::new(), at: 0, ended: false }
    }

    /// What is decoded and not consumed.
    pub fn rest(&self) -> &str {
        &self.window[self.at..]
    }

    /// Whether nothing follows after [`Text::rest`].
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Steps over text that has been read. `bytes` must end at a whole character for [`Text::rest`] to be called.
    pub fn consume(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.window.len());
    }

    /// Decodes a further block behind the rest; `false` when there is none.
    pub fn fill(&mut self) -> Result<bool, ReadFault> {
        self.fill_io().map_err(|e| unreadable(&e))
    }

    /// Bytes of memory that the window takes.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.window.capacity()
    }

    fn fill_io(&mut self) -> io::Result<bool> {
        if self.at == self.window.len() {
            self.window.clear();
        } else if self.window.is_char_boundary(self.at) {
            self.window.drain(..self.at);
        }
        self.at = 0;
        let before = self.window.len();
        while !self.ended && self.window.len() == before {
            let read = loop {
                match self.source.read(&mut self.raw) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.ended = read == 0;
            let room = self.decoder.max_utf8_buffer_length(read).unwrap_or(read.saturating_mul(3) + 16);
            self.window.reserve(room);
            let _ = self.decoder.decode_to_string(&self.raw[..read], &mut self.window, self.ended);
        }
        Ok(self.window.len() > before)
    }
}

/// The window as bytes for an XML parser; counts lines, and refuses one piece of markup longer than a budget.
pub(crate) struct Feed {
    text: Text,
    line: u64,
    budget: usize,
}

/// The error a [`Feed`] gives when its budget is used up.
const OVER_BUDGET: &str = "over the budget";

impl Feed {
    /// Lines are counted from 1.
    pub fn new(text: Text) -> Feed {
        Feed { text, line: 1, budget: usize::MAX }
    }

    /// The line of the next byte.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What is decoded and not consumed; may be empty before the end.
    pub fn window(&self) -> &str {
        self.text.window.get(self.text.at..).unwrap_or_default()
    }

    /// Bytes of memory that the window takes.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.text.capacity()
    }

    /// Allows so many bytes until the next call.
    pub fn allow(&mut self, bytes: usize) {
        self.budget = bytes;
    }

    /// Whether an error says that the budget was used up.
    pub fn is_over_budget(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::InvalidData && error.to_string() == OVER_BUDGET
    }
}

impl Read for Feed {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Feed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, OVER_BUDGET));
        }
        if self.text.at == self.text.window.len() && !self.text.ended {
            self.text.fill_io()?;
        }
        Ok(&self.text.window.as_bytes()[self.text.at..])
    }

    fn consume(&mut self, bytes: usize) {
        let from = self.text.at;
        self.text.consume(bytes);
        let consumed = &self.text.window.as_bytes()[from..self.text.at];
        self.line += memchr::memchr_iter(b'\n', consumed).count() as u64;
        self.budget = self.budget.saturating_sub(bytes);
    }
}
