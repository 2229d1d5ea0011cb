//! A private Postgres: `initdb` in a temporary folder, TCP on 127.0.0.1 only, passwords required.
//! It does not know who uses it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{ServerError, While};
use crate::process::{Child, StopSignal, command, folder_on_path, free_port, last_lines, wait_until};

const SEARCHED: &str = "PATH and /usr/lib/postgresql/*/bin";
const PROGRAMS: [&str; 2] = ["initdb", "postgres"];
const PORT_TRIES: u32 = 5;
/// Smaller and faster than a real server: the data is thrown away.
const DEFAULTS: [(&str, &str); 6] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("shared_buffers", "16MB"),
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
];

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
        let folder = folder_on_path(&PROGRAMS).or_else(newest_debian_folder)?;
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

    /// As [`Postgres::start`]; where Postgres is not installed it says so on stderr, past the test
    /// harness's capture, and gives `None`.
    pub fn start_or_skip(options: &PostgresOptions) -> Result<Option<Postgres>, ServerError> {
        use std::io::Write;
        match Postgres::start(options) {
            Err(ServerError::NoBinaries { .. }) => {
                writeln!(std::io::stderr(), "SKIPPED: no postgres binaries (searched {SEARCHED})")
                    .while_doing("write to stderr")?;
                Ok(None)
            }
            started => started.map(Some),
        }
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

/// A server that is being made.
struct Setup<'a> {
    programs: PostgresPrograms,
    options: &'a PostgresOptions,
    folder: TempDir,
    /// The uid and gid the server runs as, when we are root.
    owner: Option<(u32, u32)>,
    app_password: String,
    admin_password: String,
}

