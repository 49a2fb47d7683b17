//! The head of a mapping file, and its list of fields.

use std::collections::HashMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::field::{self, Field};
use super::reader::{Reader, Section};
use super::{AsOf, Mapping};
use crate::target::{ChangePart, Kind, PersonPart, Target};

const KEYS: &[&str] = &[
    "title",
    "dataset",
    "roll",
    "partial",
    "household",
    "as_of",
    "max_age_days",
    "key",
    "requires",
    "unless",
    "ignore",
    "tables",
    "field",
];

/// Reads a whole file.
pub(super) fn read(reader: &mut Reader<'_>, document: &Spanned<DeTable<'_>>, path: &str) -> Option<Mapping> {
    let top = Section { table: document.get_ref(), span: 0..0, what: "a mapping" };
    reader.known(&top, KEYS);
    let (id, system, name) = id_of(path);
    let title = reader.needed_string(&top, "title");
    let dataset = reader.string(&top, "dataset").map_or(name, Spanned::into_inner);
    let tables = tables(reader, &top);
    let mut fields = fields(reader, &top, tables);
    let (as_of, as_of_column) = as_of(reader, &top);
    let requires = alternatives(reader, &top, "requires");
    if requires.is_empty() && top.table.get("requires").is_none() {
        reader.fault(
            0..0,
            "`requires` is missing",
            "name the headings by which a file of this kind is told from others: requires = [\"Surname\", [\"DOB\", \"Date of Birth\"]]",
        );
    }
    let household = household(reader, &top, &mut fields);
    let mapping = Mapping {
        id,
        system,
        dataset,
        title: title.map(Spanned::into_inner).unwrap_or_default(),
        roll: reader.bool(&top, "roll").unwrap_or(false),
        partial: reader.bool(&top, "partial").unwrap_or(false),
        household,
        version: String::new(),
        text: String::new(),
        as_of,
        default_max_age_days: reader.number(&top, "max_age_days", 1..=3650).and_then(|n| u32::try_from(n).ok()),
        digest: [0; 32],
        as_of_column,
        key: alternatives(reader, &top, "key"),
        requires,
        unless: field::headings(reader, &top, "unless").unwrap_or_default(),
        ignore: field::headings(reader, &top, "ignore").unwrap_or_default(),
        fields,
    };
    (reader.fault_count() == 0).then_some(mapping)
}

/// `sims/pupils.toml`, `/home/x/mappings/sims/pupils.toml`: id, system, name.
pub(crate) fn id_of(path: &str) -> (String, String, String) {
    let path = path.replace('\\', "/");
    let path = path.strip_suffix(".toml").unwrap_or(&path);
    let mut parts = path.rsplit('/').filter(|p| !p.is_empty() && *p != "." && *p != "..");
    let name = parts.next().unwrap_or("mapping").to_owned();
    let system = parts.next().unwrap_or("own").to_owned();
    (format!("{system}/{name}"), system, name)
}

fn tables<'d, 't>(reader: &mut Reader<'_>, top: &Section<'d, 't>) -> Option<&'d DeTable<'t>> {
    let value = top.table.get("tables")?;
    let DeValue::Table(tables) = value.get_ref() else {
        reader.fault(value.span(), "`tables` takes tables", "write a section [tables.NAME]");
        return None;
    };
    for (name, table) in tables {
        if !table.get_ref().is_table() {
            reader.fault(
                name.span(),
                "a table is written as a section",
                format!("write [tables.{}] and its entries below", name.get_ref()),
            );
        }
    }
    Some(tables)
}

fn fields(reader: &mut Reader<'_>, top: &Section<'_, '_>, tables: Option<&DeTable<'_>>) -> Vec<Field> {
    let sections = reader.sections(top, "field", "a field");
    if sections.is_empty() && top.table.get("field").is_none() {
        reader.fault(0..0, "the mapping has no field", "write a section [[field]] with `to` and `from` for each value");
    }
    let mut fields: Vec<Field> = Vec::new();
    let mut seen: HashMap<String, bool> = HashMap::new();
    for section in sections {
        let Some(field) = field::read(reader, &section, tables) else { continue };
        let conditional = !field.when.is_empty();
        let before = seen.insert(field.path.clone(), conditional);
        if before.is_some_and(|before| !(field.to.takes_several() || before && conditional)) {
            let span = section.table.get("to").map_or(section.span.clone(), Spanned::span);
            reader.fault(
                span,
                format!("`{}` is filled twice", field.path),
                "name all headings in one `from`, or give both fields a `when`",
            );
        }
        fields.push(field);
    }
    fields
}

/// `household = true`: birth dates may be those of adults, and each row needs a reference and a change of address.
fn household(reader: &mut Reader<'_>, top: &Section<'_, '_>, fields: &mut [Field]) -> bool {
    let household = reader.bool(top, "household").unwrap_or(false);
    if !household {
        return false;
    }
    for field in fields.iter_mut() {
        field.anybody = field.to == Target::Person(PersonPart::Dob);
    }
    let has = |wanted: fn(&Field) -> bool| fields.iter().any(wanted);
    if !has(Field::is_source_id) || !has(|f| f.to == Target::Change(ChangePart::Moved)) {
        reader.fault(
            top.table.get("household").map_or(0..0, Spanned::span),
            "`household` needs a reference and the day of the move",
            "add fields to = \"source_id\" for the reference of the change, and to = \"address_change.moved\"",
        );
    }
    true
}

fn as_of(reader: &mut Reader<'_>, top: &Section<'_, '_>) -> (AsOf, Option<Field>) {
    let hint = "write \"arrival\", \"required\" or { column = \"Extract Date\" }";
    let Some(value) = top.table.get("as_of") else {
        reader.fault(0..0, "`as_of` is missing: of which day does such a file speak?", hint);
        return (AsOf::Required, None);
    };
    match value.get_ref() {
        DeValue::String(word) => (otherwise(reader, word, value.span(), hint), None),
        DeValue::Table(table) => {
            let section = Section { table, span: value.span(), what: "as_of" };
            reader.known(&section, &["column", "otherwise", "formats"]);
            let column = field::headings(reader, &section, "column");
            if column.is_none() {
                reader.fault(value.span(), "`as_of` needs a `column`", hint);
            }
            let formats = field::read_formats(reader, &section, Kind::Date);
            let word = reader.string(&section, "otherwise");
            let as_of =
                word.map_or(AsOf::Required, |word| otherwise(reader, word.get_ref(), word.span(), "write \"arrival\" or \"required\""));
            (as_of, column.map(|column| Field::date(column, formats)))
        }
        _ => {
            reader.fault(value.span(), "`as_of` is none of what it can be", hint);
            (AsOf::Required, None)
        }
    }
}

fn otherwise(reader: &mut Reader<'_>, word: &str, span: Range<usize>, hint: &str) -> AsOf {
    match word {
        "arrival" => AsOf::Arrival,
        "required" => AsOf::Required,
        _ => {
            reader.fault(span, format!("`{word}` is no as_of"), hint);
            AsOf::Required
        }
    }
}

fn alternatives(reader: &mut Reader<'_>, top: &Section<'_, '_>, key: &str) -> Vec<Vec<String>> {
    let lists = reader.alternatives(top, key).unwrap_or_default();
    lists.into_iter().map(|list| field::plain(reader, list)).collect()
}
