//! Processes that stand still for a while: SIGSTOP, the proof that they stand, and SIGCONT whatever
//! happens to the look or to gonogo. It does not know what they are for.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use super::files;
use super::process::Running;
use crate::probe::Unmeasured;

/// A signal takes effect when the kernel comes round to it.
const LIMIT: Duration = Duration::from_secs(2);
const EVERY: Duration = Duration::from_millis(2);
/// More processes are not stopped together.
const MOST: usize = 512;
/// Continues the processes when gonogo is gone, even if it was killed: its pipe is closed then.
const GUARD: &str = r#"read -r _; kill -CONT "$@""#;

/// A process and all that it started, standing still. They go on when this is dropped.
pub(crate) struct Stalled {
    members: Vec<Member>,
    /// Kept for its pipe, and killed when it is not needed any more.
    _guard: Option<Child>,
}

/// One process, held so that no other can be taken for it.
struct Member {
    id: u32,
    handle: OwnedFd,
}

impl Stalled {
    /// Stops a process and its descendants, and waits until they stand.
    ///
    /// # Errors
    /// When it is gonogo itself or above it, may not be signalled, or does not stand still.
    pub(crate) async fn begin(process: Running) -> Result<Stalled, Unmeasured> {
        let family = Family::read();
        refuse_own(&family, process.id())?;
        let mut stalled = Stalled { members: Vec::new(), _guard: None };
        stalled.stop(process.id())?;
        // A process that stands starts no others, so this comes to an end.
        while let Some(next) = stalled.next_descendant() {
            stalled.stop(next)?;
        }
        stalled._guard = stalled.guard();
        let until = Instant::now() + LIMIT;
        while !stalled.is_still() {
            if Instant::now() > until {
                return Err(Unmeasured::because(format!(
                    "process {} was sent SIGSTOP and does not stand still; the fault was taken back",
                    process.id()
                )));
            }
            sleep(EVERY).await;
        }
        Ok(stalled)
    }

    /// Whether all of them stand still right now.
    pub(crate) fn is_still(&self) -> bool {
        let first = self.members.first().is_some_and(|member| state(member.id) == Some('T'));
        first && self.members.iter().all(|member| state(member.id).is_none_or(|state| "TZX".contains(state)))
    }

    fn stop(&mut self, id: u32) -> Result<(), Unmeasured> {
        let gone = || Unmeasured::because(format!("there is no process {id} any more; is it restarted?"));
        let pid = i32::try_from(id).ok().and_then(Pid::from_raw).ok_or_else(gone)?;
        let handle = pidfd_open(pid, PidfdFlags::empty()).map_err(|_| gone())?;
        pidfd_send_signal(&handle, Signal::STOP).map_err(|error| {
            Unmeasured::because(format!(
                "process {id} may not be stopped ({error}); run gonogo as the user of the service"
            ))
        })?;
        self.members.push(Member { id, handle });
        Ok(())
    }

    fn next_descendant(&self) -> Option<u32> {
        let known = |id: u32| self.members.iter().any(|member| member.id == id);
        let family = Family::read();
        let found = family.0.iter().find(|(id, parent)| known(**parent) && !known(**id));
        found.map(|(id, _)| *id).filter(|_| self.members.len() < MOST)
    }

    fn guard(&self) -> Option<Child> {
        let mut command = Command::new("sh");
        command.args(["-c", GUARD, "guard"]).args(self.members.iter().map(|member| member.id.to_string()));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: what the terminal sends to gonogo does not reach it.
        command.process_group(0).kill_on_drop(true).spawn().ok()
    }
}

impl Drop for Stalled {
    fn drop(&mut self) {
        for member in &self.members {
            let _ = pidfd_send_signal(&member.handle, Signal::CONT);
        }
    }
}

/// Each process and its parent.
struct Family(BTreeMap<u32, u32>);

impl Family {
    fn read() -> Family {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        // One that ended already stands as still as can be.
        let living = ids.filter(|id: &u32| state(*id).is_some_and(|state| !"ZX".contains(state)));
        Family(living.filter_map(|id| Some((id, parent(id)?))).collect())
    }
}

/// Refuses to signal gonogo itself and what started it.
pub(super) fn refuse_own_process(id: u32) -> Result<(), Unmeasured> {
    refuse_own(&Family::read(), id)
}

fn refuse_own(family: &Family, id: u32) -> Result<(), Unmeasured> {
    let mut above = Some(std::process::id());
    while let Some(own) = above.filter(|own| *own > 0) {
        if own == id {
            return Err(Unmeasured::because(format!(
                "process {id} is gonogo itself or what started it, and cannot be stopped; name the \
                 process of the dependency"
            )));
        }
        above = family.0.get(&own).copied();
    }
    Ok(())
}

/// The letter of its state: `T` stands still.
pub(crate) fn state(id: u32) -> Option<char> {
    stat(id)?.chars().next()
}

fn parent(id: u32) -> Option<u32> {
    stat(id)?.split(' ').nth(1)?.parse().ok()
}

/// What `/proc` says about it behind its name, which may hold anything.
pub(super) fn stat(id: u32) -> Option<String> {
    let found = files::read(format!("/proc/{id}/stat").as_ref(), 4096).ok()?;
    let text = String::from_utf8_lossy(&found.bytes).into_owned();
    text.rsplit_once(") ").map(|(_, rest)| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::path::Path;
    use std::process::Child;

    use super::*;

    /// A shell with a child of its own, whose id it says.
    fn family() -> (Child, u32, u32) {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "exec 3<&0; cat <&3 & echo $!; wait"]);
        let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let parent = shell.id();
        (shell, parent, line.trim().parse().unwrap())
    }

    async fn goes_on(id: u32) {
        let until = Instant::now() + Duration::from_secs(10);
        while state(id) == Some('T') {
            assert!(Instant::now() < until, "process {id} still stands");
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_process_and_its_child_stand_until_it_is_dropped() {
        let (mut shell, parent, child) = family();
        let running = Running::of(&format!("pid:{parent}"), Path::new("/")).unwrap();
        let stalled = Stalled::begin(running).await.unwrap();
        assert_eq!((state(parent), state(child)), (Some('T'), Some('T')));
        assert!(stalled.is_still());
        drop(stalled);
        goes_on(parent).await;
        goes_on(child).await;
        drop(shell.stdin.take());
        shell.wait().unwrap();
    }

    #[tokio::test]
    async fn the_guard_continues_them_when_gonogo_is_killed() {
        let (mut shell, parent, child) = family();
        let running = Running::of(&format!("pid:{parent}"), Path::new("/")).unwrap();
        let mut stalled = Stalled::begin(running).await.unwrap();
        // What the end of gonogo does: nothing is dropped, and its pipes are closed.
        let mut guard = stalled._guard.take().unwrap();
        std::mem::forget(stalled);
        drop(guard.stdin.take());
        goes_on(parent).await;
        goes_on(child).await;
        guard.wait().await.unwrap();
        drop(shell.stdin.take());
        shell.wait().unwrap();
    }

    #[tokio::test]
    async fn gonogo_and_what_started_it_are_not_stopped() {
        for id in [std::process::id(), std::os::unix::process::parent_id()] {
            let running = Running::of(&format!("pid:{id}"), Path::new("/")).unwrap();
            let why = Stalled::begin(running).await.err().unwrap().why;
            assert!(why.contains("gonogo itself"), "{why}");
        }
    }
}
