//! Identify: whose file is this, of which day, complete or not, and which mapping reads it.
//!
//! Each answer comes from what the person said, else the file's name, else its columns, else `[[source]]` (D5, D18).

use std::cmp::Reverse;
use std::sync::Arc;

use chrono::NaiveDate;
use connect::file_name::{self, FileName};
use mapping::{AsOf, Library, Mapping, Plan};
use schema::{Columns, Laestab, RawRow, Rows, SourceConfig};

use crate::{Home, HubError, ImportOrder};

/// The source of a file, with what config says of it.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) source: String,
    pub(crate) laestab: Option<Laestab>,
    pub(crate) config: Option<SourceConfig>,
    pub(crate) name: FileName,
}

/// Finds the source of a file.
///
/// # Errors
/// Nothing names it, or more than one could be meant.
pub(crate) fn origin(home: &Home, order: &ImportOrder) -> Result<Origin, HubError> {
    let name = file_name::parse(&order.file_name());
    let own: Vec<&SourceConfig> = home.sources.iter().filter(|s| s.connector == order.connector).collect();
    let of_config =
        |c: &SourceConfig, name: FileName| Origin { source: c.id.clone(), laestab: c.laestab.or(name.from), config: Some(c.clone()), name };
    if let Some(said) = &order.source {
        if let Some(config) = home.sources.iter().find(|s| &s.id == said) {
            if config.connector != order.connector {
                return Err(HubError::usage(
                    format!("source \"{said}\" belongs to connector {}, not {}", config.connector, order.connector),
                    "import it with that connector, or give another --source",
                ));
            }
            // By hand the person's word counts; in a drop folder a name of another school is a file in the wrong place.
            if let (true, Some(own), Some(named)) = (order.unattended, config.laestab, name.from)
                && own != named
            {
                return Err(HubError::usage(
                    format!("{} is named for school {named}, but source \"{said}\" is school {own}", order.file_name()),
                    "give it to the source of its school, or rename it if the name is wrong",
                ));
            }
            return Ok(of_config(config, name));
        }
        let laestab = Laestab::parse(said).ok().or(name.from);
        return Ok(Origin { source: said.clone(), laestab, config: None, name });
    }
    if let Some(laestab) = name.from {
        return Ok(match own.iter().find(|s| s.laestab == Some(laestab)) {
            Some(config) => of_config(config, name),
            None => Origin { source: laestab.to_string(), laestab: Some(laestab), config: None, name },
        });
    }
    let by_mapping: Vec<&&SourceConfig> = own.iter().filter(|s| s.mapping.is_some() && s.mapping == order.mapping).collect();
    match (by_mapping.as_slice(), own.as_slice()) {
        ([config], _) => Ok(of_config(config, name)),
        ([], [config]) => Ok(of_config(config, name)),
        _ => Err(HubError::usage(
            format!("it cannot be said whose file {} is", order.file_name()),
            "give --source NAME, or name the file as 8524001_852LLLL_pupils001.csv, or add one [[source]] for this connector to onroll.toml",
        )),
    }
}

/// The mapping that reads a file.
///
/// # Errors
/// `Ok(Err(reason))`: no mapping of the connector fits the headings, or more than one: the file is rejected. `Err`: the mapping named does not exist.
pub(crate) fn mapping(
    library: &Library,
    order: &ImportOrder,
    origin: &Origin,
    rows: &dyn Rows,
) -> Result<Result<Arc<Mapping>, String>, HubError> {
    let named = order.mapping.as_ref().or_else(|| origin.config.as_ref().and_then(|c| c.mapping.as_ref()));
    if let Some(id) = named {
        let Some(mapping) = library.get(id) else {
            let known: Vec<&str> = library.of_system(&order.connector).iter().map(|m| m.id.as_str()).collect();
            return Err(HubError::usage(
                format!("there is no mapping \"{id}\""),
                format!("the mappings of {} are {}", order.connector, known.join(", ")),
            ));
        };
        if mapping.fits(rows.columns()) {
            return Ok(Ok(mapping.clone()));
        }
        let lacks = mapping.lacking(rows.columns());
        let lacks = if lacks.is_empty() { String::new() } else { format!(" (it lacks {})", lacks.join(", ")) };
        return Ok(Err(format!("the headings do not fit mapping {id}{lacks}; {}", headings(library, rows.columns()))));
    }
    let fitting = library.fitting(&order.connector, rows.columns());
    Ok(match fitting.as_slice() {
        [mapping] => Ok((*mapping).clone()),
        [] => Err(nothing_fits(library, order, rows.columns())),
        several => {
            let ids: Vec<&str> = several.iter().map(|m| m.id.as_str()).collect();
            Err(format!("the headings fit more than one mapping ({}): give --mapping", ids.join(", ")))
        }
    })
}

