//! How often a user of a closed plan does its journey. Nothing is left to chance: the same seed
//! gives the same pauses on every machine.

use serde::{Deserialize, Serialize};

const NANOS_PER_MS: u64 = 1_000_000;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Pace {
    /// Thinks between one journey and the next, for a time between these; 0 to 0 is no pause.
    Think {
        /// At least, in milliseconds.
        least_ms: u64,
        /// At most, in milliseconds.
        most_ms: u64,
    },
    /// Starts a journey every so many milliseconds, or when the one before ends, if that is later.
    /// Latency counts from when it was to start.
    Every {
        /// Milliseconds from start to start.
        ms: u64,
    },
}

impl Pace {
    /// How long a user waits before its first journey, in nanoseconds, so that users who come at once
    /// do not all ask at once.
    pub fn first_ns(self, seed: u64, user: u64) -> u64 {
        let most = match self {
            Pace::Think { most_ms, .. } => most_ms,
            Pace::Every { ms } => ms,
        };
        share(mixed(seed, user, 0), most.saturating_mul(NANOS_PER_MS))
    }

    /// How long it waits after a journey ended before the `turn`-th one, in nanoseconds; `None` when
    /// it goes by the clock.
    pub fn think_ns(self, seed: u64, user: u64, turn: u64) -> Option<u64> {
        match self {
            Pace::Every { .. } => None,
            Pace::Think { least_ms, most_ms } => {
                let least = least_ms.saturating_mul(NANOS_PER_MS);
                let range = most_ms.saturating_mul(NANOS_PER_MS).saturating_sub(least);
                Some(least + share(mixed(seed, user, turn), range))
            }
        }
    }

    /// Nanoseconds from start to start, when it goes by the clock.
    pub fn every_ns(self) -> Option<u64> {
        match self {
            Pace::Every { ms } => Some(ms.saturating_mul(NANOS_PER_MS)),
            Pace::Think { .. } => None,
        }
    }
}

/// The share of `range` that 64 bits are of all they could be.
fn share(bits: u64, range: u64) -> u64 {
    ((u128::from(bits) * u128::from(range)) >> 64) as u64
}

/// SplitMix64 over seed, user and turn.
fn mixed(seed: u64, user: u64, turn: u64) -> u64 {
    [user, turn].iter().fold(seed, |state, part| {
        let z = state.wrapping_add(part.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_within_bounds_spread_and_the_same_again() {
        let pace = Pace::Think { least_ms: 100, most_ms: 300 };
        let pauses: Vec<u64> = (0..2_000).map(|user| pace.think_ns(7, user, 3).unwrap()).collect();
        assert!(pauses.iter().all(|pause| (100_000_000..300_000_000).contains(pause)));
        let mean = pauses.iter().sum::<u64>() / 2_000;
        assert!((195_000_000..205_000_000).contains(&mean), "{mean}");
        assert_eq!(pauses[5], pace.think_ns(7, 5, 3).unwrap());
        assert_ne!(pauses[5], pace.think_ns(8, 5, 3).unwrap());
        assert_ne!(pauses[5], pace.think_ns(7, 5, 4).unwrap());
    }

    #[test]
    fn those_who_go_by_the_clock_are_spread_over_one_turn() {
        let pace = Pace::Every { ms: 1_000 };
        let early = (0..2_000).filter(|user| pace.first_ns(1, *user) < 500_000_000).count();
        assert!((900..1_100).contains(&early), "{early}");
        assert_eq!((pace.every_ns(), pace.think_ns(1, 1, 1)), (Some(1_000_000_000), None));
    }
}
