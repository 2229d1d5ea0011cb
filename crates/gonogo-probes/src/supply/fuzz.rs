//! Broken and hostile lockfiles, manifests and advisories: whatever the bytes are, the analyser
//! answers, soon, and has an item for every file. No file is touched.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;

use super::bill::{Making, bill};
use super::{lockfile, manifest, package};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const ADVISORY: &str = r#"{"id": "GHSA-1", "modified": "2026-11-01T00:00:00Z", "aliases": ["CVE-1"], "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
  "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.5.0"}, {"limit": "*"}]}], "versions": ["1.0.0"]}]}"#;
const RUSTSEC: &str = "```toml\n[advisory]\nid = \"RUSTSEC-1\"\npackage = \"a\"\ndate = \"2026-01-01\"\ncvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H\"\n[versions]\npatched = [\">= 1.2, < 2\"]\n```\n# a\n";

/// Files as they are written by their tools, small.
const SEEDS: [(&str, &str); 18] = [
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://x\"\nchecksum = \"aa\"\ndependencies = [\"b 1.0.0\"]\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+http://x#1\"\n",
    ),
    (
        "Cargo.toml",
        "[package]\nname = \"a\"\n[dependencies]\nb = { version = \"1\", path = \"../b\" }\nc.workspace = true\n[target.'cfg(unix)'.dependencies]\nd = { git = \"http://x\" }\n[workspace.dependencies]\nc = \"*\"\n",
    ),
    (
        "package-lock.json",
        r#"{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "resolved": "http://x/-/a.tgz", "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "dependencies": {"b": "2"}}, "node_modules/a/node_modules/b": {"version": "2.0.0"}}}"#,
    ),
    (
        "old/package-lock.json",
        r#"{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "requires": {"b": "1"}, "dependencies": {"b": {"version": "npm:c@1.0.0"}}}}}"#,
    ),
    (
        "package.json",
        r#"{"name": "x", "workspaces": ["p"], "dependencies": {"a": "^1.0.0 || 2.x", "b": "npm:@s/c@~1", "d": "file:../d", "e": "git+http://x#main"}, "scripts": {"postinstall": "x"}}"#,
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: { specifier: ^1.0.0, version: 1.0.0(b@2.0.0) }\npackages:\n  a@1.0.0: { resolution: { integrity: sha512-x } }\nsnapshots:\n  a@1.0.0(b@2.0.0): { dependencies: { a: 1.0.0 } }\n",
    ),
    (
        "p5/pnpm-lock.yaml",
        "lockfileVersion: 5.4\nspecifiers: { a: ^1 }\ndependencies: { a: 1.0.0_b@2.0.0 }\npackages:\n  /@s/a/1.0.0_b@2.0.0: { resolution: { tarball: 'http://x' }, dev: true }\n",
    ),
    (
        "yarn.lock",
        "# yarn lockfile v1\n\n\n\"@s/a@^1.0.0\", b@1:\n  version \"1.2.0\"\n  resolved \"https://x/a.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709\"\n  dependencies:\n    b \"1\"\n",
    ),
    (
        "berry/yarn.lock",
        "__metadata:\n  version: 8\n\"a@npm:^1.0.0, a@patch:x\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0\"\n  dependencies: { b: 'npm:1' }\n  checksum: 10/ab\n",
    ),
    (
        "poetry.lock",
        "[[package]]\nname = \"a\"\nversion = \"1.0\"\ngroups = [\"main\"]\nfiles = [{file = \"a\", hash = \"sha256:aa\"}]\n[package.dependencies]\nb = \">=1\"\n[metadata]\nlock-version = \"2.1\"\n",
    ),
    (
        "uv.lock",
        "version = 1\n[[package]]\nname = \"app\"\nversion = \"1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\" }]\n[[package]]\nname = \"a\"\nversion = \"1.0\"\nsource = { registry = \"http://x\" }\nsdist = { hash = \"sha256:aa\" }\n",
    ),
    (
        "pyproject.toml",
        "[project]\nname = \"app\"\ndependencies = [\"a>=1,<2 ; python_version > '3'\", \"b @ git+https://x/b@1\"]\n[tool.poetry.dependencies]\nc = { version = \"*\", path = \"../c\" }\n[tool.uv.sources]\na = { workspace = true }\n",
    ),
    (
        "Pipfile.lock",
        r#"{"_meta": {"pipfile-spec": 6, "sources": [{"url": "http://x"}]}, "default": {"a": {"version": "==1.0", "hashes": ["sha256:aa"]}}, "develop": {}}"#,
    ),
    (
        "requirements.txt",
        "-i http://x/simple\na==1.0 \\\n  --hash=sha256:aa\nb[x]>=1 # why\n-e git+https://x/c.git#egg=c&x\nd @ file:///d\n",
    ),
    (
        "go.mod",
        "module x.y/a\ngo 1.22\nrequire (\n\ta.b/c v1.0.0 // indirect\n)\nreplace a.b/c => ../c\nreplace (\n\td v1 => e v2\n)\n",
    ),
    ("go.sum", "a.b/c v1.0.0 h1:x=\na.b/c v1.0.0/go.mod h1:x=\n"),
    (
        "Gemfile.lock",
        "GEM\n  remote: http://x/\n  specs:\n    a (1.0.0-x86_64-linux)\n      b (~> 2.0)\n    b (2.0.0)\n\nDEPENDENCIES\n  a!\n\nCHECKSUMS\n  a (1.0.0) sha256=aa\n",
    ),
    (
        "composer.lock",
        r#"{"packages": [{"name": "a/b", "version": "v1.2.3", "dist": {"url": "http://x", "shasum": ""}, "require": {"php": "8"}}], "packages-dev": []}"#,
    ),
];

