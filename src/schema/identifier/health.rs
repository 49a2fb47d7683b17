//! NHS number. NHS Data Dictionary: ten digits, weights 10 to 2, check digit 11 - (sum mod 11), 11 counts as 0, 10 is never given out.

use std::fmt;

use super::{IdentifierFault, as_text};

/// An NHS number with a right check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber(u64);

crate::redacted!(NhsNumber);
as_text!(NhsNumber, "^[0-9]{10}$", "NHS number");

impl NhsNumber {
    /// Parses ten digits; spaces (`943 476 5870`) do not matter.
    ///
    /// # Errors
    /// Not ten digits, or the check digit is wrong.
    pub fn parse(text: &str) -> Result<NhsNumber, IdentifierFault> {
        let (number, digits) = ten_digits(text).ok_or(IdentifierFault("an NHS number is ten digits"))?;
        let sum: u32 = (0..9).map(|i| digits[i] * (10 - i as u32)).sum();
        let check = match 11 - sum % 11 {
            11 => 0,
            10 => return Err(IdentifierFault("no NHS number has these digits")),
            check => check,
        };
        if digits[9] != check || number == 0 {
            return Err(IdentifierFault("the check digit of the NHS number is wrong"));
        }
        Ok(NhsNumber(number))
    }

    /// The number, as a key.
    pub fn key(&self) -> u64 {
        self.0
    }
}

/// Ten digits, with spaces and hyphens between them ignored.
pub(super) fn ten_digits(text: &str) -> Option<(u64, [u32; 10])> {
    let mut digits = [0u32; 10];
    let mut n = 0;
    for c in text.bytes() {
        match c {
            b'0'..=b'9' if n < 10 => {
                digits[n] = u32::from(c - b'0');
                n += 1;
            }
            b' ' | b'-' => {}
            _ => return None,
        }
    }
    (n == 10).then(|| (digits.iter().fold(0, |k, d| k * 10 + u64::from(*d)), digits))
}

impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_hold() {
        for good in ["9434765870", "9449305552", "9449310424", "9691914913", "9876543210", "943 476 5870"] {
            assert!(NhsNumber::parse(good).is_ok(), "{good}");
        }
        for bad in ["9434765871", "0449310999", "0000000000", "943476587", ""] {
            assert!(NhsNumber::parse(bad).is_err(), "{bad}");
        }
    }
}
