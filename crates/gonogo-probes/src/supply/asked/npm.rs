//! `package.json`.

use gonogo_model::yaml::{Key, Node};

use super::{Dependency, Manifest, Wanted};
use crate::supply::document::{self, Problem, entries, is_true, text};
use crate::supply::inventory::{Ecosystem, is_insecure};

/// `prepare` is not here: it is run for the people of the repository only.
const AT_INSTALL: [&str; 3] = ["preinstall", "install", "postinstall"];

pub(super) fn read(source: &str) -> Result<Manifest, Problem> {
    let tree = document::json(source)?;
    let mut manifest = Manifest::new(Ecosystem::Npm);
    manifest.name = text(&tree, "name").map(str::to_owned);
    // A package without name or version cannot be published.
    let cannot_be_published = is_true(&tree, "private") || manifest.name.is_none();
    manifest.is_application = Some(cannot_be_published);
    for (table, dev) in [("dependencies", false), ("optionalDependencies", false), ("devDependencies", true)]
    {
        let found = entries(&tree, table).iter().filter_map(|entry| dependency(entry, dev));
        manifest
            .dependencies
            .extend(found.map(|one| Dependency { always: table != "optionalDependencies", ..one }));
    }
    let scripts = entries(&tree, "scripts").iter().filter(|(key, _)| AT_INSTALL.contains(&key.name.as_str()));
    manifest.install_scripts = scripts.map(|(key, _)| (key.name.clone(), key.place)).collect();
    manifest.is_workspace = tree.get("workspaces").is_some();
    let pnpm = tree.get("pnpm").is_some_and(|pnpm| pnpm.get("overrides").is_some());
    manifest.has_overrides = pnpm || tree.get("overrides").is_some() || tree.get("resolutions").is_some();
    Ok(manifest)
}

fn dependency((key, node): &(Key, Node), dev: bool) -> Option<Dependency> {
    let written = node.text()?.trim();
    let mut found = Dependency::new(&key.name, wanted(written), key.place);
    if let Some(alias) = written.strip_prefix("npm:") {
        let skip = usize::from(alias.starts_with('@'));
        let at = alias.get(skip..).and_then(|rest| rest.find('@')).map(|at| at.saturating_add(skip));
        let (name, range) = match at {
            Some(at) => (alias.get(..at)?, alias.get(at.saturating_add(1)..)?),
            None => (alias, ""),
        };
        found.package = name.to_owned();
        found.wanted = of_range(range);
    }
    found.dev = dev;
    Some(found)
}

fn wanted(written: &str) -> Wanted {
    let starts = |signs: &[&str]| signs.iter().any(|sign| written.starts_with(sign));
    if starts(&["workspace:", "catalog:", "patch:", "jsr:", "npm:"]) {
        return Wanted::Workspace;
    }
    if let Some((_, path)) = written.split_once(':').filter(|_| starts(&["file:", "link:", "portal:"])) {
        return Wanted::Path(path.to_owned());
    }
    if starts(&["./", "../", "/", "~/"]) {
        return Wanted::Path(written.to_owned());
    }
    let is_hosted = starts(&["git+", "git:", "git@", "ssh:", "github:", "gitlab:", "bitbucket:", "gist:"]);
    let is_short = written.contains('/') && !written.contains(':');
    if is_hosted || is_short || written.split('#').next().is_some_and(|address| address.ends_with(".git")) {
        return Wanted::Git { pinned: is_fixed(written), insecure: is_insecure(written) };
    }
    if starts(&["http:", "https:"]) {
        return Wanted::Url { insecure: is_insecure(written) };
    }
    of_range(written)
}

fn of_range(range: &str) -> Wanted {
    match range {
        "" | "*" | "x" | "X" => Wanted::Any,
        label if label.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_version(label) => {
            Wanted::Label(label.to_owned())
        }
        range => Wanted::Range(range.to_owned()),
    }
}

fn is_version(text: &str) -> bool {
    let rest = text.trim_start_matches('v');
    rest.starts_with(|c: char| c.is_ascii_digit()) || rest.starts_with(['x', 'X', '.'])
}

/// Whether an address of git names a commit, a tag that looks like a version, or a range of them.
fn is_fixed(address: &str) -> bool {
    let Some((_, mark)) = address.split_once('#') else { return false };
    let mark = mark.strip_prefix("semver:").unwrap_or(mark);
    let is_commit = mark.len() >= 7 && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit || mark.chars().filter(|c| c.is_ascii_digit()).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_ask_is_read() {
        let range = |text: &str| Wanted::Range(text.to_owned());
        let git = |pinned| Wanted::Git { pinned, insecure: false };
        for (written, expected) in [
            ("^1.0.0", range("^1.0.0")),
            ("", Wanted::Any),
            ("*", Wanted::Any),
            ("latest", Wanted::Label("latest".into())),
            ("v1.2.3", range("v1.2.3")),
            ("a/b", git(false)),
            ("github:a/b#v1.2.3", git(true)),
            ("git+ssh://git@x/y.git#0123abc", git(true)),
            ("https://github.com/a/b.git#main", git(false)),
            ("git://x/y#main", Wanted::Git { pinned: false, insecure: true }),
            ("http://x/y.tgz", Wanted::Url { insecure: true }),
            ("file:../a", Wanted::Path("../a".into())),
            ("workspace:*", Wanted::Workspace),
        ] {
            assert_eq!(wanted(written), expected, "{written}");
        }
        let text = r#"{"private": true, "scripts": {"postinstall": "x", "prepare": "y"}, "dependencies": {"a": "npm:@s/b@^2"}}"#;
        let manifest = read(text).unwrap();
        assert_eq!(
            (manifest.dependencies[0].package.as_str(), &manifest.dependencies[0].wanted),
            ("@s/b", &range("^2"))
        );
        assert_eq!((manifest.install_scripts.len(), manifest.is_application), (1, Some(true)));
    }
}
