//! `[snapshot]` of `onroll.toml`.

use serde::Deserialize;

/// When a full export that ends many enrolments waits for a person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SnapshotSettings {
    /// Share of a school's enrolments, outside the final year group while that leaves, above which the endings are held. 0 to 1.
    pub shrink_share: f64,
}

impl Default for SnapshotSettings {
    fn default() -> Self {
        SnapshotSettings { shrink_share: 0.2 }
    }
}
