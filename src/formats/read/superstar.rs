//! The XML report of SIMS (`SuperStarReport`), streamed: each `Record` is a row, each element in it a value under the
//! column of its name. SIMS leaves empty columns out, so columns appear as they are met; the first records are read ahead
//! when the file is opened, so that [`Rows::columns`] is nearly always whole from the start.
//!
//! Entities beyond the five of XML and character references are refused, and so is a document type definition.

use std::collections::{HashMap, VecDeque};
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use schema::raw::{Bytes, Columns, RawRow, ReadFault, Rows};
use schema::{Problem, ProblemCode};

use crate::encoding::is_no_text;
use crate::heading::unescape;
use crate::limit::{MAX_COLUMNS, MAX_ROW, MAX_VALUE, bad_encoding, cut, place, row_too_long, too_long, too_wide};
use crate::sniff::doctype;
use crate::text::{Feed, Text};

/// Records read ahead by [`open`], and the bytes of their values that are kept at most.
const AHEAD_RECORDS: usize = 200;
const AHEAD_BYTES: usize = 8 << 20;
/// Deepest nesting of elements that are stepped over (a schema in front of the records).
const MAX_DEPTH: usize = 32;

/// A SIMS report being read.
pub struct SuperStarRows {
    records: Records,
    ahead: VecDeque<RawRow>,
    ended: Option<Result<(), ReadFault>>,
}

/// Opens a report and reads its first records ahead.
///
/// # Errors
/// The file is no report, or breaks before its first record ends.
pub fn open(bytes: &dyn Bytes) -> Result<SuperStarRows, ReadFault> {
    let (text, found) = Text::open(bytes)?;
    let mut rows = SuperStarRows { records: Records::new(text, found.suspect), ahead: VecDeque::new(), ended: None };
    let mut bytes = 0;
    while rows.ahead.len() < AHEAD_RECORDS && bytes < AHEAD_BYTES && rows.ended.is_none() {
        let mut row = RawRow::default();
        match rows.records.next(&mut row) {
            Ok(true) => {
                bytes += row.values().map(|(_, v)| v.len()).sum::<usize>();
                rows.ahead.push_back(row);
            }
            Ok(false) => rows.ended = Some(Ok(())),
            Err(fault) if rows.ahead.is_empty() => return Err(fault),
            Err(fault) => rows.ended = Some(Err(fault)),
        }
    }
    Ok(rows)
}

impl Rows for SuperStarRows {
    fn columns(&self) -> &Columns {
        &self.records.labels.columns
    }

    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        if let Some(mut ready) = self.ahead.pop_front() {
            std::mem::swap(row, &mut ready);
            return Ok(true);
        }
        row.clear();
        match &self.ended {
            Some(Ok(())) => return Ok(false),
            Some(Err(fault)) => return Err(fault.clone()),
            None => {}
        }
        let read = self.records.next(row);
        match &read {
            Ok(true) => {}
            Ok(false) => self.ended = Some(Ok(())),
            Err(fault) => self.ended = Some(Err(fault.clone())),
        }
        read
    }
}

/// How many names are looked through before the table is asked.
const NEAR: usize = 4;

/// Column of each element name. Records name their columns in one order, so the next name is first looked for behind the last.
#[derive(Default)]
struct Labels {
    columns: Columns,
    known: Vec<(String, usize)>,
    by_name: HashMap<String, usize>,
    next: usize,
}

impl Labels {
    fn column(&mut self, element: &str, row: &RawRow) -> usize {
        let near = self.known.iter().enumerate().skip(self.next).take(NEAR);
        let guess = near.into_iter().find(|(_, (name, _))| name == element).map(|(at, _)| at);
        let at = match guess.or_else(|| self.by_name.get(element).copied()) {
            Some(at) => at,
            None => self.learn(element),
        };
        self.next = at + 1;
        let column = self.known[at].1;
        if row.get(column).is_none() { column } else { self.repeated(column, row) }
    }

    /// A column that stands at the start of `text` as `<name>value</name>`, its name one of the next that are expected and its
    /// value without references: the label, the value's range, and the bytes that all of it takes.
    fn plain(&self, text: &str) -> Option<(usize, std::ops::Range<usize>, usize)> {
        let bytes = text.as_bytes();
        let name_then = |name: &str, from: usize| bytes.get(from..)?.strip_prefix(name.as_bytes())?.first().copied();
        if bytes.first() != Some(&b'<') {
            return None;
        }
        let near = self.known.iter().enumerate().skip(self.next).take(NEAR);
        let (at, name) = near.map(|(at, (name, _))| (at, name)).find(|(_, name)| name_then(name, 1) == Some(b'>'))?;
        let start = name.len() + 2;
        let end = start + memchr::memchr3(b'<', b'&', b'\r', &bytes[start..])?;
        let closed = bytes[end..].starts_with(b"</") && name_then(name, end + 2) == Some(b'>');
        (closed && end - start <= MAX_VALUE).then_some((at, start..end, end + name.len() + 3))
    }

