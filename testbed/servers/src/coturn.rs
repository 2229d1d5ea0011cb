//! A private coturn: TURN and STUN on 127.0.0.1 over UDP and TCP, with one user. It does not know
//! who uses it.

use std::fmt;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::authority::Paper;
use crate::error::ServerError;
use crate::launch::{self, Ready, started};
use crate::process::{Child, StopSignal, command};

const PROGRAM: &str = "turnserver";

/// A running private coturn. Dropping it stops the server and removes its folder.
pub struct Coturn {
    // The order matters: the server stops before its folder goes.
    _child: Child,
    _folder: TempDir,
    port: u16,
}

impl fmt::Debug for Coturn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Coturn").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Coturn {
    /// The program on this machine.
    pub fn find() -> Option<PathBuf> {
        launch::find(PROGRAM)
    }

    /// Starts a server and waits until it takes connections. `lines` are further lines of its
    /// settings, such as `secure-stun`.
    pub fn start(lines: &[String]) -> Result<Coturn, ServerError> {
        Coturn::start_with(None, lines)
    }

    /// The same, over TLS and DTLS only with the certificate, where there is one.
    pub fn start_with(tls: Option<&Paper>, lines: &[String]) -> Result<Coturn, ServerError> {
        let program = launch::found(PROGRAM, "coturn", "apt-get install coturn")?;
        let (folder, password) = (launch::folder("coturn")?, launch::password()?);
        let (child, port) = launch::on_a_free_port(PROGRAM, |port| {
            let at = folder.path().display();
            let settings = format!(
                "{}\nlistening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlt-cred-mech\n\
                 user=app:{password}\nrealm=testbed\nno-cli\nlog-file=stdout\n\
                 simple-log\npidfile={at}/pid\nuserdb={at}/users\n{}\n",
                listener(port, tls),
                lines.join("\n")
            );
            let file = launch::write(folder.path(), "turnserver.conf", &settings)?;
            let mut server = command(&program, StopSignal::Terminate);
            server.arg("-c").arg(file).current_dir(folder.path());
            // Its log is written late, when much has been said.
            started(PROGRAM, server, folder.path(), Ready::Accepts(port))
        })?;
        Ok(Coturn { _child: child, _folder: folder, port })
    }

    /// The port on 127.0.0.1, of UDP and of TCP.
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// In the clear or over TLS, never both.
fn listener(port: u16, tls: Option<&Paper>) -> String {
    let Some(Paper { chain, key, .. }) = tls else {
        return format!("listening-port={port}\nno-tls\nno-dtls");
    };
    format!("tls-listening-port={port}\nno-udp\nno-tcp\ncert={}\npkey={}", chain.display(), key.display())
}
