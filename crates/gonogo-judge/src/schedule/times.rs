//! When each task starts and ends, forwards from now and backwards from the end, for one length
//! of each task; and the longest way.

use std::cmp::Reverse;

/// The times of every task.
pub(super) struct Times {
    pub(super) start: Vec<u64>,
    pub(super) finish: Vec<u64>,
    /// From the start of the task to the end of the longest way that it is on. Before launch only.
    pub(super) tail: Vec<u64>,
    /// When the last task before launch is done.
    pub(super) length: u64,
}

impl Times {
    /// `needs` leads from higher positions to lower; the first `before_launch` make the length.
    pub(super) fn of(needs: &[Vec<usize>], lengths: &[u64], before_launch: usize) -> Times {
        let mut times =
            Times { start: vec![0; needs.len()], finish: vec![0; needs.len()], tail: Vec::new(), length: 0 };
        times.forwards(needs, lengths);
        times.backwards(needs, lengths, before_launch);
        times
    }

    /// The same for other lengths, without new space.
    pub(super) fn again(&mut self, needs: &[Vec<usize>], lengths: &[u64]) {
        let before_launch = self.tail.len();
        self.forwards(needs, lengths);
        self.backwards(needs, lengths, before_launch);
    }

    fn forwards(&mut self, needs: &[Vec<usize>], lengths: &[u64]) {
        for (at, needs) in needs.iter().enumerate() {
            let start = needs.iter().map(|need| self.finish[*need]).max().unwrap_or(0);
            self.start[at] = start;
            self.finish[at] = start.saturating_add(lengths[at]);
        }
    }

    fn backwards(&mut self, needs: &[Vec<usize>], lengths: &[u64], before_launch: usize) {
        self.length = self.finish[..before_launch].iter().copied().max().unwrap_or(0);
        self.tail.clear();
        self.tail.resize(before_launch, 0);
        for at in (0..before_launch).rev() {
            // So far it is the longest way after the task.
            let tail = self.tail[at].saturating_add(lengths[at]);
            self.tail[at] = tail;
            for need in &needs[at] {
                self.tail[*need] = self.tail[*need].max(tail);
            }
        }
    }

    /// When the task must start for the length to hold.
    pub(super) fn latest_start(&self, at: usize) -> u64 {
        self.length.saturating_sub(self.tail[at])
    }

    /// How much later it may start.
    pub(super) fn slack(&self, at: usize) -> u64 {
        self.latest_start(at).saturating_sub(self.start[at])
    }

    /// How many tasks may not start later.
    pub(super) fn without_slack(&self) -> usize {
        (0..self.tail.len()).filter(|at| self.slack(*at) == 0).count()
    }

    /// The longest way, first task first. Of equally long ones the one with more tasks, then the
    /// one that comes first in the order.
    pub(super) fn longest(&self, needs: &[Vec<usize>]) -> Vec<usize> {
        let mut steps = vec![1_usize; self.tail.len()];
        let mut before: Vec<Option<usize>> = vec![None; self.tail.len()];
        for at in 0..self.tail.len() {
            let best = needs[at]
                .iter()
                .copied()
                .max_by_key(|need| (self.finish[*need], steps[*need], Reverse(*need)));
            before[at] = best;
            steps[at] = best.map_or(1, |best| steps[best] + 1);
        }
        let last = (0..self.tail.len()).max_by_key(|at| (self.finish[*at], steps[*at], Reverse(*at)));
        let mut way: Vec<usize> = std::iter::successors(last, |at| before[*at]).collect();
        way.reverse();
        way
    }
}
