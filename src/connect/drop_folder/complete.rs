//! Whether the end of a file is there, told from its content, never from its name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use schema::raw::RawRow;

use crate::{FileBytes, trailer};

/// Enough for an XML declaration, comments and the first tag.
const HEAD: u64 = 4 * 1024;
/// The directory of a zip file ends with at most 65,535 bytes of comment behind its 22 bytes.
const TAIL: u64 = 22 + 65_535;

/// What is missing at the end of a file; `None` where it looks complete, or its kind has no known end.
pub(super) fn missing(path: &Path, bytes: u64) -> io::Result<Option<&'static str>> {
    if bytes == 0 {
        return Ok(Some("it is still empty"));
    }
    let mut file = File::open(path)?;
    let head = part(&mut file, 0, HEAD)?;
    let tail = part(&mut file, bytes.saturating_sub(TAIL), TAIL)?;
    if head.starts_with(b"PK\x03\x04") {
        return Ok((!ends_as_zip(&tail, bytes)).then_some("the end of the workbook is not there yet"));
    }
    // UTF-16 is ASCII with zeros between, as far as tags and trailers go.
    let (head, tail) = (without_zeros(&head), without_zeros(&tail));
    if let Some(root) = root_tag(&head) {
        return Ok((!closes(&tail, &root)).then_some("its closing tag is not there yet"));
    }
    if let Some(end) = json_end(&head) {
        return Ok((tail.trim_ascii_end().last() != Some(&end)).then_some("its closing bracket is not there yet"));
    }
    if trailer::ends_in_one(&tail) && !count_fits(path)? {
        return Ok(Some("it has not as many rows as its last line says"));
    }
    Ok(None)
}

fn part(file: &mut File, from: u64, at_most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(at_most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The bracket that a file of JSON must end with, if the text is one.
fn json_end(head: &[u8]) -> Option<u8> {
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let (open, rest) = start.split_first()?;
    match (open, rest.trim_ascii_start().first()) {
        (b'[', None | Some(b'{' | b']')) => Some(b']'),
        (b'{', None | Some(b'"' | b'}')) => Some(b'}'),
        _ => None,
    }
}

fn without_zeros(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|b| *b != 0).collect()
}

/// Whether the zip's end record is there and its directory lies before it (APPNOTE 4.3.16).
fn ends_as_zip(tail: &[u8], bytes: u64) -> bool {
    let number = |at: usize, n: usize| tail.get(at..at + n).map(|b| b.iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)));
    let ends = |at: usize| -> Option<bool> {
        let position = bytes - tail.len() as u64 + at as u64;
        let (size, offset, comment) = (number(at + 12, 4)?, number(at + 16, 4)?, number(at + 20, 2)?);
        let is_large = offset == u64::from(u32::MAX); // a zip64 file: its directory is described elsewhere
        Some((is_large || offset + size <= position) && position + 22 + comment <= bytes)
    };
    (0..tail.len().saturating_sub(21)).rev().filter(|at| tail[*at..].starts_with(b"PK\x05\x06")).any(|at| ends(at) == Some(true))
}

/// The name of the first element, if the text is XML.
fn root_tag(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let start = text.find('<')?;
    // Before it only a byte order mark or blanks: a CSV may well have a '<' in a value.
    if text[..start].chars().any(|c| c.is_alphanumeric() || c == ',' || c == ';' || c == '"') {
        return None;
    }
    let mut rest = &text[start..];
    loop {
        let past = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<!") {
            ">"
        } else {
            break;
        };
        let end = rest.find(past)? + past.len();
        rest = rest[end..].trim_start();
    }
    let name: String = rest.strip_prefix('<')?.chars().take_while(|c| !c.is_whitespace() && !matches!(c, '>' | '/')).collect();
    (!name.is_empty()).then_some(name)
}

/// Whether the text ends with the closing tag, perhaps with comments and blanks behind it, or is one empty element.
fn closes(tail: &[u8], root: &str) -> bool {
    let text = String::from_utf8_lossy(tail);
    let mut rest = text.trim_end();
    while let Some(before) = rest.strip_suffix("-->") {
        let Some(start) = before.rfind("<!--") else { return false };
        rest = rest[..start].trim_end();
    }
    let Some(open) = rest.strip_suffix('>') else { return false };
    if open.trim_end().strip_suffix(root).is_some_and(|before| before.ends_with("</")) {
        return true;
    }
    open.ends_with('/') && open.rfind('<').is_some_and(|at| open[at + 1..].starts_with(root))
}

/// Whether the file has as many rows as its last line says. Only files with such a line are read for it.
fn count_fits(path: &Path) -> io::Result<bool> {
    let bytes = FileBytes::of(path)?;
    // A text is read in this process: the sandbox is not started.
    let no_sandbox = formats::Sandbox { program: PathBuf::new(), args: Vec::new() };
    let Ok(mut rows) = crate::table::open(&bytes, &no_sandbox, &[formats::Kind::Csv], "") else { return Ok(false) };
    let mut row = RawRow::default();
    loop {
        match rows.next_row(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(true),
            Err(_) => return Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_an_xml_file_is_found_behind_its_prolog() {
        for head in
            ["<SuperStarReport>", "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- a < b -->\n<SuperStarReport a=\"1\">", "<SuperStarReport/>"]
        {
            assert_eq!(root_tag(head.as_bytes()).as_deref(), Some("SuperStarReport"), "{head}");
        }
        for head in ["Adno,Note\n1,<b>", "", "plain text", "<", "<?xml "] {
            assert_eq!(root_tag(head.as_bytes()), None, "{head}");
        }
    }

    #[test]
    fn an_xml_file_ends_with_its_closing_tag() {
        for tail in [
            "</Record></SuperStarReport>",
            "</SuperStarReport>\r\n ",
            "</SuperStarReport >",
            "</SuperStarReport><!-- end -->\n",
            "<SuperStarReport/>",
        ] {
            assert!(closes(tail.as_bytes(), "SuperStarReport"), "{tail}");
        }
        for tail in ["</Record>", "<SuperStarReport>", "</SuperStarReport", "</Other>", "<!-- </SuperStarReport> -->", ""] {
            assert!(!closes(tail.as_bytes(), "SuperStarReport"), "{tail}");
        }
    }

    #[test]
    fn json_ends_with_the_bracket_it_began_with() {
        for (head, end) in [
            ("[ {\"a\": 1", Some(b']')),
            ("\u{FEFF}\n[]", Some(b']')),
            ("{\"a\": 1}\n", Some(b'}')),
            ("[", Some(b']')),
            ("[Notes],x", None),
            ("UPN,Surname", None),
            ("", None),
        ] {
            assert_eq!(json_end(head.as_bytes()), end, "{head}");
        }
    }

    #[test]
    fn a_zip_ends_with_its_directory() {
        let mut zip = b"PK\x03\x04 some content PK\x01\x02 directory".to_vec();
        let (size, offset) = (14u32, zip.len() as u32 - 14);
        zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        zip.extend(size.to_le_bytes());
        zip.extend(offset.to_le_bytes());
        zip.extend([3, 0, b'e', b'n', b'd']);
        assert!(ends_as_zip(&zip, zip.len() as u64));
        for cut in 0..zip.len() {
            assert!(!ends_as_zip(&zip[..cut], cut as u64), "{cut}");
        }
    }
}
