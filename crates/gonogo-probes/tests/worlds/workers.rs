//! `workers: { count: 2 }`: workers that wait at the NATS of the world, and what they know as
//! `${WORKERS_SECRET}`.

use gonogo_load::spread::{Joining, Key, Meeting, join};
use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use tokio::task::JoinHandle;

use super::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    count: u32,
}

/// Workers of this process; each ends with its case.
struct Waiting(Vec<JoinHandle<()>>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// `workers: { count: 2 }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let Some(address) = world.places.get("NATS").cloned() else {
        return if world.missing.is_some() { Ok(()) } else { Err("it needs the world `nats`".to_owned()) };
    };
    let secret = "canary-of-the-workers-0f4e61d2b9";
    let worker = |number| -> Result<JoinHandle<()>, String> {
        let key = Key::new(secret).map_err(|error| error.to_string())?;
        let meeting = Meeting::new(&address, String::new(), key).map_err(|error| error.to_string())?;
        let joining = Joining { meeting, name: format!("w{number}"), allow: Vec::new(), once: false };
        Ok(tokio::spawn(async move {
            let _ = join(&joining, |_| {}).await;
        }))
    };
    let waiting = (1..=wanted.count).map(worker).collect::<Result<_, _>>()?;
    world.places.insert("WORKERS_SECRET".to_owned(), secret.to_owned());
    world.secrets.push(secret.to_owned());
    world.keep(Waiting(waiting));
    Ok(())
}
