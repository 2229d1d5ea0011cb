//! What a lockfile says is built in: packages with their version, origin and checksum. It knows
//! no file format.

use std::collections::BTreeMap;

use gonogo_model::place::Place;

use super::document::Problem;

/// Where packages of one kind come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ecosystem {
    Cargo,
    Npm,
    Python,
    Go,
    Ruby,
    Composer,
}

impl Ecosystem {
    /// Its name in OSV advisories.
    pub(super) fn name(self) -> &'static str {
        match self {
            Ecosystem::Cargo => "crates.io",
            Ecosystem::Npm => "npm",
            Ecosystem::Python => "PyPI",
            Ecosystem::Go => "Go",
            Ecosystem::Ruby => "RubyGems",
            Ecosystem::Composer => "Packagist",
        }
    }

    /// The ecosystem with this name in an OSV advisory.
    pub(super) fn of(name: &str) -> Option<Ecosystem> {
        let all = [
            Ecosystem::Cargo,
            Ecosystem::Npm,
            Ecosystem::Python,
            Ecosystem::Go,
            Ecosystem::Ruby,
            Ecosystem::Composer,
        ];
        all.into_iter().find(|one| one.name() == name)
    }

    /// A name as the registry compares it.
    pub(super) fn normal(self, name: &str) -> String {
        match self {
            Ecosystem::Python => python_name(name),
            Ecosystem::Composer => name.to_lowercase(),
            _ => name.to_owned(),
        }
    }
}

/// PEP 503: case and runs of `-`, `_`, `.` do not count.
fn python_name(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Where a package is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Registry,
    Git,
    /// An archive at an address.
    Url,
    /// The repository itself, or a folder of the machine.
    Path,
}

/// A digest of a package's archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Checksum {
    Sha1(String),
    Sha256(String),
    Sha384(String),
    Sha512(String),
    /// Of a form that only its tool can compare.
    Other,
}

/// One package of a lockfile.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Package {
    pub(super) name: String,
    /// Empty when the lockfile names none.
    pub(super) version: String,
    pub(super) origin: Origin,
    /// Fetched without encryption.
    pub(super) insecure: bool,
    pub(super) checksum: Option<Checksum>,
    /// Whether its format has a checksum for a package like this.
    pub(super) owes_checksum: bool,
    /// Whether it is only for development; `None` when the lockfile does not say.
    pub(super) dev: Option<bool>,
    /// Whether the repository asks for it itself; `None` when the lockfile does not say.
    pub(super) direct: Option<bool>,
    /// The packages it needs, by position in the lockfile.
    pub(super) needs: Vec<usize>,
    pub(super) place: Place,
}

impl Package {
    pub(super) fn new(name: &str, version: &str, origin: Origin, place: Place) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            origin,
            insecure: false,
            checksum: None,
            owes_checksum: origin == Origin::Registry,
            dev: None,
            direct: None,
            needs: Vec::new(),
            place,
        }
    }
}

/// A lockfile as read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lock {
    pub(super) ecosystem: Ecosystem,
    /// `cargo 4`, `npm 3`: the tool and the version of its format.
    pub(super) format: String,
    pub(super) packages: Vec<Package>,
    /// What of it could not be understood.
    pub(super) problems: Vec<Problem>,
    /// What it says the manifests asked for.
    pub(super) asked: Asked,
}

/// What a lockfile says its manifests asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Asked {
    /// `name@range` as written, where the format keeps that.
    pub(super) patterns: Vec<String>,
    /// The range by folder of the manifest and name, where the format keeps that.
    pub(super) ranges: BTreeMap<(String, String), String>,
    /// Paths of installed packages to their position, where the format keeps that.
    pub(super) paths: BTreeMap<String, usize>,
    /// Whether ranges were changed by overrides.
    pub(super) has_overrides: bool,
    /// Packages that stand in for others of another name.
    pub(super) replaces: Vec<String>,
}

