//! `prometheus/file`: each rule file for itself: whether Prometheus takes it, and what it holds.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::rules::{self, RuleFile};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at rule files.
pub(crate) struct File;

/// `prometheus/file` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for File {
    const ID: &'static str = "prometheus/file";
    const TITLE: &'static str = "Whether Prometheus takes each rule file";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            let items = items(&rules::files(repository));
            match items.is_empty() {
                true => Err(nothing()),
                false => Ok(Looked { items, artefacts: Vec::new() }),
            }
        };
        Place::of(context).look(look).await
    }
}

/// Why there is no rule to look at.
pub(super) fn nothing() -> Unmeasured {
    Unmeasured::because(format!(
        "there is no {} in this folder; name the folder or file with `target`",
        Kind::PrometheusRules.noun()
    ))
}

const FACTS: &[FactInfo] = &[
    fact("readable", FactType::Bool, "Whether the file is YAML with groups of rules that can be read whole."),
    fact(
        "problems",
        FactType::List,
        "What Prometheus refuses about it, as `{line, what}`: no YAML, a group without a name, a rule that is both alert and recording, a duration without a unit.",
    ),
    fact("groups", FactType::Int, "Groups it holds."),
    fact("alerts", FactType::Int, "Alerts it holds."),
    fact("recordings", FactType::Int, "Recording rules it holds."),
    fact("duplicate_groups", FactType::List, "Names that two of its groups have."),
    fact("unknown_keys", FactType::List, "Keys that no rule, group or file has, as `{key, line}`."),
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "skipped",
        FactType::Text,
        "Why this was not looked at; then its lists are empty, and it counts nothing.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for each file.
pub(super) fn items(files: &[RuleFile]) -> Vec<Item> {
    files.iter().map(item).collect()
}

fn item(file: &RuleFile) -> Item {
    let item = Item::new(&file.path);
    if let Some(why) = &file.skipped {
        let item = item.read_at(Location::of(&file.path)).fact("skipped", why.as_str());
        let item = item.fact("readable", false).fact("problems", Vec::<Value>::new());
        return item.fact("duplicate_groups", Vec::<Value>::new()).fact("unknown_keys", Vec::<Value>::new());
    }
    let place = Location { source: file.path.clone(), line: Some(1), column: Some(1) };
    let problems = file.problems.iter().map(|one| json!({"line": one.at.line, "what": one.what}));
    let unknown = file.unknown_keys.iter().map(|(key, line)| json!({"key": key, "line": line}));
    let alerts = file.rules.iter().filter(|rule| rule.is_alert).count();
    item.read_at(place)
        .fact("readable", file.problems.is_empty())
        .fact("problems", problems.collect::<Vec<Value>>())
        .fact("groups", file.groups)
        .fact("alerts", alerts)
        .fact("recordings", file.rules.len().saturating_sub(alerts))
        .fact("duplicate_groups", file.duplicate_groups.clone())
        .fact("unknown_keys", unknown.collect::<Vec<Value>>())
        .fact("for_development", file.is_for_development)
}
