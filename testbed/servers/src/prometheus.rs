//! A private Prometheus on 127.0.0.1, which scrapes itself every second. It does not know what its
//! rules are about.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::error::ServerError;
use crate::launch::{self, Ready, started};
use crate::process::{Child, StopSignal, command};

const PROGRAM: &str = "prometheus";

/// How a private Prometheus is started.
#[derive(Debug, Clone, Default)]
pub struct PrometheusOptions {
    /// A file of rules, in YAML.
    pub rules: String,
    /// `host:port` of the Alertmanager it sends alerts to.
    pub alertmanager: Option<String>,
}

/// A running private Prometheus. Dropping it stops the server and removes its folder.
#[derive(Debug)]
pub struct Prometheus {
    // The order matters: the server stops before its folder goes.
    _child: Child,
    _folder: TempDir,
    port: u16,
}

impl Prometheus {
    /// The program on this machine.
    pub fn find() -> Option<PathBuf> {
        launch::find(PROGRAM)
    }

    /// Starts a server and waits until it takes connections.
    pub fn start(options: &PrometheusOptions) -> Result<Prometheus, ServerError> {
        let program = launch::found(PROGRAM, "Prometheus", "apt-get install prometheus")?;
        let folder = launch::folder("prometheus")?;
        launch::write(folder.path(), "rules.yml", &options.rules)?;
        let (child, port) = launch::on_a_free_port(PROGRAM, |port| {
            let file = launch::write(folder.path(), "prometheus.yml", &settings(port, options))?;
            let mut server = command(&program, StopSignal::Terminate);
            server.arg(format!("--config.file={}", file.display()));
            server.arg(format!("--storage.tsdb.path={}/data", folder.path().display()));
            server.arg(format!("--web.listen-address=127.0.0.1:{port}"));
            started(PROGRAM, server, folder.path(), Ready::Says("Server is ready to receive web requests"))
        })?;
        Ok(Prometheus { _child: child, _folder: folder, port })
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

fn settings(port: u16, options: &PrometheusOptions) -> String {
    let alerting = options.alertmanager.as_ref().map(|address| {
        format!("alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: [\"{address}\"] }}] }}] }}\n")
    });
    format!(
        "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [rules.yml]\n{}\
         scrape_configs: [{{ job_name: self, static_configs: [{{ targets: [\"127.0.0.1:{port}\"] }}] }}]\n",
        alerting.unwrap_or_default()
    )
}
