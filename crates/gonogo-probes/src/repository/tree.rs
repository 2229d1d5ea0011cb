//! `repository/tree`: how much of a folder the probes of a repository can see. What they cannot
//! see is listed: nothing is left out in silence.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::purpose::is_made_up;
use super::{Place, Repository};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

/// Looks at the whole tree.
pub(crate) struct Tree;

/// `repository/tree` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Tree {
    const ID: &'static str = "repository/tree";
    const TITLE: &'static str = "Which files of a folder are looked at, and which are not";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = &[
        fact("walked", FactType::Bool, "", "Whether it is looked at."),
        fact("skipped", FactType::Text, "", "Why it is not; absent for what is."),
        fact("files", FactType::Int, "", "Files that belong to the folder; only for the folder itself, `.`."),
        fact("total_bytes", FactType::Int, "bytes", "Size of all of them; only for the folder itself."),
        fact(
            "kinds",
            FactType::Map,
            "",
            "How many files there are of each kind; only for the folder itself.",
        ),
        fact(
            "made_up",
            FactType::Int,
            "",
            "Files in folders such as `tests` and `fixtures`: only their code and secrets are looked at; only for the folder itself.",
        ),
        fact("passed", FactType::Int, "", "How many paths are not looked at; only for the folder itself."),
    ];
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| Ok(Looked { items: items(repository), artefacts: Vec::new() });
        Place::of(context).look(look).await
    }
}

/// The folder itself, then each path that is not looked at.
fn items(repository: &Repository) -> Vec<Item> {
    let kinds: serde_json::Map<String, serde_json::Value> =
        repository.kinds().iter().map(|(kind, paths)| (kind.noun().to_owned(), paths.len().into())).collect();
    let files = repository.files();
    let top = Item::new(".")
        .fact("walked", true)
        .fact("files", files.len())
        .fact("total_bytes", files.iter().map(|file| file.bytes).sum::<u64>())
        .fact("kinds", kinds)
        .fact("made_up", files.iter().filter(|file| is_made_up(&file.path)).count())
        .fact("passed", repository.passed().len());
    let mut passed: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, why) in repository.passed() {
        passed.entry(if path.is_empty() { "the folder" } else { path }).or_insert(why);
    }
    let passed = passed.into_iter().map(|(path, why)| {
        Item::new(path).read_at(Location::of(path)).fact("walked", false).fact("skipped", why)
    });
    std::iter::once(top).chain(passed).collect()
}
