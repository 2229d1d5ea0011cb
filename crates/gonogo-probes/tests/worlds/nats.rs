//! `nats:` a real private NATS as `${NATS}`, with `${NATS_PASSWORD}` and `${NATS_PORT}`.

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::{Nats, NatsOptions};

use super::{World, papers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Over TLS only.
    tls: Option<papers::Wanted>,
    /// Without a password.
    #[serde(default)]
    open: bool,
    /// With JetStream.
    #[serde(default)]
    jetstream: bool,
}

/// `nats: { open: true }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Nats::find().is_none() {
        world.missing = Some("no nats-server on this machine (apt-get install nats-server)".to_owned());
        return Ok(());
    }
    let tls = wanted.tls.map(|tls| papers::issue(world, "nats", &tls)).transpose()?;
    let nats = Nats::start(&NatsOptions { tls, open: wanted.open, jetstream: wanted.jetstream })
        .map_err(|error| error.to_string())?;
    let user = if wanted.open { String::new() } else { format!("app:{}@", nats.password()) };
    world.places.insert("NATS".to_owned(), format!("nats://{user}127.0.0.1:{}", nats.port()));
    world.places.insert("NATS_PORT".to_owned(), nats.port().to_string());
    world.places.insert("NATS_PASSWORD".to_owned(), nats.password().to_owned());
    world.secrets.push(nats.password().to_owned());
    world.keep(nats);
    Ok(())
}
