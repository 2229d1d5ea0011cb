//! A service under a supervisor: whenever its process ends it is started again, at the same port, and
//! a file says which process it is. It does not know which service that is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{ServerError, While};
use crate::process::{Child, free_port};
use crate::service::{ServiceOptions, listening};

const PID_FILE: &str = "pid";
/// How often is looked whether it has ended.
const POLL: Duration = Duration::from_millis(10);
/// Before one that ended is started again.
const PAUSE: Duration = Duration::from_millis(100);
/// Ports that are tried at first, should somebody take the free one.
const TRIES: u32 = 5;

/// A service that somebody watches over. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Supervised {
    base_url: String,
    port: u16,
    folder: TempDir,
    stop: Option<Sender<()>>,
    supervisor: Option<JoinHandle<()>>,
}

/// What is started again and again.
struct Wanted {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    limit: Duration,
    port: u16,
    folder: PathBuf,
}

impl Supervised {
    /// Starts the program in the environment, with `folder` for its log and its pid file, waits until
    /// it listens, and watches over it.
    pub fn start(options: &ServiceOptions<'_>, folder: TempDir) -> Result<Supervised, ServerError> {
        let (mut tries, at) = (1, folder.path());
        let (wanted, child, base_url) = loop {
            let wanted = Wanted::of(options, free_port().while_doing("find a free port")?, at);
            match wanted.listening() {
                Ok((child, base_url)) => break (wanted, child, base_url),
                Err(ServerError::Failed { .. }) if tries < TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        };
        wanted.write(child.pid()).while_doing("write the pid file")?;
        let port = wanted.port;
        let (stop, stopped) = mpsc::channel();
        let supervisor = thread::Builder::new().name(format!("supervisor of {}", options.name));
        let supervisor = supervisor.spawn(move || supervise(&wanted, child, &stopped));
        let supervisor = supervisor.while_doing("start the supervisor")?;
        Ok(Supervised { base_url, port, folder, stop: Some(stop), supervisor: Some(supervisor) })
    }

    /// `http://127.0.0.1:PORT`, also after it was started again.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The file with the id of its process.
    pub fn pid_file(&self) -> PathBuf {
        self.folder.path().join(PID_FILE)
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(supervisor) = self.supervisor.take() {
            // It has nothing to say; should it have panicked, a test has failed already.
            let _ = supervisor.join();
        }
    }
}

impl Wanted {
    fn of(options: &ServiceOptions<'_>, port: u16, folder: &Path) -> Wanted {
        Wanted {
            name: options.name,
            program: options.program.to_owned(),
            arguments: options.arguments.clone(),
            environment: options.environment.clone(),
            limit: options.limit,
            port,
            folder: folder.to_owned(),
        }
    }

    fn listening(&self) -> Result<(Child, String), ServerError> {
        let options = ServiceOptions {
            name: self.name,
            program: &self.program,
            arguments: self.arguments.clone(),
            environment: &self.environment,
            limit: self.limit,
        };
        listening(&options, self.port, &self.folder)
    }

    /// Whole or not at all: somebody may read it at this moment.
    fn write(&self, pid: u32) -> std::io::Result<()> {
        let part = self.folder.join("pid.part");
        fs::write(&part, format!("{pid}\n"))?;
        fs::rename(part, self.folder.join(PID_FILE))
    }
}

/// Starts it again until it is told to stop; the child is stopped then.
fn supervise(wanted: &Wanted, mut child: Child, stopped: &Receiver<()>) {
    loop {
        while matches!(child.exited(), Ok(None)) {
            if is_told(stopped, POLL) {
                return;
            }
        }
        child = loop {
            if is_told(stopped, PAUSE) {
                return;
            }
            // What it says when it cannot start is in its log; it is tried until it can.
            if let Ok((child, _)) = wanted.listening() {
                break child;
            }
        };
        // Whoever asks is told of a process that ended until this can be written.
        let _ = wanted.write(child.pid());
    }
}

/// Whether it is told to stop within this time.
fn is_told(stopped: &Receiver<()>, within: Duration) -> bool {
    !matches!(stopped.recv_timeout(within), Err(RecvTimeoutError::Timeout))
}
