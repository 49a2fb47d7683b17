//! What stands in the way of joining automatically, however well a record fits.

use schema::ChildId;

use crate::compare::{Agreement, Comparison, compare};
use crate::features::{Given, Identifier, Kind};
use crate::index::{ADOPTED, BLOCK, FORMER_UPN, SOURCE_ID};
use crate::records::Records;
use crate::rule;

/// What the records of a child say against joining an arrival to it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Obstacles {
    /// Both have permanent UPNs, and none of them is the other's, now or formerly.
    pub(crate) upn_differs: bool,
    /// The same installation has a record of this child under another id.
    pub(crate) same_source: bool,
    /// Both have NHS numbers, and they differ.
    pub(crate) nhs_number_differs: bool,
    /// One side is marked as adopted, and no present name is the same.
    pub(crate) adoption: bool,
    /// The child has more records than are looked at.
    pub(crate) crowded: bool,
}

impl Obstacles {
    /// The rule that forbids joining by an identifier.
    pub(crate) fn to_identifier(self) -> Option<&'static str> {
        self.to_same_record().or(self.same_source.then_some(rule::SAME_SOURCE))
    }

    /// The rule that forbids joining by name, birth date and address.
    pub(crate) fn to_name(self) -> Option<&'static str> {
        self.to_identifier().or(self.nhs_number_differs.then_some(rule::NHS_NUMBER_DIFFERS))
    }

    /// The rule that forbids joining by the id of the installation.
    pub(crate) fn to_same_record(self) -> Option<&'static str> {
        let all = [(self.adoption, rule::ADOPTION), (self.upn_differs, rule::UPN_DIFFERS), (self.crowded, rule::CROWDED)];
        all.iter().find(|(holds, _)| *holds).map(|(_, rule)| *rule)
    }
}

/// Looks at all records of a child. The record that the arrival replaces (`own`, or none) does not count: what it said
/// is over. Nor does the UPN of other records of the same installation under the same id: the installation itself says
/// that they are one child, and its files do not all come on one day.
pub(crate) fn obstacles(records: &Records, given: &Given, child: ChildId, own: u32) -> Obstacles {
    let mut found = Obstacles::default();
    let mut upns = Upns::of(given);
    let mut nhs = Agreement::Unknown;
    let mut adopted = given.adopted;
    for (n, first) in records.of_child(child).enumerate() {
        if n == BLOCK {
            found.crowded = true;
            break;
        }
        adopted |= records.facet(first).is(ADOPTED);
        if first == own {
            continue;
        }
        let id = source_id(records, given, first);
        found.same_source |= id == Agreement::Differs;
        if id != Agreement::Same {
            upns.look_at(records, first);
        }
        nhs = nhs_number(records, given, first, nhs);
    }
    found.upn_differs = upns.differ();
    found.nhs_number_differs = nhs == Agreement::Differs;
    found.adoption = adopted && named_otherwise(records, given, child);
    found
}

/// Whether no record of the child has one of the arrival's present names, though some have names.
fn named_otherwise(records: &Records, given: &Given, child: ChildId) -> bool {
    let names: Vec<Comparison> = records.of_child(child).take(BLOCK).map(|first| compare(records, given, first)).collect();
    !names.iter().any(|c| c.present_name == Agreement::Same) && names.iter().any(|c| c.present_name == Agreement::Differs)
}

fn source_id(records: &Records, given: &Given, first: u32) -> Agreement {
    let Some(ours) = given.source_id.filter(|_| records.source(first) == given.source) else { return Agreement::Unknown };
    match records.facets(first).find(|(_, facet)| facet.is(SOURCE_ID)) {
        None => Agreement::Unknown,
        Some((_, facet)) if facet.key == ours => Agreement::Same,
        Some(_) => Agreement::Differs,
    }
}

fn nhs_number(records: &Records, given: &Given, first: u32, so_far: Agreement) -> Agreement {
    let ours = given.nhs_number();
    if ours == 0 || so_far == Agreement::Same {
        return so_far;
    }
    let theirs = records.facets(first).map(|(_, facet)| facet.identifier).find(|i| Identifier::kind(*i) == Some(Kind::NhsNumber));
    match theirs {
        None => so_far,
        Some(theirs) if theirs == ours => Agreement::Same,
        Some(_) => Agreement::Differs,
    }
}

/// The permanent UPNs of a child's records beside those of an arrival.
struct Upns<'g> {
    given: &'g Given,
    has_current: bool,
    others: bool,
    linked: bool,
}

impl Upns<'_> {
    fn of(given: &Given) -> Upns<'_> {
        Upns { given, has_current: given.permanent_upns(false).next().is_some(), others: false, linked: false }
    }

    fn look_at(&mut self, records: &Records, first: u32) {
        if !self.has_current {
            return;
        }
        for (_, facet) in records.facets(first) {
            if Identifier::kind(facet.identifier) != Some(Kind::Upn) {
                continue;
            }
            let theirs = facet.identifier;
            let former = facet.is(FORMER_UPN);
            // Equal to our present one, or their present one is a former one of ours.
            self.linked |= self.given.permanent_upns(false).any(|ours| ours == theirs);
            self.linked |= !former && self.given.permanent_upns(true).any(|ours| ours == theirs);
            self.others |= !former;
        }
    }

    fn differ(&self) -> bool {
        self.has_current && self.others && !self.linked
    }
}
