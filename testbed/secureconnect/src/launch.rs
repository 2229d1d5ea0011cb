//! Starts the system with private servers and sinks, and the repository of those who run it, for
//! demos and tests; stops all of it and removes its files when dropped.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tempfile::TempDir;
use testbed_servers::repository::{self, RepositoryError};
use testbed_servers::{Postgres, PostgresOptions, Redis, ServerError, Service, ServiceOptions, Supervised};

use self::apart::{Apart, Around};
use self::deployed::Deployed;
use crate::fault::{Change, Fault};
use crate::random;

mod apart;
mod deployed;

/// Where one process says where each service is.
const SERVICES: &str = "services.json";
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
    /// Each service in a process of its own, under a supervisor, the objects in an S3 store, and the edge
    /// and the Alertmanager of the repository around them. It needs Redis, nginx and Alertmanager.
    pub apart: bool,
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
            apart: false,
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
    // The order matters: the edge stops first, then the system, then its servers, then their files go.
    _deployed: Option<Deployed>,
    system: System,
    postgres: Option<Postgres>,
    redis: Option<Redis>,
    environment: Environment,
    services: BTreeMap<String, String>,
    folder: PathBuf,
    /// The folder itself; none when the one process has it.
    _kept: Option<TempDir>,
}

/// The processes of the system.
#[derive(Debug)]
enum System {
    Together(Service),
    Apart(Box<Apart>),
}

impl System {
    fn base_url(&self) -> &str {
        match self {
            System::Together(service) => service.base_url(),
            System::Apart(apart) => apart.gateway().base_url(),
        }
    }

    /// Where it is for whoever judges it, by name.
    fn whereabouts(&self) -> Vec<(String, String)> {
        let url = ("URL".to_owned(), self.base_url().to_owned());
        match self {
            System::Together(service) => vec![url, ("PID".to_owned(), service.pid().to_string())],
            System::Apart(apart) => {
                let file = |(name, service): (&str, &Supervised)| {
                    (format!("{}_PIDFILE", name.to_uppercase()), service.pid_file().display().to_string())
                };
                apart.services().map(file).chain([url]).collect()
            }
        }
    }
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
        self.system.base_url()
    }

    /// The addresses of all services, by name; also of the gateway.
    pub fn services(&self) -> &BTreeMap<String, String> {
        &self.services
    }

    /// The environment of the system, with the faults, and where it is for whoever judges it:
    /// `SECURECONNECT_URL`, `SECURECONNECT_LOGS` (the folder that is collected),
    /// `SECURECONNECT_REPOSITORY`, the address of each service, and the process ids of the system and of its
    /// private servers. Apart, each service has a pid file instead, as in `SECURECONNECT_CHAT_PIDFILE`, and
    /// `SECURECONNECT_CACHE_PROXY` and `SECURECONNECT_OBJECTS_PROXY` are where those are made to hiccup, and
    /// `SECURECONNECT_EDGE_URL` (with `SECURECONNECT_EDGE_AUTHORITY`) and `SECURECONNECT_ALERTMANAGER_URL` what
    /// is deployed around them. It holds secrets.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment.0
    }

    /// The copy of the repository, with the faults.
    pub fn repository(&self) -> PathBuf {
        self.folder.join("repository")
    }

    /// The folder in which the objects are.
    pub fn objects(&self) -> PathBuf {
        self.folder.join("objects")
    }

    /// All lines that the collector of logs gets.
    pub fn log(&self) -> Result<String, LaunchError> {
        let files = std::fs::read_dir(self.folder.join("logs"));
        let read = files.and_then(|files| files.map(|file| std::fs::read_to_string(file?.path())).collect());
        read.map_err(failed("read the log"))
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

    /// Sends SIGTERM and waits until the system has answered what is under way. Its exit status; none of
    /// several processes.
    pub fn stop(self) -> Result<Option<ExitStatus>, LaunchError> {
        match self.system {
            System::Together(service) => Ok(Some(service.stop()?)),
            System::Apart(_) => Ok(None),
        }
    }
}

