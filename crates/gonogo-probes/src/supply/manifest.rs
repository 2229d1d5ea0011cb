//! `supply/manifest`: each manifest for itself: what it leaves open, takes from places that nobody
//! can check, or runs at installation, and whether a lockfile fixes its versions.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::agreement::names_of_manifests;
use super::asked::{Dependency, Manifest as Asked, Wanted};
use super::document::Problem;
use super::inventory::Ecosystem;
use super::lockfile::said;
use super::survey::{Survey, is_asked, some, survey, upward};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::purpose::is_for_development;
use crate::repository::{Place, Repository, folder_of, joined, name_of, names};

/// A `.gitignore` is short.
const IGNORE: u64 = 1 << 20;

/// Looks at manifests.
pub(crate) struct Manifest;

/// Parameters of `supply/manifest`: none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Manifest {
    const ID: &'static str = "supply/manifest";
    const TITLE: &'static str = "What package manifests leave open, and whether a lockfile fixes it";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            Ok(Looked { items: some(items(repository), "package manifest")?, artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "readable",
        FactType::Bool,
        "",
        "Whether it can be read. Every other fact but `problems` and `for_development` is absent when it cannot.",
    ),
    fact("problems", FactType::List, "", "What is wrong with it, as `{line, what}`."),
    fact(
        "ecosystem",
        FactType::Text,
        "",
        "Where its packages come from: `crates.io`, `npm`, `PyPI`, `Go` or `Packagist`.",
    ),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "application",
        FactType::Bool,
        "",
        "Whether it is of something that is run: it says so itself, has a program, or stands beside a `Dockerfile`, `Procfile` or `manage.py`.",
    ),
    fact(
        "workspace_member",
        FactType::Bool,
        "",
        "Whether a manifest above it declares a workspace; that one is asked for the lockfile.",
    ),
    fact(
        "dependencies",
        FactType::Int,
        "",
        "What it asks for from elsewhere; of a workspace, what all its members ask for.",
    ),
    fact("locked", FactType::Bool, "", "Whether a lockfile for its packages is in its folder or above."),
    fact(
        "lockfile_ignored",
        FactType::List,
        "",
        "Lockfiles of its tools that a `.gitignore` in its folder or above leaves out.",
    ),
    fact(
        "wildcards",
        FactType::List,
        "",
        "Dependencies outside development that any version or a label such as `latest` would do for, as `{name, line}`.",
    ),
    fact(
        "unversioned",
        FactType::List,
        "",
        "Dependencies without any range, in forms that allow that, as `{name, line}`.",
    ),
    fact(
        "git_branches",
        FactType::List,
        "",
        "Dependencies from git without commit or tag, as `{name, line}`.",
    ),
    fact(
        "insecure_sources",
        FactType::List,
        "",
        "Dependencies and registries that are fetched over `http:` or `git:`, as `{name, line}`. Loopback does not count.",
    ),
    fact(
        "missing_paths",
        FactType::List,
        "",
        "Dependencies on folders that are not in the repository, as `{name, line, why}`.",
    ),
    fact(
        "install_scripts",
        FactType::List,
        "",
        "Scripts that are run on the machine of whoever installs it, as `{name, line}`.",
    ),
];

/// One item for each manifest.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let survey = survey(repository);
    let asked = survey.manifests.iter().filter(|(path, _)| is_asked(repository, path));
    asked.map(|(path, read)| of_manifest(repository, &survey, path, read)).collect()
}

fn of_manifest(repository: &Repository, survey: &Survey, path: &str, read: &Result<Asked, Problem>) -> Item {
    let item = Item::new(path)
        .read_at(Location { source: path.to_owned(), line: Some(1), column: Some(1) })
        .fact("for_development", is_for_development(path))
        .fact("readable", read.is_ok())
        .fact(
            "problems",
            read.as_ref().err().map(|problem| said(std::slice::from_ref(problem))).unwrap_or_default(),
        );
    match read {
        Ok(manifest) => measured(item, &View { repository, survey, path, manifest }),
        Err(_) => item,
    }
}

/// A manifest in its repository.
struct View<'v> {
    repository: &'v Repository,
    survey: &'v Survey,
    path: &'v str,
    manifest: &'v Asked,
}

