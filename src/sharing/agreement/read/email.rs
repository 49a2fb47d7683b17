//! What counts as an email address here: one plain address (RFC 5321 without quoted parts and address literals).

/// Whether the text is one email address and nothing else.
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let local_is_good = !local.is_empty()
        && local.len() <= 64
        && local.split('.').all(|part| !part.is_empty())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    let label_is_good = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    local_is_good && domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label_is_good)
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn one_plain_address_is_one() {
        for good in ["office@oakwood.example", "o'neil+cme@st-mary.southampton.example"] {
            assert!(is_address(good), "{good}");
        }
        let bad = [
            "",
            "office",
            "@oakwood.example",
            "office@",
            "office@oakwood",
            "a@b@c.example",
            "Office <office@oakwood.example>",
            "a b@oakwood.example",
            "a@oakwood.example, b@oakwood.example",
            "a@oak\nwood.example",
            ".a@oakwood.example",
            "a@-oakwood.example",
        ];
        for bad in bad {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
