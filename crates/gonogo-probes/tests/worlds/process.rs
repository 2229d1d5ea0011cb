//! `process:` a real process with its own environment, as `${PID}`. It waits at its standard
//! input, so it ends when the case ends, however that happens.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;

use super::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Its environment; nothing else is in it.
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// How many files it may have open.
    open_files: Option<u32>,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `process: { environment: { NAME: value } }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let mut command = match wanted.open_files {
        // The shell becomes the process.
        Some(most) => {
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("ulimit -n {most}; exec cat")]);
            shell
        }
        None => Command::new("cat"),
    };
    command.env_clear().current_dir(world.folder.path()).stdin(Stdio::piped()).stdout(Stdio::null());
    for (name, value) in &wanted.environment {
        command.env(name, world.fill(value)?);
    }
    let child = command.spawn().map_err(|error| format!("cat: {error}"))?;
    world.places.insert("PID".to_owned(), child.id().to_string());
    world.keep(Running(child));
    Ok(())
}