fn measured(item: Item, view: &View<'_>) -> Item {
    let manifest = view.manifest;
    let local = names_of_manifests(view.survey, manifest.ecosystem);
    let listed = |belongs: &dyn Fn(&Dependency) -> bool| -> Vec<Value> {
        manifest.dependencies.iter().filter(|one| belongs(one)).map(entry).collect()
    };
    let is_foreign = |one: &Dependency| !local.contains(&manifest.ecosystem.normal(&one.package));
    let is_any = |one: &Dependency| matches!(one.wanted, Wanted::Any | Wanted::Label(_));
    let scripts = manifest.install_scripts.iter();
    item.fact("ecosystem", manifest.ecosystem.name())
        .fact("application", view.is_application())
        .fact("workspace_member", view.survey.workspace_of(view.path, manifest.ecosystem).is_some())
        .fact("dependencies", view.dependencies(&local))
        .fact("locked", view.is_locked())
        .fact("lockfile_ignored", view.ignored())
        .fact("wildcards", listed(&|one| is_any(one) && !one.dev && is_foreign(one)))
        .fact("unversioned", listed(&|one| one.wanted == Wanted::Unsaid && !one.dev && is_foreign(one)))
        .fact("git_branches", listed(&|one| matches!(one.wanted, Wanted::Git { pinned: false, .. })))
        .fact("insecure_sources", insecure(manifest))
        .fact("missing_paths", view.missing_paths())
        .fact(
            "install_scripts",
            scripts.map(|(name, place)| json!({"name": name, "line": place.line})).collect::<Vec<_>>(),
        )
}

fn entry(dependency: &Dependency) -> Value {
    json!({"name": dependency.name, "line": dependency.place.line})
}

fn insecure(manifest: &Asked) -> Vec<Value> {
    let is_open = |one: &&Dependency| {
        matches!(one.wanted, Wanted::Git { insecure: true, .. } | Wanted::Url { insecure: true })
    };
    let registries =
        manifest.insecure_sources.iter().map(|place| json!({"name": "registry", "line": place.line}));
    manifest.dependencies.iter().filter(is_open).map(entry).chain(registries).collect()
}

impl View<'_> {
    fn folder(&self) -> &str {
        folder_of(self.path)
    }

    /// The manifests that are built together with this one: itself, and the members below it.
    fn together(&self) -> impl Iterator<Item = (&str, &Asked)> {
        let all = self.survey.manifests.iter();
        let read = all.filter_map(|(path, read)| Some((path.as_str(), read.as_ref().ok()?)));
        read.filter(|(path, manifest)| {
            let is_member = || self.survey.workspace_of(path, manifest.ecosystem) == Some(self.path);
            *path == self.path || (self.manifest.is_workspace && is_member() && !is_for_development(path))
        })
    }

    fn is_application(&self) -> bool {
        self.together().any(|(path, manifest)| is_run(self.repository, path, manifest))
    }

    fn dependencies(&self, local: &BTreeSet<String>) -> usize {
        let all = self.together().flat_map(|(_, manifest)| &manifest.dependencies);
        let foreign = all.filter(|one| !local.contains(&self.manifest.ecosystem.normal(&one.package)));
        foreign.filter(|one| !matches!(one.wanted, Wanted::Path(_))).count()
    }

    fn is_locked(&self) -> bool {
        let ecosystem = self.manifest.ecosystem;
        let is_vendored = || {
            let known = joined(self.folder(), "vendor/modules.txt");
            ecosystem == Ecosystem::Go && known.is_some_and(|path| self.exists(&path))
        };
        self.survey.lock_of(self.folder(), ecosystem).is_some() || is_vendored()
    }

    /// Whether there is a file or folder, listed or not.
    fn exists(&self, path: &str) -> bool {
        let missing = |why: String| why == "does not exist";
        let below = format!("{path}/");
        let files = self.repository.files();
        let at = files.partition_point(|file| *file.path < *below);
        path.is_empty()
            || files.get(at).is_some_and(|file| file.path.starts_with(&below))
            || !self.repository.source().read(path, 0).is_err_and(missing)
    }

    /// Lockfiles of this manifest's tools that a `.gitignore` leaves out.
    fn ignored(&self) -> Vec<&'static str> {
        let known: &[&str] = match self.manifest.ecosystem {
            Ecosystem::Cargo => &["Cargo.lock"],
            Ecosystem::Npm => &["package-lock.json", "pnpm-lock.yaml", "yarn.lock"],
            Ecosystem::Python => match name_of(self.path) {
                "Pipfile" => &["Pipfile.lock"],
                _ => &["poetry.lock", "uv.lock"],
            },
            Ecosystem::Go => &["go.sum"],
            Ecosystem::Ruby => &["Gemfile.lock"],
            Ecosystem::Composer => &["composer.lock"],
        };
        let texts: Vec<(bool, String)> = upward(self.folder())
            .filter_map(|folder| {
                let path = joined(folder, ".gitignore")?;
                Some((folder == self.folder(), self.repository.text(&path, IGNORE).ok()?))
            })
            .collect();
        let is_ignored = |name: &&&str| texts.iter().any(|(beside, text)| leaves_out(text, name, *beside));
        known.iter().filter(is_ignored).copied().collect()
    }

    fn missing_paths(&self) -> Vec<Value> {
        let found = self.manifest.dependencies.iter().filter_map(|one| {
            let Wanted::Path(path) = &one.wanted else { return None };
            let why = match joined(self.folder(), path) {
                None if is_of_one_machine(path) => "is a path of one machine",
                Some(_) if is_of_one_machine(path) => "is a path of one machine",
                // What is above the folder that was named is not known.
                None => return None,
                Some(inside) if self.exists(&inside) || path.contains(['*', '$', '{']) => return None,
                Some(_) => "is not in the repository",
            };
            Some(json!({"name": one.name, "line": one.place.line, "why": why}))
        });
        found.collect()
    }
}

