//! A whole plan, and the caps it must keep. A plan that would go beyond them is refused before
//! anything is sent.

use serde::{Deserialize, Serialize};

use super::Refused;
use super::mix::Mix;
use super::pace::Pace;
use super::profile::Profile;

const NANOS_PER_MS: u64 = 1_000_000;

/// What is sent, when and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Plan {
    written: Written,
    mix: Mix,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    load: Load,
    tiers: Vec<Tier>,
    cap: Cap,
    seed: u64,
}

/// What makes journeys start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Load {
    /// The open model: journeys start at a rate, whatever becomes of those before.
    Open {
        /// Starts a second.
        rate: Profile,
        /// How many can be under way at once, each with its own connection. One that finds all of
        /// them busy waits, and its latency counts from when it was to start.
        connections: u64,
    },
    /// The closed model: so many users, each of whom starts a journey when the last one is done.
    Closed {
        /// How many users.
        users: Profile,
    },
}

/// A group of users who do the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name.
    pub name: String,
    /// Its share of all users or starts, in proportion to the others'.
    pub share: u64,
    /// How often its users start, in a closed plan.
    pub pace: Pace,
}

/// What must never be exceeded, whatever the rest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Journeys that start in a second, at most. A closed plan is slowed down to it.
    pub starts_per_s: u64,
    /// How long load lasts, at most, in milliseconds.
    pub lasts_ms: u64,
    /// Users or connections, at most.
    pub users: u64,
}

impl Plan {
    /// A plan.
    ///
    /// # Errors
    /// [`Refused`] when it exceeds its caps, or has no tiers or none with a share.
    pub fn new(load: Load, tiers: Vec<Tier>, cap: Cap, seed: u64) -> Result<Plan, Refused> {
        Written { load, tiers, cap, seed }.try_into()
    }

    /// What makes journeys start.
    pub fn load(&self) -> &Load {
        &self.written.load
    }

    /// The tiers.
    pub fn tiers(&self) -> &[Tier] {
        &self.written.tiers
    }

    /// What is never exceeded.
    pub fn cap(&self) -> Cap {
        self.written.cap
    }

    /// What pauses are made from.
    pub fn seed(&self) -> u64 {
        self.written.seed
    }

    /// Who is of which tier.
    pub fn mix(&self) -> &Mix {
        &self.mix
    }

    /// How long it lasts, in nanoseconds.
    pub fn lasts_ns(&self) -> u64 {
        self.profile().lasts_ns()
    }

    /// How many users, or connections, there are at most.
    pub fn most_users(&self) -> u64 {
        match self.load() {
            Load::Open { connections, .. } => *connections,
            Load::Closed { users } => users.most_users(),
        }
    }

    pub(super) fn profile(&self) -> &Profile {
        match self.load() {
            Load::Open { rate, .. } => rate,
            Load::Closed { users } => users,
        }
    }
}

impl From<Plan> for Written {
    fn from(plan: Plan) -> Written {
        plan.written
    }
}

impl TryFrom<Written> for Plan {
    type Error = Refused;

    fn try_from(written: Written) -> Result<Plan, Refused> {
        let shares: Vec<u64> = written.tiers.iter().map(|tier| tier.share).collect();
        let mix = Mix::new(&shares).ok_or_else(|| {
            Refused("the shares of the tiers are whole numbers, not all 0, such as 60, 30 and 10".to_owned())
        })?;
        written.paces()?;
        let plan = Plan { written, mix };
        plan.within_cap()?;
        Ok(plan)
    }
}

impl Written {
    fn paces(&self) -> Result<(), Refused> {
        for tier in &self.tiers {
            let wrong = match tier.pace {
                Pace::Every { ms: 0 } => "a user cannot start every 0 ms; to go on at once, think for 0 ms",
                Pace::Think { least_ms, most_ms } if least_ms > most_ms => {
                    "it thinks at least longer than at most"
                }
                _ => continue,
            };
            return Err(Refused(format!("tier `{}`: {wrong}", tier.name)));
        }
        Ok(())
    }
}

impl Plan {
    fn within_cap(&self) -> Result<(), Refused> {
        let cap = self.cap();
        let beyond = |what: &str, planned: u64, most: u64| {
            Err(Refused(format!(
                "the plan has {planned} {what}, and its cap is {most}; raise the cap or plan less"
            )))
        };
        if cap.starts_per_s == 0 {
            return Err(Refused("the cap is 0 starts a second; nothing would be sent".to_owned()));
        }
        let lasts_ms = self.lasts_ns() / NANOS_PER_MS;
        if lasts_ms > cap.lasts_ms {
            return beyond("ms of load", lasts_ms, cap.lasts_ms);
        }
        if let Load::Open { rate, connections } = self.load() {
            let peak = rate.peak_milli().div_ceil(1_000);
            if peak > cap.starts_per_s {
                return beyond("starts a second", peak, cap.starts_per_s);
            }
            if *connections == 0 {
                return Err(Refused("with 0 connections nothing can be sent; write at least 1".to_owned()));
            }
        }
        match self.most_users() {
            users if users > cap.users => beyond("users or connections", users, cap.users),
            _ => Ok(()),
        }
    }
}
