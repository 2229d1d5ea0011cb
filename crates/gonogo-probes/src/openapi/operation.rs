//! `openapi/operation`: each operation of an API document: who may call it, what it says of
//! failure and success, and whether its examples and limits hold.

mod bodies;
mod responses;

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;

use super::document::listed;
use super::library::{Library, Spot};
use super::operations::{self, Authentication, Operation};
use super::public::{self, Writes};
use super::schema::Direction;
use super::survey::{self, Dialect, numbered};
use super::values::{Faults, Values};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

/// Looks at the operations of API documents.
pub(crate) struct Operations;

/// Parameters of `openapi/operation`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Operations {
    const ID: &'static str = "openapi/operation";
    const TITLE: &'static str = "What each operation of an API document promises, and to whom";
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
    fact("method", FactType::Text, "The method, in capitals."),
    fact("path", FactType::Text, "The path as written."),
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example.",
    ),
    fact("deprecated", FactType::Bool, "Whether it is marked as deprecated."),
    fact("operation_id", FactType::Bool, "Whether it has an `operationId`."),
    fact("described", FactType::Bool, "Whether it, or its path, has a summary or description."),
    fact("writes", FactType::Bool, "Whether the method is POST, PUT, PATCH or DELETE."),
    fact(
        "authentication",
        FactType::Text,
        "`required`, `optional` (one of the ways is to show nothing) or `none`.",
    ),
    fact(
        "declared_public",
        FactType::Bool,
        "Whether the operation itself says that callers need not show anything.",
    ),
    fact(
        "public_by_name",
        FactType::Bool,
        "Whether its names say that strangers call it: to log in, to register, a webhook, a health check.",
    ),
    fact(
        "others_authenticate",
        FactType::Bool,
        "Whether at least half of the operations of the document that write, and are not public by name, ask callers to show who they are.",
    ),
    fact(
        "takes_input",
        FactType::Bool,
        "Whether it has parameters or a body, or callers must show who they are: then it can refuse.",
    ),
    fact("responses", FactType::List, "The codes of its responses, in order."),
    fact(
        "client_errors",
        FactType::Bool,
        "Whether it says what it answers to a wrong request: a 4xx code, `4XX` or `default`.",
    ),
    fact(
        "server_errors",
        FactType::Bool,
        "Whether it says what it answers when it fails: a 5xx code, `5XX` or `default`.",
    ),
    fact("refusals", FactType::Bool, "Whether it has a response 401 or 403, `4XX` or `default`."),
    fact("successes", FactType::Bool, "Whether it has a response below 400, `default` or a range."),
    fact(
        "success_without_schema",
        FactType::List,
        "Successful JSON responses without a schema, as `{code, media, line}`.",
    ),
    fact("get_without_content", FactType::Bool, "Whether it is a GET whose response 200 has no content."),
    fact(
        "body_ignored",
        FactType::Bool,
        "Whether it has a body with anything in it, though servers and proxies may drop that of GET, HEAD and DELETE.",
    ),
    fact(
        "wrong_examples",
        FactType::List,
        "Examples written in it that do not fit their schema, as `{line, what}`; at most 50.",
    ),
    fact(
        "wrong_defaults",
        FactType::List,
        "`default` and `enum` values written in it that do not fit their schema, as `{line, what}`; at most 50.",
    ),
    fact(
        "unbounded",
        FactType::List,
        "Texts and lists of JSON bodies it takes without `maxLength` or `maxItems`, as `{where, line}`; at most 20.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for each operation of every document that can be read.
pub(super) fn items(repository: &Repository) -> Result<Vec<Item>, Unmeasured> {
    let survey = survey::survey(repository);
    let survey = (*survey).as_ref().map_err(Clone::clone)?;
    let library = &survey.library;
    let mut items = Vec::new();
    for document in &survey.documents {
        let Some(root) = document.root(library) else { continue };
        let operations = operations::of(library, root);
        let others_authenticate = Writes::of(root, &operations).are_guarded();
        let look = Look { library, dialect: document.dialect, root, others_authenticate };
        let mut seen = BTreeMap::new();
        for operation in &operations {
            let key = numbered(&mut seen, format!("{}:{}", document.path, operation.name()));
            items
                .push(look.of_operation(operation, key).fact("for_development", document.is_for_development));
        }
    }
    if items.is_empty() && survey.documents.iter().all(|document| !document.is_readable()) {
        return Err(Unmeasured::because("no OpenAPI document here can be read; `openapi/document` says why"));
    }
    Ok(items)
}

struct Look<'l> {
    library: &'l Library,
    dialect: Dialect,
    root: Spot<'l>,
    others_authenticate: bool,
}

impl<'l> Look<'l> {
    fn of_operation(&self, operation: &Operation<'l>, key: String) -> Item {
        let spot = operation.spot;
        let says = |key: &str| {
            [spot, operation.item]
                .iter()
                .any(|part| part.text(key).is_some_and(|text| !text.trim().is_empty()))
        };
        let authentication = operation.authentication(self.root);
        let item = Item::new(key)
            .read_at(operation.location.clone())
            .fact("method", operation.method.as_str())
            .fact("path", operation.path)
            .fact("deprecated", spot.is_true("deprecated"))
            .fact("operation_id", spot.text("operationId").is_some())
            .fact("described", says("summary") || says("description"))
            .fact("writes", operation.writes())
            .fact("authentication", authentication.name())
            .fact(
                "declared_public",
                spot.get("security").is_some() && authentication != Authentication::Required,
            )
            .fact("public_by_name", public::is_public(operation))
            .fact("others_authenticate", self.others_authenticate);
        self.values(operation, self.contents(operation, authentication, item))
    }

    fn contents(&self, operation: &Operation<'l>, authentication: Authentication, item: Item) -> Item {
        let has_parameters = operation.parameters(self.library).is_none_or(|all| !all.is_empty());
        let has_body = operation.spot.get("requestBody").is_some();
        let item = item
            .fact("takes_input", has_parameters || has_body || authentication != Authentication::None)
            .fact(
                "body_ignored",
                bodies::says_something(self.library, operation)
                    && matches!(operation.method.as_str(), "GET" | "HEAD" | "DELETE"),
            )
            .fact("unbounded", bodies::unbounded(self.library, operation));
        responses::facts(self.library, operation, item)
    }

    /// Examples and defaults that are written in the operation itself.
    fn values(&self, operation: &Operation<'l>, item: Item) -> Item {
        let mut faults = Faults::default();
        let values = |direction| Values { library: self.library, dialect: self.dialect, direction };
        for key in ["parameters", "requestBody"] {
            operation
                .spot
                .get(key)
                .into_iter()
                .for_each(|part| values(Direction::Request).of_part(part, &mut faults));
        }
        if let Some(part) = operation.spot.get("responses") {
            values(Direction::Response).of_part(part, &mut faults);
        }
        item.fact("wrong_examples", listed(&faults.examples)).fact("wrong_defaults", listed(&faults.defaults))
    }
}
