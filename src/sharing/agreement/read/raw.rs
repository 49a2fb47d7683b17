//! The file as it stands, before anything in it is judged. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::day::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAgreement {
    pub(super) recipient: Spanned<String>,
    pub(super) name: Spanned<String>,
    pub(super) version: Spanned<String>,
    pub(super) in_force: bool,
    pub(super) from: Spanned<Day>,
    pub(super) until: Spanned<Day>,
    pub(super) review: Day,
    #[serde(default)]
    pub(super) contact: Vec<RawContact>,
    #[serde(default)]
    pub(super) channel: Vec<RawChannel>,
    #[serde(default)]
    pub(super) purpose: BTreeMap<Spanned<String>, RawTerms>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawContact {
    pub(super) name: Spanned<String>,
    pub(super) email: Option<Spanned<String>>,
    pub(super) phone: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChannel {
    pub(super) kind: Spanned<String>,
    pub(super) path: Option<Spanned<String>>,
    pub(super) collect_within_hours: Option<Spanned<i64>>,
    pub(super) to: Option<Spanned<String>>,
    pub(super) content: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTerms {
    pub(super) basis: Option<Spanned<String>>,
    pub(super) fields: Spanned<Vec<Spanned<String>>>,
    pub(super) direction: Spanned<String>,
    pub(super) release: Spanned<String>,
    pub(super) on_unknown: Spanned<String>,
    pub(super) article_9: Option<Spanned<String>>,
    pub(super) article_10: Option<Spanned<String>>,
}
