//! `include`: whole compose files whose services and resources join the project. It must not
//! follow a circle or a path out of the tree.

use std::collections::BTreeSet;

use super::interpolate;
use super::merge::merge;
use super::project::Loading;
use super::read::FILE;
use super::tree::{Kind, Part};
use crate::repository::{folder_of, joined};

/// `part` with everything it includes; what it says itself wins.
pub(super) fn resolve(
    loading: &mut Loading<'_>,
    mut part: Part,
    path: &str,
    above: &BTreeSet<String>,
) -> Part {
    let Some(included) = part.get("include").cloned() else { return part };
    if let Kind::Map(entries) = &mut part.kind {
        entries.retain(|entry| entry.name != "include");
    }
    for one in included.each() {
        if let Some(found) = one_include(loading, one, path, above) {
            part = merge(found, part, "");
        }
    }
    part
}

/// One entry: a path, or `path` (one or several that merge), `env_file`, `project_directory`.
fn one_include(loading: &mut Loading<'_>, one: &Part, path: &str, above: &BTreeSet<String>) -> Option<Part> {
    let paths = one.get("path").unwrap_or(one);
    let folder = folder_of(path).to_owned();
    let before = loading.variables.clone();
    let wanted =
        one.get("env_file").map(|files| files.each().iter().filter_map(Part::known).collect::<Vec<_>>());
    let first = paths.each().iter().find_map(Part::known).and_then(|first| joined(&folder, &first));
    let own = first.map(|first| joined(folder_of(&first), ".env")).unwrap_or_default();
    let files = match wanted {
        Some(wanted) => wanted.iter().filter_map(|file| joined(&folder, file)).collect(),
        None => Vec::from_iter(own),
    };
    let mut variables = before.clone();
    for bytes in files.iter().filter_map(|file| loading.source.read(file, FILE).ok()) {
        for (name, value) in interpolate::variables_of(&String::from_utf8_lossy(&bytes)) {
            variables.entry(name).or_insert(value);
        }
    }
    loading.set_variables(variables);
    let mut whole: Option<Part> = None;
    for part in paths.each() {
        let Some(next) = target(loading, part, &folder, above) else { continue };
        if let Some(found) = loading.whole(&next, above) {
            whole = Some(match whole {
                Some(base) => merge(base, found, ""),
                None => found,
            });
        }
    }
    loading.set_variables(before);
    whole
}

fn target(loading: &mut Loading<'_>, part: &Part, folder: &str, above: &BTreeSet<String>) -> Option<String> {
    let Some(written) = part.known() else {
        loading.problem(part.at, "this include was skipped: its path is not known here".to_owned());
        return None;
    };
    if written.contains("://") || written.starts_with("git@") {
        loading.problem(part.at, "this include was skipped: it is on another host".to_owned());
        return None;
    }
    match joined(folder, &written) {
        None => {
            loading.problem(part.at, "this include was skipped: it leads out of the folder".to_owned());
            None
        }
        Some(path) if above.contains(&path) => {
            loading.problem(part.at, format!("`{path}` includes itself in a circle"));
            None
        }
        Some(path) => Some(path),
    }
}
