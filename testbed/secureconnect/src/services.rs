//! The five services: the operations of each, and the router that a listener serves.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::answer::NOT_FOUND;
use crate::config::Role;
use crate::fault::{Behaviour, Faults};
use crate::node::Node;
use crate::observe::Observed;
use crate::routes::{Operation, Routes};
use crate::{ai, auth, call, chat, drive, gateway, health, observe, poll, push};

/// The services behind the gateway.
pub(crate) const BEHIND: [&str; 4] = ["auth", "chat", "call", "storage"];

/// The services behind the gateway that a process runs.
pub(crate) fn run_by(role: Role) -> Vec<&'static str> {
    BEHIND.into_iter().filter(|service| role == Role::All || role.name() == *service).collect()
}

/// The operations that every service has.
const OWN: [&str; 3] = ["/health", "/ready", "/metrics"];

fn routes(service: &'static str, faults: &Faults) -> Routes {
    let here = |missing| !faults.on(missing);
    let routes = Routes::of(service);
    match service {
        "auth" => auth::routes(routes),
        "chat" => {
            let routes = chat::routes(routes, faults);
            let routes = routes.and_if(here(Behaviour::NoPolls), poll::routes);
            routes.and_if(here(Behaviour::NoAi), ai::routes)
        }
        "call" => push::routes(call::routes(routes, faults)),
        _ => {
            let routes = drive::routes(routes);
            routes.and_if(faults.on(Behaviour::UndocumentedOperation), |routes| {
                routes.get("/debug/config", drive::debug)
            })
        }
    }
}

/// All operations of the healthy system: those of the services, and those that the gateway itself has.
pub fn operations() -> Vec<Operation> {
    let faults = Faults::default();
    let mut all: Vec<Operation> =
        BEHIND.into_iter().flat_map(|service| routes(service, &faults).into_parts().1).collect();
    all.extend(OWN.map(|path| Operation { path, method: "get", service: "gateway" }));
    all.sort_unstable();
    all
}

/// The service whose path this is, by its first segment.
pub(crate) fn of_path(path: &str, node: &Node) -> Option<&'static str> {
    let first = path.split('/').nth(1)?;
    let found = node.operations.iter().find(|operation| operation.path.split('/').nth(1) == Some(first));
    Some(found?.service)
}

/// The path of an operation with its parameters in braces.
pub(crate) fn template(path: &str, node: &Node) -> Option<&'static str> {
    let fits = |template: &str| {
        let (mut theirs, mut ours) = (template.split('/'), path.split('/'));
        let same = theirs
            .by_ref()
            .zip(ours.by_ref())
            .all(|(theirs, ours)| theirs.starts_with('{') || theirs == ours);
        same && template.split('/').count() == path.split('/').count()
    };
    node.operations.iter().map(|operation| operation.path).find(|template| fits(template))
}

/// The operations that are served with these faults.
pub(crate) fn served(faults: &Faults) -> Vec<Operation> {
    BEHIND.into_iter().flat_map(|service| routes(service, faults).into_parts().1).collect()
}

/// What a listener of this service serves.
pub(crate) fn router(service: &'static str, node: &Arc<Node>) -> Router {
    let own = Router::new().route("/health", get(health::health)).route("/ready", get(health::ready));
    let own = match node.has(Behaviour::MetricsHidden) {
        true => own,
        false => own.route("/metrics", get(health::scrape)),
    };
    let own = own.with_state((Arc::clone(node), service));
    let gateway = service == "gateway";
    let router = if gateway {
        let passed = Router::new().fallback(gateway::proxy).with_state(Arc::clone(node));
        passed.merge(own).layer(from_fn_with_state(Arc::clone(node), gateway::edge))
    } else {
        let (router, _) = routes(service, &node.faults).into_parts();
        router.fallback(async || NOT_FOUND).with_state(Arc::clone(node)).merge(own)
    };
    let observed = Observed { node: Arc::clone(node), service, limited: !gateway };
    router.layer(from_fn_with_state(observed, observe::observe))
}
