//! `alertmanager/file`: each configuration for itself: whether Alertmanager takes it, and what
//! stands under `global`.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::config::{Config, Setting, configs};
use super::deployed::{Deployed, deployed};
use super::integration::{self, Nature, nature};
use super::lookalike::{is_filled_in, is_made_up_address, is_made_up_key, is_word_of_a_script};
use crate::compose::{self, Brief};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at configurations.
pub(crate) struct File;

/// `alertmanager/file` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for File {
    const ID: &'static str = "alertmanager/file";
    const TITLE: &'static str = "Whether Alertmanager takes each configuration";
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
    fact("problems", FactType::List, "", "What Alertmanager refuses, as `{line, what}`."),
    fact(
        "skipped",
        FactType::Text,
        "",
        "Why it was not read: a template, or no configuration of Alertmanager. Absent for what was read.",
    ),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact("routes", FactType::Int, "", "Routes in it, the root too."),
    fact("receivers", FactType::Int, "", "Receivers in it."),
    fact(
        "variables_kept",
        FactType::List,
        "",
        "`${NAME}` in values that Alertmanager surely reads as they are written, because a compose file mounts the file into it, as `{name, line}`.",
    ),
    fact(
        "variables_doubtful",
        FactType::List,
        "",
        "`${NAME}` in values of a file of which nobody can tell whether it is filled in first, as `{name, line}`.",
    ),
    fact(
        "placeholders",
        FactType::List,
        "",
        "Settings under `global` that an integration rests on and that nobody filled in, as `{setting, line}`.",
    ),
    fact("secrets", FactType::List, "", "Secrets that are written out under `global`, as `{setting, line}`."),
    fact(
        "old_keys",
        FactType::List,
        "",
        "Keys that releases since 0.22 replace by `matchers`, as `{key, line}`.",
    ),
];

/// One item for each configuration.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let services = compose::services(repository);
    configs(repository).iter().map(|config| item(repository, config, &services)).collect()
}

fn item(repository: &Repository, config: &Config, services: &[Brief]) -> Item {
    let mut problems = config.problems.clone();
    problems.sort();
    let line = problems.first().map_or(1, |problem| problem.line);
    let problems = problems.iter().map(|one| json!({"line": one.line, "what": one.what}));
    let standing = deployed(repository, services, &config.path);
    let variables = |wanted: Deployed| match standing == wanted {
        true => pairs("name", &config.variables),
        false => Vec::new(),
    };
    let is_left = |setting: &Setting| {
        let is_replaced = standing == Deployed::FilledIn && is_word_of_a_script(&setting.value);
        is_used(config, &setting.key) && is_made_up(setting) && !is_replaced
    };
    Item::new(&config.path)
        .read_at(Location { source: config.path.clone(), line: Some(line), column: Some(1) })
        .fact("problems", problems.collect::<Vec<Value>>())
        .fact_if_known("skipped", config.skipped.clone())
        .fact("for_development", config.is_for_development)
        .fact("routes", config.routes.len())
        .fact("receivers", config.receivers.len())
        .fact("variables_kept", variables(Deployed::AsWritten))
        .fact("variables_doubtful", variables(Deployed::MaybeFilledIn))
        .fact("placeholders", settings(config, is_left))
        .fact("secrets", settings(config, is_secret))
        .fact("old_keys", pairs("key", &config.old_keys))
}

fn pairs(key: &str, named: &[(String, u32)]) -> Vec<Value> {
    named.iter().map(|(name, line)| json!({key: name, "line": line})).collect()
}

fn settings(config: &Config, is_so: impl Fn(&Setting) -> bool) -> Vec<Value> {
    let found = config.globals.iter().filter(|setting| is_so(setting));
    found.map(|setting| json!({"setting": setting.key, "line": setting.line})).collect()
}

/// Whether an integration has nothing of its own instead of a setting under `global`.
fn is_used(config: &Config, global: &str) -> bool {
    let users = integration::users(global);
    let mut integrations = config.receivers.iter().flat_map(|receiver| &receiver.integrations);
    integrations.any(|one| users.iter().any(|(kind, own)| one.kind == *kind && !one.has(own)))
}

fn is_made_up(setting: &Setting) -> bool {
    let value = setting.value.as_str();
    !is_filled_in(value)
        && match nature("global", &setting.key) {
            Nature::Address | Nature::SecretAddress => is_made_up_address(value),
            Nature::Secret => is_made_up_key(value),
            Nature::Name | Nature::Other => false,
        }
}

fn is_secret(setting: &Setting) -> bool {
    let is_secret = matches!(nature("global", &setting.key), Nature::Secret | Nature::SecretAddress);
    is_secret && !is_filled_in(&setting.value) && !is_made_up(setting)
}
