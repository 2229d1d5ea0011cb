//! `unfinished/route`: whether what an API document promises is served by the code, and the
//! reverse. Routes in code are found by the forms that frameworks give them, so the look is blind
//! where it finds too few of them, and says so.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::reach::is_aside;
use crate::code::Said;
use crate::context::Context;
use crate::openapi::{Promise, promises};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Compares API documents with code.
pub(crate) struct Route;

/// Parameters of `unfinished/route`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Route {
    const ID: &'static str = "unfinished/route";
    const TITLE: &'static str = "Whether the code serves what the API document promises, and the reverse";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::OpenApi)?;
            Ok(Looked { items: items(repository), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact("operations", FactType::Int, "Operations that the document promises."),
    fact("routes", FactType::Int, "Routes that were found in the code of the whole repository."),
    fact("served", FactType::Int, "Operations that a route was found for, whatever stands before its path."),
    fact(
        "blind",
        FactType::Bool,
        "Whether for less than half of the operations a route was found: then routes are written in a form that is not known, and nothing can be said.",
    ),
    fact(
        "unserved",
        FactType::List,
        "Operations without a route, as `{operation, line}`, at most 50. Absent when `blind`.",
    ),
    fact(
        "undocumented",
        FactType::List,
        "Routes that no document of the repository promises, as `{route, path, line}`, at most 50. Absent when `blind`.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// Entries of a list.
const MOST: usize = 50;
/// Routes and operations that are compared with one another.
const COMPARED: usize = 5_000;
/// Paths that serve the people who run the system, and that no document promises.
const OPERATIONAL: [&str; 18] = [
    "health",
    "healthz",
    "livez",
    "readyz",
    "live",
    "ready",
    "liveness",
    "readiness",
    "metrics",
    "ping",
    "version",
    "status",
    "docs",
    "redoc",
    "swagger",
    "openapi",
    "favicon",
    "static",
];

/// A path and method in a form in which they can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shape {
    /// `*` when it is not said.
    method: String,
    /// Without empty parts; parameters are `{}`.
    parts: Vec<String>,
}

impl Shape {
    fn of(method: &str, path: &str) -> Shape {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Shape {
            method: method.to_uppercase(),
            parts: path.split('/').filter(|part| !part.is_empty()).map(part).collect(),
        }
    }

    /// Whether they may be the same, when a router or a server puts something before one of them.
    fn may_be(&self, other: &Shape) -> bool {
        let same_method = self.method == other.method || self.method == "*" || other.method == "*";
        let (short, long) = if self.parts.len() <= other.parts.len() {
            (&self.parts, &other.parts)
        } else {
            (&other.parts, &self.parts)
        };
        let says_something = short.iter().any(|part| part != "{}") || short.len() == long.len();
        same_method && says_something && long.ends_with(short)
    }
}

/// `{id}`, `:id`, `<int:id>`, `$id`, `[id]` and `*rest` are all a parameter.
fn part(text: &str) -> String {
    let is_parameter = text.starts_with([':', '<', '{', '*', '$', '[']) || text.contains('{');
    if is_parameter { "{}".to_owned() } else { text.to_lowercase() }
}

/// One item for each document that can be read.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let documents = promises(repository);
    let said: Vec<(&Said, Shape)> = repository
        .code()
        .routes
        .iter()
        .filter(|said| !is_aside(&said.path))
        .take(COMPARED)
        .filter_map(|said| {
            Some((said, said.name.split_once(' ').map(|(method, path)| Shape::of(method, path))?))
        })
        .collect();
    let promised: Vec<Shape> =
        documents.iter().flat_map(|(_, promises)| promises).take(COMPARED).map(shape).collect();
    let items = documents.iter().map(|(path, promises)| of_document(path, promises, &said, &promised));
    items.collect()
}

fn shape(promise: &Promise) -> Shape {
    Shape::of(&promise.method, &promise.path)
}

fn of_document(path: &str, promises: &[Promise], said: &[(&Said, Shape)], promised: &[Shape]) -> Item {
    let is_served = |promise: &Promise| {
        let shape = shape(promise);
        said.iter().any(|(_, route)| shape.may_be(route))
    };
    let promises = promises.get(..promises.len().min(COMPARED)).unwrap_or_default();
    let unserved: Vec<&Promise> = promises.iter().filter(|promise| !is_served(promise)).collect();
    let served = promises.len().saturating_sub(unserved.len());
    let blind = served == 0 || served < unserved.len();
    let first = unserved.first().filter(|_| !blind);
    let at = first.map_or(Location { source: path.to_owned(), line: Some(1), column: Some(1) }, |one| {
        one.location.clone()
    });
    let item = Item::new(path)
        .read_at(at)
        .fact("operations", promises.len())
        .fact("routes", said.len())
        .fact("served", served)
        .fact("blind", blind);
    if blind {
        return item;
    }
    let unserved = unserved.iter().take(MOST).map(|promise| {
        json!({"operation": format!("{} {}", promise.method, promise.path), "line": promise.location.line})
    });
    item.fact("unserved", unserved.collect::<Vec<Value>>()).fact("undocumented", undocumented(said, promised))
}

fn undocumented(said: &[(&Said, Shape)], promised: &[Shape]) -> Vec<Value> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let unknown = said.iter().filter(|(said, shape)| {
        let is_operational = shape
            .parts
            .iter()
            .any(|part| part.split(['.', '-', '_']).any(|word| OPERATIONAL.contains(&word)));
        let is_known = promised.iter().any(|promise| promise.may_be(shape));
        !shape.parts.is_empty() && !is_operational && !is_known && seen.insert(&said.name)
    });
    unknown
        .take(MOST)
        .map(|(said, _)| json!({"route": said.name, "path": said.path, "line": said.line}))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Detail;

    #[test]
    fn routes_are_the_same_whatever_frameworks_call_their_parameters() {
        let document = Shape::of("get", "/orders/{id}/items");
        for (method, path) in [
            ("GET", "/orders/:id/items"),
            ("*", "/orders/<int:order_id>/items/"),
            ("get", "/api/v1/orders/{order}/items"),
            ("GET", "/{id}/items"),
        ] {
            assert!(document.may_be(&Shape::of(method, path)), "{path}");
        }
        for (method, path) in
            [("POST", "/orders/:id/items"), ("GET", "/orders/:id"), ("GET", "/:x"), ("GET", "/")]
        {
            assert!(!document.may_be(&Shape::of(method, path)), "{path}");
        }
    }

    fn said(name: &str) -> Said {
        Said { name: name.to_owned(), path: "src/a.rs".to_owned(), line: 3, column: 1, detail: Detail::None }
    }

    fn promise(path: &str) -> Promise {
        Promise { method: "GET".to_owned(), path: path.to_owned(), location: Location::of("a.yaml") }
    }

    #[test]
    fn what_only_one_side_has_is_said_and_a_blind_look_says_nothing() {
        let promises = [promise("/a"), promise("/b/{id}"), promise("/c")];
        let shapes: Vec<Shape> = promises.iter().map(shape).collect();
        let look = |names: &[&str]| {
            let said: Vec<Said> = names.iter().map(|name| said(name)).collect();
            let routes: Vec<(&Said, Shape)> = said
                .iter()
                .filter_map(|one| one.name.split_once(' ').map(|(m, p)| (one, Shape::of(m, p))))
                .collect();
            of_document("a.yaml", &promises, &routes, &shapes)
        };
        let seen = look(&["GET /a", "GET /b/:id", "POST /d", "GET /metrics"]);
        assert_eq!(seen.facts["unserved"], json!([{"operation": "GET /c", "line": null}]));
        assert_eq!(seen.facts["undocumented"], json!([{"route": "POST /d", "path": "src/a.rs", "line": 3}]));
        let blind = look(&["GET /a", "GET /x"]);
        assert_eq!((&blind.facts["blind"], blind.facts.get("unserved")), (&json!(true), None));
    }
}
