//! How urgent a finding is. Each rule gives a base from 1 (now) to 5 (when there is time). A child looked after or subject
//! of a child protection plan is at 1 wherever something is to be done, any other factor raises the finding by one.

use chrono::{Days, NaiveDate};
use schema::{Finding, Grade, RecordId};

use crate::view::ChildView;

/// What a rule found.
pub(crate) struct Found {
    pub(crate) grade: Option<Grade>,
    pub(crate) reason: Option<&'static str>,
    /// Priority without factors.
    pub(crate) base: u8,
    pub(crate) since: NaiveDate,
    pub(crate) due: Option<NaiveDate>,
    pub(crate) owner: &'static str,
    /// In any order, also twice.
    pub(crate) evidence: Vec<RecordId>,
    pub(crate) summary: String,
}

/// Makes the finding of what a rule found.
pub(crate) fn finding(rule: &str, view: &ChildView<'_>, mut found: Found) -> Finding {
    let mut factors = factors(view);
    if matches!(found.grade, Some(Grade::Missing | Grade::Probable)) && weeks_12(found.since) <= view.as_of {
        factors.push("weeks-missing-12");
    }
    found.evidence.sort_unstable();
    found.evidence.dedup();
    Finding {
        rule: rule.to_owned(),
        child: view.child.id,
        grade: found.grade,
        reason: found.reason.map(str::to_owned),
        priority: priority(found.base, found.grade, &factors),
        factors: factors.into_iter().map(str::to_owned).collect(),
        since: found.since,
        due: found.due,
        owner: found.owner.to_owned(),
        evidence: found.evidence,
        summary: found.summary,
    }
}

fn weeks_12(since: NaiveDate) -> NaiveDate {
    since.checked_add_days(Days::new(84)).unwrap_or(NaiveDate::MAX)
}

fn priority(base: u8, grade: Option<Grade>, factors: &[&str]) -> u8 {
    // A place is waiting: the factors do not make the child's start come sooner.
    if grade == Some(Grade::InTransition) || factors.is_empty() {
        return base;
    }
    let at_once = factors.iter().any(|f| matches!(*f, "looked-after" | "child-protection"));
    if at_once && grade != Some(Grade::Explained) { 1 } else { base.saturating_sub(1).max(1) }
}

/// What current records say that makes it urgent, each once, in this order.
fn factors(view: &ChildView<'_>) -> Vec<&'static str> {
    let (mut care, mut ehc, mut excluded, mut police) = ([false; 4], false, false, false);
    let by_now = |day: Option<NaiveDate>| day.is_none_or(|day| day <= view.as_of);
    for held in view.current() {
        if let Some(c) = &held.record.care {
            for (known, said) in care.iter_mut().zip([c.looked_after, c.child_protection, c.child_in_need, c.early_help]) {
                *known |= said;
            }
        }
        ehc |= held.record.sen.as_ref().is_some_and(|sen| sen.status == "E" || sen.ehc_from.is_some_and(|from| from <= view.as_of));
        excluded |= held.record.exclusions.iter().any(|e| e.permanent && by_now(e.from) && e.provision_from.is_none());
        police |= held.record.police.iter().any(|p| by_now(p.on));
    }
    let names = ["looked-after", "child-protection", "child-in-need", "early-help"];
    let mut out: Vec<&'static str> = names.into_iter().zip(care).filter_map(|(name, said)| said.then_some(name)).collect();
    out.extend([("ehc-plan", ehc), ("excluded", excluded), ("police", police)].into_iter().filter_map(|(name, said)| said.then_some(name)));
    out
}
