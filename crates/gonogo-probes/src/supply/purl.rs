//! Package URLs: the name of a package that every tool understands, by the purl specification.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::inventory::Ecosystem;

/// What is not written as it is: everything but letters, digits and these.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~').remove(b':');

/// The package URL of a version; without version when that is empty.
pub(super) fn purl(ecosystem: Ecosystem, name: &str, version: &str) -> String {
    let (kind, name) = match ecosystem {
        Ecosystem::Cargo => ("cargo", name.to_owned()),
        Ecosystem::Npm => ("npm", name.to_owned()),
        Ecosystem::Python => ("pypi", name.to_lowercase().replace('_', "-")),
        Ecosystem::Go => ("golang", name.to_lowercase()),
        Ecosystem::Ruby => ("gem", name.to_owned()),
        Ecosystem::Composer => ("composer", name.to_lowercase()),
    };
    let segments = name.split('/').filter(|segment| !segment.is_empty());
    let path: Vec<String> =
        segments.map(|segment| utf8_percent_encode(segment, ENCODED).to_string()).collect();
    let version = match version {
        "" => String::new(),
        version => format!("@{}", utf8_percent_encode(version, ENCODED)),
    };
    format!("pkg:{kind}/{}{version}", path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ecosystem_has_its_form() {
        for (ecosystem, name, version, expected) in [
            (Ecosystem::Cargo, "serde", "1.0.0+a", "pkg:cargo/serde@1.0.0%2Ba"),
            (Ecosystem::Npm, "@babel/core", "7.0.0", "pkg:npm/%40babel/core@7.0.0"),
            (Ecosystem::Python, "Django_X.y", "1!2.0", "pkg:pypi/django-x.y@1%212.0"),
            (
                Ecosystem::Go,
                "github.com/Azure/x",
                "v1.0.0+incompatible",
                "pkg:golang/github.com/azure/x@v1.0.0%2Bincompatible",
            ),
            (Ecosystem::Ruby, "rails", "7.0", "pkg:gem/rails@7.0"),
            (Ecosystem::Composer, "Laravel/Laravel", "", "pkg:composer/laravel/laravel"),
        ] {
            assert_eq!(purl(ecosystem, name, version), expected);
        }
    }
}
