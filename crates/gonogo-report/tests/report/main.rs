//! The reports of three verdicts: what they look like, and what must hold for any verdict.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod conditional;
mod explain;
mod fixture;
mod go;
mod guide;
mod hostile;
mod junit;
mod no_go;
mod numbers;
mod plan;
mod snapshots;
mod width;
