//! Who is acting or looking: every act and every view takes a [`Viewer`], so that rights are checked once.

use serde::{Deserialize, Serialize};

use crate::Laestab;

/// What a person is at the council; `[people]` of `onroll.toml` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The Senior CME Officer, the named point of referral.
    Officer,
    /// Children Not in School Manager, Service Manager for Inclusion.
    Manager,
    /// School Admissions Team.
    Admissions,
    /// Education Welfare Service.
    Ews,
    /// Housing team.
    Housing,
    /// A school.
    School,
    /// Children's Resource Service, Information Officers.
    SocialCare,
    /// Information governance.
    Governance,
    /// Council ICT.
    Ict,
}

impl Role {
    /// All roles, in the order of the contract.
    pub const ALL: [Role; 9] = [
        Role::Officer,
        Role::Manager,
        Role::Admissions,
        Role::Ews,
        Role::Housing,
        Role::School,
        Role::SocialCare,
        Role::Governance,
        Role::Ict,
    ];

    /// The word as it stands in `onroll.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Officer => "officer",
            Role::Manager => "manager",
            Role::Admissions => "admissions",
            Role::Ews => "ews",
            Role::Housing => "housing",
            Role::School => "school",
            Role::SocialCare => "social-care",
            Role::Governance => "governance",
            Role::Ict => "ict",
        }
    }

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.as_str() == word)
    }

    /// May bring files in and run the night.
    pub fn may_import(self) -> bool {
        !matches!(self, Role::School | Role::Governance)
    }

    /// May decide about rows, links and held snapshots.
    pub fn may_decide(self) -> bool {
        matches!(self, Role::Officer | Role::Manager)
    }
}

/// A person, with the role and, for a school's person, the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The name as in `[people]`; it stands in the history of what was changed.
    pub name: String,
    /// What the person is.
    pub role: Role,
    /// The school whose children this person may see; `None` = not bound to one.
    pub school: Option<Laestab>,
}
