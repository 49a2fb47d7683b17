//! The config section `[rules]`. Every key has a default; what the law fixes is no setting.

use std::num::NonZeroU8;

use serde::{Deserialize, Serialize};

/// How days of a deadline are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// Every day counts.
    #[default]
    Calendar,
    /// Days on which the school is open count; calendar days where `calendar/` does not reach.
    School,
}

/// `[rules]` of `onroll.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// School days within which somebody must act on a child without provision, counted from the day on which it began. Policy.
    pub act_within_school_days: u32,
    /// How the five days are counted in which a school reports a pupil who joined (2024 regulations, reg 13): the law says
    /// calendar days; a council may allow `school` days.
    pub joiner_days: DayKind,
    /// How many school years the leaver rules look back, this one counted: 1 = since 1 September, so that a first load is not
    /// ten years of leavers.
    pub leaver_school_years: NonZeroU8,
    /// Days before the removal from which on a dated address counts as the new address that ground 9(1)(g) needs. Policy.
    pub new_address_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { act_within_school_days: 10, joiner_days: DayKind::Calendar, leaver_school_years: NonZeroU8::MIN, new_address_days: 28 }
    }
}