impl Setup<'_> {
    fn new(programs: PostgresPrograms, options: &PostgresOptions) -> Result<Setup<'_>, ServerError> {
        let folder =
            tempfile::Builder::new().prefix("testbed-postgres-").tempdir().while_doing("make a folder")?;
        let owner = if rustix::process::geteuid().is_root() { Some(unprivileged_user()?) } else { None };
        let setup = Setup {
            programs,
            options,
            folder,
            owner,
            app_password: random_password()?,
            admin_password: random_password()?,
        };
        setup.give_to_owner(setup.folder.path())?;
        Ok(setup)
    }

    fn start(self) -> Result<Postgres, ServerError> {
        self.create_cluster()?;
        self.create_database()?;
        let certificate = if self.options.tls { Some(self.write_certificate()?) } else { None };
        let (child, port) = self.start_on_a_free_port()?;
        Ok(Postgres {
            child,
            folder: self.folder,
            port,
            app_password: self.app_password,
            admin_password: self.admin_password,
            certificate,
        })
    }

    fn create_cluster(&self) -> Result<(), ServerError> {
        let password = self.write_private("admin-password", &self.admin_password)?;
        let mut initdb = self.command("initdb")?;
        initdb.args(["--no-sync", "--no-locale", "--encoding=UTF8", "--username=admin"]);
        initdb.arg(match self.options.auth {
            Auth::ScramSha256 => "--auth=scram-sha-256",
            Auth::Md5 => "--auth=md5",
        });
        initdb.arg("--pwfile").arg(&password).arg("--pgdata").arg(self.data());
        self.run_to_end("initdb", initdb)?;
        fs::remove_file(password).while_doing("remove the password file")
    }

    /// Runs SQL in single-user mode, before anybody can connect.
    fn create_database(&self) -> Result<(), ServerError> {
        let sql = format!(
            "CREATE ROLE app LOGIN PASSWORD '{}';\nCREATE DATABASE app OWNER app;\n",
            self.app_password
        );
        let sql = self.write_private("setup.sql", &sql)?;
        let mut single = self.command("postgres")?;
        single.stdin(File::open(&sql).while_doing("read setup.sql")?);
        single.args(["--single", "-D"]).arg(self.data());
        // A failing statement would be logged with the password in it.
        single.args(["-c", "fsync=off", "-c", "log_min_error_statement=panic", "postgres"]);
        self.run_to_end("postgres", single)?;
        // Single-user mode ends well even when a statement failed.
        let log = last_lines(&self.log());
        if log.contains("ERROR:") {
            return Err(ServerError::Failed { program: "postgres --single", log });
        }
        fs::remove_file(sql).while_doing("remove setup.sql")
    }

    fn write_certificate(&self) -> Result<PathBuf, ServerError> {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names)?;
        self.write_private("server.key", &made.signing_key.serialize_pem())?;
        self.write_private("server.crt", &made.cert.pem())
    }

    fn start_on_a_free_port(&self) -> Result<(Child, u16), ServerError> {
        for _ in 0..PORT_TRIES {
            let port = free_port().while_doing("find a free port")?;
            if let Some(child) = self.start_on(port)? {
                return Ok((child, port));
            }
        }
        Err(ServerError::NoPort { program: "postgres", tries: PORT_TRIES })
    }

    /// `None` when somebody else took the port.
    fn start_on(&self, port: u16) -> Result<Option<Child>, ServerError> {
        let mut server = self.command("postgres")?;
        server.arg("-D").arg(self.data()).arg("-p").arg(port.to_string());
        for (name, value) in self.settings() {
            server.arg("-c").arg(format!("{name}={value}"));
        }
        let mut child = Child::spawn(server, StopSignal::Quit).while_doing("start postgres")?;
        let ready = wait_until(self.options.limit, || {
            let ended = child.exited()?.map(|_| false);
            Ok(ended.or_else(|| self.says_ready(port).then_some(true)))
        })
        .while_doing("wait for postgres")?;
        let log = || last_lines(&self.log());
        match ready {
            Some(true) => Ok(Some(child)),
            Some(false) if log().contains("Address already in use") => Ok(None),
            Some(false) => Err(ServerError::Failed { program: "postgres", log: log() }),
            None => Err(ServerError::TooSlow { program: "postgres", limit: self.options.limit, log: log() }),
        }
    }

    fn settings(&self) -> BTreeMap<String, String> {
        let mut settings: BTreeMap<String, String> =
            DEFAULTS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if self.options.tls {
            let path = |name: &str| self.folder.path().join(name).display().to_string();
            settings.insert("ssl".to_owned(), "on".to_owned());
            settings.insert("ssl_cert_file".to_owned(), path("server.crt"));
            settings.insert("ssl_key_file".to_owned(), path("server.key"));
        }
        settings.extend(self.options.settings.clone());
        settings
    }

    /// The server writes its port in line 4 and its state in line 8 of this file.
    fn says_ready(&self, port: u16) -> bool {
        let Ok(text) = fs::read_to_string(self.data().join("postmaster.pid")) else { return false };
        let line = |number: usize| text.lines().nth(number - 1).map(str::trim);
        line(4) == Some(port.to_string().as_str()) && line(8) == Some("ready")
    }

    fn run_to_end(&self, program: &'static str, command: Command) -> Result<(), ServerError> {
        let mut child = Child::spawn(command, StopSignal::Quit).while_doing(format!("start {program}"))?;
        let status = child.wait_within(self.options.limit).while_doing(format!("wait for {program}"))?;
        let log = || last_lines(&self.log());
        match status {
            Some(status) if status.success() => Ok(()),
            Some(_) => Err(ServerError::Failed { program, log: log() }),
            None => Err(ServerError::TooSlow { program, limit: self.options.limit, log: log() }),
        }
    }

    /// A Postgres program that runs as the owner of the folder and writes to a fresh log.
    fn command(&self, program: &str) -> Result<Command, ServerError> {
        let log = File::create(self.log()).while_doing("make the log of postgres")?;
        let mut command = command(&self.programs.program(program), StopSignal::Quit);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.current_dir(self.folder.path());
        command.stdout(log.try_clone().while_doing("share the log of postgres")?).stderr(log);
        if let Some((uid, gid)) = self.owner {
            command.uid(uid).gid(gid);
        }
        Ok(command)
    }

    /// Writes a file that only the server's user can read.
    fn write_private(&self, name: &str, text: &str) -> Result<PathBuf, ServerError> {
        let path = self.folder.path().join(name);
        fs::write(&path, text).while_doing(format!("write {name}"))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).while_doing(format!("close {name}"))?;
        self.give_to_owner(&path)?;
        Ok(path)
    }

    fn give_to_owner(&self, path: &Path) -> Result<(), ServerError> {
        match self.owner {
            Some((uid, gid)) => {
                chown(path, Some(uid), Some(gid)).while_doing(format!("chown {}", path.display()))
            }
            None => Ok(()),
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
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
        .filter(|(_, folder)| PROGRAMS.iter().all(|program| folder.join(program).is_file()))
        .max()
        .map(|(_, folder)| folder)
}

/// The uid and gid of `postgres`, else of `nobody`. `initdb` insists on a user with a name.
fn unprivileged_user() -> Result<(u32, u32), ServerError> {
    let users = fs::read_to_string("/etc/passwd").while_doing("read /etc/passwd")?;
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody")).ok_or(ServerError::NoUnprivilegedUser)
}

/// 24 random bytes as hexadecimal digits, which need no quoting in SQL or in an address.
fn random_password() -> Result<String, ServerError> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes)
        .map_err(|error| std::io::Error::other(error.to_string()))
        .while_doing("get random bytes")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
