//! What a zip archive says of itself, checked before anything is unpacked.

use std::io::Cursor;

use schema::raw::ReadFault;
use zip::ZipArchive;

use super::too_big;

/// Most entries of a workbook.
const MAX_ENTRIES: usize = 4_096;
/// Most bytes of all entries together, unpacked (2 GiB).
const MAX_UNPACKED: u64 = 2 << 30;
/// Most bytes unpacked for one packed, where an entry is larger than [`SMALL`]: sheets of repeated text reach about 100.
const MAX_RATIO: u64 = 300;
const SMALL: u64 = 16 << 20;

/// Refuses an archive that is no workbook, or that says it is too much to unpack.
pub(super) fn check(bytes: &[u8]) -> Result<(), ReadFault> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        ReadFault::new("the workbook is damaged or incomplete", None, "open it in Excel, save it again, and send the whole file")
    })?;
    if archive.len() > MAX_ENTRIES {
        return Err(too_big(&format!("it has {} parts", archive.len())));
    }
    let mut unpacked = 0u64;
    let mut names = Names::default();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_data(index) else {
            return Err(ReadFault::new("the workbook is damaged: a part cannot be found", None, "open it in Excel and save it again"));
        };
        if entry.encrypted() {
            return Err(ReadFault::new("the workbook is locked with a password", None, "take the password off, or save the list as CSV"));
        }
        names.see(entry.name_raw());
        unpacked = unpacked.saturating_add(entry.size());
        if entry.size() > SMALL && entry.size() / entry.compressed_size().max(1) > MAX_RATIO {
            return Err(too_big("a part unpacks to more than 300 times its size"));
        }
    }
    if unpacked > MAX_UNPACKED {
        return Err(too_big("it unpacks to more than 2 GiB"));
    }
    names.verdict()
}

/// Which kinds of office file the archive's entries speak of.
#[derive(Default)]
struct Names {
    workbook: bool,
    binary: bool,
    word: bool,
    open_document: bool,
}

impl Names {
    fn see(&mut self, name: &[u8]) {
        let name = name.to_ascii_lowercase();
        self.binary |= name == b"xl/workbook.bin";
        self.workbook |= name.ends_with(b"workbook.xml");
        self.word |= name.starts_with(b"word/");
        self.open_document |= name == b"content.xml";
    }

    fn verdict(&self) -> Result<(), ReadFault> {
        let (what, hint) = match self {
            Names { binary: true, .. } => ("this is a binary workbook (.xlsb)", "save it as Excel Workbook (.xlsx) or CSV"),
            Names { workbook: true, .. } => return Ok(()),
            Names { word: true, .. } => ("this is a Word document", "send the list as CSV or as an Excel workbook (.xlsx)"),
            Names { open_document: true, .. } => ("this is an OpenDocument file (.ods, .odt)", "save it as Excel Workbook (.xlsx) or CSV"),
            _ => ("this is a zip archive, not a workbook", "unpack it and send the files inside one by one"),
        };
        Err(ReadFault::new(what, None, hint))
    }
}
