//! How long to wait before the next try: exponential with full jitter, so that a thousand messages which failed together do
//! not come back together.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;

/// A small generator of numbers that look random (splitmix64, by Sebastiano Vigna, public domain). Spreads waiting times;
/// no secret hangs on it.
#[derive(Debug)]
pub struct Jitter(AtomicU64);

impl Jitter {
    /// The same seed gives the same numbers in the same order.
    pub fn seeded(seed: u64) -> Jitter {
        Jitter(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 1 to `most`; `most` is taken as at least 1.
    fn up_to(&self, most: u64) -> u64 {
        // The bias of the remainder is below 2^-40 for any wait.
        1 + self.next() % most.max(1)
    }
}

/// The bounds of waiting, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The longest first wait.
    pub first: u32,
    /// The longest wait of all.
    pub longest: u32,
}

impl Backoff {
    /// The longest that the wait after the `failed`-th failure (from 1) may be, in seconds: first, twice that, four times ...
    pub fn ceiling(self, failed: u32) -> u64 {
        let doubled = u64::from(self.first.max(1)).saturating_mul(1_u64.checked_shl(failed.saturating_sub(1)).unwrap_or(u64::MAX));
        doubled.min(u64::from(self.longest.max(self.first.max(1))))
    }

    /// The wait after the `failed`-th failure: between one second, since "at once" would be no wait, and [`Backoff::ceiling`].
    pub fn wait(self, failed: u32, jitter: &Jitter) -> TimeDelta {
        // At most u32::MAX seconds: no overflow.
        TimeDelta::milliseconds((1_000 + jitter.up_to((self.ceiling(failed) - 1).saturating_mul(1_000).max(1)) - 1) as i64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wait_is_at_least_a_second_and_never_over_its_ceiling(first in 0_u32.., longest in 0_u32.., failed in 0_u32.., seed in 0_u64..) {
            let backoff = Backoff { first, longest };
            let wait = backoff.wait(failed, &Jitter::seeded(seed));
            prop_assert!(wait >= TimeDelta::seconds(1));
            prop_assert!(wait <= TimeDelta::seconds(backoff.ceiling(failed) as i64));
            prop_assert!(backoff.ceiling(failed) <= u64::from(longest.max(first).max(1)));
        }

        #[test]
        fn the_ceiling_never_falls(first in 1_u32..1_000, longest in 1_u32..100_000, failed in 1_u32..200) {
            let backoff = Backoff { first, longest };
            prop_assert!(backoff.ceiling(failed) <= backoff.ceiling(failed + 1));
        }
    }

    #[test]
    fn waits_double_from_a_minute_to_four_hours() {
        let backoff = Backoff { first: 60, longest: 14_400 };
        let ceilings: Vec<u64> = (1..=10).map(|n| backoff.ceiling(n)).collect();
        assert_eq!(ceilings, [60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 14_400, 14_400]);
    }

    #[test]
    fn messages_that_fail_together_come_back_apart() {
        let (backoff, jitter) = (Backoff { first: 60, longest: 14_400 }, Jitter::seeded(1));
        let waits: Vec<i64> = (0..1_000).map(|_| backoff.wait(1, &jitter).num_milliseconds()).collect();
        let mean = waits.iter().sum::<i64>() / 1_000;
        assert!((28_000..33_000).contains(&mean), "{mean}");
        // Each of the six parts of the minute has its share.
        for part in 0..6 {
            let in_part = waits.iter().filter(|w| (**w / 10_000).min(5) == part).count();
            assert!(in_part > 100, "{part}: {in_part}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_waits() {
        let waits = |seed| -> Vec<TimeDelta> {
            let jitter = Jitter::seeded(seed);
            (1..20).map(|n| Backoff { first: 60, longest: 14_400 }.wait(n, &jitter)).collect()
        };
        assert_eq!(waits(7), waits(7));
        assert_ne!(waits(7), waits(8));
    }
}
