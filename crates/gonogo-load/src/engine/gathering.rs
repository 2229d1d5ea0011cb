//! What all parts of a run tell while it goes on, put together: the recording, the seconds for whoever
//! looks on, and whether so much fails that the run has to end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::live::{Beat, Live, Pulse};
use crate::measure::{Different, Layout, Recording};

/// How often the abort limit is looked at, and over how many looks.
pub(crate) const LOOK: Duration = Duration::from_millis(100);
const LOOKS: usize = 20;

/// What is known so far. A part is a thread of this process or of another.
pub(crate) struct Gathering<P> {
    recording: Recording,
    pulse: Pulse<P>,
    live: Option<watch::Sender<Live>>,
    abort_above: Option<f64>,
    /// Good and failed journeys at the last looks.
    seen: VecDeque<(u64, u64)>,
}

impl<P: Ord + Copy> Gathering<P> {
    pub(crate) fn new(
        layout: Arc<Layout>,
        parts: impl IntoIterator<Item = P>,
        abort_above: Option<f64>,
        live: Option<watch::Sender<Live>>,
    ) -> Gathering<P> {
        let seen = VecDeque::from([(0, 0)]);
        Gathering { recording: Recording::new(layout), pulse: Pulse::new(parts), live, abort_above, seen }
    }

    /// Hears a beat.
    pub(crate) fn hear(&mut self, part: P, beat: &Beat) -> Result<(), Different> {
        self.recording.merge(&beat.piece)?;
        let told = self.pulse.hear(part, beat);
        self.tell(told);
        Ok(())
    }

    /// Nothing is heard any more of these parts.
    pub(crate) fn lose(&mut self, is_lost: impl Fn(&P) -> bool) {
        let told = self.pulse.lose(is_lost);
        self.tell(told);
    }

    fn tell(&self, told: Vec<Live>) {
        if let Some(live) = &self.live {
            told.into_iter().for_each(|second| drop(live.send(second)));
        }
    }

    /// Looks at how many journeys were good and how many failed so far; gives the share that failed of
    /// those of the last looks, when it is above the limit.
    pub(crate) fn look(&mut self, now: (u64, u64)) -> Option<f64> {
        self.seen.push_back(now);
        let before = if self.seen.len() > LOOKS { self.seen.pop_front() } else { self.seen.front().copied() };
        too_many(before.unwrap_or_default(), now, self.abort_above)
    }

    pub(crate) fn into_recording(self) -> Recording {
        self.recording
    }
}

/// The share that failed, when it is above the limit and there are enough to say so.
fn too_many(before: (u64, u64), now: (u64, u64), limit: Option<f64>) -> Option<f64> {
    let (good, failed) = (now.0.saturating_sub(before.0), now.1.saturating_sub(before.1));
    let share = failed as f64 / (good + failed).max(1) as f64;
    limit.filter(|limit| good + failed >= 100 && share > *limit).map(|_| share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_two_seconds_count_and_a_few_are_not_enough() {
        let layout = Arc::new(Layout { tiers: Vec::new(), grain_s: 1 });
        let mut gathering = Gathering::new(layout, [0], Some(0.5), None);
        assert_eq!(gathering.look((0, 99)), None);
        assert_eq!(gathering.look((0, 100)), Some(1.0));
        assert_eq!(gathering.look((100, 100)), None);
        (0..LOOKS).for_each(|_| assert_eq!(gathering.look((9_000, 100)), None));
        // Of 9,300 journeys few failed, but of the last 200 three in four.
        assert_eq!(gathering.look((9_050, 250)), Some(0.75));
    }
}
