//! A fault in a file that a person writes: which file, line, column, and what to do.

use std::fmt;

/// One fault of a config file, CSV table, calendar or mapping.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ConfigFault {
    /// Path of the file, relative to the home where it stands in one.
    pub file: String,
    /// Line, from 1; 0 = the file as a whole.
    pub line: usize,
    /// Column, from 1; 0 = the line as a whole.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl ConfigFault {
    /// A fault at a byte offset of a text.
    pub fn at_offset(file: &str, text: &str, offset: usize, what: impl Into<String>, hint: impl Into<String>) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        ConfigFault { file: file.to_owned(), line, column, what: what.into(), hint: hint.into() }
    }

    /// A fault of a line, or (line 0) of a whole file.
    pub fn at_line(file: &str, line: usize, what: impl Into<String>, hint: impl Into<String>) -> Self {
        ConfigFault { file: file.to_owned(), line, column: usize::from(line > 0), what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.what)?;
        if !self.hint.is_empty() {
            write!(f, "\n  {}", self.hint)?;
        }
        Ok(())
    }
}
