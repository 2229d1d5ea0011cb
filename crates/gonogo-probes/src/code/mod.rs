//! Source code as far as other files rest on it: the variables it reads, the ports it listens on,
//! the metrics it exposes, the routes it serves, the files it logs to. Found by the forms that
//! libraries give these things, without running or compiling anything: what is not found may
//! still be there, so absence here is never certain.

use crate::repository::Repository;

/// What all source files of a repository say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Environment variables it reads by a literal name.
    pub(crate) variables: Vec<Said>,
    /// Ports it listens on by a literal number, as the text of the number.
    pub(crate) listens: Vec<Said>,
    /// Names of the metrics it registers.
    pub(crate) metrics: Vec<Said>,
    /// Paths it serves, as `METHOD /path`, or `* /path` where the method is not said there.
    pub(crate) routes: Vec<Said>,
    /// Files it logs to.
    pub(crate) logs: Vec<Said>,
    /// Source files that were read.
    pub(crate) files: usize,
    /// Source files that were not read, with the reason as it is said behind the path.
    pub(crate) passed: Vec<(String, String)>,
}

/// Something that a line of code says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    pub(crate) name: String,
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 1.
    pub(crate) column: u32,
}

/// Reads every source file.
pub(crate) fn survey(_repository: &Repository) -> Survey {
    Survey::default()
}
