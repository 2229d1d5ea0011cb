//! What a file is for, by its path: what runs in production, or what helps developers.

use super::source::{folder_of, name_of};

const PRODUCTION: [&str; 5] = ["prod", "production", "live", "deploy", "release"];
const DEVELOPMENT: [&str; 41] = [
    "dev",
    "devel",
    "development",
    "local",
    "localhost",
    "debug",
    "test",
    "tests",
    "testing",
    "ci",
    "e2e",
    "integration",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "playground",
    "sandbox",
    "fixture",
    "fixtures",
    "testdata",
    "testbed",
    "tutorial",
    "tutorials",
    "docs",
    "doc",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "hack",
    "devcontainer",
    "override",
    "quickstart",
    "experimental",
    "mock",
    "mocks",
    "stub",
    "stubs",
];

/// Folders of what is made up for tests, whatever the files in them are called.
const MADE_UP: [&str; 8] = ["test", "tests", "testdata", "fixture", "fixtures", "mock", "mocks", "__tests__"];

/// Whether the path says that this is not what runs in production.
pub(crate) fn is_for_development(path: &str) -> bool {
    let folders = folder_of(path).split('/');
    is_made_up(path)
        || (says(name_of(path), &DEVELOPMENT) || folders.into_iter().any(|folder| says(folder, &DEVELOPMENT)))
            && !is_for_production(path)
}

/// Whether a folder of the path says that the file is made up for tests: nothing is deployed from
/// it, and it may be broken on purpose.
pub(crate) fn is_made_up(path: &str) -> bool {
    folder_of(path).split('/').any(|folder| MADE_UP.contains(&folder))
}

/// Whether the name of the file says that this is what runs in production.
pub(crate) fn is_for_production(path: &str) -> bool {
    says(name_of(path), &PRODUCTION)
}

fn says(name: &str, words: &[&str]) -> bool {
    name.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|part| words.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_what_a_file_is_for() {
        for path in [
            "compose.dev.yml",
            "examples/x/compose.yml",
            "src/api_test.go",
            ".env.local",
            "tests/x/compose.prod.yml",
        ] {
            assert!(is_for_development(path), "{path}");
        }
        for path in ["compose.yml", "deploy/compose.yml", "examples/compose.prod.yml", "latest/contest.rs"] {
            assert!(!is_for_development(path), "{path}");
        }
    }
}
