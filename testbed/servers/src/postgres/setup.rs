//! How a private Postgres is made, step by step: folder, cluster, roles, certificate, port.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Auth, Postgres, PostgresOptions, PostgresPrograms};
use crate::error::{ServerError, While};
use crate::process::{Child, StopSignal, command, free_port, last_lines, wait_until};

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

/// A server that is being made.
pub(super) struct Setup<'a> {
    programs: PostgresPrograms,
    options: &'a PostgresOptions,
    folder: TempDir,
    /// The uid and gid the server runs as, when we are root.
    owner: Option<(u32, u32)>,
    app_password: String,
    admin_password: String,
}

impl Setup<'_> {
    pub(super) fn new(
        programs: PostgresPrograms,
        options: &PostgresOptions,
    ) -> Result<Setup<'_>, ServerError> {
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

    pub(super) fn start(self) -> Result<Postgres, ServerError> {
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

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_port_taken_by_somebody_else_is_told_apart_from_a_failure() {
        let options = PostgresOptions::default();
        let Some(programs) = Postgres::find_or_skip() else { return };
        let setup = Setup::new(programs, &options).unwrap();
        setup.create_cluster().unwrap();
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(setup.start_on(taken.local_addr().unwrap().port()).unwrap().is_none());
    }
}
