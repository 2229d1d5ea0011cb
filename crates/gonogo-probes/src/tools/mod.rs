//! The only sockets, files and subprocesses of the probes. A tool does not know which probe uses it.

pub(crate) mod files;
pub(crate) mod git;
pub(crate) mod http;
pub(crate) mod net;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod tree;
pub(crate) mod variables;
