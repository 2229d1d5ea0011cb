//! `Cargo.lock`, versions 1 to 4.

use std::collections::BTreeMap;

use gonogo_model::yaml::Node;

use crate::supply::document::{self, Problem, each, entries, scalar, text};
use crate::supply::inventory::{Checksum, Ecosystem, Lock, Origin, Package, is_insecure};

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let tree = document::toml(source)?;
    let old = old_checksums(&tree);
    let version = tree.get("version").and_then(scalar);
    let version = version.unwrap_or_else(|| if old.is_empty() { "2" } else { "1" }.to_owned());
    let mut lock = Lock::new(Ecosystem::Cargo, format!("cargo {version}"));
    let nodes: Vec<&Node> = tree.get("root").into_iter().chain(each(tree.get("package"))).collect();
    let mut kept = Vec::new();
    for node in nodes {
        match package(node, &old) {
            Some(package) => {
                lock.packages.push(package);
                kept.push(node);
            }
            None => lock.problems.push(Problem::at(node.place.line, "a package has no name or no version")),
        }
    }
    let known = lock.by_name();
    let edges: Vec<(usize, usize)> = kept
        .iter()
        .enumerate()
        .flat_map(|(from, node)| {
            let needs = each(node.get("dependencies")).iter().filter_map(Node::text);
            needs
                .filter_map(|need| resolve(need, &known, &lock))
                .map(move |to| (from, to))
                .collect::<Vec<_>>()
        })
        .collect();
    mark_direct(&mut lock, &edges);
    lock.connect(edges);
    Ok(lock)
}

fn package(node: &Node, old: &BTreeMap<String, String>) -> Option<Package> {
    let (name, version) = (text(node, "name")?, text(node, "version")?);
    let source = text(node, "source");
    let origin = match source {
        None => Origin::Path,
        Some(source) if source.starts_with("git+") => Origin::Git,
        Some(_) => Origin::Registry,
    };
    let mut package = Package::new(name, version, origin, node.place);
    let source = source.unwrap_or_default();
    let digest = text(node, "checksum")
        .or_else(|| old.get(&format!("{name} {version} ({source})")).map(String::as_str));
    package.checksum =
        digest.filter(|digest| *digest != "<none>").map(|digest| Checksum::Sha256(digest.to_owned()));
    package.insecure = is_insecure(source);
    Some(package)
}

/// Version 1 keeps the checksums at the end: `"checksum name version (source)" = "…"`.
fn old_checksums(tree: &Node) -> BTreeMap<String, String> {
    let found = entries(tree, "metadata").iter().filter_map(|(key, value)| {
        Some((key.name.strip_prefix("checksum ")?.to_owned(), value.text()?.to_owned()))
    });
    found.collect()
}

/// `name`, `name version` or `name version (source)`.
fn resolve(need: &str, known: &BTreeMap<String, Vec<usize>>, lock: &Lock) -> Option<usize> {
    let mut parts = need.split(' ');
    let candidates = known.get(parts.next()?)?;
    match parts.next() {
        None => candidates.first().copied(),
        Some(version) => {
            let fits =
                |at: &&usize| lock.packages.get(**at).is_some_and(|package| package.version == version);
            candidates.iter().find(fits).copied()
        }
    }
}

/// What a package of the repository itself needs is direct.
fn mark_direct(lock: &mut Lock, edges: &[(usize, usize)]) {
    let own: Vec<bool> = lock.packages.iter().map(|package| package.origin == Origin::Path).collect();
    lock.packages.iter_mut().for_each(|package| package.direct = Some(false));
    for (from, to) in edges {
        if own.get(*from) == Some(&true)
            && let Some(package) = lock.packages.get_mut(*to)
        {
            package.direct = Some(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_of_the_format_is_read() {
        let four = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a 1.0.0\",\n \"b\",\n]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"aa\"\n\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\nsource = \"git+https://github.com/x/b?rev=1#1\"\ndependencies = [\"a 2.0.0 (registry+https://github.com/rust-lang/crates.io-index)\"]\n";
        let lock = read(four).unwrap();
        assert_eq!(lock.format, "cargo 4");
        assert_eq!(lock.packages[0].needs, [1, 3]);
        assert_eq!(lock.packages[3].needs, [2]);
        assert_eq!(lock.packages[3].origin, Origin::Git);
        assert_eq!((lock.packages[1].place.line, lock.packages[1].direct), (11, Some(true)));
        assert_eq!((lock.packages[2].checksum.is_some(), lock.packages[2].direct), (false, Some(false)));

        let one = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n\n[metadata]\n\"checksum a 1.0.0 (registry+x)\" = \"ab\"\n";
        let lock = read(one).unwrap();
        assert_eq!(lock.format, "cargo 1");
        assert_eq!(lock.packages[0].checksum, Some(Checksum::Sha256("ab".into())));
    }
}
