//! A day: a TOML date, or the same as text.

use chrono::NaiveDate;
use serde::Deserialize;

/// A day in a file.
#[derive(Clone, Copy)]
pub(super) struct Day(pub(super) NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a date without quotes, as 2026-11-24")]
        enum Either {
            Toml(toml::value::Datetime),
            Text(String),
        }
        let text = match Either::deserialize(d)? {
            Either::Toml(at) => at.to_string(),
            Either::Text(text) => text,
        };
        text.parse().map(Day).map_err(|_| serde::de::Error::custom("not a date; write 2026-11-24"))
    }
}
