//! Where compose files come from: a folder on the disk, or a map in tests. Paths are relative to
//! the folder, with `/`, and never lead out of it.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use crate::tools::files::{self, FileError};

/// Bytes of one file.
const FILE: u64 = super::read::LIMITS.bytes as u64;
/// Bytes of all files of one look.
const TOTAL: usize = 64 << 20;
/// Names in one folder.
const NAMES: usize = 20_000;

/// Reads files and lists folders.
pub(super) trait Source {
    /// The bytes of a file, or why there are none, as it is said behind the path.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// The names in a folder that is really below the top; `None` for what is no such folder.
    fn names(&self, folder: &str) -> Option<Result<Vec<String>, String>>;
}

/// A folder on the disk.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    left: Cell<usize>,
}

impl Disk {
    pub(super) fn new(root: PathBuf) -> Disk {
        Disk { root, left: Cell::new(TOTAL) }
    }
}

impl Source for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = files::read_below(&self.root, Path::new(path), FILE.min(self.left.get() as u64))
            .map_err(|error| error.to_string())?;
        self.left.set(self.left.get() - found.bytes.len());
        Ok(found.bytes)
    }

    fn names(&self, folder: &str) -> Option<Result<Vec<String>, String>> {
        let names = match files::names_in(&self.root.join(folder), NAMES) {
            Ok(names) => names,
            Err(FileError::NotFolder | FileError::Missing) => return None,
            Err(error) => return Some(Err(error.to_string())),
        };
        // A link could lead anywhere, also back up: only what is a folder itself is walked.
        let real = files::below(&self.root, Path::new(folder));
        let itself = self.root.canonicalize().map(|root| root.join(folder));
        match (real, itself) {
            (Ok(real), Ok(itself)) if real == itself || folder.is_empty() => Some(Ok(names)),
            _ => Some(Err("is a link; only folders themselves are walked".to_owned())),
        }
    }
}

/// `relative` as seen from `folder`, without `.` and `..`; `None` when it leads out of the top.
pub(super) fn joined(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with(['/', '~']) || relative.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match part {
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a file: ``, `deploy`.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
pub(super) mod memory {
    //! Files in a map, for tests.

    use std::collections::{BTreeMap, BTreeSet};

    use super::{Source, folder_of, name_of};

    /// Path to bytes.
    #[derive(Debug, Default)]
    pub(crate) struct Memory(pub(crate) BTreeMap<String, Vec<u8>>);

    impl Memory {
        pub(crate) fn of(files: &[(&str, &str)]) -> Memory {
            Memory(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
        }
    }

    impl Source for Memory {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            self.0.get(path).cloned().ok_or_else(|| "does not exist".to_owned())
        }

        fn names(&self, folder: &str) -> Option<Result<Vec<String>, String>> {
            let below: BTreeSet<String> = self
                .0
                .keys()
                .flat_map(|path| {
                    std::iter::successors(Some(path.as_str()), |p| {
                        Some(folder_of(p)).filter(|p| !p.is_empty())
                    })
                })
                .filter(|path| folder_of(path) == folder)
                .map(|path| name_of(path).to_owned())
                .collect();
            (!below.is_empty()).then(|| Ok(below.into_iter().collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_top() {
        for (folder, relative, expected) in [
            ("", "a.yml", Some("a.yml")),
            ("deploy", "../a.yml", Some("a.yml")),
            ("a/b", "./../c//d", Some("a/c/d")),
            ("a", "..", Some("")),
            ("", "../a", None),
            ("a", "../../b", None),
            ("", "/etc/passwd", None),
            ("", "~/x", None),
        ] {
            assert_eq!(joined(folder, relative).as_deref(), expected, "{folder} {relative}");
        }
    }

    #[test]
    fn a_link_to_a_folder_is_not_walked() {
        let outer = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(outer.path().join("top/in")).unwrap();
        std::os::unix::fs::symlink("..", outer.path().join("top/up")).unwrap();
        let disk = Disk::new(outer.path().join("top"));
        assert!(matches!(disk.names(""), Some(Ok(names)) if names == ["in", "up"]));
        assert!(matches!(disk.names("in"), Some(Ok(_))));
        assert!(matches!(disk.names("up"), Some(Err(_))));
        assert!(disk.names("nothing").is_none());
    }
}
