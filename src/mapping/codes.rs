//! Code sets as senders write them: the code itself, its meaning, or the words in use, each to the schema's code.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A code set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Set {
    Sex,
    EnrolmentStatus,
    SenStatus,
    YearGroup,
    Ethnicity,
    Language,
    Suitability,
    OfferStatus,
    Restriction,
    ExclusionReason,
    AddressChange,
}

/// What people and systems write beside the code and its meaning. Keys are folded by [`fold`].
const SEX: &[(&str, &str)] = &[
    ("f", "F"),
    ("female", "F"),
    ("girl", "F"),
    ("2", "F"),
    ("m", "M"),
    ("male", "M"),
    ("boy", "M"),
    ("1", "M"),
    // NHS Data Dictionary, person stated gender: 0 not known, 9 not specified.
    ("u", "U"),
    ("unknown", "U"),
    ("not known", "U"),
    ("not specified", "U"),
    ("i", "U"),
    ("indeterminate", "U"),
    ("x", "U"),
    ("0", "U"),
    ("9", "U"),
];

const ENROLMENT_STATUS: &[(&str, &str)] = &[
    ("c", "C"),
    ("current", "C"),
    ("single registration", "C"),
    ("current - single registration", "C"),
    ("current (single registration)", "C"),
    ("on roll", "C"),
    ("m", "M"),
    ("main", "M"),
    ("main - dual registration", "M"),
    ("current main", "M"),
    ("current - main (dual registration)", "M"),
    ("dual main", "M"),
    ("s", "S"),
    ("subsidiary", "S"),
    ("subsidiary - dual registration", "S"),
    ("current subsidiary", "S"),
    ("current - subsidiary (dual registration)", "S"),
    ("dual subsidiary", "S"),
    ("f", "F"),
    ("o", "O"),
    ("g", "G"),
    ("guest", "G"),
    ("guest pupil", "G"),
    ("p", "P"),
    ("leaver", "P"),
    ("left", "P"),
    ("former", "P"),
    ("off roll", "P"),
    ("future", "future"),
    ("applicant", "future"),
    ("pre-admission", "future"),
    ("preadmission", "future"),
    ("accepted", "future"),
];

const SEN_STATUS: &[(&str, &str)] = &[
    ("ehcp", "E"),
    ("ehc plan", "E"),
    ("ehc", "E"),
    ("education, health and care plan", "E"),
    ("education health and care plan", "E"),
    ("sen support", "K"),
    ("support", "K"),
    ("sen k", "K"),
    ("none", "N"),
    ("no sen", "N"),
    ("no special educational need", "N"),
    ("no special educational needs", "N"),
];

const YEAR_GROUP: &[(&str, &str)] = &[
    ("reception", "R"),
    ("yr", "R"),
    ("year r", "R"),
    ("rec", "R"),
    ("0", "R"),
    ("year 0", "R"),
    ("00", "R"),
    ("nursery 1", "N1"),
    ("nursery 2", "N2"),
    ("nursery", "N2"),
    ("n", "N2"),
    ("year n1", "N1"),
    ("year n2", "N2"),
];

const SUITABILITY: &[(&str, &str)] = &[
    ("not assessed", "not-assessed"),
    ("not-assessed", "not-assessed"),
    ("not yet assessed", "not-assessed"),
    ("pending", "not-assessed"),
    ("awaiting assessment", "not-assessed"),
    ("unknown", "not-assessed"),
    ("suitable", "suitable"),
    ("yes", "suitable"),
    ("y", "suitable"),
    ("unsuitable", "unsuitable"),
    ("not suitable", "unsuitable"),
    ("no", "unsuitable"),
    ("n", "unsuitable"),
];

const OFFER_STATUS: &[(&str, &str)] = &[
    ("offered", "offered"),
    ("offer", "offered"),
    ("offer made", "offered"),
    ("no response", "offered"),
    ("awaiting response", "offered"),
    ("accepted", "accepted"),
    ("accept", "accepted"),
    ("declined", "declined"),
    ("refused by parent", "declined"),
    ("rejected", "declined"),
    ("withdrawn", "withdrawn"),
    ("offer withdrawn", "withdrawn"),
];

