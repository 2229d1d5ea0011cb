//! A service as its project declares it, short and long forms made one. It reads env files and
//! Dockerfiles of the tree for what the compose file leaves to them.

use std::collections::BTreeMap;

use super::dockerfile::{self, Dockerfile};
use super::image::Image;
use super::interpolate;
use super::known_images::{self, Known, Role};
use super::mounts::{self, Mount};
use super::ports::{self, Port};
use super::project::Project;
use super::read::FILE;
use super::shell;
use super::tree::{Entry, Kind, Origin, Part, Spot, Text};
use crate::repository::{Source, joined};

/// Words of a command that start a server of a well-known image.
const SERVERS: [&str; 36] = [
    "postgres",
    "docker-entrypoint.sh",
    "mysqld",
    "mariadbd",
    "mongod",
    "cockroach",
    "start",
    "start-single-node",
    "start-insecure",
    "cassandra",
    "neo4j",
    "influxd",
    "clickhouse-server",
    "elasticsearch",
    "eswrapper",
    "etcd",
    "redis-server",
    "valkey-server",
    "keydb-server",
    "memcached",
    "rabbitmq-server",
    "nats-server",
    "server",
    "minio",
    "prometheus",
    "alertmanager",
    "nginx",
    "haproxy",
    "traefik",
    "caddy",
    "httpd-foreground",
    "vault",
    "consul",
    "agent",
    "turnserver",
    "qdrant",
];

/// One variable a service gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    /// `None` when it is passed on from the shell.
    pub(super) value: Option<Text>,
}

/// How a service is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Build {
    /// What its Dockerfile says; `None` when it cannot be read.
    pub(super) dockerfile: Option<Dockerfile>,
}

/// A service.
#[derive(Debug)]
pub(super) struct Service<'p> {
    pub(super) name: &'p str,
    /// Where its name is written.
    pub(super) at: Spot,
    pub(super) part: &'p Part,
    pub(super) image: Option<Image>,
    /// What is known of its image, and whether it is surely that one. Not for what is built.
    pub(super) known: Option<(&'static Known, bool)>,
    pub(super) build: Option<Build>,
    pub(super) environment: Vec<Variable>,
    /// Whether variables come from somewhere that cannot be read.
    pub(super) environment_is_partial: bool,
    /// The words of entrypoint and command.
    pub(super) command: Vec<String>,
    pub(super) ports: Vec<Port>,
    pub(super) exposed: Vec<u16>,
    pub(super) mounts: Vec<Mount>,
}

impl Service<'_> {
    /// The known value of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.environment.iter().find(|variable| variable.name.eq_ignore_ascii_case(name))?;
        found.value.as_ref().filter(|text| text.origin != Origin::Unknown).map(|text| text.value.as_str())
    }

    /// Whether it gets a variable, whatever the value.
    pub(super) fn has_variable(&self, name: &str) -> bool {
        self.environment.iter().any(|variable| variable.name.eq_ignore_ascii_case(name))
    }

    /// Whether a word of its command is, or starts with, `flag`.
    pub(super) fn has_flag(&self, flag: &str) -> bool {
        self.command
            .iter()
            .any(|word| word.strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')))
    }

    /// What is known of its image, when it runs the server that the image is for. A backup job
    /// that borrows the image of a database is none.
    pub(super) fn server(&self) -> Option<(&'static Known, bool)> {
        let is_flag = self.command.first().is_none_or(|word| word.starts_with('-'));
        let is_server = |word: &String| SERVERS.contains(&word.rsplit('/').next().unwrap_or(word));
        self.known.filter(|_| is_flag || self.command.iter().any(is_server))
    }

    pub(super) fn role(&self) -> Option<Role> {
        self.server().map(|(known, _)| known.role)
    }

    /// Whether its image is one of these, surely.
    pub(super) fn is_image(&self, names: &[&str]) -> bool {
        self.build.is_none()
            && self.image.as_ref().is_some_and(|image| names.contains(&image.repository.as_str()))
    }

    /// The names of what it uses of a kind of resource.
    pub(super) fn uses(&self, kind: &str) -> Vec<String> {
        uses(self.part, kind)
    }

    /// Profiles it belongs to.
    pub(super) fn profiles(&self) -> Vec<String> {
        profiles(self.part)
    }
}

/// The profiles of a service.
pub(super) fn profiles(service: &Part) -> Vec<String> {
    service.get("profiles").map(Part::each).unwrap_or_default().iter().filter_map(Part::value).collect()
}

/// The names of what a service uses of a kind of resource.
pub(super) fn uses(service: &Part, kind: &str) -> Vec<String> {
    let Some(part) = service.get(kind) else { return Vec::new() };
    match &part.kind {
        Kind::Map(entries) => entries.iter().map(|entry| entry.name.clone()).collect(),
        _ => part.each().iter().filter_map(|one| one.get("source").unwrap_or(one).known()).collect(),
    }
}

