//! `pnpm-lock.yaml`, versions 5, 6 and 9.

use std::collections::BTreeMap;

use gonogo_model::yaml::{Key, Node};

use crate::supply::document::{self, Problem, entries, scalar, text};
use crate::supply::inventory::{Ecosystem, Lock, Origin, Package, integrity, is_insecure};

const GROUPS: [&str; 3] = ["dependencies", "optionalDependencies", "devDependencies"];

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let tree = document::yaml(first_document(source))?;
    let version = tree.get("lockfileVersion").and_then(scalar);
    let version = version.ok_or_else(|| Problem::at(1, "it has no `lockfileVersion`"))?;
    let mut lock = Lock::new(Ecosystem::Npm, format!("pnpm {version}"));
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut nodes = Vec::new();
    for (key, node) in entries(&tree, "packages") {
        let package = package(key, node);
        let id = (package.name.clone(), package.version.clone());
        let at = *known.entry(id).or_insert(lock.packages.len());
        nodes.push((at, node));
        if at == lock.packages.len() {
            lock.packages.push(package);
        }
    }
    for (key, node) in entries(&tree, "snapshots") {
        let (name, version) = split(&key.name);
        if let Some(at) = known.get(&(name.to_owned(), version.to_owned())) {
            nodes.push((*at, node));
        }
    }
    let edges: Vec<(usize, usize)> = nodes
        .into_iter()
        .flat_map(|(from, node)| needs(&known, node, &GROUPS[..2]).into_iter().map(move |to| (from, to)))
        .collect();
    ask(&tree, &mut lock, &known);
    lock.connect(edges);
    lock.asked.has_overrides = ["overrides", "pnpmfileChecksum"].iter().any(|key| tree.get(key).is_some());
    Ok(lock)
}

/// pnpm 11 writes what it needs for itself into a document before the one of the project.
fn first_document(source: &str) -> &str {
    let body = source.strip_prefix("---\n").unwrap_or(source);
    match body.split_once("\n---\n") {
        Some((_, project)) => project,
        None => body,
    }
}

fn package(key: &Key, node: &Node) -> Package {
    let (name, version) = split(&key.name);
    let resolution = node.get("resolution");
    let of = |key: &str| resolution.and_then(|resolution| text(resolution, key));
    let tarball = of("tarball");
    let origin = match (of("type"), of("integrity"), tarball) {
        (Some("git"), _, _) => Origin::Git,
        (Some("directory"), _, _) => Origin::Path,
        (_, _, Some(address)) if address.starts_with("file:") => Origin::Path,
        (_, _, Some(address)) if address.contains("codeload.github.com") => Origin::Git,
        (_, None, Some(_)) => Origin::Url,
        _ if version.starts_with("file:") || version.starts_with("link:") => Origin::Path,
        _ if version.contains("://") => Origin::Url,
        _ => Origin::Registry,
    };
    let name = text(node, "name").unwrap_or(name);
    let version = node.get("version").and_then(scalar).unwrap_or_else(|| version.to_owned());
    let mut package = Package::new(name, &version, origin, key.place);
    package.checksum = of("integrity").and_then(integrity);
    package.insecure = tarball.is_some_and(is_insecure) || of("repo").is_some_and(is_insecure);
    package.dev = node.get("dev").map(|_| document::is_true(node, "dev"));
    package
}

/// `/name/1.0.0_peer`, `/@s/name@1.0.0(peer@2)`, `name@1.0.0` into name and version.
fn split(key: &str) -> (&str, &str) {
    let is_old = key.starts_with('/');
    let key = key.strip_prefix('/').unwrap_or(key);
    let key = key.split('(').next().unwrap_or(key);
    let scope = if key.starts_with('@') { key.find('/').map_or(0, |at| at + 1) } else { 0 };
    let rest = key.get(scope..).unwrap_or_default();
    let slash = rest.find('/').filter(|_| is_old).unwrap_or(usize::MAX);
    let sign = rest.find('@').unwrap_or(usize::MAX);
    let at = slash.min(sign);
    let Some(version) = rest.get(at.saturating_add(1)..).filter(|_| at < rest.len()) else {
        return (key, "");
    };
    let version = if slash < sign { version.split('_').next().unwrap_or(version) } else { version };
    (key.get(..scope.saturating_add(at)).unwrap_or(key), version)
}

/// What a package or project needs, as positions.
fn needs(known: &BTreeMap<(String, String), usize>, node: &Node, groups: &[&str]) -> Vec<usize> {
    let listed = groups.iter().flat_map(|group| entries(node, group));
    listed.filter_map(|(name, value)| find(known, &name.name, &reference(value)?)).collect()
}

