//! What probes exist: their parameters and the facts they can return.
//! The catalog describes; it cannot look.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::yaml::{Node, ShapeError};

/// How much a probe disturbs what it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Reads files and the environment.
    Passive,
    /// Sends requests, logs in, runs a command.
    Active,
    /// Injects faults, load or input; changes data.
    Destructive,
}

impl std::fmt::Display for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Class::Passive => "passive",
            Class::Active => "active",
            Class::Destructive => "destructive",
        })
    }
}

/// The kind of thing a target is; the key under its name in the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// A base URL.
    Http,
    /// A Postgres connection URL.
    Postgres,
    /// A MySQL or MariaDB connection URL.
    Mysql,
    /// A Redis or Valkey connection URL.
    Redis,
    /// A NATS connection URL.
    Nats,
    /// A connection URL of a broker that speaks AMQP 0-9-1, such as RabbitMQ.
    Amqp,
    /// The URL of a bucket: endpoint, then the bucket's name.
    S3,
    /// A mail server.
    Smtp,
    /// A TURN or STUN server.
    Turn,
    /// A port whose protocol is not said.
    Tcp,
    /// A file or directory.
    Path,
    /// A running process: `pid:1234` or `pidfile:/run/app.pid`.
    Process,
    /// An address at which gonogo itself listens during a run, in place of a mail server or of
    /// another service that the system calls.
    Sink,
}

impl TargetKind {
    /// Every kind.
    pub const ALL: [TargetKind; 13] = [
        TargetKind::Http,
        TargetKind::Postgres,
        TargetKind::Mysql,
        TargetKind::Redis,
        TargetKind::Nats,
        TargetKind::Amqp,
        TargetKind::S3,
        TargetKind::Smtp,
        TargetKind::Turn,
        TargetKind::Tcp,
        TargetKind::Path,
        TargetKind::Process,
        TargetKind::Sink,
    ];

    /// The kinds that are reached over the network.
    pub const NETWORK: &'static [TargetKind] = &[
        TargetKind::Http,
        TargetKind::Postgres,
        TargetKind::Mysql,
        TargetKind::Redis,
        TargetKind::Nats,
        TargetKind::Amqp,
        TargetKind::S3,
        TargetKind::Smtp,
        TargetKind::Turn,
        TargetKind::Tcp,
    ];

    /// The key in the spec.
    pub fn name(self) -> &'static str {
        match self {
            TargetKind::Http => "http",
            TargetKind::Postgres => "postgres",
            TargetKind::Mysql => "mysql",
            TargetKind::Redis => "redis",
            TargetKind::Nats => "nats",
            TargetKind::Amqp => "amqp",
            TargetKind::S3 => "s3",
            TargetKind::Smtp => "smtp",
            TargetKind::Turn => "turn",
            TargetKind::Tcp => "tcp",
            TargetKind::Path => "path",
            TargetKind::Process => "process",
            TargetKind::Sink => "sink",
        }
    }

    /// What an address of this kind starts with; empty when anything may be one.
    pub fn starts(self) -> &'static [&'static str] {
        match self {
            TargetKind::Http | TargetKind::S3 => &["http://", "https://"],
            TargetKind::Postgres => &["postgres://", "postgresql://"],
            TargetKind::Mysql => &["mysql://", "mariadb://"],
            TargetKind::Redis => &["redis://", "rediss://"],
            TargetKind::Nats => &["nats://", "tls://"],
            TargetKind::Amqp => &["amqp://", "amqps://"],
            TargetKind::Smtp => &["smtp://", "smtps://"],
            TargetKind::Turn => &["turn:", "turns:", "stun:", "stuns:"],
            TargetKind::Tcp => &["tcp://"],
            TargetKind::Process => &["pid:", "pidfile:"],
            TargetKind::Sink => &["smtp://", "http://"],
            TargetKind::Path => &[],
        }
    }

    /// Whether its addresses may hold a password, so that what fills them in is a secret.
    pub fn holds_password(self) -> bool {
        matches!(
            self,
            TargetKind::Postgres
                | TargetKind::Mysql
                | TargetKind::Redis
                | TargetKind::Nats
                | TargetKind::Amqp
                | TargetKind::Smtp
        )
    }
}

/// Whether a probe needs a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetNeed {
    /// It looks at the environment gonogo runs in.
    Never,
    /// It may be given a target of one of these kinds.
    Optional(&'static [TargetKind]),
    /// It needs a target of one of these kinds.
    Required(&'static [TargetKind]),
}

/// A parameter that names more targets: one, or a list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetParameter {
    /// The parameter's name.
    pub name: &'static str,
    /// The kinds they may be of.
    pub kinds: &'static [TargetKind],
}

/// The names of kinds, for a sentence: `http`, or `http or redis`.
pub fn kind_names(kinds: &[TargetKind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// The type of a fact's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FactType {
    /// true or false
    Bool,
    /// whole number
    Int,
    /// number with a fraction
    Number,
    /// text
    Text,
    /// list of values
    List,
    /// values by name
    Map,
    /// any JSON value
    Any,
}

/// A fact that a probe can return.
#[derive(Debug, Clone, Copy)]
pub struct FactInfo {
    /// The name used in `expect`.
    pub name: &'static str,
    /// The type of its value.
    pub kind: FactType,
    /// Unit, such as `bytes` or `ms`; empty when it has none.
    pub unit: &'static str,
    /// What it says, and when it is absent. One sentence.
    pub about: &'static str,
}

/// A line of a probe's list of facts.
pub const fn fact(name: &'static str, kind: FactType, unit: &'static str, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit, about }
}

/// What there is to know about one probe.
#[derive(Debug, Clone, Copy)]
pub struct ProbeInfo {
    /// `family/name`; also its file, page, case file and report anchor.
    pub id: &'static str,
    /// What it looks at, one line without a full stop.
    pub title: &'static str,
    /// Raised when the same look can give different facts than before.
    pub version: u32,
    /// How much it disturbs.
    pub class: Class,
    /// Whether it needs a target.
    pub target: TargetNeed,
    /// Parameters that name more targets.
    pub also: &'static [TargetParameter],
    /// The facts it can return for an item.
    pub facts: &'static [FactInfo],
    /// Checks the parameters of a check without looking at anything.
    pub accepts: fn(&Node) -> Result<(), ShapeError>,
    /// JSON Schema of the parameters (without `target`).
    pub parameters: fn() -> schemars::Schema,
}

impl ProbeInfo {
    /// The part of the id before the slash.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or_default()
    }
}

/// The probes a spec may name.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    probes: Vec<ProbeInfo>,
}

impl Catalog {
    /// A catalog in the order of the ids.
    pub fn new(probes: impl IntoIterator<Item = ProbeInfo>) -> Catalog {
        let mut probes: Vec<ProbeInfo> = probes.into_iter().collect();
        probes.sort_by_key(|probe| probe.id);
        Catalog { probes }
    }

    /// The probe with this id.
    pub fn find(&self, id: &str) -> Option<&ProbeInfo> {
        self.probes.iter().find(|probe| probe.id == id)
    }

    /// All probes, by id.
    pub fn probes(&self) -> &[ProbeInfo] {
        &self.probes
    }
}
