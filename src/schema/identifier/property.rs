//! Property number and postcode.

use std::fmt;

use super::{IdentifierFault, as_text};

/// Unique property reference number: up to 12 digits, a text and never an amount.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uprn(u64);

crate::redacted!(Uprn);
as_text!(Uprn, "^[0-9]{1,12}$", "unique property reference number");

impl Uprn {
    /// Parses 1 to 12 digits; zeros in front do not matter.
    ///
    /// # Errors
    /// Anything else, also what a spreadsheet makes of it (`1.0006E+11`).
    pub fn parse(text: &str) -> Result<Uprn, IdentifierFault> {
        let text = text.trim();
        let fault = IdentifierFault("a UPRN is 1 to 12 digits");
        if text.is_empty() || text.len() > 12 || !text.bytes().all(|c| c.is_ascii_digit()) {
            return Err(fault);
        }
        match text.parse() {
            Ok(0) | Err(_) => Err(fault),
            Ok(number) => Ok(Uprn(number)),
        }
    }

    /// The number, as a key.
    pub fn key(&self) -> u64 {
        self.0
    }
}

impl fmt::Display for Uprn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A postcode of a valid shape, kept as `SO14 0AA`. `ZZ99` postcodes are no place and are refused.
/// Shapes: Royal Mail, PAF Programmers' Guide (BS 7666).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode {
    text: [u8; 8],
    len: u8,
}

crate::redacted!(Postcode);
as_text!(Postcode, "^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$", "postcode");

impl Postcode {
    /// Parses a postcode; case and spaces do not matter.
    ///
    /// # Errors
    /// No postcode shape, or `ZZ99`, which stands for "no fixed abode" or "unknown" in health data.
    pub fn parse(text: &str) -> Result<Postcode, IdentifierFault> {
        let fault = IdentifierFault("a postcode looks like SO14 0AA");
        let mut b = [0u8; 7];
        let mut n = 0;
        for c in text.bytes().filter(|c| !c.is_ascii_whitespace()) {
            if n == 7 || !c.is_ascii_alphanumeric() {
                return Err(fault);
            }
            b[n] = c.to_ascii_uppercase();
            n += 1;
        }
        if n < 5 {
            return Err(fault);
        }
        let (outward, inward) = b[..n].split_at(n - 3);
        let inward_ok = inward[0].is_ascii_digit() && inward[1].is_ascii_alphabetic() && inward[2].is_ascii_alphabetic();
        if !inward_ok || !outward_shape(outward) {
            return Err(fault);
        }
        if outward == b"ZZ99" {
            return Err(IdentifierFault("ZZ99 stands for an unknown address"));
        }
        let mut out = [0u8; 8];
        out[..outward.len()].copy_from_slice(outward);
        out[outward.len()] = b' ';
        out[outward.len() + 1..=n].copy_from_slice(inward);
        Ok(Postcode { text: out, len: n as u8 + 1 })
    }

    /// The postcode with one space: `SO14 0AA`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.len)]).unwrap_or_default()
    }

    /// The sector: `SO14 0`.
    pub fn sector(&self) -> &str {
        let text = self.as_str();
        &text[..text.len() - 2]
    }

    /// The district: `SO14`.
    pub fn district(&self) -> &str {
        let text = self.as_str();
        &text[..text.len() - 4]
    }
}

/// A9, A99, A9A, AA9, AA99, AA9A.
fn outward_shape(b: &[u8]) -> bool {
    let letters = b.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let rest = &b[letters.min(b.len())..];
    (1..=2).contains(&letters) && matches!(rest.len(), 1 | 2) && rest[0].is_ascii_digit()
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_kept_in_one_form() {
        for (given, kept) in
            [("so140aa", "SO14 0AA"), ("SO14 0AA", "SO14 0AA"), ("W1A 1HQ", "W1A 1HQ"), ("m1 1ae", "M1 1AE"), ("EC1A1BB", "EC1A 1BB")]
        {
            assert_eq!(Postcode::parse(given).unwrap().as_str(), kept);
        }
        for bad in ["ZZ99 3WZ", "ZZ993VZ", "SO14", "Unknown", "", "SO14 0AAA", "14SO 0AA", "Ü"] {
            assert!(Postcode::parse(bad).is_err(), "{bad}");
        }
        let p = Postcode::parse("SO14 0AA").unwrap();
        assert_eq!((p.sector(), p.district()), ("SO14 0", "SO14"));
    }

    #[test]
    fn a_uprn_is_digits() {
        assert_eq!(Uprn::parse("000100060000").unwrap().to_string(), "100060000");
        for bad in ["100060000001.0", "1.0006E+11", "0", "", "1234567890123"] {
            assert!(Uprn::parse(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,12}") {
            let _ = Postcode::parse(&text);
            let _ = Uprn::parse(&text);
        }
    }
}
