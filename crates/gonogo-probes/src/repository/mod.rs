//! A repository as the analysers see it: which files belong to it, of which kind each is, and
//! their bytes. It is walked once in a run, whatever number of probes look at it. It knows no
//! other family: what is in a file is for others to say.

mod held;
mod kind;
pub(crate) mod purpose;
mod source;
mod tree;

#[cfg(test)]
pub(crate) mod fuzz;

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::code;
use crate::probe::{Registered, Unmeasured, register};
use crate::tools::tree::Listed;

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
pub(crate) struct Repository {
    source: Box<dyn Source>,
    /// The one file that is asked about, when the target is a file.
    only: Option<String>,
    kinds: OnceLock<BTreeMap<Kind, Vec<String>>>,
    code: OnceLock<code::Survey>,
    read: Mutex<BTreeMap<TypeId, Reading>>,
}

/// What a family has read, or is reading.
type Reading = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repository({:?})", self.source)
    }
}

impl Repository {
    pub(crate) fn new(source: Box<dyn Source>, only: Option<String>) -> Repository {
        Repository { source, only, kinds: OnceLock::new(), code: OnceLock::new(), read: Mutex::default() }
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

    /// What a family makes of the repository, made when the first of its probes asks. One `T` is
    /// one thing: who makes it must not depend on anything but the repository.
    pub(crate) fn once<T: Any + Send + Sync>(&self, make: impl FnOnce(&Repository) -> T) -> Arc<T> {
        let reading = {
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(read.entry(TypeId::of::<T>()).or_default())
        };
        let made = Arc::clone(reading.get_or_init(|| Arc::new(make(self))));
        // The key is the type, so what stands there is of it.
        made.downcast().unwrap_or_else(|_| unreachable!("{}", std::any::type_name::<T>()))
    }

    /// What the source code says about itself; read once.
    pub(crate) fn code(&self) -> &code::Survey {
        self.code.get_or_init(|| code::survey(self))
    }
}