/// Makes a service out of its entry.
pub(super) fn service<'p>(source: &dyn Source, project: &'p Project, entry: &'p Entry) -> Service<'p> {
    let part = &entry.part;
    let image = part
        .get("image")
        .and_then(Part::text)
        .filter(|text| !text.value.is_empty())
        .map(|text| Image::of(&text));
    let build = part.get("build").filter(|build| !build.is_null()).map(|build| built(source, project, build));
    let known = match build {
        None => image.as_ref().and_then(known_images::find),
        Some(_) => None,
    };
    let (environment, environment_is_partial) = environment(source, project, part);
    let mut command = words(part.get("entrypoint"));
    command.extend(words(part.get("command")));
    Service {
        name: &entry.name,
        at: entry.at,
        part,
        image,
        known,
        build,
        environment,
        environment_is_partial,
        command,
        ports: ports::of(part),
        exposed: ports::exposed(part),
        mounts: mounts::of(part),
    }
}

/// The words of a command; those of `sh -c "…"` too.
fn words(part: Option<&Part>) -> Vec<String> {
    let Some(part) = part else { return Vec::new() };
    let texts = part.each().iter().filter_map(Part::value);
    match &part.kind {
        Kind::List(_) => texts
            .flat_map(|text| match text.contains(char::is_whitespace) {
                true => shell::words(&text),
                false => vec![text],
            })
            .collect(),
        _ => texts
            .flat_map(|text| shell::words(&text))
            .flat_map(|word| match word.contains(char::is_whitespace) {
                true => shell::words(&word),
                false => vec![word],
            })
            .collect(),
    }
}

/// The folder a service is built from, relative to the repository; `None` when it is not built
/// from it.
pub(super) fn build_folder(service: &Part, folder: &str) -> Option<String> {
    let build = service.get("build").filter(|build| !build.is_null())?;
    let context = build.get("context").or(Some(build)).and_then(Part::known);
    joined(folder, &context.unwrap_or_else(|| ".".to_owned())).filter(|folder| !folder.contains("://"))
}

/// The Dockerfile a service is built from, relative to the repository.
pub(super) fn dockerfile_path(service: &Part, folder: &str) -> Option<String> {
    let build = service.get("build")?;
    let folder = build_folder(service, folder)?;
    let name = build.get("dockerfile").map_or(Some("Dockerfile".to_owned()), Part::known)?;
    joined(&folder, &name).filter(|_| build.get("dockerfile_inline").is_none())
}

/// Other names under which a project reaches a service.
pub(super) fn aliases(service: &Part) -> Vec<String> {
    let own = ["container_name", "hostname"].into_iter().filter_map(|key| service.get(key)?.known());
    let networks = service.get("networks").map(Part::entries).unwrap_or_default().iter();
    let lists = networks.filter_map(|network| network.part.get("aliases"));
    own.chain(lists.flat_map(Part::each).filter_map(Part::known)).collect()
}

fn built(source: &dyn Source, project: &Project, build: &Part) -> Build {
    let context = match build.get("context").or(Some(build)).and_then(Part::known) {
        Some(context) if !context.contains("://") && !context.starts_with("git@") => context,
        _ => ".".to_owned(),
    };
    let stage = build.get("target").and_then(Part::value);
    let text = match build.get("dockerfile_inline").and_then(Part::value) {
        Some(text) => Some(text),
        None => {
            let name =
                build.get("dockerfile").and_then(Part::known).unwrap_or_else(|| "Dockerfile".to_owned());
            let folder = joined(project.folder(), &context);
            let path = folder.and_then(|folder| joined(&folder, &name));
            let is_local = build
                .get("context")
                .or(Some(build))
                .and_then(Part::known)
                .is_none_or(|context| !context.contains("://"));
            path.filter(|_| is_local)
                .and_then(|path| source.read(&path, FILE).ok())
                .and_then(|bytes| String::from_utf8(bytes).ok())
        }
    };
    Build { dockerfile: text.map(|text| dockerfile::read(&text, stage.as_deref())) }
}

/// The variables of env files, then those of the compose file over them.
fn environment(source: &dyn Source, project: &Project, part: &Part) -> (Vec<Variable>, bool) {
    let mut is_partial = false;
    let mut variables: BTreeMap<String, (String, Origin)> = BTreeMap::new();
    for one in part.get("env_file").map(Part::each).unwrap_or_default() {
        let path = one.get("path").unwrap_or(one).known().and_then(|path| joined(project.folder(), &path));
        match path.as_ref().and_then(|path| source.read(path, FILE).ok()) {
            Some(bytes) => {
                // What `.gitignore` leaves out is nobody else's.
                let is_committed = source.files().iter().any(|file| Some(&file.path) == path.as_ref());
                let origin = if is_committed { Origin::Committed } else { Origin::EnvFile };
                let read = interpolate::variables_of(&String::from_utf8_lossy(&bytes));
                variables.extend(read.into_iter().map(|(name, value)| (name, (value, origin))));
            }
            None => is_partial = true,
        }
    }
    let from_file = |(name, (value, origin)): (String, (String, Origin))| Variable {
        name,
        value: Some(Text { raw: value.clone(), value, origin }),
    };
    let own = part.get("environment").map(Part::entries).unwrap_or_default();
    let mut found: Vec<Variable> = variables
        .into_iter()
        .filter(|(name, _)| !own.iter().any(|entry| entry.name == *name))
        .map(from_file)
        .collect();
    found.extend(own.iter().map(|entry| Variable { name: entry.name.clone(), value: entry.part.text() }));
    (found, is_partial)
}
