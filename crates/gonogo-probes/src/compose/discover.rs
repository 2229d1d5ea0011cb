//! Which compose files of a folder make which projects, and what each project is for. It reads
//! names, and of files beside a base file whether they stand alone.

use super::interpolate::Variables;
use super::read::{Notes, read};
use super::source::{Source, folder_of, joined, name_of};

/// Folders are walked this deep.
const DEEPEST: usize = 6;
/// Folders that are walked.
const MOST_FOLDERS: usize = 5_000;
/// Projects that are read.
const MOST_PROJECTS: usize = 300;
/// Folders of other people's code and of what is made.
const PASSED: [&str; 8] =
    ["node_modules", "vendor", "target", "dist", "build", "venv", "__pycache__", "site-packages"];
const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// Files that are laid over one another, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) files: Vec<String>,
    /// Whether names of files or folders say that it is for developers, tests or examples.
    pub(super) is_for_development: bool,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) projects: Vec<Planned>,
    /// Folders that were not walked, with the reason.
    pub(super) skipped: Vec<(String, String)>,
}

/// Every project below the top, in the order of the paths.
pub(super) fn projects(source: &dyn Source) -> Walked {
    let mut walked = Walked::default();
    let mut folders = vec![(String::new(), 0_usize)];
    let mut seen = 0_usize;
    while let Some((folder, depth)) = folders.pop() {
        let names = match source.names(&folder) {
            None => continue,
            Some(Err(why)) => {
                walked.skipped.push((folder, why));
                continue;
            }
            Some(Ok(names)) => names,
        };
        seen += 1;
        if seen > MOST_FOLDERS {
            walked.skipped.push((folder, format!("was not walked: there are over {MOST_FOLDERS} folders")));
            break;
        }
        in_folder(source, &folder, &names, &mut walked.projects);
        for name in names
            .iter()
            .rev()
            .filter(|name| !name.starts_with('.') && !PASSED.contains(&name.as_str()) && !is_file(name))
        {
            if let Some(below) = joined(&folder, name) {
                match depth < DEEPEST {
                    true => folders.push((below, depth + 1)),
                    false if source.names(&below).is_some_and(|names| names.is_ok()) => {
                        walked.skipped.push((below, "was not walked: it is too deep".to_owned()));
                    }
                    false => {}
                }
            }
        }
    }
    if walked.projects.len() > MOST_PROJECTS {
        for project in walked.projects.drain(MOST_PROJECTS..) {
            walked.skipped.push((
                project.files.join(" + "),
                format!("was not read: there are over {MOST_PROJECTS} projects"),
            ));
        }
    }
    walked
}

/// Names that are surely files, so that no folder is looked for behind them.
fn is_file(name: &str) -> bool {
    let ends = [
        "rs", "go", "js", "ts", "tsx", "py", "md", "json", "yml", "yaml", "toml", "lock", "html", "css",
        "svg", "png", "txt", "java", "sql", "sh", "rb", "php", "c", "h", "o", "d",
    ];
    name.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && ends.contains(&end))
        && !name.ends_with(".d")
}

fn in_folder(source: &dyn Source, folder: &str, names: &[String], found: &mut Vec<Planned>) {
    let path = |name: &str| joined(folder, name).unwrap_or_else(|| name.to_owned());
    let base = BASES.iter().find(|base| names.iter().any(|name| name == *base)).copied();
    let over = base.and_then(|base| override_of(base, names));
    let others: Vec<&String> = names
        .iter()
        .filter(|name| is_compose(name) && !BASES.contains(&name.as_str()) && Some(name.as_str()) != over)
        .collect();
    let has_production = others.iter().any(|name| says(name, &PRODUCTION));
    if let Some(base) = base {
        let files: Vec<String> = std::iter::once(base).chain(over).map(path).collect();
        let is_for_development = has_production || is_for_development(&files[0]);
        found.push(Planned { files, is_for_development });
    }
    for name in others {
        let own = path(name);
        let stands_alone = base.is_none() || stands_alone(source, &own);
        let mut files: Vec<String> = base.filter(|_| !stands_alone).map(path).into_iter().collect();
        files.push(own.clone());
        found.push(Planned { files, is_for_development: is_for_development(&own) });
    }
}

