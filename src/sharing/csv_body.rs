//! The file a recipient gets: a header with the names of the fields, and one row. RFC 4180, UTF-8, lines end in CR LF.
//!
//! A row is always one line: line breaks and other control characters in a value become spaces. A value that a
//! spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection").

/// Header and row.
pub(crate) fn body<'a>(cells: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> String {
    let mut text = String::new();
    line(&mut text, cells.clone().map(|(name, _)| name));
    line(&mut text, cells.map(|(_, value)| value));
    text
}

/// Header of those names alone, as the body begins with it.
pub(crate) fn header<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    line(&mut text, names);
    text
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    let start = text.len();
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            text.push(',');
        }
        push(text, cell);
    }
    if text.len() == start {
        // One empty value: an empty line would be taken for no row at all.
        text.push_str("\"\"");
    }
    text.push_str("\r\n");
}

fn push(text: &mut String, cell: &str) {
    let cell = plain(cell);
    let quoted = cell.contains([',', '"', ';']);
    if quoted {
        text.push('"');
    }
    for c in cell.chars() {
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    if quoted {
        text.push('"');
    }
}

/// One line of text without the power of a formula.
pub(crate) fn plain(cell: &str) -> String {
    let line: String = cell.chars().map(|c| if breaks_a_line(c) { ' ' } else { c }).collect();
    let line = line.trim();
    if is_formula(line) { format!("'{line}") } else { line.to_owned() }
}

fn breaks_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The signs with which a spreadsheet begins a formula, also in their full-width forms. A phone number in international
/// form is none.
fn is_formula(cell: &str) -> bool {
    let mut chars = cell.chars();
    match chars.next() {
        Some('+') => !(cell.len() > 1 && chars.all(|c| c.is_ascii_digit() || c == ' ')),
        Some(c) => matches!(c, '=' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_no_power_of_a_formula_and_is_else_left_alone() {
        for (given, written) in [
            ("=1+1", "'=1+1"),
            ("\t=1+1", "'=1+1"),
            (" +A1", "'+A1"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("+44 23 8000 0000", "+44 23 8000 0000"),
            ("A123456789012", "A123456789012"),
            ("2015-03-01", "2015-03-01"),
            ("SO14 7AA", "SO14 7AA"),
            ("12-14", "12-14"),
            ("O'Example", "O'Example"),
            ("two\r\nlines", "two  lines"),
            ("", ""),
        ] {
            assert_eq!(plain(given), written);
        }
    }

    #[test]
    fn one_empty_value_is_a_row() {
        assert_eq!(body([("uln", "")].into_iter()), "uln\r\n\"\"\r\n");
    }

    #[test]
    fn header_and_row_are_two_lines() {
        let cells = [("name.forename", "Ada \"A\""), ("address.lines", "Flat 2, 14 Example Road"), ("dob", "2015-03-01")];
        let text = body(cells.into_iter());
        assert_eq!(text, "name.forename,address.lines,dob\r\n\"Ada \"\"A\"\"\",\"Flat 2, 14 Example Road\",2015-03-01\r\n");
    }
}