/// Why no mapping of the connector fits: another system's file, or what the nearest mapping lacks.
fn nothing_fits(library: &Library, order: &ImportOrder, columns: &Columns) -> String {
    let own = library.of_system(&order.connector);
    let known: Vec<&str> = own.iter().map(|m| m.id.as_str()).collect();
    let told = headings(library, columns);
    let start = format!("the headings fit no mapping of {} ({}); {told}", order.connector, known.join(", "));
    if let Some(other) = library.iter().find(|m| m.fits(columns)) {
        return format!("{start}; they fit {}: give the file to connector {}", other.id, other.system);
    }
    let nearest = own
        .iter()
        .filter(|m| knows(m, columns) > 1 && !m.is_ruled_out(columns))
        .min_by_key(|m| (m.lacking(columns).len(), Reverse(knows(m, columns))));
    let lacks = nearest.map(|m| (&m.id, m.lacking(columns))).filter(|(_, lacks)| !lacks.is_empty());
    let lacks = lacks.map_or_else(String::new, |(id, lacks)| format!("; {id} lacks {}", lacks.join(", ")));
    format!("{start}{lacks}; if a column was renamed, add its name to the mapping, or give --mapping")
}

/// How many headings of a file a mapping knows.
fn knows(mapping: &Mapping, columns: &Columns) -> usize {
    columns.len().saturating_sub(mapping.plan(columns, None).unused().len())
}

/// Headings are no personal data, but a file without a header has a person's row in their place: only their number is told
/// unless some mapping knows several of them.
fn headings(library: &Library, columns: &Columns) -> String {
    if library.iter().any(|m| knows(m, columns) > 1) {
        format!("the file has: {}", columns.names().join(", "))
    } else {
        format!("the first line has {} values and does not look like a header", columns.len())
    }
}

/// The date of a file.
///
/// # Errors
/// A list without a date: an undated list can say neither "yes" nor "no".
pub(crate) fn as_of(
    order: &ImportOrder,
    origin: &Origin,
    mapping: &Mapping,
    plan: &Plan,
    first: Option<&RawRow>,
    arrived: NaiveDate,
) -> Result<NaiveDate, HubError> {
    let told = order.as_of.or(origin.name.as_of).or_else(|| first.and_then(|row| plan.as_of(row)));
    match (told, mapping.as_of) {
        (Some(day), _) => Ok(day),
        (None, AsOf::Arrival) => Ok(arrived),
        (None, AsOf::Required) => Err(HubError::usage(
            format!("{} does not say of which day it is, and {} needs it", order.file_name(), mapping.id),
            "give --as-of YYYY-MM-DD, put the date into the file name (health_2026-11-20.csv), or add the date column that the mapping names",
        )),
    }
}

/// Whether the file is complete: said, else config, but never by config for a report that its mapping calls partial (D27: the
/// leavers of a week); else it is not.
pub(crate) fn complete(order: &ImportOrder, origin: &Origin, mapping: &Mapping) -> bool {
    let config = origin.config.as_ref().and_then(|c| c.complete).filter(|_| !mapping.partial);
    order.complete.or(config).unwrap_or(false)
}
