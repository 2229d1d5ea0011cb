//! Copies the repository, switches the faults on and starts the service, for demos and tests;
//! stops it and removes the copy when dropped.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use testbed_servers::repository::RepositoryError;
use testbed_servers::{ServerError, Service, ServiceOptions};

use crate::fault::{Change, Fault};
use crate::repository;

/// What to start.
#[derive(Debug)]
pub struct Launch {
    /// The path of the built `ignition` binary.
    pub program: PathBuf,
    /// The faults that are switched on; none is the healthy system.
    pub faults: Vec<&'static Fault>,
    /// How long the service may take until it listens.
    pub limit: Duration,
}

impl Launch {
    /// The healthy system.
    pub fn healthy(program: impl Into<PathBuf>) -> Launch {
        Launch { program: program.into(), faults: Vec::new(), limit: Duration::from_secs(30) }
    }
}

/// The system could not be started.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The service did not start or stop.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The repository could not be copied.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// A running service with its repository. Dropping it stops the service and removes the copy.
#[derive(Debug)]
pub struct Running {
    service: Service,
    environment: BTreeMap<String, String>,
}

impl Running {
    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        self.service.base_url()
    }

    /// The copy of the repository, with the faults.
    pub fn repository(&self) -> PathBuf {
        self.service.path().join(REPOSITORY)
    }

    /// What whoever judges the system is given: where it is, and what somebody without a right shows.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }
}

const REPOSITORY: &str = "repository";

/// Makes the copy and starts the service.
pub fn launch(launch: &Launch) -> Result<Running, LaunchError> {
    let folder = Service::folder("ignition")?;
    let copy = folder.path().join(REPOSITORY);
    let edits = launch.faults.iter().flat_map(|fault| match fault.change {
        Change::Behaviour => &[],
        Change::Repository(edits) => edits,
    });
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    repository::copy(&copy, edits, today)?;
    // Nobody's: the service only has to know them again.
    let mut environment = BTreeMap::from([
        ("IGNITION_FORMER_ADMIN".to_owned(), "token-of-a-former-administrator".to_owned()),
        ("IGNITION_OLD_SESSION".to_owned(), "session-of-the-old-system".to_owned()),
    ]);
    let behaviours = launch.faults.iter().filter(|fault| matches!(fault.change, Change::Behaviour));
    let options = ServiceOptions {
        name: "the service",
        program: &launch.program,
        arguments: behaviours.flat_map(|fault| ["--fault".to_owned(), fault.name.to_owned()]).collect(),
        environment: &environment,
        limit: launch.limit,
    };
    let service = Service::start(&options, folder)?;
    environment.insert("IGNITION_REPOSITORY".to_owned(), copy.display().to_string());
    environment.insert("IGNITION_URL".to_owned(), service.base_url().to_owned());
    Ok(Running { service, environment })
}
