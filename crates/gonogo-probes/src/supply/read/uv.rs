//! `uv.lock`.

use gonogo_model::yaml::{Kind, Node};

use crate::supply::document::{self, Problem, each, entries, scalar, text};
use crate::supply::inventory::{Ecosystem, Lock, Origin, Package, hexadecimal, is_insecure};

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let tree = document::toml(source)?;
    let version = tree.get("version").and_then(scalar).unwrap_or_default();
    let mut lock = Lock::new(Ecosystem::Python, format!("uv {version}"));
    let mut nodes = Vec::new();
    for node in each(tree.get("package")) {
        let Some(name) = text(node, "name") else {
            lock.problems.push(Problem::at(node.place.line, "a package has no name"));
            continue;
        };
        lock.packages.push(package(name, node));
        nodes.push(node);
    }
    let known = lock.by_name();
    let mut edges = Vec::new();
    for (from, node) in nodes.iter().enumerate() {
        for need in needs(node) {
            let Some(candidates) =
                text(need, "name").and_then(|name| known.get(&Ecosystem::Python.normal(name)))
            else {
                continue;
            };
            // The version is only written where there are several.
            let version = text(need, "version");
            let fits = |at: &&usize| {
                version
                    .is_none_or(|version| lock.packages.get(**at).is_some_and(|one| one.version == version))
            };
            edges.extend(candidates.iter().find(fits).map(|to| (from, *to)));
        }
    }
    lock.asked.has_overrides =
        tree.get("manifest").is_some_and(|manifest| manifest.get("overrides").is_some());
    lock.connect(edges);
    Ok(lock)
}

fn package(name: &str, node: &Node) -> Package {
    let source = node.get("source");
    let has = |key: &str| source.and_then(|source| text(source, key));
    let origin = match () {
        () if has("git").is_some() => Origin::Git,
        () if has("url").is_some() => Origin::Url,
        () if has("registry").is_some() => Origin::Registry,
        () => Origin::Path,
    };
    let mut package = Package::new(name, text(node, "version").unwrap_or_default(), origin, node.place);
    let archives = node.get("sdist").into_iter().chain(each(node.get("wheels")));
    package.checksum = archives.filter_map(|archive| hexadecimal(text(archive, "hash")?)).next();
    // A registry that is a folder of the machine has none.
    package.owes_checksum = has("registry").is_some_and(|registry| registry.contains("://"));
    package.insecure = ["registry", "git", "url"].iter().any(|key| has(key).is_some_and(is_insecure));
    package
}

/// Dependencies, those of extras, and those of groups.
fn needs(node: &Node) -> Vec<&Node> {
    let groups =
        ["optional-dependencies", "dev-dependencies"].into_iter().flat_map(|kind| entries(node, kind));
    let in_groups = groups.flat_map(|(_, listed)| each(Some(listed)));
    let all = each(node.get("dependencies")).iter().chain(in_groups);
    all.filter(|need| matches!(need.kind, Kind::Map(_))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_their_needs_are_read() {
        let text = "version = 1\n\n[[package]]\nname = \"app\"\nversion = \"0.1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\", version = \"2.0\" }]\n[package.dev-dependencies]\ndev = [{ name = \"b\" }]\n\n[[package]]\nname = \"a\"\nversion = \"1.0\"\nsource = { registry = \"https://pypi.org/simple\" }\nsdist = { url = \"x\", hash = \"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\" }\n\n[[package]]\nname = \"a\"\nversion = \"2.0\"\nsource = { registry = \"http://pypi.internal/simple\" }\n\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = { git = \"https://x\" }\n";
        let lock = read(text).unwrap();
        assert_eq!(lock.packages[0].needs, [2, 3]);
        assert_eq!(lock.packages[0].origin, Origin::Path);
        assert!(lock.packages[1].checksum.is_some() && lock.packages[2].checksum.is_none());
        assert!(lock.packages[2].insecure && lock.packages[2].owes_checksum);
    }
}
