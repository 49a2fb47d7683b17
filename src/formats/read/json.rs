//! JSON of any size: an array of objects, objects one after the other (JSON lines), or one object. Each object is a row of
//! the ledger, and is read in flat memory.
//!
//! | in the object | in the row |
//! | --- | --- |
//! | a member | a column under its name; a number, `true` and `false` as their text, `null` as an empty value |
//! | an object in an object | columns with dotted headings: `from.uprn` |
//! | a list of texts | one value, joined with `, ` |
//! | a list of objects | columns with the place of each: `contacts.1.name`; see [`open`] for the list that makes rows |
//!
//! Read strictly (RFC 8259): a member twice in one object, nesting deeper than 64, bytes that are no UTF-8, or an end that is
//! missing are faults; the rows before them are good.

use std::collections::{HashSet, VecDeque};

use schema::Problem;
use schema::raw::{Bytes, Columns, RawRow, ReadFault, Rows};

use super::json_scan::Scan;
use crate::encoding::is_no_text;
use crate::limit::{MAX_COLUMNS, MAX_ROW, bad_encoding, cut, place, row_too_long, too_long, too_wide};

/// Objects read ahead by [`open`], so that the columns are nearly always whole from the start, and the bytes kept for it.
const AHEAD_OBJECTS: usize = 200;
const AHEAD_BYTES: usize = 8 << 20;
/// Deepest nesting.
const MAX_DEPTH: usize = 64;
/// Longest heading with its dots, in bytes: headings are kept as long as the file is read.
const MAX_HEADING: usize = 500;
/// Most members of one object that would be one column.
const MAX_ALIKE: usize = 100;
/// Most rows of one object.
const MAX_PARTS: usize = 10_000;

/// A file of JSON being read.
pub struct JsonRows {
    objects: Objects,
    ahead: VecDeque<RawRow>,
    ended: Option<Result<(), ReadFault>>,
}

/// Opens a file of JSON and reads its first objects ahead. A list of objects under the member `each` (`people`) makes one row
/// for each of them, with all that the outer object says and `people.` before its own names; they share the number of their
/// object ([`schema::Place::row`]), of which it is one row of the ledger. Without the list, or with an empty one, there is one row.
///
/// # Errors
/// The file is no JSON of that form, or breaks before its first object ends.
pub fn open(bytes: &dyn Bytes, each: Option<&str>) -> Result<JsonRows, ReadFault> {
    let mut rows = JsonRows { objects: Objects::new(Scan::open(bytes)?, each)?, ahead: VecDeque::new(), ended: None };
    let mut bytes = 0;
    for _ in 0..AHEAD_OBJECTS {
        if bytes > AHEAD_BYTES || rows.ended.is_some() {
            break;
        }
        let before = rows.ahead.len();
        rows.read_object();
        bytes += rows.ahead.iter().skip(before).flat_map(RawRow::values).map(|(_, v)| v.len()).sum::<usize>();
    }
    match &rows.ended {
        Some(Err(fault)) if rows.ahead.is_empty() => Err(fault.clone()),
        _ => Ok(rows),
    }
}

impl JsonRows {
    /// Reads one object into the rows that wait, or notes how the file ends.
    fn read_object(&mut self) {
        match self.objects.next(&mut self.ahead) {
            Ok(true) => {}
            Ok(false) => self.ended = Some(Ok(())),
            Err(fault) => self.ended = Some(Err(fault)),
        }
    }
}

impl Rows for JsonRows {
    fn columns(&self) -> &Columns {
        &self.objects.columns
    }

    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        if self.ahead.is_empty() && self.ended.is_none() {
            self.read_object();
        }
        if let Some(mut ready) = self.ahead.pop_front() {
            std::mem::swap(row, &mut ready);
            return Ok(true);
        }
        row.clear();
        match &self.ended {
            Some(Err(fault)) => Err(fault.clone()),
            _ => Ok(false),
        }
    }
}

/// Values of an object, or of one part of it, with the faults seen.
#[derive(Default)]
struct Values {
    cells: Vec<(usize, String)>,
    taken: HashSet<usize>,
    problems: Vec<Problem>,
}

impl Values {
    fn put_into(&self, row: &mut RawRow) {
        for (column, value) in &self.cells {
            row.set(*column, value);
        }
        row.problems.extend(self.problems.iter().cloned());
    }
}

