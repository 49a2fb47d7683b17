//! Where a value comes from: the best value per field, with the record, the source and the columns of the file
//! it stood in. Worked out when asked, not stored (D21).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use linkage::best;
use mapping::Mapping;
use rules::{Dwelling, Held};
use schema::{Columns, RecordId};
use serde::Serialize;
use serde_json::Value;
use store::view::{ChildShown, ShownRecord};

use crate::{Hub, HubError};

/// The best value of one field.
#[derive(Clone, Serialize)]
pub struct BestValue {
    /// The field, as the common schema names it.
    pub field: String,
    /// The value.
    pub value: Value,
    /// The record it stands in.
    pub record: RecordId,
    /// The source of that record.
    pub source: String,
    /// The columns it came from, by the mapping with which the record was read.
    pub columns: Vec<ColumnOf>,
}

schema::redacted!(BestValue);

impl BestValue {
    /// The value on one line, for people.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Object(parts) => {
                let words = parts.values().map(|v| match v {
                    Value::String(text) => text.clone(),
                    Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
                    other => other.to_string(),
                });
                words.collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        }
    }
}

/// One column and the part of the field it filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnOf {
    /// The part of the schema (`address.postcode`).
    pub field: String,
    /// The heading as it stood in the file.
    pub heading: String,
}

impl ColumnOf {
    /// The headings, for people.
    pub fn words(columns: &[ColumnOf]) -> String {
        columns.iter().map(|c| c.heading.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl Hub {
    /// The best value of each field of a child, with its origin.
    ///
    /// # Errors
    /// The store failed.
    pub async fn best_values(&self, child: &ChildShown) -> Result<Vec<BestValue>, HubError> {
        let context = self.context().await?;
        let held: Vec<Held> = child.records.iter().map(|r| context.of_shown(r)).collect();
        let by_record: HashMap<RecordId, &ShownRecord> = child.records.iter().map(|r| (r.record, r)).collect();
        let mut origins: HashMap<RecordId, Vec<ColumnOf>> = HashMap::new();
        let mut values = Vec::new();
        for value in best::values(&context.told(&held)) {
            let Some(shown) = by_record.get(&value.record) else { continue };
            if let Entry::Vacant(origin) = origins.entry(value.record) {
                origin.insert(self.columns_of(shown).await?);
            }
            let prefix = field_prefix(value.field);
            let columns = origins.get(&value.record).into_iter().flatten().filter(|c| is_part(&c.field, prefix)).cloned().collect();
            values.push(BestValue {
                field: value.field.to_owned(),
                value: value.value,
                record: value.record,
                source: shown.source.clone(),
                columns,
            });
        }
        Ok(values)
    }

    /// Where the child lives today, as the rules see it; `None` = no usable address.
    ///
    /// # Errors
    /// The store failed.
    pub async fn dwelling(&self, child: &ChildShown) -> Result<Option<Dwelling>, HubError> {
        let context = self.context().await?;
        let held: Vec<Held> = child.records.iter().map(|r| context.of_shown(r)).collect();
        Ok(rules::dwelling(context.council(), &held, self.clock.today()))
    }

    /// Field and heading of every column that the record's mapping used in the record's file.
    async fn columns_of(&self, shown: &ShownRecord) -> Result<Vec<ColumnOf>, HubError> {
        let Some(mapping) = self.mapping_of(shown).await? else { return Ok(Vec::new()) };
        let payload = self.store.payload(shown.payload).await?;
        let mut columns = Columns::default();
        for name in &payload.payload.columns {
            columns.add_distinct(name);
        }
        let plan = mapping.plan(&columns, None);
        Ok(plan.provenance().into_iter().map(|(field, heading)| ColumnOf { field, heading }).collect())
    }

    /// The mapping as it was when the record was read.
    async fn mapping_of(&self, shown: &ShownRecord) -> Result<Option<Arc<Mapping>>, HubError> {
        let (Some(id), Some(version)) = (&shown.mapping, &shown.mapping_version) else { return Ok(None) };
        if let Some(mapping) = self.home.library.get(id).filter(|m| &m.version == version) {
            return Ok(Some(mapping.clone()));
        }
        let text = self.store.mapping_text(id, version).await?;
        Ok(text.and_then(|text| Mapping::parse(&format!("{id}.toml"), &text).ok()).map(Arc::new))
    }
}

/// Mappings name an element of a list in the singular, and a former UPN beside the UPN.
fn field_prefix(field: &'static str) -> &'static str {
    match field {
        "addresses" => "address",
        "enrolments" => "enrolment",
        "contacts" => "contact",
        "phones" => "phone",
        "emails" => "email",
        "former_names" => "former_name",
        "former_upns" => "former_upn",
        "offers" => "offer",
        "applications" => "application",
        "exclusions" => "exclusion",
        "involvements" => "involvement",
        "alerts" => "alert",
        other => other,
    }
}

fn is_part(field: &str, prefix: &str) -> bool {
    field == prefix || field.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_belongs_to_its_field_and_to_no_other() {
        assert!(is_part("address.postcode", "address") && is_part("dob", "dob"));
        assert!(!is_part("address_change.to", "address"));
        assert_eq!(field_prefix("addresses"), "address");
    }
}
