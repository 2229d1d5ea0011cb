//! The control group that bounds a process, version 2 or 1: the tightest limit on the way up counts.
//! How a file of a group is read is for the tool.

use super::numbers;
use crate::tools::process::Running;
use crate::tools::procfs;

/// Version 1 writes a number near 2^63 where there is no limit.
const NO_LIMIT: u64 = 1 << 62;

/// What a control group says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Group {
    pub(super) version: Option<&'static str>,
    pub(super) memory_limit: Option<u64>,
    pub(super) memory_used: Option<u64>,
    pub(super) memory_peak: Option<u64>,
    pub(super) cpu_cores: Option<f64>,
    pub(super) throttled: Option<u64>,
    pub(super) pids_limit: Option<u64>,
    pub(super) pids: Option<u64>,
    pub(super) oom_kills: Option<u64>,
}

impl Group {
    pub(super) fn of(process: Running) -> Group {
        let listed = procfs::text(process, "cgroup").unwrap_or_default();
        Group::read(&listed, procfs::of_group)
    }

    /// `listed` is `/proc/PID/cgroup`; `file` reads a file below where groups are.
    fn read(listed: &str, file: impl Fn(&str) -> Option<String>) -> Group {
        let second = listed.lines().find_map(|line| line.strip_prefix("0::"));
        // A machine may have both, with the controllers in version 1.
        match second.filter(|path| file(&format!("{path}/memory.current")).is_some()) {
            Some(path) => second_version(path, &file),
            None => first_version(listed, &file),
        }
    }
}

fn number(text: Option<String>) -> Option<u64> {
    text?.trim().parse().ok()
}

/// The path and all above it, the root last, which has no limits.
fn upwards(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = path.trim_end_matches('/').to_owned();
    while !at.is_empty() && found.len() < 64 {
        let above = at.rsplit_once('/').map(|(above, _)| above.to_owned()).unwrap_or_default();
        found.push(std::mem::replace(&mut at, above));
    }
    found
}

fn second_version(path: &str, file: &impl Fn(&str) -> Option<String>) -> Group {
    let of = |path: &str, name: &str| number(file(&format!("{path}/{name}")));
    // Inside a container the root of what is seen has limits of its own.
    let mut groups = upwards(path);
    groups.push(String::new());
    let bound = groups.iter().filter_map(|at| Some((of(at, "memory.max")?, at))).min();
    let at = bound.map_or(path, |(_, at)| at.as_str());
    let counts = file(&format!("{path}/cpu.stat")).unwrap_or_default();
    let events = file(&format!("{at}/memory.events")).unwrap_or_default();
    Group {
        version: Some("v2"),
        memory_limit: bound.map(|(limit, _)| limit),
        memory_used: of(at, "memory.current"),
        memory_peak: of(at, "memory.peak"),
        cpu_cores: tightest(groups.iter().filter_map(|at| cores(&file(&format!("{at}/cpu.max"))?))),
        throttled: numbers(&counts).get("nr_throttled").copied(),
        pids_limit: groups.iter().filter_map(|at| of(at, "pids.max")).min(),
        pids: of(path, "pids.current"),
        oom_kills: numbers(&events).get("oom_kill").copied(),
    }
}

