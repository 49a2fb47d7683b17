//! What services know about a child beside its registration: SEN, care, home education, offers, and so on.
//! Each part is what one source said; `rules` decide what it means.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::place::is_false;
use crate::{Address, LaCode, Laestab};

/// Special educational needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Sen {
    /// CBDS `SenStatus`: E (EHC plan), K (SEN support), N (none).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// Day since which the EHC plan is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ehc_from: Option<NaiveDate>,
    /// School named in the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_school: Option<Laestab>,
}

/// Care status with Children's Services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Care {
    /// Looked after (CLA).
    #[serde(default, skip_serializing_if = "is_false")]
    pub looked_after: bool,
    /// Subject of a child protection plan (CP).
    #[serde(default, skip_serializing_if = "is_false")]
    pub child_protection: bool,
    /// Child in need (CIN).
    #[serde(default, skip_serializing_if = "is_false")]
    pub child_in_need: bool,
    /// Early help.
    #[serde(default, skip_serializing_if = "is_false")]
    pub early_help: bool,
    /// The authority that looks after the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<LaCode>,
}

/// Whether home education was found suitable, Education Act 1996 s436A and s437.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Suitability {
    /// Not yet assessed: potentially in scope of s436A.
    NotAssessed,
    /// Found suitable: not missing education.
    Suitable,
    /// Found unsuitable: missing education.
    Unsuitable,
}

/// Elective home education.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HomeEducation {
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day, if it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Day of the parent's written notice, which ground 9(1)(f) needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NaiveDate>,
    /// What the authority found.
    pub suitability: Suitability,
    /// When it found that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessed: Option<NaiveDate>,
}

/// Education otherwise than at school, arranged by the authority (EOTAS).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Eotas {
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day, if it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// An application for a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Application {
    /// School applied for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Laestab>,
    /// Day it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<NaiveDate>,
    /// Outcome as the source says it ("refused", "withdrawn").
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// Day of the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<NaiveDate>,
}

/// What became of an offered place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OfferStatus {
    /// Made, no answer yet.
    Offered,
    /// Accepted.
    Accepted,
    /// Declined by the parent.
    Declined,
    /// Withdrawn by the admission authority.
    Withdrawn,
}

/// An offer of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Offer {
    /// School.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Laestab>,
    /// Day of the offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<NaiveDate>,
    /// Status.
    pub status: OfferStatus,
    /// Day on which the place starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<NaiveDate>,
}

/// An exclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Exclusion {
    /// Permanent, or a suspension.
    pub permanent: bool,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day of a suspension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// CBDS `ExclusionReasons` code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// School that excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Laestab>,
    /// Day since which other provision is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provision_from: Option<NaiveDate>,
}

/// Attendance of a year, in sessions (half days).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AttendanceSummary {
    /// Sessions possible.
    pub possible: u16,
    /// Sessions attended.
    pub attended: u16,
    /// Sessions missed with leave.
    #[serde(default)]
    pub authorised: u16,
    /// Sessions missed without leave.
    #[serde(default)]
    pub unauthorised: u16,
}

/// A police notification of a vulnerable person (PPN1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PoliceNotification {
    /// Day of the notification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Its number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// Why a child's record must not be shared or answered without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestrictionKind {
    /// Protected address: refuge, court order.
    ProtectedAddress,
    /// Adoption.
    Adoption,
    /// Custody alert.
    Custody,
    /// A restricted flag of a source, without a kind.
    Restricted,
}

/// A restriction on a child's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Restriction {
    /// Kind.
    pub kind: RestrictionKind,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
}

/// A service of the authority that works with the child (Capita ONE: involvement).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Involvement {
    /// Kind as the source names it (`EOTAS`, `EHE`, `EWS`).
    pub kind: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day, if it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// A flag on the child's record in a source (`CME - Failed to Track`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Alert {
    /// The flag as the source names it.
    pub kind: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
}

/// A change of address as housing reports it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AddressChange {
    /// Day of the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<NaiveDate>,
    /// `move`, `temporary-accommodation`, `left-area`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Where from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// Where to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
}

crate::redacted!(AddressChange);

/// A move out of the area, as somebody reported or confirmed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MovedAway {
    /// Day of the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Authority or country moved to, as given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Day on which the destination (school, authority, embassy) confirmed it; `None` = not confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<NaiveDate>,
}