struct Objects {
    scan: Scan,
    columns: Columns,
    each: Option<String>,
    /// The file is one array, and its end must be there.
    in_array: bool,
    /// An object was read: in an array a comma must come before the next.
    begun: bool,
    row: u64,
    depth: usize,
}

impl Objects {
    fn new(mut scan: Scan, each: Option<&str>) -> Result<Objects, ReadFault> {
        let in_array = scan.takes(b'[')?;
        Ok(Objects { scan, columns: Columns::default(), each: each.map(str::to_owned), in_array, begun: false, row: 0, depth: 0 })
    }

    /// Reads the next object into rows; `false` at the end.
    fn next(&mut self, rows: &mut VecDeque<RawRow>) -> Result<bool, ReadFault> {
        self.scan.begin();
        if self.in_array {
            if self.scan.takes(b']')? {
                return if self.scan.look()?.is_none() { Ok(false) } else { Err(self.scan.fault("something stands behind the list")) };
            }
            if self.begun && !self.scan.takes(b',')? {
                return Err(self.scan.unexpected("a comma or the end of the list"));
            }
        } else if self.scan.look()?.is_none() {
            return Ok(false);
        }
        if self.scan.look()? != Some(b'{') {
            return Err(self.scan.unexpected("an object"));
        }
        self.begun = true;
        self.scan.begin();
        let (mut whole, mut parts) = (Values::default(), Vec::new());
        self.depth = usize::from(self.in_array);
        self.object("", &mut whole, Some(&mut parts))?;
        self.row += 1;
        self.rows_of(&whole, &parts, rows)?;
        Ok(true)
    }

    fn rows_of(&self, whole: &Values, parts: &[Values], rows: &mut VecDeque<RawRow>) -> Result<(), ReadFault> {
        let start = self.scan.start();
        // What the object says is in the row of each part: a large one with many parts would be without bound.
        let size = whole.cells.iter().map(|(_, v)| v.len()).sum::<usize>() + 8 * self.columns.len();
        if size.saturating_mul(parts.len()) > 4 * MAX_ROW {
            return Err(row_too_long(start));
        }
        for part in 0..parts.len().max(1) {
            let mut row = RawRow::default();
            place(&mut row, self.row, start, None);
            whole.put_into(&mut row);
            if let Some(part) = parts.get(part) {
                part.put_into(&mut row);
            }
            rows.push_back(row);
        }
        Ok(())
    }

