//! Whether a lockfile says what its manifests ask for. Where a tool's rule is not known for sure,
//! the two agree.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::{Dependency, Manifest, Wanted, shared};
use super::inventory::{Ecosystem, Lock, Origin};
use super::range::satisfies;
use super::read::{resolve_npm, split_yarn};
use super::survey::{Survey, below};
use crate::repository::{Repository, folder_of, joined, name_of};

/// Something a manifest asks for that its lockfile does not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Disagreement {
    pub(super) manifest: String,
    pub(super) line: u32,
    pub(super) name: String,
    /// The range as asked; empty when any would do.
    pub(super) asked: String,
    /// The versions of the lockfile; none when it lacks the package.
    pub(super) locked: Vec<String>,
}

/// Everything in which the manifests of a lockfile disagree with it.
pub(super) fn disagreements(
    repository: &Repository,
    survey: &Survey,
    path: &str,
    lock: &Lock,
) -> Vec<Disagreement> {
    let folder = folder_of(path);
    let own = survey.manifests.iter().filter_map(|(manifest, read)| {
        let read = read.as_ref().ok().filter(|read| read.ecosystem == lock.ecosystem)?;
        let is_own = survey.locks_in(folder, lock.ecosystem).contains(&path)
            && survey
                .lock_of(folder_of(manifest), lock.ecosystem)
                .is_some_and(|lock| folder_of(lock) == folder);
        is_own.then_some((manifest.as_str(), read))
    });
    let local: BTreeSet<String> = names_of_manifests(survey, lock.ecosystem);
    let names = lock.by_name();
    let mut found = Vec::new();
    for (manifest, read) in own {
        let inside = below(folder, folder_of(manifest)).unwrap_or_default();
        let view = View { repository, lock, folder, inside, manifest, read, names: &names, local: &local };
        found.extend(view.disagreements());
    }
    found
}

/// The packages that the repository itself has.
pub(super) fn names_of_manifests(survey: &Survey, ecosystem: Ecosystem) -> BTreeSet<String> {
    let read = survey.manifests.values().filter_map(|read| read.as_ref().ok());
    let names = read.filter(|read| read.ecosystem == ecosystem).filter_map(|read| read.name.as_deref());
    names.map(|name| ecosystem.normal(name)).collect()
}

/// A lockfile and one of its manifests.
struct View<'v> {
    repository: &'v Repository,
    lock: &'v Lock,
    folder: &'v str,
    /// The folder of the manifest as seen from that of the lockfile.
    inside: &'v str,
    manifest: &'v str,
    read: &'v Manifest,
    names: &'v BTreeMap<String, Vec<usize>>,
    local: &'v BTreeSet<String>,
}

