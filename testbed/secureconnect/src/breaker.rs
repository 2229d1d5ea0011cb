//! A circuit breaker: after some failures in a row it refuses for a while, then lets one try. It
//! does not know what it guards.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Refuses what would only fail.
#[derive(Debug)]
pub(crate) struct Breaker {
    /// What it guards, as metrics and health call it.
    pub(crate) name: &'static str,
    /// `None` never refuses.
    limits: Option<Limits>,
    state: Mutex<State>,
}

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Failures in a row that open it.
    pub(crate) failures: u32,
    /// How long it refuses.
    pub(crate) open_for: Duration,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
    /// Somebody tries whether it works again.
    trying: bool,
}

impl Breaker {
    pub(crate) fn new(name: &'static str, limits: Option<Limits>) -> Breaker {
        Breaker { name, limits, state: Mutex::default() }
    }

    /// Whether the next call may be made. After the time is over it says yes to one caller.
    pub(crate) fn allows(&self) -> bool {
        let Ok(mut state) = self.state.lock() else { return true };
        match state.open_until {
            None => true,
            Some(until) if Instant::now() < until || state.trying => false,
            Some(_) => {
                state.trying = true;
                true
            }
        }
    }

    /// Learns how a call that was allowed went.
    pub(crate) fn learn(&self, worked: bool) {
        let Some(limits) = self.limits else { return };
        let Ok(mut state) = self.state.lock() else { return };
        state.trying = false;
        if worked {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= limits.failures {
            state.open_until = Instant::now().checked_add(limits.open_for);
        }
    }

    /// Whether it refuses at the moment.
    pub(crate) fn is_open(&self) -> bool {
        self.state.lock().is_ok_and(|state| state.open_until.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_tries_once_and_closes() {
        let limits = Limits { failures: 2, open_for: Duration::from_millis(20) };
        let breaker = Breaker::new("test", Some(limits));
        breaker.learn(false);
        breaker.learn(true);
        breaker.learn(false);
        assert!(breaker.allows() && !breaker.is_open());
        breaker.learn(false);
        assert!(!breaker.allows() && breaker.is_open());
        std::thread::sleep(Duration::from_millis(25));
        assert!(breaker.allows(), "one may try");
        assert!(!breaker.allows(), "only one");
        breaker.learn(false);
        assert!(!breaker.allows());
        std::thread::sleep(Duration::from_millis(25));
        assert!(breaker.allows());
        breaker.learn(true);
        assert!(breaker.allows() && !breaker.is_open());
    }

    #[test]
    fn without_limits_it_never_opens() {
        let breaker = Breaker::new("test", None);
        (0..100).for_each(|_| breaker.learn(false));
        assert!(breaker.allows() && !breaker.is_open());
    }
}
