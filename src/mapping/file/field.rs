//! One `[[field]]`: where a value comes from, the steps it goes through, and where it goes to.

use toml::Spanned;
use toml::de::DeTable;

use super::reader::{Placed, Reader, Section, nearest};
use super::table::{self, Table, Unknown};
use crate::codes::fold;
use crate::steps::date_format::DateFormat;
use crate::steps::name::Order;
use crate::target::{self, Kind, PersonPart, Target};

const KEYS: &[&str] = &["to", "from", "join", "split", "pad", "table", "unknown", "formats", "default", "when", "read_as", "order"];

/// One field.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) to: Target,
    pub(crate) path: String,
    /// Headings: alternatives, or the parts of a join.
    pub(crate) from: Vec<String>,
    /// What is put between the values when all of `from` are joined.
    pub(crate) join: Option<String>,
    pub(crate) split: Option<Split>,
    pub(crate) pad: Option<usize>,
    pub(crate) table: Option<Table>,
    pub(crate) unknown: Unknown,
    pub(crate) formats: Vec<DateFormat>,
    pub(crate) default: Option<String>,
    pub(crate) when: Vec<Condition>,
    pub(crate) read_as: Option<ReadAs>,
    pub(crate) order: Order,
    /// A birth date may be that of an adult.
    pub(crate) anybody: bool,
}

/// One part of a text: `split = { at = ";", part = 2 }`.
#[derive(Debug, Clone)]
pub(crate) struct Split {
    pub(crate) at: String,
    /// From 1; negative counts from the end.
    pub(crate) part: i64,
}

/// What a text target must be, so that a word in the column of an identifier never becomes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadAs {
    Upn,
    NhsNumber,
    Uln,
}

/// A condition on another column of the row.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) column: Vec<String>,
    pub(crate) test: Test,
}

/// What a condition asks. Texts are folded.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    Is(Vec<String>),
    Not(Vec<String>),
    Filled(bool),
}

impl Field {
    /// A field that only reads a date, for the as-of column.
    pub(crate) fn date(from: Vec<String>, formats: Vec<DateFormat>) -> Field {
        Field {
            to: Target::Service(target::ServicePart::Died),
            path: "as_of".to_owned(),
            from,
            join: None,
            split: None,
            pad: None,
            table: None,
            unknown: Unknown::Report,
            formats,
            default: None,
            when: Vec::new(),
            read_as: None,
            order: Order::default(),
            anybody: false,
        }
    }

    /// Whether it gives the child's id in the source.
    pub(crate) fn is_source_id(&self) -> bool {
        self.to == Target::Person(PersonPart::SourceId)
    }
}

/// Reads one field; `None` where it cannot be used (the faults say why).
pub(crate) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>, tables: Option<&DeTable<'_>>) -> Option<Field> {
    reader.known(section, KEYS);
    let path = reader.needed_string(section, "to")?;
    let to = find_target(reader, &path)?;
    let kind = to.kind();
    let from = headings(reader, section, "from");
    let default = reader.string(section, "default");
    if from.is_none() && default.is_none() {
        reader.fault(
            section.span.clone(),
            "the field has neither `from` nor `default`",
            "write from = \"Heading\", or default = \"...\" for a constant",
        );
    }
    if let Some(text) = default.as_ref().filter(|text| !kind.takes(text.get_ref())) {
        reader.fault(text.span(), format!("the default is no {}", kind.name()), format!("`{}` takes a {}", path.get_ref(), kind.name()));
    }
    let join = reader.string(section, "join");
    if let Some(join) = join.as_ref().filter(|_| from.as_ref().is_none_or(|f| f.len() < 2)) {
        reader.fault(join.span(), "`join` needs two headings or more in `from`", "write from = [\"First\", \"Second\"]");
    }
    Some(Field {
        to,
        path: path.into_inner(),
        from: from.unwrap_or_default(),
        join: join.map(Spanned::into_inner),
        split: read_split(reader, section),
        pad: reader.number(section, "pad", 1..=20).and_then(|n| usize::try_from(n).ok()),
        table: table::read(reader, section, tables, kind),
        unknown: read_unknown(reader, section),
        formats: read_formats(reader, section, kind),
        default: default.map(Spanned::into_inner),
        when: read_when(reader, section),
        read_as: read_as(reader, section, kind),
        order: read_order(reader, section, kind),
        anybody: false,
    })
}

fn find_target(reader: &mut Reader<'_>, path: &Placed) -> Option<Target> {
    let target = target::parse(path.get_ref());
    if target.is_none() {
        let hint = target::suggestion(path.get_ref())
            .map_or_else(|| "README.md beside the mappings lists all targets".to_owned(), |near| format!("did you mean `{near}`?"));
        reader.fault(path.span(), format!("unknown target `{}`", path.get_ref()), hint);
    }
    target
}

/// Headings of a key; a heading without a letter or digit could never be found.
pub(super) fn headings(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str) -> Option<Vec<String>> {
    let placed = reader.strings(section, key)?;
    Some(plain(reader, placed))
}

