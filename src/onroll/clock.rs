//! The clock: the machine's, or one that stands still (`ONROLL_NOW`, or `today` of a demonstration's home, D17).

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use schema::Clock;
use schema::clock::FixedClock;

use crate::exit::Fault;

/// The machine's clock.
struct MachineClock;

impl Clock for MachineClock {
    #[allow(clippy::disallowed_methods)] // the one place that reads the time of day
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The clock of this run: `ONROLL_NOW` beats the home's `today`, which beats the machine.
///
/// # Errors
/// `ONROLL_NOW` is no RFC 3339 time.
pub fn clock(onroll_now: Option<&str>, today: Option<NaiveDate>) -> Result<Arc<dyn Clock>, Fault> {
    if let Some(text) = onroll_now {
        let at = DateTime::parse_from_rfc3339(text)
            .map_err(|_| Fault::usage("ONROLL_NOW is no time", "write it as RFC 3339, such as 2026-11-24T06:00:00Z, or unset it"))?;
        return Ok(Arc::new(FixedClock(at.with_timezone(&Utc))));
    }
    Ok(match today {
        // Noon is the same day in London and in UTC, summer and winter.
        Some(day) => Arc::new(FixedClock(day.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()).and_utc())),
        None => Arc::new(MachineClock),
    })
}
