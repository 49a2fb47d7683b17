//! Names of people.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One name of a person.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Name {
    /// Forename; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub forename: String,
    /// Middle names, as one text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub middle: String,
    /// Surname; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub surname: String,
}

crate::redacted!(Name);

impl Name {
    /// Whether neither forename nor surname is there.
    pub fn is_empty(&self) -> bool {
        self.forename.is_empty() && self.surname.is_empty()
    }

    /// "Ada Example", as a person writes it.
    pub fn full(&self) -> String {
        [self.forename.as_str(), self.middle.as_str(), self.surname.as_str()]
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A name reduced for comparing and searching: accents, case, apostrophes and full stops gone, hyphens and
/// other signs as one space. `Siobhán O'Brien-Łuczak` becomes `siobhan obrien luczak`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// As [`fold`], appended to a text that is there already; no space is put in front.
pub fn fold_into(text: &str, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    if text.is_ascii() {
        for c in text.bytes() {
            match c {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => {
                    if gap && out.len() > start {
                        out.push(' ');
                    }
                    gap = false;
                    out.push(c.to_ascii_lowercase() as char);
                }
                b'\'' | b'.' | b'`' => {}
                _ => gap = true,
            }
        }
        return;
    }
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if matches!(c, '\'' | '.' | '`' | '\u{2018}' | '\u{2019}' | '\u{2bc}') {
            continue;
        }
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && out.len() > start {
            out.push(' ');
        }
        gap = false;
        match c {
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'þ' | 'Þ' => out.push_str("th"),
            c => out.extend(c.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_what_matters() {
        for (given, folded) in [
            ("Siobhán O'Brien", "siobhan obrien"),
            ("Taylor-Jones", "taylor jones"),
            ("  ZOË  ", "zoe"),
            ("Łukasz", "lukasz"),
            ("O\u{2019}Neil", "oneil"),
            ("St. John", "st john"),
            ("李", "李"),
            ("", ""),
        ] {
            assert_eq!(fold(given), folded);
        }
    }

    #[test]
    fn a_name_does_not_show_in_debug() {
        let name = Name { forename: "Ada".into(), surname: "Example".into(), ..Name::default() };
        assert_eq!(format!("{name:?}"), "Name(redacted)");
        assert_eq!(name.full(), "Ada Example");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,20}") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
