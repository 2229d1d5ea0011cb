//! A service of the testbed: a program that prints `listening on http://…` when it is ready, with a
//! folder of its own for its log and files. It does not know which service that is.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{ServerError, While};
use crate::process::{Child, StopSignal, command};

const READY: &str = "listening on ";
const LOG: &str = "log";

/// What to start.
#[derive(Debug)]
pub struct ServiceOptions<'a> {
    /// What errors call it.
    pub name: &'static str,
    /// The path of the built program.
    pub program: &'a Path,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// All of its environment, besides `PORT`.
    pub environment: &'a BTreeMap<String, String>,
    /// How long it may take until it listens.
    pub limit: Duration,
}

/// A running service. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Service {
    // The order matters: the program stops first, then the folder goes.
    child: Child,
    folder: TempDir,
    base_url: String,
}

impl Service {
    /// A folder for the files of a service that is yet to be started.
    pub fn folder(name: &str) -> Result<TempDir, ServerError> {
        let made = tempfile::Builder::new().prefix(&format!("testbed-{name}-")).tempdir();
        made.while_doing("make a temporary folder")
    }

    /// Starts the program in the environment, with `folder` for its log, and waits until it listens.
    pub fn start(options: &ServiceOptions<'_>, folder: TempDir) -> Result<Service, ServerError> {
        let (child, base_url) = listening(options, 0, folder.path())?;
        Ok(Service { child, folder, base_url })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The folder it was started with.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// All that it wrote to stderr so far.
    pub fn log(&self) -> Result<String, ServerError> {
        read(&self.folder.path().join(LOG))
    }

    /// Sends SIGTERM and waits until it has ended.
    pub fn stop(mut self) -> Result<ExitStatus, ServerError> {
        self.child.stop().while_doing("stop the service")
    }
}

/// Starts the program on a port, 0 being any that is free, and waits until it listens; where it does.
/// What it writes to stderr is added to the log in the folder.
pub(crate) fn listening(
    options: &ServiceOptions<'_>,
    port: u16,
    folder: &Path,
) -> Result<(Child, String), ServerError> {
    let path = folder.join(LOG);
    let log = File::options().create(true).append(true).open(&path);
    let log = log.while_doing(format!("make {}", path.display()))?;
    let mut command = command(options.program, StopSignal::Terminate);
    command.args(&options.arguments).envs(options.environment).env("PORT", port.to_string());
    command.stdout(Stdio::piped()).stderr(log);
    let mut child = Child::spawn(command, StopSignal::Terminate)
        .while_doing(format!("start {}", options.program.display()))?;
    let base_url = address(options, &mut child, &path)?;
    Ok((child, base_url))
}

/// Reads the one line that a service prints when it is ready.
fn address(options: &ServiceOptions<'_>, child: &mut Child, log: &Path) -> Result<String, ServerError> {
    let stdout = child.take_stdout().ok_or_else(|| std::io::Error::from(ErrorKind::BrokenPipe));
    let stdout = stdout.while_doing(format!("read what {} prints", options.name))?;
    let (send, address) = mpsc::channel();
    thread::spawn(move || {
        // Reads to the end, so that the service never writes into a closed pipe.
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix(READY) {
                let _ = send.send(address.to_owned());
            }
        }
    });
    let (program, limit) = (options.name, options.limit);
    match address.recv_timeout(limit) {
        Ok(address) => Ok(address),
        Err(RecvTimeoutError::Disconnected) => Err(ServerError::Failed { program, log: read(log)? }),
        Err(RecvTimeoutError::Timeout) => Err(ServerError::TooSlow { program, limit, log: read(log)? }),
    }
}

fn read(log: &Path) -> Result<String, ServerError> {
    std::fs::read_to_string(log).while_doing(format!("read {}", log.display()))
}
