//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.

use std::collections::BTreeMap;

use gonogo_model::yaml::{Key, Node};

use crate::supply::document::{self, Problem, entries, is_true, scalar, text};
use crate::supply::inventory::{Ecosystem, Lock, Origin, Package, integrity, is_insecure};

const MODULES: &str = "node_modules/";

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let tree = document::json(source)?;
    let version = tree.get("lockfileVersion").and_then(scalar).unwrap_or_else(|| "1".to_owned());
    let mut lock = Lock::new(Ecosystem::Npm, format!("npm {version}"));
    match tree.get("packages") {
        Some(packages) => by_path(packages, &mut lock),
        None if tree.get("dependencies").is_some() || version == "1" => nested(&tree, &mut lock),
        None => return Err(Problem::at(1, "it has neither `packages` nor `dependencies`")),
    }
    Ok(lock)
}

/// Versions 2 and 3: every package by the path it is installed at.
fn by_path(packages: &Node, lock: &mut Lock) {
    let mut origins: Vec<(usize, &Key, &Node)> = Vec::new();
    for (key, node) in packages.entries() {
        if is_true(node, "link") {
            continue;
        }
        let at = lock.packages.len();
        match installed(key, node) {
            Some(package) => lock.packages.push(package),
            None => continue,
        }
        lock.asked.paths.insert(key.name.clone(), at);
        origins.push((at, key, node));
    }
    let mut edges = Vec::new();
    let mut direct = Vec::new();
    for (from, key, node) in origins {
        let is_own = !key.name.contains(MODULES);
        let kinds: &[&str] = match is_own {
            true => &["dependencies", "optionalDependencies", "devDependencies"],
            false => &["dependencies", "optionalDependencies"],
        };
        let names = kinds.iter().flat_map(|kind| entries(node, kind)).map(|(name, _)| &name.name);
        let found = names.filter_map(|name| resolve(&lock.asked.paths, &key.name, name));
        for to in found {
            edges.push((from, to));
            if is_own {
                direct.push(to);
            }
        }
    }
    mark(lock, &direct);
    lock.connect(edges);
}

fn installed(key: &Key, node: &Node) -> Option<Package> {
    let path = key.name.as_str();
    let named = path.rsplit_once(MODULES).map(|(_, name)| name);
    let name = text(node, "name").or(named).or_else(|| path.rsplit('/').next()).unwrap_or_default();
    if name.is_empty() && !path.is_empty() {
        return None;
    }
    let version = text(node, "version").unwrap_or_default();
    let origin = match named {
        Some(_) => origin(text(node, "resolved")),
        None => Origin::Path,
    };
    let mut package = Package::new(name, version, origin, key.place);
    complete(&mut package, node);
    Some(package)
}

fn complete(package: &mut Package, node: &Node) {
    package.checksum = text(node, "integrity").and_then(integrity);
    let is_bundled = is_true(node, "inBundle") || is_true(node, "bundled") || is_true(node, "extraneous");
    package.owes_checksum = package.origin == Origin::Registry && !is_bundled;
    package.insecure = text(node, "resolved").is_some_and(is_insecure);
    package.dev = Some(is_true(node, "dev"));
}

/// Whether an address is one of a registry: those have `/-/` before the archive.
fn origin(resolved: Option<&str>) -> Origin {
    let Some(address) = resolved else { return Origin::Registry };
    if address.starts_with("git") || address.contains("git@") {
        return Origin::Git;
    }
    if !address.contains("://") {
        return Origin::Path;
    }
    if address.starts_with("file:") {
        return Origin::Path;
    }
    let signs = ["/-/", "/download/", "registry", "/npm/"];
    if signs.iter().any(|sign| address.contains(sign)) { Origin::Registry } else { Origin::Url }
}