const RESTRICTION: &[(&str, &str)] = &[
    ("protected-address", "protected-address"),
    ("protected address", "protected-address"),
    ("refuge", "protected-address"),
    ("adoption", "adoption"),
    ("adopted", "adoption"),
    ("custody", "custody"),
    ("custody alert", "custody"),
    ("restricted", "restricted"),
    ("yes", "restricted"),
    ("y", "restricted"),
    ("true", "restricted"),
    ("1", "restricted"),
    ("no", ""),
    ("n", ""),
    ("false", ""),
    ("0", ""),
];

const ADDRESS_CHANGE: &[(&str, &str)] = &[
    ("move", "move"),
    ("moved", "move"),
    ("move home", "move"),
    ("home move", "move"),
    ("transfer", "move"),
    ("change of address", "move"),
    ("address change", "move"),
    ("new tenancy", "move"),
    ("permanent", "move"),
    ("temporary-accommodation", "temporary-accommodation"),
    ("temporary accommodation", "temporary-accommodation"),
    ("temporary", "temporary-accommodation"),
    ("temp accommodation", "temporary-accommodation"),
    ("ta", "temporary-accommodation"),
    ("placement", "temporary-accommodation"),
    ("emergency accommodation", "temporary-accommodation"),
    ("bed and breakfast", "temporary-accommodation"),
    ("b&b", "temporary-accommodation"),
    ("hostel", "temporary-accommodation"),
    ("left-area", "left-area"),
    ("left area", "left-area"),
    ("left the area", "left-area"),
    ("left city", "left-area"),
    ("left the city", "left-area"),
    ("out of area", "left-area"),
    ("moved out of area", "left-area"),
    ("moved away", "left-area"),
];

const SETS: &[Set] = &[
    Set::Sex,
    Set::EnrolmentStatus,
    Set::SenStatus,
    Set::YearGroup,
    Set::Ethnicity,
    Set::Language,
    Set::Suitability,
    Set::OfferStatus,
    Set::Restriction,
    Set::ExclusionReason,
    Set::AddressChange,
];

static WORDS: LazyLock<HashMap<(Set, String), &'static str>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for set in SETS {
        for (code, meaning) in set.published() {
            words.insert((*set, fold(meaning)), *code);
            words.insert((*set, fold(code)), *code);
        }
        for (word, code) in set.spellings() {
            words.insert((*set, (*word).to_owned()), *code);
        }
    }
    words
});

impl Set {
    /// The set of that name, as a mapping may write it after `table =`.
    pub(crate) fn named(name: &str) -> Option<Set> {
        SETS.iter().copied().find(|set| set.name() == name)
    }

