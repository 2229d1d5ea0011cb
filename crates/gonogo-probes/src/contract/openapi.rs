//! `contract/openapi`: asks every operation of a document with good and with wrong input, and
//! compares each answer with what the document says. What is not asked is counted too.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Value};

use reqwest::header::HeaderMap;

use self::forgotten::Forgotten;
use self::measured::Measured;
use self::params::Params;
use crate::api::ask::{Asker, Silence, handshake};
use crate::api::cast::Cast;
use crate::api::compare::compare;
use crate::api::document;
use crate::api::fill::{Filled, Filler};
use crate::api::order;
use crate::api::wrong;
use crate::context::Context;
use crate::http::address::{base, unmeasured};
use crate::openapi::served::{Interface, Operation};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{Answer, HttpClient};

mod forgotten;
mod measured;
mod params;

/// Asks the operations of a document.
pub(crate) struct Openapi;

impl Probe for Openapi {
    const ID: &'static str = "contract/openapi";
    const TITLE: &'static str = "Whether a running service answers as its OpenAPI document says";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "document", kinds: &[TargetKind::Path] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let client = HttpClient::new(&context.reach, params.timeout.0).map_err(unmeasured)?;
        let named = params.document.as_deref();
        let interface =
            document::read(context, &client, &base, named, params.document_path.as_deref()).await?;
        let cast = Cast::of(context, &params.script).await?;
        let values = cast.values(params.user.as_deref(), &params.values);
        let mut look = Look {
            context,
            params: &params,
            interface: &interface,
            filler: Filler { definitions: &interface.sent, values: &values },
            asker: Asker::new(client, base, params.patience.0),
            headers: cast.headers(params.user.as_deref()),
            first_silence: None,
        };
        let items = look.items().await?;
        let stumbled = cast.stumbled.clone();
        let left = cast.clean().await;
        Ok(Looked { items: with_left(items, stumbled, left), artefacts: Vec::new() })
    }
}

struct Look<'a> {
    context: &'a Context,
    params: &'a Params,
    interface: &'a Interface,
    filler: Filler<'a>,
    asker: Asker,
    headers: HeaderMap,
    first_silence: Option<String>,
}

impl Look<'_> {
    async fn items(&mut self) -> Result<Vec<Item>, Unmeasured> {
        let mut measured = Vec::new();
        for operation in order::safest_first(&self.interface.operations) {
            measured.push((operation, self.operation(operation).await));
        }
        if let Some(why) = self.first_silence.take().filter(|_| measured.iter().all(|(_, one)| !one.answered))
        {
            return Err(Unmeasured::because(why));
        }
        let forgotten = Forgotten::look(self).await;
        let mut items: Vec<Item> = self
            .interface
            .operations
            .iter()
            .filter_map(|operation| {
                let (_, one) = measured.iter().find(|(other, _)| std::ptr::eq(*other, operation))?;
                Some(one.item(operation))
            })
            .collect();
        items.extend(forgotten.items());
        items.push(measured::coverage(&measured, &forgotten, self.asker.requests));
        Ok(items)
    }

    async fn operation(&mut self, operation: &Operation) -> Measured {
        if let Some(why) = self.skipped(operation) {
            return Measured::skipped(why);
        }
        let good = match self.filler.fill(operation) {
            Ok(good) => good,
            Err(why) => return Measured::skipped(why),
        };
        let mut measured = Measured::default();
        match self.ask(operation, &good).await {
            Ok(answer) => measured.good(&answer, compare(self.interface, operation, &answer)),
            Err(why) => {
                measured.why_not = Some(why);
                return measured;
            }
        }
        if self.params.bad_inputs && measured.understood() {
            self.wrong(operation, &good, &mut measured).await;
        }
        measured
    }

    async fn wrong(&mut self, operation: &Operation, good: &Filled, measured: &mut Measured) {
        for wrong in wrong::inputs(self.interface, operation, good) {
            if let Ok(answer) = self.ask(operation, &wrong.filled).await {
                let differences = compare(self.interface, operation, &answer);
                measured.bad(&wrong.what, &answer, differences);
            }
        }
    }

    fn skipped(&self, operation: &Operation) -> Option<String> {
        let name = operation.name();
        if let Some(why) = self.params.skip.get(&name) {
            return Some(why.clone());
        }
        (operation.method == "DELETE" && !self.params.deletes)
            .then(|| "it deletes; allow it with `deletes: true`".to_owned())
    }

    async fn ask(&mut self, operation: &Operation, filled: &Filled) -> Result<Answer, String> {
        let mut headers = self.headers.clone();
        if operation.is_socket() {
            headers.extend(handshake());
        }
        match self.asker.ask(operation, filled, &headers).await {
            Ok((answer, _)) => {
                crate::http::get::headers::learn_received(&self.context.secrets, &answer.headers);
                if let Ok(body) = serde_json::from_slice::<Value>(&answer.body) {
                    self.context.secrets.learn_json(&body);
                }
                Ok(answer)
            }
            Err(silence) => {
                let why = silence.to_string();
                if matches!(silence, Silence::Http(_)) {
                    self.first_silence.get_or_insert(why.clone());
                }
                Err(why)
            }
        }
    }
}

