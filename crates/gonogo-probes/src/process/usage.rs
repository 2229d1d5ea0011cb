//! What the kernel's texts about a process say. It reads no files.

/// What a process takes at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) rss: u64,
    pub(crate) rss_peak: Option<u64>,
    pub(crate) threads: Option<u64>,
    pub(crate) cpu_ticks: u64,
    pub(crate) started_ticks: u64,
    pub(crate) fds: Option<u64>,
}

impl Usage {
    /// Reads `/proc/PID/status` and `/proc/PID/stat`; `None` of a process that has ended.
    pub(crate) fn read(status: &str, stat: &str, fds: Option<usize>) -> Option<Usage> {
        let field = |name: &str| {
            let line = status.lines().find(|line| line.split(':').next() == Some(name))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        };
        let bytes = |name: &str| field(name)?.checked_mul(1024);
        // The name of a process may hold anything, also brackets.
        let (_, rest) = stat.rsplit_once(") ")?;
        let ticks = |at: usize| rest.split_whitespace().nth(at)?.parse::<u64>().ok();
        Some(Usage {
            rss: bytes("VmRSS")?,
            rss_peak: bytes("VmHWM"),
            threads: field("Threads"),
            cpu_ticks: ticks(11)?.checked_add(ticks(12)?)?,
            started_ticks: ticks(19)?,
            fds: fds.and_then(|fds| u64::try_from(fds).ok()),
        })
    }
}

/// What a process may take; `None` is without limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) open_files: Option<u64>,
    pub(crate) processes: Option<u64>,
    pub(crate) address_space: Option<u64>,
    pub(crate) core: Option<u64>,
}

impl Limits {
    /// Reads `/proc/PID/limits`: the soft limits, which are those that hold.
    pub(crate) fn read(text: &str) -> Limits {
        let of = |name: &str| {
            let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
            rest.split_whitespace().next()?.parse().ok()
        };
        Limits {
            open_files: of("Max open files"),
            processes: of("Max processes"),
            address_space: of("Max address space"),
            core: of("Max core file size"),
        }
    }
}

/// A count as a number to divide with; beyond 2^53 the last digits do not matter.
#[expect(clippy::cast_precision_loss, reason = "shares and percentages are rounded for people")]
pub(crate) fn as_number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_texts_are_read() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t3\n";
        let stat = "7 (a) b) c) S 1 7 7 0 -1 4194304 1 2 3 4 50 25 7 8 20 0 3 0 12345 1 2";
        let usage = Usage::read(status, stat, Some(9)).unwrap();
        assert_eq!((usage.rss, usage.rss_peak, usage.threads), (1_048_576, Some(2_097_152), Some(3)));
        assert_eq!((usage.cpu_ticks, usage.started_ticks, usage.fds), (75, 12_345, Some(9)));
        assert_eq!(Usage::read("Name:\tx\nState:\tZ (zombie)\n", stat, None), None);
    }

    #[test]
    fn soft_limits_are_read() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \nMax core file size        0                    unlimited            bytes     \nMax open files            1024                 4096                 files     \nMax address space         unlimited            unlimited            bytes     \n";
        let limits = Limits::read(text);
        assert_eq!(limits, Limits { open_files: Some(1024), core: Some(0), ..Limits::default() });
    }
}
