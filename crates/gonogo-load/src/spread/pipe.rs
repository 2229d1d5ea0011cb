//! Workers that are processes of this machine. What is said goes over their standard input and
//! output, which nobody else can read: an order with its secrets is in no argument, no variable and
//! no file. A worker whose input is closed ends, so that none outlives who started it.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::lead::Heard;
use super::message::ToWorker;
use super::serve::serve;
use crate::engine::Machine;
use crate::plan::Refused;

/// A longer message is none of ours.
const LONGEST: usize = 256 * 1024 * 1024;
/// How long a worker may take to end once its input is closed.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much is kept of what it says on standard error.
const LAST_WORDS: usize = 400;

/// The processes that a plan may be spread over.
#[derive(Debug, Clone)]
pub struct Crew {
    /// A program that calls [`serve_pipe`] when it is started with these arguments.
    pub program: PathBuf,
    /// See `program`.
    pub arguments: Vec<String>,
    /// What one process may take of this machine.
    pub machine: Machine,
    /// How long nothing may be heard of a worker before it is given up.
    pub silence: Duration,
}

impl Crew {
    /// This program again, as `worker --pipe`.
    ///
    /// # Errors
    /// [`Refused`] when it cannot be found.
    pub fn of_this_program() -> Result<Crew, Refused> {
        let program = std::env::current_exe();
        let program =
            program.map_err(|error| Refused(format!("the program itself cannot be found: {error}")))?;
        let arguments = ["worker", "--pipe"].map(str::to_owned).to_vec();
        Ok(Crew { program, arguments, machine: Machine::this(), silence: Duration::from_secs(30) })
    }

    /// Starts a process, which is the `at`-th of those that are heard.
    pub(super) fn start(&self) -> Result<Child, Refused> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C at the terminal is for who leads: it lets them end in their own way.
        command.process_group(0).kill_on_drop(true);
        let started = command.spawn();
        started.map_err(|error| Refused(format!("{} cannot be started: {error}", self.program.display())))
    }
}

/// Speaks to a process until one of both is gone.
pub(super) async fn attend(
    at: usize,
    mut child: Child,
    to: mpsc::UnboundedReceiver<ToWorker>,
    heard: mpsc::UnboundedSender<(usize, Heard)>,
) {
    let (Some(input), Some(mut output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return;
    };
    let mut last = Vec::new();
    let listen = async {
        while let Some(message) = next(&mut output).await {
            if heard.send((at, Heard::Said(message))).is_err() {
                break;
            }
        }
    };
    let words = async {
        last_words(errors, &mut last).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = listen => {}
        () = speak(input, to) => {}
        () = words => {}
    }
    let _ = child.start_kill();
    let status = timeout(PATIENCE, child.wait()).await;
    let how = status.ok().and_then(Result::ok).map_or_else(|| "it does not end".to_owned(), ended);
    let last = String::from_utf8_lossy(&last);
    let why = match last.lines().rfind(|line| !line.trim().is_empty()) {
        Some(line) => format!("{how}; it said: {}", line.trim()),
        None => how,
    };
    let _ = heard.send((at, Heard::Gone(why)));
}

/// Says what there is to say; then closes the input, and gives time to end.
async fn speak(mut input: ChildStdin, mut to: mpsc::UnboundedReceiver<ToWorker>) {
    while let Some(message) = to.recv().await {
        let written = match framed(&message) {
            Some(bytes) => input.write_all(&bytes).await.is_ok() && input.flush().await.is_ok(),
            None => false,
        };
        if !written {
            break;
        }
    }
    drop(input);
    tokio::time::sleep(PATIENCE).await;
}

async fn last_words(mut errors: impl AsyncRead + Unpin, last: &mut Vec<u8>) {
    let mut part = [0; LAST_WORDS];
    while let Ok(count @ 1..) = errors.read(&mut part).await {
        last.extend_from_slice(&part[..count]);
        last.drain(..last.len().saturating_sub(LAST_WORDS));
    }
}

fn ended(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("it ended with status {code}"),
        (None, Some(9)) => "it was killed (signal 9), as by a machine that has no memory left".to_owned(),
        (None, signal) => format!("it was ended by signal {}", signal.unwrap_or(0)),
    }
}

/// A message as it goes over a pipe: its length in four bytes, and JSON.
fn framed(message: &impl Serialize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, message).ok()?;
    let length = u32::try_from(bytes.len() - 4).ok().filter(|length| *length as usize <= LONGEST)?;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    Some(bytes)
}

async fn next<M: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> Option<M> {
    let length = usize::try_from(from.read_u32().await.ok()?).ok().filter(|length| *length <= LONGEST)?;
    let mut bytes = Vec::new();
    from.take(length as u64).read_to_end(&mut bytes).await.ok()?;
    serde_json::from_slice(&bytes).ok().filter(|_| bytes.len() == length)
}

/// Is a worker: takes an order from standard input, and tells of it on standard output, which nobody
/// else may write to.
///
/// # Errors
/// When no thread can be started.
pub fn serve_pipe() -> std::io::Result<()> {
    let (hear, heard) = mpsc::unbounded_channel();
    // A read of standard input cannot be called off, so nobody waits for this thread.
    std::thread::Builder::new().name("input".to_owned()).spawn(move || {
        let mut input = std::io::stdin().lock();
        while let Some(message) = read(&mut input) {
            if hear.send(message).is_err() {
                return;
            }
        }
    })?;
    let (say, mut said) = mpsc::unbounded_channel();
    let output = std::thread::Builder::new().name("output".to_owned()).spawn(move || {
        let mut output = std::io::stdout().lock();
        while let Some(message) = said.blocking_recv() {
            let Some(bytes) = framed(&message) else { return };
            if output.write_all(&bytes).and_then(|()| output.flush()).is_err() {
                return;
            }
        }
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(heard, say, |_| Ok(())));
    // What was said must be out before the process ends.
    let _ = output.join();
    Ok(())
}

fn read<M: DeserializeOwned>(from: &mut impl Read) -> Option<M> {
    let mut length = [0; 4];
    from.read_exact(&mut length).ok()?;
    let length = usize::try_from(u32::from_be_bytes(length)).ok().filter(|length| *length <= LONGEST)?;
    let mut bytes = Vec::new();
    from.take(length as u64).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok().filter(|_| bytes.len() == length)
}
