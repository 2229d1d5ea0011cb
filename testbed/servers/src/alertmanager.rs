//! A private Alertmanager on 127.0.0.1, alone and not in a cluster. It does not know who is told.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::error::ServerError;
use crate::launch::{self, Ready, started};
use crate::process::{Child, StopSignal, command};

const PROGRAM: &str = "prometheus-alertmanager";

/// A running private Alertmanager. Dropping it stops the server and removes its folder.
#[derive(Debug)]
pub struct Alertmanager {
    // The order matters: the server stops before its folder goes.
    _child: Child,
    _folder: TempDir,
    port: u16,
}

impl Alertmanager {
    /// The program on this machine.
    pub fn find() -> Option<PathBuf> {
        launch::find(PROGRAM)
    }

    /// Starts a server with these settings, in YAML, and waits until it takes connections.
    pub fn start(settings: &str) -> Result<Alertmanager, ServerError> {
        let install = "apt-get install prometheus-alertmanager";
        let program = launch::found(PROGRAM, "Alertmanager", install)?;
        let folder = launch::folder("alertmanager")?;
        let file = launch::write(folder.path(), "alertmanager.yml", settings)?;
        let (child, port) = launch::on_a_free_port(PROGRAM, |port| {
            let mut server = command(&program, StopSignal::Terminate);
            server.arg(format!("--config.file={}", file.display()));
            server.arg(format!("--storage.path={}/data", folder.path().display()));
            server.arg(format!("--web.listen-address=127.0.0.1:{port}"));
            // Without a cluster; it would listen on every address otherwise.
            server.arg("--cluster.listen-address=");
            // It listens before it says this.
            started(PROGRAM, server, folder.path(), Ready::Says("Listening on"))
        })?;
        Ok(Alertmanager { _child: child, _folder: folder, port })
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}
