//! The only sockets, files and subprocesses of the probes. A tool does not know which probe uses it.

pub(crate) mod datagram;
pub(crate) mod files;
pub(crate) mod git;
pub(crate) mod http;
pub(crate) mod load;
pub(crate) mod moved;
pub(crate) mod net;
pub(crate) mod postgres;
pub(crate) mod process;
#[cfg(test)]
pub(crate) mod processor;
pub(crate) mod procfs;
pub(crate) mod scratch;
pub(crate) mod signal;
pub(crate) mod sinks;
pub(crate) mod socket;
pub(crate) mod stall;
pub(crate) mod talk;
pub(crate) mod tls;
pub(crate) mod tree;
pub(crate) mod variables;
