//! What was seen of one operation, and of all of them together, as facts. It asks nothing.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::fact::{Item, Value};
use serde_json::{Map, json};

use super::forgotten::Forgotten;
use crate::api::compare::{Break, Differences};
use crate::openapi::served::Operation;
use crate::tools::http::Answer;

/// More is not told of one operation.
const MOST_BREAKS: usize = 20;

/// What was seen of one operation.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// It was asked with good input and answered by itself, not by a limiter.
    pub(super) asked: bool,
    /// Something came back at all, or nothing was sent.
    pub(super) answered: bool,
    pub(super) why_not: Option<String>,
    status: Option<u16>,
    succeeded: bool,
    statuses: BTreeMap<u16, u64>,
    undeclared_statuses: BTreeSet<u16>,
    undeclared_types: BTreeSet<String>,
    invalid_bodies: u64,
    breaks: BTreeSet<Break>,
    missing_headers: BTreeSet<String>,
    not_compared: Option<String>,
    bad_inputs: u64,
    accepted: Vec<String>,
}

impl Measured {
    pub(super) fn skipped(why: String) -> Measured {
        // Nothing was sent, so nothing speaks for a service that does not answer.
        Measured { why_not: Some(why), ..Measured::default() }
    }

    pub(super) fn good(&mut self, answer: &Answer, differences: Differences) {
        let status = answer.status.as_u16();
        self.answered = true;
        self.status = Some(status);
        self.asked = status != 429;
        if !self.asked {
            self.why_not = Some("it was answered 429, too many requests; raise `patience`".to_owned());
        }
        self.succeeded = status < 400;
        self.add(answer, differences);
    }

    pub(super) fn bad(&mut self, what: &str, answer: &Answer, differences: Differences) {
        self.bad_inputs = self.bad_inputs.saturating_add(1);
        if answer.status.as_u16() < 400 {
            self.accepted.push(what.to_owned());
        }
        self.add(answer, differences);
    }

    /// Whether wrong input would be refused because it is wrong, and not because of who asks.
    pub(super) fn understood(&self) -> bool {
        self.asked && !matches!(self.status, Some(401 | 403))
    }

    fn add(&mut self, answer: &Answer, differences: Differences) {
        let count = self.statuses.entry(answer.status.as_u16()).or_default();
        *count = count.saturating_add(1);
        self.undeclared_statuses.extend(differences.undeclared_status);
        self.undeclared_types.extend(differences.undeclared_type);
        self.missing_headers.extend(differences.missing_headers);
        self.invalid_bodies = self.invalid_bodies.saturating_add(u64::from(!differences.breaks.is_empty()));
        self.breaks.extend(differences.breaks);
        self.not_compared = self.not_compared.take().or(differences.not_compared);
    }

    pub(super) fn item(&self, operation: &Operation) -> Item {
        let item = Item::new(operation.name())
            .read_at(operation.location.clone())
            .fact("kind", "operation")
            .fact("asked", self.asked)
            .fact_if_known("why_not", self.why_not.clone());
        if !self.answered {
            return item;
        }
        let errors = self.statuses.iter().filter(|(status, _)| **status >= 500);
        item.fact("succeeded", self.succeeded)
            .fact_if_known("status", self.status)
            .fact("websocket", operation.is_socket())
            .fact("requests", self.statuses.values().sum::<u64>())
            .fact("statuses", counted(&self.statuses))
            .fact("undeclared_statuses", list(&self.undeclared_statuses))
            .fact("undeclared_types", list(&self.undeclared_types))
            .fact("invalid_bodies", self.invalid_bodies)
            .fact("violations", self.breaks.iter().take(MOST_BREAKS).map(Break::told).collect::<Vec<Value>>())
            .fact("missing_headers", list(&self.missing_headers))
            .fact_if_known("not_compared", self.not_compared.clone())
            .fact("bad_inputs", self.bad_inputs)
            .fact("bad_inputs_accepted", self.accepted.len())
            .fact("accepted", self.accepted.clone())
            .fact("server_errors", errors.map(|(_, count)| count).sum::<u64>())
    }
}

/// All operations together.
pub(super) fn coverage(measured: &[(&Operation, Measured)], forgotten: &Forgotten, requests: u64) -> Item {
    let count = |is: fn(&Measured) -> bool| measured.iter().filter(|(_, one)| is(one)).count();
    let mut skipped: Vec<String> =
        measured.iter().filter(|(_, one)| !one.asked).map(|(operation, _)| operation.name()).collect();
    skipped.sort();
    Item::new("document")
        .fact("kind", "document")
        .fact("operations", measured.len())
        .fact("operations_asked", count(|one| one.asked))
        .fact("operations_succeeded", count(|one| one.succeeded))
        .fact("skipped", skipped)
        .fact("undeclared_methods", forgotten.methods.clone())
        .fact("requests", requests)
}

fn counted(statuses: &BTreeMap<u16, u64>) -> Map<String, Value> {
    statuses.iter().map(|(status, count)| (status.to_string(), json!(count))).collect()
}

fn list<T: serde::Serialize>(values: &BTreeSet<T>) -> Vec<Value> {
    values.iter().map(|value| json!(value)).collect()
}
