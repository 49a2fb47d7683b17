//! The hub's end: starts the child, feeds it, believes nothing it says without a check, and explains its death.

use std::io::{self, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use schema::raw::{Bytes, Columns, RawRow, ReadFault, Rows};
use schema::{Problem, ProblemCode};

use super::frame::{Cells, Frame, Mark, Reader};
use super::{CPU_SECONDS, MEMORY_MIB, Sandbox, too_big};
use crate::heading;
use crate::limit::{MAX_COLUMNS, MAX_WORKBOOK, place, too_long, unreadable};

/// Starts a child, gives it the workbook, and waits for its header.
pub(crate) fn start(bytes: &dyn Bytes, sandbox: &Sandbox) -> Result<SheetRows<BufReader<ChildStdout>>, ReadFault> {
    if bytes.len() > MAX_WORKBOOK {
        return Err(too_big("it is larger than 64 MiB"));
    }
    let mut child = Command::new(&sandbox.program)
        .args(&sandbox.args)
        // Keys and tokens of the hub's environment are nothing to the child.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // What a dying child prints may hold values of the file.
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| could_not_start(&e))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let child = Running(child);
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
        return Err(could_not_start(&io::ErrorKind::BrokenPipe.into()));
    };
    // The child says nothing before it has read all, so writing first cannot block for ever.
    let mut source = bytes.open().map_err(|e| unreadable(&e))?;
    feed(&mut *source, &mut stdin)?;
    drop(stdin);
    SheetRows::open(BufReader::with_capacity(64 << 10, stdout), Some(child))
}

/// Copies the workbook into the child. A child that is gone is no fault yet: what it said last tells more.
fn feed(source: &mut dyn Read, stdin: &mut dyn Write) -> Result<(), ReadFault> {
    let mut block = vec![0; 64 << 10];
    loop {
        let count = match source.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(unreadable(&e)),
        };
        if stdin.write_all(&block[..count]).is_err() {
            return Ok(());
        }
    }
}

/// A child that is ended and waited for when nobody reads it any more.
pub(crate) struct Running(Child);

