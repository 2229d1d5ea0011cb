//! What starting a server has in common: its program is found, it gets a folder, a password and a
//! free port, and it is waited for until it is ready. It does not know which server that is.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{ServerError, While};
use crate::process::{Child, StopSignal, folder_on_path, free_port, last_lines, wait_until};

const TRIES: u32 = 5;
/// A machine under load starts MariaDB and RabbitMQ in some ten seconds.
const LIMIT: Duration = Duration::from_secs(60);

/// A program on `PATH`, or where Debian puts those that only root starts.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    if let Some(folder) = folder_on_path(&[program]) {
        return Some(folder.join(program));
    }
    ["/usr/sbin", "/usr/local/sbin"].iter().map(|f| Path::new(f).join(program)).find(|path| path.is_file())
}

/// The same, or what to install.
pub(crate) fn found(
    program: &str,
    server: &'static str,
    install: &'static str,
) -> Result<PathBuf, ServerError> {
    let missing = ServerError::NoBinaries { server, searched: "PATH and /usr/sbin", install };
    find(program).ok_or(missing)
}

/// A folder that goes with its server.
pub(crate) fn folder(name: &str) -> Result<TempDir, ServerError> {
    let made = tempfile::Builder::new().prefix(&format!("private-{name}-")).tempdir();
    made.while_doing("make a temporary folder")
}

/// 24 random bytes as hexadecimal digits, which need no quoting anywhere.
pub(crate) fn password() -> Result<String, ServerError> {
    let mut bytes = [0_u8; 24];
    let filled = getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()));
    filled.while_doing("make a password")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A file with a password in it is for its owner only.
pub(crate) fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, ServerError> {
    let path = folder.join(name);
    fs::write(&path, text).while_doing(format!("write {name}"))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).while_doing(format!("close {name}"))?;
    Ok(path)
}

/// How it is known that a server takes connections.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ready {
    /// Its log has this text.
    Says(&'static str),
    /// It takes a connection here; for those that say nothing.
    Accepts(u16),
}

/// Tries free ports until `start` has a server; `None` from it is a port that somebody else took.
pub(crate) fn on_a_free_port(
    program: &'static str,
    mut start: impl FnMut(u16) -> Result<Option<Child>, ServerError>,
) -> Result<(Child, u16), ServerError> {
    for _ in 0..TRIES {
        let port = free_port().while_doing("find a free port")?;
        if let Some(child) = start(port)? {
            return Ok((child, port));
        }
    }
    Err(ServerError::NoPort { program, tries: TRIES })
}

/// Starts a server that logs into `folder`, and waits until it is ready.
pub(crate) fn started(
    program: &'static str,
    mut command: Command,
    folder: &Path,
    ready: Ready,
) -> Result<Option<Child>, ServerError> {
    let path = folder.join("log");
    let log = File::create(&path).while_doing(format!("make the log of {program}"))?;
    command.stdout(log.try_clone().while_doing("share the log")?).stderr(log);
    let mut child = Child::spawn(command, StopSignal::Terminate).while_doing(format!("start {program}"))?;
    let answer = wait_until(LIMIT, || {
        if child.exited()?.is_some() {
            return Ok(Some(false));
        }
        Ok(is_ready(ready, &path).then_some(true))
    });
    let said = || last_lines(&path);
    match answer.while_doing(format!("wait for {program}"))? {
        Some(true) => Ok(Some(child)),
        Some(false) if port_was_taken(&said()) => Ok(None),
        Some(false) => Err(ServerError::Failed { program, log: said() }),
        None => Err(ServerError::TooSlow { program, limit: LIMIT, log: said() }),
    }
}

/// Runs a program to its end.
pub(crate) fn run_to_end(
    program: &'static str,
    mut command: Command,
    folder: &Path,
) -> Result<(), ServerError> {
    let path = folder.join("setup-log");
    let log = File::create(&path).while_doing(format!("make the log of {program}"))?;
    command.stdout(log.try_clone().while_doing("share the log")?).stderr(log);
    let mut child = Child::spawn(command, StopSignal::Terminate).while_doing(format!("start {program}"))?;
    match child.wait_within(LIMIT).while_doing(format!("wait for {program}"))? {
        Some(status) if status.success() => Ok(()),
        Some(_) => Err(ServerError::Failed { program, log: last_lines(&path) }),
        None => Err(ServerError::TooSlow { program, limit: LIMIT, log: last_lines(&path) }),
    }
}

fn is_ready(ready: Ready, log: &Path) -> bool {
    match ready {
        Ready::Says(text) => fs::read(log).is_ok_and(|log| String::from_utf8_lossy(&log).contains(text)),
        Ready::Accepts(port) => TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok(),
    }
}

fn port_was_taken(log: &str) -> bool {
    let log = log.to_lowercase();
    ["in use", "eaddrinuse", "cannot bind", "can't bind"].iter().any(|words| log.contains(words))
}
