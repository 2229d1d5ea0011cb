//! `pyproject.toml` and `Pipfile`.

use gonogo_model::place::Place;
use gonogo_model::yaml::{Key, Kind, Node};

use super::{Dependency, Manifest, Wanted};
use crate::supply::document::{self, Problem, each, entries, is_true, text};
use crate::supply::inventory::{Ecosystem, is_insecure};
use crate::supply::read::requirements::requirement;

pub(super) fn pyproject(source: &str) -> Result<Manifest, Problem> {
    let tree = document::toml(source)?;
    let mut manifest = Manifest::new(Ecosystem::Python);
    let project = tree.get("project");
    let poetry = tree.get("tool").and_then(|tool| tool.get("poetry"));
    let name = project.or(poetry).and_then(|about| text(about, "name"));
    manifest.name = name.map(str::to_owned);
    let is_no_package =
        poetry.is_some_and(|poetry| poetry.get("package-mode").is_some() && !is_true(poetry, "package-mode"));
    manifest.is_application =
        if is_no_package { Some(true) } else { tree.get("build-system").map(|_| false) };
    if let Some(project) = project {
        manifest.dependencies.extend(written(each(project.get("dependencies")), false));
        let extras = entries(project, "optional-dependencies").iter().flat_map(|(_, list)| each(Some(list)));
        manifest.dependencies.extend(extras.filter_map(|node| of_text(node, false)).map(sometimes));
    }
    let groups = entries(&tree, "dependency-groups").iter().flat_map(|(_, list)| each(Some(list)));
    manifest.dependencies.extend(groups.filter_map(|node| of_text(node, true)).map(sometimes));
    if let Some(poetry) = poetry {
        manifest.dependencies.extend(of_poetry(poetry));
    }
    let uv = tree.get("tool").and_then(|tool| tool.get("uv"));
    manifest.is_workspace = uv.is_some_and(|uv| uv.get("workspace").is_some());
    place_by_sources(&mut manifest, uv);
    let sources = each(poetry.and_then(|poetry| poetry.get("source")))
        .iter()
        .chain(each(uv.and_then(|uv| uv.get("index"))));
    manifest.insecure_sources = insecure(sources);
    Ok(manifest)
}

fn sometimes(dependency: Dependency) -> Dependency {
    Dependency { always: false, ..dependency }
}

fn insecure<'n>(sources: impl Iterator<Item = &'n Node>) -> Vec<Place> {
    sources.filter(|source| text(source, "url").is_some_and(is_insecure)).map(|source| source.place).collect()
}

fn written(nodes: &[Node], dev: bool) -> impl Iterator<Item = Dependency> {
    nodes.iter().filter_map(move |node| of_text(node, dev))
}

fn of_text(node: &Node, dev: bool) -> Option<Dependency> {
    let asked = requirement(node.text()?)?;
    let wanted = match asked.range.strip_prefix('@').map(str::trim) {
        Some(address) if address.starts_with("git+") => of_git(address),
        Some(address) if address.starts_with("file:") => Wanted::Workspace,
        Some(address) => Wanted::Url { insecure: is_insecure(address) },
        None if asked.range.is_empty() => Wanted::Unsaid,
        None => Wanted::Range(asked.range.to_owned()),
    };
    let mut found = Dependency::new(asked.name, wanted, node.place);
    found.dev = dev;
    found.always = !asked.has_marker;
    Some(found)
}

