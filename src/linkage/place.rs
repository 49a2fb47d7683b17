//! Where an arrival belongs: the rules in their order, one function each; the first that fires decides.

use schema::link::Outcome;
use schema::{ChildId, Placement};

use crate::compare::{Agreement, Comparison, compare};
use crate::decisions::Verdicts;
use crate::features::{Given, Identifier, Kind};
use crate::guard::{Obstacles, obstacles};
use crate::index::{BLOCK, Chain, FORMER_UPN, SOURCE_ID, name_key};
use crate::records::{NONE, Records};
use crate::rule;

/// How many rivals are named.
const RIVALS: usize = 10;

/// Places an arrival; `stream` is our number of its stream.
pub(crate) fn place(records: &Records, given: &Given, stream: u32, verdicts: &Verdicts) -> Placement {
    let case = Case { records, given, verdicts, own: records.find(stream, given.key) };
    (case.by_decision())
        .or_else(|| case.by_same_record())
        .or_else(|| case.by_source_id())
        .or_else(|| case.by_identifier(&UPN))
        .or_else(|| case.by_identifier(&NHS_NUMBER))
        .or_else(|| case.by_identifier(&ULN))
        .or_else(|| case.by_name())
        .unwrap_or(Placement { outcome: Outcome::New, rule: rule::NEW, agreed: vec![], differed: vec![], rivals: vec![] })
}

/// One kind of identifier: what belongs to it, the rule of a match, the rule of a match that nothing corroborates.
struct Family {
    kinds: &'static [Kind],
    matched: &'static str,
    conflict: &'static str,
}

const UPN: Family = Family { kinds: &[Kind::Upn, Kind::TemporaryUpn], matched: rule::UPN, conflict: rule::UPN_CONFLICT };
const NHS_NUMBER: Family = Family { kinds: &[Kind::NhsNumber], matched: rule::NHS_NUMBER, conflict: rule::NHS_NUMBER_CONFLICT };
const ULN: Family = Family { kinds: &[Kind::Uln], matched: rule::ULN, conflict: rule::ULN_CONFLICT };

/// A child that may be meant.
struct Candidate {
    child: ChildId,
    rule: &'static str,
    fits: bool,
    comparison: Comparison,
}

impl Candidate {
    /// Of two records of one child the stronger one explains the match, whichever came first: a present number before a
    /// former one, then the one of which more agrees.
    fn strength(&self) -> (bool, bool, usize) {
        (self.fits, self.rule != rule::FORMER_UPN, self.comparison.agreeing())
    }
}

/// The children that may be meant, each once, and whether there are more records than were looked at.
#[derive(Default)]
struct Candidates {
    all: Vec<Candidate>,
    crowded: bool,
}

impl Candidates {
    fn add(&mut self, new: Candidate) {
        match self.all.iter_mut().find(|c| c.child == new.child) {
            Some(known) if new.strength() > known.strength() => *known = new,
            Some(_) => {}
            None => self.all.push(new),
        }
    }

    /// Those that fit first, then by child, so that the order in which records came does not matter.
    fn sorted(mut self) -> Candidates {
        self.all.sort_by_key(|c| (!c.fits, c.child));
        self
    }

    fn fitting(&self) -> usize {
        self.all.iter().filter(|c| c.fits).count()
    }
}

struct Case<'a> {
    records: &'a Records,
    given: &'a Given,
    verdicts: &'a Verdicts,
    /// The record that the arrival replaces, or [`NONE`].
    own: u32,
}

