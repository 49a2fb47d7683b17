//! Unique learner number. Learning Records Service: ten digits, weights 10 to 2, check digit 10 - (sum mod 11).

use std::fmt;

use super::{IdentifierFault, as_text};

/// A unique learner number with a right check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uln(u64);

crate::redacted!(Uln);
as_text!(Uln, "^[1-9][0-9]{9}$", "unique learner number");

impl Uln {
    /// Parses ten digits; spaces do not matter.
    ///
    /// # Errors
    /// Not ten digits, or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Uln, IdentifierFault> {
        let (number, digits) = super::health::ten_digits(text).ok_or(IdentifierFault("a ULN is ten digits"))?;
        if digits[0] == 0 {
            return Err(IdentifierFault("a ULN does not begin with 0"));
        }
        let sum: u32 = (0..9).map(|i| digits[i] * (10 - i as u32)).sum();
        if sum.is_multiple_of(11) || digits[9] != 10 - sum % 11 {
            return Err(IdentifierFault("the check digit of the ULN is wrong"));
        }
        Ok(Uln(number))
    }

    /// The number, as a key.
    pub fn key(&self) -> u64 {
        self.0
    }
}

impl fmt::Display for Uln {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_hold() {
        for good in ["9999375358", "1000000019", "9000000016"] {
            assert_eq!(Uln::parse(good).unwrap().to_string(), good);
        }
        for bad in ["0123456789", "9999375357", "999937535", "99993753588", "x"] {
            assert!(Uln::parse(bad).is_err(), "{bad}");
        }
    }
}
