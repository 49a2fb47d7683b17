//! What parent and child say to each other: small binary frames, a tag byte and lengths of 32 bits, little endian.
//! The parent believes nothing: every length is checked, since the child may have been taken over by the file.

use std::io::{self, Read, Write};

use schema::raw::ReadFault;

use crate::limit::{MAX_COLUMNS, MAX_ROW};

const MAGIC: &[u8; 8] = b"onroll\x00\x01";
const SHEET: u8 = b'S';
const HEADER: u8 = b'H';
const ROW: u8 = b'R';
const FAULT: u8 = b'F';
const END: u8 = b'E';

/// What is to be said of a cell beside its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Plain,
    /// The value was worked out by a formula.
    Formula,
    /// The value is an error (`#REF!`).
    Error,
    /// A number of more than 15 digits, of which Excel keeps only 15.
    LostDigits,
    /// The value was longer than a value may be.
    Cut,
}

const MARKS: [Mark; 5] = [Mark::Plain, Mark::Formula, Mark::Error, Mark::LostDigits, Mark::Cut];

/// Cells of one row, their text in one buffer that is reused.
#[derive(Default)]
pub(super) struct Cells {
    text: String,
    cells: Vec<(u32, Mark, u32)>,
}

impl Cells {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    pub(super) fn push(&mut self, column: u32, mark: Mark, value: &str) {
        self.text.push_str(value);
        self.cells.push((column, mark, self.text.len() as u32));
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Mark, &str)> {
        let mut from = 0;
        self.cells.iter().map(move |&(column, mark, end)| {
            let start = std::mem::replace(&mut from, end as usize);
            (column, mark, self.text.get(start..end as usize).unwrap_or_default())
        })
    }

    /// Whether no cell shows anything.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.cells.iter().all(|(_, mark, _)| *mark != Mark::Error)
    }
}

/// The child's end.
pub(super) struct Writer<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Writer<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        Ok(Writer { out })
    }

    pub(super) fn sheet(&mut self, name: &str) -> io::Result<()> {
        self.out.write_all(&[SHEET])?;
        self.text(name)
    }

    pub(super) fn header(&mut self, line: u32, cells: &Cells) -> io::Result<()> {
        self.cells(HEADER, line, cells)
    }

    pub(super) fn row(&mut self, line: u32, cells: &Cells) -> io::Result<()> {
        self.cells(ROW, line, cells)
    }

    pub(super) fn fault(&mut self, fault: &ReadFault) -> io::Result<()> {
        self.out.write_all(&[FAULT, u8::from(fault.ours)])?;
        self.out.write_all(&fault.line.unwrap_or(0).to_le_bytes())?;
        self.text(&fault.what)?;
        self.text(&fault.hint)
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        self.out.write_all(&[END])
    }

    fn cells(&mut self, tag: u8, line: u32, cells: &Cells) -> io::Result<()> {
        self.out.write_all(&[tag])?;
        self.number(line)?;
        self.number(cells.len() as u32)?;
        for (column, mark, value) in cells.iter() {
            self.number(column)?;
            self.out.write_all(&[mark as u8])?;
            self.text(value)?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.number(text.len() as u32)?;
        self.out.write_all(text.as_bytes())
    }

    fn number(&mut self, number: u32) -> io::Result<()> {
        self.out.write_all(&number.to_le_bytes())
    }
}

/// One thing the child says; the cells of a header or row are in the caller's [`Cells`].
pub(super) enum Frame {
    Sheet(String),
    Header,
    Row { line: u32 },
    Fault(ReadFault),
    End,
}

/// The parent's end.
pub(super) struct Reader<R> {
    source: R,
    begun: bool,
    buffer: Vec<u8>,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(source: R) -> Self {
        Reader { source, begun: false, buffer: Vec::new() }
    }

    /// The next frame. `UnexpectedEof`: the child is gone; `InvalidData`: it says what no child of ours says.
    pub(super) fn next(&mut self, cells: &mut Cells) -> io::Result<Frame> {
        if !self.begun {
            let mut magic = [0; MAGIC.len()];
            self.source.read_exact(&mut magic)?;
            if &magic != MAGIC {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.begun = true;
        }
        match self.byte()? {
            SHEET => Ok(Frame::Sheet(self.text(1 << 10)?)),
            HEADER => {
                self.cells(cells)?;
                Ok(Frame::Header)
            }
            ROW => Ok(Frame::Row { line: self.cells(cells)? }),
            FAULT => {
                let ours = self.byte()? != 0;
                let line = Some(self.wide_number()?).filter(|line| *line > 0);
                Ok(Frame::Fault(ReadFault { what: self.text(1 << 10)?, line, hint: self.text(1 << 10)?, ours }))
            }
            END => Ok(Frame::End),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn cells(&mut self, cells: &mut Cells) -> io::Result<u32> {
        cells.clear();
        let line = self.number()?;
        let count = self.number()? as usize;
        if count > MAX_COLUMNS {
            return Err(io::ErrorKind::InvalidData.into());
        }
        for _ in 0..count {
            let column = self.number()?;
            let mark = MARKS.get(usize::from(self.byte()?)).copied().ok_or(io::ErrorKind::InvalidData)?;
            self.fill(MAX_ROW.saturating_sub(cells.bytes()))?;
            let value = std::str::from_utf8(&self.buffer).map_err(|_| io::ErrorKind::InvalidData)?;
            cells.push(column, mark, value);
        }
        Ok(line)
    }

    fn text(&mut self, most: usize) -> io::Result<String> {
        self.fill(most)?;
        String::from_utf8(std::mem::take(&mut self.buffer)).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    /// Reads a length and so many bytes into the buffer.
    fn fill(&mut self, most: usize) -> io::Result<()> {
        let length = self.number()? as usize;
        if length > most {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.buffer.resize(length, 0);
        self.source.read_exact(&mut self.buffer)
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.source.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn number(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.source.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn wide_number(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.source.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}
