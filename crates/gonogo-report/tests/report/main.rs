//! The reports of three verdicts: what they look like, and what must hold for any verdict.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

mod conditional;
mod document_lineage;
mod explain;
mod fixture;
mod github;
mod go;
mod guide;
mod hints;
mod hostile;
mod html;
mod junit;
mod lineage;
mod load;
mod no_go;
mod numbers;
mod parsed;
mod plan;
mod registers;
mod sarif;
mod schedule;
mod snapshots;
mod width;
