//! A pupil's registration at a school, and how it ended.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{LaCode, Laestab};

/// Enrolment status, CBDS `EnrolmentStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EnrolmentStatus {
    /// C: current, single registration.
    Current,
    /// M: current, main of a dual registration.
    Main,
    /// S: current, subsidiary of a dual registration.
    Subsidiary,
    /// F: further education college.
    FurtherEducation,
    /// O: other provider.
    Other,
    /// G: guest; on the roll of no school by this.
    Guest,
    /// P: previous.
    Previous,
    /// Applicant or future pupil: not yet on roll.
    Future,
}

impl EnrolmentStatus {
    /// Whether a pupil of that status is a registered pupil, dates aside.
    pub fn is_registered(self) -> bool {
        !matches!(self, Self::Guest | Self::Previous | Self::Future)
    }
}

/// Which list a removal ground is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum RemovalScheme {
    /// School Attendance (Pupil Registration) (England) Regulations 2024, SI 2024/208, reg 9; in force from 19 August 2024.
    #[serde(rename = "SI2024/208")]
    Regs2024,
    /// Education (Pupil Registration) (England) Regulations 2006, SI 2006/1751, reg 8.
    #[serde(rename = "SI2006/1751")]
    Regs2006,
}

/// Why a pupil was removed from roll: scheme + code where the text names a ground, and always the text as it stood.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Removal {
    /// The regulations the ground is from; `None` where the text names no ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<RemovalScheme>,
    /// The ground: `9(1)(a)`, `9(3)(b)`, `8(1)(h)`; empty where the text names none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ground: String,
    /// The text as it stood in the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

crate::redacted!(Removal);

impl Removal {
    /// Reads a ground out of a MIS text: `9(1)(a)`, `Reg 9 (1) (a) - at another school`, `9(3)(b)`, `8(1)h`.
    /// A text that names no ground keeps only its words.
    pub fn parse(text: &str) -> Removal {
        let text = text.trim();
        let (scheme, ground) = match read_ground(text) {
            Some((scheme, ground)) => (Some(scheme), ground),
            None => (None, String::new()),
        };
        Removal { scheme, ground, text: text.to_owned() }
    }

    /// The letter of a 9(1) or 8(1) ground: `a` for `9(1)(a)`. `None` for 9(3) and where no ground is named.
    pub fn letter(&self) -> Option<char> {
        let rest = self.ground.strip_prefix("9(1)(").or_else(|| self.ground.strip_prefix("8(1)("))?;
        rest.chars().next()
    }

    /// Whether there is neither ground nor text.
    pub fn is_empty(&self) -> bool {
        self.ground.is_empty() && self.text.is_empty()
    }
}

fn read_ground(text: &str) -> Option<(RemovalScheme, String)> {
    let lower: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    for (needle, scheme, last) in
        [("9(1)", RemovalScheme::Regs2024, 'o'), ("9(3)", RemovalScheme::Regs2024, 'z'), ("8(1)", RemovalScheme::Regs2006, 'o')]
    {
        let Some(at) = lower.find(needle) else { continue };
        if lower[..at].ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let rest = lower[at + needle.len()..].trim_start_matches('(');
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some(c), next) if c.is_ascii_lowercase() && c <= last && !next.is_some_and(|n| n.is_ascii_alphabetic()) => {
                return Some((scheme, format!("{needle}({c})")));
            }
            _ if needle == "9(3)" => return Some((scheme, needle.to_owned())),
            _ => {}
        }
    }
    None
}

/// Where a leaver is said to have gone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Destination {
    /// The school, if its number is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Laestab>,
    /// The authority, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<LaCode>,
    /// The text as it stood ("Unknown" is kept as text and counts as none).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

crate::redacted!(Destination);

impl Destination {
    /// Whether a place is named at all: a number, or words other than "unknown", "not known", "none", "n/a", "?" or "-".
    pub fn is_named(&self) -> bool {
        let text = crate::name::fold(&self.text);
        self.school.is_some()
            || self.authority.is_some()
            || !matches!(text.as_str(), "" | "unknown" | "not known" | "destination unknown" | "none" | "n a" | "na" | "tbc")
    }
}

/// One registration at one school.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Enrolment {
    /// The school; mappings fill it from the source where the file has no column for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Laestab>,
    /// Its name as the source has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub school_name: String,
    /// Status; `None` counts as current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<EnrolmentStatus>,
    /// First day on roll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<NaiveDate>,
    /// Day of removal from roll. The pupil is on roll up to the day before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaving: Option<NaiveDate>,
    /// Why removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removal: Option<Removal>,
    /// Where to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<Destination>,
    /// Last day on which the pupil attended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_attended: Option<NaiveDate>,
}

crate::redacted!(Enrolment);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_is_read_out_of_words() {
        for (text, scheme, ground) in [
            ("9(1)(a)", Some(RemovalScheme::Regs2024), "9(1)(a)"),
            ("Reg 9 (1) (f) - parent's written notice", Some(RemovalScheme::Regs2024), "9(1)(f)"),
            ("9(1)k", Some(RemovalScheme::Regs2024), "9(1)(k)"),
            ("9(3)(b)", Some(RemovalScheme::Regs2024), "9(3)(b)"),
            ("9(3)", Some(RemovalScheme::Regs2024), "9(3)"),
            ("8(1)(h)", Some(RemovalScheme::Regs2006), "8(1)(h)"),
            ("Moved away", None, ""),
            ("9(1)(z)", None, ""),
            ("19(1)(a)", None, ""),
            ("", None, ""),
        ] {
            let removal = Removal::parse(text);
            assert_eq!((removal.scheme, removal.ground.as_str()), (scheme, ground), "{text}");
            assert_eq!(removal.text, text);
        }
    }

    #[test]
    fn unknown_is_no_destination() {
        for text in ["", "Unknown", "N/A", "?", "-", "not known"] {
            assert!(!Destination { text: text.into(), ..Destination::default() }.is_named(), "{text}");
        }
        assert!(Destination { text: "Poland".into(), ..Destination::default() }.is_named());
    }
}