    /// An object: its members under `path`. `parts` is there for the outermost one, whose list makes rows.
    fn object(&mut self, path: &str, values: &mut Values, mut parts: Option<&mut Vec<Values>>) -> Result<(), ReadFault> {
        self.deeper()?;
        if !self.scan.takes(b'{')? {
            return Err(self.scan.unexpected("an object"));
        }
        let mut seen = HashSet::new();
        while !self.scan.takes(b'}')? {
            if !seen.is_empty() && !self.scan.takes(b',')? {
                return Err(self.scan.unexpected("a comma or the end of the object"));
            }
            let mut name = String::new();
            self.scan.string(&mut name)?;
            if !self.scan.takes(b':')? {
                return Err(self.scan.unexpected("a colon"));
            }
            let heading = self.heading(path, &name)?;
            let makes_rows = parts.is_some() && self.each.as_deref() == Some(name.as_str());
            if !seen.insert(name) {
                return Err(self.scan.fault("an object has a member twice"));
            }
            match parts.as_deref_mut().filter(|_| makes_rows) {
                Some(parts) => self.parts(&heading, values, parts)?,
                None => self.value(&heading, values)?,
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn heading(&self, path: &str, name: &str) -> Result<String, ReadFault> {
        let name = name.replace(|c: char| c.is_control() || is_no_text(c), " ");
        let name = if name.trim().is_empty() { "(no name)" } else { name.trim() };
        let heading = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if heading.len() > MAX_HEADING {
            return Err(self.scan.fault("the name of a member, with those it stands in, is longer than 500 bytes"));
        }
        Ok(heading)
    }

    /// The list that makes rows; a single object is a list of one.
    fn parts(&mut self, heading: &str, values: &mut Values, parts: &mut Vec<Values>) -> Result<(), ReadFault> {
        if self.scan.look()? == Some(b'{') {
            let mut part = Values::default();
            self.object(heading, &mut part, None)?;
            parts.push(part);
            return Ok(());
        }
        if !self.scan.takes(b'[')? {
            return self.value(heading, values);
        }
        self.deeper()?;
        let mut texts = None;
        let mut count = 0;
        while !self.scan.takes(b']')? {
            if count > 0 && !self.scan.takes(b',')? {
                return Err(self.scan.unexpected("a comma or the end of the list"));
            }
            count += 1;
            if self.scan.look()? == Some(b'{') {
                let mut part = Values::default();
                self.object(heading, &mut part, None)?;
                parts.push(part);
                if parts.len() > MAX_PARTS {
                    return Err(row_too_long(self.scan.start()));
                }
            } else {
                self.element(&format!("{heading}.{count}"), &mut texts, values)?;
            }
        }
        self.depth -= 1;
        if let Some(texts) = texts {
            self.set(heading, &texts, values)?;
        }
        Ok(())
    }

    fn value(&mut self, heading: &str, values: &mut Values) -> Result<(), ReadFault> {
        match self.scan.look()? {
            Some(b'{') => self.object(heading, values, None),
            Some(b'[') => self.list(heading, values),
            _ => {
                let text = self.scalar()?;
                self.set(heading, &text, values)
            }
        }
    }

    fn list(&mut self, heading: &str, values: &mut Values) -> Result<(), ReadFault> {
        self.deeper()?;
        self.scan.takes(b'[')?;
        let (mut texts, mut count) = (None, 0);
        while !self.scan.takes(b']')? {
            if count > 0 && !self.scan.takes(b',')? {
                return Err(self.scan.unexpected("a comma or the end of the list"));
            }
            count += 1;
            let inner = format!("{heading}.{count}");
            if inner.len() > MAX_HEADING {
                return Err(self.scan.fault("the name of a member, with those it stands in, is longer than 500 bytes"));
            }
            self.element(&inner, &mut texts, values)?;
        }
        self.depth -= 1;
        match texts {
            None if count > 0 => Ok(()),
            texts => self.set(heading, &texts.unwrap_or_default(), values),
        }
    }

    /// One of a list: a text is joined to those before it, an object or list has columns of its own.
    fn element(&mut self, heading: &str, texts: &mut Option<String>, values: &mut Values) -> Result<(), ReadFault> {
        if matches!(self.scan.look()?, Some(b'{' | b'[')) {
            return self.value(heading, values);
        }
        let text = self.scalar()?;
        let texts = texts.get_or_insert_default();
        if !texts.is_empty() && !text.trim().is_empty() {
            texts.push_str(", ");
        }
        texts.push_str(text.trim());
        Ok(())
    }

    fn scalar(&mut self) -> Result<String, ReadFault> {
        let mut text = String::new();
        if self.scan.look()? == Some(b'"') {
            self.scan.string(&mut text)?;
        } else {
            self.scan.word(&mut text)?;
            if text == "null" {
                text.clear();
            }
        }
        Ok(text)
    }

    fn set(&mut self, heading: &str, text: &str, values: &mut Values) -> Result<(), ReadFault> {
        let column = self.column(heading, values)?;
        let kept = cut(text);
        if kept.len() < text.len() {
            values.problems.push(too_long(heading));
        }
        let mut kept = kept.to_owned();
        if kept.contains(is_no_text) {
            values.problems.push(bad_encoding(heading, &kept));
            kept.retain(|c| c != '\0');
        }
        values.cells.push((column, kept));
        Ok(())
    }

    /// The column of a heading. Two members that differ in case or signs only would be one column: the second gets its own.
    fn column(&mut self, heading: &str, values: &mut Values) -> Result<usize, ReadFault> {
        let mut column = self.columns.add(heading);
        let mut n = 1;
        while !values.taken.insert(column) {
            n += 1;
            column = self.columns.add(&format!("{heading} ({n})"));
            if n > MAX_ALIKE {
                return Err(self.scan.fault("an object has more than 100 members whose names differ in case or signs only"));
            }
        }
        if self.columns.len() > MAX_COLUMNS { Err(too_wide(Some(self.scan.line()))) } else { Ok(column) }
    }

    fn deeper(&mut self) -> Result<(), ReadFault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.scan.fault("objects are nested deeper than 64")) } else { Ok(()) }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
