//! `schema`: the common schema.

use crate::cli::Json;
use crate::exit::{End, Fault};
use crate::printing;

/// Prints the JSON Schema 2020-12 of the common record. For people: the same, which is as short as it can be said.
///
/// # Errors
/// stdout takes no more.
pub fn run(_: Json) -> Result<End, Fault> {
    printing::json(&schemars::schema_for!(schema::Record))?;
    Ok(End::Done)
}
