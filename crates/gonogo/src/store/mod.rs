//! The run folder: `run.jsonl` (the chain of records), `blobs/`, `spec.json`, `verdict.json`.
//! Nothing here judges; nothing else writes or reads these files.

mod chain;
mod folder;
mod verify;

pub use chain::{Body, Opened, Record, Sealed, genesis};
pub use folder::{Open, RunFolder, Stored};
pub use verify::{Problem, verify};

use std::path::PathBuf;

/// The version of the stored form of a run.
pub const FORMAT: u32 = 1;

/// Why a run folder could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("failed to {doing} {}: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// There is no run here.
    #[error("{} is not a run folder: it has no run.jsonl", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
    },
    /// A run was killed before its first record was whole.
    #[error("the run in {} was killed before it began; run it again with --out {}", path.display(), path.display())]
    NotBegun {
        /// The folder.
        path: PathBuf,
    },
    /// Something of another run is in the way.
    #[error("{} exists already and is not empty; choose another --out, or continue the run in it with --resume", path.display())]
    InTheWay {
        /// The folder.
        path: PathBuf,
    },
    /// Another process writes to it.
    #[error("{} is being written by another gonogo; wait for it or stop it", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// It does not verify.
    #[error("{} does not verify:\n{}", path.display(), list(problems))]
    Broken {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        problems: Vec<Problem>,
    },
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("  {problem}")).collect::<Vec<_>>().join("\n")
}

impl StoreError {
    fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.into();
        move |source| StoreError::Io { doing, path, source }
    }
}
