//! What people said about rows of a source: a value put right, a row refused (D10). Applied between read and map, on every import
//! and every replay.

use std::collections::{HashMap, HashSet};

use mapping::Plan;
use schema::raw::fold_heading;
use schema::{Columns, RawRow};
use store::{Store, StoreError};

/// Corrections of one source.
#[derive(Default)]
pub(crate) struct Corrections {
    /// By record key: column (folded), raw value, new value.
    fixes: HashMap<String, Vec<(String, String, String)>>,
    rejected: HashSet<(String, String)>,
}

impl Corrections {
    /// Those of a source.
    pub(crate) async fn of(store: &Store, source: &str) -> Result<Corrections, StoreError> {
        let mut corrections = Corrections { rejected: store.rejections(source).await?, ..Corrections::default() };
        for fix in store.fixes(source).await? {
            corrections.add(&fix.fix.key, &fix.fix.column, &fix.fix.raw, &fix.fix.value);
        }
        Ok(corrections)
    }

    /// One more: of two for one value the later one holds.
    pub(crate) fn add(&mut self, key: &str, column: &str, raw: &str, value: &str) {
        let of_key = self.fixes.entry(key.to_owned()).or_default();
        let column = fold_heading(column);
        of_key.retain(|(c, r, _)| (c.as_str(), r.as_str()) != (column.as_str(), raw));
        of_key.push((column, raw.to_owned(), value.to_owned()));
    }

    /// Puts right what a person put right before in this record: same column, same raw value.
    pub(crate) fn apply(&self, plan: &Plan, columns: &Columns, row: &mut RawRow) {
        if self.fixes.is_empty() {
            return;
        }
        // A row is held under its key, or under its digest where it has none.
        let by_digest = format!("{:032x}", u128::from_be_bytes(plan.digest(row)));
        let fixes = plan.key(row).and_then(|key| self.fixes.get(key.as_ref())).or_else(|| self.fixes.get(&by_digest));
        for (column, raw, value) in fixes.into_iter().flatten() {
            if let Some(at) = columns.find(column)
                && row.get(at).unwrap_or_default() == raw
            {
                row.set(at, value);
            }
        }
    }

    /// Whether a person refused this very row.
    pub(crate) fn is_rejected(&self, key: &str, digest: &str) -> bool {
        !self.rejected.is_empty() && self.rejected.contains(&(key.to_owned(), digest.to_owned()))
    }
}
