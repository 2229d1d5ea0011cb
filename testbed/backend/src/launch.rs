//! Starts the backend with a private database and a known environment, for demos and tests, and
//! stops all of it when dropped.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use testbed_servers::{Postgres, PostgresOptions, ServerError, Service, ServiceOptions};

use crate::fault::Fault;
use crate::random;

/// Which database the backend gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A private server with the 450 connections of S0.
    Postgres,
    /// A file in a temporary folder.
    Sqlite,
}

impl DatabaseKind {
    /// Postgres where its programs are on this machine, else SQLite.
    pub fn of_this_machine() -> DatabaseKind {
        match Postgres::find() {
            Some(_) => DatabaseKind::Postgres,
            None => DatabaseKind::Sqlite,
        }
    }
}

/// What to start.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The path of the built `backend` binary.
    pub program: PathBuf,
    /// Its database.
    pub database: DatabaseKind,
    /// The faults that are switched on; none is the healthy system.
    pub faults: Vec<Fault>,
    /// How many instances the deployment says it runs (one is started).
    pub instances: u32,
    /// How long the backend may take until it listens.
    pub limit: Duration,
}

impl Launch {
    /// The healthy system of S0: four instances, the best database of this machine.
    pub fn healthy(program: impl Into<PathBuf>) -> Launch {
        Launch {
            program: program.into(),
            database: DatabaseKind::of_this_machine(),
            faults: Vec::new(),
            instances: 4,
            limit: Duration::from_secs(30),
        }
    }
}

/// The backend could not be started or stopped. Texts carry its last log lines, which hold no secret.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The backend or its private database did not start or stop.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A secret could not be made.
    #[error("failed to make {what}")]
    Random {
        /// What was to be made.
        what: &'static str,
        /// The operating system's answer.
        source: io::Error,
    },
}

/// A running backend with its database. Dropping it stops both and removes their files.
#[derive(Debug)]
pub struct Running {
    // The order matters: the backend stops first, then its database.
    service: Service,
    postgres: Option<Postgres>,
    environment: Environment,
    database: DatabaseKind,
}

/// Variables by name, shown without their values.
struct Environment(BTreeMap<String, String>);

impl std::fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

impl Running {
    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        self.service.base_url()
    }

    /// The environment the backend runs in, with the faults, plus `BACKEND_URL`. Whoever judges the
    /// backend gets the same. It holds secrets.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment.0
    }

    /// Which database it has.
    pub fn database(&self) -> DatabaseKind {
        self.database
    }

    /// All that the backend wrote to stderr so far.
    pub fn log(&self) -> Result<String, LaunchError> {
        Ok(self.service.log()?)
    }

    /// Stops the private Postgres under the running backend. Without one it does nothing.
    pub fn stop_database(&mut self) -> Result<(), LaunchError> {
        match self.postgres.take() {
            Some(postgres) => Ok(postgres.stop()?),
            None => Ok(()),
        }
    }

    /// Sends SIGTERM and waits until the backend has answered what is under way.
    pub fn stop(self) -> Result<ExitStatus, LaunchError> {
        Ok(self.service.stop()?)
    }
}

/// Starts the private database and the backend, and waits until it listens.
pub fn launch(launch: &Launch) -> Result<Running, LaunchError> {
    let folder = Service::folder("backend")?;
    let (postgres, database_url) = start_database(launch.database, folder.path())?;
    let mut environment = healthy_environment(database_url, launch.instances)?;
    for fault in &launch.faults {
        fault.environment(&mut environment);
    }
    let behaviours = launch.faults.iter().filter(|fault| fault.is_behaviour());
    let options = ServiceOptions {
        name: "the backend",
        program: &launch.program,
        arguments: behaviours.flat_map(|fault| ["--fault".to_owned(), fault.name().to_owned()]).collect(),
        environment: &environment,
        limit: launch.limit,
    };
    let service = Service::start(&options, folder)?;
    environment.insert("BACKEND_URL".to_owned(), service.base_url().to_owned());
    let environment = Environment(environment);
    Ok(Running { service, postgres, environment, database: launch.database })
}

fn start_database(kind: DatabaseKind, folder: &Path) -> Result<(Option<Postgres>, String), LaunchError> {
    match kind {
        DatabaseKind::Postgres => {
            let options = PostgresOptions::default().set("max_connections", "450");
            let postgres = Postgres::start(&options)?;
            let url = postgres.dsn();
            Ok((Some(postgres), url))
        }
        DatabaseKind::Sqlite => {
            Ok((None, format!("sqlite://{}?mode=rwc", folder.join("backend.db").display())))
        }
    }
}

fn healthy_environment(
    database_url: String,
    instances: u32,
) -> Result<BTreeMap<String, String>, LaunchError> {
    let secret = random::base64::<48>().map_err(|source| LaunchError::Random { what: "a secret", source })?;
    let password =
        random::base64::<18>().map_err(|source| LaunchError::Random { what: "a password", source })?;
    let pairs = [
        ("APP_INSTANCES", instances.to_string()),
        ("CONNECTION_POOL_SIZE", "20".to_owned()),
        ("DATABASE_URL", database_url),
        ("JWT_SECRET", secret),
        ("SEED_USER_EMAIL", "ana@example.test".to_owned()),
        ("SEED_USER_PASSWORD", password),
    ];
    Ok(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
