//! The best values of a child out of all that its records say: by trust in the source, then by the day it was told.
//! No record is edited; each value names the record it is from.

use std::cmp::Reverse;

use chrono::NaiveDate;
use schema::name::fold_into;
use schema::{Name, Record, RecordId, Sex, Upn};
use serde_json::{Map, Value as Json};

/// What one record tells of a child.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The record.
    pub record_id: RecordId,
    /// The day on which its source last said it.
    pub told: NaiveDate,
    /// How far the source is trusted: lower is better.
    pub trust: u8,
    /// What it says.
    pub record: &'a Record,
}

/// What stands in the row of a child.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The best legal name as people write it; empty if no record has one.
    pub display: String,
    /// All names of all records folded, each once, between `|`: `ada example|ada sample`.
    pub folded: String,
    /// The best date of birth.
    pub dob: Option<NaiveDate>,
    /// The best UPN: a permanent one before a temporary one, and neither if another record calls it former.
    pub upn: Option<Upn>,
    /// Whether any record, of whatever trust, marks the child as restricted.
    pub restricted: bool,
}

schema::redacted!(Summary);

/// One value of a child with the record it is from.
#[derive(Clone, PartialEq, serde::Serialize)]
pub struct Value {
    /// The field, as [`Record`] names it in JSON.
    pub field: &'static str,
    /// The value, as it stands in the record's JSON; of a list one element.
    pub value: Json,
    /// The record.
    pub record: RecordId,
}

schema::redacted!(Value);

/// Fields of which the best record's value holds.
const ONE: &[&str] = &[
    "name",
    "preferred_name",
    "dob",
    "sex",
    "upn",
    "uln",
    "nhs_number",
    "language",
    "ethnicity",
    "year_group",
    "home_authority",
    "attendance",
    "sen",
    "care",
    "home_education",
    "eotas",
    "restriction",
    "moved_away",
    "died",
];

/// Fields of which everything holds that any record says, each once.
const EACH: &[&str] = &[
    "former_names",
    "former_upns",
    "addresses",
    "phones",
    "emails",
    "contacts",
    "enrolments",
    "exclusions",
    "applications",
    "offers",
    "police",
    "address_changes",
    "involvements",
    "alerts",
];

/// Best first: trust, then the newest, then the newest record.
fn in_order<'t, 'a>(told: &'t [Told<'a>]) -> Vec<&'t Told<'a>> {
    let mut order: Vec<&Told> = told.iter().collect();
    order.sort_by_key(|t| (t.trust, Reverse(t.told), Reverse(t.record_id)));
    order
}

/// What stands in the row of a child.
pub fn summary(told: &[Told]) -> Summary {
    let order = in_order(told);
    let best = best_name(&order).map(|t| &t.record.name);
    Summary {
        display: best.map(Name::full).unwrap_or_default(),
        folded: folded_names(&order),
        dob: order.iter().find_map(|t| t.record.dob),
        upn: best_upn(&order).and_then(|t| t.record.upn),
        restricted: told.iter().any(|t| t.record.restriction.is_some()),
    }
}

/// The best value of each field with the record it is from; of fields that are lists, each different element of any
/// record, the best record's first. Not among them: the source's own id and the problems of a row, which belong to
/// their record.
pub fn values(told: &[Told]) -> Vec<Value> {
    let order = in_order(told);
    let bodies: Vec<(RecordId, Map<String, Json>)> = order
        .iter()
        .filter_map(|t| match serde_json::to_value(t.record) {
            Ok(Json::Object(fields)) => Some((t.record_id, fields)),
            _ => None,
        })
        .collect();
    let mut values = Vec::new();
    for field in ONE.iter().copied() {
        let chosen = chosen_record(field, &order);
        let mut said = bodies.iter().filter(|(id, _)| chosen.is_none_or(|chosen| chosen == *id));
        if let Some((record, value)) = said.find_map(|(id, fields)| Some((*id, fields.get(field)?))) {
            values.push(Value { field, value: value.clone(), record });
        }
    }
    for field in EACH.iter().copied() {
        let start = values.len();
        for (record, fields) in &bodies {
            for element in fields.get(field).and_then(Json::as_array).into_iter().flatten() {
                if !values[start..].iter().any(|v| v.value == *element) {
                    values.push(Value { field, value: element.clone(), record: *record });
                }
            }
        }
    }
    values
}

