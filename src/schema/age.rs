//! Compulsory school age and year groups.
