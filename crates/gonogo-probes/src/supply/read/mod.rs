//! Lockfiles by name: which reader takes which file. A reader is pure and answers for any text.

mod cargo;
mod composer;
mod gemfile;
mod golang;
mod npm;
mod pipfile;
mod pnpm;
mod poetry;
pub(super) mod requirements;
mod uv;
mod yarn;

pub(super) use npm::resolve as resolve_npm;
pub(super) use yarn::split as split_yarn;

use super::document::{LARGEST, Problem};
use super::inventory::{Ecosystem, Lock};
use crate::repository::{Repository, folder_of, joined, name_of};

/// Lockfiles of tools whose form is not read, by name.
const UNKNOWN: [(&str, &str); 19] = [
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
    ("pdm.lock", "pdm"),
    ("pylock.toml", "PEP 751"),
    ("conda-lock.yml", "conda-lock"),
    ("pixi.lock", "pixi"),
    ("deno.lock", "deno"),
    ("mix.lock", "mix"),
    ("rebar.lock", "rebar3"),
    ("pubspec.lock", "pub"),
    ("Podfile.lock", "CocoaPods"),
    ("Package.resolved", "SwiftPM"),
    ("Cartfile.resolved", "Carthage"),
    ("gradle.lockfile", "Gradle"),
    ("packages.lock.json", "NuGet"),
    ("paket.lock", "Paket"),
    ("stack.yaml.lock", "Stack"),
    ("gems.locked", "Bundler"),
    ("Manifest.toml", "Julia"),
];

/// The tool whose lockfile this is, when its form is not read.
pub(super) fn unknown(path: &str) -> Option<&'static str> {
    UNKNOWN.iter().find(|(name, _)| *name == name_of(path)).map(|(_, tool)| *tool)
}

/// The ecosystem of a lockfile, by its name.
pub(super) fn ecosystem(path: &str) -> Option<Ecosystem> {
    match name_of(path) {
        "Cargo.lock" => Some(Ecosystem::Cargo),
        "package-lock.json" | "npm-shrinkwrap.json" | "pnpm-lock.yaml" | "yarn.lock" => Some(Ecosystem::Npm),
        "poetry.lock" | "uv.lock" | "Pipfile.lock" => Some(Ecosystem::Python),
        "go.mod" | "go.sum" => Some(Ecosystem::Go),
        "Gemfile.lock" => Some(Ecosystem::Ruby),
        "composer.lock" => Some(Ecosystem::Composer),
        name if requirements::is_named(name) => Some(Ecosystem::Python),
        _ => None,
    }
}

/// Reads a lockfile, or says what stands in the way.
pub(super) fn read(repository: &Repository, path: &str) -> Result<Lock, Problem> {
    let text = text_of(repository, path)?;
    match name_of(path) {
        "Cargo.lock" => cargo::read(&text),
        "package-lock.json" | "npm-shrinkwrap.json" => npm::read(&text),
        "pnpm-lock.yaml" => pnpm::read(&text),
        "yarn.lock" => yarn::read(&text),
        "poetry.lock" => poetry::read(&text),
        "uv.lock" => uv::read(&text),
        "Pipfile.lock" => pipfile::read(&text),
        "go.mod" => golang::read(&text, sums(repository, path).as_deref()),
        "go.sum" => golang::sums(&text),
        "Gemfile.lock" => gemfile::read(&text),
        "composer.lock" => composer::read(&text),
        _ => requirements::read(&text),
    }
}

/// The text of a file that is not in the middle of a merge.
pub(super) fn text_of(repository: &Repository, path: &str) -> Result<String, Problem> {
    let text = repository.text(path, LARGEST).map_err(|why| Problem::at(1, format!("the file {why}")))?;
    let marks = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
    match text.lines().position(marks) {
        Some(at) => {
            let line = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
            Err(Problem::at(line, "a merge left its conflict markers here"))
        }
        None => Ok(text),
    }
}

/// The `go.sum` beside a `go.mod`.
fn sums(repository: &Repository, path: &str) -> Option<String> {
    let beside = joined(folder_of(path), "go.sum")?;
    text_of(repository, &beside).ok()
}