/// The version a project or package refers to: text, or `{specifier, version}`.
fn reference(value: &Node) -> Option<String> {
    value.get("version").map_or_else(|| scalar(value), scalar)
}

fn find(known: &BTreeMap<(String, String), usize>, name: &str, reference: &str) -> Option<usize> {
    let bare = reference.split('(').next().unwrap_or(reference);
    let of = |name: &str, version: &str| known.get(&(name.to_owned(), version.to_owned())).copied();
    let plain = of(name, bare).or_else(|| of(name, bare.split('_').next().unwrap_or(bare)));
    plain.or_else(|| {
        let (name, version) = split(bare);
        of(name, version)
    })
}

/// What each project of the workspace asked for, and which packages are direct.
fn ask(tree: &Node, lock: &mut Lock, known: &BTreeMap<(String, String), usize>) {
    lock.packages.iter_mut().for_each(|package| package.direct = Some(false));
    let importers = entries(tree, "importers");
    let projects: Vec<(&str, &Node)> = match importers.is_empty() {
        true => vec![(".", tree)],
        false => importers.iter().map(|(key, node)| (key.name.as_str(), node)).collect(),
    };
    for (folder, project) in projects {
        for at in needs(known, project, &GROUPS) {
            if let Some(package) = lock.packages.get_mut(at) {
                package.direct = Some(true);
            }
        }
        let folder = folder.trim_start_matches('.').trim_start_matches('/');
        let mut say = |name: &str, range: Option<String>| {
            if let Some(range) = range {
                lock.asked.ranges.insert((folder.to_owned(), name.to_owned()), range);
            }
        };
        entries(project, "specifiers").iter().for_each(|(name, range)| say(&name.name, scalar(range)));
        for (name, value) in GROUPS.iter().flat_map(|group| entries(project, group)) {
            say(&name.name, value.get("specifier").and_then(scalar));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_version_are_split() {
        for (key, name, version) in [
            ("/a/1.0.0", "a", "1.0.0"),
            ("/@s/a/1.0.0_react@17.0.2", "@s/a", "1.0.0"),
            ("/a/1.0.0_abc", "a", "1.0.0"),
            ("/@s/a@1.0.0(b@2.0.0)(@c/d@1.0.0)", "@s/a", "1.0.0"),
            ("a@1.0.0", "a", "1.0.0"),
            ("@s/a@1.0.0-rc.1", "@s/a", "1.0.0-rc.1"),
            ("a@https://x.y/z.tgz", "a", "https://x.y/z.tgz"),
            ("", "", ""),
            ("@", "", ""),
        ] {
            assert_eq!(split(key), (name, version), "{key}");
        }
    }

    #[test]
    fn a_workspace_of_version_nine_is_read() {
        let text = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: { specifier: ^1.0.0, version: 1.0.0(b@2.0.0) }\n  packages/p:\n    devDependencies:\n      b: { specifier: ^2, version: 2.0.0 }\npackages:\n  a@1.0.0: { resolution: { integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= } }\n  b@2.0.0: { resolution: { tarball: 'http://x.y/b.tgz' } }\n  c@3.0.0: { resolution: { type: git, repo: 'https://x', commit: abc } }\nsnapshots:\n  a@1.0.0(b@2.0.0): { dependencies: { b: 2.0.0, c: c@3.0.0 } }\n";
        let lock = read(text).unwrap();
        assert_eq!(lock.packages[0].needs, [1, 2]);
        assert_eq!((lock.packages[1].insecure, lock.packages[1].origin), (true, Origin::Url));
        assert_eq!(lock.packages[2].direct, Some(false));
        assert_eq!(lock.asked.ranges.get(&("packages/p".into(), "b".into())).map(String::as_str), Some("^2"));
        assert_eq!(lock.asked.ranges.get(&(String::new(), "a".into())).map(String::as_str), Some("^1.0.0"));
    }

    #[test]
    fn a_project_of_version_five_is_read() {
        let text = "lockfileVersion: 5.4\nspecifiers:\n  a: ^1.0.0\ndependencies:\n  a: 1.0.0_b@2.0.0\npackages:\n  /a/1.0.0_b@2.0.0:\n    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}\n    dependencies: { b: 2.0.0 }\n    dev: false\n  /b/2.0.0:\n    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}\n    dev: true\n";
        let lock = read(text).unwrap();
        assert_eq!((lock.packages[0].version.as_str(), lock.packages[0].direct), ("1.0.0", Some(true)));
        assert_eq!(lock.packages[0].needs, [1]);
        assert_eq!(lock.packages[1].dev, Some(true));
    }
}
