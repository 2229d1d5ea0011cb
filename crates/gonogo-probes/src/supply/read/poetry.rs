//! `poetry.lock`, of every version since 1.0.

use std::collections::BTreeMap;

use gonogo_model::yaml::Node;

use crate::supply::document::{self, Problem, each, entries, text};
use crate::supply::inventory::{Checksum, Ecosystem, Lock, Origin, Package, is_insecure};

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let tree = document::toml(source)?;
    let about = tree.get("metadata");
    let version = about.and_then(|about| text(about, "lock-version")).unwrap_or("1.0");
    let mut lock = Lock::new(Ecosystem::Python, format!("poetry {version}"));
    let hashed = hashed_elsewhere(about);
    let mut nodes = Vec::new();
    for node in each(tree.get("package")) {
        let (Some(name), Some(version)) = (text(node, "name"), text(node, "version")) else {
            lock.problems.push(Problem::at(node.place.line, "a package has no name or no version"));
            continue;
        };
        let mut package = Package::new(name, version, origin(node), node.place);
        let has_hash =
            !each(node.get("files")).is_empty() || hashed.contains_key(&Ecosystem::Python.normal(name));
        package.checksum = has_hash.then_some(Checksum::Other);
        package.dev = dev(node);
        package.insecure = node.get("source").and_then(|source| text(source, "url")).is_some_and(is_insecure);
        lock.packages.push(package);
        nodes.push(node);
    }
    let known = lock.by_name();
    let edges: Vec<(usize, usize)> = nodes
        .iter()
        .enumerate()
        .flat_map(|(from, node)| {
            let names = entries(node, "dependencies").iter();
            let known = &known;
            names
                .filter_map(move |(name, _)| {
                    known.get(&Ecosystem::Python.normal(&name.name))?.first().copied()
                })
                .map(move |to| (from, to))
        })
        .collect();
    lock.connect(edges);
    Ok(lock)
}

fn origin(node: &Node) -> Origin {
    match node.get("source").and_then(|source| text(source, "type")) {
        Some("git") => Origin::Git,
        Some("url") => Origin::Url,
        Some("directory" | "file") => Origin::Path,
        _ => Origin::Registry,
    }
}

/// Poetry 1.4 and older say `category`, poetry 2 says `groups`.
fn dev(node: &Node) -> Option<bool> {
    match text(node, "category") {
        Some(category) => Some(category == "dev"),
        None => {
            let groups: Vec<&str> = each(node.get("groups")).iter().filter_map(Node::text).collect();
            (!groups.is_empty()).then(|| !groups.contains(&"main"))
        }
    }
}

/// Older lockfiles keep the hashes at the end, as `[metadata.files]` or `[metadata.hashes]`.
fn hashed_elsewhere(about: Option<&Node>) -> BTreeMap<String, ()> {
    let tables =
        ["files", "hashes"].into_iter().flat_map(|kind| about.map_or(&[][..], |about| entries(about, kind)));
    let named = tables.filter(|(_, hashes)| !each(Some(hashes)).is_empty());
    named.map(|(name, _)| (Ecosystem::Python.normal(&name.name), ())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_lockfiles_are_read() {
        let new = "[[package]]\nname = \"A-b\"\nversion = \"1.0\"\ngroups = [\"dev\"]\nfiles = [{file = \"a\", hash = \"sha256:aa\"}]\n\n[package.dependencies]\nc = \">=1\"\n\n[[package]]\nname = \"c\"\nversion = \"2.0\"\nfiles = []\n\n[package.source]\ntype = \"git\"\nurl = \"git://x\"\n\n[metadata]\nlock-version = \"2.1\"\n";
        let lock = read(new).unwrap();
        assert_eq!((lock.format.as_str(), lock.packages[0].dev), ("poetry 2.1", Some(true)));
        assert_eq!(lock.packages[0].needs, [1]);
        assert_eq!((lock.packages[1].origin, lock.packages[1].insecure), (Origin::Git, true));
        let old = "[[package]]\nname = \"a\"\nversion = \"1.0\"\ncategory = \"main\"\n\n[metadata]\nlock-version = \"1.1\"\n\n[metadata.files]\na = [{file = \"a\", hash = \"sha256:aa\"}]\n";
        let lock = read(old).unwrap();
        assert_eq!((lock.packages[0].checksum.is_some(), lock.packages[0].dev), (true, Some(false)));
    }
}
