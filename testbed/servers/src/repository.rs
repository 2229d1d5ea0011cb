//! The repository of a system: kept healthy, copied for each launch, and changed by the faults that
//! are on. A fault whose text is not there is an error, never a healthy system. It does not know
//! which system that is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One change to the copy.
#[derive(Debug)]
pub enum Edit {
    /// A text is another one.
    Replace {
        /// The file, from the root of the repository.
        file: &'static str,
        /// What it says.
        from: &'static str,
        /// What it says instead.
        to: &'static str,
    },
    /// Everything from one text until another is gone.
    Cut {
        /// The file.
        file: &'static str,
        /// Where it begins.
        from: &'static str,
        /// What stays after it.
        to: &'static str,
    },
    /// A file is gone.
    Remove {
        /// The file.
        file: &'static str,
    },
    /// A file is there too.
    Add {
        /// The file.
        file: &'static str,
        /// What it says.
        text: &'static str,
    },
}

/// The copy could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// A file could not be read or written.
    #[error("failed to {action} {path}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// A fault changes what is not there.
    #[error("{file} does not say `{from}`, so the fault cannot be switched on")]
    NotThere {
        /// The file.
        file: &'static str,
        /// What was looked for.
        from: &'static str,
    },
}

/// Copies the healthy repository to `folder` and applies the edits to the copy.
pub fn copy<'a>(
    healthy: &Path,
    folder: &Path,
    edits: impl Iterator<Item = &'a Edit>,
) -> Result<(), RepositoryError> {
    copy_folder(healthy, folder)?;
    edits.into_iter().try_for_each(|edit| edit.apply(folder))
}

/// Puts each text in the place of its blank, in every file of the copy.
pub fn fill_in(folder: &Path, blanks: &[(&str, String)]) -> Result<(), RepositoryError> {
    for path in entries(folder)? {
        if path.is_dir() {
            fill_in(&path, blanks)?;
            continue;
        }
        let text = read(&path)?;
        let filled = blanks.iter().fold(text.clone(), |text, (blank, with)| text.replace(blank, with));
        if filled != text {
            write(&path, filled.as_bytes())?;
        }
    }
    Ok(())
}

impl Edit {
    fn apply(&self, folder: &Path) -> Result<(), RepositoryError> {
        match *self {
            Edit::Replace { file, from, to } => {
                change(folder, file, |text| text.contains(from).then(|| text.replace(from, to)).ok_or(from))
            }
            Edit::Cut { file, from, to } => change(folder, file, |text| {
                let start = text.find(from).ok_or(from)?;
                let length = text[start..].find(to).ok_or(to)?;
                Ok(format!("{}{}", &text[..start], &text[start + length..]))
            }),
            Edit::Remove { file } => {
                let path = folder.join(file);
                fs::remove_file(&path).map_err(failed("remove", &path))
            }
            Edit::Add { file, text } => write(&folder.join(file), text.as_bytes()),
        }
    }
}

fn change(
    folder: &Path,
    file: &'static str,
    edit: impl FnOnce(&str) -> Result<String, &'static str>,
) -> Result<(), RepositoryError> {
    let path = folder.join(file);
    let text = edit(&read(&path)?).map_err(|from| RepositoryError::NotThere { file, from })?;
    write(&path, text.as_bytes())
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), RepositoryError> {
    fs::create_dir_all(to).map_err(failed("make", to))?;
    for path in entries(from)? {
        let Some(name) = path.file_name() else { continue };
        match path.is_dir() {
            true => copy_folder(&path, &to.join(name))?,
            false => write(&to.join(name), read(&path)?.as_bytes())?,
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, RepositoryError> {
    let listed = fs::read_dir(folder).map_err(failed("list", folder))?;
    let paths = listed.map(|entry| entry.map(|entry| entry.path()));
    paths.collect::<io::Result<Vec<PathBuf>>>().map_err(failed("list", folder))
}

fn read(path: &Path) -> Result<String, RepositoryError> {
    fs::read_to_string(path).map_err(failed("read", path))
}

fn write(path: &Path, text: &[u8]) -> Result<(), RepositoryError> {
    fs::write(path, text).map_err(failed("write", path))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RepositoryError {
    let path = path.to_owned();
    move |source| RepositoryError::Io { action, path, source }
}