    fn learn(&mut self, element: &str) -> usize {
        let at = self.known.len();
        let column = self.columns.add(&unescape(element));
        self.known.push((element.to_owned(), column));
        self.by_name.insert(element.to_owned(), at);
        at
    }

    /// A column that stands twice in one record: the second value goes under `Phone (2)`, so that none is lost.
    fn repeated(&mut self, column: usize, row: &RawRow) -> usize {
        let heading = self.columns.name(column).to_owned();
        (2..=MAX_COLUMNS).map(|n| self.columns.add(&format!("{heading} ({n})"))).find(|c| row.get(*c).is_none()).unwrap_or(column)
    }
}

/// Where the parser stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    BeforeRoot,
    InRoot,
    InRecord,
    InColumn,
    AfterRoot,
}

struct Records {
    reader: Reader<Feed>,
    buffer: Vec<u8>,
    labels: Labels,
    at: At,
    /// Open elements below the root that are stepped over.
    skipping: usize,
    skipped: bool,
    column: usize,
    value: String,
    cut: bool,
    suspect: bool,
    row_bytes: usize,
    row: u64,
    line: u64,
}

/// What an event did.
enum Step {
    On,
    Record,
    End,
}

impl Records {
    fn new(text: Text, suspect: bool) -> Self {
        Records {
            reader: Reader::from_reader(Feed::new(text)),
            buffer: Vec::new(),
            labels: Labels::default(),
            at: At::BeforeRoot,
            skipping: 0,
            skipped: false,
            column: 0,
            value: String::new(),
            cut: false,
            suspect,
            row_bytes: 0,
            row: 0,
            line: 1,
        }
    }

