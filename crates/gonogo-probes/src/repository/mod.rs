//! A repository as the analysers see it: which files belong to it, of which kind each is, and
//! their bytes. It is walked once in a run, whatever number of probes look at it. It knows no
//! other family: what is in a file is for others to say.

mod discovery;
mod held;
mod kind;
pub(crate) mod purpose;
mod source;
mod tree;

#[cfg(test)]
pub(crate) mod fuzz;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::code;
use crate::probe::{Registered, Unmeasured, register};
use crate::tools::tree::Listed;

pub use discovery::Discovery;
pub(crate) use held::Place;
pub use held::Repositories;
pub(crate) use held::open;
pub use kind::Kind;
#[cfg(test)]
pub(crate) use source::memory;
pub(crate) use source::{Source, folder_of, joined, name_of, names};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<tree::Tree>(), //
];

/// A repository, or one file of it.
#[derive(Debug)]
pub(crate) struct Repository {
    source: Box<dyn Source>,
    /// The one file that is asked about, when the target is a file.
    only: Option<String>,
    kinds: OnceLock<BTreeMap<Kind, Vec<String>>>,
    code: OnceLock<code::Survey>,
}

impl Repository {
    pub(crate) fn new(source: Box<dyn Source>, only: Option<String>) -> Repository {
        Repository { source, only, kinds: OnceLock::new(), code: OnceLock::new() }
    }

    /// Files in a map, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Repository {
        Repository::new(Box::new(memory::Memory::of(files)), None)
    }

    pub(crate) fn source(&self) -> &dyn Source {
        &*self.source
    }

    /// Every file that belongs to it, by path.
    pub(crate) fn files(&self) -> &[Listed] {
        self.source.files()
    }

    /// What was not walked, with the reason as it is said behind the path.
    pub(crate) fn passed(&self) -> &[(String, String)] {
        self.source.passed()
    }

    /// What was not walked and has the name of a file of this kind.
    pub(crate) fn passed_of_kind(&self, kind: Kind) -> impl Iterator<Item = &(String, String)> {
        self.passed().iter().filter(move |(path, _)| kind::by_name(path).contains(&kind))
    }

    /// The one file that is asked about, when the target is a file.
    pub(crate) fn only(&self) -> Option<&str> {
        self.only.as_deref()
    }

    /// The files of one kind, by path. When the target is a file, that file: whoever names a
    /// file to a probe says what it is.
    pub(crate) fn of_kind(&self, kind: Kind) -> Vec<&str> {
        match &self.only {
            Some(only) => vec![only],
            None => self.kinds().get(&kind).into_iter().flatten().map(String::as_str).collect(),
        }
    }

    /// The files by kind; a file may be of several.
    pub(crate) fn kinds(&self) -> &BTreeMap<Kind, Vec<String>> {
        self.kinds.get_or_init(|| kind::by_kind(self.source(), self.only()))
    }

    /// The files of one kind, or why there is nothing to look at.
    pub(crate) fn some_of_kind(&self, kind: Kind) -> Result<Vec<&str>, Unmeasured> {
        let found = self.of_kind(kind);
        match found.is_empty() {
            false => Ok(found),
            true => Err(Unmeasured::because(format!(
                "there is no {} in this folder; name the folder or file with `target`",
                kind.noun()
            ))),
        }
    }

    /// A file as text without its byte order mark, or why it cannot be had.
    pub(crate) fn text(&self, path: &str, limit: u64) -> Result<String, String> {
        let bytes = self.source.read(path, limit)?;
        let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8 text".to_owned())?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    /// What the source code says about itself; read once.
    pub(crate) fn code(&self) -> &code::Survey {
        self.code.get_or_init(|| code::survey(self))
    }
}
