//! `redis/settings`: how a Redis server is set up for who logs in: memory, persistence, protection,
//! replicas. Which value is right is the spec's opinion.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::session::{Session, unmeasured};
use super::wire::{Reply, Wire};
use crate::context::Context;
use crate::net::endpoint::Endpoint;
use crate::probe::{Looked, Probe, Unmeasured};

const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Asks a Redis server how it is set up.
pub(crate) struct Settings;

/// Whom to trust, and how long to wait.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// A PEM file with certificates to trust besides Mozilla's roots, from the folder of the spec.
    ca: Option<PathBuf>,
    /// The longest it may take; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl Probe for Settings {
    const ID: &'static str = "redis/settings";
    const TITLE: &'static str = "How a Redis server is set up: memory, persistence, protection, replicas";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Redis]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let target = context.target.as_ref();
        let target =
            target.ok_or_else(|| Unmeasured::because("no target is given; name one with `target:`"))?;
        let endpoint = Endpoint::of(target, &context.secrets)?;
        let limit = params.timeout.0.min(LONGEST_WAIT);
        let Session { mut wire, open_to_all } = Session::open(context, &endpoint, params.ca, limit).await?;
        let item = Item::new("server").read_at(Location::of(endpoint.at())).fact("tls", endpoint.secure);
        let item = item.fact_if_known("password_required", open_to_all.map(|open| !open));
        let item = informed(item, &info(&mut wire, &endpoint).await?);
        Ok(Looked::item(configured(item, &mut wire, &endpoint).await?))
    }
}

const FACTS: &[FactInfo] = &[
    fact("version", FactType::Text, "", "Version as the server states it; absent when it does not."),
    fact("tls", FactType::Bool, "", "Whether this talk went over TLS."),
    fact("password_required", FactType::Bool, "", "Whether who does not log in is refused PING."),
    fact(
        "protected_mode",
        FactType::Bool,
        "",
        "Setting `protected-mode`; this and all other settings are absent when the user may not read them.",
    ),
    fact("maxmemory_bytes", FactType::Int, "bytes", "Most memory it may use; 0 is no limit."),
    fact("maxmemory_policy", FactType::Text, "", "What it does when that is used up, such as `noeviction`."),
    fact("used_memory_bytes", FactType::Int, "bytes", "Memory in use."),
    fact("evicted_keys", FactType::Int, "", "Keys thrown out for lack of memory since it started."),
    fact("rejected_connections", FactType::Int, "", "Connections refused for lack of room since it started."),
    fact("connected_clients", FactType::Int, "", "Clients that are connected, with us."),
    fact("maxclients", FactType::Int, "", "Most clients it takes."),
    fact("timeout_s", FactType::Int, "s", "After how long an idle client is closed; 0 is never."),
    fact("append_only", FactType::Bool, "", "Whether it writes each change to a file (`appendonly`)."),
    fact("append_fsync", FactType::Text, "", "How often that file is forced to the disk (`appendfsync`)."),
    fact("snapshots", FactType::Text, "", "Setting `save`; empty when it makes no snapshots."),
    fact(
        "persistent",
        FactType::Bool,
        "",
        "Whether it writes changes or makes snapshots at all; absent when the settings cannot be read.",
    ),
    fact("role", FactType::Text, "", "`master` or `slave`."),
    fact("replicas", FactType::Int, "", "Replicas that are connected."),
    fact("uptime_s", FactType::Int, "s", "How long it has run."),
    fact("settings_readable", FactType::Bool, "", "Whether the user may read settings with CONFIG GET."),
];

async fn info(wire: &mut Wire, endpoint: &Endpoint) -> Result<BTreeMap<String, String>, Unmeasured> {
    let text = match wire.ask(&["INFO"]).await.map_err(|error| unmeasured(endpoint, &error))? {
        Reply::Text(text) => text,
        Reply::Error(why) => {
            let why = format!("{} refuses INFO ({why}); allow it to the user of the address", endpoint.at());
            return Err(Unmeasured::because(why));
        }
        _ => String::new(),
    };
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect())
}

fn informed(item: Item, info: &BTreeMap<String, String>) -> Item {
    let number = |name: &str| info.get(name).and_then(|value| value.parse::<i64>().ok());
    item.fact_if_known("version", info.get("redis_version").cloned())
        .fact_if_known("role", info.get("role").cloned())
        .fact_if_known("maxmemory_bytes", number("maxmemory"))
        .fact_if_known("maxmemory_policy", info.get("maxmemory_policy").cloned())
        .fact_if_known("used_memory_bytes", number("used_memory"))
        .fact_if_known("evicted_keys", number("evicted_keys"))
        .fact_if_known("rejected_connections", number("rejected_connections"))
        .fact_if_known("connected_clients", number("connected_clients"))
        .fact_if_known("maxclients", number("maxclients"))
        .fact_if_known("append_only", info.get("aof_enabled").map(|value| value == "1"))
        .fact_if_known("replicas", number("connected_slaves"))
        .fact_if_known("uptime_s", number("uptime_in_seconds"))
}

/// What only CONFIG GET tells. Settings that hold secrets are not asked for.
async fn configured(mut item: Item, wire: &mut Wire, endpoint: &Endpoint) -> Result<Item, Unmeasured> {
    let mut found = BTreeMap::new();
    for name in ["save", "appendonly", "appendfsync", "protected-mode", "timeout", "maxclients"] {
        let answer =
            wire.ask(&["CONFIG", "GET", name]).await.map_err(|error| unmeasured(endpoint, &error))?;
        if let Reply::List(parts) = answer
            && let [Reply::Text(name), Reply::Text(value)] = parts.as_slice()
        {
            found.insert(name.clone(), value.clone());
        }
    }
    item = item.fact("settings_readable", !found.is_empty());
    let is_on = |name: &str| found.get(name).map(|value| value == "yes");
    let number = |name: &str| found.get(name).and_then(|value| value.parse::<i64>().ok());
    let persistent =
        is_on("appendonly").zip(found.get("save")).map(|(appends, save)| appends || !save.is_empty());
    Ok(item
        .fact_if_known("protected_mode", is_on("protected-mode"))
        .fact_if_known("append_only", is_on("appendonly"))
        .fact_if_known("append_fsync", found.get("appendfsync").cloned())
        .fact_if_known("snapshots", found.get("save").cloned())
        .fact_if_known("persistent", persistent)
        .fact_if_known("timeout_s", number("timeout"))
        .fact_if_known("maxclients", number("maxclients")))
}
