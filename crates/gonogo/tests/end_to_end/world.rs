//! A temporary folder, an environment of its own, and the binary under test in both.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use std::os::unix::process::CommandExt as _;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;

pub(crate) const GONOGO: &str = env!("CARGO_BIN_EXE_gonogo");

/// A moment that every run of a test shares.
pub(crate) const NOW: &str = "2026-11-21T09:00:00Z";

/// How long anything may take before the test fails.
pub(crate) const LIMIT: Duration = Duration::from_secs(240);

pub(crate) struct World {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// Both outputs, for messages and searches.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// The same, when it ended with `code`.
    pub(crate) fn ended(self, code: i32) -> Said {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

impl World {
    pub(crate) fn new() -> World {
        let mut world = World { folder: tempfile::tempdir().unwrap(), variables: BTreeMap::new() };
        // The programs that specs run, and the binary for worlds that use a shell.
        let own = Path::new(GONOGO).parent().unwrap().display().to_string();
        world.set("PATH", &format!("{own}:{}", std::env::var("PATH").unwrap()));
        world
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A program in this world, in a process group of its own.
    pub(crate) fn command(&self, program: &str, arguments: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn gonogo(&self, arguments: &[&str]) -> Said {
        said(self.command(GONOGO, arguments).output().unwrap())
    }

    /// Runs a line of shell, with `gonogo` on the path.
    pub(crate) fn shell(&self, line: &str) -> Said {
        said(self.command("sh", &["-c", line]).output().unwrap())
    }

    /// Starts the binary with its outputs dropped.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(GONOGO, arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Running::of(&mut command)
    }
}

fn said(Output { status, stdout, stderr }: Output) -> Said {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Said { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// A process that is killed with its group when the test is done with it.
pub(crate) struct Running(Child);

impl Running {
    /// Starts a command.
    pub(crate) fn of(command: &mut Command) -> Running {
        Running(command.spawn().unwrap())
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.0)
    }

    /// SIGKILL to it and its group; it is gone when this returns.
    pub(crate) fn kill(mut self) {
        let _ = kill_process_group(self.pid(), Signal::KILL);
        self.0.wait().unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// How it ended, within the limit.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        wait_for("the process to end", || {
            status = self.0.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let _ = kill_process_group(self.pid(), Signal::KILL);
            let _ = self.0.wait();
        }
    }
}

/// Looks again and again until it holds.
pub(crate) fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < LIMIT, "waited too long for {what}");
        std::thread::yield_now();
    }
}

/// Every file below a folder, by its path relative to it.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(folder).unwrap().display().to_string();
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
    }
    found
}
