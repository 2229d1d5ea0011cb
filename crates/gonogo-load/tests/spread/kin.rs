//! The children of a process, as the kernel tells of them.

use std::path::PathBuf;

use rustix::process::{Pid, Signal, kill_process};

/// The ids of its children that are workers.
pub(crate) fn workers_of(pid: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let all: Vec<u32> = lists
        .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>())
        .collect();
    all.into_iter().filter(|id| words(*id, "cmdline").contains("worker")).collect()
}

/// Arguments or variables of a process, as text.
pub(crate) fn words(pid: u32, which: &str) -> String {
    let bytes = std::fs::read(PathBuf::from(format!("/proc/{pid}/{which}"))).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

/// Whether a process lives; one that nobody has buried yet does not.
pub(crate) fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| state != "Z")
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal).unwrap();
}
