//! How much load there is: walks that start at a rate, or users of whom each starts the next walk when
//! one is over. It knows no time.

use gonogo_load::plan::{Load, Profile, Refused, Segment};

use super::rate::Rate;
use super::tiers::Tiers;

/// Connections, where nothing is said.
const USUAL_CONNECTIONS: u64 = 100;
const MOST_USERS: u64 = 1_000_000;

/// A level of load, and what makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) model: Model,
    /// Thousandths of a start a second, or of a user.
    pub(super) milli: u64,
}

/// What makes walks start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// A rate, whatever becomes of those before.
    Open { connections: u64 },
    /// The end of the walk before.
    Closed,
}

impl Level {
    /// The level that is written: a rate, or users altogether or by tier.
    pub(super) fn read(
        rate: Option<Rate>,
        users: Option<u64>,
        connections: Option<u64>,
        tiers: &Tiers,
    ) -> Result<Level, String> {
        let users = match (users, tiers.users) {
            (Some(_), Some(_)) => {
                return Err("`users` stands beside the users of tiers; write one of them".to_owned());
            }
            (own, of_tiers) => own.or(of_tiers),
        };
        match (rate, users) {
            (Some(_), Some(_)) => {
                Err("`rate` makes open load and `users` closed load; write one of them".to_owned())
            }
            (None, None) => Err("how much load? Write `rate: 50/s`, or `users: 50`".to_owned()),
            (Some(_), None) if tiers.paced => Err(
                "with a `rate` nobody waits for the next walk; remove `think` and `every`, or write `users`"
                    .to_owned(),
            ),
            (Some(rate), None) => {
                let connections = connections.unwrap_or(USUAL_CONNECTIONS);
                Ok(Level { model: Model::Open { connections }, milli: rate.milli })
            }
            (None, Some(_)) if connections.is_some() => {
                Err("`connections` are for a `rate`; each of `users` has its own".to_owned())
            }
            (None, Some(users @ 1..=MOST_USERS)) => Ok(Level { model: Model::Closed, milli: users * 1_000 }),
            (None, Some(users)) => Err(format!("there are {users} users; write 1 to {MOST_USERS}")),
        }
    }

    /// Load that follows these stretches.
    pub(super) fn load(self, segments: Vec<Segment>) -> Result<Load, Refused> {
        let profile = Profile::new(segments)?;
        Ok(match self.model {
            Model::Open { connections } => Load::Open { rate: profile, connections },
            Model::Closed => Load::Closed { users: profile },
        })
    }

    /// The word for it in facts.
    pub(super) fn word(self) -> &'static str {
        match self.model {
            Model::Open { .. } => "open",
            Model::Closed => "closed",
        }
    }
}
