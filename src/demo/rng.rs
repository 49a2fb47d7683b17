//! A small seeded random number generator, so that the same seed gives the same council on every machine
//! (xoshiro256++ by Blackman and Vigna, seeded by splitmix64; both in the public domain).

/// The generator.
#[derive(Debug, Clone)]
pub struct Rng([u64; 4]);

impl Rng {
    /// A generator of that seed; `stream` tells apart generators of one seed.
    pub fn new(seed: u64, stream: u64) -> Rng {
        let mut x = seed ^ stream.wrapping_mul(0xA076_1D64_78BD_642F);
        Rng(std::array::from_fn(|_| {
            x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = x;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }))
    }

    fn step(&mut self) -> u64 {
        let s = &mut self.0;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// A number below `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.step()) * n as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(0) as usize) as i64
    }

    /// `true` in a share `p` of all calls.
    pub fn chance(&mut self, p: f64) -> bool {
        ((self.step() >> 11) as f64) < p * (1u64 << 53) as f64
    }

    /// One of the things given, which must not be empty.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    /// The index of one of the weights, in proportion to them.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut at = self.below(weights.clone().map(|w| w as usize).sum());
        for (i, weight) in weights.enumerate() {
            match at.checked_sub(weight as usize) {
                Some(rest) => at = rest,
                None => return i,
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence_and_another_a_different_one() {
        let draw = |seed, stream| {
            let mut rng = Rng::new(seed, stream);
            (0..20).map(|_| rng.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 0), draw(1, 0));
        assert_ne!(draw(1, 0), draw(2, 0));
        assert_ne!(draw(1, 0), draw(1, 1));
    }

    #[test]
    fn numbers_stay_in_their_range_and_weights_are_kept() {
        let mut rng = Rng::new(7, 0);
        assert!((0..1000).all(|_| (3..=5).contains(&rng.range(3, 5))));
        let mut seen = [0; 3];
        (0..3000).for_each(|_| seen[rng.weighted([1, 0, 2].into_iter())] += 1);
        assert!(seen[1] == 0 && seen[2] > seen[0]);
        assert_eq!(rng.below(0), 0);
    }
}
