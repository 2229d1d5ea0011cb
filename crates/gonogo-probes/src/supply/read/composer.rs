//! `composer.lock`.

use gonogo_model::yaml::Node;

use crate::supply::document::{self, Problem, each, entries, text};
use crate::supply::inventory::{Ecosystem, Lock, Origin, Package, hexadecimal, is_insecure};

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let tree = document::json(source)?;
    if tree.get("packages").is_none() {
        return Err(Problem::at(1, "it has no `packages`"));
    }
    let mut lock = Lock::new(Ecosystem::Composer, "composer");
    let mut nodes = Vec::new();
    for (section, dev) in [("packages", false), ("packages-dev", true)] {
        for node in each(tree.get(section)) {
            let (Some(name), Some(version)) = (text(node, "name"), text(node, "version")) else {
                lock.problems.push(Problem::at(node.place.line, "a package has no name or no version"));
                continue;
            };
            lock.packages.push(package(name, version, node, dev));
            let replaced = ["replace", "provide"].into_iter().flat_map(|kind| entries(node, kind));
            lock.asked.replaces.extend(replaced.map(|(key, _)| key.name.to_lowercase()));
            nodes.push(node);
        }
    }
    let known = lock.by_name();
    let edges: Vec<(usize, usize)> = nodes
        .iter()
        .enumerate()
        .flat_map(|(from, node)| {
            let known = &known;
            let names = entries(node, "require").iter();
            names
                .filter_map(move |(name, _)| known.get(&name.name.to_lowercase())?.first().copied())
                .map(move |to| (from, to))
        })
        .collect();
    lock.connect(edges);
    Ok(lock)
}

fn package(name: &str, version: &str, node: &Node, dev: bool) -> Package {
    let of = |part: &str, key: &str| node.get(part).and_then(|part| text(part, key));
    let origin = match of("dist", "type") {
        Some("path") => Origin::Path,
        _ => Origin::Registry,
    };
    let mut package = Package::new(name, version.trim_start_matches('v'), origin, node.place);
    package.checksum = of("dist", "shasum").and_then(hexadecimal);
    // Packagist has no checksums for the archives that GitHub makes.
    package.owes_checksum = false;
    package.dev = Some(dev);
    // Composer takes the archive, and the source only when there is none.
    let address = of("dist", "url").or_else(|| of("source", "url"));
    package.insecure = address.is_some_and(is_insecure);
    package
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sections_are_read() {
        let text = r#"{"packages": [{"name": "a/b", "version": "v1.2.3", "dist": {"type": "zip", "url": "http://x.y/z.zip"}, "require": {"php": ">=8", "C/d": "^1"}, "replace": {"e/f": "*"}}],
            "packages-dev": [{"name": "c/d", "version": "1.0.0"}]}"#;
        let lock = read(text).unwrap();
        assert_eq!((lock.packages[0].version.as_str(), lock.packages[0].insecure), ("1.2.3", true));
        assert_eq!(lock.packages[0].needs, [1]);
        assert_eq!(
            (lock.packages[1].dev, lock.asked.replaces.as_slice()),
            (Some(true), &["e/f".to_owned()][..])
        );
    }
}
