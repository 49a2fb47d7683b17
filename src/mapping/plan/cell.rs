//! The cell a value comes from, and the reading of its text as each kind of value. What cannot be read becomes a
//! [`Problem`] with the raw text beside it, and the value stays empty.

use chrono::NaiveDate;
use schema::identifier::UpnFault;
use schema::{LaCode, Laestab, NhsNumber, Postcode, Problem, ProblemCode, Uln, Upn, Uprn};

use crate::codes::Set;
use crate::file::Field;
use crate::steps::date::{self, DateFault};
use crate::steps::number::{Digits, digits};
use crate::steps::yes_no;

/// Longest text that a field of the schema takes, in characters; a name or an address line of more is a mistake.
const LONGEST: usize = 500;

/// Where a text comes from.
pub(super) struct Cell<'a> {
    pub(super) field: &'a Field,
    /// The heading as it stands in the file; empty for a default.
    pub(super) heading: &'a str,
    /// The value as it stands in the file.
    pub(super) raw: &'a str,
}

impl Cell<'_> {
    /// Notes a fault of this cell, once.
    pub(super) fn fault(&self, problems: &mut Vec<Problem>, code: ProblemCode, hint: impl Into<String>) {
        if problems.iter().any(|p| p.code == code && p.column == self.heading) {
            return;
        }
        problems.push(Problem {
            code,
            column: self.heading.to_owned(),
            field: self.field.path.clone(),
            raw: self.raw.to_owned(),
            hint: hint.into(),
        });
    }

    /// A text: control characters become spaces, more than 500 characters are cut.
    pub(super) fn text(&self, text: &str, problems: &mut Vec<Problem>) -> String {
        let mut text = if text.bytes().any(|c| c.is_ascii_control()) {
            text.split(|c: char| c.is_control()).map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
        } else {
            text.to_owned()
        };
        if text.len() > LONGEST
            && let Some((end, _)) = text.char_indices().nth(LONGEST)
        {
            text.truncate(end);
            self.fault(problems, ProblemCode::TooLong, format!("only the first {LONGEST} characters are kept: shorten the value"));
        }
        text
    }

    /// A date that is no date of birth.
    pub(super) fn date(&self, text: &str, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
        match date::read(text, &self.field.formats) {
            Ok(date) => Some(date),
            Err(DateFault::Implausible) => {
                self.fault(problems, ProblemCode::ImplausibleDate, "this date cannot be: leave the cell empty where the date is not known");
                None
            }
            Err(DateFault::NotADate) => {
                let form = self.field.formats.first().map_or_else(|| "02/04/2013 or 2013-04-02".to_owned(), |f| f.example());
                self.fault(problems, ProblemCode::BadDate, format!("this is no date, or no day of that month: write it like {form}"));
                None
            }
        }
    }

    /// A date of birth.
    pub(super) fn birth(&self, text: &str, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
        // Beside children a household has adults, who may be of any age.
        if self.field.anybody
            && let Ok(date) = date::born(text, &self.field.formats)
        {
            return Some(date);
        }
        let date = self.date(text, problems)?;
        if date::is_birth(date) {
            return Some(date);
        }
        self.fault(problems, ProblemCode::ImplausibleDate, "this is no birth date of a child: check the year");
        None
    }

    /// Yes or no.
    pub(super) fn yes_no(&self, text: &str, problems: &mut Vec<Problem>) -> Option<bool> {
        let said = yes_no::parse(text);
        if said.is_none() {
            self.fault(problems, ProblemCode::BadYesNo, "write yes or no");
        }
        said
    }

    /// A number of sessions or the like.
    pub(super) fn number(&self, text: &str, problems: &mut Vec<Problem>) -> Option<u16> {
        let number = match digits(text) {
            Digits::Whole(whole) => whole.parse().ok(),
            Digits::Lost => None,
        };
        if number.is_none() {
            self.fault(problems, ProblemCode::BadNumber, "write a whole number");
        }
        number
    }

    /// A code of a set; `Some("")` where the set says that the word means nothing.
    pub(super) fn code(&self, set: Set, text: &str, problems: &mut Vec<Problem>) -> Option<&'static str> {
        let code = set.code(text);
        if code.is_none() {
            self.fault(
                problems,
                ProblemCode::UnknownCode,
                format!("this is no known {}: use the code of the code set", set.name().replace('-', " ")),
            );
        }
        code
    }

    /// A UPN; one with an authority code that was never given out is kept, with a warning.
    pub(super) fn upn(&self, text: &str, problems: &mut Vec<Problem>) -> Option<Upn> {
        match Upn::parse(text) {
            Ok(upn) => {
                if LaCode::parse(upn.authority()).ok().and_then(schema::codes::authority::name).is_none() {
                    self.fault(
                        problems,
                        ProblemCode::UnknownAuthority,
                        "digits 2 to 4 are no authority in England: check the UPN against the pupil's last school",
                    );
                }
                Some(upn)
            }
            Err(UpnFault::LetterForDigit) => {
                self.fault(problems, ProblemCode::BadUpn, "a letter O or I stands where a digit 0 or 1 belongs: type the digit");
                None
            }
            Err(fault) => {
                self.fault(problems, ProblemCode::BadUpn, format!("{fault}: check it against the pupil's last school"));
                None
            }
        }
    }

    /// An NHS number.
    pub(super) fn nhs_number(&self, text: &str, problems: &mut Vec<Problem>) -> Option<NhsNumber> {
        self.identifier(text, problems, ProblemCode::BadNhsNumber, |t| NhsNumber::parse(t).map_err(|e| e.0))
    }

    /// A unique learner number.
    pub(super) fn uln(&self, text: &str, problems: &mut Vec<Problem>) -> Option<Uln> {
        self.identifier(text, problems, ProblemCode::BadUln, |t| Uln::parse(t).map_err(|e| e.0))
    }

    /// A property number.
    pub(super) fn uprn(&self, text: &str, problems: &mut Vec<Problem>) -> Option<Uprn> {
        self.identifier(text, problems, ProblemCode::BadUprn, |t| Uprn::parse(t).map_err(|e| e.0))
    }

    /// A school's number.
    pub(super) fn laestab(&self, text: &str, problems: &mut Vec<Problem>) -> Option<Laestab> {
        self.identifier(text, problems, ProblemCode::BadLaestab, |t| Laestab::parse(t).map_err(|e| e.0))
    }

    /// An authority's code. An unknown three digits are kept, with a warning.
    pub(super) fn authority(&self, text: &str, problems: &mut Vec<Problem>) -> Option<LaCode> {
        let code = self.identifier(text, problems, ProblemCode::UnknownAuthority, |t| LaCode::parse(t).map_err(|e| e.0))?;
        if schema::codes::authority::name(code).is_none() {
            self.fault(problems, ProblemCode::UnknownAuthority, "no authority in England has this code: check it");
        }
        Some(code)
    }

    fn identifier<T>(
        &self,
        text: &str,
        problems: &mut Vec<Problem>,
        code: ProblemCode,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let Digits::Whole(whole) = digits(text) else {
            self.fault(
                problems,
                ProblemCode::SpoiltIdentifier,
                "a spreadsheet turned the number into an amount and lost digits: format the column as text and export again",
            );
            return None;
        };
        match parse(whole) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(problems, code, why);
                None
            }
        }
    }

    /// A postcode. ZZ99 postcodes and "unknown" say that there is none, which is no fault.
    pub(super) fn postcode(&self, text: &str, problems: &mut Vec<Problem>) -> Option<Postcode> {
        match Postcode::parse(text) {
            Ok(postcode) => Some(postcode),
            Err(fault) => {
                let says_none = text.get(..4).is_some_and(|t| t.eq_ignore_ascii_case("ZZ99"))
                    || ["unknown", "not known", "n/a", "none", "nfa", "no fixed abode", "-"].iter().any(|w| text.eq_ignore_ascii_case(w));
                if !says_none {
                    self.fault(problems, ProblemCode::BadPostcode, fault.0);
                }
                None
            }
        }
    }
}
