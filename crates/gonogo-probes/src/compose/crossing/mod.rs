//! Facts of a service that follow from two files: what compose says of it, and what the code it is
//! built from, or another service, says. What one of them leaves open is no fact. Nothing here is
//! certain where it rests on code: the code may do more than its text shows.

mod built;
mod edges;
mod secrets;

use std::collections::BTreeSet;

use gonogo_model::fact::{Item, Value};
use serde_json::json;

use super::dependencies::Relations;
use super::healthcheck::contact::{self, Contact};
use super::healthcheck::{Healthcheck, State};
use super::project::Project;
use super::survey::Surveyed;
use crate::repository::Repository;
use built::Built;

/// Parts of paths that libraries serve without a route in the code.
const GIVEN: [&str; 10] =
    ["actuator", "q", "up", "docs", "redoc", "metrics", "debug", "static", "public", "index.html"];

/// What a project cannot see of itself.
#[derive(Debug)]
pub(super) struct Outside<'r> {
    pub(super) repository: &'r Repository,
    /// The services of every project of the repository.
    pub(super) services: BTreeSet<String>,
    /// Whether the default network of this project is somebody else's.
    pub(super) has_shared_default: bool,
}

impl<'r> Outside<'r> {
    pub(super) fn of(repository: &'r Repository, all: &[Surveyed]) -> Outside<'r> {
        let projects = all.iter().map(|surveyed| &surveyed.project);
        let names = projects.flat_map(Project::services).map(|entry| entry.name.clone());
        let shared = all.iter().any(|surveyed| {
            let networks = surveyed.project.declared("networks").iter();
            networks.filter(|entry| entry.name == "default").any(|entry| {
                let external = entry.part.get("external");
                external.is_some_and(|part| !part.is_null()) || entry.part.get("name").is_some()
            })
        });
        Outside { repository, services: names.collect(), has_shared_default: shared }
    }
}

/// Adds the facts of the service at `place`.
pub(super) fn crossed(
    item: Item,
    outside: &Outside<'_>,
    project: &Project,
    relations: &Relations<'_>,
    place: usize,
) -> Item {
    let Some(service) = relations.services.get(place) else { return item };
    let built = Built::of(outside.repository, project, relations, service);
    let item = edges::facts(item, relations, place, outside);
    let (unheard, loopback, unserved) = match (&built, relations.checks.get(place)) {
        (Some(built), Some(check)) => {
            (unheard(built, check), loopback(built, relations, place), unserved(built, check))
        }
        _ => (Vec::new(), Vec::new(), Vec::new()),
    };
    item.fact("ports_unheard", unheard)
        .fact("exposed_unheard", built.as_ref().map(exposed).unwrap_or_default())
        .fact("healthcheck_path_unserved", unserved)
        .fact("listens_on_loopback", loopback)
        .fact("variables_not_given", built.as_ref().map(Built::not_given).unwrap_or_default())
        .fact("secrets_unread", built.as_ref().map(secrets::unread).unwrap_or_default())
        .fact("file_variables_unread", built.as_ref().map(secrets::file_variables).unwrap_or_default())
}

/// Ports that compose leads to and nothing in the container listens on, with who leads there.
fn unheard(built: &Built<'_, '_>, check: &Healthcheck) -> Vec<Value> {
    let Some(heard) = built.heard() else { return Vec::new() };
    let service = built.service;
    let mut led: Vec<(u16, &str)> = Vec::new();
    let contacted = contact::of(&check.commands).filter(Contact::is_local).and_then(|contact| contact.port);
    led.extend(contacted.filter(|_| check.state == State::Set).map(|port| (port, "health check")));
    let published = service.ports.iter().filter(|port| port.protocol == "tcp").filter_map(|port| port.target);
    led.extend(published.filter(|(first, last)| first == last).map(|(port, _)| (port, "ports")));
    led.extend(service.exposed.iter().map(|port| (*port, "expose")));
    led.retain(|(port, _)| !heard.contains(port) && !built.mentions(*port));
    led.sort_unstable();
    led.dedup_by_key(|(port, _)| *port);
    let code: Vec<u16> = built.listened();
    led.into_iter().map(|(port, by)| json!({"port": port, "by": by, "listens": code})).collect()
}

/// Ports of the Dockerfile's `EXPOSE` that the code does not open, with those that it does.
fn exposed(built: &Built<'_, '_>) -> Vec<Value> {
    if built.heard().is_none() {
        return Vec::new();
    }
    let code = built.listened();
    let said = built.exposed().into_iter().filter(|port| !code.contains(port));
    said.map(|port| json!({"port": port, "listens": code})).collect()
}

/// The path that the health check asks for, when the code has routes and this one stands nowhere
/// in what is built.
fn unserved(built: &Built<'_, '_>, check: &Healthcheck) -> Vec<Value> {
    let contact = contact::of(&check.commands).filter(|_| check.state == State::Set);
    let Some(path) = contact.filter(Contact::is_local).and_then(|contact| contact.path) else {
        return Vec::new();
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let is_of_a_library = parts.clone().any(|part| GIVEN.contains(&part));
    let Some(last) = parts.next_back().filter(|last| !is_of_a_library && !last.contains('$')) else {
        return Vec::new();
    };
    match built.has_routes() && !built.says_in_code(last) {
        true => vec![json!({"path": path, "line": check.at.map(|at| at.line)})],
        false => Vec::new(),
    }
}

/// Ports that others need and the code opens for its own container alone.
fn loopback(built: &Built<'_, '_>, relations: &Relations<'_>, place: usize) -> Vec<Value> {
    let service = built.service;
    if built.heard().is_none() {
        return Vec::new();
    }
    let is_needed = relations.is_needed(place) || edges::lead_to(relations, place);
    let mut found = Vec::new();
    for said in built.listens.iter().filter(|said| said.is_loopback()) {
        let is_open = built.listens.iter().any(|other| other.name == said.name && !other.is_loopback());
        let is_published =
            said.name.parse().is_ok_and(|port| service.ports.iter().any(|entry| entry.leads_to(port)));
        // A port for debugging beside the one that is served is nobody's loss.
        let is_only = built.listens.iter().all(|other| other.is_loopback());
        if !is_open && (is_published || (is_needed && is_only)) {
            found.push(json!({"port": said.name, "path": said.path, "line": said.line}));
        }
    }
    found
}