/// The best values of a child as one record: what may be told of it, where an agreement allows.
pub fn record(told: &[Told]) -> Record {
    let mut fields = Map::new();
    for Value { field, value, .. } in values(told) {
        if EACH.contains(&field) {
            if let Json::Array(list) = fields.entry(field).or_insert_with(|| Json::Array(Vec::new())) {
                list.push(value);
            }
        } else {
            fields.insert(field.to_owned(), value);
        }
    }
    // Each value was a part of a record before, so that it can be one again.
    serde_json::from_value(Json::Object(fields)).unwrap_or_default()
}

/// Where the first record that has the field is not the best: a whole name beats half a one, a permanent UPN a
/// temporary one, a known sex "unknown".
fn chosen_record(field: &str, order: &[&Told]) -> Option<RecordId> {
    let chosen = match field {
        "name" => best_name(order),
        "upn" => best_upn(order),
        "sex" => order.iter().copied().find(|t| matches!(t.record.sex, Some(Sex::F | Sex::M))),
        _ => None,
    };
    chosen.map(|t| t.record_id)
}

fn best_name<'t, 'a>(order: &[&'t Told<'a>]) -> Option<&'t Told<'a>> {
    let whole = order.iter().find(|t| !t.record.name.forename.is_empty() && !t.record.name.surname.is_empty());
    whole.or_else(|| order.iter().find(|t| !t.record.name.is_empty())).copied()
}

fn best_upn<'t, 'a>(order: &[&'t Told<'a>]) -> Option<&'t Told<'a>> {
    let former = |upn: &Upn| order.iter().any(|t| t.record.former_upns.contains(upn));
    let rank = |t: &&'t Told<'a>| t.record.upn.map(|upn| (former(&upn), upn.is_temporary()));
    order.iter().copied().filter_map(|t| rank(&t).map(|rank| (rank, t))).min_by_key(|(rank, _)| *rank).map(|(_, t)| t)
}

