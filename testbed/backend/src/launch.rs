//! Starts the backend with a private database and a known environment, for demos and tests, and
//! stops all of it when dropped.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use testbed_servers::process::{Child, StopSignal, command};
use testbed_servers::{Postgres, PostgresOptions, ServerError};

use crate::fault::Fault;
use crate::random;

const READY: &str = "listening on ";

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
    /// The private database did not start or stop.
    #[error(transparent)]
    Database(#[from] ServerError),
    /// A file or process could not be used.
    #[error("failed to {action}")]
    Io {
        /// What was tried.
        action: String,
        /// The operating system's answer.
        source: io::Error,
    },
    /// The backend ended instead of listening.
    #[error("the backend ended before it listened; its log:\n{log}")]
    Ended {
        /// All it wrote.
        log: String,
    },
    /// The backend did not listen in time.
    #[error("the backend did not listen within {limit:?}; its log:\n{log}")]
    TooSlow {
        /// How long was waited.
        limit: Duration,
        /// All it wrote.
        log: String,
    },
}

/// A running backend with its database. Dropping it stops both and removes their files.
#[derive(Debug)]
pub struct Running {
    // The order matters: the backend stops first, then its database, then the folder goes.
    child: Child,
    postgres: Option<Postgres>,
    folder: TempDir,
    base_url: String,
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
        &self.base_url
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
        read_log(self.folder.path())
    }

    /// Stops the private Postgres under the running backend. Without one it does nothing.
    pub fn stop_database(&mut self) -> Result<(), LaunchError> {
        match self.postgres.take() {
            Some(postgres) => Ok(postgres.stop()?),
            None => Ok(()),
        }
    }

    /// Sends SIGTERM and waits until the backend has answered what is under way.
    pub fn stop(mut self) -> Result<ExitStatus, LaunchError> {
        self.child.stop().map_err(because("stop the backend"))
    }
}

/// Starts the private database and the backend, and waits until it listens.
pub fn launch(launch: &Launch) -> Result<Running, LaunchError> {
    let folder = tempfile::Builder::new()
        .prefix("testbed-backend-")
        .tempdir()
        .map_err(because("make a temporary folder"))?;
    let (postgres, database_url) = start_database(launch.database, folder.path())?;
    let mut environment = healthy_environment(database_url, launch.instances)?;
    for fault in &launch.faults {
        fault.environment(&mut environment);
    }
    let mut child = start_backend(launch, &environment, folder.path())?;
    let base_url = wait_for_address(&mut child, launch.limit, folder.path())?;
    environment.insert("BACKEND_URL".to_owned(), base_url.clone());
    let environment = Environment(environment);
    Ok(Running { child, postgres, folder, base_url, environment, database: launch.database })
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
    let secret = random::base64::<48>().map_err(because("make a secret"))?;
    let password = random::base64::<18>().map_err(because("make a password"))?;
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

fn start_backend(
    launch: &Launch,
    environment: &BTreeMap<String, String>,
    folder: &Path,
) -> Result<Child, LaunchError> {
    let log = File::create(folder.join("log")).map_err(because("make the backend's log"))?;
    let mut command = command(&launch.program, StopSignal::Terminate);
    for fault in launch.faults.iter().filter(|fault| fault.is_behaviour()) {
        command.args(["--fault", fault.name()]);
    }
    command.envs(environment).env("PORT", "0").stdout(Stdio::piped()).stderr(log);
    Child::spawn(command, StopSignal::Terminate)
        .map_err(because(&format!("start {}", launch.program.display())))
}

/// Reads the one line the backend prints when it is ready.
fn wait_for_address(child: &mut Child, limit: Duration, folder: &Path) -> Result<String, LaunchError> {
    let stdout = child.take_stdout().ok_or_else(|| because("read the backend's output")(gone()))?;
    let (send, address) = mpsc::channel();
    thread::spawn(move || {
        // Reads to the end, so that the backend never writes into a closed pipe.
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix(READY) {
                let _ = send.send(address.to_owned());
            }
        }
    });
    match address.recv_timeout(limit) {
        Ok(address) => Ok(address),
        Err(RecvTimeoutError::Disconnected) => Err(LaunchError::Ended { log: read_log(folder)? }),
        Err(RecvTimeoutError::Timeout) => Err(LaunchError::TooSlow { limit, log: read_log(folder)? }),
    }
}

fn read_log(folder: &Path) -> Result<String, LaunchError> {
    std::fs::read_to_string(folder.join("log")).map_err(because("read the backend's log"))
}

fn gone() -> io::Error {
    io::Error::from(io::ErrorKind::BrokenPipe)
}

fn because(action: &str) -> impl FnOnce(io::Error) -> LaunchError {
    let action = action.to_owned();
    move |source| LaunchError::Io { action, source }
}
