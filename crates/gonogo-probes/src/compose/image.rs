//! Image references: repository, tag, digest. It does not know any image.

use super::tree::{Origin, Text};

/// An image as a service names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    /// As written, known variables replaced.
    pub(super) written: String,
    /// Without tag, digest and Docker Hub's own prefixes: `postgres`, `quay.io/keycloak/keycloak`.
    pub(super) repository: String,
    /// The tag, when it is written and known.
    pub(super) tag: Option<String>,
    pub(super) has_digest: bool,
    /// Whether every variable in it is known, be it from a default.
    pub(super) is_known: bool,
    /// Whether no default of a variable is part of it.
    pub(super) is_sure: bool,
}

/// Tags that move, besides those without any digit.
const MOVING: [&str; 5] = ["latest", "stable", "edge", "nightly", "lts"];

impl Image {
    /// Reads a reference.
    pub(super) fn of(text: &Text) -> Image {
        let written = text.value.trim().to_owned();
        let (name, digest) = match written.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (written.as_str(), None),
        };
        let colon = name.rfind(':').filter(|at| !name[*at..].contains('/') && !name[*at..].ends_with('}'));
        let is_known = text.origin != Origin::Unknown;
        let (repository, tag) = match colon {
            Some(at) => (&name[..at], Some(name[at + 1..].to_owned())),
            None => (name.split(":${").next().unwrap_or(name), None),
        };
        let start = ["docker.io/", "index.docker.io/", "registry-1.docker.io/"];
        let repository = start.iter().find_map(|start| repository.strip_prefix(start)).unwrap_or(repository);
        let repository = repository.strip_prefix("library/").unwrap_or(repository).to_owned();
        Image {
            repository,
            tag: tag.filter(|tag| !tag.contains("${")),
            has_digest: digest.is_some_and(|digest| digest.starts_with("sha256:")),
            is_known,
            is_sure: !matches!(text.origin, Origin::Unknown | Origin::Default),
            written,
        }
    }

    /// Whether another image may stand behind the same reference tomorrow, in a way that a new
    /// release is enough: no tag, `latest`, `stable`, a word without a version.
    pub(super) fn is_floating(&self) -> bool {
        if self.has_digest || !self.is_sure {
            return false;
        }
        match &self.tag {
            None => true,
            Some(tag) => {
                tag.split('-').any(|part| MOVING.contains(&part))
                    || !tag.contains(|c: char| c.is_ascii_digit())
            }
        }
    }

    /// The last part of the repository.
    pub(super) fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }

    /// The first number of the tag: 16 for `16.2-alpine`.
    pub(super) fn major(&self) -> Option<u32> {
        let digits: String =
            self.tag.as_deref()?.trim_start_matches('v').chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// Whether the tag has this word: `alpine` in `16.2-alpine3.19`.
    pub(super) fn tag_says(&self, word: &str) -> bool {
        self.tag.as_deref().is_some_and(|tag| tag.split(['-', '_', '.']).any(|part| part.starts_with(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::interpolate::{Variables, replace};
    use super::*;

    fn image(raw: &str) -> Image {
        Image::of(&replace(raw, &Variables::new()).text)
    }

    #[test]
    fn references_are_taken_apart() {
        for (raw, repository, tag, floating) in [
            ("postgres", "postgres", None, true),
            ("docker.io/library/postgres:16.2", "postgres", Some("16.2"), false),
            ("localhost:5000/app:1.0", "localhost:5000/app", Some("1.0"), false),
            ("localhost:5000/app", "localhost:5000/app", None, true),
            ("a/b:latest", "a/b", Some("latest"), true),
            ("a/b:latest-alpine3.19", "a/b", Some("latest-alpine3.19"), true),
            ("nginx:alpine", "nginx", Some("alpine"), true),
            ("a/b:2022-latest", "a/b", Some("2022-latest"), true),
            ("a/b:main", "a/b", Some("main"), true),
            ("redis:7-alpine", "redis", Some("7-alpine"), false),
            ("a/b:v2@sha256:0123", "a/b", Some("v2"), false),
            ("a/b:${TAG}", "a/b", None, false),
            ("a/b:${TAG:-latest}", "a/b", Some("latest"), false),
            (
                "minio/minio:RELEASE.2024-01-01T00-00-00Z",
                "minio/minio",
                Some("RELEASE.2024-01-01T00-00-00Z"),
                false,
            ),
        ] {
            let image = image(raw);
            assert_eq!((image.repository.as_str(), image.tag.as_deref()), (repository, tag), "{raw}");
            assert_eq!(image.is_floating(), floating, "{raw}");
        }
        assert_eq!(image("mongo:v6.0.1-jammy").major(), Some(6));
        assert!(image("a:16-alpine3.19").tag_says("alpine") && !image("a:16").tag_says("alpine"));
        assert!(image("a@sha256:00").has_digest);
    }
}
