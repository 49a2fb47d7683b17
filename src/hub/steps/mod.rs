//! The steps of a night, one file each, in their order: land, identify, read (map, link), endings, household, check, share.

pub(crate) mod check;
pub(crate) mod corrections;
pub mod dry_run;
pub(crate) mod endings;
pub(crate) mod household;
pub(crate) mod identify;
pub mod ingest;
pub(crate) mod land;
pub(crate) mod movers;
pub(crate) mod read;
pub mod share;
