//! Facts: typed, measured values, one set per item looked at.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A measured value: JSON without surprises (numbers are finite).
pub type Value = serde_json::Value;

/// The facts about one item: one secret, one route, one setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What was looked at, unique within one look and stable between runs: `JWT_SECRET`, `/health`.
    pub key: String,
    /// Fact name to value. A fact that could not be measured is absent, never guessed.
    pub facts: BTreeMap<String, Value>,
    /// Where it was read, when it has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// How many samples stand behind the facts, when they were sampled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampled: Option<Sampled>,
}

impl Item {
    /// An item without facts yet.
    pub fn new(key: impl Into<String>) -> Item {
        Item { key: key.into(), facts: BTreeMap::new(), location: None, sampled: None }
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Item {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a fact when it could be measured.
    #[must_use]
    pub fn fact_if_known(self, name: &str, value: Option<impl Into<Value>>) -> Item {
        match value {
            Some(value) => self.fact(name, value),
            None => self,
        }
    }

    /// Says where the item was read.
    #[must_use]
    pub fn read_at(mut self, location: Location) -> Item {
        self.location = Some(location);
        self
    }
}

/// Where something was read: a file with an optional line and column, or an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// A path as given, or an address without credentials.
    pub source: String,
    /// Line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Location {
    /// A source without line and column.
    pub fn of(source: impl Into<String>) -> Location {
        Location { source: source.into(), line: None, column: None }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

/// Samples behind the facts of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sampled {
    /// Samples taken.
    pub samples: u64,
    /// Of those, how many failed. Never more than `samples`.
    pub failures: u64,
}
