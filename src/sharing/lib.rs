//! **sharing**: agreements, minimisation, sealing, the audit chain.
