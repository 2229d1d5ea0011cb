//! `yarn.lock`, of yarn 1 and of yarn 2 and later.

use std::collections::BTreeMap;

use gonogo_model::place::Place;
use gonogo_model::yaml::Node;

use crate::supply::document::{self, Problem, entries, scalar, text};
use crate::supply::inventory::{Ecosystem, Lock, Origin, Package, hexadecimal, integrity, is_insecure};

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    match source.lines().any(|line| line.starts_with("__metadata:")) {
        true => berry(source),
        false => classic(source),
    }
}

/// One entry of yarn 1.
#[derive(Default)]
struct Entry<'t> {
    patterns: Vec<&'t str>,
    line: u32,
    version: &'t str,
    resolved: &'t str,
    integrity: &'t str,
    needs: Vec<String>,
}

fn classic(source: &str) -> Result<Lock, Problem> {
    let mut lock = Lock::new(Ecosystem::Npm, "yarn 1");
    let entries = classic_entries(source)?;
    // Lockfiles older than yarn 1.10 have no integrity; the address ends with a SHA-1.
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        known.extend(entry.patterns.iter().map(|pattern| (*pattern, at)));
        lock.packages.push(classic_package(entry));
    }
    let edges: Vec<(usize, usize)> = entries
        .iter()
        .enumerate()
        .flat_map(|(from, entry)| {
            entry.needs.iter().filter_map(|need| known.get(need.as_str())).map(move |to| (from, *to))
        })
        .collect();
    lock.asked.patterns = known.keys().map(|pattern| (*pattern).to_owned()).collect();
    lock.connect(edges);
    Ok(lock)
}

fn classic_entries(source: &str) -> Result<Vec<Entry<'_>>, Problem> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    let mut in_needs = false;
    for (line, number) in source.lines().zip(1_u32..) {
        let indent = line.len().saturating_sub(line.trim_start_matches(' ').len());
        let body = line.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if indent == 0 {
            let names =
                body.strip_suffix(':').ok_or_else(|| Problem::at(number, "this line is no entry of yarn"))?;
            let patterns = names.split(',').map(|name| name.trim().trim_matches('"')).collect();
            found.push(Entry { patterns, line: number, ..Entry::default() });
            in_needs = false;
            continue;
        }
        let entry = found.last_mut().ok_or_else(|| Problem::at(number, "this line belongs to no entry"))?;
        if indent == 2 {
            in_needs = matches!(body, "dependencies:" | "optionalDependencies:");
        }
        let Some((key, value)) = pair(body) else { continue };
        match (indent, key) {
            (2, "version") => entry.version = value,
            (2, "resolved") => entry.resolved = value,
            (2, "integrity") => entry.integrity = value,
            (4, name) if in_needs => entry.needs.push(format!("{name}@{value}")),
            _ => {}
        }
    }
    Ok(found)
}

/// `name "value"`, each with or without quotes.
fn pair(body: &str) -> Option<(&str, &str)> {
    let (key, value) = match body.strip_prefix('"') {
        Some(rest) => rest.split_once('"')?,
        None => body.split_once(' ')?,
    };
    Some((key, value.trim().trim_matches('"')))
}

fn classic_package(entry: &Entry<'_>) -> Package {
    let pattern = entry.patterns.first().copied().unwrap_or_default();
    let (name, range) = split(pattern);
    let aliased = range.strip_prefix("npm:").map(split).map(|(name, _)| name);
    let (address, fragment) = entry.resolved.split_once('#').unwrap_or((entry.resolved, ""));
    let origin = match address {
        "" => Origin::Path,
        _ if range.starts_with("file:") || range.starts_with("link:") => Origin::Path,
        _ if address.starts_with("git")
            || address.ends_with(".git")
            || address.contains("codeload.github.com") =>
        {
            Origin::Git
        }
        _ if range.contains("://") || (range.contains('/') && aliased.is_none()) => Origin::Url,
        _ => Origin::Registry,
    };
    let place = Place { line: entry.line, column: 1, width: 1 };
    let mut package = Package::new(aliased.unwrap_or(name), entry.version, origin, place);
    package.checksum =
        integrity(entry.integrity).or_else(|| hexadecimal(fragment).filter(|_| origin != Origin::Git));
    package.insecure = is_insecure(address);
    package
}

/// `@s/name@range` into name and range.
pub(in crate::supply) fn split(pattern: &str) -> (&str, &str) {
    let skip = usize::from(pattern.starts_with('@'));
    let at = pattern.get(skip..).and_then(|rest| rest.find('@')).map(|at| at.saturating_add(skip));
    match at {
        Some(at) => {
            (pattern.get(..at).unwrap_or(pattern), pattern.get(at.saturating_add(1)..).unwrap_or_default())
        }
        None => (pattern, ""),
    }
}

