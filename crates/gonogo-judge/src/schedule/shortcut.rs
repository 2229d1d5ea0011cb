//! How much shorter the schedule is when one task is already done, for every task at once.

use super::times::Times;

/// For each task before launch, what its being done now saves.
///
/// Without a task the longest way either still leads through its place or goes around it. A way
/// around jumps over the place: it begins after it, ends before it, or has an arrow from before
/// to behind. So one pass over the arrows, longest first, answers for all places.
pub(super) fn saves(needs: &[Vec<usize>], times: &Times, before_launch: usize) -> Vec<u64> {
    let around = around(needs, times, before_launch);
    let saved = |at: usize| {
        let takes = times.finish[at].saturating_sub(times.start[at]);
        let through = times.start[at].saturating_add(times.tail[at]).saturating_sub(takes);
        times.length.saturating_sub(through.max(around[at]))
    };
    (0..before_launch).map(saved).collect()
}

/// The longest way that does not touch each task.
fn around(needs: &[Vec<usize>], times: &Times, before_launch: usize) -> Vec<u64> {
    let mut around = vec![0; before_launch];
    let mut longest = 0;
    for (around, finish) in around.iter_mut().zip(&times.finish) {
        *around = longest;
        longest = longest.max(*finish);
    }
    longest = 0;
    for (around, tail) in around.iter_mut().zip(&times.tail).rev() {
        *around = longest.max(*around);
        longest = longest.max(*tail);
    }
    let arrows = needs.iter().take(before_launch).enumerate();
    let arrows = arrows.flat_map(|(to, needs)| needs.iter().map(move |from| (*from, to)));
    let jumping = arrows.filter(|(from, to)| from + 1 < *to);
    let mut jumping: Vec<(u64, usize, usize)> =
        jumping.map(|(from, to)| (times.finish[from].saturating_add(times.tail[to]), from, to)).collect();
    jumping.sort_unstable();
    // Every place takes the longest arrow over it, which is the first to reach it.
    let mut open = Unseen::of(before_launch);
    for (way, from, to) in jumping.into_iter().rev() {
        let mut at = open.next(from + 1);
        while at < to {
            around[at] = around[at].max(way);
            open.see(at);
            at = open.next(at + 1);
        }
    }
    around
}

/// The places that no arrow reached yet: the next one is found almost at once.
struct Unseen(Vec<usize>);

impl Unseen {
    fn of(number: usize) -> Unseen {
        Unseen((0..=number).collect())
    }

    /// The first unseen place from `at` on; the number of places when there is none.
    fn next(&mut self, at: usize) -> usize {
        let mut end = at;
        while self.0[end] != end {
            end = self.0[end];
        }
        let mut at = at;
        while self.0[at] != end {
            at = std::mem::replace(&mut self.0[at], end);
        }
        end
    }

    fn see(&mut self, at: usize) {
        self.0[at] = at + 1;
    }
}
