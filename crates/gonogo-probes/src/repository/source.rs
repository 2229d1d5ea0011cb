//! Where files come from: a folder on the disk, or a map in tests. Paths are relative to the
//! folder, with `/`, and never lead out of it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::tools::files;
use crate::tools::git::History;
use crate::tools::tree::{self, Listed, Walked};

/// Lists and reads files.
pub(crate) trait Source: std::fmt::Debug + Send + Sync {
    /// Every file that belongs to the folder, by path.
    fn files(&self) -> &[Listed];
    /// What was not walked, with the reason as it is said behind the path.
    fn passed(&self) -> &[(String, String)];
    /// The bytes of a file of at most `limit` bytes, listed or not, or why there are none, as it
    /// is said behind the path.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, String>;
    /// The first bytes of a file of any size.
    fn head(&self, path: &str, bytes: u64) -> Result<Vec<u8>, String>;
    /// The git history of the folder, `None` where it has none, or why it cannot be read.
    fn history(&self) -> Result<Option<History>, String> {
        Ok(None)
    }
}

/// A folder on the disk.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    /// Walked when somebody first asks which files there are: who names one file need not.
    walked: OnceLock<Walked>,
}

impl Disk {
    pub(super) fn at(root: &Path) -> Disk {
        Disk { root: root.to_owned(), walked: OnceLock::new() }
    }

    fn walked(&self) -> &Walked {
        self.walked.get_or_init(|| tree::walk(&self.root))
    }
}

impl Source for Disk {
    fn files(&self) -> &[Listed] {
        &self.walked().files
    }

    fn passed(&self) -> &[(String, String)] {
        &self.walked().passed
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, String> {
        let found = files::read_below(&self.root, Path::new(path), limit);
        found.map(|found| found.bytes).map_err(|error| error.to_string())
    }

    fn head(&self, path: &str, bytes: u64) -> Result<Vec<u8>, String> {
        files::head_below(&self.root, Path::new(path), bytes).map_err(|error| error.to_string())
    }

    fn history(&self) -> Result<Option<History>, String> {
        History::open(&self.root)
    }
}

/// The names of the files in a folder.
pub(crate) fn names<'s>(source: &'s dyn Source, folder: &str) -> Vec<&'s str> {
    let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let files = source.files();
    let start = files.partition_point(|file| *file.path < *below);
    let inside = files.get(start..).unwrap_or_default().iter();
    let rest = inside.map_while(|file| file.path.strip_prefix(&below));
    rest.filter(|name| !name.contains('/')).collect()
}

/// `relative` as seen from `folder`, without `.` and `..`; `None` when it leads out of the top.
pub(crate) fn joined(folder: &str, relative: &str) -> Option<String> {
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
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
pub(crate) mod memory {
    //! Files in a map, for tests.

    use std::collections::BTreeMap;

    use super::{Listed, Source};

    /// Files by path.
    #[derive(Debug, Default)]
    pub(crate) struct Memory {
        files: Vec<Listed>,
        bytes: BTreeMap<String, Vec<u8>>,
    }

    impl Memory {
        pub(crate) fn of(files: &[(&str, &str)]) -> Memory {
            Memory::of_bytes(files.iter().map(|(path, text)| (*path, text.as_bytes())))
        }

        pub(crate) fn of_bytes<'b>(files: impl IntoIterator<Item = (&'b str, &'b [u8])>) -> Memory {
            let bytes: BTreeMap<String, Vec<u8>> =
                files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
            let listed = bytes.iter().map(|(path, b)| Listed { path: path.clone(), bytes: b.len() as u64 });
            Memory { files: listed.collect(), bytes }
        }
    }

    impl Source for Memory {
        fn files(&self) -> &[Listed] {
            &self.files
        }

        fn passed(&self) -> &[(String, String)] {
            &[]
        }

        fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, String> {
            match self.bytes.get(path) {
                Some(bytes) if bytes.len() as u64 > limit => Err(format!("is larger than {limit} bytes")),
                Some(bytes) => Ok(bytes.clone()),
                None => Err("does not exist".to_owned()),
            }
        }

        fn head(&self, path: &str, bytes: u64) -> Result<Vec<u8>, String> {
            let found = self.bytes.get(path).ok_or_else(|| "does not exist".to_owned())?;
            Ok(found.iter().copied().take(usize::try_from(bytes).unwrap_or(usize::MAX)).collect())
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
    fn a_folder_has_the_names_of_its_own_files() {
        let source = memory::Memory::of(&[("a", ""), ("b/c", ""), ("b/d/e", ""), ("b-x", ""), ("b/z", "")]);
        assert_eq!(names(&source, "b"), ["c", "z"]);
        assert_eq!(names(&source, ""), ["a", "b-x"]);
        assert_eq!(names(&source, "nothing"), [""; 0]);
    }
}