fn berry(source: &str) -> Result<Lock, Problem> {
    let tree = document::yaml(source)?;
    let version = tree.get("__metadata").and_then(|about| scalar(about.get("version")?)).unwrap_or_default();
    let mut lock = Lock::new(Ecosystem::Npm, format!("yarn berry {version}"));
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut nodes = Vec::new();
    for (key, node) in tree.entries().iter().filter(|(key, _)| key.name != "__metadata") {
        let at = lock.packages.len();
        known.extend(key.name.split(", ").map(|pattern| (pattern.to_owned(), at)));
        lock.packages.push(berry_package(&key.name, node, key.place));
        nodes.push(node);
    }
    let edges: Vec<(usize, usize)> = nodes
        .iter()
        .enumerate()
        .flat_map(|(from, node)| {
            let needs = entries(node, "dependencies").iter();
            let known = &known;
            needs
                .filter_map(move |(name, range)| berry_need(known, &name.name, &scalar(range)?))
                .map(move |to| (from, to))
        })
        .collect();
    lock.asked.patterns = known.into_keys().collect();
    lock.connect(edges);
    Ok(lock)
}

fn berry_need(known: &BTreeMap<String, usize>, name: &str, range: &str) -> Option<usize> {
    let plain = known.get(&format!("{name}@{range}"));
    plain.or_else(|| known.get(&format!("{name}@npm:{range}"))).copied()
}

fn berry_package(key: &str, node: &Node, place: Place) -> Package {
    let resolution = text(node, "resolution").unwrap_or(key);
    let (name, reference) = split(resolution);
    let origin = match reference {
        _ if reference.starts_with("npm:") || reference.starts_with("patch:") => Origin::Registry,
        _ if ["workspace:", "link:", "portal:", "file:"].iter().any(|sign| reference.starts_with(sign)) => {
            Origin::Path
        }
        _ if reference.contains("commit=") || reference.contains(".git") => Origin::Git,
        _ => Origin::Url,
    };
    let version = node.get("version").and_then(scalar).unwrap_or_default();
    let mut package = Package::new(name, &version, origin, place);
    // `10c0/<hexadecimal>`: a SHA-512 of yarn's own archive.
    package.checksum = text(node, "checksum").map(|_| super::super::inventory::Checksum::Other);
    // Packages for other machines have none, and patches have that of what they patch.
    package.owes_checksum = reference.starts_with("npm:") && node.get("conditions").is_none();
    package.insecure = is_insecure(reference);
    package
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yarn_one_is_read() {
        let text = "# yarn lockfile v1\n\n\n\"@s/a@^1.0.0\", \"@s/a@^1.1.0\":\n  version \"1.2.0\"\n  resolved \"https://registry.yarnpkg.com/@s/a/-/a-1.2.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709\"\n  dependencies:\n    b \"^2.0.0\"\n    \"@s/c\" \"x/y\"\n\nb@^2.0.0:\n  version \"2.0.0\"\n  resolved \"http://x.y/b.tgz\"\n\n\"@s/c@x/y\":\n  version \"0.1.0\"\n  resolved \"https://codeload.github.com/x/y/tar.gz/abc\"\n";
        let lock = read(text).unwrap();
        assert_eq!((lock.packages[0].name.as_str(), lock.packages[0].version.as_str()), ("@s/a", "1.2.0"));
        assert_eq!(lock.packages[0].needs, [1, 2]);
        assert!(lock.packages[0].checksum.is_some() && lock.packages[1].insecure);
        assert_eq!(lock.packages[2].origin, Origin::Git);
        assert_eq!(lock.packages[1].place.line, 11);
    }

    #[test]
    fn yarn_berry_is_read() {
        let text = "__metadata:\n  version: 8\n\n\"a@npm:^1.0.0, a@npm:^1.1.0\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0\"\n  dependencies:\n    b: \"npm:^2.0.0\"\n  checksum: 10c0/ab\n  linkType: hard\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n  dependencies:\n    a: \"npm:^1.0.0\"\n\n\"b@npm:^2.0.0\":\n  version: 2.0.0\n  resolution: \"b@npm:2.0.0\"\n  conditions: os=darwin\n";
        let lock = read(text).unwrap();
        assert_eq!(lock.format, "yarn berry 8");
        assert_eq!(
            (lock.packages[0].needs.as_slice(), lock.packages[1].needs.as_slice()),
            (&[2][..], &[0][..])
        );
        assert_eq!(lock.packages[1].origin, Origin::Path);
        assert!(!lock.packages[2].owes_checksum);
    }
}
