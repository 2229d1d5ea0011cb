//! A private MariaDB: a fresh data folder, TCP on 127.0.0.1 only, passwords required. It does not
//! know who uses it.

use std::path::PathBuf;
use std::{fmt, fs};

use tempfile::TempDir;

use crate::authority::Paper;
use crate::error::{ServerError, While};
use crate::launch::{self, Ready, run_to_end, started};
use crate::process::{Child, StopSignal, command};

const PROGRAM: &str = "mariadbd";
const INSTALLER: &str = "mariadb-install-db";

/// How a private MariaDB is started.
#[derive(Debug, Clone, Default)]
pub struct MariadbOptions {
    /// Offers TLS with this certificate.
    pub tls: Option<Paper>,
    /// Settings such as `max_connections=77`.
    pub settings: Vec<String>,
    /// Statements that run as it starts.
    pub sql: Vec<String>,
}

/// A running private MariaDB. Dropping it stops the server and removes its folder.
pub struct Mariadb {
    // The order matters: the server stops before its folder goes.
    _child: Child,
    _folder: TempDir,
    port: u16,
    password: String,
}

impl fmt::Debug for Mariadb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mariadb").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Mariadb {
    /// The program on this machine, when its installer is there too.
    pub fn find() -> Option<PathBuf> {
        launch::find(INSTALLER).and(launch::find(PROGRAM))
    }

    /// Starts a server and waits until it takes connections.
    pub fn start(options: &MariadbOptions) -> Result<Mariadb, ServerError> {
        let program = launch::found(PROGRAM, "MariaDB", "apt-get install mariadb-server")?;
        let (folder, password) = (launch::folder("mariadb")?, launch::password()?);
        install(&folder)?;
        let setup = launch::write(folder.path(), "setup.sql", &setup(&password, options))?;
        let (child, port) = launch::on_a_free_port(PROGRAM, |port| {
            let mut server = command(&program, StopSignal::Terminate);
            let at = folder.path().display();
            server.arg("--no-defaults").arg(format!("--datadir={at}/data"));
            server.arg(format!("--tmpdir={at}/tmp"));
            server.arg(format!("--port={port}")).arg("--bind-address=127.0.0.1");
            server.arg(format!("--socket={at}/socket")).arg(format!("--init-file={}", setup.display()));
            server.args([
                "--user=root",
                "--skip-name-resolve",
                "--innodb-buffer-pool-size=16M",
                "--innodb-use-native-aio=0",
                "--innodb-flush-log-at-trx-commit=0",
            ]);
            if let Some(paper) = &options.tls {
                server.arg(format!("--ssl-cert={}", paper.chain.display()));
                server.arg(format!("--ssl-key={}", paper.key.display()));
            }
            server.args(options.settings.iter().map(|setting| format!("--{setting}")));
            started(PROGRAM, server, folder.path(), Ready::Says("ready for connections"))
        })?;
        Ok(Mariadb { _child: child, _folder: folder, port, password })
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The password of the user `app`, whose database is `app`.
    pub fn password(&self) -> &str {
        &self.password
    }
}

fn install(folder: &TempDir) -> Result<(), ServerError> {
    let installer = launch::found(INSTALLER, "MariaDB", "apt-get install mariadb-server")?;
    // A server that starts removes all temporary tables from its folder for them: in /tmp those of
    // every other server of this machine too.
    let temporary = folder.path().join("tmp");
    fs::create_dir(&temporary).while_doing("make a folder for temporary tables")?;
    let mut install = command(&installer, StopSignal::Terminate);
    // It is a script that looks for its tools.
    install.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    install.arg("--no-defaults").arg(format!("--datadir={}/data", folder.path().display()));
    install.arg(format!("--tmpdir={}", temporary.display()));
    // Servers side by side would use up what the kernel has for asynchronous reads and writes.
    install.arg("--innodb-use-native-aio=0");
    install.args(["--auth-root-authentication-method=normal", "--skip-test-db", "--user=root"]);
    run_to_end(INSTALLER, install, folder.path())
}

fn setup(password: &str, options: &MariadbOptions) -> String {
    let mut lines = vec![
        "CREATE DATABASE app;".to_owned(),
        format!("CREATE USER 'app'@'127.0.0.1' IDENTIFIED BY '{password}';"),
        "GRANT ALL ON app.* TO 'app'@'127.0.0.1';".to_owned(),
        "DROP USER IF EXISTS ''@'localhost';".to_owned(),
        format!("ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';"),
    ];
    lines.extend(options.sql.iter().map(|statement| format!("{statement};")));
    format!("{}\n", lines.join("\n"))
}
