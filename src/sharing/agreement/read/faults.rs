//! The faults of one file, each with its place.

use std::ops::Range;

use schema::ConfigFault;

/// The file being read and what was found wrong so far.
pub(super) struct Faults<'t> {
    file: &'t str,
    text: &'t str,
    found: Vec<ConfigFault>,
}

impl<'t> Faults<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Faults { file, text, found: Vec::new() }
    }

    /// Notes a fault at a place.
    pub(super) fn at(&mut self, span: Range<usize>, what: impl Into<String>, hint: impl Into<String>) {
        self.found.push(ConfigFault::at_offset(self.file, self.text, span.start, what, hint));
    }

    /// A fault of the TOML reader: no TOML, an unknown or missing key, a wrong type.
    pub(super) fn of_toml(&self, fault: &toml::de::Error) -> ConfigFault {
        let hint = match unknown_key(fault.message()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the example that `onroll init` writes shows every key".to_owned(),
        };
        ConfigFault::at_offset(self.file, self.text, fault.span().map_or(0, |span| span.start), fault.message(), hint)
    }

    /// Line and column of a byte.
    pub(super) fn place(&self, offset: usize) -> (usize, usize) {
        let fault = ConfigFault::at_offset(self.file, self.text, offset, "", "");
        (fault.line, fault.column)
    }

    /// All faults, in the order of the text.
    pub(super) fn none(mut self) -> Result<(), Vec<ConfigFault>> {
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}

/// The known key that is nearest to the unknown one of a message "unknown field `x`, expected one of `a`, `b`".
fn unknown_key(message: &str) -> Option<&str> {
    let mut words = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let given = words.next()?;
    nearest(given, words)
}

/// The word that is nearest in spelling, if one is near enough to be meant.
pub(super) fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let reach = (word.chars().count() / 2).clamp(1, 4);
    let end = |name: &str| name.rsplit('.').next() == Some(word);
    words
        .map(|w| (if end(w) { 0 } else { schema::edit_distance(word, w) }, w))
        .filter(|(d, _)| *d <= reach)
        .min_by_key(|(d, _)| *d)
        .map(|(_, w)| w)
}
