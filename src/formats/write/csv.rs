//! CSV, with `\r\n` line ends, in the delimiter and encoding that a system would use.

use std::io::{self, Write};

/// How the text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    #[default]
    Utf8,
    /// UTF-8 with a byte order mark, as Excel writes "CSV UTF-8".
    Utf8WithMark,
    /// UTF-16, little endian, with a byte order mark, as Excel writes "Unicode text".
    Utf16,
    /// Windows-1252, as Excel writes "CSV" in Britain; a character it does not have becomes `?`.
    Windows1252,
}

/// How a file is written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Between two values: one of `,` `;` tab `|`.
    pub delimiter: char,
    /// The encoding of the text.
    pub encoding: Encoding,
}

impl Default for Style {
    fn default() -> Self {
        Style { delimiter: ',', encoding: Encoding::Utf8 }
    }
}

/// Writes a CSV row by row, in flat memory.
pub struct Writer<W: Write> {
    out: W,
    style: Style,
    line: String,
    bytes: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins the file with its header.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new<'h>(out: W, style: Style, header: impl IntoIterator<Item = &'h str>) -> io::Result<Self> {
        let mut writer = Writer { out, style, line: String::new(), bytes: Vec::new() };
        match style.encoding {
            Encoding::Utf8WithMark => writer.out.write_all(b"\xEF\xBB\xBF")?,
            Encoding::Utf16 => writer.out.write_all(b"\xFF\xFE")?,
            Encoding::Utf8 | Encoding::Windows1252 => {}
        }
        writer.row(header)?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn row<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) -> io::Result<()> {
        self.line.clear();
        let mut count = 0;
        for value in values {
            if count > 0 {
                self.line.push(self.style.delimiter);
            }
            count += 1;
            if needs_quotes(value) {
                self.line.push('"');
                self.line.push_str(&value.replace('"', "\"\""));
                self.line.push('"');
            } else {
                self.line.push_str(value);
            }
        }
        if count == 1 && self.line.trim().is_empty() {
            // A blank line would not be a row.
            self.line = format!("\"{}\"", self.line);
        }
        self.line.push_str("\r\n");
        self.write_line()
    }

    fn write_line(&mut self) -> io::Result<()> {
        match self.style.encoding {
            Encoding::Utf8 | Encoding::Utf8WithMark => self.out.write_all(self.line.as_bytes()),
            Encoding::Utf16 => {
                self.bytes.clear();
                self.bytes.extend(self.line.encode_utf16().flat_map(u16::to_le_bytes));
                self.out.write_all(&self.bytes)
            }
            Encoding::Windows1252 => {
                self.bytes.clear();
                let mut utf8 = [0; 4];
                for character in self.line.chars() {
                    let (encoded, _, unknown) = encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut utf8));
                    self.bytes.extend_from_slice(if unknown { b"?" } else { &encoded });
                }
                self.out.write_all(&self.bytes)
            }
        }
    }

    /// Ends the file; gives the output back.
    ///
    /// # Errors
    /// The output cannot be flushed.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Every delimiter that a reader might take for the file's own is quoted, and so is what looks like a hint or a mark at the start.
fn needs_quotes(value: &str) -> bool {
    value.bytes().any(|b| matches!(b, b',' | b';' | b'\t' | b'|' | b'"' | b'\r' | b'\n' | 0x1A))
        || value.starts_with(['\u{FEFF}', ' '])
        || value.ends_with(' ')
        || value.starts_with("sep=")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(style: Style, rows: &[&[&str]]) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), style, ["A", "B"]).unwrap();
        for row in rows {
            writer.row(row.iter().copied()).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn values_are_quoted_where_a_reader_could_go_wrong() {
        assert_eq!(written(Style::default(), &[&["a,b", "say \"hi\""], &["x", ""]]), b"A,B\r\n\"a,b\",\"say \"\"hi\"\"\"\r\nx,\r\n");
        let semicolon = Style { delimiter: ';', ..Style::default() };
        assert_eq!(written(semicolon, &[&["a,b", "c"]]), b"A;B\r\n\"a,b\";c\r\n");
    }

    #[test]
    fn old_systems_get_their_encoding() {
        let style = Style { encoding: Encoding::Windows1252, ..Style::default() };
        assert_eq!(written(style, &[&["Zoë", "Ștefan €"]]), b"A,B\r\nZo\xEB,?tefan \x80\r\n");
    }
}
