//! Numbers that look random and are the same in every run (Knuth's MMIX generator).

/// The generator.
pub struct Seeded(u64);

impl Seeded {
    /// From a seed.
    pub fn from(seed: u64) -> Seeded {
        Seeded(seed)
    }

    /// A number below the limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
