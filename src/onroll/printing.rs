//! Words and numbers for people, JSON for programs.

use std::io::Write;

use comfy_table::{Table, presets};
use serde::Serialize;

use crate::exit::Fault;

/// Prints one JSON document on stdout.
///
/// # Errors
/// stdout takes no more.
pub fn json(document: &impl Serialize) -> Result<(), Fault> {
    let text =
        serde_json::to_string_pretty(document).map_err(|fault| Fault::Failed(format!("the answer cannot be written as JSON: {fault}")))?;
    out(&text)
}

/// Prints one JSON document on one line of stdout.
///
/// # Errors
/// stdout takes no more.
pub fn json_line(document: &impl Serialize) -> Result<(), Fault> {
    let text = serde_json::to_string(document).map_err(|fault| Fault::Failed(format!("the answer cannot be written as JSON: {fault}")))?;
    out(&text)
}

/// Prints a line on stdout. A reader that went away (`| head`) ends the command quietly with its work done.
///
/// # Errors
/// stdout takes no more for another reason.
pub fn out(text: &str) -> Result<(), Fault> {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => Ok(()),
        Err(fault) if fault.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(source) => Err(Fault::File { what: "write to", path: "stdout".to_owned(), source, hint: "see where the output goes" }),
    }
}

/// A table with a header, as plain as a terminal can show it.
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    table.trim_fmt()
}

/// A number in groups of three, as officers read it: `38,204`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([number(0), number(999), number(1000), number(1234567)], ["0", "999", "1,000", "1,234,567"]);
    }
}
