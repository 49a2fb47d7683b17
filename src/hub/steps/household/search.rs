//! Which children lived at an address on a day: one pass over all children, whose records are parsed only where their text has
//! the property number or the postcode.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use linkage::best;
use rules::Held;
use schema::{Address, ChildId, EnrolmentStatus, Record};
use store::{HeldRecord, Which};

use crate::steps::check::Context;
use crate::steps::movers::is_child;
use crate::{Hub, HubError};

/// Who lived at this address the day before the move?
pub(crate) struct Search {
    /// Which question it is, in the caller's numbering.
    pub(crate) number: usize,
    from: Address,
    moved: NaiveDate,
    day_before: NaiveDate,
}

impl Search {
    /// The question that a change asks, if it says where from and when.
    pub(crate) fn of(number: usize, record: &Record) -> Option<Search> {
        let change = record.address_changes.first()?;
        let moved = change.moved?;
        Some(Search { number, from: change.from.clone()?, moved, day_before: moved.pred_opt()? })
    }

    /// How the address stands in the text of a record.
    fn texts(&self) -> impl Iterator<Item = String> {
        let uprn = self.from.uprn.map(|uprn| uprn.to_string());
        uprn.into_iter().chain(self.from.postcode.map(|postcode| postcode.as_str().to_owned()))
    }

    /// Whether the child lived there: a child by its birth date or, where that is not known, on a roll; not one who has died.
    fn is_answered_by(&self, context: &Context, records: &[Held]) -> bool {
        let lives = rules::dwelling(context.council(), records, self.day_before).is_some_and(|d| d.address.is_same_place(&self.from));
        lives && !records.iter().any(|h| h.record.died.is_some()) && self.is_of_child(context, records)
    }

    fn is_of_child(&self, context: &Context, records: &[Held]) -> bool {
        match best::summary(&context.told(records)).dob {
            Some(dob) => is_child(dob, self.moved),
            None => {
                let is_open = |e: &schema::Enrolment| {
                    !matches!(e.status, Some(EnrolmentStatus::Guest | EnrolmentStatus::Previous | EnrolmentStatus::FurtherEducation))
                        && e.leaving.is_none_or(|day| day >= self.day_before)
                };
                records.iter().filter(|h| h.gone.is_none()).flat_map(|h| &h.record.enrolments).any(is_open)
            }
        }
    }
}

impl Hub {
    /// The children who lived at each address, by the number of the question; every question has an answer, perhaps an empty one.
    pub(crate) async fn who_lived_at(&self, searches: Vec<Search>) -> Result<BTreeMap<usize, Vec<ChildId>>, HubError> {
        let mut found: BTreeMap<usize, Vec<ChildId>> = searches.iter().map(|s| (s.number, Vec::new())).collect();
        if searches.is_empty() {
            return Ok(found);
        }
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, search) in searches.iter().enumerate() {
            search.texts().for_each(|text| by_text.entry(text).or_default().push(at));
        }
        let context = self.context().await?;
        let mut bad_record = None;
        self.store
            .each_child(&Which::All, |child, _, records| {
                let asked = asked(&records, &by_text);
                if asked.is_empty() {
                    return;
                }
                match context.held(records) {
                    Ok(held) => {
                        for search in asked.into_iter().map(|at| &searches[at]).filter(|s| s.is_answered_by(&context, &held)) {
                            found.entry(search.number).or_default().push(child);
                        }
                    }
                    Err(record) => bad_record = Some(record),
                }
            })
            .await?;
        match bad_record {
            Some(record) => Err(HubError::BadRecord { record }),
            None => Ok(found),
        }
    }
}

/// The questions that the texts of a child's records may answer.
fn asked(records: &[HeldRecord], by_text: &HashMap<String, Vec<usize>>) -> BTreeSet<usize> {
    let values = records.iter().flat_map(|r| values(&r.body));
    values.filter_map(|value| by_text.get(value)).flatten().copied().collect()
}

/// Property numbers and postcodes in the JSON of a record: neither has a sign that would be escaped.
fn values(body: &str) -> impl Iterator<Item = &str> {
    ["\"uprn\":\"", "\"postcode\":\""].into_iter().flat_map(move |name| body.split(name).skip(1).filter_map(|rest| rest.split('"').next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn property_numbers_and_postcodes_are_found_in_the_text_of_a_record() {
        let address = |uprn: &str, postcode: &str| Address {
            uprn: schema::Uprn::parse(uprn).ok(),
            postcode: schema::Postcode::parse(postcode).ok(),
            ..Address::default()
        };
        let record = Record { addresses: vec![address("100060000001", "SO14 0AA"), address("", "SO16 4BB")], ..Record::default() };
        let body = serde_json::to_string(&record).unwrap();
        assert_eq!(values(&body).collect::<Vec<_>>(), ["100060000001", "SO14 0AA", "SO16 4BB"]);
        assert_eq!(values("{}").count(), 0);
    }
}
