//! What a file is, by its first bytes; for what cannot be read, what the sender should do instead.

use schema::raw::{Bytes, ReadFault};

use crate::Kind;
use crate::encoding;
use crate::limit::unreadable;

const HEAD: usize = 64 << 10;

/// Finds what a file is from its content.
///
/// # Errors
/// The file is empty, or of a kind that is not read: the hint says what to send instead.
pub fn sniff(bytes: &dyn Bytes) -> Result<Kind, ReadFault> {
    let mut source = bytes.open().map_err(|e| unreadable(&e))?;
    let mut head = vec![0; HEAD];
    let filled = encoding::read_full(&mut *source, &mut head)?;
    of_head(&head[..filled])
}

fn of_head(head: &[u8]) -> Result<Kind, ReadFault> {
    if let Some(verdict) = by_magic(head) {
        return verdict;
    }
    let encoding = encoding::of_head(head).unwrap_or(encoding_rs::UTF_8);
    let (text, _) = encoding.decode_with_bom_removal(head);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{1A}' || c == '\u{FEFF}');
    if start.is_empty() {
        return Err(ReadFault::new(
            "the file is empty",
            None,
            "export it again: the report may have found nobody, or the transfer broke off",
        ));
    }
    if start.starts_with('<') {
        return xml_root(start);
    }
    if is_json(start) {
        return Ok(Kind::Json);
    }
    if is_binary(&text) {
        return Err(ReadFault::new("this is not a text file or an Excel workbook", None, "send the list as CSV, .xlsx or SIMS report XML"));
    }
    Ok(Kind::Csv)
}

/// Kinds with a magic number at the start.
fn by_magic(head: &[u8]) -> Option<Result<Kind, ReadFault>> {
    let refuse = |what: &str, hint: &str| Some(Err(ReadFault::new(what, None, hint)));
    match head {
        [b'P', b'K', 3, 4, ..] => Some(zip_kind(head)),
        [b'P', b'K', 5, 6, ..] => refuse("this is an empty zip archive", "send the list itself, as CSV or .xlsx"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => refuse(
            "this is an old Excel workbook (.xls), or a workbook with a password",
            "open it in Excel, take the password off, and save it as Excel Workbook (.xlsx) or CSV",
        ),
        [b'%', b'P', b'D', b'F', ..] => refuse("this is a PDF", "send the list as CSV or as an Excel workbook (.xlsx), not as a print-out"),
        [b'{', b'\\', b'r', b't', b'f', ..] => {
            refuse("this is a rich text document (.rtf)", "send the list as CSV or as an Excel workbook (.xlsx)")
        }
        [0x1F, 0x8B, ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [b'R', b'a', b'r', b'!', ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] => {
            refuse("this is a compressed archive", "unpack it and send the files inside one by one")
        }
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => {
            refuse("this is a picture", "send the list as CSV or as an Excel workbook (.xlsx)")
        }
        _ => None,
    }
}

/// A zip archive is taken for a workbook unless its first entries say otherwise; the sandbox looks at the whole list.
fn zip_kind(head: &[u8]) -> Result<Kind, ReadFault> {
    let has = |needle: &str| memchr::memmem::find(&head[..head.len().min(8 << 10)], needle.as_bytes()).is_some();
    if has("application/vnd.oasis.opendocument") {
        return Err(ReadFault::new("this is an OpenDocument file (.ods, .odt)", None, "save it as Excel Workbook (.xlsx) or CSV"));
    }
    if has("word/") && !has("xl/") {
        return Err(ReadFault::new("this is a Word document", None, "send the list as CSV or as an Excel workbook (.xlsx)"));
    }
    Ok(Kind::Xlsx)
}

fn is_json(start: &str) -> bool {
    let mut rest = start.chars().filter(|c| !c.is_whitespace());
    matches!((rest.next(), rest.next()), (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | ']')))
}

/// Control characters, other than those that lists do hold, in more than one of fifty.
fn is_binary(text: &str) -> bool {
    let mut controls = 0;
    let mut all = 0;
    for character in text.chars().take(4096) {
        all += 1;
        controls +=
            usize::from(character.is_control() && !matches!(character, '\t' | '\r' | '\n' | '\u{C}' | '\u{1A}' | '\u{80}'..='\u{9F}'));
    }
    controls * 50 > all
}

/// Steps over declaration, comments and processing instructions to the root element.
fn xml_root(text: &str) -> Result<Kind, ReadFault> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let close = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else {
            break;
        };
        rest = match rest.split_once(close) {
            Some((_, after)) => after,
            None => return Err(broken_xml()),
        };
    }
    let Some(tag) = rest.strip_prefix('<') else { return Err(broken_xml()) };
    let name: String = tag.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')).take(60).collect();
    let local = name.rsplit(':').next().unwrap_or_default();
    if local == "SuperStarReport" {
        return Ok(Kind::SuperStar);
    }
    if tag.to_ascii_lowercase().starts_with("!doctype html") || local.eq_ignore_ascii_case("html") {
        return Err(ReadFault::new(
            "this is a web page, not an export",
            None,
            "the sign-in page may have been saved in place of the file: download it again",
        ));
    }
    if tag.to_ascii_lowercase().starts_with("!doctype") {
        return Err(doctype());
    }
    Err(match local {
        "" => broken_xml(),
        "CTfile" => {
            ReadFault::new("this is a Common Transfer File", None, "it is not read here: send the SIMS report, a CSV or a workbook")
        }
        "Workbook" => {
            ReadFault::new("this is an Excel 2003 XML spreadsheet", None, "open it in Excel and save it as Excel Workbook (.xlsx) or CSV")
        }
        _ => ReadFault::new(
            "this XML is not a SIMS report (its root element is not SuperStarReport)",
            None,
            "run the report in SIMS and export it again",
        ),
    })
}

fn broken_xml() -> ReadFault {
    ReadFault::new("the XML is broken before its first element", Some(1), "export the report again and send the whole file")
}

/// A document type definition can define entities that grow without bound; no SIMS report has one.
pub(crate) fn doctype() -> ReadFault {
    ReadFault::new("the XML has a document type definition (DOCTYPE), which is not read", None, "export the report from SIMS itself")
}

#[cfg(test)]
#[path = "sniff_tests.rs"]
mod tests;
