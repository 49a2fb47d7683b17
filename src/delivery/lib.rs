//! **delivery**: claim, send, settle.
