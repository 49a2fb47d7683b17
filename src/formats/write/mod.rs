//! Rows to files: what is exported for people, and what the demonstration council's systems write.

pub mod csv;
pub mod superstar;
pub mod xlsx;
