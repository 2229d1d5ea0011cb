//! `unfinished/marker`: source files that run in production and say themselves that something is
//! missing.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::reach::{is_aside, is_generated};
use super::said::{Said, Saying, saying};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::Redactor;
use crate::repository::{Kind, Place, Repository};

/// Looks at source files.
pub(crate) struct Marker;

/// Parameters of `unfinished/marker`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Marker {
    const ID: &'static str = "unfinished/marker";
    const TITLE: &'static str = "What the code itself says is missing: notes, stubs, stand-ins";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let secrets = std::sync::Arc::clone(&context.secrets);
        let look = move |repository: &Repository| {
            repository.some_of_kind(Kind::Code)?;
            Ok(Looked { items: items(repository, &secrets), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "notes",
        FactType::List,
        "`TODO`, `FIXME`, `HACK` and `XXX` in comments, without those of `fixed_answers`, as `{line, text}`; at most 20.",
    ),
    fact("note_count", FactType::Int, "How many there are."),
    fact(
        "missing",
        FactType::List,
        "Calls that end the work with \"not implemented\", as `{line, text}`; at most 20.",
    ),
    fact(
        "perhaps_missing",
        FactType::List,
        "`raise NotImplementedError` without a word, outside of classes that say that they are abstract; as `{line, text}`, at most 20.",
    ),
    fact(
        "fixed_answers",
        FactType::List,
        "`return true` and its like with such a note on the same line, as `{line, text}`; at most 20.",
    ),
    fact("fillers", FactType::List, "\"Lorem ipsum\" and \"coming soon\", as `{line, text}`; at most 20."),
    fact(
        "stand_ins",
        FactType::List,
        "Uses of names such as `MockMailer` that source files outside tests declare, as `{line, text}`; at most 20.",
    ),
    fact("files", FactType::Int, "Source files that were read. Only of the item `.`, which is always there."),
    fact(
        "aside",
        FactType::Int,
        "Source files that were left out: tests, examples, generated. Only of the item `.`.",
    ),
    fact(
        "unread",
        FactType::Int,
        "Source files that could not be read: too large, not UTF-8. Only of the item `.`.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// Bytes of one file, and of all of them.
const FILE: u64 = 1 << 20;
const ALL: usize = 512 << 20;
/// Entries of a list.
const MOST: usize = 20;

/// One item for each file that says something, and one for the folder.
pub(super) fn items(repository: &Repository, secrets: &Redactor) -> Vec<Item> {
    let mut read: Vec<(&str, Saying)> = Vec::new();
    let (mut aside, mut unread, mut files, mut bytes) = (0_usize, 0_usize, 0_usize, 0_usize);
    for path in repository.of_kind(Kind::Code) {
        if repository.only().is_none() && is_aside(path) {
            aside = aside.saturating_add(1);
            continue;
        }
        match repository.text(path, FILE) {
            Ok(text) if is_generated(&text) => aside = aside.saturating_add(1),
            Ok(text) if bytes.saturating_add(text.len()) <= ALL => {
                bytes = bytes.saturating_add(text.len());
                files = files.saturating_add(1);
                read.push((path, saying(path, &text)));
            }
            _ => unread = unread.saturating_add(1),
        }
    }
    let declared: BTreeSet<&str> =
        read.iter().flat_map(|(_, saying)| &saying.declared).map(|said| said.text.as_str()).collect();
    let none = Saying::default();
    let top = item(".", &none, Vec::new(), secrets)
        .fact("files", files)
        .fact("aside", aside)
        .fact("unread", unread);
    let mut items = vec![top];
    for (path, saying) in &read {
        let used: Vec<Said> =
            saying.used.iter().filter(|said| declared.contains(said.text.as_str())).cloned().collect();
        items.extend(says_anything(saying, &used).then(|| item(path, saying, used, secrets)));
    }
    items
}

fn says_anything(saying: &Saying, used: &[Said]) -> bool {
    let lists =
        [&saying.notes, &saying.missing, &saying.perhaps_missing, &saying.fixed_answers, &saying.fillers];
    !used.is_empty() || lists.iter().any(|list| !list.is_empty())
}

fn item(path: &str, saying: &Saying, used: Vec<Said>, secrets: &Redactor) -> Item {
    let list = |said: &[Said]| -> Vec<Value> {
        let entries = said.iter().take(MOST);
        entries.map(|said| json!({"line": said.line, "text": secrets.redact(&said.text)})).collect()
    };
    // What weighs most is what the item points at.
    let order = [
        &saying.missing,
        &saying.fixed_answers,
        &used,
        &saying.perhaps_missing,
        &saying.fillers,
        &saying.notes,
    ];
    let first = order.iter().find_map(|list| list.first());
    let at = Location {
        source: path.to_owned(),
        line: Some(first.map_or(1, |said| said.line)),
        column: Some(first.map_or(1, |said| said.column)),
    };
    Item::new(path)
        .read_at(at)
        .fact("notes", list(&saying.notes))
        .fact("note_count", saying.notes.len())
        .fact("missing", list(&saying.missing))
        .fact("perhaps_missing", list(&saying.perhaps_missing))
        .fact("fixed_answers", list(&saying.fixed_answers))
        .fact("fillers", list(&saying.fillers))
        .fact("stand_ins", list(&used))
}