/// The texts without their places, each checked to be a heading.
pub(super) fn plain(reader: &mut Reader<'_>, headings: Vec<Placed>) -> Vec<String> {
    for heading in headings.iter().filter(|h| schema::raw::fold_heading(h.get_ref()).is_empty()) {
        reader.fault(heading.span(), "a heading needs a letter or a digit", "write the heading as it stands in the file");
    }
    headings.into_iter().map(Spanned::into_inner).collect()
}

fn read_split(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Split> {
    let split = reader.sections(section, "split", "split").into_iter().next()?;
    reader.known(&split, &["at", "part"]);
    let at = reader.needed_string(&split, "at")?;
    if at.get_ref().is_empty() {
        reader.fault(at.span(), "`at` is empty", "name the sign that stands between the parts");
        return None;
    }
    let part = if split.table.get("part").is_some() { reader.number(&split, "part", -20..=20)? } else { 1 };
    if part == 0 {
        reader.fault(split.span.clone(), "parts are counted from 1", "write part = 1 for the first, part = -1 for the last");
    }
    Some(Split { at: at.into_inner(), part })
}

fn read_unknown(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Unknown {
    let Some(word) = reader.string(section, "unknown") else { return Unknown::Report };
    if section.table.get("table").is_none() {
        reader.fault(word.span(), "`unknown` needs a `table`", "it says what becomes of a value that the table does not have");
    }
    match word.get_ref().as_str() {
        "report" => Unknown::Report,
        "keep" => Unknown::Keep,
        "drop" => Unknown::Drop,
        _ => {
            reader.fault(
                word.span(),
                "`unknown` is none of report, keep, drop",
                "report: empty and reported; keep: as it stands; drop: empty",
            );
            Unknown::Report
        }
    }
}

/// Reads `formats` of a date.
pub(super) fn read_formats(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: Kind) -> Vec<DateFormat> {
    let Some(texts) = reader.strings(section, "formats") else { return Vec::new() };
    if let Some(first) = texts.first().filter(|_| !kind.is_date()) {
        reader.fault(first.span(), "`formats` is for dates", format!("this target takes a {}", kind.name()));
    }
    let mut formats = Vec::new();
    for text in texts {
        match DateFormat::parse(text.get_ref()) {
            Some(format) => formats.push(format),
            None => reader.fault(
                text.span(),
                "this is no date form",
                "write DD, MM or MMM, and YYYY or YY with the signs between: DD/MM/YYYY, D MMM YYYY, YYYYMMDD",
            ),
        }
    }
    formats
}

fn read_when(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for when in reader.sections(section, "when", "when") {
        reader.known(&when, &["column", "is", "not", "filled"]);
        let Some(column) = headings(reader, &when, "column") else {
            reader.fault(when.span.clone(), "`when` needs a `column`", "write when = { column = \"Heading\", is = [\"value\"] }");
            continue;
        };
        let is = reader.strings(&when, "is").map(folded).map(Test::Is);
        let not = reader.strings(&when, "not").map(folded).map(Test::Not);
        let filled = reader.bool(&when, "filled").map(Test::Filled);
        let mut tests = [is, not, filled].into_iter().flatten();
        match (tests.next(), tests.next()) {
            (Some(test), None) => conditions.push(Condition { column, test }),
            _ => reader.fault(
                when.span.clone(),
                "`when` needs exactly one of is, not, filled",
                "write a list of conditions where several must hold",
            ),
        }
    }
    conditions
}

fn folded(texts: Vec<Placed>) -> Vec<String> {
    texts.iter().map(|t| fold(t.get_ref())).collect()
}

fn read_as(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: Kind) -> Option<ReadAs> {
    const NAMES: [(&str, ReadAs); 3] = [("upn", ReadAs::Upn), ("nhs-number", ReadAs::NhsNumber), ("uln", ReadAs::Uln)];
    let word = reader.string(section, "read_as")?;
    if kind != Kind::Text {
        reader.fault(word.span(), "`read_as` is for text targets", format!("this target is read as a {} anyway", kind.name()));
    }
    let found = NAMES.iter().find(|(name, _)| name == word.get_ref()).map(|(_, read_as)| *read_as);
    if found.is_none() {
        let hint = nearest(word.get_ref(), NAMES.map(|(name, _)| name))
            .map_or_else(|| "write upn, nhs-number or uln".to_owned(), |near| format!("did you mean `{near}`?"));
        reader.fault(word.span(), format!("there is no step `{}`", word.get_ref()), hint);
    }
    found
}

fn read_order(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: Kind) -> Order {
    let Some(word) = reader.string(section, "order") else { return Order::default() };
    if kind != Kind::Name {
        reader.fault(word.span(), "`order` is for whole names", "leave it out where forename and surname have columns of their own");
    }
    match word.get_ref().as_str() {
        "forename-first" => Order::ForenameFirst,
        "surname-first" => Order::SurnameFirst,
        _ => {
            reader.fault(
                word.span(),
                "`order` is neither forename-first nor surname-first",
                "a comma in the name is understood either way",
            );
            Order::default()
        }
    }
}