/// `max 100000` or `50000 100000`.
fn cores(text: &str) -> Option<f64> {
    let (quota, period) = text.trim().split_once(' ')?;
    let (quota, period): (f64, f64) = (quota.parse().ok()?, period.parse().ok()?);
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

fn tightest(bounds: impl Iterator<Item = f64>) -> Option<f64> {
    bounds.min_by(f64::total_cmp)
}

fn first_version(listed: &str, file: &impl Fn(&str) -> Option<String>) -> Group {
    let path = |controller: &str| {
        listed.lines().find_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let (controllers, path) = (parts.next()?, parts.next()?);
            controllers.split(',').any(|one| one == controller).then(|| format!("{controller}{path}"))
        })
    };
    let of = |at: &str, name: &str| number(file(&format!("{at}/{name}")));
    let memory = path("memory").unwrap_or_default();
    let limit = |at: &String| of(at, "memory.limit_in_bytes").filter(|limit| *limit < NO_LIMIT);
    let bound = upwards(&memory).into_iter().filter_map(|at| Some((limit(&at)?, at))).min();
    let at = bound.as_ref().map_or(memory.as_str(), |(_, at)| at.as_str());
    let cpu = path("cpu").unwrap_or_default();
    let quota = |at: String| {
        let (quota, period) = (of(&at, "cpu.cfs_quota_us")?, of(&at, "cpu.cfs_period_us")?);
        cores(&format!("{quota} {period}"))
    };
    let counts = file(&format!("{cpu}/cpu.stat")).unwrap_or_default();
    let pids = path("pids").unwrap_or_default();
    let seen = of(at, "memory.usage_in_bytes");
    Group {
        version: seen.map(|_| "v1"),
        memory_limit: bound.as_ref().map(|(limit, _)| *limit),
        memory_used: seen,
        memory_peak: of(at, "memory.max_usage_in_bytes"),
        cpu_cores: tightest(upwards(&cpu).into_iter().filter_map(quota)),
        throttled: numbers(&counts).get("nr_throttled").copied(),
        pids_limit: of(&pids, "pids.max"),
        pids: of(&pids, "pids.current"),
        oom_kills: numbers(&file(&format!("{at}/memory.oom_control")).unwrap_or_default())
            .get("oom_kill")
            .copied(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn group(listed: &str, files: &[(&str, &str)]) -> Group {
        let files: BTreeMap<&str, &str> = files.iter().copied().collect();
        Group::read(listed, |path| files.get(path).map(|text| (*text).to_owned()))
    }

    #[test]
    fn the_tightest_bound_on_the_way_up_counts() {
        let seen = group(
            "0::/a/b\n",
            &[
                ("/a/b/memory.current", "10\n"),
                ("/a/b/memory.max", "max\n"),
                ("/a/memory.max", "1000\n"),
                ("/a/memory.current", "600\n"),
                ("/a/memory.peak", "900\n"),
                ("/a/memory.events", "low 0\noom_kill 2\n"),
                ("/a/b/cpu.max", "200000 100000\n"),
                ("/a/cpu.max", "50000 100000\n"),
                ("/a/b/cpu.stat", "usage_usec 1\nnr_throttled 7\n"),
                ("/a/b/pids.max", "max\n"),
                ("/a/b/pids.current", "3\n"),
            ],
        );
        assert_eq!(
            (seen.memory_limit, seen.memory_used, seen.memory_peak),
            (Some(1000), Some(600), Some(900))
        );
        assert_eq!((seen.cpu_cores, seen.throttled, seen.oom_kills), (Some(0.5), Some(7), Some(2)));
        assert_eq!((seen.version, seen.pids_limit, seen.pids), (Some("v2"), None, Some(3)));
    }

    #[test]
    fn the_first_version_has_its_own_words_for_no_limit() {
        let listed = "5:cpu,cpuacct:/d\n4:memory:/d/e\n3:pids:/d\n";
        let seen = group(
            listed,
            &[
                ("memory/d/e/memory.limit_in_bytes", "9223372036854771712\n"),
                ("memory/d/memory.limit_in_bytes", "2000\n"),
                ("memory/d/memory.usage_in_bytes", "500\n"),
                ("cpu/d/cpu.cfs_quota_us", "150000\n"),
                ("cpu/d/cpu.cfs_period_us", "100000\n"),
                ("pids/d/pids.max", "64\n"),
            ],
        );
        assert_eq!((seen.version, seen.memory_limit, seen.memory_used), (Some("v1"), Some(2000), Some(500)));
        assert_eq!((seen.cpu_cores, seen.pids_limit), (Some(1.5), Some(64)));
        assert_eq!(group("", &[]), Group::default());
    }
}
