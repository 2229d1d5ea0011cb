//! The worlds that cases stand in: real files, variables, processes and servers, all private and
//! on loopback, gone when the case ends. A world knows no probe.
//!
//! A world kind is a key of a case's `yaml world` block with one file here and one line in
//! [`KINDS`]. Its `start(world, node)` reads its own YAML with `gonogo_model::yaml::read`, starts
//! what is asked for, and tells the world three things:
//! - `world.places` gets what `${PLACE}` stands for in later kinds, parameters and expectations;
//! - `world.secrets` gets every value that may never be seen after redaction;
//! - `world.keep(server)` keeps a value that stops the server when it is dropped.
//!
//! `start` is called outside async code with a tokio runtime entered, so it may block, and may
//! use `tokio::spawn` and `Handle::current().block_on`.

mod alertmanager;
mod api;
mod commits;
mod files;
mod git;
mod http;
mod leaning;
pub(crate) mod loaded;
mod mailer;
mod mariadb;
mod nats;
mod needs;
mod nginx;
mod papers;
mod postgres;
mod process;
mod prometheus;
mod rabbitmq;
mod redis;
mod s3;
pub(crate) mod service;
mod sockets;
mod turn;
mod variables;
mod websocket;
mod workers;

use std::any::Any;
use std::collections::BTreeMap;

use gonogo_model::spec::Template;
use gonogo_model::yaml::{self, Limits, Node};
use tempfile::TempDir;

/// Every world kind, in the order they start. One line each.
const KINDS: &[(&str, Start)] = &[
    ("needs", needs::start),
    ("postgres", postgres::start),
    ("redis", redis::start),
    ("nats", nats::start),
    ("workers", workers::start),
    ("mariadb", mariadb::start),
    ("rabbitmq", rabbitmq::start),
    ("turn", turn::start),
    ("s3", s3::start),
    ("nginx", nginx::start),
    ("http", http::start),
    ("api", api::start),
    ("sockets", sockets::start),
    ("alertmanager", alertmanager::start),
    ("prometheus", prometheus::start),
    ("leaning", leaning::start),
    ("loaded", loaded::start),
    ("service", service::start),
    ("websocket", websocket::start),
    ("mailer", mailer::start),
    ("files", files::start),
    ("git", git::start),
    ("process", process::start),
    ("environment", variables::start),
    ("secrets", variables::start_secrets),
];

type Start = fn(&mut World, &Node) -> Result<(), String>;

/// What one case stands in.
pub(crate) struct World {
    /// A private folder; the folder of the spec. Also `${FOLDER}`.
    pub(crate) folder: TempDir,
    /// The environment variables a probe may read. `PATH` is there from the start.
    pub(crate) environment: BTreeMap<String, String>,
    /// What `${PLACE}` stands for.
    pub(crate) places: BTreeMap<String, String>,
    /// Values that may never be seen after redaction.
    pub(crate) secrets: Vec<String>,
    /// What this machine lacks for the case; the case is skipped then.
    pub(crate) missing: Option<String>,
    running: Vec<Box<dyn Any>>,
}

impl World {
    /// Starts the world that a `yaml world` block describes.
    pub(crate) fn start(text: &str) -> Result<World, String> {
        let folder = TempDir::new().map_err(|error| format!("no temporary folder: {error}"))?;
        let place = folder.path().canonicalize().map_err(|error| error.to_string())?;
        let path = std::env::var("PATH").unwrap_or_default();
        let mut world = World {
            folder,
            environment: BTreeMap::from([("PATH".to_owned(), path)]),
            places: BTreeMap::from([("FOLDER".to_owned(), place.display().to_string())]),
            secrets: Vec::new(),
            missing: None,
            running: Vec::new(),
        };
        let node = yaml::parse(text, Limits::SPEC).map_err(|error| error.render("world", text))?;
        if let Some((key, _)) =
            node.entries().iter().find(|(key, _)| !KINDS.iter().any(|(kind, _)| *kind == key.name))
        {
            return Err(format!("there is no world kind `{}`", key.name));
        }
        for (kind, start) in KINDS {
            if let Some(node) = node.get(kind) {
                start(&mut world, node).map_err(|why| format!("the world `{kind}` did not start: {why}"))?;
            }
        }
        Ok(world)
    }

    /// The text with `${PLACE}` and `${VARIABLE}` replaced; `$${` stands for `${` itself.
    pub(crate) fn fill(&self, text: &str) -> Result<String, String> {
        let known = |name: &str| self.places.get(name).or_else(|| self.environment.get(name)).cloned();
        Template::parse(text)?.resolve(known).map_err(|error| error.to_string())
    }

    /// Keeps something running until the case ends.
    pub(crate) fn keep(&mut self, server: impl Any) {
        self.running.push(Box::new(server));
    }
}
