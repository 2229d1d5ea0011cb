//! `openapi/change`: what became of the promises of an API document: each change between an old
//! document and the one of today that somebody who kept to the old one may notice.

mod body;
mod comparison;
mod found;
mod items;
mod operation;
mod pair;
mod parameters;
mod schema;
mod security;
mod server;
mod shape;

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::Item;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use super::survey::{self, Document, Survey};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository, folder_of};
use comparison::Comparison;
use found::{At, Change, Kind, Side, Variance};
use items::Setting;
use pair::{Paired, pairs};
use shape::Edition;

/// Looks at what changed in API documents.
pub(crate) struct Changes;

/// Parameters of `openapi/change`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The documents as they were: one document, or a folder with documents at the same paths; relative to the target, which may hold it.
    against: String,
}

impl Probe for Changes {
    const ID: &'static str = "openapi/change";
    const TITLE: &'static str =
        "What changed in API documents that those who keep to the old ones may notice";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let place = Place::of(context);
        let here = place.clone();
        let look = move |repository: &Repository| {
            let there = here.named(&params.against);
            let before = there.open()?;
            let against = Against { repository: &before, name: &params.against, inside: here.below(&there) };
            Ok(Looked { items: items(repository, &against, Timestamp::now())?, artefacts: Vec::new() })
        };
        place.look(look).await
    }
}

/// The documents as they were.
pub(super) struct Against<'r> {
    pub(super) repository: &'r Repository,
    /// As the parameter names it.
    pub(super) name: &'r str,
    /// Where it is in the target, when it is there.
    pub(super) inside: Option<String>,
}

