//! **connectors**: what each outside system is, and how its payloads are read. One folder per system.
//!
//! In: bytes in a system's own shape. Out: the [`Registry`] of all connectors, and the mapping files that say what each
//! system's columns mean, compiled in.
//!
//! This room does not know children, the database, linkage or rules, nor how a file came. `SPEC.md` says what a connector
//! must do; `connect::suite` tests it. Adding a system is one folder, one line in [`registry`], and mapping files.

pub mod capita_one;
pub mod housing;
pub mod lists;
pub mod sims;

use connect::Registry;

/// All connectors.
pub fn registry() -> Registry {
    Registry::new(vec![capita_one::connector(), housing::connector(), lists::connector(), sims::connector()])
}

/// The mapping files and their cases as (path below `mappings/`, text), sorted by path: `("sims/pupils.toml", "...")`.
/// A home may override each with a file of the same path.
pub fn mapping_files() -> Vec<(String, String)> {
    const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/mapping_files.rs"));
    FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[cfg(test)]
mod tests;
