//! The backend of seed S0, with its database.

use std::collections::BTreeMap;
use std::time::Duration;

use testbed_backend::{DatabaseKind, Fault as Of, Launch, Running as Launched, launch};

use super::{Fault, Programs, Running, System};

/// The system on this machine.
pub(super) fn system() -> System {
    let database = DatabaseKind::of_this_machine();
    let (environment, with) = match database {
        DatabaseKind::Postgres => ("staging", "a private Postgres"),
        DatabaseKind::Sqlite => ("laptop", "SQLite (this machine has no Postgres binaries)"),
    };
    let possible = |of: &Of| database == DatabaseKind::Postgres || !of.needs_postgres();
    let faults: Vec<Fault> = Of::ALL
        .into_iter()
        .filter(possible)
        .map(|of| Fault {
            name: of.name(),
            description: of.description(),
            findings: vec![finding(of, database)],
            together: None,
        })
        .collect();
    System {
        name: "backend",
        title: format!("the backend with {with}"),
        spec: "testbed/backend/gonogo.yaml",
        environment,
        left_out: Of::ALL.len() - faults.len(),
        missing: Vec::new(),
        faults,
        timed: true,
        seed: vec![Of::NoJwtSecret.name(), Of::NoPoolSize.name()],
        seed_score: "0/1",
        start,
    }
}

/// The finding each fault must make.
fn finding(of: Of, database: DatabaseKind) -> &'static str {
    match of {
        Of::NoJwtSecret | Of::WeakJwtSecret | Of::PlaceholderJwtSecret => "secrets/jwt-secret/JWT_SECRET",
        Of::NoPoolSize | Of::PoolOverLimit => match database {
            DatabaseKind::Postgres => "secrets/pool-size/database",
            DatabaseKind::Sqlite => "secrets/pool-size/CONNECTION_POOL_SIZE",
        },
        Of::HealthLies => "runtime/health-truth//items",
        Of::SlowAnswers => "runtime/answers-fast//items",
    }
}

fn start(programs: &Programs, faults: &[&str]) -> anyhow::Result<Box<dyn Running>> {
    let faults = Of::ALL.into_iter().filter(|of| faults.contains(&of.name())).collect();
    let limit = Duration::from_secs(60);
    Ok(Box::new(launch(&Launch { faults, limit, ..Launch::healthy(programs.of("backend")) })?))
}

impl Running for Launched {
    fn base_url(&self) -> &str {
        self.base_url()
    }

    fn environment(&self) -> &BTreeMap<String, String> {
        self.environment()
    }
}
