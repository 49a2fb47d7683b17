//! The common CME schema: one [`Record`] is what one source told about one child at one time.
//! No record is ever edited: a newer one from the same source replaces it, and both are kept.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::provision::{
    AddressChange, Alert, Application, AttendanceSummary, Care, Eotas, Exclusion, HomeEducation, Involvement, MovedAway, Offer,
    PoliceNotification, Restriction, Sen,
};
use crate::{Address, Contact, Enrolment, LaCode, Name, NhsNumber, Sex, Uln, Upn};

/// What one source told about one child. Empty parts are left out of the JSON. Dates are plain days in England.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The child's id in the source (admission number, PersonID, NHS number of a health list); `None` where the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// Legal name.
    #[serde(default, skip_serializing_if = "Name::is_empty")]
    pub name: Name,
    /// Name the child is known by, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<Name>,
    /// Former names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<Name>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dob: Option<NaiveDate>,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Unique pupil number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<Upn>,
    /// Former UPNs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_upns: Vec<Upn>,
    /// Unique learner number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uln: Option<Uln>,
    /// NHS number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nhs_number: Option<NhsNumber>,
    /// First language, CBDS `Languages` code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// Ethnicity, CBDS `Ethnicities` code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ethnicity: String,
    /// National curriculum year group as the source has it: `N1`, `N2`, `R`, `1` to `14`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub year_group: String,
    /// Home authority, where the source names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_authority: Option<LaCode>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// Phones of the child's home.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Emails of the child's home.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Parents, carers, emergency contacts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Registrations at schools.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrolments: Vec<Enrolment>,
    /// Attendance of the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<AttendanceSummary>,
    /// Exclusions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// Special educational needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sen: Option<Sen>,
    /// Care status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care: Option<Care>,
    /// Home education.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_education: Option<HomeEducation>,
    /// Education otherwise than at school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eotas: Option<Eotas>,
    /// Applications for places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Application>,
    /// Offers of places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Police notifications.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub police: Vec<PoliceNotification>,
    /// Address changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address_changes: Vec<AddressChange>,
    /// A restriction on sharing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restriction: Option<Restriction>,
    /// Involvements of services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub involvements: Vec<Involvement>,
    /// Alerts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<Alert>,
    /// A move out of the area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_away: Option<MovedAway>,
    /// Day of death.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died: Option<NaiveDate>,
    /// What could not be parsed, with its raw text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

crate::redacted!(Record);

impl Record {
    /// Whether it can be said who this is: an id in the source, or name (forename and surname) and birth date.
    pub fn says_who(&self) -> bool {
        self.source_id.as_deref().is_some_and(|id| !id.is_empty())
            || (!self.name.forename.is_empty() && !self.name.surname.is_empty() && self.dob.is_some())
    }

    /// All names: legal, preferred, former.
    pub fn all_names(&self) -> impl Iterator<Item = &Name> {
        std::iter::once(&self.name).chain(&self.preferred_name).chain(&self.former_names).filter(|n| !n.is_empty())
    }
}
