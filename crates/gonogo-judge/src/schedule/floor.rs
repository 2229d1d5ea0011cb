//! What no order of the work can beat: for each owner, the best schedule in which that owner may
//! interrupt one thing for another and everybody else is never busy. It is a relaxation, so the
//! real best is never shorter; and more or longer work never lowers it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::network::Network;
use super::times::Times;

/// One thing an owner has to do.
#[derive(Debug, Clone, Copy)]
struct Job {
    /// It cannot start before.
    from: u64,
    takes: u64,
    /// What comes after it takes so long.
    after: u64,
}

/// The bound over all owners. `free` is the schedule in which nobody waits for a person.
pub(super) fn of(network: &Network<'_>, free: &Times, lengths: &[u64]) -> u64 {
    let mut owners: BTreeMap<Option<&str>, Vec<Job>> = BTreeMap::new();
    for (at, task) in network.tasks.iter().take(network.before_launch).enumerate() {
        if task.busy {
            let after = free.tail[at].saturating_sub(lengths[at]);
            let job = Job { from: free.start[at], takes: lengths[at], after };
            owners.entry(task.owner.as_deref()).or_default().push(job);
        }
    }
    owners.into_values().map(one).max().unwrap_or(0).max(free.length)
}

/// At each moment the owner does, of what can be done, that after which most is left.
fn one(mut jobs: Vec<Job>) -> u64 {
    jobs.sort_unstable_by_key(|job| Reverse(job.from));
    let (mut now, mut end) = (0_u64, 0_u64);
    // What is left after it, and what is left of it.
    let mut open: BinaryHeap<(u64, u64)> = BinaryHeap::new();
    loop {
        while let Some(job) = jobs.pop_if(|job| job.from <= now) {
            open.push((job.after, job.takes));
        }
        let next = jobs.last().map(|job| job.from);
        match (open.pop(), next) {
            (Some((after, left)), next) => {
                let until = next.map_or(left, |next| left.min(next.saturating_sub(now)));
                now = now.saturating_add(until);
                match left.saturating_sub(until) {
                    0 => end = end.max(now.saturating_add(after)),
                    left => open.push((after, left)),
                }
            }
            (None, Some(next)) => now = next,
            (None, None) => return end,
        }
    }
}