impl Case<'_> {
    /// Rule 1: what people said.
    fn by_decision(&self) -> Option<Placement> {
        let first = *self.verdicts.same.first()?;
        let allowed = self.verdicts.same.iter().copied().find(|child| !self.verdicts.bars(*child));
        let child = allowed.unwrap_or(first);
        let comparison = self.records.of_child(child).next().map_or_else(Comparison::default, |at| compare(self.records, self.given, at));
        let rivals = self.verdicts.same.iter().copied().filter(|c| *c != child);
        Some(match allowed {
            Some(child) => placement(Outcome::Join(child), rule::DECISION, &comparison, rivals),
            None => placement(Outcome::Review(child), rule::DECISION_CONFLICT, &comparison, rivals),
        })
    }

    /// The same record, told again.
    fn by_same_record(&self) -> Option<Placement> {
        let child = self.records.child(self.own);
        if self.own == NONE || self.verdicts.bars(child) {
            return None;
        }
        let comparison = compare(self.records, self.given, self.own);
        Some(self.join_by_source(Candidate { child, rule: rule::SAME_RECORD, fits: comparison.fits_source_id(), comparison }, &[]))
    }

    /// Rule 2: the same id in another file of the same installation.
    fn by_source_id(&self) -> Option<Placement> {
        let mut found = Candidates::default();
        for (n, at) in self.records.sharing(Chain::Key, [self.given.source_id?, 0]).enumerate() {
            found.crowded |= n >= BLOCK;
            let first = self.records.first(at);
            let child = self.records.child(first);
            if found.crowded || !self.records.facet(at).is(SOURCE_ID) || self.verdicts.bars(child) {
                continue;
            }
            let comparison = compare(self.records, self.given, first);
            found.add(Candidate { child, rule: rule::SAME_SOURCE_ID, fits: comparison.fits_source_id(), comparison });
        }
        let found = found.sorted();
        if found.crowded || found.fitting() > 1 {
            return self.several(found);
        }
        let mut all = found.all.into_iter();
        let best = all.next()?;
        let rivals: Vec<ChildId> = all.map(|c| c.child).collect();
        Some(self.join_by_source(best, &rivals))
    }

    /// Joins by an id of the installation, unless it seems to be used again for somebody else. Where name and birth
    /// date are both as before, a UPN that differs from the one in other sources is a correction at this source, and
    /// shown as what differs; it does not tear the child apart.
    fn join_by_source(&self, best: Candidate, rivals: &[ChildId]) -> Placement {
        let rivals = rivals.iter().copied();
        let Candidate { child, rule: fired, fits, comparison } = best;
        if !fits {
            return placement(Outcome::Review(child), rule::SOURCE_ID_REUSED, &comparison, rivals);
        }
        let mut against = obstacles(self.records, self.given, child, self.own);
        against.upn_differs &= !(comparison.dob == Agreement::Same && comparison.name == Agreement::Same);
        against.crowded &= fired != rule::SAME_RECORD;
        match against.to_same_record() {
            Some(obstacle) => placement(Outcome::Review(child), obstacle, &comparison, rivals),
            None => placement(Outcome::Join(child), fired, &comparison, rivals),
        }
    }

    /// Rules 3 to 5: an equal identifier, corroborated by name and birth date.
    fn by_identifier(&self, family: &Family) -> Option<Placement> {
        let found = self.sharing_identifier(family).sorted();
        if found.crowded || found.fitting() > 1 {
            return self.several(found);
        }
        let best = found.all.first()?;
        if !best.fits || self.another_fits_better(best) {
            return self.conflict(family, &found);
        }
        let rivals = found.all[1..].iter().map(|c| c.child);
        Some(self.join(best, rivals, Obstacles::to_identifier))
    }

    fn sharing_identifier(&self, family: &Family) -> Candidates {
        let mut found = Candidates::default();
        for identifier in &self.given.identifiers {
            let Some(kind) = Identifier::kind(identifier.packed).filter(|kind| family.kinds.contains(kind)) else { continue };
            let temporary = kind == Kind::TemporaryUpn;
            for (n, at) in self.records.sharing(Chain::Identifier, [identifier.packed, 0]).enumerate() {
                if n == BLOCK {
                    found.crowded = true;
                    break;
                }
                let first = self.records.first(at);
                let child = self.records.child(first);
                if self.verdicts.bars(child) {
                    continue;
                }
                let comparison = self.fuller(child, compare(self.records, self.given, first), temporary);
                let fits = comparison.corroborates(temporary);
                // A temporary UPN identifies nobody across schools: alone it says nothing, not even that something is wrong.
                if fits || !temporary {
                    let former = identifier.former || self.records.facet(at).is(FORMER_UPN);
                    let rule =
                        [(temporary, rule::TEMPORARY_UPN), (former, rule::FORMER_UPN)].iter().find(|r| r.0).map_or(family.matched, |r| r.1);
                    found.add(Candidate { child, rule, fits, comparison });
                }
            }
        }
        found
    }

    /// Where the record with the identifier does not corroborate it, another record of the child may: one that has exactly
    /// this name and birth date; or any that has some, where this one is a bare number.
    fn fuller(&self, child: ChildId, comparison: Comparison, temporary: bool) -> Comparison {
        if comparison.corroborates(temporary) {
            return comparison;
        }
        let others = || self.records.of_child(child).take(BLOCK).map(|first| compare(self.records, self.given, first));
        let exact = others().find(|c| c.name == Agreement::Same && c.dob == Agreement::Same);
        let any = || others().find(|c| !c.says_nothing()).filter(|_| comparison.says_nothing());
        match exact.or_else(any) {
            Some(said) => Comparison { upn: comparison.upn, nhs_number: comparison.nhs_number, uln: comparison.uln, ..said },
            None => comparison,
        }
    }

    /// Whether the name is not quite that of the child with the identifier, and another child has exactly this name and
    /// birth date: twins whose numbers were swapped, a number typed into the wrong line.
    fn another_fits_better(&self, best: &Candidate) -> bool {
        if best.comparison.name == Agreement::Same {
            return false;
        }
        let namesakes = self.namesakes().all;
        !namesakes.is_empty() && namesakes.iter().all(|c| c.child != best.child)
    }

    /// An identifier that name and birth date speak against. Who has this name and birth date is the likelier child.
    fn conflict(&self, family: &Family, found: &Candidates) -> Option<Placement> {
        let holder = found.all.first()?;
        let namesakes = self.namesakes().sorted();
        let best = namesakes.all.first().unwrap_or(holder);
        let rivals = found.all.iter().chain(&namesakes.all).map(|c| c.child);
        Some(placement(Outcome::Review(best.child), family.conflict, &best.comparison, rivals))
    }

    /// Rules 6 and 7: name and birth date, with an address in common or without.
    fn by_name(&self) -> Option<Placement> {
        let found = self.namesakes().sorted();
        if found.crowded || found.fitting() > 1 {
            return self.several(found);
        }
        let best = found.all.first()?;
        if best.fits {
            return Some(self.join(best, found.all[1..].iter().map(|c| c.child), Obstacles::to_name));
        }
        // No address agrees: the first whom nothing speaks against, or else the first.
        let against: Vec<_> =
            found.all.iter().take(RIVALS).map(|c| obstacles(self.records, self.given, c.child, self.own).to_identifier()).collect();
        let at = against.iter().position(Option::is_none).unwrap_or(0);
        let best = found.all.get(at)?;
        let rule = against.get(at).copied().flatten().unwrap_or(rule::NAME_DOB_ONLY);
        Some(placement(Outcome::Review(best.child), rule, &best.comparison, found.all.iter().map(|c| c.child)))
    }

    /// Children of whom a record has the name and birth date; those fit who have an address in common too.
    fn namesakes(&self) -> Candidates {
        let mut found = Candidates::default();
        let mut looked_at = 0;
        for name in &self.given.names {
            let Some(shared) = name_key(name.numbers.0, name.numbers.1, self.given.dob) else { continue };
            for at in self.records.sharing(Chain::Name, shared) {
                looked_at += 1;
                if looked_at > BLOCK {
                    found.crowded = true;
                    return found;
                }
                let first = self.records.first(at);
                let child = self.records.child(first);
                if self.verdicts.bars(child) || found.all.iter().any(|c| c.child == child) {
                    continue;
                }
                let mut comparison = compare(self.records, self.given, first);
                if comparison.address != Agreement::Same {
                    comparison.address = self.address_of(child, comparison.address);
                }
                found.add(Candidate { child, rule: rule::NAME_DOB_ADDRESS, fits: comparison.address == Agreement::Same, comparison });
            }
        }
        found
    }

    /// Whether any record of the child has an address in common with the arrival.
    fn address_of(&self, child: ChildId, so_far: Agreement) -> Agreement {
        let homes = || self.records.of_child(child).take(BLOCK).flat_map(|first| self.records.facets(first)).map(|(_, facet)| facet.home);
        let same = self.given.homes.iter().any(|ours| homes().any(|theirs| ours.is_same(theirs)));
        if same { Agreement::Same } else { so_far }
    }

    /// Joins, unless something stands in the way.
    fn join(
        &self,
        best: &Candidate,
        rivals: impl Iterator<Item = ChildId>,
        forbids: impl Fn(Obstacles) -> Option<&'static str>,
    ) -> Placement {
        match forbids(obstacles(self.records, self.given, best.child, self.own)) {
            Some(rule) => placement(Outcome::Review(best.child), rule, &best.comparison, rivals),
            None => placement(Outcome::Join(best.child), best.rule, &best.comparison, rivals),
        }
    }

    /// More than one child fits, or more records are alike than were looked at: a person decides.
    fn several(&self, found: Candidates) -> Option<Placement> {
        let found = found.sorted();
        let best = found.all.first()?;
        let rule = if found.crowded { rule::CROWDED } else { rule::SEVERAL_CHILDREN };
        Some(placement(Outcome::Review(best.child), rule, &best.comparison, found.all.iter().map(|c| c.child)))
    }
}

fn placement(outcome: Outcome, rule: &'static str, comparison: &Comparison, rivals: impl Iterator<Item = ChildId>) -> Placement {
    let (agreed, differed) = comparison.fields();
    let mut others: Vec<ChildId> = Vec::new();
    for rival in rivals {
        if outcome != Outcome::Join(rival) && outcome != Outcome::Review(rival) && !others.contains(&rival) && others.len() < RIVALS {
            others.push(rival);
        }
    }
    Placement { outcome, rule, agreed, differed, rivals: others }
}
