//! Reading workbooks in a limited child process.
//!
//! The library that reads workbooks takes sizes from the file on trust: a few hundred bytes can ask it for terabytes. So
//! the hub starts its own program again, gives it the workbook on stdin and reads rows from its stdout. The child limits
//! itself (512 MiB of address space, 20 s of processor time, no files) before it looks at a single byte; whatever becomes
//! of it, the hub goes on and can say what happened.

mod frame;
mod limits;
mod parent;
mod workbook;
mod zip_totals;

use std::io::{BufWriter, Read, Write};
use std::path::PathBuf;

use schema::raw::ReadFault;

pub(crate) use parent::{SheetRows, start};

/// Address space of the child, in MiB.
pub const MEMORY_MIB: u64 = 512;
/// Processor time of the child, in seconds.
pub const CPU_SECONDS: u64 = 20;

/// How to start the child: normally this very program with an argument that makes it call [`child_main`].
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
}

/// The child's whole life: limits itself, reads a workbook from stdin, writes its rows to stdout; gives the exit code.
/// Call it first thing in `main`, before any thread or runtime is started, and exit with what it gives.
pub fn child_main() -> i32 {
    let mut out = BufWriter::with_capacity(64 << 10, std::io::stdout().lock());
    let served = match limits::apply() {
        Ok(()) => serve(&mut std::io::stdin().lock(), &mut out),
        Err(fault) => frame::Writer::new(&mut out).and_then(|mut frames| frames.fault(&fault)),
    };
    match served.and_then(|()| out.flush()) {
        Ok(()) => 0,
        Err(_) => 1,
    }
}

/// Reads a workbook from `input` and writes its rows to `output`. A fault of the workbook goes into the output.
pub(crate) fn serve(input: &mut dyn Read, output: &mut dyn Write) -> std::io::Result<()> {
    let mut frames = frame::Writer::new(output)?;
    let mut bytes = Vec::new();
    input.take(crate::MAX_WORKBOOK + 1).read_to_end(&mut bytes)?;
    match workbook::read(bytes, &mut frames) {
        Ok(()) => frames.end(),
        Err(workbook::Stop::Fault(fault)) => frames.fault(&fault),
        Err(workbook::Stop::Output(error)) => Err(error),
    }
}

/// The words for a workbook that is too much for the sandbox.
pub(crate) fn too_big(why: &str) -> ReadFault {
    ReadFault::new(
        format!("the workbook is too big to be read safely: {why}"),
        None,
        "save the sheet as CSV and send that; CSV may be of any size",
    )
}

#[cfg(test)]
mod tests;
