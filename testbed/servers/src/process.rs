//! Child processes that end with us, and the waiting for them. It does not know what they serve.
//!
//! A [`Child`] is stopped when its value is dropped. On Linux with util-linux's `setpriv` the
//! kernel also stops it when our process dies without dropping anything (SIGKILL, abort). Without
//! `setpriv` (macOS, BusyBox) such a death leaves the child running. A temporary folder outlives
//! a SIGKILL in either case.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a child may take to end after its stop signal, before it is killed.
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// How often a wait looks again.
const POLL: Duration = Duration::from_millis(5);

/// The signal that asks a program to end in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopSignal {
    /// SIGQUIT: for Postgres, stop at once.
    Quit,
    /// SIGTERM: finish what is under way.
    Terminate,
}

impl StopSignal {
    fn number(self) -> Signal {
        match self {
            StopSignal::Quit => Signal::QUIT,
            StopSignal::Terminate => Signal::TERM,
        }
    }

    /// `setpriv` takes names only.
    fn name(self) -> &'static str {
        match self {
            StopSignal::Quit => "QUIT",
            StopSignal::Terminate => "TERM",
        }
    }
}

/// A child process that is stopped when this value is dropped.
#[derive(Debug)]
pub struct Child {
    child: std::process::Child,
    stop_signal: StopSignal,
    /// Held so that the thread which is the child's parent lives as long as this value.
    _parent: Sender<()>,
}

impl Child {
    /// Starts a command made by [`command`]. `stop_signal` asks this program to end.
    ///
    /// The kernel's death signal follows the *thread* that started the child, so a thread of its
    /// own starts it and stays: a caller on a short-lived worker thread would end it too early.
    pub fn spawn(mut command: Command, stop_signal: StopSignal) -> io::Result<Child> {
        let (parent, until_dropped) = mpsc::channel::<()>();
        let (started, start) = mpsc::channel();
        thread::Builder::new().name("child-parent".to_owned()).spawn(move || {
            let child = command.spawn();
            // The pipes and files of the command are ours until it is dropped.
            drop(command);
            if started.send(child).is_ok() {
                let _ = until_dropped.recv();
            }
        })?;
        let child = start.recv().map_err(|_| io::Error::other("the starting thread ended"))??;
        Ok(Child { child, stop_signal, _parent: parent })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The child's standard output, once, if the command asked for a pipe.
    pub fn take_stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// The exit status, or `None` while it runs.
    pub fn exited(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Waits for the child to end by itself; `None` if it still runs after `limit`.
    pub fn wait_within(&mut self, limit: Duration) -> io::Result<Option<ExitStatus>> {
        wait_until(limit, || self.child.try_wait())
    }

    /// Sends the stop signal without waiting.
    pub fn ask_to_stop(&mut self) -> io::Result<()> {
        if self.exited()?.is_some() {
            return Ok(());
        }
        // Not yet reaped, so the id is still this child's.
        Ok(kill_process(Pid::from_child(&self.child), self.stop_signal.number())?)
    }

    /// Asks the child to stop, kills it if it has not after ten seconds, and reaps it.
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        self.ask_to_stop()?;
        match self.wait_within(STOP_LIMIT)? {
            Some(status) => Ok(status),
            None => {
                self.child.kill()?;
                self.child.wait()
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = self.stop();
    }
}

/// A command with an empty environment, whose process gets `on_our_death` when we die, where the
/// machine can do that.
pub fn command(program: &Path, on_our_death: StopSignal) -> Command {
    let mut command = match setpriv() {
        Some(setpriv) => {
            let mut wrapped = Command::new(setpriv);
            wrapped.arg("--pdeathsig").arg(on_our_death.name()).arg("--").arg(program);
            wrapped
        }
        None => Command::new(program),
    };
    command.env_clear().stdin(std::process::Stdio::null());
    command
}

/// Asks `look` until it has an answer; `None` after `limit`.
pub fn wait_until<T>(
    limit: Duration,
    mut look: impl FnMut() -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    let start = Instant::now();
    loop {
        if let Some(answer) = look()? {
            return Ok(Some(answer));
        }
        if start.elapsed() >= limit {
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// A loopback port that was free a moment ago. Somebody else may take it first: try again then.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// The first folder of `PATH` that holds all these programs.
pub fn folder_on_path(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|folder| programs.iter().all(|program| folder.join(program).is_file()))
}

/// The last lines of a log file, for an error text.
pub(crate) fn last_lines(log: &Path) -> String {
    match std::fs::read(log) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(10)..].join("\n")
        }
        Err(error) if error.kind() == ErrorKind::NotFound => "(no output)".to_owned(),
        Err(error) => format!("(its log could not be read: {error})"),
    }
}

/// util-linux's `setpriv`; BusyBox has one that cannot set the death signal.
fn setpriv() -> Option<&'static Path> {
    static SETPRIV: OnceLock<Option<PathBuf>> = OnceLock::new();
    SETPRIV
        .get_or_init(|| {
            let program = folder_on_path(&["setpriv"])?.join("setpriv");
            let help = Command::new(&program).arg("--help").output().ok()?;
            String::from_utf8_lossy(&help.stdout).contains("--pdeathsig").then_some(program)
        })
        .as_deref()
}
