//! Subprocesses with bounded output that never outlive the look, and the environment of running
//! processes. It does not know what the programs are for.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::files::{self, FileError};
use crate::context::Environment;
use crate::probe::Unmeasured;

/// How long output may still come after the program ended: something it started holds the pipe.
const LINGER: Duration = Duration::from_millis(500);

/// A program to run, without a shell.
pub(crate) struct Wanted<'w> {
    /// Name or path of the program.
    pub(crate) program: &'w str,
    /// Its arguments.
    pub(crate) arguments: &'w [String],
    /// Where it runs.
    pub(crate) folder: &'w Path,
    /// Its whole environment.
    pub(crate) environment: BTreeMap<String, String>,
    /// What it reads; nothing when `None`.
    pub(crate) input: Option<&'w str>,
    /// Bytes that are kept of each of its outputs; the rest is read and dropped.
    pub(crate) keep: usize,
}

/// What a program did.
pub(crate) struct Ended {
    /// Its exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// The first bytes of its standard output.
    pub(crate) stdout: Output,
    /// The first bytes of its standard error.
    pub(crate) stderr: Output,
    /// From start to end.
    pub(crate) took: Duration,
}

/// The start of an output.
#[derive(Default)]
pub(crate) struct Output {
    /// At most as many bytes as were to be kept.
    pub(crate) bytes: Vec<u8>,
    /// Whether there was more.
    pub(crate) truncated: bool,
}

impl Output {
    /// As text; what is not UTF-8 becomes U+FFFD.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Runs a program to its end. When the future is dropped, the program and all it started are
/// killed; also what it leaves behind when it ends.
pub(crate) async fn run(wanted: Wanted<'_>) -> Result<Ended, Unmeasured> {
    if !wanted.folder.is_dir() {
        return Err(FileError::NotFolder.of(format!("the folder {} to run in", wanted.folder.display())));
    }
    let started = Instant::now();
    let mut child = start(&wanted)?;
    let group = Group::of(&child);
    let (input, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut stdout, mut stderr) = (Output::default(), Output::default());
    let feed = async {
        if let (Some(mut pipe), Some(text)) = (input, wanted.input) {
            // A program may end without reading all of its input.
            let _ = pipe.write_all(text.as_bytes()).await;
        }
    };
    let drain = async {
        tokio::join!(
            feed,
            keep_start(out, wanted.keep, &mut stdout),
            keep_start(err, wanted.keep, &mut stderr)
        )
    };
    let wait = async {
        let status = child.wait().await;
        let took = started.elapsed();
        drop(group);
        (status, took)
    };
    let (status, took) = finish(wait, drain).await;
    let status = status.map_err(|error| Unmeasured::because(format!("waiting for it failed: {error}")))?;
    Ok(Ended { code: status.code(), signal: status.signal(), stdout, stderr, took })
}

/// Reads until the program ended and its outputs are closed, but not much longer than it lived.
async fn finish<T>(wait: impl Future<Output = T>, drain: impl Future) -> T {
    let mut wait = std::pin::pin!(wait);
    let mut drain = std::pin::pin!(drain);
    tokio::select! {
        ended = &mut wait => {
            let _ = tokio::time::timeout(LINGER, drain).await;
            ended
        }
        _ = &mut drain => wait.await,
    }
}

fn start(wanted: &Wanted<'_>) -> Result<Child, Unmeasured> {
    let mut command = Command::new(wanted.program);
    command.args(wanted.arguments).current_dir(wanted.folder).env_clear().envs(&wanted.environment);
    command.stdin(if wanted.input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
    command.spawn().map_err(|error| {
        let program = wanted.program;
        Unmeasured::because(match error.kind() {
            ErrorKind::NotFound => {
                format!("the program `{program}` was not found; install it or give its full path")
            }
            ErrorKind::PermissionDenied => {
                format!("the program `{program}` may not be executed; check its mode and its path")
            }
            _ => format!("the program `{program}` could not be started: {error}"),
        })
    })
}

/// A process group that is killed when its value is dropped.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Group {
        Group(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// Reads a pipe to its end and keeps the first `keep` bytes.
async fn keep_start(pipe: Option<impl AsyncRead + Unpin>, keep: usize, output: &mut Output) {
    let Some(mut pipe) = pipe else { return };
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = pipe.read(&mut buffer).await {
        let room = keep - output.bytes.len();
        output.bytes.extend_from_slice(&buffer[..read.min(room)]);
        output.truncated |= read > room;
    }
}

/// The name of a signal, for the common ones.
pub(crate) fn signal_name(number: i32) -> String {
    let known = [(1, "HUP"), (2, "INT"), (3, "QUIT"), (4, "ILL"), (6, "ABRT"), (8, "FPE"), (9, "KILL")];
    let more = [(11, "SEGV"), (13, "PIPE"), (14, "ALRM"), (15, "TERM")];
    let name = known.iter().chain(&more).find(|(known, _)| *known == number);
    name.map_or_else(|| format!("SIG{number}"), |(_, name)| format!("SIG{name}"))
}

/// A running process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Running(u32);

impl Running {
    /// The process of a target: `pid:1234` or `pidfile:/run/app.pid`, relative to `folder`.
    pub(crate) fn of(address: &str, folder: &Path) -> Result<Running, Unmeasured> {
        let text = match (address.strip_prefix("pid:"), address.strip_prefix("pidfile:")) {
            (Some(pid), _) => pid.to_owned(),
            (_, Some(file)) => pid_in(&folder.join(file.trim()), file.trim())?,
            _ => {
                return Err(Unmeasured::because("a process is written `pid:1234` or `pidfile:/run/app.pid`"));
            }
        };
        let pid = text.trim().parse().ok().filter(|pid| *pid > 0);
        let pid: u32 = pid.ok_or_else(|| {
            Unmeasured::because("the process id is not a whole number above 0; is the service running?")
        })?;
        let process = Running(pid);
        if process.is_running() { Ok(process) } else { Err(process.is_gone()) }
    }

    /// Its process id.
    pub(crate) fn id(self) -> u32 {
        self.0
    }

    /// The environment it was started with.
    pub(crate) fn environment(self) -> Result<Environment, Unmeasured> {
        const LIMIT: u64 = 4 << 20;
        let found = files::read(&self.path("environ"), LIMIT).map_err(|error| match error {
            FileError::Missing => self.is_gone(),
            error => error.of(format!("the environment of process {}", self.0)),
        })?;
        let text = String::from_utf8_lossy(&found.bytes);
        let variables = text.split('\0').filter_map(|entry| entry.split_once('='));
        Ok(Environment::new(variables.map(|(name, value)| (name.to_owned(), value.to_owned()))))
    }

    /// Where a path of the process is for us: it may live in a container.
    pub(crate) fn path_of(self, path: &str) -> PathBuf {
        match path.strip_prefix('/') {
            Some(absolute) => self.path("root").join(absolute),
            None => self.path("cwd").join(path),
        }
    }

    fn path(self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.0))
    }

    /// A process that ended but was not waited for has no environment any more.
    fn is_running(self) -> bool {
        let state = files::read(&self.path("stat"), 4096).ok().and_then(|found| {
            let text = String::from_utf8_lossy(&found.bytes).into_owned();
            text.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next())
        });
        state.is_some_and(|state| !"ZX".contains(state))
    }