impl View<'_> {
    fn disagreements(&self) -> Vec<Disagreement> {
        let tool = self.lock.format.split(' ').next().unwrap_or_default();
        let is_beside = self.inside.is_empty();
        match tool {
            "cargo" => self.cargo(),
            "npm" => self.npm(),
            "pnpm" => self.pnpm(),
            "yarn" if is_beside && self.lock.format.starts_with("yarn berry") => {
                self.by_name(&self.yarn_names(), false)
            }
            "yarn" if is_beside => self.yarn(),
            "uv" if self.is_member() => self.by_name(&self.known(), !self.lock.asked.has_overrides),
            "poetry" if is_beside && name_of(self.manifest) == "pyproject.toml" => {
                self.by_name(&self.known(), true)
            }
            "pipenv" if is_beside && name_of(self.manifest) == "Pipfile" => {
                self.by_name(&self.known(), false)
            }
            "composer" if is_beside => {
                let replaced = self.lock.asked.replaces.iter().cloned();
                self.by_name(&self.known().into_iter().chain(replaced).collect(), false)
            }
            _ => Vec::new(),
        }
    }

    fn known(&self) -> BTreeSet<String> {
        self.names.keys().cloned().collect()
    }

    fn versions(&self, name: &str) -> Vec<String> {
        let found = self.names.get(&self.lock.ecosystem.normal(name)).into_iter().flatten();
        found.filter_map(|at| Some(self.lock.packages.get(*at)?.version.clone())).collect()
    }

    /// Whether the lockfile knows the manifest's package as one of the repository.
    fn is_member(&self) -> bool {
        let name = self.read.name.as_deref().map(|name| self.lock.ecosystem.normal(name));
        let found = name.and_then(|name| self.names.get(&name)).into_iter().flatten();
        found.filter_map(|at| self.lock.packages.get(*at)).any(|package| package.origin == Origin::Path)
    }

    fn wrong(&self, dependency: &Dependency, locked: Vec<String>) -> Disagreement {
        let asked = match &dependency.wanted {
            Wanted::Range(range) | Wanted::Label(range) => range.clone(),
            _ => String::new(),
        };
        Disagreement {
            manifest: self.manifest.to_owned(),
            line: dependency.place.line,
            name: dependency.package.clone(),
            asked,
            locked,
        }
    }

    /// By name alone, with the range where `ranges` says so.
    fn by_name(&self, known: &BTreeSet<String>, ranges: bool) -> Vec<Disagreement> {
        let ecosystem = self.lock.ecosystem;
        let asked = self.read.dependencies.iter().filter(|one| one.always && is_remote(one));
        let asked = asked.filter(|one| !self.local.contains(&ecosystem.normal(&one.package)));
        let wrong = asked.filter_map(|one| {
            // An alias of npm is locked under its own name.
            let name = if ecosystem == Ecosystem::Npm { &one.name } else { &one.package };
            if !known.contains(&ecosystem.normal(name)) {
                return Some(self.wrong(one, Vec::new()));
            }
            let locked = self.versions(&one.package);
            (ranges && !fits(ecosystem, one, &locked)).then(|| self.wrong(one, locked))
        });
        wrong.collect()
    }

    fn cargo(&self) -> Vec<Disagreement> {
        let is_beside = self.inside.is_empty();
        if !self.is_member() {
            return Vec::new();
        }
        let shared =
            joined(self.folder, "Cargo.toml").map(|root| shared(self.repository, &root)).unwrap_or_default();
        let mut wrong = Vec::new();
        // What the development of another folder's package needs may be left out.
        for one in self.read.dependencies.iter().filter(|one| one.always && (is_beside || !one.dev)) {
            let meant = match one.wanted {
                Wanted::Workspace => shared.iter().find(|shared| shared.name == one.name),
                _ => Some(one),
            };
            let Some(meant) = meant.filter(|meant| is_remote(meant)) else { continue };
            let locked = self.versions(&meant.package);
            if locked.is_empty() || !(self.read.has_overrides || fits(Ecosystem::Cargo, meant, &locked)) {
                wrong.push(Disagreement { line: one.place.line, ..self.wrong(meant, locked) });
            }
        }
        wrong
    }

    /// The version that Node would load from the folder of the manifest.
    fn npm(&self) -> Vec<Disagreement> {
        let paths = &self.lock.asked.paths;
        if !self.inside.is_empty() && !paths.contains_key(self.inside) {
            return Vec::new();
        }
        let asked = self.read.dependencies.iter().filter(|one| one.always && is_remote(one));
        let wrong = asked.filter(|one| !self.local.contains(&one.package)).filter_map(|one| {
            let Some(at) = resolve_npm(paths, self.inside, &one.name) else {
                return Some(self.wrong(one, Vec::new()));
            };
            let package = self.lock.packages.get(at)?;
            let is_plain = package.origin == Origin::Registry && package.name == one.package;
            let locked = vec![package.version.clone()];
            let is_wrong = is_plain && !self.read.has_overrides && !fits(Ecosystem::Npm, one, &locked);
            is_wrong.then(|| self.wrong(one, locked))
        });
        wrong.collect()
    }

    /// pnpm repeats every range as it is written.
    fn pnpm(&self) -> Vec<Disagreement> {
        let ranges = &self.lock.asked.ranges;
        if self.lock.asked.has_overrides || !ranges.keys().any(|(folder, _)| folder == self.inside) {
            return Vec::new();
        }
        let asked = self.read.dependencies.iter().filter(|one| one.name == one.package && is_remote(one));
        let wrong = asked.filter_map(|one| {
            let locked = ranges.get(&(self.inside.to_owned(), one.name.clone()));
            let is_same = match (&one.wanted, locked) {
                (_, None) => false,
                (Wanted::Range(range), Some(locked)) => range == locked,
                _ => true,
            };
            (!is_same).then(|| self.wrong(one, locked.cloned().into_iter().collect()))
        });
        wrong.collect()
    }

    /// Yarn 1 has an entry for every `name@range`.
    fn yarn(&self) -> Vec<Disagreement> {
        if self.read.has_overrides {
            return Vec::new();
        }
        let asked = self.read.dependencies.iter().filter(|one| one.name == one.package && is_remote(one));
        let known: BTreeSet<&str> = self.lock.asked.patterns.iter().map(String::as_str).collect();
        let wrong = asked.filter(|one| !self.local.contains(&one.package)).filter_map(|one| {
            let Wanted::Range(range) = &one.wanted else { return None };
            let is_known = known.contains(format!("{}@{range}", one.name).as_str());
            (!is_known).then(|| self.wrong(one, self.versions(&one.package)))
        });
        wrong.collect()
    }

    fn yarn_names(&self) -> BTreeSet<String> {
        self.lock.asked.patterns.iter().map(|pattern| split_yarn(pattern).0.to_owned()).collect()
    }
}

/// Whether a lockfile has to have it.
fn is_remote(dependency: &Dependency) -> bool {
    !matches!(dependency.wanted, Wanted::Path(_) | Wanted::Workspace)
}

/// Whether one of the versions is in the range, or the range says nothing that can be judged.
fn fits(ecosystem: Ecosystem, dependency: &Dependency, locked: &[String]) -> bool {
    let Wanted::Range(range) = &dependency.wanted else { return true };
    locked.iter().any(|version| satisfies(ecosystem, range, version).unwrap_or(true))
}
