//! Reading a file of cases.

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use schema::{ConfigFault, Laestab, Record};

use super::{Case, Cases};
use crate::file::{Reader, Section};

const KEYS: &[&str] = &["name", "school", "columns", "row", "fits", "expect", "keys", "as_of"];

impl Cases {
    /// Reads `sims/pupils.cases.toml`, the cases of the mapping `sims/pupils`.
    pub(crate) fn parse(path: &str, text: &str) -> Result<Cases, Vec<ConfigFault>> {
        let mut reader = Reader::new(path, text);
        let mut list = Vec::new();
        if let Some(document) = reader.document() {
            let top = Section { table: document.get_ref(), span: 0..0, what: "a file of cases" };
            reader.known(&top, &["case"]);
            for section in reader.sections(&top, "case", "a case") {
                list.extend(case(&mut reader, &section));
            }
            if list.is_empty() && reader.fault_count() == 0 {
                reader.fault(0..0, "the file has no case", "write a section [[case]] with name, row and expect");
            }
        }
        let (mapping, _, _) = crate::file::id_of(path.strip_suffix(".cases.toml").unwrap_or(path));
        let faults = reader.into_faults();
        if faults.is_empty() { Ok(Cases { mapping, list }) } else { Err(faults) }
    }
}

fn case(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Case> {
    reader.known(section, KEYS);
    let name = reader.needed_string(section, "name")?;
    let fits = reader.bool(section, "fits").unwrap_or(true);
    let rows: Vec<_> = reader.sections(section, "row", "a row").iter().map(|row| cells(reader, row)).collect();
    let expect = expected(reader, section);
    if expect.is_none() && fits && section.table.get("expect").is_none() {
        reader.fault(section.span.clone(), "`expect` is missing", "write the records as JSON: expect = '''[{...}]'''");
    }
    let as_of = reader.string(section, "as_of").and_then(|text| {
        let day = text.get_ref().parse().ok();
        if day.is_none() {
            reader.fault(text.span(), "`as_of` is no date", "write it like \"2026-11-24\"");
        }
        day
    });
    Some(Case {
        name: name.into_inner(),
        school: school(reader, section),
        columns: reader.strings(section, "columns").unwrap_or_default().into_iter().map(Spanned::into_inner).collect(),
        rows,
        fits,
        expect,
        keys: reader.strings(section, "keys").map(|keys| keys.into_iter().map(Spanned::into_inner).collect()),
        as_of,
    })
}

fn cells(reader: &mut Reader<'_>, row: &Section<'_, '_>) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for (heading, value) in row.table {
        match value.get_ref() {
            DeValue::String(text) => cells.push((heading.get_ref().to_string(), text.to_string())),
            _ => reader.fault(value.span(), "a cell is a text", "write it between quotes, as it would stand in a CSV file"),
        }
    }
    cells
}

fn school(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Laestab> {
    let text = reader.string(section, "school")?;
    let school = Laestab::parse(text.get_ref());
    if school.is_err() {
        reader.fault(text.span(), "`school` is no LAESTAB", "write seven digits between quotes");
    }
    school.ok()
}

/// The records as JSON: each must be a record of the schema, so that a mistyped field is a fault and not a difference.
/// A problem's `hint` may be left out: it is not compared then.
fn expected(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Vec<Value>> {
    let text = reader.string(section, "expect")?;
    let values: Vec<Value> = match serde_json::from_str(text.get_ref()) {
        Ok(values) => values,
        Err(error) => {
            reader.fault(
                text.span(),
                format!("`expect` is no JSON list (its line {}, column {})", error.line(), error.column()),
                "write expect = '''[{...}, {...}]''', or '''[]''' for none",
            );
            return None;
        }
    };
    for (n, value) in values.iter().enumerate() {
        if let Err(error) = serde_json::from_value::<Record>(value.clone()) {
            reader.fault(
                text.span(),
                format!("record {} of `expect` is none of the schema: {error}", n + 1),
                "`onroll schema` prints the schema",
            );
        }
    }
    Some(values)
}