impl Against<'_> {
    /// The folder of the old documents, as people name it.
    fn folder(&self) -> &str {
        let folder = if self.repository.only().is_some() { folder_of(self.name) } else { self.name };
        folder.trim_end_matches('/')
    }

    /// Whether a file of the target is one of the old documents.
    fn holds(&self, path: &str) -> bool {
        let Some(inside) = &self.inside else { return false };
        path.strip_prefix(inside.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "summary",
        FactType::Bool,
        "Whether this is the one item about a document as a whole, and not about a change.",
    ),
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example.",
    ),
    fact("change", FactType::Text, "What changed, `none` for the summary: one of the kinds listed above."),
    fact(
        "side",
        FactType::Text,
        "Which side of a call it is about: `request` (what clients send), `response` (what they are answered) or `whole`. Of webhooks and callbacks clients receive the request.",
    ),
    fact(
        "variance",
        FactType::Text,
        "How the values that are possible differ: `narrowed`, `widened`, `other` (both, or it cannot be told) or `same`.",
    ),
    fact(
        "breaks",
        FactType::Text,
        "Who may notice: `callers` of the operation, `senders` of what was allowed, `receivers` of what was not possible, `generators` of code, `unknown` or `nobody`.",
    ),
    fact(
        "subject",
        FactType::Text,
        "What changed, in words: `GET /orders query parameter limit`, `schema Order /total`.",
    ),
    fact(
        "method",
        FactType::Text,
        "The method of the first operation it reaches; empty without one. Absent from the summary.",
    ),
    fact("path", FactType::Text, "The path of that operation. Absent from the summary."),
    fact("operations", FactType::List, "The operations it reaches, at most 20. Absent from the summary."),
    fact("uses", FactType::Int, "How many operations it reaches. Absent from the summary."),
    fact("old", FactType::Text, "What was there before, at most 120 characters. Absent from the summary."),
    fact("new", FactType::Text, "What is there now. Absent from the summary."),
    fact(
        "keyword",
        FactType::Text,
        "The keyword of the schema, where the kind of change does not say it: `maxLength`.",
    ),
    fact("was_required", FactType::Bool, "Whether what is gone had to be there."),
    fact("closed", FactType::Bool, "Whether the new object refuses properties that it does not name."),
    fact("success", FactType::Bool, "Whether it is about a successful response."),
    fact("was_deprecated", FactType::Bool, "Whether what is gone was deprecated, or what is there is now."),
    fact("sunset", FactType::Text, "The day it was said to end, from `x-sunset`; empty without."),
    fact("sunset_passed", FactType::Bool, "Whether that day is over."),
    fact("compared", FactType::Bool, "Of the summary: whether the document was compared with an old one."),
    fact("added", FactType::Bool, "Of the summary: whether there was no such document before."),
    fact("why", FactType::Text, "Of the summary: why it was not compared."),
    fact("old_document", FactType::Text, "Of the summary: the document it was compared with."),
    fact("old_version", FactType::Text, "Of the summary: `info.version` as it was."),
    fact("new_version", FactType::Text, "Of the summary: `info.version` as it is."),
    fact(
        "version_raised",
        FactType::Bool,
        "Of the summary: whether the first number of the version is higher, or below 1.0 the second.",
    ),
    fact("operations_compared", FactType::Int, "Of the summary: operations that there were before."),
    fact("operations_added", FactType::Int, "Of the summary: operations that are new."),
    fact("changes", FactType::Int, "Of the summary: changes that were found."),
    fact(
        "breaking",
        FactType::Int,
        "Of the summary: changes that callers, senders or receivers may notice, without what ended on a day that was said.",
    ),
    fact("not_compared", FactType::Int, "Of the summary: parts that were not compared."),
    fact(
        "refs_not_followed",
        FactType::List,
        "Of the summary: references to what is not read, the same in both documents; what they lead to is taken to be the same.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for each change and one for each document.
pub(super) fn items(
    repository: &Repository,
    against: &Against<'_>,
    now: Timestamp,
) -> Result<Vec<Item>, Unmeasured> {
    let (new, old) = (survey::survey(repository), survey::survey(against.repository));
    let new = (*new).as_ref().map_err(Clone::clone)?;
    let old = (*old).as_ref().map_err(|_| {
        Unmeasured::because(format!(
            "there is no OpenAPI document in `{}`, which `against` names",
            against.name
        ))
    })?;
    let documents: Vec<&Document> =
        new.documents.iter().filter(|document| !against.holds(&document.path)).collect();
    if documents.is_empty() {
        let why = "there is no OpenAPI document in this folder beside those that `against` names";
        return Err(Unmeasured::because(why));
    }
    let is_one = against.repository.only().is_some();
    let is_asked = |pair: &Paired<'_>| !is_one || pair.old.is_some() && pair.new.is_some();
    let paired: Vec<Paired<'_>> =
        pairs(documents, old.documents.iter().collect()).into_iter().filter(is_asked).collect();
    if paired.is_empty() {
        let why = format!(
            "there are several OpenAPI documents in this folder and none is called as `{}` is; name the one as `target`",
            against.name
        );
        return Err(Unmeasured::because(why));
    }
    let mut found = Vec::new();
    for pair in &paired {
        of_pair(new, old, pair, (against.folder(), now), &mut found);
    }
    Ok(found)
}

fn of_pair(
    new: &Survey,
    old: &Survey,
    pair: &Paired<'_>,
    (old_folder, now): (&str, Timestamp),
    found: &mut Vec<Item>,
) {
    let Some(document) = pair.new.or(pair.old) else { return };
    let setting = Setting { document, old_folder, now };
    let (Some(after), Some(before)) = (pair.new, pair.old) else {
        found.push(match pair.old {
            None => setting.not_compared(true, "there was no such document before", 1),
            Some(gone) => document_gone(&setting, gone),
        });
        return;
    };
    let (Some(new_root), Some(old_root)) = (after.root(&new.library), before.root(&old.library)) else {
        found.push(unreadable(&setting, after, before));
        return;
    };
    let mut comparison = Comparison::new(
        Edition { library: &old.library, dialect: before.dialect, root: old_root },
        Edition { library: &new.library, dialect: after.dialect, root: new_root },
    );
    let added = operation::compare(&mut comparison);
    operation::webhooks(&mut comparison);
    comparison.settle();
    found.push(setting.compared(before, &comparison, added));
    let mut numbers = BTreeMap::new();
    let operations = &comparison.operations;
    found.extend(comparison.changes.iter().map(|change| setting.item(change, operations, &mut numbers)));
}

fn document_gone(setting: &Setting<'_>, gone: &Document) -> Item {
    let at = At { is_old: true, file: gone.path.clone(), line: 1, column: 1 };
    let subject = format!("the document {}", gone.path);
    let change = Change::new(Kind::DocumentRemoved, Side::Whole, Variance::Narrowed, &subject, at);
    setting.item(&change.values(&setting.old(&gone.path), "none"), &[], &mut BTreeMap::new())
}

fn unreadable(setting: &Setting<'_>, after: &Document, before: &Document) -> Item {
    if let Some(problem) = after.problems.first() {
        return setting.not_compared(false, &problem.what, problem.line);
    }
    let what = before.problems.first().map_or("it cannot be read", |problem| &*problem.what);
    setting.not_compared(false, &format!("{}: {what}", setting.old(&before.path)), 1)
}

#[cfg(test)]
mod tests;
