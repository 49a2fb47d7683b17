//! How old a file is. The stamp of a file is set by the machine's clock, so its age is measured by that clock, and not by
//! the hub's, which may be set to another day for a demonstration or a test.

use std::time::{Duration, SystemTime};

/// Tells the machine's time and lets a moment pass. Tests hand in one that only moves its hands.
pub trait FileClock: Send + Sync {
    /// Now, by the clock that stamps files.
    fn now(&self) -> SystemTime;

    /// Lets that much time pass. Called once per look at a folder at most, with no more than its `settle_after`.
    fn wait(&self, how_long: Duration);
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct MachineClock;

impl FileClock for MachineClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that compares with stamps of files; the hub's clock may be set, file stamps are not"
    )]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn wait(&self, how_long: Duration) {
        std::thread::sleep(how_long);
    }
}

/// The age of a stamp. A stamp of the future is age zero while it is less than `skew` ahead (the clocks of two machines
/// differ a little) and as old as can be beyond (it says nothing, and must not make a file wait for years).
pub(crate) fn age(clock: &dyn FileClock, stamp: SystemTime, skew: Duration) -> Duration {
    match clock.now().duration_since(stamp) {
        Ok(age) => age,
        Err(ahead) if ahead.duration() <= skew => Duration::ZERO,
        Err(_) => Duration::MAX,
    }
}
