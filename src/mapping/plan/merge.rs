//! A further row of a record: what may be there several times is added, what may be there once must agree.

use schema::{Problem, ProblemCode, Record};

/// Adds what a further row says to the record.
pub(super) fn further(record: &mut Record, row: Record) {
    let mut merge = Merge { problems: Vec::new() };
    merge.identity(record, &row);
    merge.once("attendance", &mut record.attendance, row.attendance, nothing);
    merge.once("sen", &mut record.sen, row.sen, nothing);
    merge.once("care", &mut record.care, row.care, nothing);
    merge.once("home_education", &mut record.home_education, row.home_education, nothing);
    merge.once("eotas", &mut record.eotas, row.eotas, nothing);
    merge.once("restriction", &mut record.restriction, row.restriction, nothing);
    merge.once("moved_away", &mut record.moved_away, row.moved_away, nothing);
    merge.once("died", &mut record.died, row.died, ToString::to_string);
    add(&mut record.former_names, row.former_names);
    add(&mut record.former_upns, row.former_upns);
    add(&mut record.addresses, row.addresses);
    add(&mut record.phones, row.phones);
    add(&mut record.emails, row.emails);
    add(&mut record.contacts, row.contacts);
    add(&mut record.enrolments, row.enrolments);
    add(&mut record.exclusions, row.exclusions);
    add(&mut record.applications, row.applications);
    add(&mut record.offers, row.offers);
    add(&mut record.police, row.police);
    add(&mut record.address_changes, row.address_changes);
    add(&mut record.involvements, row.involvements);
    add(&mut record.alerts, row.alerts);
    add(&mut record.problems, row.problems);
    add(&mut record.problems, merge.problems);
}

struct Merge {
    problems: Vec<Problem>,
}

impl Merge {
    fn identity(&mut self, record: &mut Record, row: &Record) {
        self.once("source_id", &mut record.source_id, row.source_id.clone(), String::clone);
        if record.name.is_empty() {
            record.name.clone_from(&row.name);
        } else if !row.name.is_empty() && record.name != row.name {
            self.disagree("name", row.name.full());
        }
        self.once("preferred_name", &mut record.preferred_name, row.preferred_name.clone(), schema::Name::full);
        self.once("dob", &mut record.dob, row.dob, ToString::to_string);
        self.once("sex", &mut record.sex, row.sex, |sex| format!("{sex:?}"));
        self.once("upn", &mut record.upn, row.upn, ToString::to_string);
        self.once("uln", &mut record.uln, row.uln, ToString::to_string);
        self.once("nhs_number", &mut record.nhs_number, row.nhs_number, ToString::to_string);
        self.once("home_authority", &mut record.home_authority, row.home_authority, ToString::to_string);
        self.word("language", &mut record.language, &row.language);
        self.word("ethnicity", &mut record.ethnicity, &row.ethnicity);
        self.word("year_group", &mut record.year_group, &row.year_group);
    }

    fn once<T: PartialEq>(&mut self, field: &str, held: &mut Option<T>, told: Option<T>, show: impl Fn(&T) -> String) {
        match (held.as_ref(), told) {
            (None, told) => *held = told,
            (Some(held), Some(told)) if *held != told => self.disagree(field, show(&told)),
            _ => {}
        }
    }

    fn word(&mut self, field: &str, held: &mut String, told: &str) {
        if held.is_empty() {
            told.clone_into(held);
        } else if !told.is_empty() && held != told {
            self.disagree(field, told.to_owned());
        }
    }

    fn disagree(&mut self, field: &str, raw: String) {
        self.problems.push(Problem {
            code: ProblemCode::RowsDisagree,
            column: String::new(),
            field: field.to_owned(),
            raw,
            hint: "two rows of one child say different things, the first was taken: correct it at the source".to_owned(),
        });
    }
}

/// A part whose content a problem does not repeat.
fn nothing<T>(_: &T) -> String {
    String::new()
}

fn add<T: PartialEq>(held: &mut Vec<T>, told: Vec<T>) {
    for part in told {
        if !held.contains(&part) {
            held.push(part);
        }
    }
}
