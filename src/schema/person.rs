//! The person: sex, contacts, phones.

use serde::{Deserialize, Serialize};

use crate::{Address, Name};

/// Sex as school and health systems record it (CBDS `Sex`; older files call it `Gender`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Sex {
    /// Female.
    F,
    /// Male.
    M,
    /// Unknown or not recorded.
    U,
}

/// A person around the child: parent, carer, emergency contact.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Contact {
    /// Name.
    pub name: Name,
    /// Relationship as the source says it ("Mother", CBDS `PAM`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub relationship: String,
    /// Whether this person has parental responsibility; `None` = not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parental_responsibility: Option<bool>,
    /// Order in which to call, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u8>,
    /// Address, where it is not the child's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Phone numbers as given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Email addresses as given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
}

crate::redacted!(Contact);
