//! A private Postgres: `initdb` in a temporary folder, TCP on 127.0.0.1 only, passwords required.
//! It does not know who uses it.

mod setup;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, fs};

use tempfile::TempDir;

use self::setup::Setup;
use crate::error::{ServerError, While};
use crate::process::{Child, folder_on_path};

const SEARCHED: &str = "PATH and /usr/lib/postgresql/*/bin";
const PROGRAMS: [&str; 2] = ["initdb", "postgres"];

/// How passwords are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// `scram-sha-256`, the default of Postgres.
    ScramSha256,
    /// `md5`, for old clients.
    Md5,
}

/// How a private Postgres is started.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// How passwords are checked.
    pub auth: Auth,
    /// Serve TLS with a self-signed certificate for `localhost` and `127.0.0.1`.
    pub tls: bool,
    /// Server settings by name, e.g. `max_connections`; they win over this crate's own.
    pub settings: BTreeMap<String, String>,
    /// How long each step (create, start) may take.
    pub limit: Duration,
}

impl Default for PostgresOptions {
    fn default() -> PostgresOptions {
        PostgresOptions {
            auth: Auth::ScramSha256,
            tls: false,
            settings: BTreeMap::new(),
            limit: Duration::from_secs(60),
        }
    }
}

impl PostgresOptions {
    /// The same options with one more server setting.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> PostgresOptions {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// The folder with the Postgres programs of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresPrograms {
    folder: PathBuf,
}

impl PostgresPrograms {
    /// The path of one program, e.g. `psql`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// A running private Postgres. Dropping it stops the server and removes its folder.
///
/// It has one database, `app`, owned by the ordinary role `app`, and a superuser `admin`.
pub struct Postgres {
    // The order matters: the server stops before its folder goes.
    child: Child,
    folder: TempDir,
    port: u16,
    app_password: String,
    admin_password: String,
    certificate: Option<PathBuf>,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Postgres")
            .field("pid", &self.pid())
            .field("port", &self.port)
            .field("folder", &self.folder.path())
            .finish_non_exhaustive()
    }
}

impl Postgres {
    /// The Postgres programs of this machine: those on `PATH`, else the newest Debian version.
    pub fn find() -> Option<PostgresPrograms> {
        // `PATH` may hold links to a few of them only; all of them are where the links lead.
        let on_path = folder_on_path(&PROGRAMS).map(|folder| {
            let real = fs::canonicalize(folder.join("postgres")).ok();
            let real = real.and_then(|program| Some(program.parent()?.to_owned()));
            real.filter(|real| holds_programs(real)).unwrap_or(folder)
        });
        let folder = on_path.or_else(newest_debian_folder)?;
        Some(PostgresPrograms { folder })
    }

    /// Creates and starts a server. Blocks until it answers (about a second) or a limit is over.
    pub fn start(options: &PostgresOptions) -> Result<Postgres, ServerError> {
        let programs = Postgres::find().ok_or(ServerError::NoBinaries {
            server: "Postgres",
            searched: SEARCHED,
            install: "apt-get install postgresql",
        })?;
        Setup::new(programs, options)?.start()
    }

    /// As [`Postgres::find`], for a test that skips without Postgres: it says so on stderr, past
    /// the test harness's capture.
    pub fn find_or_skip() -> Option<PostgresPrograms> {
        let found = Postgres::find();
        if found.is_none() {
            // A closed stderr is no reason to fail.
            let _ = writeln!(io::stderr(), "SKIPPED: no postgres binaries (searched {SEARCHED})");
        }
        found
    }

    /// As [`Postgres::start`], for a test that skips without Postgres: `None`, and it says so.
    pub fn start_or_skip(options: &PostgresOptions) -> Result<Option<Postgres>, ServerError> {
        Postgres::find_or_skip().map(|_| Postgres::start(options)).transpose()
    }

    /// The address of the database `app` for its ordinary owner, with the password.
    pub fn dsn(&self) -> String {
        self.dsn_of("app", &self.app_password)
    }

    /// The address of the database `app` for the superuser, with the password.
    pub fn admin_dsn(&self) -> String {
        self.dsn_of("admin", &self.admin_password)
    }

    /// The address for any user and password, e.g. wrong ones.
    pub fn dsn_of(&self, user: &str, password: &str) -> String {
        format!("postgres://{user}:{password}@127.0.0.1:{}/app", self.port)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The folder that holds all of it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The self-signed certificate (PEM) to trust, when TLS was asked for.
    pub fn certificate(&self) -> Option<&Path> {
        self.certificate.as_deref()
    }

    /// Stops the server at once, without waiting for its clients, and removes its folder.
    pub fn stop(mut self) -> Result<(), ServerError> {
        self.child.stop().while_doing("stop postgres")?;
        self.folder.close().while_doing("remove the folder of postgres")
    }
}

/// The newest version under Debian's folder, which is not on `PATH`.
fn newest_debian_folder() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(Result::ok)
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder)| holds_programs(folder))
        .max()
        .map(|(_, folder)| folder)
}

fn holds_programs(folder: &Path) -> bool {
    PROGRAMS.iter().all(|program| folder.join(program).is_file())
}
