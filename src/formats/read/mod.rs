//! Files to raw rows, one reader per kind of file.

pub mod csv;
mod csv_scan;
pub mod json;
mod json_scan;
pub mod superstar;
pub mod xlsx;
