//! Moments that two processes mean alike: readings of the machine's monotonic clock, in nanoseconds.
//! An `Instant` cannot be told to anybody. Clocks of two machines show different times; what the one
//! shows is worked out from how long it took until it was known.

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

/// The moment at which it shows this. One that is over stays what it was, so that whoever is late
/// knows how late.
pub(super) fn moment(at_ns: u64) -> Instant {
    let (now, shows) = (Instant::now(), now_ns());
    // Nobody waits for longer than a day, and no sum may run over.
    let ahead = at_ns.saturating_sub(shows).min(86_400_000_000_000);
    let behind = Duration::from_nanos(shows.saturating_sub(at_ns));
    now.checked_sub(behind).unwrap_or(now) + Duration::from_nanos(ahead)
}

/// How the clock of another process stands to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offset {
    /// What it shows more than ours.
    ahead_ns: i64,
    /// By how much that may be wrong: half the time that asking took (Cristian's algorithm).
    within_ns: u64,
}

impl Offset {
    /// It was asked at one moment of ours, and its answer was here at another.
    pub(super) fn of(asked_ns: u64, shows_ns: u64, heard_ns: u64) -> Offset {
        let within_ns = heard_ns.saturating_sub(asked_ns).div_ceil(2);
        Offset { ahead_ns: shows_ns.wrapping_sub(asked_ns + within_ns).cast_signed(), within_ns }
    }

    /// The surer of two.
    pub(super) fn or(self, other: Offset) -> Offset {
        if other.within_ns < self.within_ns { other } else { self }
    }

    /// What it shows when ours shows this.
    pub(super) fn there(self, here_ns: u64) -> u64 {
        here_ns.saturating_add_signed(self.ahead_ns)
    }

    /// How far both may have been apart while `other` became of it.
    pub(super) fn apart(self, other: Offset) -> Duration {
        Duration::from_nanos(self.ahead_ns.abs_diff(other.ahead_ns).saturating_add(self.worst(other)))
    }

    /// How far both may be apart.
    pub(super) fn within(self) -> Duration {
        Duration::from_nanos(self.within_ns)
    }

    fn worst(self, other: Offset) -> u64 {
        self.within_ns.max(other.within_ns)
    }
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
        let late = moment(now_ns() - 2_000_000_000).elapsed();
        assert!((2.0..3.0).contains(&late.as_secs_f64()), "{late:?}");
    }

    #[test]
    fn another_clock_is_known_to_half_the_time_of_asking() {
        // It is 7,000 ahead; the way there takes 30, the way back 10.
        let slow = Offset::of(1_000, 8_030, 1_040);
        assert_eq!((slow.there(2_000), slow.within_ns), (9_010, 20));
        let quick = Offset::of(5_000, 12_003, 5_004);
        assert_eq!(slow.or(quick), quick);
        assert_eq!(quick.there(2_000), 9_001);
        assert_eq!(slow.apart(quick), Duration::from_nanos(9 + 20));
        // A machine that has just been started is behind one that runs for years.
        assert_eq!(Offset::of(9_000, 500, 9_000).there(9_100), 600);
    }
}
