//! What came of the payloads, of one operation and of all, as facts. It sends nothing.

use std::collections::BTreeSet;

use gonogo_model::catalog::{FactInfo, FactType, fact};
use gonogo_model::fact::{Item, Sampled, Value};

use crate::openapi::served::Operation;

/// What came of one operation.
#[derive(Debug, Default)]
pub(super) struct Tried {
    pub(super) why_not: Option<String>,
    /// Whether the good input was answered at all.
    pub(super) answered: bool,
    pub(super) good_status: Option<u16>,
    pub(super) inputs: Vec<String>,
    pub(super) payloads: u64,
    pub(super) unanswered: u64,
    pub(super) server_errors: u64,
    pub(super) suspicious: Vec<Value>,
    pub(super) hits: u64,
}

impl Tried {
    pub(super) fn item(&self, operation: &Operation) -> Item {
        let item = Item::new(operation.name())
            .read_at(operation.location.clone())
            .fact("kind", "operation")
            .fact("tried", self.why_not.is_none())
            .fact_if_known("why_not", self.why_not.clone())
            .fact_if_known("good_status", self.good_status);
        if self.why_not.is_some() {
            return item;
        }
        item.fact("inputs", self.inputs.clone())
            .fact("payloads", self.payloads)
            .fact("suspicious", self.suspicious.clone())
            .fact("server_errors", self.server_errors)
            .fact("unanswered", self.unanswered)
    }
}

/// All operations together.
pub(super) fn whole(all: &[(&Operation, Tried)], requests: u64) -> Item {
    let sum = |of: fn(&Tried) -> u64| all.iter().map(|(_, tried)| of(tried)).fold(0, u64::saturating_add);
    let (payloads, hits) = (sum(|tried| tried.payloads), sum(|tried| tried.hits));
    let left_out: BTreeSet<String> = all
        .iter()
        .filter(|(_, tried)| tried.why_not.is_some())
        .map(|(operation, _)| operation.name())
        .collect();
    let mut item = Item::new("input")
        .fact("kind", "whole")
        .fact("operations", all.len())
        .fact("operations_tried", all.len().saturating_sub(left_out.len()))
        .fact("skipped", left_out.into_iter().collect::<Vec<String>>())
        .fact("inputs_tried", all.iter().map(|(_, tried)| tried.inputs.len()).sum::<usize>())
        .fact("payloads", payloads)
        .fact("hits", hits)
        .fact("requests", requests);
    if hits == 0 && payloads > 0 {
        // 0 of n: with 95 % confidence fewer than this share of such payloads work.
        #[expect(clippy::cast_precision_loss, reason = "no look sends that many")]
        let bound = 1.0 - 0.05_f64.powf(1.0 / payloads as f64);
        item = item.fact("bound", bound);
    }
    item.sampled = Some(Sampled { samples: payloads, failures: hits });
    item
}

pub(super) const FACTS: &[FactInfo] = &[
    fact("kind", FactType::Text, "", "`operation`, or `whole` for all of them together."),
    fact("tried", FactType::Bool, "", "Whether payloads were sent to the operation."),
    fact("why_not", FactType::Text, "", "Why none was; absent when they were."),
    fact("good_status", FactType::Int, "", "The answer to good input."),
    fact(
        "inputs",
        FactType::List,
        "",
        "The inputs that take text, such as `query q` and `body /title`; each got every payload.",
    ),
    fact(
        "payloads",
        FactType::Int,
        "",
        "Payloads sent: inputs times payloads. Rounds that confirm one are not counted.",
    ),
    fact(
        "suspicious",
        FactType::List,
        "",
        "What worked, as `{input, payload, oracle}`: the input, the id of the payload, and what showed it. Without `input` it was stored by another operation.",
    ),
    fact("server_errors", FactType::Int, "", "Payloads that were answered with a status of 500 or more."),
    fact("unanswered", FactType::Int, "", "Requests that got no complete answer."),
    fact("operations", FactType::Int, "", "Whole: operations of the document."),
    fact(
        "operations_tried",
        FactType::Int,
        "",
        "Whole: how many of them got payloads, or have no input that takes text.",
    ),
    fact("skipped", FactType::List, "", "Whole: the operations that got none, by name."),
    fact("inputs_tried", FactType::Int, "", "Whole: inputs that got every payload."),
    fact("hits", FactType::Int, "", "Whole: payloads that worked."),
    fact("requests", FactType::Int, "", "Whole: requests sent, good ones and rounds included."),
    fact(
        "bound",
        FactType::Number,
        "",
        "Whole: with none of n payloads at work, the upper bound of the share that works at 95 % confidence, 1 − 0.05^(1/n); absent when one worked.",
    ),
    fact(
        "step_failed",
        FactType::Text,
        "",
        "Whole: the first of `steps` that failed, and why; absent when none did.",
    ),
    fact("cleaned_up", FactType::Bool, "", "Whole: whether all of `cleanup` could be done."),
];
