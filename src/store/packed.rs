//! Rows read many at a time: one text per few thousand rows, because handing over single rows costs more than reading them.
//! Each row is its numbers, each ended by a comma, then texts whose length in bytes was among the numbers.

use crate::{Result, StoreError};

pub(crate) struct Packed<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Packed<'a> {
    pub(crate) fn new(text: &'a str) -> Packed<'a> {
        Packed { text, at: 0 }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(crate) fn number(&mut self) -> Result<i64> {
        let bytes = self.text.as_bytes();
        let mut value: i64 = 0;
        while let Some(&byte) = bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'0'..=b'9' => value = value.wrapping_mul(10).wrapping_add(i64::from(byte - b'0')),
                b',' => return Ok(value),
                _ => break,
            }
        }
        Err(damaged())
    }

    pub(crate) fn text(&mut self, bytes: i64) -> Result<&'a str> {
        let end = usize::try_from(bytes).ok().and_then(|n| self.at.checked_add(n)).ok_or_else(damaged)?;
        let text = self.text.get(self.at..end).ok_or_else(damaged)?;
        self.at = end;
        Ok(text)
    }

    /// 32 hexadecimal digits.
    pub(crate) fn digest(&mut self) -> Result<[u8; 16]> {
        let hex = self.text(32)?.as_bytes();
        let mut digest = [0; 16];
        for (out, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
            *out = nibble(pair[0]) << 4 | nibble(pair[1]);
        }
        Ok(digest)
    }
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a' - 10) & 0x0f,
    }
}

fn damaged() -> StoreError {
    StoreError::Damaged { doing: "reading packed rows" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rows_come_apart_again() {
        let mut packed = Packed::new("3,7,é1000FF00000000000000000000000000ABx");
        assert_eq!((packed.number().unwrap(), packed.number().unwrap()), (3, 7));
        assert_eq!(packed.text(3).unwrap(), "é1");
        assert_eq!(packed.digest().unwrap(), [0, 0x0f, 0xf0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a]);
        assert!(packed.text(9).is_err());
        assert!(packed.number().is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9,é-]{0,40}", bytes in -5_i64..50) {
            let mut packed = Packed::new(&text);
            while !packed.is_done() && packed.number().is_ok() && packed.text(bytes).is_ok() && packed.digest().is_ok() {}
        }

        #[test]
        fn any_key_comes_back(key in ".*", number in 0_i64..i64::MAX) {
            let text = format!("{},{number},{key}", key.len());
            let mut packed = Packed::new(&text);
            let bytes = packed.number().unwrap();
            assert_eq!((packed.number().unwrap(), packed.text(bytes).unwrap()), (number, key.as_str()));
            assert!(packed.is_done());
        }
    }
}