    fn next(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        row.clear();
        let mut buffer = std::mem::take(&mut self.buffer);
        let outcome = loop {
            buffer.clear();
            self.line = self.reader.get_ref().line();
            self.reader.get_mut().allow(MAX_ROW);
            let step = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => self.step(event, row),
                Err(error) => Err(self.broken(&error)),
            };
            match step {
                Ok(Step::On) => {}
                Ok(Step::Record) => break Ok(true),
                Ok(Step::End) => break Ok(false),
                Err(fault) => break Err(fault),
            }
        };
        self.buffer = buffer;
        outcome
    }

    /// Takes the columns that stand plainly in the window without asking the parser, which takes three events for each.
    /// The parser must stand behind a tag; what is not plain, or not whole in the window, is left to it.
    fn plain_columns(&mut self, row: &mut RawRow) -> Result<(), ReadFault> {
        loop {
            let window = self.reader.get_ref().window();
            let text = window.trim_ascii_start();
            let Some((at, value, used)) = self.labels.plain(text) else { return Ok(()) };
            let column = self.labels.known[at].1;
            if row.get(column).is_some() {
                return Ok(());
            }
            self.value.clear();
            self.value.push_str(&text[value]);
            let used = window.len() - text.len() + used;
            self.labels.next = at + 1;
            self.column = column;
            self.cut = false;
            self.reader.get_mut().consume(used);
            self.set(row)?;
        }
    }

    fn step(&mut self, event: Event, row: &mut RawRow) -> Result<Step, ReadFault> {
        match event {
            Event::Text(text) => self.text(&text.xml10_content(), row)?,
            Event::Start(element) => {
                self.open(element.name().as_ref(), row)?;
                if self.at == At::InRecord {
                    self.plain_columns(row)?;
                }
            }
            Event::End(_) => {
                let step = self.close(row)?;
                if self.at == At::InRecord {
                    self.plain_columns(row)?;
                }
                return Ok(step);
            }
            Event::Empty(element) => {
                self.open(element.name().as_ref(), row)?;
                return self.close(row);
            }
            Event::GeneralRef(reference) => {
                let mut utf8 = [0; 4];
                let character = self.resolve(&reference)?;
                self.text(character.encode_utf8(&mut utf8), row)?;
            }
            Event::CData(text) => self.text(&text.xml10_content(), row)?,
            Event::DocType(_) => return Err(ReadFault { line: Some(self.line), ..doctype() }),
            Event::Eof => return self.end(),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
        }
        Ok(Step::On)
    }

    fn open(&mut self, name: &str, row: &mut RawRow) -> Result<(), ReadFault> {
        if self.skipping > 0 {
            self.skipping += 1;
            return if self.skipping > MAX_DEPTH { Err(self.fault("the XML is nested too deep", SEND_REPORT)) } else { Ok(()) };
        }
        match self.at {
            At::BeforeRoot if local(name) == "SuperStarReport" => self.at = At::InRoot,
            At::BeforeRoot => {
                return Err(self.fault("this XML is not a SIMS report (its root element is not SuperStarReport)", SEND_REPORT));
            }
            At::InRoot if local(name) == "Record" => {
                self.at = At::InRecord;
                self.row += 1;
                self.row_bytes = 0;
                self.labels.next = 0;
                place(row, self.row, self.line, None);
            }
            At::InRoot => {
                self.skipping = 1;
                self.skipped = true;
            }
            At::InRecord => {
                self.column = self.labels.column(name, row);
                if self.labels.columns.len() > MAX_COLUMNS {
                    return Err(too_wide(Some(self.line)));
                }
                self.at = At::InColumn;
                self.value.clear();
                self.cut = false;
            }
            At::InColumn => return Err(self.fault("a column holds further elements, which no SIMS report does", SEND_REPORT)),
            At::AfterRoot => {
                return Err(self.fault("a second report follows the first in one file", "send each report as a file of its own"));
            }
        }
        Ok(())
    }

    fn close(&mut self, row: &mut RawRow) -> Result<Step, ReadFault> {
        if self.skipping > 0 {
            self.skipping -= 1;
            return Ok(Step::On);
        }
        match self.at {
            At::InColumn => {
                self.at = At::InRecord;
                self.set(row)?;
            }
            At::InRecord => {
                self.at = At::InRoot;
                return Ok(Step::Record);
            }
            At::InRoot => self.at = At::AfterRoot,
            At::BeforeRoot | At::AfterRoot => {}
        }
        Ok(Step::On)
    }

    fn set(&mut self, row: &mut RawRow) -> Result<(), ReadFault> {
        self.row_bytes += self.value.len();
        if self.row_bytes > MAX_ROW {
            return Err(row_too_long(row.place.line));
        }
        let heading = || self.labels.columns.name(self.column);
        if self.cut {
            row.problems.push(too_long(heading()));
        }
        if self.suspect && self.value.contains(is_no_text) {
            row.problems.push(bad_encoding(heading(), &self.value));
            self.value.retain(|c| c != '\0');
        }
        row.set(self.column, &self.value);
        Ok(())
    }

    fn text(&mut self, text: &str, row: &mut RawRow) -> Result<(), ReadFault> {
        if self.at == At::InColumn {
            let room = MAX_VALUE.saturating_sub(self.value.len());
            if text.len() <= room {
                self.value.push_str(text);
            } else if !self.cut {
                self.cut = true;
                let start = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= room).last().unwrap_or(0);
                self.value.push_str(&text[..start]);
            }
            return Ok(());
        }
        if self.skipping > 0 || text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\0' | '\u{1A}' | '\u{FEFF}')).is_empty() {
            return Ok(());
        }
        match self.at {
            At::InRecord => {
                let hint = "text stands between the columns of this record and was not read: look at the report's definition";
                row.problems.push(Problem { raw: cut(text).to_owned(), ..Problem::of_row(ProblemCode::RaggedRow, hint) });
                Ok(())
            }
            // What a command line prints behind a report does no harm to the records before it.
            At::AfterRoot => Ok(()),
            _ => Err(self.fault("text stands where a record should begin", SEND_REPORT)),
        }
    }

    fn resolve(&self, reference: &BytesRef) -> Result<char, ReadFault> {
        let character = match reference.as_ref() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => reference.resolve_char_ref().ok().flatten(),
        };
        character.ok_or_else(|| {
            self.fault("the XML names an entity that is not defined", "export the report from SIMS itself; & in a value must be &amp;")
        })
    }

    fn end(&self) -> Result<Step, ReadFault> {
        match self.at {
            At::AfterRoot if self.row == 0 && self.skipped => Err(ReadFault::new("the report holds no Record elements", None, SEND_REPORT)),
            At::AfterRoot => Ok(Step::End),
            At::BeforeRoot => Err(self.fault("the XML has no root element", SEND_REPORT)),
            _ => Err(self.half()),
        }
    }

    fn half(&self) -> ReadFault {
        let what = if self.at == At::InRoot {
            "the report breaks off: its end (</SuperStarReport>) is missing"
        } else {
            "the report breaks off in the middle of a record"
        };
        self.fault(what, "export the report again and send the whole file")
    }

    fn fault(&self, what: &str, hint: &str) -> ReadFault {
        ReadFault::new(what, Some(self.line), hint)
    }

    /// What the parser could not read. Names and values of the file stay out of the words.
    fn broken(&self, error: &quick_xml::Error) -> ReadFault {
        use quick_xml::Error;
        use quick_xml::errors::IllFormedError;
        match error {
            Error::Io(e) if Feed::is_over_budget(e) => row_too_long(self.line),
            Error::Io(e) => crate::limit::unreadable(e),
            Error::Syntax(_) => self.half(),
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                self.fault("the XML is broken: a & stands alone", "export the report from SIMS itself; & in a value must be &amp;")
            }
            Error::IllFormed(IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_)) => self.fault(
                "the XML is broken: an element is closed that was not opened last",
                "export the report again and send the whole file",
            ),
            _ => self.fault("the XML is broken", "export the report again and send the whole file"),
        }
    }
}

const SEND_REPORT: &str = "run the report in SIMS and export it again";

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
#[path = "superstar_tests.rs"]
mod tests;
