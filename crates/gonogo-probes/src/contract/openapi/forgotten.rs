//! What is served and not declared: methods of declared paths, and paths that people forget. Each
//! is compared with what the service answers where surely nothing is.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::fact::{Item, Location};
use reqwest::Method;

use super::Look;
use crate::api::fill::{Content, Form};
use crate::http::address::joined;
use crate::openapi::served::Operation;
use crate::tools::http::{Question, shown};

/// Where surely nothing is served.
const NOWHERE: &str = "/gonogo-nothing-is-served-here";
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Forgotten {
    /// `POST /path`.
    pub(super) methods: Vec<String>,
    paths: Vec<Tried>,
}

#[derive(Debug)]
struct Tried {
    path: String,
    at: String,
    /// `None` when it gave no answer.
    status: Option<u16>,
    served: Option<bool>,
}

impl Forgotten {
    pub(super) async fn look(look: &mut Look<'_>) -> Forgotten {
        let mut forgotten = Forgotten::default();
        for operation in undeclared(&look.interface.operations, look.params.deletes) {
            // A name of a path that cannot be made up was told of its operations already.
            let Ok(mut filled) = look.filler.fill(&operation) else { continue };
            filled.body = (operation.method != "GET").then(empty);
            if let Ok(answer) = look.ask(&operation, &filled).await
                && is_handled(answer.status.as_u16())
            {
                forgotten.methods.push(operation.name());
            }
        }
        let nowhere = look.status(NOWHERE).await;
        for path in look.params.also_try.clone() {
            let is_declared = look.interface.operations.iter().any(|operation| operation.path == path);
            if is_declared {
                continue;
            }
            let (at, status) = (look.at(&path), look.status(&path).await);
            let served = status.zip(nowhere).map(|(status, nowhere)| status != nowhere && is_there(status));
            forgotten.paths.push(Tried { path, at, status, served });
        }
        forgotten
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Item> {
        self.paths.iter().map(|tried| {
            Item::new(format!("GET {}", tried.path))
                .read_at(Location::of(&tried.at))
                .fact("kind", "path")
                .fact_if_known("status", tried.status)
                .fact_if_known("served", tried.served)
        })
    }
}

impl Look<'_> {
    fn at(&self, path: &str) -> String {
        joined(&self.asker.base, path).map_or_else(|_| path.to_owned(), |url| shown(&url))
    }

    async fn status(&mut self, path: &str) -> Option<u16> {
        let url = joined(&self.asker.base, path).ok()?;
        let headers = self.headers.clone();
        let question = Question { method: Method::GET, url, headers, body: None, follow: false };
        let (answer, _) = self.asker.send(&question).await.ok()?;
        Some(answer.status.as_u16())
    }
}

fn empty() -> Content {
    Content { media: "application/json".to_owned(), form: Form::Json(serde_json::json!({})) }
}

/// Whether an undeclared method is one that somebody handles: refused by who asks, it is not known.
fn is_handled(status: u16) -> bool {
    !matches!(status, 401 | 403 | 404 | 405 | 429 | 501)
}

/// Whether something is behind a path, also when it may not be seen.
fn is_there(status: u16) -> bool {
    !matches!(status, 404 | 405 | 410 | 429 | 501)
}

/// An operation for each method that a declared path does not declare.
fn undeclared(operations: &[Operation], deletes: bool) -> Vec<Operation> {
    let mut declared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in operations {
        declared.entry(&operation.path).or_default().insert(&operation.method);
    }
    let mut found = Vec::new();
    for (path, methods) in declared {
        let Some(like) = operations.iter().find(|operation| operation.path == path) else { continue };
        for method in METHODS.iter().filter(|method| !methods.contains(*method)) {
            if *method == "DELETE" && !deletes {
                continue;
            }
            let inputs = like.inputs.iter().filter(|input| input.place == "path").cloned().collect();
            let method = (*method).to_owned();
            found.push(Operation { method, inputs, body: None, ..like.clone() });
        }
    }
    found
}
