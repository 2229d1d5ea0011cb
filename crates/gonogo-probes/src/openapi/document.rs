//! `openapi/document`: each API document for itself: whether it can be read, whether it agrees
//! with itself, and what it says of servers and security.

mod components;
mod endless;
mod parameters;
mod references;
mod security;
mod servers;

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::library::{Library, Spot};
use super::operations::{self, Operation};
use super::public::Writes;
use super::schema::{Break, Direction};
use super::survey::{self, Dialect};
use super::values::{Faults, Values};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

/// Looks at API documents.
pub(crate) struct Document;

/// Parameters of `openapi/document`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Document {
    const ID: &'static str = "openapi/document";
    const TITLE: &'static str = "Whether API documents can be read and agree with themselves";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        Place::of(context)
            .look(|repository| Ok(Looked { items: items(repository)?, artefacts: Vec::new() }))
            .await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "readable",
        FactType::Bool,
        "Whether the document can be read. Otherwise every fact below `for_development` is absent.",
    ),
    fact("problems", FactType::List, "Why it cannot be read, as `{line, what}`."),
    fact("version", FactType::Text, "The version of OpenAPI it says it follows; empty when it does not say."),
    fact("swagger", FactType::Bool, "Whether it is written in Swagger 2.0, which is not read."),
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example; a folder of documentation does not say so.",
    ),
    fact("operations", FactType::Int, "Operations below `paths`."),
    fact("writes", FactType::Int, "Of these, those with POST, PUT, PATCH or DELETE."),
    fact(
        "unresolved_refs",
        FactType::List,
        "References that lead to nothing, as `{file, line, ref, why}`, of every file it consists of; at most 50.",
    ),
    fact("refs_not_followed", FactType::Int, "References to other machines, or by a name: not looked at."),
    fact(
        "endless_schemas",
        FactType::List,
        "Schemas that no finite value can fit, because each needs another without an end, as `{name, line}`.",
    ),
    fact(
        "duplicate_operation_ids",
        FactType::List,
        "`operationId`s that two operations have, as `{id, line}` of the later one.",
    ),
    fact(
        "duplicate_paths",
        FactType::List,
        "Paths that differ from another one only in the names of parameters, as `{path, other, line}`.",
    ),
    fact(
        "undeclared_parameters",
        FactType::List,
        "Names in braces of a path that are no parameter of the operation, as `{operation, name, line}`.",
    ),
    fact(
        "unknown_parameters",
        FactType::List,
        "Parameters `in: path` that the path does not have, as `{operation, name, line}`.",
    ),
    fact(
        "unused_components",
        FactType::List,
        "Components that nothing refers to, as `section/name`; empty where the document has no operations.",
    ),
    fact("unused_security_schemes", FactType::List, "Security schemes that no operation asks for."),
    fact(
        "undeclared_security",
        FactType::List,
        "Security schemes that are asked for and not declared, as `{scheme, line}`.",
    ),
    fact(
        "guarded_writes",
        FactType::Int,
        "Operations that write and ask callers to show who they are, without those that strangers must be able to call by their names.",
    ),
    fact(
        "open_writes",
        FactType::Int,
        "Operations that write and do not ask, without those, and without those that say so themselves with an empty `security`.",
    ),
    fact("declares_security", FactType::Bool, "Whether it declares any security scheme."),
    fact(
        "undeclared_tags",
        FactType::List,
        "Tags of operations that are not in `tags`; empty where the document declares none.",
    ),
    fact("servers", FactType::Int, "Servers it names."),
    fact("local_only", FactType::Bool, "Whether every server it names is the machine of the reader."),
    fact(
        "plain_servers",
        FactType::List,
        "Servers beyond loopback and private networks that are reached with `http:`, as `{host, line}`.",
    ),
    fact(
        "wrong_examples",
        FactType::List,
        "Examples of components that do not fit their schema, as `{line, what}`; at most 50.",
    ),
    fact(
        "wrong_defaults",
        FactType::List,
        "`default` and `enum` values of components that do not fit their schema, as `{line, what}`; at most 50.",
    ),
];

/// Entries of one list.
const MOST: usize = 50;

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for each document.
pub(super) fn items(repository: &Repository) -> Result<Vec<Item>, Unmeasured> {
    let survey = survey::survey(repository);
    let survey = (*survey).as_ref().map_err(Clone::clone)?;
    Ok(survey.documents.iter().map(|document| of_document(&survey.library, document)).collect())
}

