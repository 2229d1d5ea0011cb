//! `cargo xtask new-probe family/name`: the files of a new probe, and its lines in the registry.
//! The texts are made by pure functions; the probe compiles, and its tests fail until it is written.

mod name;
mod registry;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

pub use name::Name;

use crate::step::cargo;
use crate::{root, say};

const SOURCES: &str = "crates/gonogo-probes/src";
const CASES: &str = "crates/gonogo-probes/tests/cases";

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path from the root.
    pub path: String,
    /// All of its text.
    pub text: String,
    /// Whether it is there already, and must be.
    pub exists: bool,
}

/// Makes the files and says what is left to fill in.
///
/// # Errors
/// When the name cannot be used, a file is in the way, or a registry cannot be read.
pub fn run(id: &str) -> anyhow::Result<ExitCode> {
    let name = Name::parse(id)?;
    let changes = changes(root(), &name)?;
    write(root(), &changes)?;
    let formatted = Command::new(cargo()).args(["fmt", "-p", "gonogo-probes"]).current_dir(root()).status();
    if !formatted.context("failed to start cargo fmt")?.success() {
        bail!("cargo fmt failed on the new files; mend what it says above");
    }
    for change in &changes {
        say::line(&format!("{} {}", if change.exists { "changed" } else { "made   " }, change.path));
    }
    say::line(&left_to_do(&name));
    Ok(ExitCode::SUCCESS)
}

/// Every file that a new probe makes or changes.
///
/// # Errors
/// When a file that must be changed is missing, or has no place for the new lines.
pub fn changes(root: &Path, name: &Name) -> anyhow::Result<Vec<Change>> {
    let made = |path: String, text: String| Change { path, text, exists: false };
    let family = format!("{SOURCES}/{}/mod.rs", name.family_module());
    let mut changes = vec![
        made(format!("{SOURCES}/{}/{}.rs", name.family_module(), name.module()), source(name)),
        made(format!("docs/probes/{}.md", name.id()), page(name)),
        made(format!("{CASES}/{}.md", name.id()), cases(name)),
    ];
    if root.join(&family).exists() {
        let text = registry::with_probe(&read(root, &family)?, name)?;
        changes.push(Change { path: family, text, exists: true });
    } else {
        changes.push(made(family, registry::with_probe(include_str!("../templates/family.rs"), name)?));
        let library = format!("{SOURCES}/lib.rs");
        let text = registry::with_family(&read(root, &library)?, name)?;
        changes.push(Change { path: library, text, exists: true });
    }
    Ok(changes)
}

/// The probe's source: it compiles, and every look says that it is not written yet.
pub fn source(name: &Name) -> String {
    filled(include_str!("../templates/probe.rs"), name)
}

/// The probe's page, its generated part still empty.
pub fn page(name: &Name) -> String {
    filled(include_str!("../templates/page.md"), name)
}

/// The probe's cases: one of each kind, all failing.
pub fn cases(name: &Name) -> String {
    filled(include_str!("../templates/cases.md"), name)
}

fn filled(template: &str, name: &Name) -> String {
    template
        .replace("__ID__", name.id())
        .replace("__TYPE__", &name.type_name())
        .replace("__NAME__", name.name())
}

fn read(root: &Path, path: &str) -> anyhow::Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("failed to read {path}"))
}

/// Writes all files, or none when one is in the way.
fn write(root: &Path, changes: &[Change]) -> anyhow::Result<()> {
    if let Some(there) = changes.iter().find(|change| !change.exists && root.join(&change.path).exists()) {
        bail!("{} exists already; choose another name or remove it", there.path);
    }
    for change in changes {
        let path = root.join(&change.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("failed to create {}", folder.display()))?;
        }
        fs::write(&path, &change.text).with_context(|| format!("failed to write {}", change.path))?;
    }
    Ok(())
}

fn left_to_do(name: &Name) -> String {
    let (id, family, module) = (name.id(), name.family_module(), name.module());
    format!(
        "
Left to do; everything in (parentheses) is a blank:
  1. {SOURCES}/{family}/{module}.rs: parameters, facts, class, target, and the look itself
  2. docs/probes/{id}.md: the prose and the example; then `cargo xtask gen` fills in the tables
  3. {CASES}/{id}.md: at least one good, one bad and one unreachable case
  4. cargo nextest run -p gonogo-probes, which fails until all three are done"
    )
}
