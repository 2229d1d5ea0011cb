//! What is missing of a run whose worker was lost.

use serde::{Deserialize, Serialize};

use crate::plan::{Load, Plan, Shard};

/// A part of a plan that was not carried out, or of which nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The part.
    pub shard: Shard,
    /// How many users or connections it has.
    pub users: u64,
    /// The first second of which nothing is known; of those before it everything that had ended.
    pub from_s: u32,
    /// How many starts an open plan has in it from there on; `None` of a closed one, whose starts
    /// depend on the target.
    pub starts: Option<u64>,
    /// What became of the worker.
    pub why: String,
}

impl Gap {
    pub(super) fn of(plan: &Plan, shard: Shard, from_s: u32, why: String) -> Gap {
        let starts = match plan.load() {
            Load::Closed { .. } => None,
            Load::Open { .. } => {
                let from_ns = u64::from(from_s) * 1_000_000_000;
                Some(plan.starts(shard).filter(|start| start.at_ns >= from_ns).count() as u64)
            }
        };
        Gap { shard, users: shard.count(plan.most_users()), from_s, starts, why }
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Gap { shard: Shard { index, of }, users, from_s, why, .. } = self;
        write!(
            f,
            "nothing is known of part {} of {of} ({users} users) from second {from_s} on: {why}",
            index + 1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Cap, Pace, Profile, Segment, Tier};

    #[test]
    fn a_gap_says_how_much_of_the_plan_it_is() {
        let rate = Profile::new(vec![Segment::steady(10_000, 40_000)]).unwrap();
        let tier = Tier { name: "a".to_owned(), share: 1, pace: Pace::Every { ms: 1 } };
        let cap = Cap { starts_per_s: 100, lasts_ms: 10_000, users: 100 };
        let plan = Plan::new(Load::Open { rate, connections: 10 }, vec![tier], cap, 1).unwrap();
        let gap = Gap::of(&plan, Shard { index: 1, of: 4 }, 7, "it was killed".to_owned());
        assert_eq!((gap.users, gap.starts), (3, Some(30)));
        assert_eq!(
            gap.to_string(),
            "nothing is known of part 2 of 4 (3 users) from second 7 on: it was killed"
        );
    }
}
