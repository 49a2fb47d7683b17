//! Who was told what, when, why and under which basis: the disclosure log as people read it.

use schema::{ChildId, DisclosureId, FindingId, MessageId, Viewer};
use serde::{Deserialize, Serialize};

use super::scope;
use crate::text::parse_json;
use crate::{Result, Store, StoreError};

/// One disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// Its number in the log.
    pub id: DisclosureId,
    /// What it says.
    #[serde(flatten)]
    pub told: Told,
}

impl std::ops::Deref for Disclosure {
    type Target = Told;
    fn deref(&self) -> &Told {
        &self.told
    }
}

/// What an entry of the log says; names of fields, never a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When the message was taken up for sending, RFC 3339 UTC.
    pub at: String,
    /// Who was told.
    pub recipient: String,
    /// For which purpose.
    pub purpose: String,
    /// On which legal basis.
    pub basis: String,
    /// Under which agreement and version.
    pub agreement: String,
    /// About which child, as it was then.
    pub child: ChildId,
    /// Which fields.
    pub fields: Vec<String>,
    /// By which message.
    pub message: MessageId,
    /// The finding that was its cause.
    pub finding: Option<FindingId>,
    /// Who released it, where a person did.
    pub released_by: Option<String>,
    /// In which role.
    pub released_role: Option<String>,
    /// SHA-256 of the sealed message.
    pub content: String,
}

impl Store {
    /// The disclosures this viewer may see, oldest first; of one child (also of those that were joined to it) or one
    /// recipient where asked. A person of a school sees what that school was told.
    ///
    /// # Errors
    /// The database; an entry that is no entry.
    pub async fn disclosure_list(&self, viewer: &Viewer, child: Option<ChildId>, partner: Option<&str>) -> Result<Vec<Disclosure>> {
        let mut sql = "select d.number, d.line from disclosure d where ($1 = '*' or d.line ->> '$.recipient' = $1)
             and ($2 is null or d.line ->> '$.recipient' = $2)"
            .to_owned();
        if child.is_some() {
            sql.push_str(" and (d.child = 'C' || $3 or d.message in (select 'M' || m.id from message m where m.child_now = $3))");
        }
        sql.push_str(" order by d.number");
        let mut list = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(scope(viewer)).bind(partner);
        if let Some(child) = child {
            list = list.bind(child.0);
        }
        let rows: Vec<(i64, String)> = list.fetch_all(&self.read).await.map_err(StoreError::sql("reading the disclosure log"))?;
        rows.into_iter().map(|(number, line)| Ok(Disclosure { id: DisclosureId(number), told: parse_json(&line)? })).collect()
    }
}
