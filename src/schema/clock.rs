//! The one way to learn the time. Made in `onroll`, handed to the rooms that act (`hub`; later `server`, `delivery`).

use chrono::{DateTime, NaiveDate, Utc};

/// Tells the time. Pure rooms never see it: they take `as_of`.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// Today's date in England.
    fn today(&self) -> NaiveDate {
        crate::calendar::london_date(self.now())
    }
}

/// A clock that stands still: tests, and a home whose date is fixed (the demonstration).
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}
