//! Where a child lives, for people who look at the child: the same answer that the rules use.

use chrono::NaiveDate;
use schema::{Address, LaCode, RecordId};
use serde::Serialize;

use crate::council::{Council, Held};
use crate::residence::residence;

/// The address that counts, and what it rests on.
#[derive(Clone, Serialize)]
pub struct Dwelling {
    /// The authority it lies in.
    pub authority: LaCode,
    /// Whether that is our own.
    pub here: bool,
    /// The address.
    pub address: Address,
    /// The record it stands in.
    pub record: RecordId,
    /// How many sources that are not too old place the child in our area.
    pub fresh_sources: usize,
}

schema::redacted!(Dwelling);

/// Where the child lives on a day; `None` = no usable address.
pub fn dwelling(council: &Council, records: &[Held], as_of: NaiveDate) -> Option<Dwelling> {
    let found = residence(council, records, as_of);
    let best = found.best?;
    let address = best.held.record.addresses.iter().find(|a| a.from == best.from && a.is_usable() && a.holds_on(as_of))?;
    Some(Dwelling {
        authority: best.authority,
        here: best.authority == council.authority,
        address: address.clone(),
        record: best.held.id,
        fresh_sources: found.fresh_sources,
    })
}
