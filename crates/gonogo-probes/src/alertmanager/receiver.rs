//! `alertmanager/receiver`: each receiver: whether it tells anybody, and how.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::config::{Config, Integration, Receiver as Written, Setting, configs};
use super::deployed::{Deployed, deployed, is_alertmanager};
use super::destination;
use super::integration::{Nature, nature};
use super::lookalike::{is_filled_in, is_loopback, is_made_up_address, is_made_up_key, is_word_of_a_script};
use super::tree::Tree;
use crate::compose::{self, Brief, Reached};
use crate::context::Context;
use crate::credential::variable::password_in_url;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::prometheus::{self, Alert};
use crate::repository::{Kind, Place, Repository};

/// Looks at receivers.
pub(crate) struct Receiver;

/// `alertmanager/receiver` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Receiver {
    const ID: &'static str = "alertmanager/receiver";
    const TITLE: &'static str = "Whom each receiver of Alertmanager tells, and whether it can";
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
    fact("integrations", FactType::Int, "", "In how many ways it tells somebody."),
    fact(
        "silent_by_name",
        FactType::Bool,
        "",
        "Whether its name says that nobody is to be told: `null`, `blackhole`.",
    ),
    fact("used", FactType::Bool, "", "Whether a route leads to it."),
    fact(
        "takes_the_rest",
        FactType::Bool,
        "",
        "Whether it is the receiver of the root route, and gets what no other route takes.",
    ),
    fact(
        "missing",
        FactType::List,
        "",
        "Settings without which Alertmanager refuses an integration, neither in it nor under `global`, as `{integration, setting, line}`.",
    ),
    fact(
        "placeholders",
        FactType::List,
        "",
        "Addresses and keys that nobody filled in, as `{integration, setting, line}`.",
    ),
    fact("secrets", FactType::List, "", "Secrets that are written out, as `{integration, setting, line}`."),
    fact(
        "loopback",
        FactType::List,
        "",
        "Webhooks on the machine of Alertmanager itself, and mail servers in its container where compose runs it, as `{integration, setting, line}`.",
    ),
    fact(
        "hosts_unknown",
        FactType::List,
        "",
        "Webhooks whose host is no service, where a compose file runs Alertmanager, as `{integration, setting, line}`.",
    ),
    fact(
        "alerts_lost",
        FactType::List,
        "",
        "Alerts of the repository with a severity that asks to act at once, that end at this receiver and at no other that tells anybody.",
    ),
];

/// Parts of names that say that nobody is to be told.
const SILENT: [&str; 22] = [
    "null",
    "none",
    "nobody",
    "nothing",
    "blackhole",
    "black",
    "hole",
    "void",
    "drop",
    "dropped",
    "discard",
    "devnull",
    "silent",
    "silence",
    "ignore",
    "ignored",
    "noop",
    "mute",
    "muted",
    "empty",
    "trash",
    "watchdog",
];

/// One item for each receiver.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let services = compose::services(repository);
    let alerts = prometheus::alerts(repository);
    let mut found = Vec::new();
    for config in &configs(repository) {
        let looking = Looking::new(repository, config, &services, &alerts);
        found.extend(config.receivers.iter().map(|receiver| looking.item(receiver)));
    }
    found
}

struct Looking<'l> {
    config: &'l Config,
    services: &'l [Brief],
    is_run_by_compose: bool,
    is_filled_in: bool,
    used: BTreeSet<&'l str>,
    lost: std::collections::BTreeMap<String, BTreeSet<&'l str>>,
}

