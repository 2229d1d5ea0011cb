//! Whether a version is one that a range allows, as the tool of each ecosystem says. A range that
//! is not understood says nothing: `None`.

use semver::{Version, VersionReq};

use super::inventory::Ecosystem;

/// Whether `version` satisfies `range`.
pub(super) fn satisfies(ecosystem: Ecosystem, range: &str, version: &str) -> Option<bool> {
    match ecosystem {
        Ecosystem::Cargo => Some(cargo(range)?.matches(&Version::parse(version).ok()?)),
        Ecosystem::Npm => npm(range, &without_build(Version::parse(version).ok()?)),
        Ecosystem::Python => python(range, version),
        Ecosystem::Go | Ecosystem::Ruby | Ecosystem::Composer => None,
    }
}

fn cargo(range: &str) -> Option<VersionReq> {
    VersionReq::parse(range.trim()).ok()
}

/// A range of Cargo by the order of versions alone, so that pre-releases belong to it too.
pub(super) fn holds(range: &str, version: &str) -> Option<bool> {
    let version = without_build(Version::parse(version).ok()?);
    let parts = range.split(',').map(|part| {
        let part: String = part.split_whitespace().collect();
        match part.starts_with(|c: char| c.is_ascii_digit()) {
            true => npm_comparator(&format!("^{part}"), &version),
            false => npm_comparator(&part, &version),
        }
    });
    let all: Option<Vec<bool>> = parts.collect();
    all.map(|all| all.iter().all(|one| *one))
}

/// Build metadata does not count in any comparison.
fn without_build(version: Version) -> Version {
    Version { build: semver::BuildMetadata::EMPTY, ..version }
}

/// PEP 440. A pre-release that was chosen is allowed: somebody asked for it.
fn python(range: &str, version: &str) -> Option<bool> {
    let specifiers: pep440_rs::VersionSpecifiers = range.parse().ok()?;
    let version: pep440_rs::Version = version.parse().ok()?;
    Some(specifiers.contains(&version))
}

/// Ranges of npm: `||` between sets, spaces within, `^`, `~`, `-` and `x`.
fn npm(range: &str, version: &Version) -> Option<bool> {
    let sets: Option<Vec<bool>> = range.split("||").map(|set| npm_set(set.trim(), version)).collect();
    sets.map(|sets| sets.contains(&true))
}

fn npm_set(set: &str, version: &Version) -> Option<bool> {
    if let Some((low, high)) = set.split_once(" - ") {
        let (low, high) = (Partial::parse(low.trim())?, Partial::parse(high.trim())?);
        return Some(*version >= low.floor() && high.is_not_below(version));
    }
    let mut words: Vec<String> = Vec::new();
    for word in set.split_whitespace() {
        match words.last_mut().filter(|last| last.chars().all(|c| "<>=^~".contains(c))) {
            Some(operator) => operator.push_str(word),
            None => words.push(word.to_owned()),
        }
    }
    let all: Option<Vec<bool>> = words.iter().map(|word| npm_comparator(word, version)).collect();
    all.map(|all| all.iter().all(|one| *one))
}

fn npm_comparator(word: &str, version: &Version) -> Option<bool> {
    let end = word.find(|c| !"<>=^~".contains(c)).unwrap_or(word.len());
    let (operator, rest) = (word.get(..end)?, word.get(end..)?);
    let partial = Partial::parse(rest)?;
    let floor = partial.floor();
    Some(match operator {
        "" | "=" => *version >= floor && partial.is_not_below(version),
        ">=" => *version >= floor,
        "<" => *version < floor,
        ">" => *version > floor && !(partial.is_partial() && partial.is_not_below(version)),
        "<=" => partial.is_not_below(version),
        "^" => *version >= floor && partial.caret().is_none_or(|end| *version < end),
        "~" | "~>" => *version >= floor && partial.tilde().is_none_or(|end| *version < end),
        _ => return None,
    })
}

/// `1`, `1.x`, `1.2.3-rc.1`.
struct Partial {
    major: Option<u64>,
    minor: Option<u64>,
    patch: Option<u64>,
    whole: Option<Version>,
}

impl Partial {
    fn parse(text: &str) -> Option<Partial> {
        let text = text.trim_start_matches(['v', '=']);
        if let Ok(whole) = Version::parse(text).map(without_build) {
            let (major, minor, patch) = (Some(whole.major), Some(whole.minor), Some(whole.patch));
            return Some(Partial { major, minor, patch, whole: Some(whole) });
        }
        let mut parts = text.split('.');
        let mut next = || match parts.next() {
            None | Some("x" | "X" | "*" | "") => Some(None),
            Some(number) => number.parse().ok().map(Some),
        };
        let (major, minor, patch) = (next()?, next()?, next()?);
        (text.is_empty() || parts.next().is_none()).then_some(Partial { major, minor, patch, whole: None })
    }