fn repository(files: &[(&str, &[u8])]) -> Repository {
    Repository::new(Box::new(Memory::of_bytes(files.iter().copied())), None)
}

/// Every item of every probe, and the bill; keys are unique.
fn looked_at(files: &[(&str, &[u8])], advisories: &[(&str, &[u8])]) -> usize {
    let repository = repository(files);
    let lockfiles = lockfile::items(&repository);
    let manifests = manifest::items(&repository);
    let packages = package::items(&repository, &self::repository(advisories), Timestamp::UNIX_EPOCH);
    for items in [&lockfiles, &manifests, &packages.unwrap_or_default()] {
        let keys: BTreeSet<&str> = items.iter().map(|item| item.key.as_str()).collect();
        assert_eq!(keys.len(), items.len(), "a key is there twice");
    }
    let making = Making { name: "x", version: "1", moment: None };
    let _ = bill(&repository, &making);
    lockfiles.len() + manifests.len()
}

const WORDS: &[&str] = &[
    "<<<<<<< HEAD\n",
    "[[package]]\n",
    "version = ",
    "\"name\"",
    "@",
    "node_modules/",
    "(",
    "==",
    "=>",
    "require ",
    "^",
    "||",
    " - ",
    "npm:",
    "||||",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(
        changes in prop::collection::vec((0..SEEDS.len(), prop::collection::vec(change(WORDS), 0..8)), 1..6),
        of_advisory in prop::collection::vec(change(WORDS), 0..6),
    ) {
        let mut files: Vec<(&str, Vec<u8>)> = SEEDS.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())).collect();
        for (seed, changes) in &changes {
            files[*seed].1 = changed(SEEDS[*seed].1, changes);
        }
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
        let advisories = [changed(ADVISORY, &of_advisory), changed(RUSTSEC, &of_advisory)];
        let advisories = [("a.json", advisories[0].as_slice()), ("b.md", advisories[1].as_slice()), ("c.json", ADVISORY.as_bytes())];
        let items = soon(|| looked_at(&files, &advisories));
        // `go.mod` is both.
        prop_assert_eq!(items, SEEDS.len() + 1);
    }

    #[test]
    fn any_bytes_under_any_name_are_answered(seed in 0..SEEDS.len(), bytes in prop::collection::vec(any::<u8>(), 0..1_000)) {
        let path = SEEDS[seed].0;
        prop_assert!(soon(|| looked_at(&[(path, &bytes)], &[("a.json", &bytes)])) >= 1);
    }
}

#[test]
fn huge_deep_and_circular_files_are_answered_soon() {
    let many = |line: &dyn Fn(usize) -> String, count: usize| (0..count).map(line).collect::<String>();
    let wheel = many(
        &|at| {
            format!(
                "[[package]]\nname = \"p{at}\"\nversion = \"1.0.0\"\ndependencies = [\"p{}\"]\n",
                (at + 1) % 20_000
            )
        },
        20_000,
    );
    let versions = many(
        &|at| format!("[[package]]\nname = \"p\"\nversion = \"{at}.0.0\"\nsource = \"registry+x\"\n"),
        5_000,
    );
    let packages = many(
        &|at| {
            format!(
                "\"node_modules/p{at}\": {{\"version\": \"1.0.0\", \"dependencies\": {{\"p{}\": \"1\"}}}},",
                at + 1
            )
        },
        20_000,
    );
    let npm = format!("{{\"lockfileVersion\": 3, \"packages\": {{{packages}\"\": {{}}}}}}");
    let nested = "{\"lockfileVersion\": 1, \"dependencies\": {\"a\": ".repeat(100_000);
    let path = format!(
        "{{\"packages\": {{\"{}\": {{\"dependencies\": {{\"b\": \"1\"}}}}}}}}",
        "a/node_modules/".repeat(2_000)
    );
    let gems = format!(
        "GEM\n  specs:\n{}\nDEPENDENCIES\n{}",
        many(&|at| format!("    g{at} (1.0)\n      g0\n"), 5_000),
        many(&|at| format!("  g{at}\n"), 5_000)
    );
    let keys = format!("{} = 1\n", vec!["a"; 100_000].join("."));
    let arrays = format!("a = {}", "[".repeat(200_000));
    let yaml = format!("lockfileVersion: '9.0'\npackages: {}", "{a: ".repeat(100_000));
    let range = format!("{{\"dependencies\": {{\"a\": \"{}\"}}}}", "1 || ".repeat(50_000));
    for (path, text) in [
        ("Cargo.lock", &wheel),
        ("Cargo.lock", &versions),
        ("package-lock.json", &npm),
        ("package-lock.json", &nested),
        ("package-lock.json", &path),
        ("Gemfile.lock", &gems),
        ("Cargo.toml", &keys),
        ("poetry.lock", &arrays),
        ("pnpm-lock.yaml", &yaml),
        ("package.json", &range),
    ] {
        let items = soon(|| looked_at(&[(path, text.as_bytes())], &[("a.json", ADVISORY.as_bytes())]));
        assert_eq!(items, 1, "{path}");
    }
}
