//! The lockfiles and manifests of a repository, read once for a look, and which belongs to which.

use std::collections::BTreeMap;

use super::asked::{self, Manifest};
use super::document::Problem;
use super::inventory::{Ecosystem, Lock};
use super::read;
use crate::probe::Unmeasured;
use crate::repository::{Kind, Repository, folder_of, joined, name_of};

/// What was read.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) locks: BTreeMap<String, Result<Lock, Problem>>,
    pub(super) manifests: BTreeMap<String, Result<Manifest, Problem>>,
    /// Lockfiles that were not read, with the reason.
    pub(super) skipped: BTreeMap<String, String>,
}

/// Reads everything.
pub(super) fn survey(repository: &Repository) -> Survey {
    let paths = || repository.files().iter().map(|file| file.path.as_str());
    let named = repository.only().into_iter().filter(|path| read::ecosystem(path).is_some());
    let locks = paths().chain(named).filter(|path| read::ecosystem(path).is_some());
    let locks = locks.map(|path| (path.to_owned(), read::read(repository, path))).collect();
    let manifests =
        paths().filter_map(|path| Some((path.to_owned(), asked::read(repository, path)?))).collect();
    let unknown = paths().filter_map(|path| {
        let tool = read::unknown(path)?;
        Some((path.to_owned(), format!("is a lockfile of {tool}, whose form is not read")))
    });
    let passed = [Kind::Lockfile, Kind::Manifest]
        .into_iter()
        .flat_map(|kind| repository.passed_of_kind(kind).cloned());
    Survey { locks, manifests, skipped: unknown.chain(passed).collect() }
}

/// Whether an item is asked for: all of them, or that of the one file that is the target.
pub(super) fn is_asked(repository: &Repository, path: &str) -> bool {
    repository.only().is_none_or(|only| only == path)
}

/// Items, or why there are none.
pub(super) fn some<T>(items: Vec<T>, noun: &str) -> Result<Vec<T>, Unmeasured> {
    match items.is_empty() {
        false => Ok(items),
        true => Err(Unmeasured::because(format!(
            "there is no {noun} in this folder; name the folder or file with `target`"
        ))),
    }
}

/// A folder and those it is in, the nearest first.
pub(super) fn upward(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder_of(folder)))
}

/// `path` as seen from `folder`, which holds it.
pub(super) fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    match folder {
        "" => Some(path),
        folder if folder == path => Some(""),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}

impl Survey {
    /// Every lockfile of an ecosystem in a folder, also those that are not read.
    pub(super) fn locks_in(&self, folder: &str, ecosystem: Ecosystem) -> Vec<&str> {
        let known = self.locks.keys().filter(|path| read::ecosystem(path) == Some(ecosystem));
        let unknown = self.skipped.keys().filter(|path| {
            let of_tool = matches!(
                (read::unknown(path), ecosystem),
                (Some("bun"), Ecosystem::Npm) | (Some("pdm" | "PEP 751" | "pixi"), Ecosystem::Python)
            );
            of_tool || read::ecosystem(path) == Some(ecosystem)
        });
        let mut found: Vec<&str> =
            known.chain(unknown).map(String::as_str).filter(|path| folder_of(path) == folder).collect();
        found.retain(|path| name_of(path) != "go.mod");
        found.sort_unstable();
        found
    }

    /// The lockfile that fixes the versions of what is in this folder: the nearest upward.
    pub(super) fn lock_of(&self, folder: &str, ecosystem: Ecosystem) -> Option<&str> {
        upward(folder).find_map(|folder| self.locks_in(folder, ecosystem).first().copied())
    }

    /// The manifest that this one is built together with.
    pub(super) fn workspace_of(&self, path: &str, ecosystem: Ecosystem) -> Option<&str> {
        let name = name_of(path);
        let above = upward(folder_of(path)).skip(1).filter_map(|folder| joined(folder, name));
        above.filter(|_| !folder_of(path).is_empty()).find_map(|above| {
            let (path, manifest) = self.manifests.get_key_value(&above)?;
            let manifest = manifest.as_ref().ok()?;
            (manifest.ecosystem == ecosystem && manifest.is_workspace).then_some(path.as_str())
        })
    }
}
