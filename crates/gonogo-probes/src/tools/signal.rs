//! Ending a running process, and starting a program that outlives the look. It does not know what
//! they are for.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::process::Running;
use super::stall::{refuse_own_process, stat};
use crate::probe::Unmeasured;

/// A process, held so that no other can be taken for it.
pub(crate) struct Held {
    id: u32,
    handle: OwnedFd,
    /// When it was started, in ticks: another with its id was started later.
    born: Option<String>,
}

impl Held {
    /// # Errors
    /// When it is gonogo itself or above it, or is gone.
    pub(crate) fn of(process: Running) -> Result<Held, Unmeasured> {
        let id = process.id();
        refuse_own_process(id)?;
        let gone = || Unmeasured::because(format!("there is no process {id} any more; is it restarted?"));
        let pid = i32::try_from(id).ok().and_then(Pid::from_raw).ok_or_else(gone)?;
        let handle = pidfd_open(pid, PidfdFlags::empty()).map_err(|_| gone())?;
        Ok(Held { id, handle, born: born(id) })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// Kills it: it gets no say.
    pub(crate) fn kill(&self) -> Result<(), Unmeasured> {
        self.send(Signal::KILL)
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) -> Result<(), Unmeasured> {
        self.send(Signal::TERM)
    }

    fn send(&self, signal: Signal) -> Result<(), Unmeasured> {
        pidfd_send_signal(&self.handle, signal).map_err(|error| {
            Unmeasured::because(format!(
                "process {} may not be ended ({error}); run gonogo as the user of the service",
                self.id
            ))
        })
    }

    /// Whether it has ended, also when nobody has waited for it yet.
    pub(crate) fn has_ended(&self) -> bool {
        born(self.id) != self.born || stat(self.id).is_none_or(|stat| stat.starts_with(['Z', 'X']))
    }

    /// How it ended: its exit code, or the signal that ended it. Known only as long as nobody has
    /// waited for it.
    pub(crate) fn ending(&self) -> Option<Ending> {
        let stat = stat(self.id).filter(|stat| stat.starts_with('Z') && born(self.id) == self.born)?;
        let status: i32 = stat.split_whitespace().last()?.parse().ok()?;
        Some(match status & 0x7f {
            0 => Ending::Code(status >> 8 & 0xff),
            signal => Ending::Signal(signal),
        })
    }
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Code(i32),
    Signal(i32),
}

fn born(id: u32) -> Option<String> {
    stat(id)?.split_whitespace().nth(19).map(str::to_owned)
}

/// Starts a program that goes on when the look and gonogo are gone. Its outputs are nobody's.
pub(crate) fn launch(
    program: &str,
    arguments: &[String],
    folder: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<(), Unmeasured> {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env_clear().envs(environment);
    // A group of its own: what the terminal sends to gonogo does not reach it.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = command.spawn().map_err(|error| {
        Unmeasured::because(format!(
            "the program `{program}` could not be started ({error}); start it by hand"
        ))
    })?;
    // Somebody must wait for it, or it stays as a zombie until gonogo ends.
    drop(std::thread::Builder::new().name("waits".to_owned()).spawn(move || child.wait()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_how_a_process_ended_until_somebody_waits_for_it() {
        for (script, ending) in
            [("exec sleep 300", Ending::Signal(9)), ("read -r x; exit 3", Ending::Code(3))]
        {
            let mut command = Command::new("sh");
            let mut child = command.args(["-c", script]).stdin(Stdio::piped()).spawn().unwrap();
            let held =
                Held::of(Running::of(&format!("pid:{}", child.id()), Path::new("/")).unwrap()).unwrap();
            assert!(!held.has_ended() && held.ending().is_none());
            if ending == Ending::Signal(9) {
                held.kill().unwrap();
            }
            drop(child.stdin.take());
            while !held.has_ended() {
                std::thread::yield_now();
            }
            assert_eq!(held.ending(), Some(ending));
            child.wait().unwrap();
            assert!(held.has_ended() && held.ending().is_none());
        }
    }

    #[test]
    fn gonogo_is_not_ended() {
        let own = Running::of(&format!("pid:{}", std::process::id()), Path::new("/")).unwrap();
        assert!(Held::of(own).err().unwrap().why.contains("gonogo itself"));
    }
}
