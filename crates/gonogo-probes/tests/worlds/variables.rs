//! `environment:` variables by name, and `secrets:` values that may never be seen.
//! Variables are set for the probe only, never for the test process.

use std::collections::BTreeMap;

use gonogo_model::yaml::{self, Node};

use super::World;

/// `environment: { NAME: "value" }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let variables: BTreeMap<String, String> = yaml::read(node).map_err(|error| error.to_string())?;
    for (name, value) in variables {
        let value = world.fill(&value)?;
        world.environment.insert(name, value);
    }
    Ok(())
}

/// `secrets: [value, …]`
pub(crate) fn start_secrets(world: &mut World, node: &Node) -> Result<(), String> {
    let values: Vec<String> = yaml::read(node).map_err(|error| error.to_string())?;
    for value in values {
        let value = world.fill(&value)?;
        world.secrets.push(value);
    }
    Ok(())
}
