//! Which compose files of a folder make which projects, and what each project is for. It reads
//! names, and of files beside a base file whether they stand alone.

use std::collections::BTreeMap;

use super::interpolate::Variables;
use super::read::{FILE, Notes, read};
use crate::repository::purpose::{is_for_development, is_for_production};
use crate::repository::{Kind, Repository, Source, folder_of, joined, name_of};

/// Projects that are read.
const MOST_PROJECTS: usize = 300;
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

/// Every project of a repository, in the order of the folders.
pub(super) fn projects(repository: &Repository) -> Walked {
    let mut folders: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for path in repository.of_kind(Kind::Compose) {
        folders.entry(folder_of(path)).or_default().push(name_of(path).to_owned());
    }
    let mut walked = Walked::default();
    for (folder, names) in folders {
        in_folder(repository.source(), folder, &names, &mut walked.projects);
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

fn in_folder(source: &dyn Source, folder: &str, names: &[String], found: &mut Vec<Planned>) {
    let path = |name: &str| joined(folder, name).unwrap_or_else(|| name.to_owned());
    let base = BASES.iter().find(|base| names.iter().any(|name| name == *base)).copied();
    let over = base.and_then(|base| override_of(base, names));
    let others: Vec<&String> =
        names.iter().filter(|name| !BASES.contains(&name.as_str()) && Some(name.as_str()) != over).collect();
    let has_production = others.iter().any(|name| is_for_production(name));
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

/// Whether each service says what it runs. One that only changes a service of the base does not.
fn stands_alone(source: &dyn Source, path: &str) -> bool {
    let Ok(bytes) = source.read(path, FILE) else { return true };
    let Ok(part) = read(&bytes, 0, &Variables::new(), &mut Notes::default()) else { return true };
    let services = part.get("services").map(|services| services.entries()).unwrap_or_default();
    services
        .iter()
        .all(|service| ["image", "build", "extends"].iter().any(|key| service.part.get(key).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(String, bool)> {
        let walked = projects(&Repository::of(files));
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
            found(&[("examples/x/compose.yml", alone), ("compose.prod.rs", alone)]),
            named(&[("examples/x/compose.yml", true)])
        );
    }
}
