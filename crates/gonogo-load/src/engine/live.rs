//! What a run looks like while it goes on: each second, once all of its parts have told of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::measure::{Part, Percentiles, Recording, Tally};

/// A second of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Live {
    /// The second, since the start of the run.
    pub second: u32,
    /// How many journeys were to start in it.
    pub started: u64,
    /// How many good ones ended in it.
    pub finished: u64,
    /// How many failures of the target are known of those that were to start in it.
    pub failed: u64,
    /// How many users are under way.
    pub users: u64,
    /// How long the good ones took.
    pub latency: Option<Percentiles>,
    /// How late the generator was.
    pub lag: Option<Percentiles>,
}

/// What a thread says when seconds are over: everything it counted since it last said something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Beat {
    /// Which thread of its process.
    pub(crate) thread: usize,
    /// The seconds that are over: from the first up to, not with, the last.
    pub(crate) seconds: (u32, u32),
    pub(crate) users: u64,
    /// What came of the requests that ended meanwhile, whichever second they are of.
    pub(crate) piece: Recording,
    /// It says nothing any more.
    pub(crate) is_last: bool,
}

/// Puts the beats of all parts of a run together. A part is a thread here or elsewhere.
#[derive(Debug)]
pub(crate) struct Pulse<P> {
    parts: BTreeSet<P>,
    seconds: BTreeMap<u32, Second<P>>,
}

#[derive(Debug)]
struct Second<P> {
    heard: BTreeSet<P>,
    users: u64,
    tally: Tally,
}

impl<P: Ord + Copy> Pulse<P> {
    pub(crate) fn new(parts: impl IntoIterator<Item = P>) -> Pulse<P> {
        Pulse { parts: parts.into_iter().collect(), seconds: BTreeMap::new() }
    }

    /// Hears a beat of a part; gives the seconds that all have told of by now.
    pub(crate) fn hear(&mut self, part: P, beat: &Beat) -> Vec<Live> {
        for second in beat.seconds.0..beat.seconds.1 {
            let none = || Second { heard: BTreeSet::new(), users: 0, tally: Tally::default() };
            let told = self.seconds.entry(second).or_insert_with(none);
            told.users += if told.heard.insert(part) { beat.users } else { 0 };
            told.tally.merge(&beat.piece.second(Part::All, second));
        }
        if beat.is_last {
            self.parts.remove(&part);
        }
        self.told()
    }

    /// Nothing is heard any more of these; gives the seconds that all others have told of by now.
    pub(crate) fn lose(&mut self, is_lost: impl Fn(&P) -> bool) -> Vec<Live> {
        self.parts.retain(|part| !is_lost(part));
        self.told()
    }

    fn told(&mut self) -> Vec<Live> {
        let mut told = Vec::new();
        while let Some(next) = self.seconds.first_entry() {
            if !self.parts.is_subset(&next.get().heard) {
                break;
            }
            let (second, Second { users, tally, .. }) = next.remove_entry();
            told.push(Live {
                second,
                started: tally.started,
                finished: tally.finished,
                failed: tally.failed_by_target(),
                users,
                latency: tally.good.percentiles(),
                lag: tally.lag.percentiles(),
            });
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::measure::{Layout, TierLayout, Timing};

    /// A beat of these seconds, in each of which so many started.
    fn beat(seconds: (u32, u32), each: u64, is_last: bool) -> Beat {
        let tiers = vec![TierLayout { name: "a".to_owned(), steps: Vec::new() }];
        let mut piece = Recording::new(Arc::new(Layout { tiers, grain_s: 1 }));
        for second in seconds.0..seconds.1 {
            let intended_us = u64::from(second) * 1_000_000;
            (0..each).for_each(|_| piece.journey(0, Timing { intended_us, ended_us: intended_us + 5 }, None));
        }
        Beat { thread: 0, seconds, users: 3, piece, is_last }
    }

    fn shown(lives: &[Live]) -> Vec<(u32, u64, u64)> {
        lives.iter().map(|live| (live.second, live.started, live.users)).collect()
    }

    #[test]
    fn a_second_is_told_when_all_have_told_of_it() {
        let mut pulse = Pulse::new([1, 2]);
        assert_eq!(shown(&pulse.hear(1, &beat((0, 2), 1, false))), []);
        assert_eq!(shown(&pulse.hear(2, &beat((0, 1), 4, false))), [(0, 5, 6)]);
        assert_eq!(shown(&pulse.hear(2, &beat((1, 2), 4, false))), [(1, 5, 6)]);
    }

    #[test]
    fn who_has_ended_or_was_lost_is_waited_for_no_longer() {
        let mut pulse = Pulse::new([1, 2, 3]);
        assert_eq!(shown(&pulse.hear(1, &beat((0, 1), 1, true))), []);
        assert_eq!(shown(&pulse.hear(2, &beat((0, 2), 1, false))), []);
        assert_eq!(shown(&pulse.lose(|part| *part == 3)), [(0, 2, 6), (1, 1, 3)]);
    }
}
