//! Identifiers of people, schools, authorities and places. Each is valid by construction; what could not be parsed
//! stays as raw text in a [`crate::Problem`].

mod establishment;
mod health;
mod learner;
mod property;
mod pupil;

pub use establishment::{LaCode, Laestab, Urn};
pub use health::NhsNumber;
pub use learner::Uln;
pub use property::{Postcode, Uprn};
pub use pupil::{Upn, UpnFault};

/// Text-like serde and JSON Schema for a type with `parse(&str)` and `Display`.
macro_rules! as_text {
    ($name:ident, $pattern:literal, $what:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                $name::parse(&text).map_err(|_| serde::de::Error::custom(concat!("no valid ", $what)))
            }
        }
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "pattern": $pattern, "description": $what})
            }
        }
    };
}
pub(crate) use as_text;

/// A text that is no identifier of the expected kind: why, in words, without the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct IdentifierFault(pub &'static str);