impl Running {
    fn wait(&mut self) -> Option<ExitStatus> {
        self.0.wait().ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone, or gone after this: either is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The rows of a sheet, as the child tells them.
pub(crate) struct SheetRows<R> {
    frames: Reader<R>,
    child: Option<Running>,
    columns: Columns,
    sheet: String,
    cells: Cells,
    row: u64,
    ended: Option<Result<(), ReadFault>>,
}

impl<R: Read> SheetRows<R> {
    pub(crate) fn open(source: R, child: Option<Running>) -> Result<Self, ReadFault> {
        let frames = Reader::new(source);
        let mut rows =
            SheetRows { frames, child, columns: Columns::default(), sheet: String::new(), cells: Cells::default(), row: 0, ended: None };
        loop {
            match rows.frames.next(&mut rows.cells) {
                Ok(Frame::Sheet(name)) => rows.sheet = name,
                Ok(Frame::Header) => {
                    rows.columns = header(&rows.cells);
                    return Ok(rows);
                }
                Ok(Frame::Fault(fault)) => return Err(fault),
                Ok(Frame::Row { .. } | Frame::End) => return Err(rows.lost(&io::ErrorKind::InvalidData.into())),
                Err(error) => return Err(rows.lost(&error)),
            }
        }
    }

    fn advance(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        match self.frames.next(&mut self.cells) {
            Ok(Frame::Row { line }) => {
                self.row += 1;
                place(row, self.row, u64::from(line), Some(&self.sheet));
                fill(row, &self.cells, &self.columns);
                Ok(true)
            }
            Ok(Frame::End) => Ok(false),
            Ok(Frame::Fault(fault)) => Err(fault),
            Ok(Frame::Sheet(_) | Frame::Header) => Err(self.lost(&io::ErrorKind::InvalidData.into())),
            Err(error) => Err(self.lost(&error)),
        }
    }

    /// Why the child fell silent, from how it ended.
    fn lost(&mut self, error: &io::Error) -> ReadFault {
        let at = (self.row > 0).then_some(self.row);
        if error.kind() == io::ErrorKind::InvalidData {
            return ReadFault::ours(
                "the limited process for workbooks does not answer as it should",
                "look whether the program was replaced while it ran, and try again",
            );
        }
        let fault = match self.child.as_mut().and_then(Running::wait).and_then(signal) {
            // SIGABRT: an allocation was refused.
            Some(6) => too_big(&format!("it needs more than {MEMORY_MIB} MiB of memory")),
            // SIGXCPU, or SIGKILL at the hard limit.
            Some(9 | 24) => too_big(&format!("it needs more than {CPU_SECONDS} seconds to read")),
            _ => ReadFault::new(
                "the workbook is damaged in a way that ends its reading",
                None,
                "open it in Excel, save it again as .xlsx or CSV, and send that",
            ),
        };
        ReadFault { line: at, ..fault }
    }
}

impl<R: Read> Rows for SheetRows<R> {
    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn next_row(&mut self, row: &mut RawRow) -> Result<bool, ReadFault> {
        row.clear();
        match &self.ended {
            Some(Ok(())) => return Ok(false),
            Some(Err(fault)) => return Err(fault.clone()),
            None => {}
        }
        let read = self.advance(row);
        match &read {
            Ok(true) => {}
            Ok(false) => self.ended = Some(Ok(())),
            Err(fault) => self.ended = Some(Err(fault.clone())),
        }
        read
    }
}

fn header(cells: &Cells) -> Columns {
    let mut headings: Vec<&str> = Vec::new();
    for (column, _, value) in cells.iter().filter(|(column, ..)| (*column as usize) < MAX_COLUMNS) {
        let column = column as usize;
        if headings.len() <= column {
            headings.resize(column + 1, "");
        }
        headings[column] = value;
    }
    while headings.last().is_some_and(|h| h.trim().is_empty()) {
        headings.pop();
    }
    heading::columns(headings.into_iter())
}

fn fill(row: &mut RawRow, cells: &Cells, columns: &Columns) {
    let mut surplus = String::new();
    for (column, mark, value) in cells.iter() {
        let index = column as usize;
        if index < columns.len() {
            row.set(index, value);
        } else if !value.trim().is_empty() {
            surplus.push_str(if surplus.is_empty() { "" } else { ", " });
            surplus.push_str(value);
        }
        if let Some(problem) = problem(mark, columns.name(index), value) {
            row.problems.push(problem);
        }
    }
    if !surplus.is_empty() {
        let hint = "the row has values to the right of the last heading: give the column a heading, or clear the cells";
        row.problems.push(Problem { raw: surplus, ..Problem::of_row(ProblemCode::RaggedRow, hint) });
    }
}

fn problem(mark: Mark, column: &str, value: &str) -> Option<Problem> {
    let (code, hint) = match mark {
        Mark::Plain => return None,
        Mark::Cut => return Some(too_long(column)),
        Mark::Formula => (ProblemCode::FormulaCell, "the value was worked out by a formula: paste it as a value, so that it cannot change"),
        Mark::Error => (ProblemCode::FormulaCell, "the cell shows an error in place of a value: type the value in"),
        Mark::LostDigits => {
            (ProblemCode::SpoiltIdentifier, "Excel keeps only 15 digits of a number: format the column as text and enter it again")
        }
    };
    Some(Problem { column: column.to_owned(), raw: value.to_owned(), ..Problem::of_row(code, hint) })
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

fn could_not_start(error: &io::Error) -> ReadFault {
    ReadFault::ours(
        format!("the limited process for workbooks could not be started ({})", error.kind()),
        "try again; if it stays, ask ICT, and send the list as CSV meanwhile",
    )
}