/// The override that compose takes by itself.
fn override_of<'n>(base: &str, names: &'n [String]) -> Option<&'n str> {
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let wanted = [format!("{stem}.override.yaml"), format!("{stem}.override.yml")];
    names.iter().map(String::as_str).find(|name| wanted.iter().any(|wanted| wanted == name))
}

/// `compose*.yml`, `docker-compose*.yaml`, `prod.compose.yml`.
pub(super) fn is_compose(name: &str) -> bool {
    let Some((stem, "yml" | "yaml")) = name.rsplit_once('.') else { return false };
    let stem = stem.to_lowercase();
    let mut parts = stem.split(['.', '-', '_']);
    stem.starts_with("docker-compose")
        || stem.starts_with("docker_compose")
        || parts.any(|part| part == "compose")
}

/// Whether each service says what it runs. One that only changes a service of the base does not.
fn stands_alone(source: &dyn Source, path: &str) -> bool {
    let Ok(bytes) = source.read(path) else { return true };
    let Ok(part) = read(&bytes, 0, &Variables::new(), &mut Notes::default()) else { return true };
    let services = part.get("services").map(|services| services.entries()).unwrap_or_default();
    services
        .iter()
        .all(|service| ["image", "build", "extends"].iter().any(|key| service.part.get(key).is_some()))
}

const PRODUCTION: [&str; 5] = ["prod", "production", "live", "deploy", "release"];
const DEVELOPMENT: [&str; 34] = [
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
    "tutorial",
    "tutorials",
    "docs",
    "doc",
    "bench",
    "benchmark",
    "hack",
    "devcontainer",
    "override",
    "quickstart",
    "experimental",
];

/// Whether the path says that this is not what runs in production.
pub(super) fn is_for_development(path: &str) -> bool {
    let folders = folder_of(path).split('/');
    (says(name_of(path), &DEVELOPMENT) || folders.into_iter().any(|folder| says(folder, &DEVELOPMENT)))
        && !says(name_of(path), &PRODUCTION)
}

fn says(name: &str, words: &[&str]) -> bool {
    name.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|part| words.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::super::source::memory::Memory;
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(String, bool)> {
        let walked = projects(&Memory::of(files));
        walked
            .projects
            .iter()
            .map(|project| (project.files.join(" + "), project.is_for_development))
            .collect()
    }

    #[test]
    fn files_become_projects() {
        let alone = "services: {a: {image: a}}";
        let over = "services: {a: {restart: always}}";
        let named =
            |files: &[(&str, bool)]| files.iter().map(|(f, d)| ((*f).to_owned(), *d)).collect::<Vec<_>>();
        assert_eq!(
            found(&[("compose.yaml", alone), ("compose.override.yml", over), ("docker-compose.yml", alone)]),
            named(&[("compose.yaml + compose.override.yml", false)])
        );
        assert_eq!(
            found(&[
                ("docker-compose.yml", alone),
                ("docker-compose.prod.yml", over),
                ("docker-compose.monitoring.yml", alone)
            ]),
            named(&[
                ("docker-compose.yml", true),
                ("docker-compose.monitoring.yml", false),
                ("docker-compose.yml + docker-compose.prod.yml", false),
            ])
        );
        assert_eq!(
            found(&[
                ("examples/x/compose.yml", alone),
                ("node_modules/y/compose.yml", alone),
                (".git/compose.yml", alone)
            ]),
            named(&[("examples/x/compose.yml", true)])
        );
    }

    #[test]
    fn what_is_too_deep_is_said() {
        let walked = projects(&Memory::of(&[("a/b/c/d/e/f/g/compose.yml", "services: {}")]));
        assert_eq!(walked.projects, []);
        assert_eq!(walked.skipped.len(), 1);
    }

    #[test]
    fn compose_files_are_known_by_name() {
        for name in [
            "compose.yaml",
            "docker-compose.prod.yml",
            "prod.compose.yml",
            "docker-compose-dev.yaml",
            "compose-ci.yml",
        ] {
            assert!(is_compose(name), "{name}");
        }
        for name in ["compose.rs", "decompose.yml", "compose", "composer.yml"] {
            assert!(!is_compose(name), "{name}");
        }
    }
}
