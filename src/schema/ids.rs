//! Typed ids. One chain leads from a file to a finding and back:
//! [`PayloadId`] → [`RowId`] → [`RecordId`] → [`ChildId`] → [`FindingId`] → [`MessageId`] → [`AttemptId`].
//!
//! Each prints with a letter of its kind (`P3`, `R17`, `C5`), so that an id pasted into the wrong command is refused
//! instead of naming somebody else. Ids are sequential, never reused and never renumbered (D1).

use std::fmt;
use std::str::FromStr;

/// A text that is no id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{given}\" is no {kind} id; one looks like {letter}12")]
pub struct IdFault {
    /// What was given.
    pub given: String,
    /// The kind that was expected.
    pub kind: &'static str,
    /// The letter that kind begins with.
    pub letter: char,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $letter:literal, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $letter, self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdFault;
            fn from_str(text: &str) -> Result<Self, IdFault> {
                let fault = || IdFault { given: text.to_owned(), kind: $kind, letter: $letter };
                let digits = text.trim().strip_prefix($letter).ok_or_else(fault)?;
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(fault());
                }
                digits.parse().map($name).map_err(|_| fault())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(/** One file, or one body, as it came. */ PayloadId, 'P', "payload");
id!(/** One record of the common schema, as one source told it. */ RecordId, 'R', "record");
id!(/** One child, as far as the hub knows. */ ChildId, 'C', "child");
id!(/** One thing that a rule found about one child. */ FindingId, 'F', "finding");
id!(/** One row that waits for a person. */ HeldRowId, 'Q', "quarantine");
id!(/** One link that waits for a person. */ ReviewId, 'V', "review");
id!(/** One message to one recipient about one child. */ MessageId, 'M', "message");
id!(/** One try at sending a message. */ AttemptId, 'A', "attempt");
id!(/** One entry of the disclosure log: its number there. */ DisclosureId, 'D', "disclosure");
id!(/** One thing that only a person can do. */ TaskId, 'T', "task");
id!(/** One change of address of which no child is named. */ ChangeId, 'H', "change of address");
id!(/** One kind of file of one source: "the pupils export of this school". */ StreamId, 'S', "stream");

/// One row of a payload, by its number in the file as [`crate::Place::row`] counts it. Prints as `P3:17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    /// The payload it stands in.
    pub payload: PayloadId,
    /// Its running number there, from 1, over all sheets.
    pub row: u64,
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.payload, self.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_another_kind_is_refused() {
        assert_eq!("C12".parse(), Ok(ChildId(12)));
        assert!("R12".parse::<ChildId>().is_err());
        assert!("C".parse::<ChildId>().is_err());
        assert!("C-1".parse::<ChildId>().is_err());
        assert!("C99999999999999999999".parse::<ChildId>().is_err());
    }

    #[test]
    fn ids_print_as_they_parse() {
        assert_eq!(RowId { payload: PayloadId(3), row: 17 }.to_string(), "P3:17");
        assert_eq!(serde_json::to_string(&RecordId(4)).unwrap(), "\"R4\"");
    }
}