impl Lock {
    pub(super) fn new(ecosystem: Ecosystem, format: impl Into<String>) -> Lock {
        Lock {
            ecosystem,
            format: format.into(),
            packages: Vec::new(),
            problems: Vec::new(),
            asked: Asked::default(),
        }
    }

    /// The positions of the packages by name as the registry compares it.
    pub(super) fn by_name(&self) -> BTreeMap<String, Vec<usize>> {
        let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, package) in self.packages.iter().enumerate() {
            known.entry(self.ecosystem.normal(&package.name)).or_default().push(at);
        }
        known
    }

    /// Says what each package needs: pairs of positions.
    pub(super) fn connect(&mut self, edges: impl IntoIterator<Item = (usize, usize)>) {
        for (from, to) in edges {
            if let Some(package) = self.packages.get_mut(from) {
                package.needs.push(to);
            }
        }
        for package in &mut self.packages {
            package.needs.sort_unstable();
            package.needs.dedup();
        }
    }
}

/// Whether an address is fetched without encryption. Loopback is nobody's wire.
pub(super) fn is_insecure(address: &str) -> bool {
    let address = address.trim_start_matches("registry+").trim_start_matches("sparse+");
    let address = address.trim_start_matches("git+");
    let Some(rest) = address.strip_prefix("http://").or_else(|| address.strip_prefix("git://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    !matches!(host, "localhost" | "127.0.0.1" | "[" | "::1")
}

/// A subresource integrity value, `sha512-<base64>`; the strongest of several.
pub(super) fn integrity(text: &str) -> Option<Checksum> {
    let mut found: Vec<(u8, Checksum)> = text
        .split_whitespace()
        .filter_map(|one| {
            let (algorithm, digest) = one.split_once('-')?;
            let digest = digest.split('?').next().unwrap_or_default();
            let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, digest).ok()?;
            let hex = hex(&bytes);
            match (algorithm, bytes.len()) {
                ("sha512", 64) => Some((3, Checksum::Sha512(hex))),
                ("sha384", 48) => Some((2, Checksum::Sha384(hex))),
                ("sha256", 32) => Some((1, Checksum::Sha256(hex))),
                ("sha1", 20) => Some((0, Checksum::Sha1(hex))),
                _ => None,
            }
        })
        .collect();
    found.sort_by_key(|(strength, _)| *strength);
    found.pop().map(|(_, checksum)| checksum)
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest written in hexadecimal, told by its length.
pub(super) fn hexadecimal(text: &str) -> Option<Checksum> {
    let text = text.trim();
    let digits = text.split_once(':').map_or(text, |(_, digits)| digits).to_lowercase();
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        40 => Some(Checksum::Sha1(digits)),
        64 => Some(Checksum::Sha256(digits)),
        96 => Some(Checksum::Sha384(digits)),
        128 => Some(Checksum::Sha512(digits)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_the_registry_does() {
        assert_eq!(Ecosystem::Python.normal("Foo._-Bar.baz"), "foo-bar-baz");
        assert_eq!(Ecosystem::Npm.normal("JSONStream"), "JSONStream");
    }

    #[test]
    fn addresses_without_encryption_are_found() {
        for address in ["http://a.b/c", "git+http://a", "git://github.com/a", "registry+http://u:p@a.b"] {
            assert!(is_insecure(address), "{address}");
        }
        for address in [
            "https://a",
            "http://localhost:4873/x",
            "git+ssh://git@a",
            "http://127.0.0.1",
            "sparse+https://a",
        ] {
            assert!(!is_insecure(address), "{address}");
        }
    }

    #[test]
    fn checksums_are_read() {
        assert_eq!(
            integrity("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
            Some(Checksum::Sha1("da39a3ee5e6b4b0d3255bfef95601890afd80709".into()))
        );
        assert_eq!(integrity("sha512-xx"), None);
        assert_eq!(hexadecimal("sha256:zz"), None);
    }
}
