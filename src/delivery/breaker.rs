//! A breaker per route: a channel that failed several times in a row rests, so that nobody waits for timeouts of a server
//! that is down and no message uses up its tries on it. After the rest one message tries it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::backoff::Backoff;

/// The way that a message takes on one channel: `email`, which is one server for all, or `folder:8524001`.
pub fn route(kind: &str, recipient: &str) -> String {
    if kind == "folder" { format!("{kind}:{recipient}") } else { kind.to_owned() }
}

/// What a route can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Messages go.
    Closed,
    /// It rests until then.
    Open(DateTime<Utc>),
    /// It has rested: one message tries it.
    HalfOpen,
}

/// One route's breaker. Kept over runs by the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Breaker {
    /// Failures in a row.
    pub failures: u32,
    /// Until when it rests, once it opened.
    pub open_until: Option<DateTime<Utc>>,
}

/// When breakers open, for how long, and when a route is passed over.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// So many failures in a row open it.
    pub failures: u32,
    /// The first rest and the longest one.
    pub rest: Backoff,
    /// So many tries after it opened must fail before messages that have another channel go there.
    pub tries: u32,
}

impl Breaker {
    /// May messages go?
    pub fn gate(&self, now: DateTime<Utc>) -> Gate {
        match self.open_until {
            None => Gate::Closed,
            Some(until) if until > now => Gate::Open(until),
            Some(_) => Gate::HalfOpen,
        }
    }

    /// A message went through.
    pub fn worked(&mut self) {
        *self = Breaker::default();
    }

    /// A send failed. What was under way together when it opened counts as one failure: else a batch would look like an
    /// outage of days.
    pub fn failed(&mut self, now: DateTime<Utc>, rule: Rule) {
        if matches!(self.gate(now), Gate::Open(_)) {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= rule.failures {
            let rests = self.failures - rule.failures + 1;
            let rest = i64::try_from(rule.rest.ceiling(rests)).unwrap_or(i64::MAX);
            self.open_until =
                now.checked_add_signed(TimeDelta::try_seconds(rest).unwrap_or(TimeDelta::MAX)).or(Some(DateTime::<Utc>::MAX_UTC));
        }
    }

    /// It has been tried as often, one message at a time, as a message is tried on one channel, and still fails: whoever has
    /// another channel need not wait for it.
    pub fn is_passed_over(&self, rule: Rule) -> bool {
        self.open_until.is_some() && self.failures >= rule.failures.saturating_add(rule.tries)
    }
}

/// The breakers of all routes that ever failed.
#[derive(Debug, Clone, Default)]
pub struct Breakers {
    routes: BTreeMap<String, Breaker>,
    changed: std::collections::BTreeSet<String>,
}

impl Breakers {
    /// With what the store kept.
    pub fn of(states: impl IntoIterator<Item = (String, Breaker)>) -> Breakers {
        Breakers { routes: states.into_iter().collect(), changed: Default::default() }
    }

    /// Routes that rest.
    pub fn shut(&self, now: DateTime<Utc>) -> Vec<String> {
        self.at(|gate| matches!(gate, Gate::Open(_)), now)
    }

    /// Routes that one message may try.
    pub fn single(&self, now: DateTime<Utc>) -> Vec<String> {
        self.at(|gate| gate == Gate::HalfOpen, now)
    }

    fn at(&self, wanted: impl Fn(Gate) -> bool, now: DateTime<Utc>) -> Vec<String> {
        self.routes.iter().filter(|(_, b)| wanted(b.gate(now))).map(|(route, _)| route.clone()).collect()
    }

    /// Routes that have failed for so long that messages with another channel go there.
    pub fn passed_over(&self, rule: Rule) -> Vec<String> {
        self.routes.iter().filter(|(_, b)| b.is_passed_over(rule)).map(|(route, _)| route.clone()).collect()
    }

    /// The next moment at which a route that rests may be tried.
    pub fn next_try(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.routes.values().filter_map(|b| b.open_until).filter(|until| *until > now).min()
    }

