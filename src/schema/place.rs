//! Addresses, with the dates from and to which they hold.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Postcode, Uprn};

/// One address of a child. Lines, or the parts of BS 7666, as the source gives them; both may be there.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Address {
    /// Property number, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<Uprn>,
    /// Address lines as given, without town and postcode.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// BS 7666 secondary addressable object: flat, unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub saon: String,
    /// BS 7666 primary addressable object: house number or name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paon: String,
    /// BS 7666 street.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// BS 7666 locality.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locality: String,
    /// Town.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub town: String,
    /// County or administrative area.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub county: String,
    /// Country, where not England.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Postcode>,
    /// First day on which the address holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Temporary accommodation.
    #[serde(default, skip_serializing_if = "is_false")]
    pub temporary: bool,
}

crate::redacted!(Address);

/// For `skip_serializing_if`.
pub(crate) fn is_false(b: &bool) -> bool {
    !*b
}

impl Address {
    /// Whether the address says where somebody lives: a postcode or a UPRN. `ZZ99` and "Unknown" never become either.
    pub fn is_usable(&self) -> bool {
        self.postcode.is_some() || self.uprn.is_some()
    }

    /// Whether it holds on that day: begun (or undated), and not ended.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
