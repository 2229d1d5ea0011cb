//! Starts the system with private servers and sinks, and the repository of those who run it, for
//! demos and tests; stops all of it and removes its files when dropped.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use testbed_servers::repository::{self, RepositoryError};
use testbed_servers::{Postgres, PostgresOptions, Redis, ServerError, Service, ServiceOptions};

use crate::fault::{Change, Fault};
use crate::random;

/// The healthy repository.
const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/repository");

/// What to start.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The path of the built `secureconnect` binary.
    pub program: PathBuf,
    /// With a private Postgres; else the rows are in a file.
    pub postgres: bool,
    /// With a private Redis; else short-lived values are in the process.
    pub redis: bool,
    /// The faults that are switched on; none is the healthy system.
    pub faults: Vec<&'static Fault>,
    /// What the environment says beside what is healthy, e.g. where sinks are.
    pub environment: BTreeMap<String, String>,
    /// How long a process may take until it listens.
    pub limit: Duration,
}

impl Launch {
    /// The healthy system with the best servers of this machine.
    pub fn healthy(program: impl Into<PathBuf>) -> Launch {
        Launch {
            program: program.into(),
            postgres: Postgres::find().is_some(),
            redis: Redis::find().is_some(),
            faults: Vec::new(),
            environment: BTreeMap::new(),
            limit: Duration::from_secs(30),
        }
    }

    /// The same with one more variable.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl ToString) -> Launch {
        self.environment.insert(name.to_owned(), value.to_string());
        self
    }
}

/// The system could not be started or stopped. Texts carry its last log lines, which hold no secret.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// A process or a private server did not start or stop.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The repository could not be copied.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// A file or a secret could not be made or read.
    #[error("failed to {action}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The operating system's answer.
        source: io::Error,
    },
}

fn failed(action: &'static str) -> impl FnOnce(io::Error) -> LaunchError {
    move |source| LaunchError::Io { action, source }
}

/// A running system with its servers. Dropping it stops all and removes their files.
#[derive(Debug)]
pub struct Running {
    // The order matters: the system stops first, then its servers.
    service: Service,
    postgres: Option<Postgres>,
    redis: Option<Redis>,
    environment: Environment,
    services: BTreeMap<String, String>,
}

/// Variables by name, shown without their values.
struct Environment(BTreeMap<String, String>);

impl std::fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

impl Running {
    /// `http://127.0.0.1:PORT` of the gateway.
    pub fn base_url(&self) -> &str {
        self.service.base_url()
    }

    /// The addresses of all services, by name; also of the gateway.
    pub fn services(&self) -> &BTreeMap<String, String> {
        &self.services
    }

    /// The environment of the system, with the faults, and where it is for whoever judges it:
    /// `SECURECONNECT_URL`, `SECURECONNECT_LOGS` (the folder that is collected) and
    /// `SECURECONNECT_REPOSITORY`. It holds secrets.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment.0
    }

    /// The copy of the repository, with the faults.
    pub fn repository(&self) -> PathBuf {
        self.service.path().join("repository")
    }

    /// The folder in which the objects are.
    pub fn objects(&self) -> PathBuf {
        self.service.path().join("objects")
    }

    /// All lines that the collector of logs gets.
    pub fn log(&self) -> Result<String, LaunchError> {
        let path = self.service.path().join("logs").join("all.log");
        match std::fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            read => read.map_err(failed("read the log")),
        }
    }

    /// The private Postgres, if there is one.
    pub fn postgres(&self) -> Option<&Postgres> {
        self.postgres.as_ref()
    }

    /// Stops the private Postgres under the running system.
    pub fn stop_postgres(&mut self) -> Result<(), LaunchError> {
        Ok(self.postgres.take().map_or(Ok(()), Postgres::stop)?)
    }

    /// Stops the private Redis under the running system, and keeps its port for a return.
    pub fn stop_redis(&mut self) -> Result<(), LaunchError> {
        Ok(self.redis.as_mut().map_or(Ok(()), Redis::pause)?)
    }

    /// Starts the private Redis again, empty.
    pub fn return_redis(&mut self) -> Result<(), LaunchError> {
        Ok(self.redis.as_mut().map_or(Ok(()), Redis::resume)?)
    }

    /// Sends SIGTERM and waits until the system has answered what is under way.
    pub fn stop(self) -> Result<ExitStatus, LaunchError> {
        Ok(self.service.stop()?)
    }
}

