//! The cases beside a mapping: rows as a file would have them, and the records they must become.

mod diff;
mod read;

use std::collections::HashMap;

use schema::{Columns, Laestab, RawRow, Record};
use serde_json::Value;

use crate::{Mapping, Plan};

/// The cases of one mapping.
#[derive(Debug)]
pub(crate) struct Cases {
    /// Id of the mapping they are of.
    pub(crate) mapping: String,
    list: Vec<Case>,
}

/// One case.
#[derive(Debug)]
struct Case {
    name: String,
    school: Option<Laestab>,
    /// Headings beside those of the rows: columns that are empty in every row.
    columns: Vec<String>,
    rows: Vec<Vec<(String, String)>>,
    /// Whether the headings fit the mapping.
    fits: bool,
    /// The records, as JSON; `None` where only the fit is asked.
    expect: Option<Vec<Value>>,
    /// The keys of the records, where the case says them; empty = no key.
    keys: Option<Vec<String>>,
    as_of: Option<chrono::NaiveDate>,
}

/// How one case went.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CaseOutcome {
    /// `sims/pupils: an ordinary pupil`.
    pub id: String,
    /// Whether the records are as expected.
    pub ok: bool,
    /// What differs, one difference a line; empty where nothing does.
    pub difference: String,
}

/// Runs the cases of a mapping.
pub(crate) fn run(cases: &Cases, mapping: Option<&Mapping>) -> Vec<CaseOutcome> {
    let outcome = |case: &Case| {
        let differences = match mapping {
            Some(mapping) => case.run(mapping),
            None => vec![format!("there is no mapping `{}` for these cases", cases.mapping)],
        };
        CaseOutcome { id: format!("{}: {}", cases.mapping, case.name), ok: differences.is_empty(), difference: differences.join("\n") }
    };
    cases.list.iter().map(outcome).collect()
}

impl Case {
    fn run(&self, mapping: &Mapping) -> Vec<String> {
        let mut columns = Columns::default();
        for heading in self.columns.iter().chain(self.rows.iter().flatten().map(|(heading, _)| heading)) {
            columns.add(heading);
        }
        let mut differences = Vec::new();
        if mapping.fits(&columns) != self.fits {
            differences.push(if self.fits {
                format!("the headings do not fit: {} missing", mapping.lacking(&columns).join(", "))
            } else {
                "the headings fit, and should not".to_owned()
            });
        }
        let plan = mapping.plan(&columns, self.school);
        let records = self.records(&plan, &columns);
        if let Some(expected) = &self.expect {
            let found = Value::Array(records.iter().map(|(_, record)| serde_json::to_value(record).unwrap_or_default()).collect());
            diff::compare("", &Value::Array(expected.clone()), &found, &mut differences);
        }
        if let Some(keys) = &self.keys {
            let found: Vec<String> = records.iter().map(|(key, _)| key.clone().unwrap_or_default()).collect();
            if *keys != found {
                differences.push(format!("keys: expected {keys:?}, found {found:?}"));
            }
        }
        if let Some(day) = self.as_of {
            let found = self.rows.first().and_then(|cells| plan.as_of(&row_of(cells, &columns)));
            if found != Some(day) {
                differences.push(format!("as_of: expected {day}, found {}", found.map_or_else(|| "none".to_owned(), |d| d.to_string())));
            }
        }
        differences
    }

    /// The records of the rows, in the order in which they begin; rows of one key are one record.
    fn records(&self, plan: &Plan, columns: &Columns) -> Vec<(Option<String>, Record)> {
        let mut records: Vec<(Option<String>, Record)> = Vec::new();
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for cells in &self.rows {
            let row = row_of(cells, columns);
            let key = plan.key(&row).map(|k| k.into_owned());
            let at = match &key {
                Some(key) => *by_key.entry(key.clone()).or_insert(records.len()),
                None => records.len(),
            };
            if at == records.len() {
                records.push((key, Record::default()));
            }
            plan.map(&row, &mut records[at].1);
        }
        for (_, record) in &mut records {
            record.problems.extend(plan.unidentified(record));
        }
        records
    }
}

fn row_of(cells: &[(String, String)], columns: &Columns) -> RawRow {
    let mut row = RawRow::default();
    for (heading, value) in cells {
        if let Some(column) = columns.find(heading) {
            row.set(column, value);
        }
    }
    row
}
