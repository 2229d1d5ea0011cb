//! The faults of S0 that can be switched on. A fault is either in the environment that the backend
//! (and whoever judges it) is given, or in how the backend behaves.

use std::collections::BTreeMap;

use clap::ValueEnum;
use clap::builder::PossibleValue;

/// One fault of seed S0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// `JWT_SECRET` is not set.
    NoJwtSecret,
    /// `JWT_SECRET` is far too short.
    WeakJwtSecret,
    /// `JWT_SECRET` is long enough, but it is an example somebody forgot to replace.
    PlaceholderJwtSecret,
    /// `CONNECTION_POOL_SIZE` is not set.
    NoPoolSize,
    /// All instances together may open more connections than the server allows.
    PoolOverLimit,
    /// The database is lost, and `/health` still says that all is well.
    HealthLies,
    /// `/items` and `/health` answer after about 600 ms.
    SlowAnswers,
}

impl Fault {
    /// All faults, in the order they are listed.
    pub const ALL: [Fault; 7] = [
        Fault::NoJwtSecret,
        Fault::WeakJwtSecret,
        Fault::PlaceholderJwtSecret,
        Fault::NoPoolSize,
        Fault::PoolOverLimit,
        Fault::HealthLies,
        Fault::SlowAnswers,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Fault::NoJwtSecret => "no-jwt-secret",
            Fault::WeakJwtSecret => "weak-jwt-secret",
            Fault::PlaceholderJwtSecret => "placeholder-jwt-secret",
            Fault::NoPoolSize => "no-pool-size",
            Fault::PoolOverLimit => "pool-over-limit",
            Fault::HealthLies => "health-lies",
            Fault::SlowAnswers => "slow-answers",
        }
    }

    /// What is wrong, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Fault::NoJwtSecret => "JWT_SECRET is not set, so nobody can log in",
            Fault::WeakJwtSecret => "JWT_SECRET is a short word that can be guessed",
            Fault::PlaceholderJwtSecret => "JWT_SECRET is long, but an example that nobody replaced",
            Fault::NoPoolSize => "CONNECTION_POOL_SIZE is not set, so the library's default is used",
            Fault::PoolOverLimit => "pool size times instances is more than the database server allows",
            Fault::HealthLies => "the database is lost, /items fails, and /health still says ok",
            Fault::SlowAnswers => "/items and /health answer after about 600 ms",
        }
    }

    /// Whether the fault is a flag of the backend, not an edit of its environment.
    pub fn is_behaviour(self) -> bool {
        matches!(self, Fault::HealthLies | Fault::SlowAnswers)
    }

    /// Whether the fault exists only with a database server that limits its connections.
    pub fn needs_postgres(self) -> bool {
        self == Fault::PoolOverLimit
    }

    /// Puts the fault into the environment of a healthy backend. A behaviour changes nothing here.
    pub fn environment(&self, base: &mut BTreeMap<String, String>) {
        let mut set = |name: &str, value: &str| {
            base.insert(name.to_owned(), value.to_owned());
        };
        match self {
            Fault::NoJwtSecret => drop(base.remove("JWT_SECRET")),
            Fault::WeakJwtSecret => set("JWT_SECRET", "tiger7"),
            Fault::PlaceholderJwtSecret => {
                set("JWT_SECRET", "changeme-changeme-changeme-changeme-changeme-changeme-changeme-changeme");
            }
            Fault::NoPoolSize => drop(base.remove("CONNECTION_POOL_SIZE")),
            // All that the server of S0 allows, for each instance: too much even for one.
            Fault::PoolOverLimit => set("CONNECTION_POOL_SIZE", "450"),
            Fault::HealthLies | Fault::SlowAnswers => {}
        }
    }
}

impl ValueEnum for Fault {
    fn value_variants<'a>() -> &'a [Fault] {
        &Fault::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.description()))
    }
}
