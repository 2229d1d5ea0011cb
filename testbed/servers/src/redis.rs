//! A private Redis: in memory only, on 127.0.0.1, with a password. It does not know who uses it.

use std::fmt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::authority::Paper;
use crate::error::{ServerError, While};
use crate::launch::{self, Ready, started};
use crate::process::{Child, StopSignal, command};

const PROGRAM: &str = "redis-server";

/// How a private Redis is started.
#[derive(Debug, Clone, Default)]
pub struct RedisOptions {
    /// Over TLS only, with this certificate.
    pub tls: Option<Paper>,
    /// Lets everybody in without a password.
    pub open: bool,
    /// Lines of its settings, such as `maxmemory 64mb`.
    pub settings: Vec<String>,
}

/// A running private Redis. Dropping it stops the server and removes its folder.
pub struct Redis {
    // The order matters: the server stops before its folder goes.
    child: Child,
    folder: TempDir,
    program: PathBuf,
    port: u16,
    password: String,
    options: RedisOptions,
}

impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Redis").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Redis {
    /// The program on this machine.
    pub fn find() -> Option<PathBuf> {
        launch::find(PROGRAM)
    }

    /// Starts a server with a password and waits until it takes connections.
    pub fn start() -> Result<Redis, ServerError> {
        Redis::start_with(RedisOptions::default())
    }

    /// Starts a server as wanted.
    pub fn start_with(options: RedisOptions) -> Result<Redis, ServerError> {
        let program = launch::found(PROGRAM, "Redis", "apt-get install redis-server")?;
        let (folder, password) = (launch::folder("redis")?, launch::password()?);
        let start = |port| run(&program, folder.path(), port, &password, &options);
        let (child, port) = launch::on_a_free_port(PROGRAM, start)?;
        Ok(Redis { child, folder, program, port, password, options })
    }

    /// `redis://:PASSWORD@127.0.0.1:PORT/0`; `rediss://` over TLS.
    pub fn url(&self) -> String {
        let scheme = if self.options.tls.is_some() { "rediss" } else { "redis" };
        let user = if self.options.open { String::new() } else { format!(":{}@", self.password) };
        format!("{scheme}://{user}127.0.0.1:{}/0", self.port)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The password of the user `default`.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Stops the server; its values are gone. [`Redis::resume`] starts it again at the same place.
    pub fn pause(&mut self) -> Result<(), ServerError> {
        self.child.stop().map(|_| ()).while_doing("stop redis")
    }

    /// Starts the server again, empty.
    pub fn resume(&mut self) -> Result<(), ServerError> {
        let child = run(&self.program, self.folder.path(), self.port, &self.password, &self.options)?;
        self.child = child.ok_or(ServerError::NoPort { program: PROGRAM, tries: 1 })?;
        Ok(())
    }
}

/// A server that takes connections; none when it ended because somebody has the port.
fn run(
    program: &Path,
    folder: &Path,
    port: u16,
    password: &str,
    options: &RedisOptions,
) -> Result<Option<Child>, ServerError> {
    // The password is in the file, not among the arguments, which everybody on the machine can read.
    let file = launch::write(folder, "redis.conf", &settings(folder, port, password, options))?;
    let mut server = command(program, StopSignal::Terminate);
    server.arg(&file);
    started(PROGRAM, server, folder, Ready::Says("Ready to accept connections"))
}

fn settings(folder: &Path, port: u16, password: &str, options: &RedisOptions) -> String {
    let mut lines =
        vec!["bind 127.0.0.1".to_owned(), "save \"\"".to_owned(), format!("dir {}", folder.display())];
    match &options.tls {
        None => lines.push(format!("port {port}")),
        Some(paper) => lines.extend([
            "port 0".to_owned(),
            format!("tls-port {port}"),
            format!("tls-cert-file {}", paper.chain.display()),
            format!("tls-key-file {}", paper.key.display()),
            format!("tls-ca-cert-file {}", paper.authority.display()),
            "tls-auth-clients no".to_owned(),
        ]),
    }
    if !options.open {
        lines.push(format!("requirepass {password}"));
    }
    lines.extend(options.settings.iter().cloned());
    format!("{}\n", lines.join("\n"))
}