/// Starts the private servers and the system, and waits until it listens.
pub fn launch(launch: &Launch) -> Result<Running, LaunchError> {
    let folder = Service::folder("secureconnect")?;
    let at = folder.path().to_owned();
    let edits = launch.faults.iter().flat_map(|fault| match fault.change {
        Change::Repository(edits) => edits,
        _ => &[],
    });
    repository::copy(Path::new(REPOSITORY), &at.join("repository"), edits)?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    repository::fill_in(&at.join("repository"), &[("{today}", today.to_string())])?;
    let postgres = launch.postgres.then(|| Postgres::start(&PostgresOptions::default())).transpose()?;
    let redis = launch.redis.then(Redis::start).transpose()?;
    let mut environment = healthy_environment(&at, postgres.as_ref(), redis.as_ref())?;
    environment.extend(launch.environment.clone());
    for fault in &launch.faults {
        if let Change::Environment(change) = fault.change {
            change(&mut environment);
        }
    }
    let behaviours = launch.faults.iter().filter(|fault| matches!(fault.change, Change::Behaviour(_)));
    let options = ServiceOptions {
        name: "secureconnect",
        program: &launch.program,
        arguments: behaviours.flat_map(|fault| ["--fault".to_owned(), fault.name.to_owned()]).collect(),
        environment: &environment,
        limit: launch.limit,
    };
    let service = Service::start(&options, folder)?;
    let text = std::fs::read(at.join("services.json")).map_err(failed("read where the services are"))?;
    let services: BTreeMap<String, String> = serde_json::from_slice(&text)
        .map_err(io::Error::from)
        .map_err(failed("read where the services are"))?;
    for (name, value) in [
        ("SECURECONNECT_URL", service.base_url().to_owned()),
        ("SECURECONNECT_LOGS", at.join("logs").display().to_string()),
        ("SECURECONNECT_REPOSITORY", at.join("repository").display().to_string()),
    ] {
        environment.insert(name.to_owned(), value);
    }
    for (name, url) in &services {
        environment.insert(format!("SECURECONNECT_{}_URL", name.to_uppercase()), url.clone());
    }
    let environment = Environment(environment);
    Ok(Running { service, postgres, redis, environment, services })
}

/// Small limits, so that whoever looks at timeouts and breakers need not wait long.
fn healthy_environment(
    folder: &Path,
    postgres: Option<&Postgres>,
    redis: Option<&Redis>,
) -> Result<BTreeMap<String, String>, LaunchError> {
    let secret = || random::text::<48>().map_err(failed("make a secret"));
    let path = |name: &str| folder.join(name).display().to_string();
    let database = postgres.map_or_else(|| format!("sqlite://{}?mode=rwc", path("rows.db")), Postgres::dsn);
    let mut pairs = vec![
        ("DATABASE_URL", database),
        ("DATABASE_POOL", "20".to_owned()),
        ("OBJECTS_DIR", path("objects")),
        ("OBJECTS_SECRET", secret()?),
        ("JWT_SECRET", secret()?),
        ("TURN_SECRET", secret()?),
        ("TURN_URIS", "turn:127.0.0.1:3478?transport=udp".to_owned()),
        ("MAIL_FROM", "no-reply@secureconnect.test".to_owned()),
        ("ALLOWED_ORIGINS", "https://app.secureconnect.test".to_owned()),
        ("LOG_DIR", path("logs")),
        ("SERVICES_FILE", path("services.json")),
        ("REQUEST_TIMEOUT_MS", "4000".to_owned()),
        ("QUERY_TIMEOUT_MS", "1500".to_owned()),
        ("PROXY_TIMEOUT_MS", "6000".to_owned()),
        ("AI_TIMEOUT_MS", "1000".to_owned()),
        ("BREAKER_FAILURES", "3".to_owned()),
        ("BREAKER_OPEN_MS", "2000".to_owned()),
    ];
    if let Some(redis) = redis {
        pairs.push(("REDIS_URL", redis.url()));
    }
    Ok(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