    /// All names, for "did you mean".
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        SETS.iter().map(|set| set.name())
    }

    /// The name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Set::Sex => "sex",
            Set::EnrolmentStatus => "enrolment-status",
            Set::SenStatus => "sen-status",
            Set::YearGroup => "year-group",
            Set::Ethnicity => "ethnicity",
            Set::Language => "language",
            Set::Suitability => "suitability",
            Set::OfferStatus => "offer-status",
            Set::Restriction => "restriction",
            Set::ExclusionReason => "exclusion-reason",
            Set::AddressChange => "address-change",
        }
    }

    /// The code for what was written; `None` where the set does not know it. The empty text stands for "says nothing".
    pub(crate) fn code(self, text: &str) -> Option<&'static str> {
        if let Some(code) = self.at_once(text) {
            return Some(code);
        }
        let folded = fold(text);
        if let Some(code) = WORDS.get(&(self, folded.clone())) {
            return Some(code);
        }
        if self == Set::YearGroup {
            return year_group(&folded);
        }
        None
    }

    /// The usual case without building a text: the code as published.
    fn at_once(self, text: &str) -> Option<&'static str> {
        let published = self.published();
        published.binary_search_by_key(&text, |c| c.0).ok().and_then(|i| published.get(i)).map(|c| c.0)
    }

    fn published(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Set::Sex => &[("F", "Female"), ("M", "Male"), ("U", "Unknown")],
            Set::EnrolmentStatus => schema::codes::enrolment::CODES,
            // A, P, Q, S and X ended with the Children and Families Act 2014 and say nothing of today: they are reported.
            Set::SenStatus => &[("E", "Education, Health and Care Plan"), ("K", "SEN Support"), ("N", "No Special Educational Need")],
            Set::YearGroup => schema::codes::year_group::CODES,
            Set::Ethnicity => schema::codes::ethnicity::CODES,
            Set::Language => schema::codes::language::CODES,
            Set::ExclusionReason => schema::codes::exclusion_reason::CODES,
            Set::Suitability | Set::OfferStatus | Set::Restriction | Set::AddressChange => &[],
        }
    }

    fn spellings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Set::Sex => SEX,
            Set::EnrolmentStatus => ENROLMENT_STATUS,
            Set::SenStatus => SEN_STATUS,
            Set::YearGroup => YEAR_GROUP,
            Set::Suitability => SUITABILITY,
            Set::OfferStatus => OFFER_STATUS,
            Set::Restriction => RESTRICTION,
            Set::Ethnicity => &[("white british", "WBRI"), ("chinese", "CHNE"), ("gypsy/roma", "WROM")],
            Set::AddressChange => ADDRESS_CHANGE,
            Set::Language => &[],
            Set::ExclusionReason => &[],
        }
    }
}

/// `year 8`, `y8`, `yr8`, `08`, `8`.
fn year_group(folded: &str) -> Option<&'static str> {
    let rest = folded.strip_prefix("year").or_else(|| folded.strip_prefix("yr")).or_else(|| folded.strip_prefix('y')).unwrap_or(folded);
    let number: u8 = rest.trim_start_matches([' ', '.']).parse().ok()?;
    let codes = schema::codes::year_group::CODES;
    codes.iter().map(|c| c.0).find(|code| code.parse::<u8>().is_ok_and(|n| n == number))
}

/// A code or word reduced for looking up: lower case, white space as one space.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_meanings_and_words_lead_to_the_code() {
        for (set, text, code) in [
            (Set::Sex, "Female", Some("F")),
            (Set::Sex, "1", Some("M")),
            (Set::Sex, "?", None),
            (Set::YearGroup, "Year  8", Some("8")),
            (Set::YearGroup, "08", Some("8")),
            (Set::YearGroup, "Y11", Some("11")),
            (Set::YearGroup, "Reception", Some("R")),
            (Set::YearGroup, "Year 15", None),
            (Set::YearGroup, "8AB", None),
            (Set::Ethnicity, "White - British", Some("WBRI")),
            (Set::Ethnicity, "wbri", Some("WBRI")),
            (Set::Ethnicity, "Martian", None),
            (Set::Language, "Polish", Some("POL")),
            (Set::SenStatus, "EHCP", Some("E")),
            (Set::SenStatus, "S", None),
            (Set::EnrolmentStatus, "Guest", Some("G")),
            (Set::EnrolmentStatus, "Single Registration", Some("C")),
            (Set::Suitability, "Not yet assessed", Some("not-assessed")),
            (Set::OfferStatus, "Accepted", Some("accepted")),
            (Set::Restriction, "N", Some("")),
            (Set::AddressChange, "Temporary  Accommodation", Some("temporary-accommodation")),
            (Set::AddressChange, "evicted", None),
        ] {
            assert_eq!(set.code(text), code, "{set:?} {text}");
        }
    }

    #[test]
    fn every_set_is_found_by_its_name() {
        for set in SETS {
            assert_eq!(Set::named(set.name()), Some(*set));
        }
        for (word, _) in SETS.iter().flat_map(|s| s.spellings()) {
            assert_eq!(fold(word), *word, "spellings are written folded");
        }
    }
}
