//! The files of a folder that belong to it: what `.gitignore` leaves out and what is made or
//! fetched by machines is not walked. It does not know what is in a file.

use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use super::files::{self, FileError};

/// Files that are listed.
const MOST_FILES: usize = 500_000;
/// Folders below the top that are entered.
const DEEPEST: usize = 48;
/// Folders of other people's code, of what is made from code, and of tools.
const PASSED: [&str; 13] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "bower_components",
    "vendor",
    "venv",
    ".venv",
    "__pycache__",
    "site-packages",
    ".terraform",
    ".tox",
    "gonogo-runs",
];
/// Tools put this file into folders that can be made again.
const CACHE: &str = "CACHEDIR.TAG";

/// A file that belongs to the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    /// Relative to the folder, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: u64,
}

/// What a walk found, in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Walked {
    pub(crate) files: Vec<Listed>,
    /// What was not walked, with the reason as it is said behind the path.
    pub(crate) passed: Vec<(String, String)>,
}

/// Walks a folder. Links are not followed.
pub(crate) fn walk(folder: &Path) -> Walked {
    let mut walked = Walked::default();
    let walker = WalkBuilder::new(folder)
        .standard_filters(false)
        .parents(true)
        .git_ignore(true)
        .require_git(false)
        .max_depth(Some(DEEPEST))
        .filter_entry(|entry| entry.depth() == 0 || !is_passed(entry))
        .build();
    for entry in walker {
        match entry {
            Ok(entry) => list(folder, &entry, &mut walked),
            Err(error) => walked.passed.push((String::new(), format!("cannot be walked: {error}"))),
        }
        if walked.files.len() >= MOST_FILES {
            walked
                .passed
                .push((String::new(), format!("holds over {MOST_FILES} files; the rest was not walked")));
            break;
        }
    }
    walked.files.sort();
    walked.passed.sort();
    walked
}

fn is_passed(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    let name = entry.file_name().to_str();
    is_folder && (name.is_some_and(|name| PASSED.contains(&name)) || entry.path().join(CACHE).is_file())
}

fn list(folder: &Path, entry: &DirEntry, walked: &mut Walked) {
    let Some(kind) = entry.file_type() else { return };
    let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
    if kind.is_dir() {
        if entry.depth() == DEEPEST {
            walked.passed.push((below.to_string_lossy().into_owned(), "is too deep to be walked".to_owned()));
        }
        return;
    }
    let Some(path) = below.to_str().map(str::to_owned) else {
        let why = "has a name that is not UTF-8; rename it";
        walked.passed.push((below.to_string_lossy().into_owned(), why.to_owned()));
        return;
    };
    match entry.metadata() {
        Ok(about) if kind.is_file() => walked.files.push(Listed { path, bytes: about.len() }),
        // What a link inside the folder points to is looked at where it is.
        Ok(_) if kind.is_symlink() => match files::below(folder, below) {
            Ok(_) => {}
            Err(FileError::LeadsOut) => {
                walked.passed.push((path, "is a link that leads out of the folder".to_owned()))
            }
            Err(_) => walked.passed.push((path, "is a link to nothing that can be read".to_owned())),
        },
        Ok(_) => walked.passed.push((path, "is a pipe, socket or device".to_owned())),
        Err(error) => walked.passed.push((path, format!("cannot be read: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_is_ignored_made_or_a_link_is_not_walked() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(".gitignore", "*.log\n/out/\n!keep.log\n");
        write("a/.gitignore", "b.txt\n");
        for path in ["x.log", "keep.log", "out/c", "a/b.txt", "a/c.txt", ".env", ".git/config"] {
            write(path, "1234");
        }
        write("made/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
        write("made/x", "");
        write("node_modules/m/index.js", "");
        symlink("..", folder.path().join("a/up")).unwrap();
        symlink("../..", folder.path().join("a/out")).unwrap();
        let walked = walk(folder.path());
        let paths: Vec<&str> = walked.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".env", ".gitignore", "a/.gitignore", "a/c.txt", "keep.log"]);
        assert_eq!(walked.files[0].bytes, 4);
        assert_eq!(walked.passed.len(), 1, "{:?}", walked.passed);
        assert_eq!(walked.passed[0].0, "a/out");
    }
}
