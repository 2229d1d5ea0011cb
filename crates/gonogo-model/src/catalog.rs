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
    /// A file or directory.
    Path,
    /// A running process: `pid:1234` or `pidfile:/run/app.pid`.
    Process,
}

impl TargetKind {
    /// Every kind.
    pub const ALL: [TargetKind; 4] =
        [TargetKind::Http, TargetKind::Postgres, TargetKind::Path, TargetKind::Process];

    /// The key in the spec.
    pub fn name(self) -> &'static str {
        match self {
            TargetKind::Http => "http",
            TargetKind::Postgres => "postgres",
            TargetKind::Path => "path",
            TargetKind::Process => "process",
        }
    }
}

/// Whether a probe needs a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetNeed {
    /// It looks at the environment gonogo runs in.
    Never,
    /// It may be given a target of this kind.
    Optional(TargetKind),
    /// It needs a target of this kind.
    Required(TargetKind),
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