fn folded_names(order: &[&Told]) -> String {
    let mut all = String::new();
    for name in order.iter().flat_map(|t| t.record.all_names()) {
        let start = all.len();
        if start > 0 {
            all.push('|');
        }
        let name_start = all.len();
        for part in [&name.forename, &name.middle, &name.surname] {
            let before = all.len();
            if before > name_start {
                all.push(' ');
            }
            let part_start = all.len();
            fold_into(part, &mut all);
            if all.len() == part_start {
                all.truncate(before);
            }
        }
        let known = all[..start].split('|').any(|n| n == &all[name_start..]);
        if known || all.len() == name_start {
            all.truncate(start);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_values_are_a_record_again() {
        let one = Record { phones: vec!["1".to_owned()], year_group: "7".to_owned(), ..Record::default() };
        let other = Record { phones: vec!["2".to_owned()], language: "ENG".to_owned(), ..Record::default() };
        let told = |record_id, trust, record| Told { record_id, told: NaiveDate::MIN, trust, record };
        let best = super::record(&[told(RecordId(1), 0, &one), told(RecordId(2), 1, &other)]);
        assert_eq!(
            (best.phones.as_slice(), best.year_group.as_str(), best.language.as_str()),
            (["1".to_owned(), "2".to_owned()].as_slice(), "7", "ENG")
        );
    }

    fn told<'a>(id: i64, trust: u8, day: &str, record: &'a Record) -> Told<'a> {
        Told { record_id: RecordId(id), told: day.parse().unwrap(), trust, record }
    }

    fn named(forename: &str, surname: &str) -> Record {
        Record { name: Name { forename: forename.into(), surname: surname.into(), ..Name::default() }, ..Record::default() }
    }

    fn of<'v>(values: &'v [Value], field: &str) -> Vec<(&'v Json, i64)> {
        values.iter().filter(|v| v.field == field).map(|v| (&v.value, v.record.0)).collect()
    }

    #[test]
    fn trust_beats_date_and_date_beats_record() {
        let (a, b, c) = (named("Ada", "Example"), named("Adah", "Example"), named("Addie", "Example"));
        let all = [told(1, 2, "2026-09-05", &a), told(2, 1, "2026-09-01", &b), told(3, 1, "2026-09-03", &c)];
        let summary = summary(&all);
        assert_eq!((summary.display.as_str(), summary.folded.as_str()), ("Addie Example", "addie example|adah example|ada example"));
        assert_eq!(of(&values(&all), "name")[0].1, 3);
    }

    #[test]
    fn each_value_names_the_record_it_is_from() {
        let mut school = named("Ada", "Example");
        school.phones = vec!["0000 1".into(), "0000 2".into()];
        let mut health = Record { dob: "2013-04-02".parse().ok(), sex: Some(Sex::F), ..Record::default() };
        health.phones = vec!["0000 2".into(), "0000 3".into()];
        school.sex = Some(Sex::U);
        let all = [told(1, 0, "2026-09-01", &school), told(2, 3, "2026-09-01", &health)];
        let values = values(&all);
        assert_eq!(of(&values, "dob"), [(&Json::from("2013-04-02"), 2)]);
        assert_eq!(of(&values, "sex"), [(&Json::from("F"), 2)]);
        assert_eq!(of(&values, "phones").iter().map(|v| v.1).collect::<Vec<_>>(), [1, 1, 2]);
    }

    #[test]
    fn a_permanent_upn_beats_a_temporary_one_and_a_former_one_is_last() {
        let upn = |digits: &str| Upn::with_check_letter(digits);
        let temporary = Record { upn: upn("85240012001A"), ..Record::default() };
        let outdated = Record { upn: upn("852400120001"), ..Record::default() };
        let present = Record { upn: upn("852400120002"), former_upns: upn("852400120001").into_iter().collect(), ..Record::default() };
        let all = [told(1, 0, "2026-09-01", &temporary), told(2, 1, "2026-09-01", &outdated), told(3, 2, "2026-09-01", &present)];
        assert_eq!(summary(&all).upn, present.upn);
        assert_eq!(of(&values(&all), "upn")[0].1, 3);
        assert_eq!(summary(&all[..1]).upn, temporary.upn);
    }

    #[test]
    fn half_a_name_gives_way_to_a_whole_one() {
        let (half, whole) = (named("", "Example"), named("Ada", "Example"));
        let all = [told(1, 0, "2026-09-01", &half), told(2, 5, "2020-01-01", &whole)];
        assert_eq!(summary(&all).display, "Ada Example");
        assert_eq!(summary(&all[..1]).display, "Example");
        assert!(summary(&[]) == Summary::default() && values(&[]).is_empty());
    }

    #[test]
    fn any_restriction_restricts() {
        let plain = named("Ada", "Example");
        let mut marked = named("Ada", "Example");
        marked.restriction = Some(schema::provision::Restriction { kind: schema::provision::RestrictionKind::Restricted, from: None });
        assert!(summary(&[told(1, 0, "2026-09-01", &plain), told(2, 9, "2010-01-01", &marked)]).restricted);
        assert!(!summary(&[told(1, 0, "2026-09-01", &plain)]).restricted);
    }

    #[test]
    fn every_field_of_a_record_has_its_place() {
        // A field added to `Record` fails to compile here until somebody says where it belongs.
        let Record {
            source_id: _,
            name: _,
            preferred_name: _,
            former_names: _,
            dob: _,
            sex: _,
            upn: _,
            former_upns: _,
            uln: _,
            nhs_number: _,
            language: _,
            ethnicity: _,
            year_group: _,
            home_authority: _,
            addresses: _,
            phones: _,
            emails: _,
            contacts: _,
            enrolments: _,
            attendance: _,
            exclusions: _,
            sen: _,
            care: _,
            home_education: _,
            eotas: _,
            applications: _,
            offers: _,
            police: _,
            address_changes: _,
            restriction: _,
            involvements: _,
            alerts: _,
            moved_away: _,
            died: _,
            problems: _,
        } = Record::default();
        let placed = ONE.len() + EACH.len() + ["source_id", "problems"].len();
        assert_eq!(placed, 35);
    }
}