    fn is_gone(self) -> Unmeasured {
        Unmeasured::because(format!(
            "there is no process {}; start the service, or correct the target",
            self.0
        ))
    }
}

fn pid_in(path: &Path, shown: &str) -> Result<String, Unmeasured> {
    let found = files::read(path, 4096).map_err(|error| error.of(format!("the pid file {shown}")))?;
    let text = found.text().map_err(|error| error.of(format!("the pid file {shown}")))?;
    // Some write more below it, as Postgres does.
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> (String, Vec<String>) {
        ("sh".to_owned(), vec!["-c".to_owned(), script.to_owned()])
    }

    async fn ran(script: &str, input: Option<&str>) -> Ended {
        let (program, arguments) = shell(script);
        let path = std::env::var("PATH").unwrap_or_default();
        let wanted = Wanted {
            program: &program,
            arguments: &arguments,
            folder: Path::new("/"),
            environment: BTreeMap::from([("PATH".to_owned(), path)]),
            input,
            keep: 1_000,
        };
        tokio::time::timeout(Duration::from_secs(20), run(wanted)).await.unwrap().unwrap()
    }

    /// A killed process is gone once the kernel came round to it.
    async fn is_gone(pid: &str) {
        let process = Running(pid.trim().parse().unwrap());
        let gone = async {
            while process.is_running() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    }

    #[tokio::test]
    async fn outputs_are_bounded_and_codes_are_kept() {
        let ended = ran("cat; yes | head -c 3000000; echo oops >&2; exit 3", Some("in\n")).await;
        assert_eq!((ended.code, ended.signal), (Some(3), None));
        assert!(ended.stdout.truncated && ended.stdout.text().starts_with("in\ny\n"));
        assert_eq!((ended.stdout.bytes.len(), ended.stderr.text().as_str()), (1_000, "oops\n"));
        let ended = ran("kill -TERM $$", None).await;
        assert_eq!((ended.code, ended.signal), (None, Some(15)));
    }

    #[tokio::test]
    async fn a_process_that_ended_is_none_even_if_nobody_waited_for_it() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        is_gone(&pid.to_string()).await;
        assert!(Path::new(&format!("/proc/{pid}")).exists(), "it was not waited for yet");
        let why = Running::of(&format!("pid:{pid}"), Path::new("/")).unwrap_err().why;
        assert!(why.contains("there is no process"), "{why}");
        child.wait().unwrap();
    }

    #[tokio::test]
    async fn what_it_leaves_behind_is_killed() {
        let ended = ran("sleep 300 & echo $!", None).await;
        is_gone(&ended.stdout.text()).await;
    }

    #[tokio::test]
    async fn all_it_started_is_killed_when_the_look_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let (program, arguments) =
            shell(&format!("sleep 300 & echo $! > {0}.new; mv {0}.new {0}; wait", note.display()));
        let path = std::env::var("PATH").unwrap_or_default();
        let wanted = Wanted {
            program: &program,
            arguments: &arguments,
            folder: folder.path(),
            environment: BTreeMap::from([("PATH".to_owned(), path)]),
            input: None,
            keep: 10,
        };
        let written = async {
            while !note.exists() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = run(wanted) => panic!("it ended by itself"),
            () = written => {}
        }
        let pid = std::fs::read_to_string(&note).unwrap();
        is_gone(&pid).await;
    }
}
