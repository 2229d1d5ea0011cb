//! `net/connect`: goes along each declared edge as far as its protocol goes: the name, the
//! connection, TLS, the greeting, the login. Whether an edge must exist is the spec's opinion.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::endpoint::Endpoint;
use super::greeting::{self, Met, Stage, Trouble};
use crate::context::{Context, Target};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::files;
use crate::tools::net::{self, NetError};
use crate::tools::talk::Talk;
use crate::tools::tls::{Trust, VERSIONS};

/// A file of certificates is small.
const LARGEST_FILE: u64 = 1024 * 1024;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Goes along edges.
pub(crate) struct Connect;

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    edges: Vec<String>,
    ca: Option<PathBuf>,
    timeout: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NetConnect")]
struct Written {
    /// Further targets to connect to, one item each, so that one check holds all that a service
    /// needs.
    #[serde(default)]
    edges: Vec<String>,
    /// A PEM file with certificates to trust besides Mozilla's roots, from the folder of the spec.
    ca: Option<PathBuf>,
    /// The longest one edge may take, with its login; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if written.timeout.0.is_zero() || written.timeout.0 > LONGEST_WAIT {
            return Err("`timeout` is a time span over 0 and at most 60s".to_owned());
        }
        for (index, name) in written.edges.iter().enumerate() {
            if written.edges[..index].contains(name) {
                return Err(format!("the edge `{name}` is named twice; remove one"));
            }
        }
        Ok(Params { edges: written.edges, ca: written.ca, timeout: written.timeout })
    }
}

impl Probe for Connect {
    const ID: &'static str = "net/connect";
    const TITLE: &'static str = "Whether the services that a system needs can be reached and answer";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Optional(TargetKind::NETWORK);
    const ALSO: &'static [TargetParameter] = &[TargetParameter { name: "edges", kinds: TargetKind::NETWORK }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let targets = targets(context, &params.edges)?;
        let trust = trust(context, params.ca)?;
        let limit = params.timeout.0;
        let walked = join_all(targets.iter().map(|target| walk(context, target, &trust, limit))).await;
        // What was not contacted was not measured; one such edge among others is an item without facts.
        if let Some(Err(unmeasured)) = walked.iter().find(|one| one.is_err())
            && walked.iter().all(Result::is_err)
        {
            return Err(unmeasured.clone());
        }
        let items = targets.iter().zip(walked).map(|(target, one)| match one {
            Ok(item) => item,
            Err(unmeasured) => Item::new(&target.name).fact("stage", "none").fact("error", unmeasured.why),
        });
        Ok(Looked { items: items.collect(), artefacts: Vec::new() })
    }
}

const FACTS: &[FactInfo] = &[
    fact("protocol", FactType::Text, "", "The kind of the target, such as `redis`."),
    fact("resolved", FactType::Bool, "", "Whether its name has an address."),
    fact(
        "addresses",
        FactType::Int,
        "",
        "How many addresses it has that may be contacted; absent when it has none.",
    ),
    fact(
        "connected",
        FactType::Bool,
        "",
        "Whether one of them takes connections; over UDP, whether it answers.",
    ),
    fact("connect_ms", FactType::Number, "ms", "How long that took; absent without a connection."),
    fact("tls", FactType::Bool, "", "Whether the talk went over TLS; absent when it did not come to that."),
    fact(
        "handshake",
        FactType::Bool,
        "",
        "Whether it speaks the protocol of its kind; for `tcp` whether it takes connections.",
    ),
    fact(
        "authenticated",
        FactType::Bool,
        "",
        "Whether it let in the user of the address; absent when the address has none, or it did not come to that.",
    ),
    fact(
        "server",
        FactType::Text,
        "",
        "What it says it is, such as `Redis 7.0.15`; absent when it does not say.",
    ),
    fact(
        "stage",
        FactType::Text,
        "",
        "Where it failed: `resolve`, `connect`, `tls`, `handshake` or `login`; `none` when nothing was sent; absent when all went well.",
    ),
    fact("error", FactType::Text, "", "What happened there and what to do; absent when all went well."),
];

fn targets(context: &Context, edges: &[String]) -> Result<Vec<Target>, Unmeasured> {
    let mut targets: Vec<Target> = context.target.iter().cloned().collect();
    for name in edges {
        let other = context.others.get(name);
        let other = other.ok_or_else(|| Unmeasured::because(format!("there is no target `{name}`")))?;
        if targets.iter().any(|target| target.name == other.name) {
            let why = format!("the target `{name}` is named by `target` and by `edges`; remove one");
            return Err(Unmeasured::because(why));
        }
        targets.push(other.clone());
    }
    match targets.is_empty() {
        true => {
            Err(Unmeasured::because("no target is given; name one with `target:` or several with `edges:`"))
        }
        false => Ok(targets),
    }
}