fn with_left(mut items: Vec<Item>, stumbled: Option<String>, left: Option<String>) -> Vec<Item> {
    if let Some(document) = items.last_mut() {
        document.facts.insert("cleaned_up".to_owned(), left.is_none().into());
        if let Some(stumbled) = stumbled {
            document.facts.insert("step_failed".to_owned(), stumbled.into());
        }
        if let Some(left) = left {
            document.facts.insert("left_behind".to_owned(), left.into());
        }
    }
    items
}

/// How long a service that limits is waited for when nothing is said.
pub(super) const PATIENCE: Duration = Duration::from_secs(70);

const FACTS: &[FactInfo] = &[
    fact(
        "kind",
        FactType::Text,
        "",
        "`operation` (of the document), `path` (of `also_try`) or `document` (the whole).",
    ),
    fact(
        "asked",
        FactType::Bool,
        "",
        "Operation: whether it was asked with good input and answered. A limiter's 429 is no answer.",
    ),
    fact("why_not", FactType::Text, "", "Why it was not asked; absent when it was."),
    fact(
        "succeeded",
        FactType::Bool,
        "",
        "Whether good input was answered with a status under 400; for a WebSocket that is 101.",
    ),
    fact(
        "status",
        FactType::Int,
        "",
        "Status of the answer to good input; of a path in `also_try`, its status.",
    ),
    fact(
        "websocket",
        FactType::Bool,
        "",
        "Whether the operation makes the connection a WebSocket; it is asked with a handshake, and closed at once.",
    ),
    fact("requests", FactType::Int, "", "Requests that were answered; of the document, requests sent."),
    fact("statuses", FactType::Map, "", "How many answers had which status, by status code."),
    fact(
        "undeclared_statuses",
        FactType::List,
        "",
        "Statuses that were answered and are not declared, as numbers in order.",
    ),
    fact(
        "undeclared_types",
        FactType::List,
        "",
        "Media types that were answered and are not declared for their status, such as `200 text/html`.",
    ),
    fact("invalid_bodies", FactType::Int, "", "Answers whose JSON body does not fit its declared schema."),
    fact(
        "violations",
        FactType::List,
        "",
        "Where bodies do not fit, as `{status, pointer, keyword, missing}`, without values; at most 20.",
    ),
    fact(
        "missing_headers",
        FactType::List,
        "",
        "Required headers that an answer did not have, in lower case.",
    ),
    fact(
        "not_compared",
        FactType::Text,
        "",
        "Why a body could not be compared with its schema; absent when all were.",
    ),
    fact("bad_inputs", FactType::Int, "", "Wrong inputs that were answered."),
    fact(
        "bad_inputs_accepted",
        FactType::Int,
        "",
        "Of those, how many were answered with a status under 400.",
    ),
    fact("accepted", FactType::List, "", "What was wrong with those, such as `body /email missing`."),
    fact("server_errors", FactType::Int, "", "Answers with a status of 500 or more."),
    fact(
        "served",
        FactType::Bool,
        "",
        "Path of `also_try`: whether something is served there that the document does not have.",
    ),
    fact("operations", FactType::Int, "", "Document: its operations."),
    fact("operations_asked", FactType::Int, "", "Document: how many of them were asked."),
    fact(
        "operations_succeeded",
        FactType::Int,
        "",
        "Document: how many of them answered good input with success.",
    ),
    fact("skipped", FactType::List, "", "Document: the operations that were not asked, by name."),
    fact(
        "undeclared_methods",
        FactType::List,
        "",
        "Document: methods that its paths answer and it does not declare, as `POST /path`; DELETE is tried only with `deletes`.",
    ),
    fact(
        "step_failed",
        FactType::Text,
        "",
        "Document: the first of `steps` that failed, and why; absent when none did.",
    ),
    fact("cleaned_up", FactType::Bool, "", "Document: whether all of `cleanup` could be done."),
    fact(
        "left_behind",
        FactType::Text,
        "",
        "Document: why something could not be cleaned up; absent when all was.",
    ),
];
