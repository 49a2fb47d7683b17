//! SHA-256 and lower-case hex, on the stack.

use sha2::{Digest, Sha256};

/// The 64 hex digits of a SHA-256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sha256Hex([u8; 64]);

impl Sha256Hex {
    /// Of some texts, one after the other.
    pub(crate) fn of(parts: &[&[u8]]) -> Sha256Hex {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(hasher.finalize()) {
            pair.copy_from_slice(&digits_of(byte));
        }
        Sha256Hex(digits)
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| digits_of(*byte)).map(char::from).collect()
}

/// Lower-case hex as bytes.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    text.as_bytes().chunks_exact(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn digits_of(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nothing_is_the_known_one() {
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sha256Hex::of(&[]).as_str(), known);
        assert_eq!(hex(&unhex(known).unwrap()), known);
        assert_eq!((unhex("AB"), unhex("abc"), unhex("zz")), (None, None, None));
    }
}
