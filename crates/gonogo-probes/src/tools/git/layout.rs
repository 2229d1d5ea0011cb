//! Where a folder keeps its repository. Whatever leads out of the folder is refused before
//! anything is opened: links, `gitdir:` files and borrowed objects.

use std::path::{Path, PathBuf};

use crate::tools::files::{self, FileError};

/// Bytes of a file that names another place.
const LARGEST_NAME: u64 = 64 << 10;
/// Names in one folder of a repository.
const MOST_NAMES: usize = 100_000;

/// Whether the folder has a repository, all of it within the folder.
pub(super) fn is_repository(folder: &Path) -> Result<bool, String> {
    let Some(private) = private_folder(folder)? else { return Ok(false) };
    let shared = match named(&private.join("commondir"), "")? {
        Some(shared) => inside(folder, &private.join(shared))?,
        None => private.clone(),
    };
    for place in
        [&private, &shared, &shared.join("refs"), &shared.join("objects"), &shared.join("objects/pack")]
    {
        no_link_leads_out(folder, place)?;
    }
    no_object_is_borrowed(&shared)?;
    Ok(true)
}

/// The folder with `HEAD`: `.git`, what the file `.git` names, or the folder itself.
fn private_folder(folder: &Path) -> Result<Option<PathBuf>, String> {
    let dot = folder.join(".git");
    match files::is_folder(&dot) {
        Ok(true) => inside(folder, &dot).map(Some),
        Ok(false) => match named(&dot, "gitdir:")? {
            Some(place) => inside(folder, &folder.join(place)).map(Some),
            None => Err("the file `.git` does not say where the repository is".to_owned()),
        },
        Err(FileError::Missing) => {
            let is_bare = files::is_folder(&folder.join("objects")) == Ok(true)
                && files::is_folder(&folder.join("refs")) == Ok(true)
                && files::is_folder(&folder.join("HEAD")) == Ok(false);
            if is_bare { inside(folder, folder).map(Some) } else { Ok(None) }
        }
        Err(error) => Err(format!("`.git` {error}")),
    }
}

/// The place that a file names, behind `start`; `None` when there is no such file.
fn named(file: &Path, start: &str) -> Result<Option<PathBuf>, String> {
    let name = file.file_name().unwrap_or_default().display();
    let found = match files::read(file, LARGEST_NAME) {
        Ok(found) => found,
        Err(FileError::Missing) => return Ok(None),
        Err(error) => return Err(format!("`{name}` of the repository {error}")),
    };
    let text = found.text().map_err(|error| format!("`{name}` of the repository {error}"))?;
    Ok(text.trim().strip_prefix(start).map(|place| PathBuf::from(place.trim())))
}

/// Where a path really is, when that is in the folder.
fn inside(folder: &Path, path: &Path) -> Result<PathBuf, String> {
    let wrong = |error: std::io::Error| format!("the git repository of this folder cannot be read: {error}");
    let folder = folder.canonicalize().map_err(wrong)?;
    let path = path.canonicalize().map_err(wrong)?;
    match path.starts_with(&folder) {
        true => Ok(path),
        false => Err("the git repository of this folder is outside of it; name the folder that holds both, \
                      or clone it whole"
            .to_owned()),
    }
}

fn no_link_leads_out(folder: &Path, place: &Path) -> Result<(), String> {
    let names = match files::names_in(place, MOST_NAMES) {
        Ok(names) => names,
        Err(FileError::Missing) => return Ok(()),
        Err(error) => return Err(format!("a folder of the git repository {error}")),
    };
    let mut links = names.iter().map(|name| place.join(name)).filter(|path| path.is_symlink());
    links.try_for_each(|link| inside(folder, &link).map(drop))
}

fn no_object_is_borrowed(shared: &Path) -> Result<(), String> {
    let borrows = named(&shared.join("objects/info/alternates"), "")?;
    match borrows.is_some_and(|place| !place.as_os_str().is_empty()) {
        false => Ok(()),
        true => Err("the git repository borrows objects from another folder; \
                     make it whole with `git repack -a -d` and remove `objects/info/alternates`"
            .to_owned()),
    }
}
