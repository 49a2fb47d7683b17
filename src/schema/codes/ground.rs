//! Grounds on which a pupil may be removed from the admission register, by regulations and number, in short words of our
//! own. Sources: School Attendance (Pupil Registration) (England) Regulations 2024, SI 2024/208, reg 9, in force from
//! 19 August 2024; Education (Pupil Registration) (England) Regulations 2006, SI 2006/1751, reg 8, before it
//! (legislation.gov.uk, Open Government Licence v3.0).

use chrono::NaiveDate;

use crate::RemovalScheme;

const REGS_2024: &[(&str, &str)] = &[
    ("9(1)(a)", "registered at another school"),
    ("9(1)(b)", "has not continued at the school after nursery education"),
    ("9(1)(c)", "also registered at other schools, which agreed to the removal"),
    ("9(1)(d)", "school attendance order amended to name another school"),
    ("9(1)(e)", "school attendance order revoked"),
    ("9(1)(f)", "parent's written notice of education otherwise than at school"),
    ("9(1)(g)", "no longer normally lives a reasonable distance from the school"),
    ("9(1)(h)", "has not returned after a leave of absence"),
    ("9(1)(i)", "continually absent for 20 school days"),
    ("9(1)(j)", "detained under a sentence of detention"),
    ("9(1)(k)", "has died"),
    ("9(1)(l)", "over compulsory school age and not continuing into the sixth form"),
    ("9(1)(m)", "boarder whose fees are unpaid"),
    ("9(1)(n)", "ceased to be a pupil of an independent or non-maintained special school"),
    ("9(1)(o)", "permanently excluded"),
];

const REGS_2006: &[(&str, &str)] = &[
    ("8(1)(a)", "school attendance order names another school, or is revoked"),
    ("8(1)(b)", "registered at another school"),
    ("8(1)(c)", "dual registered, ceased to attend, the other school agrees"),
    ("8(1)(d)", "parent's written notice of education otherwise than at school"),
    ("8(1)(e)", "no longer lives a reasonable distance from the school"),
    ("8(1)(f)", "has not returned within ten school days of a leave of absence"),
    ("8(1)(g)", "certified medically unfit to attend before ceasing to be of compulsory school age"),
    ("8(1)(h)", "continuously absent for 20 school days and not found"),
    ("8(1)(i)", "detained for more than four months"),
    ("8(1)(j)", "has died"),
    ("8(1)(k)", "over compulsory school age and not continuing into the sixth form"),
    ("8(1)(l)", "ceased to be a pupil of a school that is not maintained"),
    ("8(1)(m)", "permanently excluded"),
    ("8(1)(n)", "nursery pupil who did not transfer to Reception"),
    ("8(1)(o)", "boarder whose fees are unpaid"),
];

/// First day of the 2024 regulations.
pub fn regs_2024_begin() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 8, 19).unwrap_or(NaiveDate::MIN)
}

/// The regulations in force on the day of a removal.
pub fn in_force(day: NaiveDate) -> RemovalScheme {
    if day >= regs_2024_begin() { RemovalScheme::Regs2024 } else { RemovalScheme::Regs2006 }
}

/// What a ground means, in short; `None` where the regulations have none of that number.
/// `9(3)` with any sub-paragraph is one entry: grounds for pupils who are not of compulsory school age.
pub fn meaning(scheme: RemovalScheme, ground: &str) -> Option<&'static str> {
    let table = match scheme {
        RemovalScheme::Regs2024 if ground.starts_with("9(3)") => return Some("pupil not of compulsory school age"),
        RemovalScheme::Regs2024 => REGS_2024,
        RemovalScheme::Regs2006 => REGS_2006,
    };
    table.iter().find(|(number, _)| *number == ground).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{in_force, meaning};
    use crate::RemovalScheme::{Regs2006, Regs2024};

    #[test]
    fn the_new_grounds_begin_on_19_august_2024() {
        assert_eq!(in_force(NaiveDate::from_ymd_opt(2024, 8, 18).unwrap()), Regs2006);
        assert_eq!(in_force(NaiveDate::from_ymd_opt(2024, 8, 19).unwrap()), Regs2024);
    }

    #[test]
    fn a_ground_is_known_by_its_own_regulations_only() {
        assert_eq!(meaning(Regs2024, "9(1)(k)"), Some("has died"));
        assert_eq!(meaning(Regs2006, "8(1)(j)"), Some("has died"));
        assert!(meaning(Regs2024, "9(3)(b)").is_some());
        assert!(meaning(Regs2006, "9(1)(a)").is_none() && meaning(Regs2024, "9(1)(z)").is_none());
    }
}
