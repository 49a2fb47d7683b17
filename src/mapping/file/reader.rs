//! Reading TOML with places: what was found wrong is collected, so that one look at a file shows every fault.

use std::ops::Range;

use schema::ConfigFault;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text being read and the faults found so far.
pub(crate) struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<ConfigFault>,
}

/// A table of the document, with the span of its heading or braces.
#[derive(Clone)]
pub(crate) struct Section<'d, 't> {
    pub(crate) table: &'d DeTable<'t>,
    pub(crate) span: Range<usize>,
    /// What the table is, for messages: "a field".
    pub(crate) what: &'static str,
}

/// A text with its place.
pub(crate) type Placed = Spanned<String>;

impl<'t> Reader<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Self {
        Reader { file, text, faults: Vec::new() }
    }

    /// The document, unless it is no TOML at all.
    pub(crate) fn document(&mut self) -> Option<Spanned<DeTable<'t>>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            return Some(document);
        }
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.fault(
                span,
                format!("this is no TOML: {}", error.message()),
                "check quotes, brackets and equal signs on this line and the one before",
            );
        }
        None
    }

    /// Notes a fault at a place.
    pub(crate) fn fault(&mut self, span: Range<usize>, what: impl Into<String>, hint: impl Into<String>) {
        self.faults.push(ConfigFault::at_offset(self.file, self.text, span.start, what, hint));
    }

    /// All faults found, in the order of the text.
    pub(crate) fn into_faults(mut self) -> Vec<ConfigFault> {
        self.faults.sort_by_key(|f| (f.line, f.column));
        self.faults
    }

    /// How many faults were found so far.
    pub(crate) fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Reports every key that is not known.
    pub(crate) fn known(&mut self, section: &Section<'_, '_>, keys: &[&str]) {
        for key in section.table.keys() {
            let name: &str = key.get_ref();
            if !keys.contains(&name) {
                let hint = match nearest(name, keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("{} may have: {}", section.what, keys.join(", ")),
                };
                self.fault(key.span(), format!("unknown key `{name}`"), hint);
            }
        }
    }

    /// A text.
    pub(crate) fn string(&mut self, section: &Section<'_, '_>, key: &str) -> Option<Placed> {
        let value = section.table.get(key)?;
        self.as_string(value, key)
    }

    /// A text that must be there.
    pub(crate) fn needed_string(&mut self, section: &Section<'_, '_>, key: &str) -> Option<Placed> {
        if section.table.get(key).is_none() {
            self.fault(section.span.clone(), format!("`{key}` is missing"), format!("write `{key} = \"...\"`; {} needs it", section.what));
        }
        self.string(section, key)
    }

    fn as_string(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<Placed> {
        match value.get_ref() {
            DeValue::String(text) => Some(Spanned::new(value.span(), text.to_string())),
            _ => {
                self.fault(value.span(), format!("`{key}` takes a text"), "write it between quotes");
                None
            }
        }
    }

    /// One text or a list of texts. An empty list is a fault.
    pub(crate) fn strings(&mut self, section: &Section<'_, '_>, key: &str) -> Option<Vec<Placed>> {
        let value = section.table.get(key)?;
        self.as_strings(value, key)
    }

    /// One text or a list of texts, of a value.
    pub(crate) fn as_strings(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<Vec<Placed>> {
        let DeValue::Array(array) = value.get_ref() else {
            return self.as_string(value, key).map(|text| vec![text]);
        };
        let texts: Vec<Placed> = array.iter().filter_map(|v| self.as_string(v, key)).collect();
        if array.is_empty() {
            self.fault(value.span(), format!("the list of `{key}` is empty"), "name at least one, or leave the line out");
            return None;
        }
        Some(texts)
    }

    /// A list of which each entry is one text or a list of alternatives.
    pub(crate) fn alternatives(&mut self, section: &Section<'_, '_>, key: &str) -> Option<Vec<Vec<Placed>>> {
        let value = section.table.get(key)?;
        let DeValue::Array(array) = value.get_ref() else {
            return self.as_string(value, key).map(|text| vec![vec![text]]);
        };
        if array.is_empty() {
            self.fault(value.span(), format!("the list of `{key}` is empty"), "name at least one heading, or leave the line out");
            return None;
        }
        Some(array.iter().filter_map(|v| self.as_strings(v, key)).collect())
    }

    /// `true` or `false`.
    pub(crate) fn bool(&mut self, section: &Section<'_, '_>, key: &str) -> Option<bool> {
        let value = section.table.get(key)?;
        let said = value.get_ref().as_bool();
        if said.is_none() {
            self.fault(value.span(), format!("`{key}` takes true or false"), "write it without quotes");
        }
        said
    }

    /// A whole number between two bounds.
    pub(crate) fn number(&mut self, section: &Section<'_, '_>, key: &str, bounds: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = section.table.get(key)?;
        let number = value.get_ref().as_integer().filter(|n| n.radix() == 10).and_then(|n| n.as_str().replace('_', "").parse().ok());
        let number = number.filter(|n| bounds.contains(n));
        if number.is_none() {
            self.fault(
                value.span(),
                format!("`{key}` takes a number from {} to {}", bounds.start(), bounds.end()),
                "write it without quotes",
            );
        }
        number
    }

    /// The tables of a list (`[[field]]`, or `[{...}, {...}]`); a single table counts as a list of one.
    pub(crate) fn sections<'d, 's>(&mut self, section: &Section<'d, 's>, key: &str, what: &'static str) -> Vec<Section<'d, 's>> {
        let Some(value) = section.table.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Table(table) => vec![Section { table, span: value.span(), what }],
            DeValue::Array(array) if array.iter().all(|v| v.get_ref().is_table()) => {
                array.iter().filter_map(|v| v.get_ref().as_table().map(|table| Section { table, span: v.span(), what })).collect()
            }
            _ => {
                self.fault(value.span(), format!("`{key}` takes tables"), format!("write `[[{key}]]` or {{ ... }}"));
                Vec::new()
            }
        }
    }
}

/// The word of a list that is nearest in spelling, if one is near enough to be meant.
pub(crate) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let reach = (word.chars().count() / 3).clamp(1, 4);
    words.into_iter().map(|w| (schema::edit_distance(word, w), w)).filter(|(d, _)| *d <= reach).min_by_key(|(d, _)| *d).map(|(_, w)| w)
}