/// `git+https://host/path@mark`; the name of a user is before an `@` too.
fn of_git(address: &str) -> Wanted {
    let path = address
        .split_once("://")
        .map_or(address, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    Wanted::Git { pinned: path.contains('@'), insecure: is_insecure(address) }
}

fn of_poetry(poetry: &Node) -> Vec<Dependency> {
    let groups = entries(poetry, "group").iter().filter(|(key, _)| key.name != "main");
    let of_group =
        groups.flat_map(|(_, group)| entries(group, "dependencies").iter().map(|entry| (entry, true)));
    let main = entries(poetry, "dependencies").iter().map(|entry| (entry, false));
    let old = entries(poetry, "dev-dependencies").iter().map(|entry| (entry, true));
    let all = main.chain(old).chain(of_group);
    all.filter(|((key, _), _)| key.name != "python")
        .map(|(entry, dev)| poetry_dependency(entry, dev))
        .collect()
}

fn poetry_dependency((key, node): &(Key, Node), dev: bool) -> Dependency {
    let mut found = Dependency::new(&key.name, of_table(node), key.place);
    found.dev = dev;
    found.always = !["markers", "platform", "python", "optional"].iter().any(|key| node.get(key).is_some())
        && !matches!(node.kind, Kind::List(_));
    found
}

/// A dependency of Poetry or pipenv: a range or a table.
fn of_table(node: &Node) -> Wanted {
    let range = |range: &str| match range.trim() {
        "*" => Wanted::Any,
        range => Wanted::Range(range.to_owned()),
    };
    if let Some(written) = node.text() {
        return range(written);
    }
    if let Some(address) = text(node, "git") {
        let pinned = ["rev", "tag", "ref"].iter().any(|key| node.get(key).is_some());
        return Wanted::Git { pinned, insecure: is_insecure(address) };
    }
    match (text(node, "path"), text(node, "url").or_else(|| text(node, "file")), text(node, "version")) {
        (Some(path), ..) => Wanted::Path(path.to_owned()),
        (_, Some(address), _) => Wanted::Url { insecure: is_insecure(address) },
        (_, _, Some(written)) => range(written),
        _ => Wanted::Workspace,
    }
}

/// uv says beside the list where some of its dependencies come from.
fn place_by_sources(manifest: &mut Manifest, uv: Option<&Node>) {
    let sources = uv.map_or(&[][..], |uv| entries(uv, "sources"));
    for (key, source) in sources {
        let name = Ecosystem::Python.normal(&key.name);
        let same = |one: &&mut Dependency| Ecosystem::Python.normal(&one.name) == name;
        for dependency in manifest.dependencies.iter_mut().filter(same) {
            dependency.wanted = match &source.kind {
                Kind::Map(_) if !is_true(source, "workspace") && source.get("index").is_none() => {
                    of_table(source)
                }
                Kind::Map(_) if source.get("index").is_some() => continue,
                _ => Wanted::Workspace,
            };
        }
    }
}

pub(super) fn pipfile(source: &str) -> Result<Manifest, Problem> {
    let tree = document::toml(source)?;
    let mut manifest = Manifest::new(Ecosystem::Python);
    manifest.is_application = Some(true);
    for (table, dev) in [("packages", false), ("dev-packages", true)] {
        let found = entries(&tree, table).iter().map(|entry| poetry_dependency(entry, dev));
        // `pipenv install` itself writes `*`; the lockfile has the version.
        manifest.dependencies.extend(found.map(|one| match one.wanted {
            Wanted::Any => Dependency { wanted: Wanted::Unsaid, ..one },
            _ => one,
        }));
    }
    manifest.insecure_sources = insecure(each(tree.get("source")).iter());
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_and_groups_are_read() {
        let text = "[project]\nname = \"app\"\ndependencies = [\n  \"a>=1\",\n  \"b\",\n  \"c @ git+https://x/c@main\",\n  \"d; python_version < '3'\",\n  \"w\",\n]\n[dependency-groups]\ndev = [\"e==1\", {include-group = \"x\"}]\n[tool.uv.sources]\nw = { workspace = true }\n[[tool.uv.index]]\nurl = \"http://x/simple\"\n";
        let manifest = pyproject(text).unwrap();
        let seen: Vec<(&str, &Wanted, bool, u32)> = manifest
            .dependencies
            .iter()
            .map(|one| (one.name.as_str(), &one.wanted, one.always, one.place.line))
            .collect();
        assert_eq!(
            seen,
            [
                ("a", &Wanted::Range(">=1".into()), true, 4),
                ("b", &Wanted::Unsaid, true, 5),
                ("c", &Wanted::Git { pinned: true, insecure: false }, true, 6),
                ("d", &Wanted::Unsaid, false, 7),
                ("w", &Wanted::Workspace, true, 8),
                ("e", &Wanted::Range("==1".into()), false, 11),
            ]
        );
        assert_eq!((manifest.insecure_sources[0].line, manifest.is_application), (14, None));
    }

    #[test]
    fn poetry_and_pipenv_are_read() {
        let text = "[tool.poetry]\nname = \"app\"\npackage-mode = false\n[tool.poetry.dependencies]\npython = \"^3\"\na = \"*\"\nb = { git = \"https://x\", branch = \"main\" }\nc = { path = \"../c\", develop = true }\n[tool.poetry.group.dev.dependencies]\nd = \"^1\"\n";
        let manifest = pyproject(text).unwrap();
        let seen: Vec<(&Wanted, bool)> =
            manifest.dependencies.iter().map(|one| (&one.wanted, one.dev)).collect();
        assert_eq!(
            seen,
            [
                (&Wanted::Any, false),
                (&Wanted::Git { pinned: false, insecure: false }, false),
                (&Wanted::Path("../c".into()), false),
                (&Wanted::Range("^1".into()), true),
            ]
        );
        assert_eq!(manifest.is_application, Some(true));
        let manifest =
            pipfile("[[source]]\nurl = \"https://pypi.org/simple\"\n[packages]\na = \"*\"\n").unwrap();
        assert_eq!(manifest.dependencies[0].wanted, Wanted::Unsaid);
    }
}
