//! Yes and no, as forms and systems write them.

/// What was said; `None` where it is neither.
pub(crate) fn parse(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|w| text.eq_ignore_ascii_case(w));
    if is(&["yes", "y", "true", "t", "1"]) {
        Some(true)
    } else if is(&["no", "n", "false", "f", "0"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn yes_and_no_are_told_apart_from_the_rest() {
        for (text, said) in [("Y", Some(true)), ("TRUE", Some(true)), ("No", Some(false)), ("0", Some(false)), ("maybe", None), ("", None)]
        {
            assert_eq!(super::parse(text), said);
        }
    }
}
