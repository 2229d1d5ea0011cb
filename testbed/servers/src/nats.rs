//! A private NATS on 127.0.0.1 with a user and a password. It does not know who uses it.

use std::fmt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::authority::Paper;
use crate::error::ServerError;
use crate::launch::{self, Ready, started};
use crate::process::{Child, StopSignal, command};

const PROGRAM: &str = "nats-server";

/// How a private NATS is started.
#[derive(Debug, Clone, Default)]
pub struct NatsOptions {
    /// Over TLS only, with this certificate.
    pub tls: Option<Paper>,
    /// Lets everybody in.
    pub open: bool,
    /// With JetStream, in the server's folder.
    pub jetstream: bool,
}

/// A running private NATS. Dropping it stops the server and removes its folder.
pub struct Nats {
    // The order matters: the server stops before its folder goes.
    _child: Child,
    _folder: TempDir,
    port: u16,
    password: String,
}

impl fmt::Debug for Nats {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Nats").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Nats {
    /// The program on this machine.
    pub fn find() -> Option<PathBuf> {
        launch::find(PROGRAM)
    }

    /// Starts a server and waits until it takes connections.
    pub fn start(options: &NatsOptions) -> Result<Nats, ServerError> {
        let program = launch::found(PROGRAM, "NATS", "apt-get install nats-server")?;
        let (folder, password) = (launch::folder("nats")?, launch::password()?);
        let (child, port) = launch::on_a_free_port(PROGRAM, |port| {
            let file = launch::write(
                folder.path(),
                "nats.conf",
                &settings(port, &password, folder.path(), options),
            )?;
            let mut server = command(&program, StopSignal::Terminate);
            server.arg("-c").arg(file);
            started(PROGRAM, server, folder.path(), Ready::Says("Server is ready"))
        })?;
        Ok(Nats { _child: child, _folder: folder, port, password })
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The password of the user `app`.
    pub fn password(&self) -> &str {
        &self.password
    }
}

fn settings(port: u16, password: &str, folder: &Path, options: &NatsOptions) -> String {
    let shown = |path: &Path| format!("\"{}\"", path.display());
    let mut lines = vec![format!("listen: \"127.0.0.1:{port}\"")];
    if !options.open {
        lines.push(format!("authorization {{ user: app, password: \"{password}\" }}"));
    }
    if options.jetstream {
        lines.push(format!("jetstream {{ store_dir: {} }}", shown(folder)));
    }
    if let Some(paper) = &options.tls {
        let (chain, key) = (shown(&paper.chain), shown(&paper.key));
        lines.push(format!("tls {{ cert_file: {chain}, key_file: {key} }}"));
    }
    lines.join("\n")
}
