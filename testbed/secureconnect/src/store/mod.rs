//! What outlives a request: rows, short-lived values, files. One room each.

pub(crate) mod cache;
pub(crate) mod database;
mod memory;
pub(crate) mod objects;
