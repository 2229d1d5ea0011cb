//! Moments that two processes mean alike: readings of the machine's monotonic clock, in nanoseconds.
//! An `Instant` cannot be told to anybody.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// What the clock shows now.
pub(super) fn now_ns() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u64::try_from(time.tv_nsec));
    seconds.unwrap_or(0).saturating_mul(1_000_000_000).saturating_add(nanos.unwrap_or(0))
}

/// What it will show at this moment, which is not in the past.
pub(super) fn at(moment: Instant) -> u64 {
    let ahead = moment.saturating_duration_since(Instant::now());
    now_ns().saturating_add(u64::try_from(ahead.as_nanos()).unwrap_or(u64::MAX))
}

/// The moment at which it shows this; now, when that is in the past.
pub(super) fn moment(at_ns: u64) -> Instant {
    let now = Instant::now();
    // Nobody waits for longer than a day, and no sum may run over.
    let ahead = at_ns.saturating_sub(now_ns()).min(86_400_000_000_000);
    now + Duration::from_nanos(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_was_told_is_the_same_moment() {
        let then = Instant::now() + Duration::from_secs(3);
        let off = moment(at(then)).saturating_duration_since(then);
        let off = off.max(then.saturating_duration_since(moment(at(then))));
        assert!(off < Duration::from_secs(1), "{off:?}");
        assert!(moment(0) <= Instant::now() && moment(u64::MAX) > Instant::now());
    }
}
