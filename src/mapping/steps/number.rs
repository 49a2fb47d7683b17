//! Identifiers that a spreadsheet took for amounts.

/// What became of the digits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Digits<'a> {
    /// All digits are there; a `.0` or grouping quote around them is gone.
    Whole(&'a str),
    /// Written as `1.0006E+11`: the last digits are lost for good.
    Lost,
}

/// The digits of an identifier: `100060000001.0` and `'100060000001` lost nothing, `1.0006E+11` did.
pub(crate) fn digits(text: &str) -> Digits<'_> {
    let text = text.strip_prefix('\'').unwrap_or(text);
    if let Some((whole, fraction)) = text.split_once('.') {
        if !whole.is_empty() && whole.bytes().all(|c| c.is_ascii_digit()) {
            if fraction.bytes().all(|c| c == b'0') {
                return Digits::Whole(whole);
            }
            if is_power(fraction) {
                return Digits::Lost;
            }
        }
    } else if text.len() > 2 && is_power(text) {
        return Digits::Lost;
    }
    Digits::Whole(text)
}

/// Digits, `E`, perhaps a sign, digits.
fn is_power(text: &str) -> bool {
    let Some((mantissa, power)) = text.split_once(['E', 'e']) else { return false };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let all_digits = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
    all_digits(mantissa) && all_digits(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lost_digits_spoil_an_identifier() {
        for (text, whole) in [
            ("100060000001.0", "100060000001"),
            ("8524001", "8524001"),
            ("'8524001", "8524001"),
            ("8524001.00", "8524001"),
            ("12.5", "12.5"),
            ("", ""),
        ] {
            assert_eq!(digits(text), Digits::Whole(whole), "{text}");
        }
        for text in ["1.0006E+11", "1.0006e11", "9E+09"] {
            assert_eq!(digits(text), Digits::Lost, "{text}");
        }
    }
}