    /// A message went through on that route.
    pub fn worked(&mut self, route: &str) {
        if let Some(breaker) = self.routes.get_mut(route).filter(|b| **b != Breaker::default()) {
            breaker.worked();
            self.changed.insert(route.to_owned());
        }
    }

    /// A send failed on that route.
    pub fn failed(&mut self, route: &str, now: DateTime<Utc>, rule: Rule) {
        let breaker = self.routes.entry(route.to_owned()).or_default();
        let before = *breaker;
        breaker.failed(now, rule);
        if *breaker != before {
            self.changed.insert(route.to_owned());
        }
    }

    /// What changed since the last time this was asked, to be stored.
    pub fn take_changed(&mut self) -> Vec<(String, Breaker)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().filter_map(|route| self.routes.get(&route).map(|b| (route.clone(), *b))).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;

    const RULE: Rule = Rule { failures: 3, rest: Backoff { first: 60, longest: 600 }, tries: 2 };

    fn at(seconds: i64) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 24, 20, 0, 0).unwrap() + TimeDelta::seconds(seconds)
    }

    #[test]
    fn mail_is_one_route_and_each_folder_its_own() {
        assert_eq!(route("email", "8524001"), "email");
        assert_eq!(route("folder", "8524001"), "folder:8524001");
    }

    #[test]
    fn it_opens_rests_lets_one_try_and_closes() {
        let mut breakers = Breakers::default();
        for _ in 0..2 {
            breakers.failed("email", at(0), RULE);
        }
        assert!(breakers.shut(at(0)).is_empty());
        breakers.failed("email", at(0), RULE);
        assert_eq!(breakers.shut(at(59)), ["email"]);
        assert_eq!(breakers.next_try(at(0)), Some(at(60)));
        assert!(breakers.shut(at(60)).is_empty());
        assert_eq!(breakers.single(at(60)), ["email"]);
        breakers.worked("email");
        assert!(breakers.single(at(60)).is_empty() && breakers.shut(at(60)).is_empty());
        assert_eq!(breakers.take_changed(), [("email".to_owned(), Breaker::default())]);
        assert!(breakers.take_changed().is_empty());
    }

    #[test]
    fn a_try_that_fails_makes_the_rest_longer_and_in_the_end_it_is_passed_over() {
        let mut breakers = Breakers::default();
        for _ in 0..3 {
            breakers.failed("folder:8524001", at(0), RULE);
        }
        breakers.failed("folder:8524001", at(60), RULE);
        assert_eq!(breakers.next_try(at(60)), Some(at(180)));
        assert!(breakers.passed_over(RULE).is_empty());
        breakers.failed("folder:8524001", at(180), RULE);
        assert_eq!(breakers.next_try(at(180)), Some(at(420)));
        assert_eq!(breakers.passed_over(RULE), ["folder:8524001"]);
        breakers.worked("folder:8524001");
        assert!(breakers.passed_over(RULE).is_empty());
    }

    #[test]
    fn what_was_under_way_when_it_opened_counts_once() {
        let mut breaker = Breaker::default();
        for _ in 0..64 {
            breaker.failed(at(0), RULE);
        }
        assert_eq!(breaker.failures, 3);
    }

    proptest! {
        #[test]
        fn a_success_closes_whatever_happened_before(steps in proptest::collection::vec(0_i64..100_000, 0..200)) {
            let (mut breaker, mut now) = (Breaker::default(), at(0));
            for step in steps {
                now += TimeDelta::seconds(step);
                breaker.failed(now, RULE);
                if let Gate::Open(until) = breaker.gate(now) {
                    prop_assert!(until - now <= TimeDelta::seconds(600));
                    prop_assert!(breaker.failures >= RULE.failures);
                }
            }
            breaker.worked();
            prop_assert_eq!(breaker.gate(now), Gate::Closed);
        }
    }
}
