//! `alertmanager/route`: each route: where it leads, whether an alert can get to it, and how often
//! it tells.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::config::{Config, configs};
use super::lookalike::is_filled_in;
use super::tree::{Lost, Route as Written, Tree};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at routes.
pub(crate) struct Route;

/// `alertmanager/route` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Route {
    const ID: &'static str = "alertmanager/route";
    const TITLE: &'static str = "Where each route of Alertmanager leads, and whether alerts get there";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::Alertmanager)?;
            Ok(Looked { items: items(repository), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact("root", FactType::Bool, "", "Whether it is the root route."),
    fact(
        "receiver",
        FactType::Text,
        "",
        "The receiver it leads to, its own or that of a route above. Absent when there is none.",
    ),
    fact(
        "receiver_undefined",
        FactType::Bool,
        "",
        "Whether it names a receiver that the file does not have.",
    ),
    fact(
        "behind",
        FactType::List,
        "",
        "The route before it that takes all its alerts and does not go on, as `{route, line}`; one at most.",
    ),
    fact(
        "impossible",
        FactType::Bool,
        "",
        "Whether it and the routes above it ask for labels that no alert has together.",
    ),
    fact("grouped", FactType::Bool, "", "Whether it or a route above says `group_by`."),
    fact(
        "repeats_under_interval",
        FactType::Bool,
        "",
        "Whether `repeat_interval` is shorter than `group_interval`, which then counts instead; only where it sets one of them.",
    ),
];

/// One item for each route, with keys that are unique.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let mut found = Vec::new();
    for config in &configs(repository) {
        let tree = Tree::of(config);
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (place, route) in config.routes.iter().enumerate() {
            let name = tree.name(place);
            let count = seen.entry(name.clone()).or_default();
            *count = count.saturating_add(1);
            let key = match *count {
                1 => format!("{}:{name}", config.path),
                nth => format!("{}:{name}#{nth}", config.path),
            };
            found.push(item(key, config, &tree, place, route));
        }
    }
    found
}

fn item(key: String, config: &Config, tree: &Tree<'_>, place: usize, route: &Written) -> Item {
    let at =
        Location { source: config.path.clone(), line: Some(route.at.line), column: Some(route.at.column) };
    let lost = tree.lost(place);
    let behind = match lost {
        Some(Lost::Behind(other)) => {
            let line = config.routes.get(other).map(|other| other.at.line);
            vec![json!({"route": tree.name(other), "line": line})]
        }
        _ => Vec::<Value>::new(),
    };
    let is_undefined = |name: &str| config.receiver(name).is_none() && !is_filled_in(name);
    Item::new(key)
        .read_at(at)
        .fact("for_development", config.is_for_development)
        .fact("root", route.above.is_none())
        .fact_if_known("receiver", tree.receiver(place))
        .fact("receiver_undefined", route.receiver.as_deref().is_some_and(is_undefined))
        .fact("behind", behind)
        .fact("impossible", lost == Some(Lost::Impossible))
        .fact("grouped", tree.has_grouping(place))
        .fact("repeats_under_interval", tree.repeats_under_interval(place))
}
