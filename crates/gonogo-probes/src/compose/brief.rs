//! Compose services in short, for families that cross from another file to them: what a service
//! is called, runs, listens on and is given. It has no facts and no rules of its own.

use std::sync::Arc;

use super::declared;
use super::dependencies::Relations;
use super::image::Image;
use super::image_tools;
use super::known_images::{self, Role};
use super::mounts::From;
use super::survey::survey;
use super::tree::{Origin, Text};
use crate::repository::Repository;

/// One service of one project. Its values may be secrets: they are for comparing, and are never
/// shown. So it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Brief {
    pub(crate) name: String,
    /// The compose file that names it, with line and column from 1.
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// What tells its project from others: the last of its files.
    pub(crate) project: String,
    /// Whether its project is for developers, tests or examples.
    pub(crate) is_for_development: bool,
    /// The image without tag and digest, as `grafana/grafana`; absent when it is only built.
    pub(crate) image: Option<String>,
    /// Folder of the build, relative to the repository; absent when it is not built from it.
    pub(crate) build: Option<String>,
    /// The Dockerfile it is built from, relative to the repository.
    pub(crate) dockerfile: Option<String>,
    /// Whether it stays up and neither compose nor its Dockerfile has a health check.
    pub(crate) is_unwatched: bool,
    /// Other names under which its project reaches it: `container_name`, `hostname`, aliases.
    pub(crate) aliases: Vec<String>,
    /// Ports inside its container that it publishes, exposes or is known to listen on.
    pub(crate) ports: Vec<u16>,
    /// The words of entrypoint and command.
    pub(crate) command: Vec<String>,
    /// Variables with their known values; `None` for what only who deploys knows.
    pub(crate) environment: Vec<(String, Option<String>)>,
    /// Whether variables also come from a file that is not in the repository.
    pub(crate) environment_is_partial: bool,
    /// Names of the secrets it is given.
    pub(crate) secrets: Vec<String>,
    /// Mounted from the machine or a volume: source as written, path in the container.
    pub(crate) mounts: Vec<(String, String)>,
}

/// Every service of every compose project, read once; empty without compose files.
pub(crate) fn services(repository: &Repository) -> Arc<Vec<Brief>> {
    repository.once(read)
}

fn read(repository: &Repository) -> Vec<Brief> {
    let survey = survey(repository, &[]);
    let Ok(survey) = &*survey else { return Vec::new() };
    let mut found = Vec::new();
    for surveyed in &survey.projects {
        let project = &surveyed.project;
        let declared = |entry| declared::service(repository.source(), project, entry);
        let relations = Relations::new(project.services().iter().map(declared).collect());
        for (place, service) in relations.services.iter().enumerate() {
            found.push(Brief {
                is_unwatched: relations.is_unwatched(place),
                path: project.files.get(service.at.file).cloned().unwrap_or_default(),
                line: service.at.line,
                column: service.at.column,
                project: surveyed.name.clone(),
                is_for_development: surveyed.is_for_development,
                ..brief(service, project.folder())
            });
        }
    }
    found
}

fn brief(service: &declared::Service<'_>, folder: &str) -> Brief {
    let known = service.server().map(|(known, _)| known.ports).unwrap_or_default();
    let published = service.ports.iter().filter_map(|port| port.target.map(|(first, _)| first));
    let declared = published.chain(service.exposed.iter().copied());
    let mut ports: Vec<u16> = declared.chain(known.iter().copied()).collect();
    ports.sort_unstable();
    ports.dedup();
    let mounted = service.mounts.iter().filter(|mount| mount.from != From::Tmpfs);
    Brief {
        name: service.name.to_owned(),
        path: String::new(),
        line: 1,
        column: 1,
        project: String::new(),
        is_for_development: false,
        image: service.image.as_ref().map(|image| image.repository.clone()),
        build: declared::build_folder(service.part, folder),
        dockerfile: declared::dockerfile_path(service.part, folder),
        is_unwatched: false,
        aliases: declared::aliases(service.part),
        ports,
        command: service.command.clone(),
        environment: service
            .environment
            .iter()
            .map(|one| (one.name.clone(), service.variable(&one.name).map(str::to_owned)))
            .collect(),
        environment_is_partial: service.environment_is_partial,
        secrets: service.uses("secrets"),
        mounts: mounted.map(|mount| (mount.source.clone(), mount.target.clone())).collect(),
    }
}

/// What is known about an image from its reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    /// Without tag, digest and Docker Hub's own prefixes.
    pub(crate) repository: String,
    pub(crate) tag: Option<String>,
    pub(crate) has_digest: bool,
    /// Whether a new release is enough for another image to stand behind it.
    pub(crate) is_floating: bool,
    /// What a well-known image is for: `database`; `unknown` for every other.
    pub(crate) role: String,
    pub(crate) is_database: bool,
    /// Where a well-known image keeps data.
    pub(crate) data: &'static [&'static str],
}

/// Why the image `reference` surely does not carry `tool`; `None` when that is not known.
pub(crate) fn lacking(reference: &str, tool: &str) -> Option<&'static str> {
    image_tools::lacks(&image(reference), tool)
}

fn image(reference: &str) -> Image {
    let value = reference.to_owned();
    Image::of(&Text { raw: value.clone(), value, origin: Origin::Literal })
}

/// What is known about the image `reference`.
pub(crate) fn about(reference: &str) -> About {
    let image = image(reference);
    let known = known_images::find(&image);
    About {
        is_floating: image.is_floating(),
        has_digest: image.has_digest,
        tag: image.tag,
        repository: image.repository,
        role: known.map_or("unknown".to_owned(), |(known, _)| format!("{:?}", known.role).to_lowercase()),
        is_database: known.is_some_and(|(known, _)| known.role == Role::Database),
        data: known.map(|(known, _)| known.data).unwrap_or_default(),
    }
}
