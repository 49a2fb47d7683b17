//! A row's fault is a value, not an error: the row goes in without the faulty value, and the fault stands beside it.

use serde::{Deserialize, Serialize};

/// What kind of fault a value or row has. The code is what reports count and what scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The row has more or fewer values than the header.
    RaggedRow,
    /// A value longer than the limit was cut.
    TooLong,
    /// Bytes that are no text in the file's encoding.
    BadEncoding,
    /// A value that is no date, or no date of the mapping's formats.
    BadDate,
    /// A date that cannot be: a birth in the future or more than 25 years ago, 01/01/1900.
    ImplausibleDate,
    /// A UPN of the wrong shape or with the wrong check letter.
    BadUpn,
    /// The UPN's authority code is unknown or closed: a warning, the UPN is kept.
    UnknownAuthority,
    /// A unique learner number with a wrong check digit.
    BadUln,
    /// An NHS number with a wrong check digit.
    BadNhsNumber,
    /// A UPRN that is not 1 to 12 digits.
    BadUprn,
    /// A LAESTAB that is not 7 digits.
    BadLaestab,
    /// A postcode of no known shape.
    BadPostcode,
    /// A code that the mapping's table does not know.
    UnknownCode,
    /// A value that is no number where one is needed.
    BadNumber,
    /// A value that is neither yes nor no.
    BadYesNo,
    /// A formula, or the error value of one, where a value is needed.
    FormulaCell,
    /// A spreadsheet turned the identifier into a number and lost digits.
    SpoiltIdentifier,
    /// Two rows of one record say different things.
    RowsDisagree,
    /// A heading that no mapping uses: reported once per payload.
    UnknownColumn,
    /// Neither a source id nor name and birth date: quarantined.
    WhoIsThis,
    /// It cannot be said which school the row is about: quarantined.
    WhichSchool,
}

impl ProblemCode {
    /// The code as it is written in JSON and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RaggedRow => "ragged-row",
            Self::TooLong => "too-long",
            Self::BadEncoding => "bad-encoding",
            Self::BadDate => "bad-date",
            Self::ImplausibleDate => "implausible-date",
            Self::BadUpn => "bad-upn",
            Self::UnknownAuthority => "unknown-authority",
            Self::BadUln => "bad-uln",
            Self::BadNhsNumber => "bad-nhs-number",
            Self::BadUprn => "bad-uprn",
            Self::BadLaestab => "bad-laestab",
            Self::BadPostcode => "bad-postcode",
            Self::UnknownCode => "unknown-code",
            Self::BadNumber => "bad-number",
            Self::BadYesNo => "bad-yes-no",
            Self::FormulaCell => "formula-cell",
            Self::SpoiltIdentifier => "spoilt-identifier",
            Self::RowsDisagree => "rows-disagree",
            Self::UnknownColumn => "unknown-column",
            Self::WhoIsThis => "who-is-this",
            Self::WhichSchool => "which-school",
        }
    }
}

/// One fault, with its place. `raw` is personal data: it is kept in the store and shown by `quarantine show`, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Problem {
    /// What kind.
    pub code: ProblemCode,
    /// The heading of the column as it stands in the file; empty for a fault of the whole row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// The schema field the value was meant for; empty for a fault of the whole row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// The value as it stands in the file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw: String,
    /// What to do about it, in words for a school's clerk, without the value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

impl Problem {
    /// A fault of a whole row.
    pub fn of_row(code: ProblemCode, hint: impl Into<String>) -> Self {
        Problem { code, column: String::new(), field: String::new(), raw: String::new(), hint: hint.into() }
    }
}

impl std::fmt::Debug for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Problem")
            .field("code", &self.code)
            .field("column", &self.column)
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_does_not_show_its_value() {
        let problem = Problem { raw: "Example".into(), ..Problem::of_row(ProblemCode::BadDate, "x") };
        assert!(!format!("{problem:?}").contains("Example"));
        assert_eq!(serde_json::to_value(ProblemCode::BadNhsNumber).unwrap(), ProblemCode::BadNhsNumber.as_str());
    }
}
