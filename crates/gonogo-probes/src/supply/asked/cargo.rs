//! `Cargo.toml`.

use gonogo_model::yaml::{Key, Kind, Node};

use super::{Dependency, Manifest, Wanted};
use crate::supply::document::{self, Problem, each, entries, is_true, text};
use crate::supply::inventory::{Ecosystem, is_insecure};

const TABLES: [(&str, bool); 5] = [
    ("dependencies", false),
    ("build-dependencies", false),
    ("build_dependencies", false),
    ("dev-dependencies", true),
    ("dev_dependencies", true),
];

pub(super) fn read(source: &str) -> Result<Manifest, Problem> {
    let tree = document::toml(source)?;
    let mut manifest = Manifest::new(Ecosystem::Cargo);
    let about = tree.get("package").or_else(|| tree.get("project"));
    manifest.name = about.and_then(|about| text(about, "name")).map(str::to_owned);
    let has_program = !each(tree.get("bin")).is_empty();
    let has_library = tree.get("lib").is_some();
    manifest.is_application = if has_program { Some(true) } else { has_library.then_some(false) };
    let targets = entries(&tree, "target").iter().map(|(_, target)| target);
    for place in std::iter::once(&tree).chain(targets) {
        for (table, dev) in TABLES {
            manifest.dependencies.extend(entries(place, table).iter().map(|entry| dependency(entry, dev)));
        }
    }
    let shared = tree.get("workspace").map_or(&[][..], |workspace| entries(workspace, "dependencies"));
    manifest.dependencies.extend(shared.iter().map(|entry| {
        let found = dependency(entry, false);
        // The workspace offers it; nobody needs to take it.
        Dependency { always: false, ..found }
    }));
    manifest.is_workspace = tree.get("workspace").is_some();
    manifest.has_overrides = tree.get("replace").is_some();
    Ok(manifest)
}

/// What the workspace at this manifest shares.
pub(super) fn shared(source: &str) -> Result<Vec<Dependency>, Problem> {
    let tree = document::toml(source)?;
    let shared = tree.get("workspace").map_or(&[][..], |workspace| entries(workspace, "dependencies"));
    Ok(shared.iter().map(|entry| dependency(entry, false)).collect())
}

fn dependency((key, node): &(Key, Node), dev: bool) -> Dependency {
    let mut found = Dependency::new(&key.name, wanted(node), key.place);
    if let Some(package) = text(node, "package") {
        found.package = package.to_owned();
    }
    found.dev = dev;
    found
}

fn wanted(node: &Node) -> Wanted {
    if let Kind::Text(range) = &node.kind {
        return of_range(range);
    }
    if let Some(address) = text(node, "git") {
        let pinned = node.get("rev").is_some() || node.get("tag").is_some();
        return Wanted::Git { pinned, insecure: is_insecure(address) };
    }
    match (text(node, "path"), text(node, "version")) {
        (Some(path), _) => Wanted::Path(path.to_owned()),
        (None, Some(range)) => of_range(range),
        (None, None) if is_true(node, "workspace") => Wanted::Workspace,
        (None, None) => Wanted::Unsaid,
    }
}

fn of_range(range: &str) -> Wanted {
    match range.trim() {
        "*" => Wanted::Any,
        range => Wanted::Range(range.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_ask_is_read() {
        let text = "[package]\nname = \"app\"\n[[bin]]\nname = \"app\"\n[dependencies]\na = \"1\"\nb = { version = \"*\" }\nc = { git = \"https://x\", branch = \"main\" }\nd = { git = \"http://x\", rev = \"1\" }\ne.workspace = true\nf = { path = \"../f\", version = \"1\" }\ng = { package = \"real\", version = \"2\" }\n[target.'cfg(unix)'.dev-dependencies]\nh = \"3\"\n[workspace.dependencies]\ni = \"4\"\n";
        let manifest = read(text).unwrap();
        let seen: Vec<(&str, &Wanted, bool)> =
            manifest.dependencies.iter().map(|one| (one.package.as_str(), &one.wanted, one.dev)).collect();
        let range = |text: &str| Wanted::Range(text.to_owned());
        assert_eq!(
            seen,
            [
                ("a", &range("1"), false),
                ("b", &Wanted::Any, false),
                ("c", &Wanted::Git { pinned: false, insecure: false }, false),
                ("d", &Wanted::Git { pinned: true, insecure: true }, false),
                ("e", &Wanted::Workspace, false),
                ("f", &Wanted::Path("../f".into()), false),
                ("real", &range("2"), false),
                ("h", &range("3"), true),
                ("i", &range("4"), false),
            ]
        );
        assert_eq!((manifest.is_application, manifest.dependencies[2].place.line), (Some(true), 8));
    }
}