impl<'l> Looking<'l> {
    fn new(
        repository: &Repository,
        config: &'l Config,
        services: &'l [Brief],
        alerts: &'l [Alert],
    ) -> Looking<'l> {
        Looking {
            used: config.routes.iter().filter_map(|route| route.receiver.as_deref()).collect(),
            lost: destination::lost(config, alerts),
            is_filled_in: deployed(repository, services, &config.path) == Deployed::FilledIn,
            is_run_by_compose: services.iter().any(is_alertmanager),
            config,
            services,
        }
    }

    fn item(&self, receiver: &Written) -> Item {
        let config = self.config;
        let place = Location {
            source: config.path.clone(),
            line: Some(receiver.at.line),
            column: Some(receiver.at.column),
        };
        let name = receiver.name.as_str();
        let lost =
            self.lost.get(name).map(|alerts| alerts.iter().map(|alert| json!(alert)).collect::<Vec<Value>>());
        let takes_the_rest = Tree::of(config).receiver(0) == Some(name);
        Item::new(format!("{}:{name}", config.path))
            .read_at(place)
            .fact("for_development", config.is_for_development)
            .fact("integrations", receiver.integrations.len())
            .fact("silent_by_name", is_silent(name))
            .fact("used", self.used.contains(name) || self.used.iter().any(|used| is_filled_in(used)))
            .fact("takes_the_rest", takes_the_rest)
            .fact("missing", self.missing(receiver))
            .fact("placeholders", settings(receiver, |kind, setting| self.is_left(kind, setting)))
            .fact("secrets", settings(receiver, is_secret))
            .fact("loopback", self.loopback(receiver))
            .fact("hosts_unknown", settings(receiver, |kind, setting| self.is_nowhere(kind, setting)))
            .fact("alerts_lost", lost.unwrap_or_default())
    }

    fn missing(&self, receiver: &Written) -> Vec<Value> {
        let of = |one: &Integration| -> Vec<Value> {
            let missing = one.missing(&self.config.globals).into_iter();
            missing.map(|key| json!({"integration": one.kind, "setting": key, "line": one.at.line})).collect()
        };
        receiver.integrations.iter().flat_map(of).collect()
    }

    fn is_left(&self, kind: &str, setting: &Setting) -> bool {
        is_made_up(kind, setting) && !(self.is_filled_in && is_word_of_a_script(&setting.value))
    }

    /// Webhooks, and in a container the mail server, on Alertmanager's own machine.
    fn loopback(&self, receiver: &Written) -> Vec<Value> {
        let is_mail = |kind: &str, setting: &Setting| kind == "email" && setting.key == "smarthost";
        let mut found = settings(receiver, |kind, setting| {
            (is_webhook(kind, setting) || self.is_run_by_compose && is_mail(kind, setting))
                && is_loopback(&setting.value)
        });
        let server = self.config.globals.iter().find(|setting| setting.key == "smtp_smarthost");
        if let Some(server) = server.filter(|server| self.is_run_by_compose && is_loopback(&server.value)) {
            let rests =
                receiver.integrations.iter().any(|one| one.kind == "email" && !one.has(&["smarthost"]));
            found.extend(
                rests.then(|| json!({"integration": "email", "setting": server.key, "line": server.line})),
            );
        }
        found
    }

    fn is_nowhere(&self, kind: &str, setting: &Setting) -> bool {
        is_webhook(kind, setting)
            && compose::reached(self.services, self.is_run_by_compose, &setting.value) == Reached::NoService
    }
}

fn is_webhook(kind: &str, setting: &Setting) -> bool {
    kind == "webhook" && setting.key == "url"
}

fn is_silent(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| SILENT.contains(&word))
}

fn settings(receiver: &Written, is_so: impl Fn(&str, &Setting) -> bool) -> Vec<Value> {
    let of = |one: &Integration| -> Vec<Value> {
        let found = one.settings.iter().filter(|setting| is_so(&one.kind, setting));
        found
            .map(|setting| json!({"integration": one.kind, "setting": setting.key, "line": setting.line}))
            .collect()
    };
    receiver.integrations.iter().flat_map(of).collect()
}

fn is_made_up(kind: &str, setting: &Setting) -> bool {
    let value = setting.value.as_str();
    !is_filled_in(value)
        && match nature(kind, &setting.key) {
            Nature::Address | Nature::SecretAddress => is_made_up_address(value),
            Nature::Secret | Nature::Name => is_made_up_key(value),
            Nature::Other => false,
        }
}

fn is_secret(kind: &str, setting: &Setting) -> bool {
    let is_secret = match nature(kind, &setting.key) {
        Nature::Secret | Nature::SecretAddress => true,
        Nature::Address => password_in_url(&setting.value).is_some(),
        Nature::Name | Nature::Other => false,
    };
    is_secret && !is_filled_in(&setting.value) && !is_made_up(kind, setting)
}
