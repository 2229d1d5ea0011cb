//! What a coordinator and its workers say to each other, and how it is written: JSON, for all of it
//! is small beside the load itself. An order may hold secrets, so nothing here is ever shown.

use serde::{Deserialize, Serialize};

use crate::engine::{Beat, Effort, Order};

/// The form of these messages. Whoever speaks another one is refused.
pub(super) const VERSION: u32 = 2;

/// To a worker.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ToWorker {
    /// What is said first.
    Hello {
        /// The form of all that follows.
        version: u32,
    },
    /// What it is to do once it is told to begin.
    Order(Box<Order>),
    /// Say what your clock shows, at once.
    Clock {
        /// What that of who leads shows, in nanoseconds. It is said back.
        asked_ns: u64,
    },
    /// Begin when your clock shows this.
    Begin {
        /// In nanoseconds.
        at_ns: u64,
    },
    /// End early.
    Stop {
        /// What is under way is cut off.
        at_once: bool,
    },
}

/// From a worker.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum FromWorker {
    /// It can begin.
    Ready {
        /// With so many threads, each of which will tell of every second.
        threads: usize,
    },
    /// What its clock shows.
    Clock {
        /// What it was asked with.
        asked_ns: u64,
        /// In nanoseconds.
        shows_ns: u64,
    },
    /// It cannot do what it is to do.
    Refused {
        /// In a sentence.
        why: String,
    },
    /// A thread tells of seconds that are over.
    Beat(Box<Beat>),
    /// How many journeys were good and how many failed through the target, so far. It comes at least
    /// once a second, so that silence means something.
    Counts {
        /// Good ones.
        good: u64,
        /// Failed ones.
        failed: u64,
    },
    /// It has done all, and told of all. It stays until it is let go.
    Done(Box<Effort>),
}
