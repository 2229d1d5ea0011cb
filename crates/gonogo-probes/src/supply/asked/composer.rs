//! `composer.json`.

use gonogo_model::yaml::{Key, Kind, Node};

use super::{Dependency, Manifest, Wanted};
use crate::supply::document::{self, Problem, entries, text};
use crate::supply::inventory::{Ecosystem, is_insecure};

pub(super) fn read(source: &str) -> Result<Manifest, Problem> {
    let tree = document::json(source)?;
    let mut manifest = Manifest::new(Ecosystem::Composer);
    manifest.name = text(&tree, "name").map(str::to_owned);
    manifest.is_application = match text(&tree, "type") {
        Some("project") => Some(true),
        Some(_) => Some(false),
        // A package that others may take has a name.
        None => Some(manifest.name.is_none()),
    };
    for (table, dev) in [("require", false), ("require-dev", true)] {
        manifest.dependencies.extend(entries(&tree, table).iter().filter_map(|entry| dependency(entry, dev)));
    }
    let repositories: Vec<&Node> = match tree.get("repositories").map(|node| &node.kind) {
        Some(Kind::List(nodes)) => nodes.iter().collect(),
        Some(Kind::Map(entries)) => entries.iter().map(|(_, node)| node).collect(),
        _ => Vec::new(),
    };
    let insecure = repositories.into_iter().filter(|one| text(one, "url").is_some_and(is_insecure));
    manifest.insecure_sources = insecure.map(|one| one.place).collect();
    Ok(manifest)
}

/// Names without `/` are of the machine: `php`, `ext-json`.
fn dependency((key, node): &(Key, Node), dev: bool) -> Option<Dependency> {
    let range = node.text().filter(|_| key.name.contains('/'))?.trim();
    let wanted = match range {
        "*" | "" | "@dev" | "*@dev" => Wanted::Any,
        branch if branch.starts_with("dev-") => Wanted::Git { pinned: branch.contains('#'), insecure: false },
        range => Wanted::Range(range.to_owned()),
    };
    let mut found = Dependency::new(&key.name, wanted, key.place);
    found.dev = dev;
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_wildcards_and_repositories_are_read() {
        let text = r#"{"type": "project", "require": {"php": ">=8", "a/b": "*", "c/d": "dev-main", "e/f": "^1"},
            "repositories": {"x": {"type": "composer", "url": "http://x.y"}}}"#;
        let manifest = read(text).unwrap();
        let seen: Vec<&Wanted> = manifest.dependencies.iter().map(|one| &one.wanted).collect();
        assert_eq!(
            seen,
            [&Wanted::Any, &Wanted::Git { pinned: false, insecure: false }, &Wanted::Range("^1".into())]
        );
        assert_eq!((manifest.insecure_sources.len(), manifest.is_application), (1, Some(true)));
    }
}
