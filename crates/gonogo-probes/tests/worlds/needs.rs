//! `needs:` programs that a case cannot do without; where one is not installed, it is skipped.

use gonogo_model::yaml::{self, Node};
use testbed_servers::process::folder_on_path;

use super::World;

/// `needs: [promtool]`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let programs: Vec<String> = yaml::read(node).map_err(|error| error.to_string())?;
    let missing = programs.iter().find(|program| folder_on_path(&[program.as_str()]).is_none());
    if let Some(program) = missing {
        world.missing = Some(format!("there is no {program} on this machine"));
    }
    Ok(())
}
