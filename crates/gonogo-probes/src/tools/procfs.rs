//! What the kernel says of a running process and of the group that bounds it. It does not know what
//! the texts mean.

use std::path::{Component, Path};

use super::files;
use super::process::Running;

const LIMIT: u64 = 256 * 1024;
const GROUPS: &str = "/sys/fs/cgroup";

/// A file of the process, such as `status`; `None` when it is gone or may not be read.
pub(crate) fn text(process: Running, name: &str) -> Option<String> {
    let found = files::read(Path::new(&format!("/proc/{}/{name}", process.id())), LIMIT).ok()?;
    found.text().ok().map(str::to_owned)
}

/// How many files it has open.
pub(crate) fn open_files(process: Running) -> Option<usize> {
    let entries = std::fs::read_dir(format!("/proc/{}/fd", process.id())).ok()?;
    Some(entries.count())
}

/// How many of them are sockets.
pub(crate) fn open_sockets(process: Running) -> Option<usize> {
    let entries = std::fs::read_dir(format!("/proc/{}/fd", process.id())).ok()?;
    let is_socket = |entry: &std::fs::DirEntry| {
        let leads_to = std::fs::read_link(entry.path()).ok();
        leads_to.is_some_and(|path| path.to_string_lossy().starts_with("socket:"))
    };
    Some(entries.flatten().filter(is_socket).count())
}

/// A file of a control group, by its path below where groups are; never one outside.
pub(crate) fn of_group(path: &str) -> Option<String> {
    let path = Path::new(path.trim_start_matches('/'));
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let found = files::read(&Path::new(GROUPS).join(path), LIMIT).ok()?;
    found.text().ok().map(str::to_owned)
}

/// Linux tells processor time in hundredths of a second, whatever its own clock does.
pub(crate) const TICKS: f64 = 100.0;

/// How long the machine has been up, in seconds.
pub(crate) fn uptime() -> Option<f64> {
    let up = files::read(Path::new("/proc/uptime"), 4096).ok()?;
    up.text().ok()?.split_whitespace().next()?.parse().ok()
}
