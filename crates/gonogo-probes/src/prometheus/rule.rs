//! `prometheus/rule`: each alert and recording rule, and what follows from its expression for
//! certain. What rests on what others expose or deploy is a fact of its own.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::file::nothing;
use super::twins::twins;
use super::world::{Exposed, World};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

mod facts;
mod measured;

/// Looks at rules.
pub(crate) struct Rule;

/// `prometheus/rule` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Rule {
    const ID: &'static str = "prometheus/rule";
    const TITLE: &'static str = "What each alert and recording rule says, and whether it can be so";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = facts::FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            let items = items(&World::of(repository));
            match items.is_empty() {
                true => Err(nothing()),
                false => Ok(Looked { items, artefacts: Vec::new() }),
            }
        };
        Place::of(context).look(look).await
    }
}

/// One item for each rule of each file.
pub(super) fn items(world: &World) -> Vec<Item> {
    let exposed = Exposed::of(world);
    let interval = world.interval();
    let mut found = Vec::new();
    for file in world.files.iter() {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (rule, twins) in file.rules.iter().zip(twins(file)) {
            let count = seen.entry(&rule.name).or_default();
            *count = count.saturating_add(1);
            let key = match *count {
                1 => format!("{}:{}", file.path, rule.name),
                nth => format!("{}:{}#{nth}", file.path, rule.name),
            };
            let place = Location {
                source: file.path.clone(),
                line: Some(rule.at.line),
                column: Some(rule.at.column),
            };
            let item = Item::new(key).read_at(place).fact("for_development", file.is_for_development);
            found
                .push(measured::Measuring { world, exposed: &exposed, interval, rule, twins }.measured(item));
        }
    }
    found
}
