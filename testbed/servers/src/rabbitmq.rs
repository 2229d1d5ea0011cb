//! A private RabbitMQ on 127.0.0.1 with one user: a node name, a port mapper and folders of its
//! own, so that it never meets another node of the machine. It does not know who uses it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::authority::Paper;
use crate::error::{ServerError, While};
use crate::launch::{self, Ready, started};
use crate::process::{Child, StopSignal, command, free_port};

/// The script in `PATH` changes the user; this one is what it calls.
const PROGRAM: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
const MAPPER: &str = "epmd";

/// A running private RabbitMQ. Dropping it stops the server and removes its folder.
pub struct Rabbitmq {
    // The order matters: the server stops before its mapper and its folder go.
    _child: Child,
    _mapper: Child,
    _folder: TempDir,
    port: u16,
    password: String,
}

impl fmt::Debug for Rabbitmq {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rabbitmq").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Rabbitmq {
    /// The program on this machine, when its port mapper is there too.
    pub fn find() -> Option<PathBuf> {
        let program = PathBuf::from(PROGRAM);
        program.is_file().then_some(program).and_then(|program| launch::find(MAPPER).map(|_| program))
    }

    /// Starts a server and waits until it takes connections; that takes some seconds.
    pub fn start() -> Result<Rabbitmq, ServerError> {
        Rabbitmq::start_with(None)
    }

    /// The same, over TLS only with the certificate, where there is one.
    pub fn start_with(tls: Option<&Paper>) -> Result<Rabbitmq, ServerError> {
        let mapper = launch::found(MAPPER, "RabbitMQ", "apt-get install rabbitmq-server")?;
        let (folder, password) = (launch::folder("rabbitmq")?, launch::password()?);
        let (names, mapped) = launch::on_a_free_port(MAPPER, |port| {
            // Without one of ours the node would start one that outlives it.
            let mut mapper = command(&mapper, StopSignal::Terminate);
            mapper.args(["-port", &port.to_string(), "-address", "127.0.0.1"]);
            started(MAPPER, mapper, folder.path(), Ready::Accepts(port))
        })?;
        let (child, port) = launch::on_a_free_port("rabbitmq-server", |port| {
            let node = node(folder.path(), port, mapped, &password, tls)?;
            started("rabbitmq-server", node, folder.path(), Ready::Says("Server startup complete"))
        })?;
        Ok(Rabbitmq { _child: child, _mapper: names, _folder: folder, port, password })
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

fn node(
    folder: &Path,
    port: u16,
    mapped: u16,
    password: &str,
    tls: Option<&Paper>,
) -> Result<Command, ServerError> {
    let settings = format!(
        "{}\nlog.console = true\ndefault_user = app\ndefault_pass = {password}\n",
        listener(port, tls)
    );
    let file = launch::write(folder, "rabbitmq.conf", &settings)?;
    let apart = free_port().while_doing("find a free port")?;
    let mut node = command(Path::new(PROGRAM), StopSignal::Terminate);
    node.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", folder);
    node.env("RABBITMQ_NODENAME", format!("gonogo-{port}@localhost"));
    node.env("RABBITMQ_CONFIG_FILE", file);
    for (name, place) in [
        ("MNESIA_BASE", "data"),
        ("LOG_BASE", "logs"),
        ("PID_FILE", "pid"),
        ("ENABLED_PLUGINS_FILE", "plugins"),
    ] {
        node.env(format!("RABBITMQ_{name}"), folder.join(place));
    }
    node.env("RABBITMQ_DIST_PORT", apart.to_string()).env("ERL_EPMD_PORT", mapped.to_string());
    Ok(node)
}

/// In the clear or over TLS, never both.
fn listener(port: u16, tls: Option<&Paper>) -> String {
    let Some(Paper { chain, key, authority }) = tls else {
        return format!("listeners.tcp.default = 127.0.0.1:{port}");
    };
    format!(
        "listeners.tcp = none\nlisteners.ssl.default = 127.0.0.1:{port}\nssl_options.certfile = {}\n\
         ssl_options.keyfile = {}\nssl_options.cacertfile = {}\nssl_options.verify = verify_none\n\
         ssl_options.fail_if_no_peer_cert = false",
        chain.display(),
        key.display(),
        authority.display()
    )
}
