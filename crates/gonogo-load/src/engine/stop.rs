//! How a run is ended early: by whoever started it, or by what is seen of the target.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Ends a run. Clones end the same one.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicU8>);

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Things start.
    Running,
    /// Nothing starts any more; what is under way may end.
    Ending,
    /// What is under way is cut off.
    Cut,
}

impl Stop {
    /// Nothing starts any more; what is under way may end within its grace.
    pub fn gently(&self) {
        self.0.fetch_max(1, Ordering::Relaxed);
    }

    /// Everything is cut off.
    pub fn at_once(&self) {
        self.0.fetch_max(2, Ordering::Relaxed);
    }

    /// Whether somebody ended it.
    pub(crate) fn is_used(&self) -> bool {
        self.phase() != Phase::Running
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.0.load(Ordering::Relaxed) {
            0 => Phase::Running,
            1 => Phase::Ending,
            _ => Phase::Cut,
        }
    }
}
