//! Whether two addresses are one place, so that another spelling is not taken for another address.
//!
//! Two property numbers (UPRN) decide. Otherwise the written lines, or the parts of BS 7666, are read into numbers (house and
//! flat, with their letters) and words (abbreviations written out; town, county and country left out), and compared:
//!
//! - two postcodes must be equal, and the numbers must be equal;
//! - with equal postcode and equal numbers a street may be spelt a little differently, and one side may say more; it may not be
//!   another street, nor one of another kind (Test Road is not Test Close);
//! - without the number of a house (house names, flats of a named house) the words must be equal; a street that one side leaves
//!   out does not matter;
//! - where a side has no postcode, words and town must be equal.
//!
//! In doubt two addresses are two places: a school that is told twice is better than one that is not told.

mod reading;
mod words;

#[cfg(test)]
mod tests;

use reading::Reading;

use crate::Address;

impl Address {
    /// Whether both are the same place, whatever the spelling and the dates. An address that says neither property number
    /// nor lines is no place, not even the same as itself: a postcode alone has many houses.
    pub fn is_same_place(&self, other: &Address) -> bool {
        if let (Some(one), Some(two)) = (self.uprn, other.uprn) {
            return one == two;
        }
        let towns = Towns::of(self, other);
        let (one, two) = (Reading::of(self, &towns.all), Reading::of(other, &towns.all));
        if one.says_nothing() || two.says_nothing() || !one.has_same_numbers(&two) {
            return false;
        }
        match (one.postcode, two.postcode) {
            (Some(a), Some(b)) if a != b => false,
            (Some(_), Some(_)) if one.has_house_number() && two.has_house_number() => one.has_like_street(&two),
            (Some(_), Some(_)) => one.has_same_names(&two),
            // A number alone is no place where no postcode says in which street.
            _ => one.words == two.words && !one.words.is_empty() && !towns.differ,
        }
    }
}

/// Names of towns and counties that both addresses give, folded: left out wherever they stand.
struct Towns {
    all: Vec<String>,
    /// Both name a town, and not the same one.
    differ: bool,
}

impl Towns {
    fn of(one: &Address, two: &Address) -> Towns {
        let names = |a: &Address| -> Vec<String> {
            [&a.town, &a.locality, &a.county, &a.country].into_iter().map(|t| crate::name::fold(t)).filter(|t| !t.is_empty()).collect()
        };
        let town = |a: &Address| crate::name::fold(&a.town);
        let (mut all, other) = (names(one), names(two));
        let (a, b) = (town(one), town(two));
        // What is a town to one may be the locality or county of the other.
        let differ = !a.is_empty() && !b.is_empty() && !other.contains(&a) && !all.contains(&b);
        all.extend(other);
        // The longest first, so that "New Example" is not left as "New".
        all.sort_unstable_by(|x, y| y.len().cmp(&x.len()).then_with(|| x.cmp(y)));
        all.dedup();
        Towns { all, differ }
    }
}
