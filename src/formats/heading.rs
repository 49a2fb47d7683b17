//! Headings as columns: blank and repeated ones get names of their own, and `_xHHHH_` escapes are undone.

use std::borrow::Cow;
use std::collections::HashMap;

use schema::raw::{Columns, fold_heading};

/// Makes the columns of a table from its header row. A blank heading becomes `(column 3)`, the second `Phone` becomes
/// `Phone (2)`, so that every column can be named in a mapping and in a report.
pub(crate) fn columns<'h>(headings: impl Iterator<Item = &'h str>) -> Columns {
    let mut columns = Columns::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (index, heading) in headings.enumerate() {
        let key = fold_heading(heading);
        if key.is_empty() && heading.trim().is_empty() {
            columns.add_distinct(&format!("(column {})", index + 1));
            continue;
        }
        let times = seen.entry(key).or_default();
        *times += 1;
        match *times {
            1 => columns.add_distinct(heading),
            n => columns.add_distinct(&format!("{} ({n})", heading.trim())),
        };
    }
    columns
}

/// Undoes the escapes that .NET's `XmlConvert.EncodeName` writes for characters that no XML name may hold:
/// `Legal_x0020_Surname` is `Legal Surname`.
pub(crate) fn unescape(name: &str) -> Cow<'_, str> {
    if !name.contains("_x") {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        match escaped_char(&rest[at..]) {
            Some((character, used)) => {
                out.push(character);
                rest = &rest[at + used..];
            }
            None => {
                out.push('_');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// `_xHHHH_` or `_xHHHHHHHH_` at the start of `text`: the character, and how many bytes stand for it.
fn escaped_char(text: &str) -> Option<(char, usize)> {
    [4, 8].into_iter().find_map(|digits| {
        let hex = text.get(2..2 + digits)?;
        let closed = text.as_bytes().get(2 + digits) == Some(&b'_');
        if !closed || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let character = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
        (character != '\0').then_some((character, 3 + digits))
    })
}

/// The element name for a heading, the opposite of [`unescape`].
pub(crate) fn escape(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len() + 8);
    for (at, character) in heading.char_indices() {
        let first = at == 0;
        let looks_escaped = character == '_' && escaped_char(&heading[at..]).is_some();
        let plain =
            character == '_' || character.is_alphabetic() || (!first && (character.is_alphanumeric() || matches!(character, '-' | '.')));
        if plain && !looks_escaped && character.is_ascii() {
            out.push(character);
        } else if (character as u32) <= 0xFFFF {
            out.push_str(&format!("_x{:04X}_", character as u32));
        } else {
            out.push_str(&format!("_x{:08X}_", character as u32));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_and_repeated_headings_can_be_told_apart() {
        let columns = columns(["UPN", "", "Phone", "phone", "PHONE"].into_iter());
        assert_eq!(columns.names(), ["UPN", "(column 2)", "Phone", "phone (2)", "PHONE (3)"]);
        assert_eq!(columns.find("Phone 2"), Some(3));
    }

    #[test]
    fn thousands_of_equal_headings_take_no_time() {
        let columns = columns(std::iter::repeat_n("A", 16_384).chain(std::iter::repeat_n("", 16_384)));
        assert_eq!(columns.len(), 32_768);
    }

    #[test]
    fn name_escapes_are_undone_and_done() {
        assert_eq!(unescape("Legal_x0020_Surname"), "Legal Surname");
        assert_eq!(unescape("SEN_x003F_"), "SEN?");
        assert_eq!(unescape("a_xZZZZ_b_x"), "a_xZZZZ_b_x");
        assert_eq!(unescape("primary_id"), "primary_id");
        for heading in ["Legal Surname", "SEN?", "1st contact", "a_x0020_b", "Zoë", "😀", "x-y.z", "_x"] {
            assert_eq!(unescape(&escape(heading)), heading);
        }
    }
}
