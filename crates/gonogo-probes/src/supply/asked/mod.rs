//! Manifests: what the people of a repository ask for, before a tool has chosen versions. A reader
//! is pure and answers for any text.

mod cargo;
mod composer;
mod golang;
mod npm;
mod python;

use gonogo_model::place::Place;

use super::document::Problem;
use super::inventory::Ecosystem;
use super::read::text_of;
use crate::repository::{Repository, name_of};

/// What a manifest asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Manifest {
    pub(super) ecosystem: Ecosystem,
    /// The package it describes.
    pub(super) name: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
    /// Whether it says itself that it is run and not built upon; `None` when it does not say.
    pub(super) is_application: Option<bool>,
    /// What is run when somebody installs it, as name and place.
    pub(super) install_scripts: Vec<(String, Place)>,
    /// Places where packages come from that are asked without encryption.
    pub(super) insecure_sources: Vec<Place>,
    /// Whether it changes what others ask for.
    pub(super) has_overrides: bool,
    /// Whether other manifests are built together with it.
    pub(super) is_workspace: bool,
}

/// One thing a manifest asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dependency {
    /// As the manifest names it.
    pub(super) name: String,
    /// As the registry names it.
    pub(super) package: String,
    pub(super) wanted: Wanted,
    /// Only for development.
    pub(super) dev: bool,
    /// Whether every build has it: without a condition.
    pub(super) always: bool,
    pub(super) place: Place,
}

/// How a dependency is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// A range of versions, as written.
    Range(String),
    /// Any version at all: `*`.
    Any,
    /// No range is written, which the tool allows.
    Unsaid,
    /// A label of the registry, such as `latest`.
    Label(String),
    /// From git; whether one commit or tag is named.
    Git { pinned: bool, insecure: bool },
    /// An archive at an address.
    Url { insecure: bool },
    /// A folder or file, relative to the manifest.
    Path(String),
    /// What the workspace says.
    Workspace,
}

impl Manifest {
    fn new(ecosystem: Ecosystem) -> Manifest {
        Manifest {
            ecosystem,
            name: None,
            dependencies: Vec::new(),
            is_application: None,
            install_scripts: Vec::new(),
            insecure_sources: Vec::new(),
            has_overrides: false,
            is_workspace: false,
        }
    }
}

impl Dependency {
    fn new(name: &str, wanted: Wanted, place: Place) -> Dependency {
        Dependency {
            name: name.to_owned(),
            package: name.to_owned(),
            wanted,
            dev: false,
            always: true,
            place,
        }
    }
}

/// The ecosystem of a manifest, by its name.
pub(super) fn ecosystem(path: &str) -> Option<Ecosystem> {
    match name_of(path) {
        "Cargo.toml" => Some(Ecosystem::Cargo),
        "package.json" => Some(Ecosystem::Npm),
        "pyproject.toml" | "Pipfile" => Some(Ecosystem::Python),
        "go.mod" => Some(Ecosystem::Go),
        "composer.json" => Some(Ecosystem::Composer),
        _ => None,
    }
}

/// Reads a manifest; `None` for one that is a program of its own, such as a `Gemfile`.
pub(super) fn read(repository: &Repository, path: &str) -> Option<Result<Manifest, Problem>> {
    ecosystem(path)?;
    let text = match text_of(repository, path) {
        Ok(text) => text,
        Err(problem) => return Some(Err(problem)),
    };
    Some(match name_of(path) {
        "Cargo.toml" => cargo::read(&text),
        "package.json" => npm::read(&text),
        "pyproject.toml" => python::pyproject(&text),
        "Pipfile" => python::pipfile(&text),
        "go.mod" => Ok(golang::read(&text)),
        _ => composer::read(&text),
    })
}

/// The dependencies that a workspace of Cargo shares: name to package and range.
pub(super) fn shared(repository: &Repository, path: &str) -> Vec<Dependency> {
    text_of(repository, path).ok().and_then(|text| cargo::shared(&text).ok()).unwrap_or_default()
}
