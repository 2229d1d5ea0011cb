//! Security schemes: those declared and those asked for.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::fact::Value;
use serde_json::json;

use super::super::library::{Library, Spot};
use super::super::operations::Operation;

#[derive(Debug)]
pub(super) struct Security {
    pub(super) unused: Vec<String>,
    pub(super) undeclared: Vec<Value>,
    pub(super) declares: bool,
}

pub(super) fn of(library: &Library, root: Spot<'_>, operations: &[Operation<'_>]) -> Security {
    let schemes = root.get("components").and_then(|components| library.get(components, "securitySchemes"));
    let declared: BTreeSet<&str> =
        schemes.into_iter().flat_map(Spot::own_entries).map(|(key, _)| key.name.as_str()).collect();
    let mut used: BTreeMap<&str, u32> = BTreeMap::new();
    let own = operations.iter().filter_map(|operation| operation.spot.get("security"));
    for way in root.get("security").into_iter().chain(own).flat_map(Spot::items) {
        for (key, _) in way.entries() {
            used.entry(&key.name).or_insert(key.place.line);
        }
    }
    Security {
        unused: declared
            .iter()
            .filter(|name| !used.contains_key(*name))
            .map(|&name| name.to_owned())
            .collect(),
        undeclared: used
            .iter()
            // From 3.2 a scheme may be named by its address.
            .filter(|(name, _)| !declared.contains(*name) && !name.contains(['/', '#']))
            .map(|(name, line)| json!({"scheme": name, "line": line}))
            .collect(),
        declares: !declared.is_empty(),
    }
}
