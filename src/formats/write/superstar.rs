//! The XML report of SIMS, as its command reporter prints it: labels escaped as element names, empty columns left out.

use std::io::{self, Write};

use crate::heading;

/// Writes a report record by record, in flat memory.
pub struct Writer<W: Write> {
    out: W,
    elements: Vec<String>,
    record: String,
}

impl<W: Write> Writer<W> {
    /// Begins a report with the given column labels.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new<'h>(mut out: W, labels: impl IntoIterator<Item = &'h str>) -> io::Result<Self> {
        out.write_all(b"<SuperStarReport>\r\n")?;
        let elements = labels.into_iter().map(heading::escape).collect();
        Ok(Writer { out, elements, record: String::new() })
    }

    /// Writes one record: values in the order of the labels; empty ones are left out, as SIMS does.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn row<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) -> io::Result<()> {
        self.record.clear();
        self.record.push_str("  <Record>");
        for (element, value) in self.elements.iter().zip(values).filter(|(_, value)| !value.is_empty()) {
            self.record.push('<');
            self.record.push_str(element);
            self.record.push('>');
            escape(value, &mut self.record);
            self.record.push_str("</");
            self.record.push_str(element);
            self.record.push('>');
        }
        self.record.push_str("</Record>\r\n");
        self.out.write_all(self.record.as_bytes())
    }

    /// Closes the report; gives the output back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"</SuperStarReport>\r\n")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Control characters are written as references, as .NET does; NUL cannot be written at all.
fn escape(value: &str, out: &mut String) {
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\0' => {}
            '\n' | '\t' => out.push(character),
            c if c.is_control() => out.push_str(&format!("&#x{:X};", c as u32)),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_looks_as_sims_writes_it() {
        let mut writer = Writer::new(Vec::new(), ["primary_id", "Legal Surname", "SEN?"]).unwrap();
        writer.row(["1", "O'Example & <Son>", ""]).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        let record =
            "  <Record><primary_id>1</primary_id><Legal_x0020_Surname>O'Example &amp; &lt;Son&gt;</Legal_x0020_Surname></Record>\r\n";
        assert_eq!(text, format!("<SuperStarReport>\r\n{record}</SuperStarReport>\r\n"));
    }
}