/// The package that `name` means for the one at `path`: the nearest folder upward that has it.
pub(in crate::supply) fn resolve(paths: &BTreeMap<String, usize>, path: &str, name: &str) -> Option<usize> {
    let mut folder = path.trim_end_matches('/');
    loop {
        let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        if let Some(at) = paths.get(&format!("{below}{MODULES}{name}")) {
            return Some(*at);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder = folder.strip_suffix("node_modules").map_or(folder, |folder| folder.trim_end_matches('/'));
    }
}

/// Version 1: packages inside the packages that need them.
fn nested(tree: &Node, lock: &mut Lock) {
    let mut waiting: Vec<(String, &Node)> = vec![(String::new(), tree)];
    let mut needs: Vec<(usize, String, &Node)> = Vec::new();
    while let Some((path, node)) = waiting.pop() {
        for (key, inner) in entries(node, "dependencies") {
            let below = if path.is_empty() { String::new() } else { format!("{path}/") };
            let own = format!("{below}{MODULES}{}", key.name);
            let at = lock.packages.len();
            lock.packages.push(old_package(key, inner));
            lock.asked.paths.insert(own.clone(), at);
            needs.push((at, own.clone(), inner));
            waiting.push((own, inner));
        }
    }
    let mut edges = Vec::new();
    for (from, path, node) in needs {
        let names = entries(node, "requires").iter().map(|(name, _)| &name.name);
        edges.extend(names.filter_map(|name| resolve(&lock.asked.paths, &path, name)).map(|to| (from, to)));
    }
    lock.connect(edges);
}

fn old_package(key: &Key, node: &Node) -> Package {
    let written = text(node, "version").unwrap_or_default();
    let (name, version) = match written.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@')) {
        Some((name, version)) => (name, version),
        None => (key.name.as_str(), written),
    };
    let from_elsewhere = version.contains(':') || version.contains('/');
    let origin = if from_elsewhere { old_origin(version) } else { origin(text(node, "resolved")) };
    let version = if from_elsewhere { "" } else { version };
    let mut package = Package::new(name, version, origin, key.place);
    package.insecure = is_insecure(written);
    let insecure = package.insecure;
    complete(&mut package, node);
    package.insecure |= insecure;
    package
}

fn old_origin(version: &str) -> Origin {
    match version {
        version if version.starts_with("file:") => Origin::Path,
        version if version.starts_with("http") => Origin::Url,
        _ => Origin::Git,
    }
}

fn mark(lock: &mut Lock, direct: &[usize]) {
    lock.packages.iter_mut().for_each(|package| package.direct = Some(false));
    for at in direct {
        if let Some(package) = lock.packages.get_mut(*at) {
            package.direct = Some(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_resolved_as_node_does() {
        let text = r#"{"lockfileVersion": 3, "packages": {
            "": {"dependencies": {"a": "^1"}, "devDependencies": {"d": "1"}},
            "packages/p": {"name": "@s/p", "version": "1.0.0", "dependencies": {"a": "2"}},
            "packages/p/node_modules/a": {"version": "2.0.0", "resolved": "https://registry.npmjs.org/a/-/a-2.0.0.tgz"},
            "node_modules/@s/p": {"resolved": "packages/p", "link": true},
            "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "*"}, "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="},
            "node_modules/a/node_modules/b": {"version": "3.0.0", "inBundle": true},
            "node_modules/d": {"version": "1.0.0", "dev": true, "resolved": "git+ssh://git@github.com/x/d.git#abc"}}}"#;
        let lock = read(text).unwrap();
        let name = |at: &usize| format!("{}@{}", lock.packages[*at].name, lock.packages[*at].version);
        let needs = |at: usize| lock.packages[at].needs.iter().map(name).collect::<Vec<_>>();
        assert_eq!(needs(0), ["a@1.0.0", "d@1.0.0"]);
        assert_eq!(needs(1), ["a@2.0.0"]);
        assert_eq!(needs(3), ["b@3.0.0"]);
        assert_eq!(lock.packages[5].origin, Origin::Git);
        assert_eq!(lock.packages[5].dev, Some(true));
        assert!(!lock.packages[4].owes_checksum && lock.packages[2].owes_checksum);
        assert_eq!(lock.packages[4].direct, Some(false));
    }

    #[test]
    fn the_first_version_is_nested() {
        let text = r#"{"lockfileVersion": 1, "dependencies": {
            "a": {"version": "1.0.0", "requires": {"b": "1", "c": "1"}, "dependencies": {"b": {"version": "1.0.0"}}},
            "b": {"version": "2.0.0"}, "c": {"version": "github:x/c#1", "from": "github:x/c"},
            "e": {"version": "npm:real@4.0.0"}}}"#;
        let lock = read(text).unwrap();
        let of = |name: &str, version: &str| {
            lock.packages.iter().position(|p| p.name == name && p.version == version).unwrap()
        };
        let mut expected = [of("b", "1.0.0"), of("c", "")];
        expected.sort_unstable();
        assert_eq!(lock.packages[of("a", "1.0.0")].needs, expected);
        assert_eq!(lock.packages[of("c", "")].origin, Origin::Git);
        assert_eq!(of("real", "4.0.0"), 3);
    }
}
