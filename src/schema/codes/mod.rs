//! Code sets of the field, each as a small table with its public source. A code that stands in none of them is
//! reported (`unknown-code`), never dropped.

pub mod authority;
pub mod ground;
mod languages;
mod pupil;

pub use languages::language;
pub use pupil::{enrolment, ethnicity, exclusion_reason, exclusion_type, relationship, sen, year_group};

/// One code set as a module: `CODES` in order, `meaning(code)`, `is_known(code)`.
macro_rules! code_set {
    ($(#[$doc:meta])* $name:ident, [$(($code:literal, $meaning:literal),)*]) => {
        $(#[$doc])*
        pub mod $name {
            /// Every code with its meaning, sorted by code.
            pub const CODES: &[(&str, &str)] = &[$(($code, $meaning),)*];

            /// What a code means; `None` where the set does not have it. Codes are upper case.
            pub fn meaning(code: &str) -> Option<&'static str> {
                CODES.binary_search_by_key(&code, |c| c.0).ok().and_then(|i| CODES.get(i)).map(|c| c.1)
            }

            /// Whether the set has that code.
            pub fn is_known(code: &str) -> bool {
                meaning(code).is_some()
            }
        }
    };
}
pub(crate) use code_set;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_stands_in_order_so_that_it_can_be_searched() {
        for codes in [
            ethnicity::CODES,
            language::CODES,
            sen::CODES,
            year_group::CODES,
            enrolment::CODES,
            exclusion_type::CODES,
            exclusion_reason::CODES,
            relationship::CODES,
        ] {
            assert!(!codes.is_empty() && codes.windows(2).all(|w| w[0].0 < w[1].0));
        }
    }

    #[test]
    fn known_codes_have_a_meaning_and_others_none() {
        assert_eq!(ethnicity::meaning("WIRT"), Some("White - Irish Traveller"));
        assert_eq!(sen::meaning("E"), Some("Education, Health and Care Plan"));
        assert!(year_group::is_known("R") && !year_group::is_known("15") && !year_group::is_known("r"));
        assert!(language::is_known("POL") && !language::is_known(""));
        assert_eq!(enrolment::meaning("C"), Some("Current (single registration at this school)"));
        assert!(exclusion_reason::is_known("DB") && exclusion_type::is_known("PERM") && relationship::is_known("PAM"));
    }
}
