//! onroll
fn main() {}
