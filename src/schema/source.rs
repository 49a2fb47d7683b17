//! A source is one installation: one school's MIS, the council's ONE, one list.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Laestab;

/// One `[[source]]` of `onroll.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// Its id; also the name of its drop folder.
    pub id: String,
    /// The connector that reads its files (`sims`, `capita-one`, `lists`).
    pub connector: String,
    /// The school, where the source is a school's.
    #[serde(default)]
    pub laestab: Option<Laestab>,
    /// The mapping of its files (`lists/health`); without it, the connector's mapping whose headings fit.
    #[serde(default)]
    pub mapping: Option<String>,
    /// Whether its files are complete (who is not in them is gone) unless said otherwise.
    #[serde(default)]
    pub complete: Option<bool>,
    /// Age in days after which its last file is old: an old list is never a "no".
    #[serde(default)]
    pub max_age_days: Option<u32>,
}

/// What is known of one stream (one kind of file of one source), for rules and views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamState {
    /// The source's id.
    pub source: String,
    /// The connector.
    pub connector: String,
    /// The kind of file (`pupils`, `leavers`, `health`).
    pub dataset: String,
    /// Whether a complete file of this kind is the school's own full roll.
    pub roll: bool,
    /// The school of the source, if it is a school's.
    pub laestab: Option<Laestab>,
    /// Date of the newest file read.
    pub latest: Option<NaiveDate>,
    /// Date of the newest complete file read.
    pub latest_complete: Option<NaiveDate>,
    /// Age in days after which it is old; `None` = never.
    pub max_age_days: Option<u32>,
}

impl StreamState {
    /// Whether what was told on `told` is fresh on `day`.
    pub fn is_fresh(&self, told: NaiveDate, day: NaiveDate) -> bool {
        self.max_age_days.is_none_or(|max| (day - told).num_days() <= i64::from(max))
    }
}
