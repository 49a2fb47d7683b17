//! Numbers of authorities and schools: LA code, LAESTAB, URN.

use std::fmt;

use super::{IdentifierFault, as_text};

/// Three digits that name a local authority (852 = Southampton). Any three digits but `000`;
/// [`crate::codes::authority`] says whether the code is known and open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaCode(u16);

as_text!(LaCode, "^[0-9]{3}$", "local authority code");

impl LaCode {
    /// Parses three digits.
    ///
    /// # Errors
    /// Not three digits, or `000`.
    pub fn parse(text: &str) -> Result<LaCode, IdentifierFault> {
        let text = text.trim();
        let fault = IdentifierFault("a local authority code is three digits, such as 852");
        if text.len() != 3 || !text.bytes().all(|c| c.is_ascii_digit()) {
            return Err(fault);
        }
        match text.parse() {
            Ok(0) | Err(_) => Err(fault),
            Ok(code) => Ok(LaCode(code)),
        }
    }

    /// The code as a number.
    pub fn key(&self) -> u16 {
        self.0
    }
}

impl fmt::Display for LaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

/// Seven digits that name a school: LA code and establishment number (`8524001`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Laestab(u32);

as_text!(Laestab, "^[0-9]{7}$", "LAESTAB, authority and establishment number");

impl Laestab {
    /// Parses seven digits, also as `852/4001` or `852 4001`.
    ///
    /// # Errors
    /// Not seven digits, or no LA code in front.
    pub fn parse(text: &str) -> Result<Laestab, IdentifierFault> {
        let fault = IdentifierFault("a LAESTAB is seven digits, such as 8524001");
        let mut number = 0u32;
        let mut n = 0;
        for c in text.bytes() {
            match c {
                b'0'..=b'9' if n < 7 => {
                    number = number * 10 + u32::from(c - b'0');
                    n += 1;
                }
                b'/' | b' ' | b'-' => {}
                _ => return Err(fault),
            }
        }
        if n != 7 || number < 10_000 { Err(fault) } else { Ok(Laestab(number)) }
    }

    /// The authority in front.
    pub fn authority(&self) -> LaCode {
        LaCode((self.0 / 10_000) as u16)
    }
}

impl fmt::Display for Laestab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:07}", self.0)
    }
}

/// Unique reference number of an establishment in Get Information about Schools: five or six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Urn(u32);

as_text!(Urn, "^[0-9]{5,6}$", "unique reference number of an establishment");

impl Urn {
    /// Parses five or six digits.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Urn, IdentifierFault> {
        let text = text.trim();
        let fault = IdentifierFault("a URN is five or six digits");
        if !(5..=6).contains(&text.len()) || !text.bytes().all(|c| c.is_ascii_digit()) {
            return Err(fault);
        }
        text.parse().map(Urn).map_err(|_| fault)
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_laestab_names_its_authority() {
        for text in ["8524278", "852/4278", "852 4278"] {
            let school = Laestab::parse(text).unwrap();
            assert_eq!((school.to_string().as_str(), school.authority().to_string().as_str()), ("8524278", "852"));
        }
        for bad in ["852427", "85242788", "852LLLL", "0004278", ""] {
            assert!(Laestab::parse(bad).is_err(), "{bad}");
        }
        assert!(LaCode::parse("000").is_err());
        assert!(Urn::parse("116458").is_ok());
    }
}