    fn is_partial(&self) -> bool {
        self.patch.is_none() || self.minor.is_none() || self.major.is_none()
    }

    fn floor(&self) -> Version {
        let number = |part: Option<u64>| part.unwrap_or(0);
        let plain = || Version::new(number(self.major), number(self.minor), number(self.patch));
        self.whole.clone().unwrap_or_else(plain)
    }

    /// The first version that this does not stand for; `None` when it stands for all.
    fn end(&self) -> Option<Version> {
        let up = |number: u64| number.saturating_add(1);
        Some(match (self.major?, self.minor, self.patch) {
            (major, None, _) => below(up(major), 0, 0),
            (major, Some(minor), None) => below(major, up(minor), 0),
            (major, Some(minor), Some(patch)) => below(major, minor, up(patch)),
        })
    }

    /// Whether `version` is this or below it; `1.2` stands for all of `1.2.*`.
    fn is_not_below(&self, version: &Version) -> bool {
        match &self.whole {
            Some(whole) => version.cmp_precedence(whole).is_le(),
            None => self.end().is_none_or(|end| *version < end),
        }
    }

    fn caret(&self) -> Option<Version> {
        let up = |number: u64| number.saturating_add(1);
        Some(match (self.major?, self.minor, self.patch) {
            (0, None, _) => below(1, 0, 0),
            (0, Some(0), None) => below(0, 1, 0),
            (0, Some(0), Some(patch)) => below(0, 0, up(patch)),
            (0, Some(minor), _) => below(0, up(minor), 0),
            (major, ..) => below(up(major), 0, 0),
        })
    }

    fn tilde(&self) -> Option<Version> {
        let up = |number: u64| number.saturating_add(1);
        Some(match (self.major?, self.minor) {
            (major, None) => below(up(major), 0, 0),
            (major, Some(minor)) => below(major, up(minor), 0),
        })
    }
}

/// What is below every pre-release of a version.
fn below(major: u64, minor: u64, patch: u64) -> Version {
    let mut version = Version::new(major, minor, patch);
    version.pre = semver::Prerelease::new("0").unwrap_or_default();
    version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_npm_are_those_of_npm() {
        for (range, version, expected) in [
            ("^1.2.3", "1.9.0", true),
            ("^1.2.3", "2.0.0", false),
            ("^1.2.3", "2.0.0-rc.1", false),
            ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.4", false),
            ("~1.2.3", "1.2.9", true),
            ("~1.2.3", "1.3.0", false),
            ("~1", "1.9.9", true),
            ("1.x", "1.9.9", true),
            ("1.2", "1.3.0", false),
            ("*", "9.9.9", true),
            ("", "9.9.9", true),
            (">=1 <3", "2.0.0", true),
            (">= 1 < 3", "3.0.0", false),
            ("1 || 3", "3.1.0", true),
            ("1.0.0 - 2.1", "2.1.9", true),
            ("1.0.0 - 2.1.0", "2.1.1", false),
            (">1", "1.5.0", false),
            (">1", "2.0.0", true),
            ("<=1", "1.9.0", true),
            ("1.2.3-beta.1", "1.2.3-beta.1", true),
            ("^1.0.0-beta.1", "1.0.0-beta.2", true),
            ("=1.2.3", "1.2.3", true),
            ("v1.2.3", "1.2.3+build", true),
        ] {
            assert_eq!(satisfies(Ecosystem::Npm, range, version), Some(expected), "{range} {version}");
        }
        for range in ["latest", "github:a/b", "^a", "1.2.3.4", "^99999999999999999999"] {
            assert_eq!(satisfies(Ecosystem::Npm, range, "1.0.0"), None, "{range}");
        }
    }

    #[test]
    fn ranges_by_order_hold_pre_releases_too() {
        for (range, version, expected) in [
            (">= 1.2.0", "1.3.0-rc.1", true),
            ("< 1.0.0", "1.0.0-rc.1", true),
            ("^0.5.1, < 0.5.9", "0.5.9", false),
            (">= 1.0.0", "1.0.0+build", true),
            ("> 1.0.0", "1.0.0+build", false),
            ("1.2", "1.9.0", true),
        ] {
            assert_eq!(holds(range, version), Some(expected), "{range} {version}");
        }
    }

    #[test]
    fn ranges_of_cargo_and_python_are_theirs() {
        assert_eq!(satisfies(Ecosystem::Cargo, "1.2", "1.9.0"), Some(true));
        assert_eq!(satisfies(Ecosystem::Cargo, "=1.2.0", "1.2.1"), Some(false));
        assert_eq!(satisfies(Ecosystem::Python, ">=1.0,<2", "1.9.post1"), Some(true));
        assert_eq!(satisfies(Ecosystem::Python, "~=1.4.2", "1.5"), Some(false));
        assert_eq!(satisfies(Ecosystem::Python, "^1.0", "1.0"), None);
    }
}
