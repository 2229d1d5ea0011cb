//! A plan split among threads, processes and machines: by the number of each start or user within
//! its tier. Together the shards are exactly the plan, each start and user in one of them.

use serde::{Deserialize, Serialize};

use super::whole::{Load, Plan};

/// One of so many parts of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which one, from 0.
    pub index: u64,
    /// Of how many.
    pub of: u64,
}

/// A start of an open plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// When, in nanoseconds since the start of the run.
    pub at_ns: u64,
    /// Its tier.
    pub tier: usize,
    /// Its number within the tier.
    pub number: u64,
}

/// A user of a closed plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct User {
    /// Its tier.
    pub tier: usize,
    /// Its number within the tier.
    pub number: u64,
    /// When it is there: from the first up to, not with, the second moment, in nanoseconds.
    pub spans: Vec<(u64, u64)>,
}

impl Shard {
    /// All of a plan.
    pub const WHOLE: Shard = Shard { index: 0, of: 1 };

    /// Part `index` of `of` of this shard.
    #[must_use]
    pub fn part(self, index: u64, of: u64) -> Shard {
        Shard { index: self.index + self.of * index, of: self.of * of }
    }

    /// Whether the start or user with this number within its tier is of this shard.
    pub fn has(self, number: u64) -> bool {
        number % self.of.max(1) == self.index
    }

    /// How many of `count` things that are dealt out one by one are of this shard.
    pub fn count(self, count: u64) -> u64 {
        count.saturating_sub(self.index).div_ceil(self.of.max(1))
    }
}

impl Plan {
    /// The starts of a shard, in order; none when the plan is closed.
    pub fn starts(&self, shard: Shard) -> impl Iterator<Item = Start> + use<> {
        self.clone().into_starts(shard)
    }

    fn into_starts(self, shard: Shard) -> impl Iterator<Item = Start> {
        let count = match self.load() {
            Load::Open { rate, .. } => rate.arrivals(),
            Load::Closed { .. } => 0,
        };
        let mut at = super::profile::Cursor::default();
        (0..count).filter_map(move |n| {
            let (tier, number) = self.mix().of(n);
            let at_ns = shard.has(number).then(|| at.find(self.profile(), n))??;
            Some(Start { at_ns, tier, number })
        })
    }

    /// The users of a shard; none when the plan is open.
    pub fn users(&self, shard: Shard) -> impl Iterator<Item = User> + '_ {
        let users = match self.load() {
            Load::Closed { users } => Some(users),
            Load::Open { .. } => None,
        };
        (0..users.map_or(0, super::Profile::most_users)).filter_map(move |n| {
            let (tier, number) = self.mix().of(n);
            let spans = users.filter(|_| shard.has(number))?.spans(n);
            Some(User { tier, number, spans })
        })
    }
}
