//! `requirements*.txt`: lines of pip, pinned or not.

use gonogo_model::place::Place;

use crate::supply::document::Problem;
use crate::supply::inventory::{Checksum, Ecosystem, Lock, Origin, Package, is_insecure};

/// Whether a file of this name holds requirements.
pub(in crate::supply) fn is_named(name: &str) -> bool {
    name.to_lowercase().starts_with("requirements") && name.to_lowercase().ends_with(".txt")
}

/// One requirement as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::supply) struct Requirement<'t> {
    pub(in crate::supply) name: &'t str,
    /// `==1.0`, `>=1,<2`, an address behind `@`, or nothing.
    pub(in crate::supply) range: &'t str,
    pub(in crate::supply) has_marker: bool,
}

/// A requirement as PEP 508 writes it; `None` for anything else.
pub(in crate::supply) fn requirement(text: &str) -> Option<Requirement<'_>> {
    let (text, marker) = split_marker(text.trim());
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = (text.get(..end)?, text.get(end..)?.trim());
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim(),
        None => rest,
    };
    let is_range = rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', '@', '(']);
    (starts_well && is_range).then(|| Requirement {
        name,
        range: rest.trim_start_matches('(').trim_end_matches(')').trim(),
        has_marker: !marker.is_empty(),
    })
}

/// The marker is behind a `;`; in an address that needs a space before it.
fn split_marker(text: &str) -> (&str, &str) {
    let sign = if text.contains("://") { " ;" } else { ";" };
    text.split_once(sign).map_or((text, ""), |(text, marker)| (text.trim(), marker.trim()))
}

pub(super) fn read(source: &str) -> Result<Lock, Problem> {
    let mut lock = Lock::new(Ecosystem::Python, "requirements");
    let mut insecure_index = false;
    for (line, number) in logical_lines(source) {
        let options = line.split_whitespace().next().unwrap_or_default();
        if matches!(
            options.split('=').next(),
            Some("-i" | "--index-url" | "--extra-index-url" | "-f" | "--find-links")
        ) {
            insecure_index |= line.split(['=', ' ']).any(is_insecure);
            continue;
        }
        // What pins is in another file.
        lock.asked.has_overrides |= matches!(options.split('=').next(), Some("-c" | "--constraint"));
        if options.starts_with('-') && !matches!(options, "-e" | "--editable") {
            continue;
        }
        lock.packages.extend(package(&line, number));
    }
    for package in lock.packages.iter_mut().filter(|package| package.origin == Origin::Registry) {
        package.insecure |= insecure_index;
    }
    // Pip asks for all hashes as soon as there is one.
    let any = lock.packages.iter().any(|package| package.checksum.is_some());
    lock.packages.iter_mut().for_each(|package| package.owes_checksum &= any);
    Ok(lock)
}

fn package(line: &str, number: u32) -> Option<Package> {
    let place = Place { line: number, column: 1, width: 1 };
    let body = line.trim_start_matches("-e ").trim_start_matches("--editable ").trim();
    let bare = body.split(" --").next().unwrap_or(body).trim();
    let Some(asked) = requirement(bare) else {
        let name = bare.rsplit_once("egg=").map(|(_, name)| name.split(['&', '[']).next().unwrap_or(name))?;
        let origin = if bare.starts_with("git+") { Origin::Git } else { Origin::Url };
        let mut package = Package::new(name, "", origin, place);
        package.insecure = is_insecure(bare);
        return Some(package);
    };
    let (origin, version) = match asked.range.strip_prefix('@') {
        Some(address) if address.trim().starts_with("git+") => (Origin::Git, ""),
        Some(address) if address.trim().starts_with("file:") => (Origin::Path, ""),
        Some(_) => (Origin::Url, ""),
        None => (Origin::Registry, pinned(asked.range).unwrap_or_default()),
    };
    let mut package = Package::new(asked.name, version, origin, place);
    package.insecure = asked.range.strip_prefix('@').is_some_and(|address| is_insecure(address.trim()));
    package.checksum = body.contains("--hash").then_some(Checksum::Other);
    Some(package)
}

/// The one version that a range allows.
pub(in crate::supply) fn pinned(range: &str) -> Option<&str> {
    let mut parts = range.split(',').map(str::trim);
    let exact = parts.find_map(|part| part.strip_prefix("===").or_else(|| part.strip_prefix("==")))?.trim();
    (!exact.contains('*') && !exact.is_empty()).then_some(exact)
}

/// Lines without comments; a `\` at the end continues one.
fn logical_lines(source: &str) -> Vec<(String, u32)> {
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut continues = false;
    for (raw, number) in source.lines().zip(1_u32..) {
        let bare = match raw.find(" #") {
            Some(at) => raw.get(..at).unwrap_or(raw),
            None if raw.starts_with('#') => "",
            None => raw,
        };
        let line = bare.trim();
        let body = line.strip_suffix('\\').unwrap_or(line).trim();
        match found.last_mut().filter(|_| continues) {
            Some((whole, _)) => {
                whole.push(' ');
                whole.push_str(body);
            }
            None => found.push((body.to_owned(), number)),
        }
        continues = line.ends_with('\\');
    }
    found.retain(|(line, _)| !line.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_split() {
        let of = |text: &'static str| requirement(text).map(|one| (one.name, one.range, one.has_marker));
        assert_eq!(of("a"), Some(("a", "", false)));
        assert_eq!(of("A.b[x, y] >=1,<2 ; python_version < '3'"), Some(("A.b", ">=1,<2", true)));
        assert_eq!(of("a (==1.0)"), Some(("a", "==1.0", false)));
        assert_eq!(of("a @ https://x/y.whl;z=1"), Some(("a", "@ https://x/y.whl;z=1", false)));
        for text in ["./a", "https://x", "-r b", "", "a b", "[x]"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn files_of_pip_are_read() {
        let text = "--index-url http://x.y/simple\n# c\na==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nb>=1 # why\n-e git+https://x/c.git@1#egg=c\n-r other.txt\nd @ http://x/d.zip\n";
        let lock = read(text).unwrap();
        let seen: Vec<(&str, &str, u32)> = lock
            .packages
            .iter()
            .map(|one| (one.name.as_str(), one.version.as_str(), one.place.line))
            .collect();
        assert_eq!(seen, [("a", "1.0", 3), ("b", "", 6), ("c", "", 7), ("d", "", 9)]);
        assert!(
            lock.packages[0].checksum.is_some() && lock.packages[0].insecure && lock.packages[3].insecure
        );
        assert!(lock.packages[1].owes_checksum && !lock.packages[2].owes_checksum);
        assert_eq!((lock.packages[2].origin, lock.packages[3].origin), (Origin::Git, Origin::Url));
    }

    #[test]
    fn only_one_version_is_pinned() {
        for (range, expected) in [
            ("==1.0", Some("1.0")),
            ("===1", Some("1")),
            ("==1.*", None),
            (">=1", None),
            ("~=1.1", None),
            (">=1,==1.2", Some("1.2")),
        ] {
            assert_eq!(pinned(range), expected, "{range}");
        }
    }
}