fn of_document(library: &Library, document: &survey::Document) -> Item {
    let problems: Vec<Value> =
        document.problems.iter().map(|problem| json!({"line": problem.line, "what": problem.what})).collect();
    let line = document.problems.first().map_or(1, |problem| problem.line);
    let item = Item::new(&document.path)
        .read_at(Location { source: document.path.clone(), line: Some(line), column: Some(1) })
        .fact("readable", document.is_readable())
        .fact("problems", problems)
        .fact("version", document.version.as_str())
        .fact("swagger", document.dialect == Dialect::Swagger)
        .fact("for_development", document.is_for_development);
    match document.root(library) {
        Some(root) => of_root(library, document.dialect, root, item),
        None => item,
    }
}

fn of_root(library: &Library, dialect: Dialect, root: Spot<'_>, item: Item) -> Item {
    let operations = operations::of(library, root);
    let references = references::of(library, root);
    let security = security::of(library, root, &operations);
    let writes = Writes::of(root, &operations);
    let servers = servers::of(library, root, &operations);
    let parameters = parameters::of(library, &operations);
    let faults = component_faults(library, dialect, root);
    item.fact("operations", operations.len())
        .fact("writes", operations.iter().filter(|operation| operation.writes()).count())
        .fact("unresolved_refs", references.unresolved)
        .fact("refs_not_followed", references.not_followed)
        .fact("endless_schemas", endless::of(library, root))
        .fact("duplicate_operation_ids", duplicate_ids(&operations))
        .fact("duplicate_paths", duplicate_paths(library, root))
        .fact("undeclared_parameters", parameters.undeclared)
        .fact("unknown_parameters", parameters.unknown)
        .fact("unused_components", components::unused(library, root, operations.len()))
        .fact("unused_security_schemes", security.unused)
        .fact("undeclared_security", security.undeclared)
        .fact("guarded_writes", writes.guarded)
        .fact("open_writes", writes.open)
        .fact("declares_security", security.declares)
        .fact("undeclared_tags", undeclared_tags(root, &operations))
        .fact("servers", servers.count)
        .fact("local_only", servers.local_only)
        .fact("plain_servers", servers.plain)
        .fact("wrong_examples", listed(&faults.examples))
        .fact("wrong_defaults", listed(&faults.defaults))
}

/// Values that break their schema, for a fact.
pub(super) fn listed(breaks: &[Break]) -> Vec<Value> {
    breaks.iter().take(MOST).map(|found| json!({"line": found.line, "what": found.what})).collect()
}

fn component_faults(library: &Library, dialect: Dialect, root: Spot<'_>) -> Faults {
    let mut faults = Faults::default();
    let values = |direction| Values { library, dialect, direction };
    let Some(components) = root.get("components") else { return faults };
    for (section, parts) in components.own_entries() {
        for (_, part) in parts.entries() {
            match section.name.as_str() {
                "schemas" => values(Direction::Both).of_schema(part, &mut faults),
                "parameters" | "requestBodies" => values(Direction::Request).of_part(part, &mut faults),
                "responses" | "headers" => values(Direction::Response).of_part(part, &mut faults),
                _ => {}
            }
        }
    }
    faults
}

fn duplicate_ids(operations: &[Operation<'_>]) -> Vec<Value> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for operation in operations {
        let Some(id) = operation.spot.text("operationId") else { continue };
        let count = seen.entry(id).or_default();
        *count = count.saturating_add(1);
        if *count == 2 {
            found.push(json!({"id": id, "line": operation.location.line}));
        }
    }
    found
}

fn duplicate_paths(library: &Library, root: Spot<'_>) -> Vec<Value> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for (path, location, _) in operations::paths(library, root) {
        match seen.get(&operations::normalised(path)) {
            Some(other) => found.push(json!({"path": path, "other": other, "line": location.line})),
            None => drop(seen.insert(operations::normalised(path), path)),
        }
    }
    found
}

fn undeclared_tags(root: Spot<'_>, operations: &[Operation<'_>]) -> Vec<String> {
    let declared: Vec<&str> =
        root.get("tags").into_iter().flat_map(Spot::items).filter_map(|tag| tag.text("name")).collect();
    if declared.is_empty() {
        return Vec::new();
    }
    let used = operations.iter().filter_map(|operation| operation.spot.get("tags")).flat_map(Spot::items);
    let mut missing: Vec<String> = used
        .filter_map(|tag| tag.node.text())
        .filter(|tag| !declared.contains(tag))
        .map(str::to_owned)
        .collect();
    missing.sort();
    missing.dedup();
    missing
}
