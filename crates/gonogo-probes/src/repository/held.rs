//! The repositories of a run: each folder is walked once, when the first probe asks for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Repository;
use super::source::Disk;
use crate::context::Context;
use crate::probe::Unmeasured;
use crate::tools::files::{self, FileError};

type Walk = Arc<OnceLock<Result<Arc<Repository>, Unmeasured>>>;

/// What a run has walked already.
#[derive(Debug, Default)]
pub struct Repositories {
    known: Mutex<BTreeMap<PathBuf, Walk>>,
}

/// A folder or file that a look asks for. Making one does not touch the disk.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    path: PathBuf,
    known: Arc<Repositories>,
}

impl Place {
    /// The target of the look, or the folder of the spec.
    pub(crate) fn of(context: &Context) -> Place {
        let address = context.target.as_ref().map(|target| context.folder.join(&target.address));
        let path = address.unwrap_or_else(|| context.folder.clone());
        Place::at(path, Arc::clone(&context.repositories))
    }

    /// A folder or file by its path.
    pub(crate) fn at(path: PathBuf, known: Arc<Repositories>) -> Place {
        // Without `.`, so that the same folder is known by one path.
        Place { path: path.components().collect(), known }
    }

    /// A folder that a parameter names, relative to the target; touches the disk.
    pub(crate) fn named(&self, folder: &str) -> Place {
        let is_file = files::is_folder(&self.path).is_ok_and(|is_folder| !is_folder);
        let base = if is_file { self.path.parent().unwrap_or(Path::new("")) } else { &self.path };
        Place { path: base.join(folder), known: Arc::clone(&self.known) }
    }

    /// Where another place is, as seen from this folder; `None` when it is not below it.
    pub(crate) fn below(&self, other: &Place) -> Option<String> {
        let inside = other.path.strip_prefix(&self.path).ok()?.to_str()?;
        (!inside.is_empty()).then(|| inside.trim_end_matches('/').to_owned())
    }

    /// The repository; blocks while it is walked.
    pub(crate) fn open(&self) -> Result<Arc<Repository>, Unmeasured> {
        let walk = {
            let mut known = self.known.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(self.path.clone()).or_default())
        };
        walk.get_or_init(|| open(&self.path).map(Arc::new)).clone()
    }

    /// Looks at the repository where that holds up nobody else.
    pub(crate) async fn look<T: Send + 'static>(
        self,
        look: impl FnOnce(&Repository) -> Result<T, Unmeasured> + Send + 'static,
    ) -> Result<T, Unmeasured> {
        files::off_thread(move || look(&*self.open()?)).await?
    }
}

/// The folder, or the folder of a file with only that file.
pub(crate) fn open(path: &Path) -> Result<Repository, Unmeasured> {
    let wrong = |error: FileError| error.of(path.display());
    if files::is_folder(path).map_err(wrong)? {
        return Ok(Repository::new(Box::new(Disk::at(path)), None));
    }
    let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Repository::new(Box::new(Disk::at(folder)), name))
}
