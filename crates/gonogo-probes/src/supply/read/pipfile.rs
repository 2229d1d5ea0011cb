//! `Pipfile.lock`.

use gonogo_model::yaml::{Key, Node};

use crate::supply::document::{self, Problem, each, entries, text};
use crate::supply::inventory::{Checksum, Ecosystem, Lock, Origin, Package, is_insecure};

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let tree = document::json(source)?;
    let about = tree.get("_meta").ok_or_else(|| Problem::at(1, "it has no `_meta`"))?;
    let version = about.get("pipfile-spec").and_then(document::scalar).unwrap_or_default();
    let mut lock = Lock::new(Ecosystem::Python, format!("pipenv {version}"));
    let insecure = each(about.get("sources")).iter().any(|one| text(one, "url").is_some_and(is_insecure));
    for (section, dev) in [("default", false), ("develop", true)] {
        for (key, node) in entries(&tree, section) {
            let mut package = package(key, node);
            package.dev = Some(dev);
            package.insecure |= insecure && package.origin == Origin::Registry;
            lock.packages.push(package);
        }
    }
    Ok(lock)
}

fn package(key: &Key, node: &Node) -> Package {
    let origin = match () {
        () if node.get("git").is_some() => Origin::Git,
        () if node.get("file").is_some() => Origin::Url,
        () if node.get("path").is_some() => Origin::Path,
        () => Origin::Registry,
    };
    let version = text(node, "version").unwrap_or_default().trim_start_matches('=');
    let mut package = Package::new(&key.name, version, origin, key.place);
    package.checksum = (!each(node.get("hashes")).is_empty()).then_some(Checksum::Other);
    package.insecure = ["git", "file"].iter().any(|kind| text(node, kind).is_some_and(is_insecure));
    package
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sections_are_read() {
        let text = r#"{"_meta": {"pipfile-spec": 6, "sources": [{"url": "https://pypi.org/simple"}]},
            "default": {"a": {"version": "==1.0", "hashes": ["sha256:aa"]}, "b": {"git": "https://x", "ref": "1"}},
            "develop": {"c": {"version": "==2"}}}"#;
        let lock = read(text).unwrap();
        assert_eq!((lock.packages[0].version.as_str(), lock.packages[0].checksum.is_some()), ("1.0", true));
        assert_eq!(lock.packages[1].origin, Origin::Git);
        assert_eq!((lock.packages[2].dev, lock.packages[2].checksum.is_some()), (Some(true), false));
    }
}