/// Starts the private servers and the system, and waits until it listens.
pub fn launch(launch: &Launch) -> Result<Running, LaunchError> {
    let folder = Service::folder("secureconnect")?;
    let at = folder.path().to_owned();
    copy_repository(launch, &at.join("repository"))?;
    // What collects logs is there before anybody writes any.
    std::fs::create_dir_all(at.join("logs")).map_err(failed("make the folder of the logs"))?;
    let postgres = launch.postgres.then(|| Postgres::start(&PostgresOptions::default())).transpose()?;
    let redis = (launch.redis || launch.apart).then(Redis::start).transpose()?;
    let mut environment = healthy_environment(&at, postgres.as_ref(), redis.as_ref())?;
    let around = redis.as_ref().filter(|_| launch.apart).map(Around::start).transpose()?;
    environment.extend(around.as_ref().map(Around::environment).unwrap_or_default());
    environment.extend(launch.environment.clone());
    for fault in &launch.faults {
        if let Change::Environment(change) = fault.change {
            change(&mut environment);
        }
    }
    let (system, kept) = start(launch, &environment, folder, around)?;
    let services = addresses(&system, &at)?;
    let deployed = launch.apart.then(|| {
        let mail = environment.get("SMTP_URL").map_or("", String::as_str);
        Deployed::start(&at.join("repository"), &at, system.base_url(), mail)
    });
    let deployed = deployed.transpose()?;
    for (name, url) in &services {
        environment.insert(format!("SECURECONNECT_{}_URL", name.to_uppercase()), url.clone());
    }
    let servers = [
        ("POSTGRES_PID", postgres.as_ref().map(Postgres::pid)),
        ("REDIS_PID", redis.as_ref().map(Redis::pid)),
    ];
    let servers = servers.into_iter().filter_map(|(name, pid)| Some((name.to_owned(), pid?.to_string())));
    let around = deployed.iter().flat_map(Deployed::whereabouts);
    let whereabouts = system.whereabouts().into_iter().chain(servers).chain(around).chain([
        ("PROGRAM".to_owned(), launch.program.display().to_string()),
        ("LOGS".to_owned(), at.join("logs").display().to_string()),
        ("REPOSITORY".to_owned(), at.join("repository").display().to_string()),
    ]);
    environment.extend(whereabouts.map(|(name, value)| (format!("SECURECONNECT_{name}"), value)));
    let environment = Environment(environment);
    Ok(Running {
        _deployed: deployed,
        system,
        postgres,
        redis,
        environment,
        services,
        folder: at,
        _kept: kept,
    })
}

/// The repository of those who run it, with the faults, as of today.
fn copy_repository(launch: &Launch, to: &Path) -> Result<(), LaunchError> {
    let edits = launch.faults.iter().flat_map(|fault| match fault.change {
        Change::Repository(edits) => edits,
        _ => &[],
    });
    repository::copy(Path::new(REPOSITORY), to, edits)?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(repository::fill_in(to, &[("{today}", today.to_string())])?)
}

/// Starts the processes. The folder is that of the one process, or is given back.
fn start(
    launch: &Launch,
    environment: &BTreeMap<String, String>,
    folder: TempDir,
    around: Option<Around>,
) -> Result<(System, Option<TempDir>), LaunchError> {
    let behaviours = launch.faults.iter().filter(|fault| matches!(fault.change, Change::Behaviour(_)));
    let options = ServiceOptions {
        name: "secureconnect",
        program: &launch.program,
        arguments: behaviours.flat_map(|fault| ["--fault".to_owned(), fault.name.to_owned()]).collect(),
        environment,
        limit: launch.limit,
    };
    Ok(match around {
        Some(around) => (System::Apart(Box::new(Apart::start(&options, around)?)), Some(folder)),
        None => (System::Together(Service::start(&options, folder)?), None),
    })
}

/// The addresses of all services, by name.
fn addresses(system: &System, folder: &Path) -> Result<BTreeMap<String, String>, LaunchError> {
    if let System::Apart(apart) = system {
        let each = apart.services().map(|(name, service)| (name.to_owned(), service.base_url().to_owned()));
        return Ok(each.collect());
    }
    let text = std::fs::read(folder.join(SERVICES)).map_err(failed("read where the services are"))?;
    serde_json::from_slice(&text).map_err(io::Error::from).map_err(failed("read where the services are"))
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
        ("SERVICES_FILE", path(SERVICES)),
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
