//! The likely reasons why a child on no roll is not missing, in the order in which they are tried. A reason never closes the
//! finding: it says who must clear it up.

use chrono::NaiveDate;
use schema::provision::Suitability;
use schema::{Problem, ProblemCode, RecordId, School, age, calendar};

use crate::base;
use crate::council::Held;
use crate::view::ChildView;

/// A likely reason.
pub(crate) struct Reason {
    pub(crate) name: &'static str,
    /// Who must clear it up.
    pub(crate) owner: &'static str,
    pub(crate) due: Option<NaiveDate>,
    pub(crate) evidence: Vec<RecordId>,
    pub(crate) summary: String,
}

fn reason(name: &'static str, owner: &'static str, evidence: Vec<RecordId>, summary: impl Into<String>) -> Option<Reason> {
    Some(Reason { name, owner, due: None, evidence, summary: summary.into() })
}

/// The first that fits.
pub(crate) fn first(view: &ChildView<'_>) -> Option<Reason> {
    [ehe_not_assessed, list_outstanding, awaiting_joiner, base_without_list, source_old, moved_away, unsure_link, data_fault]
        .into_iter()
        .find_map(|explain| explain(view))
}

/// Home education of which the authority is not yet satisfied: its own queue (Education Act 1996 s436A, s437).
fn ehe_not_assessed(view: &ChildView<'_>) -> Option<Reason> {
    let (held, _) = view.home_education().filter(|(_, he)| he.suitability == Suitability::NotAssessed)?;
    reason("ehe-not-assessed", "ehe", vec![held.id], "On no roll; home education is on record and has not been assessed.")
}

/// A roll over the border, or of an independent school, that may hold the child and has not come this school year.
fn list_outstanding(view: &ChildView<'_>) -> Option<Reason> {
    let year = age::year_group(view.dob?, view.as_of);
    let start = calendar::school_year_start(view.as_of);
    let outside = |school: &School| school.la != view.council.authority || school.phase.eq_ignore_ascii_case("independent");
    let due = |school: &&School| {
        school.list_outstanding && outside(school) && school.teaches(year) && !view.council.list_came(school.laestab, start, view.as_of)
    };
    let waiting = view.council.schools.iter().filter(due).count();
    let what = if waiting == 1 { "the list of 1 school" } else { "the lists of several schools" };
    if waiting == 0 {
        return None;
    }
    reason(
        "list-outstanding",
        "officer",
        Vec::new(),
        format!("On no roll that has come; {what} outside the authority's own may hold the child and did not come this school year."),
    )
}

/// Left for a named school, which has five days to report the joiner (2024 regulations, reg 13).
fn awaiting_joiner(view: &ChildView<'_>) -> Option<Reason> {
    let spell = view.spells.first()?;
    let for_another_school = spell.removal.is_some_and(|r| r.ground == "9(1)(a)") && spell.destination_named();
    let deadline = view.joiner_deadline(spell);
    if !for_another_school || view.as_of > deadline {
        return None;
    }
    let summary = format!("Left on {} for a named school, which may report the joiner until {deadline}.", spell.leaving);
    let found = reason("awaiting-joiner", "school", spell.records.clone(), summary)?;
    Some(Reason { due: Some(deadline), ..found })
}

/// An open base in the education database, of a school whose own word has never come.
fn base_without_list(view: &ChildView<'_>) -> Option<Reason> {
    let (record, school) = base::without_list(view.council, view.child.records, view.as_of).min()?;
    let summary = format!("On no roll that has come; the education database has an open base at {school}, which has sent no list.");
    reason("base-without-list", "officer", vec![record], summary)
}

/// Every source that places the child here is too old: an old list is never an answer.
fn source_old(view: &ChildView<'_>) -> Option<Reason> {
    let residence = view.residence();
    if residence.fresh_sources > 0 {
        return None;
    }
    let records = residence.here.iter().map(|placed| placed.held.id).collect();
    reason("source-old", "officer", records, "On no roll; every source that places the child here is too old.")
}

/// The destination confirmed that the child is there, and no address here began since.
fn moved_away(view: &ChildView<'_>) -> Option<Reason> {
    let back_since = view.residence().best.and_then(|best| best.from);
    let by_now = |day: NaiveDate| day <= view.as_of;
    let moved = |held: &&Held| {
        held.record.moved_away.as_ref().is_some_and(|moved| {
            moved.confirmed.is_some_and(by_now)
                && moved.on.is_none_or(by_now)
                && moved.on.zip(back_since).is_none_or(|(on, back)| back <= on)
        })
    };
    let record = view.current().filter(moved).map(|held| held.id).min()?;
    reason("moved-away", "officer", vec![record], "On no roll; a move out of the area is confirmed.")
}

/// The child's records may belong to two children, or to a child known by another record.
fn unsure_link(view: &ChildView<'_>) -> Option<Reason> {
    view.child.unsure.then_some(())?;
    reason("unsure-link", "officer", Vec::new(), "On no roll as far as the records are joined; a link waits for a person.")
}

/// A fault in what says who the child is, or when it came or left.
fn data_fault(view: &ChildView<'_>) -> Option<Reason> {
    let faulty: Vec<RecordId> =
        view.current().filter(|held| held.record.problems.iter().any(is_of_who_or_when)).map(|held| held.id).collect();
    if view.dob.is_some() && faulty.is_empty() {
        return None;
    }
    let what =
        if view.dob.is_none() { "no birth date is known" } else { "a record has a fault in a birth date, name, UPN, entry or leaving" };
    reason("data-fault", "officer", faulty, format!("On no roll; {what}."))
}

/// Paths of fields are as mappings write them: `dob`, `name.surname`, `enrolment.leaving`.
fn is_of_who_or_when(problem: &Problem) -> bool {
    let mut parts = problem.field.split(['.', '[', ']']).filter(|part| !part.is_empty());
    let (first, last) = (parts.next().unwrap_or_default(), parts.next_back());
    let of_child = matches!((first, last), ("dob" | "upn" | "entry" | "leaving", None) | ("name" | "forename" | "surname", _));
    let field = of_child || matches!((first, last), ("enrolment" | "enrolments", Some("entry" | "leaving")));
    // The UPN of an unknown or closed authority is kept: a warning.
    field && problem.code != ProblemCode::UnknownAuthority
}
