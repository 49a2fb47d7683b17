//! Code sets.