fn is_of_one_machine(path: &str) -> bool {
    let has_drive = path.get(1..3).is_some_and(|rest| rest == ":\\" || rest == ":/");
    path.starts_with(['/', '~']) || has_drive
}

/// Whether it is of something that is run.
fn is_run(repository: &Repository, path: &str, manifest: &Asked) -> bool {
    if let Some(said) = manifest.is_application {
        return said;
    }
    let source = repository.source();
    let has = |name: &str| joined(folder_of(path), name).is_some_and(|path| is_listed(repository, &path));
    match manifest.ecosystem {
        Ecosystem::Cargo => {
            let programs =
                joined(folder_of(path), "src/bin").map(|folder| !names(source, &folder).is_empty());
            has("src/main.rs") || programs.unwrap_or(false)
        }
        // No build of Go goes on without the checksums.
        Ecosystem::Go => true,
        _ => ["Dockerfile", "Procfile", "manage.py", "main.py", "app.py"].into_iter().any(has),
    }
}

fn is_listed(repository: &Repository, path: &str) -> bool {
    repository.files().binary_search_by(|file| (*file.path).cmp(path)).is_ok()
}

/// Whether a `.gitignore` leaves a file of this name out; `beside` says that it is in its folder.
fn leaves_out(text: &str, name: &str, beside: bool) -> bool {
    let mut out = false;
    for line in text.lines().map(str::trim_end) {
        let (keeps, pattern) = line.strip_prefix('!').map_or((false, line), |pattern| (true, pattern));
        let anywhere = pattern.strip_prefix("**/").unwrap_or(pattern);
        let hits = match anywhere.strip_prefix('/') {
            Some(here) => beside && here == name,
            None => anywhere == name || (anywhere == "*.lock" && name.ends_with(".lock")),
        };
        if hits {
            out = !keeps;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gitignore_is_read_to_its_end() {
        for (text, beside, expected) in [
            ("Cargo.lock\n", false, true),
            ("/Cargo.lock\n", true, true),
            ("/Cargo.lock\n", false, false),
            ("*.lock\n!Cargo.lock\n", true, false),
            ("**/Cargo.lock", false, true),
            ("# Cargo.lock\ntarget\n", true, false),
        ] {
            assert_eq!(leaves_out(text, "Cargo.lock", beside), expected, "{text}");
        }
    }

    #[test]
    fn paths_of_one_machine_are_known() {
        for (path, expected) in [("/a", true), ("C:\\a", true), ("~/a", true), ("../a", false), ("é", false)]
        {
            assert_eq!(is_of_one_machine(path), expected, "{path}");
        }
    }
}
