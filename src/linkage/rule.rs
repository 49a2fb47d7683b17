//! The names of the rules, as they stand in [`schema::Placement::rule`], and what each means in a sentence for people.

/// A person said so.
pub const DECISION: &str = "decision";
/// Decisions of people contradict each other.
pub const DECISION_CONFLICT: &str = "decision-conflict";
/// The same record as before, told again.
pub const SAME_RECORD: &str = "same-record";
/// The same id in the same installation.
pub const SAME_SOURCE_ID: &str = "same-source-id";
/// The id was used before, for somebody else as it seems.
pub const SOURCE_ID_REUSED: &str = "source-id-reused";
/// Equal permanent UPN.
pub const UPN: &str = "upn";
/// Equal UPN, recorded as former on one side.
pub const FORMER_UPN: &str = "former-upn";
/// Equal temporary UPN, with name and birth date.
pub const TEMPORARY_UPN: &str = "temporary-upn";
/// Equal UPN, but name or birth date speak against it.
pub const UPN_CONFLICT: &str = "upn-conflict";
/// Two different permanent UPNs.
pub const UPN_DIFFERS: &str = "upn-differs";
/// Equal NHS number.
pub const NHS_NUMBER: &str = "nhs-number";
/// Equal NHS number, but name or birth date speak against it.
pub const NHS_NUMBER_CONFLICT: &str = "nhs-number-conflict";
/// Two different NHS numbers.
pub const NHS_NUMBER_DIFFERS: &str = "nhs-number-differs";
/// Equal ULN.
pub const ULN: &str = "uln";
/// Equal ULN, but name or birth date speak against it.
pub const ULN_CONFLICT: &str = "uln-conflict";
/// Equal name, birth date and address.
pub const NAME_DOB_ADDRESS: &str = "name-dob-address";
/// Equal name and birth date only.
pub const NAME_DOB_ONLY: &str = "name-dob-only";
/// Two records of one installation with different ids.
pub const SAME_SOURCE: &str = "same-source";
/// Records from before and after an adoption.
pub const ADOPTION: &str = "adoption";
/// More than one child fits.
pub const SEVERAL_CHILDREN: &str = "several-children";
/// More alike records than are looked at.
pub const CROWDED: &str = "crowded";
/// The record names nobody: whoever lived at an address is meant. Decided by the hub, not here.
pub const HOUSEHOLD: &str = "household";
/// Nothing fits.
pub const NEW: &str = "new";

/// Every rule with its meaning.
pub const ALL: &[(&str, &str)] = &[
    (DECISION, "a person decided that this is the child"),
    (DECISION_CONFLICT, "people's decisions contradict each other: some records of the child were said to be the same, others not"),
    (SAME_RECORD, "the same record of the same source, told again"),
    (SAME_SOURCE_ID, "the same id in the same source, and name, birth date or UPN agree"),
    (SOURCE_ID_REUSED, "the source used this id before for somebody with another name and birth date"),
    (UPN, "the same UPN, and birth date or name agree"),
    (FORMER_UPN, "a UPN that is recorded as former agrees, and birth date or name agree"),
    (TEMPORARY_UPN, "the same temporary UPN, name and birth date"),
    (UPN_CONFLICT, "the same UPN, but name or birth date speak against it: is the UPN typed for the right child?"),
    (UPN_DIFFERS, "two different permanent UPNs, and neither is recorded as former"),
    (NHS_NUMBER, "the same NHS number, and birth date or name agree"),
    (NHS_NUMBER_CONFLICT, "the same NHS number, but name or birth date speak against it"),
    (NHS_NUMBER_DIFFERS, "name, birth date and address agree, but the NHS numbers differ"),
    (ULN, "the same unique learner number, and birth date or name agree"),
    (ULN_CONFLICT, "the same unique learner number, but name or birth date speak against it"),
    (NAME_DOB_ADDRESS, "name, birth date and an address agree"),
    (NAME_DOB_ONLY, "name and birth date agree, but no address does"),
    (SAME_SOURCE, "the source itself holds these as two children with different ids"),
    (ADOPTION, "a record marked as adopted and one with another name: never joined automatically"),
    (SEVERAL_CHILDREN, "more than one child fits"),
    (CROWDED, "too many records are alike to tell them apart automatically"),
    (HOUSEHOLD, "the change of address names nobody, and the child lived at the old address on the day before"),
    (NEW, "no known child fits"),
];

/// What a rule means, for people; `None` for a name that is no rule of this room.
pub fn meaning(rule: &str) -> Option<&'static str> {
    ALL.iter().find(|(name, _)| *name == rule).map(|(_, meaning)| *meaning)
}
