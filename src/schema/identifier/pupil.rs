//! Unique pupil number. DfE "Unique pupil numbers: guidance"; test vectors in the tests.

use std::fmt;

use super::as_text;

/// Check letters: the alphabet without I, O and S, by remainder modulo 23.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// A unique pupil number with a right check letter: 13 characters, permanent (12 digits) or temporary (11 digits and a letter).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Upn([u8; 13]);

crate::redacted!(Upn);
as_text!(Upn, "^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$", "unique pupil number, check letter first");

/// Why a text is no UPN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UpnFault {
    /// Not a letter, eleven digits, and a digit or letter.
    #[error("a UPN is a letter, eleven digits, and a digit (or a letter if temporary)")]
    Shape,
    /// The shape is right, the check letter is not.
    #[error("the check letter does not fit the digits: a digit or the letter is mistyped")]
    CheckLetter,
    /// A letter O or I stands where the digit 0 or 1 belongs, and with the digit it would be right.
    #[error("the letter O or I stands where the digit 0 or 1 belongs")]
    LetterForDigit,
}

impl Upn {
    /// Parses a UPN; spaces and case do not matter. Unknown and closed authority codes are valid (ask
    /// [`crate::codes::authority`] to warn); `000` was never one (D9).
    ///
    /// # Errors
    /// [`UpnFault`] says whether the shape or the check letter is wrong.
    pub fn parse(text: &str) -> Result<Upn, UpnFault> {
        let mut b = [0u8; 13];
        let mut n = 0;
        for c in text.bytes().filter(|c| !c.is_ascii_whitespace()) {
            if n == 13 {
                return Err(UpnFault::Shape);
            }
            b[n] = c.to_ascii_uppercase();
            n += 1;
        }
        if n != 13 {
            return Err(UpnFault::Shape);
        }
        match check(&b) {
            Err(UpnFault::Shape) => {
                let mut digits = b;
                for c in &mut digits[1..12] {
                    match *c {
                        b'O' => *c = b'0',
                        b'I' | b'L' => *c = b'1',
                        _ => {}
                    }
                }
                if digits[12] == b'O' {
                    digits[12] = b'0';
                }
                Err(if digits != b && check(&digits).is_ok() { UpnFault::LetterForDigit } else { UpnFault::Shape })
            }
            Err(fault) => Err(fault),
            Ok(()) => Ok(Upn(b)),
        }
    }

    /// The UPN as 13 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether the number is temporary (ends in a letter). A temporary number identifies nobody across schools.
    pub fn is_temporary(&self) -> bool {
        self.0[12].is_ascii_alphabetic()
    }

    /// The three digits of the authority that gave the number out.
    pub fn authority(&self) -> &str {
        std::str::from_utf8(&self.0[1..4]).unwrap_or_default()
    }

    /// The right check letter for eleven digits and a last digit or letter; `None` if they are none.
    /// For generators of test numbers.
    pub fn with_check_letter(digits: &str) -> Option<Upn> {
        let d = digits.as_bytes();
        if d.len() != 12 {
            return None;
        }
        let mut b = [b'A'; 13];
        b[1..].copy_from_slice(d);
        b[0] = LETTERS[remainder(&b)?];
        check(&b).ok().map(|()| Upn(b))
    }

    /// The number packed into 64 bits: equal numbers, equal keys, and no two numbers share one.
    pub fn key(&self) -> u64 {
        self.0[1..].iter().fold(0, |k, c| k * 36 + u64::from(if c.is_ascii_digit() { c - b'0' } else { c - b'A' + 10 }))
    }
}

/// Weighted sum of the twelve places after the check letter, modulo 23: digit times place (2 to 13); a letter counts as its position.
fn remainder(b: &[u8; 13]) -> Option<usize> {
    let mut sum = 0;
    for (place, c) in b.iter().enumerate().skip(1) {
        let value = match c {
            b'0'..=b'9' => usize::from(c - b'0'),
            _ if place == 12 => LETTERS.iter().position(|l| l == c)?,
            _ => return None,
        };
        sum += value * (place + 1);
    }
    Some(sum % 23)
}

fn check(b: &[u8; 13]) -> Result<(), UpnFault> {
    if !LETTERS.contains(&b[0]) || &b[1..4] == b"000" {
        return Err(UpnFault::Shape);
    }
    let remainder = remainder(b).ok_or(UpnFault::Shape)?;
    if LETTERS[remainder] == b[0] { Ok(()) } else { Err(UpnFault::CheckLetter) }
}

impl fmt::Display for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_hold() {
        for good in ["B801200005001", "R674123101121", "P207000016049", "X852400126001", "Z851400226017", "H850411726003", "H921404424009"]
        {
            assert!(Upn::parse(good).is_ok(), "{good}");
            assert_eq!(Upn::with_check_letter(&good[1..]).unwrap().as_str(), good);
        }
        for bad in ["A801200005001", "B207000016049", "Q207000016049", "A01234567890C"] {
            assert_eq!(Upn::parse(bad), Err(UpnFault::CheckLetter), "{bad}");
        }
        for bad in ["X80120000A001", "", "B80120000500", "B8012000050011", "E000200005001"] {
            assert_eq!(Upn::parse(bad), Err(UpnFault::Shape), "{bad}");
        }
        for temporary in ["H85240012600A", "Q85220242601B"] {
            assert!(Upn::parse(temporary).unwrap().is_temporary(), "{temporary}");
        }
    }

    #[test]
    fn a_letter_o_for_a_zero_is_named() {
        assert_eq!(Upn::parse("B8O12OOOO5OO1"), Err(UpnFault::LetterForDigit));
        assert_eq!(Upn::parse("x852 4001 26001").unwrap().as_str(), "X852400126001");
    }

    #[test]
    fn a_upn_does_not_show_in_debug() {
        assert_eq!(format!("{:?}", Upn::parse("B801200005001").unwrap()), "Upn(redacted)");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,20}") {
            let _ = Upn::parse(&text);
        }

        #[test]
        fn one_wrong_digit_is_always_seen(digits in "[1-9][0-9]{11}", at in 0usize..12, by in 1u8..10) {
            let upn = Upn::with_check_letter(&digits).unwrap();
            let mut text = upn.to_string().into_bytes();
            text[at + 1] = b'0' + (text[at + 1] - b'0' + by) % 10;
            proptest::prop_assert!(Upn::parse(std::str::from_utf8(&text).unwrap()).is_err());
        }
    }
}
