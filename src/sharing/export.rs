//! What an auditor gets to verify the log without Onroll: `entries.jsonl`, `heads.jsonl`, `public-key.pem`, and these two.

/// `FORMAT.md`: the format, in words.
pub const FORMAT: &str = include_str!("export/FORMAT.md");

/// `verify.py`: the check, with Python's standard library and the `openssl` command.
pub const VERIFY: &str = include_str!("export/verify.py");

/// An entry as a line of `entries.jsonl`, without the line feed: the text that is hashed, with its hash as the last key.
pub fn line(text: &str, hash: &str) -> String {
    format!("{},\"hash\":\"{hash}\"}}", text.strip_suffix('}').unwrap_or(text))
}

#[cfg(test)]
mod tests;