/// Mozilla's roots and those of a file.
pub(crate) fn trust(context: &Context, ca: Option<PathBuf>) -> Result<Trust, Unmeasured> {
    let Some(path) = ca else {
        return Trust::with(None).map_err(Unmeasured::because);
    };
    let path = context.folder.join(path);
    let found = files::read(&path, LARGEST_FILE).map_err(|error| error.of(path.display()))?;
    let read = Trust::with(Some(&found.bytes));
    read.map_err(|why| {
        Unmeasured::because(format!("{} {why}; name a file with PEM certificates", path.display()))
    })
}

/// One edge: an error only when nothing was sent.
async fn walk(
    context: &Context,
    target: &Target,
    trust: &Trust,
    limit: Duration,
) -> Result<Item, Unmeasured> {
    let endpoint = Endpoint::of(target, &context.secrets)?;
    let item =
        Item::new(&target.name).read_at(Location::of(endpoint.at())).fact("protocol", endpoint.kind.name());
    let addresses = match net::resolve(&context.reach, &endpoint.host, endpoint.port, limit).await {
        Ok(addresses) => addresses,
        Err(error @ NetError::OutOfReach { .. }) => return Err(Unmeasured::because(error.to_string())),
        Err(error) => return Ok(failed(item.fact("resolved", false), Stage::Resolve, &error.to_string())),
    };
    let item = item.fact("resolved", true).fact("addresses", addresses.len());
    let started = Instant::now();
    if endpoint.datagram {
        let met = greeting::stun::ask(&context.reach, &endpoint, limit).await;
        let connected = !matches!(&met, Err(trouble) if trouble.stage == Stage::Connect);
        let item = with_time(item.fact("connected", connected), connected, started.elapsed());
        return Ok(match met {
            Ok(met) => told(item, &met),
            Err(trouble) => failed(item.fact("handshake", false), trouble.stage, &trouble.why),
        });
    }
    let talk = match Talk::open(&context.reach, &endpoint.host, endpoint.port, limit).await {
        Ok(talk) => talk,
        Err(error) => {
            let item = item.fact("connected", false).fact("handshake", false);
            return Ok(failed(item, Stage::Connect, &error.to_string()));
        }
    };
    let item = with_time(item.fact("connected", true), true, started.elapsed());
    let mut met = Met::default();
    let ended = greet(context, target, &endpoint, trust, talk, limit, &mut met).await;
    let item = told(item, &met);
    Ok(match ended {
        Ok(()) => item,
        Err(Trouble { stage, why }) => failed(item, stage, &format!("{}: {why}", endpoint.at())),
    })
}

async fn greet(
    context: &Context,
    target: &Target,
    endpoint: &Endpoint,
    trust: &Trust,
    talk: Talk,
    limit: Duration,
    met: &mut Met,
) -> Result<(), Trouble> {
    let talk = if endpoint.secure {
        let shaken = talk.secure(trust, &endpoint.host, VERSIONS, &[]).await;
        let (talk, shown) = shaken.map_err(|error| Trouble::tls(&error))?;
        met.tls = Some(true);
        // No word of the protocol, and no password, to somebody who may be somebody else.
        if let Some(doubt) = shown.doubt() {
            return Err(Trouble::untrusted(&doubt));
        }
        talk
    } else {
        met.tls = Some(false);
        talk
    };
    match endpoint.kind {
        TargetKind::Http => greeting::http::service(talk, endpoint, met).await,
        TargetKind::S3 => greeting::http::store(talk, endpoint, met).await,
        TargetKind::Redis => greeting::redis::greet(talk, endpoint, met).await,
        TargetKind::Nats => greeting::nats::greet(talk, endpoint, trust, met).await,
        TargetKind::Amqp => greeting::amqp::greet(talk, endpoint, met).await,
        TargetKind::Smtp => greeting::smtp::greet(talk, endpoint, trust, met).await,
        TargetKind::Mysql => greeting::mysql::greet(talk, endpoint, trust, met).await,
        TargetKind::Postgres => greeting::postgres::greet(talk, context, target, limit, met).await,
        TargetKind::Turn => greeting::stun::over(talk, endpoint, met).await,
        _ => {
            met.handshake = true;
            Ok(())
        }
    }
}

fn with_time(item: Item, connected: bool, took: Duration) -> Item {
    item.fact_if_known("connect_ms", connected.then(|| took.as_micros() as f64 / 1000.0))
}

fn told(item: Item, met: &Met) -> Item {
    item.fact("handshake", met.handshake)
        .fact_if_known("tls", met.tls)
        .fact_if_known("authenticated", met.authenticated)
        .fact_if_known("server", met.server.clone())
}

fn failed(item: Item, stage: Stage, why: &str) -> Item {
    item.fact("stage", stage.name()).fact("error", why)
}
