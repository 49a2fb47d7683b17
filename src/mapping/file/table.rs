//! Code tables of a mapping: what the sender writes to what it means.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::{Reader, Section, nearest};
use crate::codes::{Set, fold};
use crate::target::Kind;

/// What becomes of a value that a mapping's own table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unknown {
    /// It is left empty and reported.
    #[default]
    Report,
    /// It is taken as it stands.
    Keep,
    /// It is left empty: only the values of the table are wanted.
    Drop,
}

/// A code table.
#[derive(Debug, Clone)]
pub(crate) enum Table {
    /// Written in the mapping; keys folded.
    Own(HashMap<String, String>),
    /// One of the built-in sets.
    Built(Set),
}

impl Table {
    /// What the value stands for; `None` where the table does not have it.
    pub(crate) fn find(&self, value: &str) -> Option<&str> {
        match self {
            Table::Own(entries) => entries.get(&fold(value)).map(String::as_str),
            Table::Built(set) => set.code(value),
        }
    }
}

/// Reads `table =` of a field: an inline table, the name of a `[tables.NAME]` of the file, or of a built-in set.
pub(crate) fn read(reader: &mut Reader<'_>, field: &Section<'_, '_>, tables: Option<&DeTable<'_>>, kind: Kind) -> Option<Table> {
    let value = field.table.get("table")?;
    match value.get_ref() {
        DeValue::Table(table) => own(reader, table, value.span(), kind),
        DeValue::String(name) => match tables.and_then(|t| t.get(&**name)) {
            Some(shared) => match shared.get_ref() {
                DeValue::Table(table) => own(reader, table, shared.span(), kind),
                _ => None,
            },
            None => built(reader, name, value, tables),
        },
        _ => {
            reader.fault(
                value.span(),
                "`table` takes a table or the name of one",
                "write table = { \"what they write\" = \"what it means\" }",
            );
            None
        }
    }
}

fn built(reader: &mut Reader<'_>, name: &str, value: &Spanned<DeValue<'_>>, tables: Option<&DeTable<'_>>) -> Option<Table> {
    if let Some(set) = Set::named(name) {
        return Some(Table::Built(set));
    }
    let own = tables.into_iter().flat_map(|t| t.keys().map(|k| k.get_ref().to_string()));
    let names: Vec<String> = own.chain(Set::names().map(str::to_owned)).collect();
    let hint = match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write a section [tables.{name}], or use one of: {}", Set::names().collect::<Vec<_>>().join(", ")),
    };
    reader.fault(value.span(), format!("there is no table `{name}`"), hint);
    None
}

fn own(reader: &mut Reader<'_>, table: &DeTable<'_>, span: std::ops::Range<usize>, kind: Kind) -> Option<Table> {
    if table.is_empty() {
        reader.fault(span, "the table is empty", "write at least one \"what they write\" = \"what it means\"");
        return None;
    }
    let mut entries = HashMap::new();
    let mut lines: Vec<_> = table.iter().collect();
    lines.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in lines {
        let DeValue::String(meaning) = value.get_ref() else {
            reader.fault(value.span(), "a table gives texts", "write the meaning between quotes");
            continue;
        };
        if !meaning.is_empty() && !kind.takes(meaning) {
            reader.fault(value.span(), format!("`{meaning}` is no {}", kind.name()), "what a table gives must be what the target takes");
        }
        if entries.insert(fold(key.get_ref()), meaning.to_string()).is_some() {
            reader.fault(key.span(), "the table has this entry twice (case and spaces do not matter)", "keep one of the two");
        }
    }
    Some(Table::Own(entries))
}
