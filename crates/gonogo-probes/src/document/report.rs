//! `document/report`: what readiness reports, go-live checklists and phase gates say. Which
//! Markdown file is one is decided by what can be read from it.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

mod elements;
pub(super) mod survey;

/// Looks at documents.
pub(crate) struct Report;

/// Parameters of `document/report`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Report {
    const ID: &'static str = "document/report";
    const TITLE: &'static str = "What readiness reports, go-live checklists and phase gates say";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let secrets = std::sync::Arc::clone(&context.secrets);
        let look = move |repository: &Repository| {
            repository.some_of_kind(Kind::Document)?;
            let items = elements::items(&survey::of(repository), &secrets);
            Ok(Looked { items, artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

const FACTS: &[FactInfo] = &[
    fact(
        "kind",
        FactType::Text,
        "What the item is: `folder`, `document`, or what a document says: `finding`, `category`, `item`, `score`, `task`, `blocker`, `decision`, `phase`, `acceptance`, `condition`, `criterion`, `effort`, `verdict`. All other facts are absent where a document does not state them.",
    ),
    fact(
        "name",
        FactType::Text,
        "What it is called, as written: a title, the name of a row, a line of a list.",
    ),
    fact("id", FactType::Text, "Its id: `BLOCKER-1`."),
    fact("section", FactType::Text, "The heading it stands under."),
    fact(
        "sure",
        FactType::Bool,
        "Whether a heading, a column or a label says that it is of this kind. Otherwise it is only likely.",
    ),
    fact(
        "status",
        FactType::Text,
        "How its state counts, from its words or its sign: `good`, `middling`, `bad`, `open`, `neutral`; `none` where it has none.",
    ),
    fact(
        "severity",
        FactType::Text,
        "`blocker`, `critical`, `high`, `medium`, `low` or `info`, in whatever language it is written; `none` where it has none.",
    ),
    fact(
        "disposition",
        FactType::Text,
        "What the document wants done about a finding: `must fix`, `should fix`, `deferred`, `accepted`.",
    ),
    fact(
        "timing",
        FactType::Text,
        "When a task or a condition is due: `before launch`, `at launch`, `after launch`.",
    ),
    fact("ticked", FactType::Bool, "Whether the box of a task is ticked."),
    fact("accepted", FactType::Bool, "Whether a risk is accepted."),
    fact("owner", FactType::Text, "Who has it."),
    fact(
        "call",
        FactType::Text,
        "What a verdict says: `go`, `approved`, `conditional go`, `approved with conditions`, `conditional no-go`, `no-go`, `not ready`, `blocked`, `rejected`.",
    ),
    fact("overall", FactType::Bool, "Whether a verdict is on the whole, not on a part or said in passing."),
    fact("says", FactType::Text, "The rest of it as written: a score, a duration, a choice, a mitigation."),
    fact("documents", FactType::Int, "Markdown files that were read. Only of the item `.`."),
    fact("reports", FactType::Int, "How many of them are about readiness. Only of the item `.`."),
    fact(
        "unread",
        FactType::List,
        "Markdown files that could not be read, as `{path, why}`; at most 20. Only of the item `.`.",
    ),
    fact(
        "signs",
        FactType::List,
        "What shows that a document is about readiness, such as `verdict` and `criteria`.",
    ),
    fact("elements", FactType::Int, "How many things a document says that were understood."),
    fact("listed", FactType::Int, "How many of them are items here; at most 400 of one document."),
    fact(
        "not_understood",
        FactType::List,
        "What was seen and not understood, as `{line, text, why}`; at most 20.",
    ),
    fact("not_understood_count", FactType::Int, "How many there are."),
    fact(
        "repaired",
        FactType::Int,
        "Stretches of text that had been read in a wrong encoding before (`âœ…` for ✅) and are repaired.",
    ),
    fact("broken", FactType::Int, "Stretches of bytes that are no text."),
    fact("skipped", FactType::List, "What was not read because it is too much, as `{line, why}`."),
];
