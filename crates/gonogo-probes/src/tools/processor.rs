//! The processor time of this thread, for tests of what must be done soon on a machine that others use.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// So much of it was used by now.
pub(crate) fn used() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
