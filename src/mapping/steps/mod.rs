//! The steps that turn a text of a file into a value of the schema. Each is a pure function of the text.

pub(crate) mod address;
pub(crate) mod date;
pub(crate) mod date_format;
pub(crate) mod name;
pub(crate) mod number;
pub(crate) mod yes_no;
